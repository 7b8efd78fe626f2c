// The walk of docs/tutorial.md, with mouse and keyboard: from the welcome page to the layer that is to blame.
//
//   SQIL_PICTURES=docs/tutorial build/release/tests/test_tutorial     makes its pictures as well (scripts/pictures.sh)
#include <QDockWidget>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <QTreeView>
#include <algorithm>
#include <cmath>

#include "tests/views/WindowFixture.h"
#include "views/actions/ActionsView.h"
#include "views/frames/FramesView.h"
#include "views/layers/LayersView.h"
#include "views/rollouts/RolloutsView.h"
#include "views/trajectory/TrajectoryView.h"
#include "widgets/GapPlot.h"
#include "widgets/HistogramPlot.h"
#include "widgets/ImageView.h"
#include "widgets/MessageBar.h"
#include "widgets/SpaceView.h"

using namespace sqil;

class TutorialTest : public test::WindowFixture {
    Q_OBJECT

    int actions_ = 0;

    static QString pictures() { return qEnvironmentVariable("SQIL_PICTURES"); }

    /// What the window shows now, for the page; only where it was asked for.
    void picture(const char* name, QWidget* shown = nullptr) {
        if (pictures().isEmpty())
            return;
        QTest::qWait(400);  // hover effects and delayed layouts
        QDir().mkpath(pictures());
        const QString file = pictures() + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png");
        QVERIFY2((shown ? shown : window_.get())
                     ->grab()
                     .toImage()
                     .convertToFormat(QImage::Format_RGB888)
                     .save(file, "PNG", 0),
                 qPrintable(file));
    }

