// The layers' dock in the real window: tree, diagram, bits and what they do to the gap.
#include <QComboBox>
#include <QDockWidget>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QTreeView>

#include "app/studio/MainWindow.h"
#include "plugins/Plugins.h"
#include "tests/views/SmallProject.h"
#include "views/layers/LayersView.h"
#include "widgets/GapPlot.h"
#include "widgets/HistogramPlot.h"

using namespace sqil;

namespace {
constexpr int kWait = 120'000;
}

class LayersTest : public QObject {
    Q_OBJECT

    QTemporaryDir settings_;
    std::unique_ptr<test::SmallProject> project_;
    std::unique_ptr<MainWindow> window_;
    LayersView* view_ = nullptr;

    StudioSession& session() { return window_->session(); }
    LayersModel& model() { return view_->model(); }
    std::size_t layerNamed(const std::string& name) {
        for (std::size_t layer = 0; layer < model().layers().size(); ++layer)
            if (model().layers()[layer].name == name)
                return layer;
        qFatal("no layer %s", name.c_str());
    }
    QModelIndex rowOf(std::size_t layer) {
        for (std::size_t node = 0;; ++node)
            if (model().layerOfNode(node) == layer)
                return model().indexOfNode(node);
    }
    void select(std::size_t layer) { view_->tree()->setCurrentIndex(rowOf(layer)); }

