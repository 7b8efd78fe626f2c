// All episodes, scatter and inspector in the real window, by mouse and keyboard.
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QSignalSpy>
#include <QToolButton>
#include <QTreeView>
#include <QWheelEvent>
#include <cmath>

#include "tests/views/WindowFixture.h"
#include "views/frames/FramesView.h"
#include "views/inspector/InspectorView.h"
#include "views/matrix/MatrixView.h"
#include "views/scatter/ScatterView.h"
#include "widgets/ImageView.h"

using namespace sqil;
using test::kWait;

class OverviewWindowTest : public test::WindowFixture {
    Q_OBJECT

    MatrixView& matrix() { return window_->matrixView(); }
    ScatterView& scatter() { return window_->scatterView(); }
    InspectorView& inspector() { return window_->inspectorView(); }

    void raise(QWidget& view) {
        auto* dock = qobject_cast<QDockWidget*>(view.parentWidget());
        QVERIFY(dock);
        dock->show();
        dock->raise();
        QTRY_VERIFY(view.isVisible());
    }
    void openMatrix() {
        openSmallProject();
        raise(matrix());
        QTRY_COMPARE(matrix().plot()->rows().size(), std::size_t(2));
    }
    void openScatter() {
        openSmallProject();
        raise(scatter());
        QTRY_VERIFY(scatter().relation().points && scatter().relation().points->count() == 24);
        scatter().plot()->replot(QCustomPlot::rpImmediateRefresh);
    }
    QRgb colourAt(const MatrixPlot::Place& place) {
        const QImage image = matrix().plot()->grab().toImage();
        return image.pixel((matrix().plot()->positionOf(place) * image.devicePixelRatio()).toPoint());
    }
    /// Grey, and not what shows while the picture is still to come.
    bool isGreyCell(const MatrixPlot::Place& place) {
        const QRgb colour = colourAt(place);
        return isGrey(colour) && colour != matrix().plot()->palette().color(QPalette::Base).rgb();
    }
    static bool isGrey(QRgb colour) { return qRed(colour) == qGreen(colour) && qGreen(colour) == qBlue(colour); }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-overview-test")))
            QSKIP("the sample policy is not there");
    }
    void cleanup() { closeWindow(); }

    void aClickInTheMatrixMovesTheCursor() {
        openMatrix();
        selection().setEpisode(1, 0);
        const MatrixPlot::Place place{0, 7};
        QTest::mouseClick(matrix().plot(), Qt::LeftButton, {}, matrix().plot()->positionOf(place).toPoint());
        QCOMPARE(selection().episode(), matrix().order()[0]);
        QCOMPARE(selection().step(), 7);
        QCOMPARE(matrix().plot()->cursorPlace().value(), place);
        QTest::keyClick(matrix().plot(), Qt::Key_Down);
        QCOMPARE(selection().episode(), matrix().order()[1]);
        QCOMPARE(selection().step(), 7);
        QTest::keyClick(matrix().plot(), Qt::Key_Right);  // the window's own shortcut
        QCOMPARE(selection().step(), 8);
    }

    void rowsAreSortedAndFailuresFirst() {
        openMatrix();
        QComboBox* order = matrix().orderBox();
        order->setFocus();
        order->setCurrentIndex(order->findData(int(EpisodeOrder::Success)));
        QCOMPARE(matrix().order(), (std::vector<int>{1, 0}));  // demo_4 failed
        QCOMPARE(matrix().plot()->rows()[0].sign, MatrixPlot::Sign::Failure);
        order->setCurrentIndex(order->findData(int(EpisodeOrder::LargestGap)));
        const Results& results = session().results();
        QVERIFY(results.largestGap(matrix().order()[0]) >= results.largestGap(matrix().order()[1]));
    }

    void theTipSaysWhatIsThere() {
        openMatrix();
        const MatrixPlot::Place place{1, 3};
        const QString tip = matrix().describe(place);
        QVERIFY2(tip.contains(session().episodeName(matrix().order()[1])) && tip.contains(QStringLiteral("step 3")) &&
                     tip.contains(QStringLiteral("SIS ")) && tip.contains(QStringLiteral("action gap ")),
                 qPrintable(tip));
    }

    void otherSeriesAndCriticalStates() {
        openMatrix();
        QTRY_VERIFY(std::isfinite(session().results().threshold()));
        QVERIFY(matrix().seriesBox()->findText(QStringLiteral("Action gap")) >= 0);
        matrix().seriesBox()->setCurrentIndex(matrix().seriesBox()->findText(QStringLiteral("Action gap")));
        matrix().criticalButton()->click();
        qint64 criticalStep = -1, otherStep = -1;
        const int episode = matrix().order()[0];
        selection().setEpisode(matrix().order()[1], 0);  // the crosshair out of the way
        for (qint64 step = 2; step < 12; ++step)
            (session().results().isCritical(episode, step) ? criticalStep : otherStep) = step;
        QVERIFY(otherStep >= 0);
        QTRY_VERIFY(isGreyCell({0, otherStep}));
        if (criticalStep >= 0)
            QVERIFY(!isGrey(colourAt({0, criticalStep})));
    }

    void aRubberBandReachesTheMatrix() {
        openScatter();
        ScatterPlot* plot = scatter().plot();
        // The upper half: the large gaps.
        std::vector<float> gaps = scatter().relation().points->y;
        std::sort(gaps.begin(), gaps.end());
        const double middle = std::sqrt(double(gaps[11]) * double(gaps[12]));
        const QRect area = plot->axisRect()->rect();
        const QPoint from(area.left() + 1, area.top() + 1), to(area.right() - 1, int(plot->pixelOf(1, middle).y()));
        QTest::mousePress(plot, Qt::LeftButton, {}, from);
        QTest::mouseMove(plot, (from + to) / 2);
        QTest::mouseMove(plot, to);
        QTest::mouseRelease(plot, Qt::LeftButton, {}, to);
        const StepSet brushed = selection().brushed();
        QVERIFY2(brushed.count() >= 11 && brushed.count() <= 13, qPrintable(QString::number(brushed.count())));
        for (const auto& one : brushed.stretches())
            for (qint64 step = one.first; step <= one.last; ++step)
                QVERIFY(double(session().results().episode(one.episode).gap[std::size_t(step)]) > 0.99 * middle);

        raise(matrix());
        QTRY_COMPARE(matrix().plot()->rows().size(), std::size_t(2));
        const StepSet::Stretch inside = brushed.stretches().front();
        selection().setEpisode(1 - inside.episode, 0);  // the crosshair out of the way
        const auto rowOf = [&](int episode) { return matrix().order()[0] == episode ? 0 : 1; };
        const MatrixPlot::Place seen{rowOf(inside.episode), inside.last};
        for (qint64 step = 1; step < 12; ++step)
            if (!brushed.contains(inside.episode, step))
                QTRY_VERIFY(isGreyCell({rowOf(inside.episode), step}));
        QVERIFY(!isGrey(colourAt(seen)));
        // The timeline marks those of its episode.
        const auto& picked = plot()->scene().picked;
        QVERIFY(picked);
        qint64 ofEpisode = 0;
        for (const auto& one : brushed.stretchesOf(selection().episode()))
            ofEpisode += one.last - one.first + 1;
        QCOMPARE(picked->total(), ofEpisode);
        QTest::keyClick(matrix().plot(), Qt::Key_Escape);
        QVERIFY(selection().brushed().isEmpty());
    }

    void brushingInTheMatrixReachesTheScatter() {
        openMatrix();
        MatrixPlot* plot = matrix().plot();
        const QPoint from = plot->positionOf({0, 2}).toPoint(), to = plot->positionOf({0, 5}).toPoint();
        QTest::mousePress(plot, Qt::LeftButton, Qt::ShiftModifier, from);
        QTest::mouseMove(plot, to + QPoint(0, 2));
        QTest::mouseRelease(plot, Qt::LeftButton, Qt::ShiftModifier, to + QPoint(0, 2));
        QCOMPARE(selection().brushed(), StepSet({{matrix().order()[0], 2, 5}}));
    }

    void aClickInTheScatterGoesThere() {
        openScatter();
        const StepPoints& points = *scatter().relation().points;
        // The largest gap stands alone.
        const auto top = std::size_t(std::max_element(points.y.begin(), points.y.end()) - points.y.begin());
        QTest::mouseClick(scatter().plot(), Qt::LeftButton, {},
                          scatter().plot()->pixelOf(double(points.x[top]), double(points.y[top])).toPoint());
        QCOMPARE(selection().episode(), int(points.episode[top]));
        QCOMPARE(selection().step(), qint64(points.step[top]));
    }

    void theScatterSaysHowTheyGoTogether() {
        openScatter();
        QVERIFY2(scatter().statistics().contains(QStringLiteral("Pearson")) &&
                     scatter().statistics().contains(QStringLiteral("Average precision")),
                 qPrintable(scatter().statistics()));
        const std::int64_t before = scatter().relation().detector.large;
        scatter().largeBox()->setValue(50);
        QTRY_VERIFY(scatter().relation().detector.large > before);
        QCOMPARE(scatter().relation().detector.large, 12);
        scatter().logarithmicButton()->click();
        QVERIFY(!scatter().plot()->isLogarithmic());
    }

    void picturesAreZoomedTogether() {
        openSmallProject();
        press(Qt::Key_5);
        QCOMPARE(window_->frames().pictures().size(), std::size_t(3));  // both and their difference
        const auto pictures = window_->frames().pictures();
        QTRY_VERIFY(!pictures[2]->overlay().isNull());
        const QPointF where = pictures[0]->imageRect().center() + QPointF(20, 10);
        QWheelEvent zoom(where, pictures[0]->mapToGlobal(where), {}, QPoint(0, 360), Qt::NoButton, Qt::NoModifier,
                         Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(pictures[0], &zoom);
        QVERIFY(pictures[0]->zoom() > 1.5);
        for (const ImageView* picture : pictures) {
            QCOMPARE(picture->zoom(), pictures[0]->zoom());
            QVERIFY((picture->pan() - pictures[0]->pan()).manhattanLength() < 1e-9);
        }
        const double zoomed = pictures[0]->zoom();
        press(Qt::Key_4);  // other pictures, the same part
        QCOMPARE(window_->frames().pictures()[1]->zoom(), zoomed);
    }

    void thePerturbationIsShownAsItWasApplied() {
        openSmallProject();
        selection().setStep(4);
        QTRY_VERIFY(session().frames().step == 4 && session().results().maps(1, 4) != nullptr);
        ImageView* picture = window_->frames().pictures().front();
        QTRY_VERIFY(!picture->overlay().isNull());
        window_->frames().peekButton()->click();
        QTest::mouseMove(picture, picture->imageRect().center().toPoint());
        QTRY_VERIFY2(!picture->peek().isNull(), qPrintable(picture->readout()));
        // Away from the place the policy saw the frame itself, at the place it did not.
        const QImage& frame = picture->image();
        QCOMPARE(picture->peek().size(), frame.size());
        QCOMPARE(picture->peek().pixel(1, 1), frame.pixel(1, 1));
        int differing = 0;
        for (int y = 40; y < 56; ++y)
            for (int x = 40; x < 56; ++x)
                differing += picture->peek().pixel(x, y) != frame.pixel(x, y);
        QVERIFY(differing > 0);
        QVERIFY2(picture->readout().contains(QStringLiteral("at place")), qPrintable(picture->readout()));
        window_->frames().peekButton()->click();
        QVERIFY(picture->peek().isNull());
        QTest::keyPress(window_.get(), Qt::Key_Alt);
        QVERIFY(window_->frames().isPeeking() && !picture->peek().isNull());
        QTest::keyRelease(window_.get(), Qt::Key_Alt);
        QVERIFY(picture->peek().isNull());
    }

    void theInspectorIsSearchedAndCopied() {
        openSmallProject();
        raise(inspector());
        selection().setStep(5);
        const auto fact = [&](const QString& section, const QString& name) -> const StepFact* {
            for (const FactSection& one : inspector().facts())
                for (const StepFact& entry : one.facts)
                    if (one.title == section && entry.name == name)
                        return &entry;
            return nullptr;
        };
        QTRY_VERIFY(fact(QStringLiteral("Step"), QStringLiteral("Step")) &&
                    fact(QStringLiteral("Step"), QStringLiteral("Step"))->value.toInteger() == 5);
        QTRY_VERIFY(fact(QStringLiteral("Recorded"), QStringLiteral("robot0_eef_pos")));
        const EpisodeResults& results = session().results().episode(1);
        QCOMPARE(fact(QStringLiteral("Importance"), QStringLiteral("SIS"))->value.toDouble(), double(results.sis[5]));
        QVERIFY(
            fact(QStringLiteral("Files"), QStringLiteral("Rollouts"))->text.endsWith(QStringLiteral("rollouts.hdf5")));
        const int place = fact(QStringLiteral("Importance"), QStringLiteral("Rank of the SIS"))
                              ->value.toObject()[QStringLiteral("place")]
                              .toInt();
        int larger = 0;
        for (int episode = 0; episode < 2; ++episode)
            for (const float sis : session().results().episode(episode).sis)
                larger += sis > results.sis[5];
        QCOMPARE(place, larger + 1);

        QTest::keyClicks(inspector().search(), QStringLiteral("threshold"));
        const QAbstractItemModel* shown = inspector().tree()->model();
        QCOMPARE(shown->rowCount(), 1);
        QCOMPARE(shown->rowCount(shown->index(0, 0)), 1);
        const QModelIndex found = shown->index(0, 0, shown->index(0, 0));
        inspector().tree()->setCurrentIndex(found);
        inspector().tree()->setFocus();
        QTest::keyClick(inspector().tree(), Qt::Key_C, Qt::ControlModifier);
        QVERIFY2(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("Threshold T\t")),
                 qPrintable(QGuiApplication::clipboard()->text()));

        inspector().copyJson();
        const QJsonObject json = QJsonDocument::fromJson(QGuiApplication::clipboard()->text().toUtf8()).object();
        QCOMPARE(json[QStringLiteral("Importance")][QStringLiteral("SIS")].toDouble(), double(results.sis[5]));
        QCOMPARE(json[QStringLiteral("Recorded")][QStringLiteral("robot0_eef_pos")].toArray().size(), 3);
        inspector().copyText();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("SIS: ")));
    }
};

QTEST_MAIN(OverviewWindowTest)
#include "OverviewWindowTest.moc"