    void click(QWidget* widget, QPoint place) {
        ++actions_;
        QTest::mouseClick(widget, Qt::LeftButton, {}, place);
    }
    void clickRow(QAbstractItemView* view, const QModelIndex& index) {
        QVERIFY(index.isValid());
        view->scrollTo(index);
        click(view->viewport(), view->visualRect(index).center());
    }
    void clickTab(const QString& title) {
        for (QTabBar* tabs : window_->findChildren<QTabBar*>())
            for (int index = 0; index < tabs->count(); ++index)
                if (tabs->isVisible() && tabs->tabText(index) == title) {
                    click(tabs, tabs->tabRect(index).center());
                    return;
                }
        QFAIL(qPrintable(QStringLiteral("no tab ") + title));
    }
    void key(QWidget* widget, Qt::Key key) {
        ++actions_;
        QTest::keyClick(widget, key);
    }
    static double mean(const std::vector<float>& values) {
        double sum = 0;
        for (const float value : values)
            sum += double(value);
        return values.empty() ? 0 : sum / double(values.size());
    }
    bool isAnalysed(int episode) { return session().results().isComplete(episode) && !session().jobs().isBusy(); }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-tutorial-test")))
            QSKIP("the sample policy is not there");
    }
    void cleanupTestCase() { closeWindow(); }

    void fromTheWelcomePageToTheLayer() {
        openWindow();
        window_->setSettingsKept(false);
        window_->setTheme(Theme::Mode::Dark);
        window_->resize(1280, 800);
        picture("1-welcome");

        // 1. Open the sample: a failed episode is on screen.
        auto* sample = window_->findChild<QPushButton*>(QStringLiteral("openSample"));
        QVERIFY(sample && sample->isVisible());
        click(sample, sample->rect().center());
        QTRY_VERIFY_WITH_TIMEOUT(session().hasQuantized() && session().hasRollouts(), test::kWait);
        const int failed = selection().episode();
        QCOMPARE(session().episodeName(failed), QStringLiteral("demo_4"));
        QCOMPARE(session().rolloutsInfo()->episodes[std::size_t(failed)].success, std::optional(false));
        QTRY_VERIFY_WITH_TIMEOUT(isAnalysed(failed), test::kWait);

        // 2. Only the failures: half of the episodes.
        auto* filter = window_->rolloutsView().findChild<QLineEdit*>();
        auto* table = window_->rolloutsView().findChild<QTableView*>();
        QVERIFY(filter && table);
        ++actions_;
        QTest::mouseClick(filter, Qt::LeftButton);
        QTest::keyClicks(filter, QStringLiteral("success = 0"));
        QTRY_COMPARE(table->model()->rowCount(), 4);

        // 3. One of them.
        clickRow(table, table->model()->index(0, 0));
        QCOMPARE(session().episodeName(selection().episode()), QStringLiteral("demo_4"));

        // 4. Its largest gap: shortly after the gripper closes where it should not have.
        key(table, Qt::Key_G);
        const qint64 step = selection().step();
        QCOMPARE(step, session().results().stepOfLargestGap(failed));
        const double gap = session().results().largestGap(failed);
        QVERIFY2(gap > 0.49 && gap < 0.52, qPrintable(QString::number(gap)));
        QCOMPARE(step, 30);
        QVERIFY(!session().results().isCritical(failed, step) && session().results().isCritical(failed, 28));
        // The full-precision policy pulls back by 6.6 mm along x, the 4-bit one by 1.6 mm; the rest agrees.
        const EpisodeResults& results = session().results().episode(failed);
        const auto action = [&](const std::vector<float>& of, std::size_t dimension) {
            return double(of[std::size_t(step) * results.width + dimension]) *
                   session().card().dimensions[dimension].scale;
        };
        QVERIFY(std::abs(action(results.action, 0) + 0.0066) < 1e-4);
        QVERIFY(std::abs(action(results.quantizedAction, 0) + 0.0016) < 1e-4);
        for (const std::size_t dimension : {1, 2})
            QVERIFY(std::abs(action(results.action, dimension) - action(results.quantizedAction, dimension)) < 1e-4);
        QTRY_COMPARE(session().frames().step, step);
        if (!pictures().isEmpty())  // without the progress of the other episodes
            QTRY_VERIFY_WITH_TIMEOUT(session().results().analysedSteps() == session().results().totalSteps(),
                                     test::kWait);
        QTRY_VERIFY_WITH_TIMEOUT(session().probe().hasAllMaps(failed, step), test::kWait);
        picture("2-failure");

        // 5. Where the quantized policy looks differently.
        key(window_.get(), Qt::Key_3);
        QCOMPARE(selection().mapMode(), MapMode::Difference);
        QCOMPARE(window_->frames().pictures().size(), std::size_t(1));

        // 6. Its layers.
        clickTab(QStringLiteral("Layers"));
        auto* layers = window_->findChild<LayersView*>();
        QVERIFY(layers && layers->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(layers->isOpen(), test::kWait);
        QTRY_VERIFY_WITH_TIMEOUT(layers->model().report().has_value() && !layers->recipeGaps().empty(), test::kWait);

        // 7. The longest bar is the last layer's: quantized alone, it makes nearly all of the gap.
        const BlameReport& report = *layers->model().report();
        std::size_t worst = 0;
        for (std::size_t layer = 0; layer < report.layers.size(); ++layer)
            if (report.layers[layer].alone > report.layers[worst].alone)
                worst = layer;
        QCOMPARE(QString::fromStdString(layers->model().layers()[worst].name), QStringLiteral("action"));
        QModelIndex row;
        for (std::size_t node = 0; !row.isValid(); ++node)
            if (layers->model().layerOfNode(node) == worst)
                row = layers->model().indexOfNode(node);
        QCOMPARE(row.siblingAtColumn(LayersModel::Alone).data().toString(), QStringLiteral("0.199"));
        clickRow(layers->tree(), row);
        QCOMPARE(layers->model().layerOf(layers->tree()->currentIndex()), std::optional(worst));
        QTRY_VERIFY_WITH_TIMEOUT(!layers->weightHistogram()->isEmpty(), test::kWait);
        picture("3-layer");

        // 8. With 8 bits for this layer alone little more than a third of the episode's gap is left.
        const double before = mean(layers->recipeGaps());
        key(layers->tree(), Qt::Key_8);
        QTRY_VERIFY_WITH_TIMEOUT(!layers->editedGaps().empty(), test::kWait);
        const double after = mean(layers->editedGaps());
        const double largest = double(std::ranges::max(layers->editedGaps()));
        QVERIFY2(std::abs(before - 0.265) < 2e-3, qPrintable(QString::number(before)));
        QVERIFY2(std::abs(after - 0.094) < 2e-3, qPrintable(QString::number(after)));
        QVERIFY2(std::abs(largest - 0.210) < 2e-3, qPrintable(QString::number(largest)));
        if (!pictures().isEmpty())
            std::printf("mean gap of demo_4: %.3f, with 8 bits for the last layer: %.3f\n", before, after);
        picture("4-eight-bits");

        QVERIFY2(actions_ <= 10, qPrintable(QString::number(actions_)));
        QVERIFY(window_->messages().messages().isEmpty());
    }

    /// What the README shows besides.
    void otherPictures() {
        if (pictures().isEmpty())
            QSKIP("pictures are made by scripts/pictures.sh");
        session().undoStack().undo();
        press(Qt::Key_4);
        auto* view = window_->findChild<TrajectoryView*>();
        auto* dock = qobject_cast<QDockWidget*>(view->parentWidget());
        dock->setFloating(true);
        dock->resize(900, 560);
        QVERIFY(window_->showPanel(QStringLiteral("trajectory")));
        QTRY_VERIFY(view->space()->isDrawn() || !view->space()->problem().isEmpty());
        if (view->space()->isDrawn())
            picture("5-trajectory", dock);
    }
};

QTEST_MAIN(TutorialTest)
#include "TutorialTest.moc"