    void openLayers() {
        window_ = std::make_unique<MainWindow>();
        window_->setSettingsKept(false);
        window_->resize(1400, 900);
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        session().openFiles(QStringList{project_->path("layers.sqil")} + project_->files());
        QTRY_VERIFY_WITH_TIMEOUT(session().hasQuantized() && session().hasRollouts(), kWait);
        session().selection().setEpisode(1, 3);
        view_ = window_->findChild<LayersView*>();
        QVERIFY(view_);
        auto* dock = qobject_cast<QDockWidget*>(view_->parentWidget());
        QVERIFY(dock);
        dock->show();
        dock->raise();
        QTRY_VERIFY_WITH_TIMEOUT(view_->isOpen(), kWait);
        QTRY_VERIFY_WITH_TIMEOUT(model().report().has_value() && !view_->recipeGaps().empty(), kWait);
    }

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
        QCoreApplication::setOrganizationName(QStringLiteral("sqil-test"));
        QCoreApplication::setApplicationName(QStringLiteral("sqil-layers-test"));
        registerPlugins();
        if (!test::SmallProject::hasSample())
            QSKIP("the sample policy is not there");
        project_ = test::smallProject();
    }
    void cleanup() {
        if (window_)
            window_->close();
        window_.reset();
    }

    void layersAreBlamedAndKept() {
        openLayers();
        const BlameReport report = *model().report();
        QCOMPARE(report.layers.size(), model().layers().size());
        const auto action = layerNamed("action");
        for (std::size_t layer = 0; layer < report.layers.size(); ++layer)
            QVERIFY(report.layers[layer].alone <= report.layers[action].alone);
        QVERIFY(!rowOf(action).siblingAtColumn(LayersModel::Alone).data().toString().isEmpty());
        QCOMPARE(rowOf(action).siblingAtColumn(LayersModel::WeightBits).data().toString(), QStringLiteral("4"));
        cleanup();
        openLayers();  // from the project, to the last bit
        QVERIFY(*model().report() == report);
    }

    void treeAndDiagramShowTheSameLayer() {
        openLayers();
        select(layerNamed("vision"));
        GraphView* diagram = view_->diagram();
        QVERIFY(diagram->selected() >= 0);
        QCOMPARE(diagram->box(diagram->selected()).name, QStringLiteral("vision"));
        int action = -1;
        for (int box = 0; box < diagram->boxCount(); ++box)
            if (diagram->box(box).name == QLatin1String("action"))
                action = box;
        QVERIFY(action >= 0);
        diagram->fit();
        const QPoint place = diagram->mapFromScene(diagram->boxRect(action).center());
        QTest::mouseClick(diagram->viewport(), Qt::LeftButton, {}, place);
        QCOMPARE(model().layerOf(view_->tree()->currentIndex()), std::optional(layerNamed("action")));
        QTRY_VERIFY_WITH_TIMEOUT(!view_->weightHistogram()->isEmpty(), kWait);
        // Nothing is shown, and no figure has it, that is another layer's.
        select(layerNamed("vision"));
        QVERIFY(view_->weightHistogram()->isEmpty());
        select(layerNamed("action"));
        QTRY_VERIFY_WITH_TIMEOUT(!view_->weightHistogram()->isEmpty(), kWait);
        QTest::keyClick(diagram, Qt::Key_Up);
        QVERIFY(diagram->selected() >= 0 && diagram->selected() != action);
    }

    /// The way of the tutorial: the layer with the most blame gets 8 bits, and the episode's gap falls.
    void editedBitsChangeTheGapAndCanBeUndone() {
        openLayers();
        const auto mean = [](const std::vector<float>& gaps) {
            double sum = 0;
            for (const float gap : gaps)
                sum += gap;
            return sum / double(gaps.size());
        };
        const double before = mean(view_->recipeGaps());
        const auto action = layerNamed("action");
        select(action);
        view_->tree()->setFocus();
        QTest::keyClick(view_->tree(), Qt::Key_8);
        QCOMPARE(model().bits()[action].weights, 8);
        QVERIFY(view_->isEdited());
        QTRY_VERIFY_WITH_TIMEOUT(view_->editedGaps().size() == view_->recipeGaps().size(), kWait);
        QVERIFY2(mean(view_->editedGaps()) < before / 1.5, qPrintable(QString::number(mean(view_->editedGaps()))));
        QTest::keyClick(view_->tree(), Qt::Key_4, Qt::AltModifier);
        QVERIFY(view_->editedGaps().empty());  // those were of other bits
        QCOMPARE(model().bits()[action].activations, 4);
        session().undoStack().undo();
        session().undoStack().undo();
        QCOMPARE(model().bits()[action].weights, 4);
        QCOMPARE(model().bits()[action].activations, 16);
        QVERIFY(!view_->isEdited() && view_->editedGaps().empty());
        session().undoStack().redo();
        QCOMPARE(model().bits()[action].weights, 8);
    }

    void theGapsAreTheAnalysis() {
        openLayers();
        QTRY_VERIFY_WITH_TIMEOUT(session().results().isComplete(1), kWait);
        const auto& gaps = session().results().episode(1).gap;
        QCOMPARE(gaps.size(), view_->recipeGaps().size());
        for (std::size_t step = 0; step < gaps.size(); ++step)
            QVERIFY(std::abs(gaps[step] - view_->recipeGaps()[step]) < 1e-4f);
    }

    void aClickOnTheGapMovesTheCursor() {
        openLayers();
        GapPlot* plot = view_->gapPlot();
        QTest::mouseClick(plot, Qt::LeftButton, {}, QPoint(int(plot->xAxis->coordToPixel(7)), plot->height() / 2));
        QCOMPARE(session().selection().step(), 7);
    }

    /// Each of the compared policies has its own layers, widths and blame; the primary one comes first.
    void everyComparedPolicyIsBlamed() {
        openLayers();
        const RecordId primary = view_->policy();
        QCOMPARE(primary, session().comparison().quantized->id);
        QVERIFY(!view_->policyBox()->isVisible());
        const BlameReport first = *model().report();
        QuantSpec eight;
        eight.weightBits = 8;
        const auto path = toPath(project_->path("policy-w8.pt2"));
        if (!std::filesystem::exists(path))
            QVERIFY(quantizePolicyFile(project_->policy, project_->rollouts, eight, path, {}));
        session().openFiles({toQString(path)});
        RecordId other = 0;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                for (const PolicyItem& item : session().contents().policies)
                    if (item.record.path == path)
                        other = item.record.id;
                return other != 0;
            }(),
            kWait);
        session().comparePolicy(primary);
        QTRY_VERIFY_WITH_TIMEOUT(session().hasQuantized() && session().comparison().quantized->id == primary, kWait);
        if (!session().isCompared(other))
            session().alsoCompare(other, true);
        QTRY_COMPARE_WITH_TIMEOUT(session().comparedCount(), std::size_t{2}, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(view_->isOpen() && view_->policyBox()->count() == 2, kWait);
        QCOMPARE(view_->policy(), primary);
        QVERIFY(view_->policyBox()->isVisible());

        const auto action = layerNamed("action");
        view_->setWidths({action}, 6, std::nullopt);  // not saved
        view_->policyBox()->setFocus();
        QTest::keyClick(view_->policyBox(), Qt::Key_Down);
        QCOMPARE(view_->policy(), other);
        QTRY_VERIFY_WITH_TIMEOUT(view_->isOpen() && model().report().has_value() && !view_->recipeGaps().empty(),
                                 kWait);
        QCOMPARE(model().bits()[layerNamed("action")].weights, 8);
        QVERIFY(model().report()->gap < first.gap);
        const auto table = view_->dataTable();
        QVERIFY(table);
        QVERIFY(std::get<std::vector<QString>>(table->columns[0].values)[0].endsWith(QStringLiteral("W8A16")));
        // What was edited of the first is there again, and can be undone from wherever one is.
        QVERIFY(!view_->isEdited());
        view_->setPolicy(primary);
        QTRY_VERIFY_WITH_TIMEOUT(view_->isOpen(), kWait);
        QVERIFY(view_->isEdited());
        QCOMPARE(model().bits()[action].weights, 6);
        QTRY_VERIFY_WITH_TIMEOUT(!view_->editedGaps().empty(), kWait);
        view_->setPolicy(other);
        QTRY_VERIFY_WITH_TIMEOUT(view_->isOpen(), kWait);
        QCOMPARE(model().bits()[action].weights, 8);
        session().undoStack().undo();
        QTRY_VERIFY_WITH_TIMEOUT(view_->isOpen() && view_->policy() == primary, kWait);
        QVERIFY(!view_->isEdited());
        QCOMPARE(model().bits()[action].weights, 4);
        session().undoStack().redo();
        QCOMPARE(model().bits()[action].weights, 6);
        session().undoStack().undo();
        view_->setPolicy(other);
        QTRY_VERIFY_WITH_TIMEOUT(view_->isOpen(), kWait);
        // Left out of the comparison, its layers go as well.
        session().alsoCompare(other, false);
        QTRY_VERIFY_WITH_TIMEOUT(view_->isOpen() && view_->policy() == primary, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(model().report().has_value(), kWait);
        QVERIFY(*model().report() == first);
    }

    void savedAsAPolicyAndCompared() {
        openLayers();
        view_->setWidths({layerNamed("action"), layerNamed("hidden")}, 8, std::nullopt);
        const QString path = project_->path("mixed.pt2");
        view_->saveAs(path);
        QTRY_VERIFY_WITH_TIMEOUT(
            session().hasQuantized() && session().comparison().quantized->path.filename() == "mixed.pt2", kWait);
        QTRY_VERIFY_WITH_TIMEOUT(view_->isOpen() && model().bits()[layerNamed("action")].weights == 8, kWait);
        QCOMPARE(model().bits()[layerNamed("vision")].weights, 4);
        QVERIFY(!view_->isEdited());
        QVERIFY(session().undoStack().canUndo());
        session().undoStack().undo();  // of other policies: nothing happens
        QCOMPARE(model().bits()[layerNamed("action")].weights, 8);
    }
};

QTEST_MAIN(LayersTest)
#include "LayersTest.moc"
