// The timeline: pyramid, axis, scene and plot under mouse, wheel and touchpad; and in the real window.
#include <QAction>
#include <QApplication>
#include <QBuffer>
#include <QDoubleSpinBox>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QSignalSpy>
#include <QSvgGenerator>
#include <QTest>
#include <QWheelEvent>
#include <cmath>
#include <random>

#include "tests/views/WindowFixture.h"
#include "views/session/SortedValues.h"
#include "widgets/MessageBar.h"
#include "widgets/timeline/ScenePainter.h"
#include "widgets/timeline/Ticks.h"
#include "widgets/timeline/TimelinePlot.h"

using namespace sqil;

namespace {

std::shared_ptr<const SeriesPyramid> series(qint64 steps, double (*value)(qint64)) {
    std::vector<float> values;
    for (qint64 step = 0; step < steps; ++step)
        values.push_back(float(value(step)));
    return std::make_shared<SeriesPyramid>(std::move(values));
}

TimelineLane lane(const QString& key, std::shared_ptr<const SeriesPyramid> values) {
    TimelineLane made;
    made.key = key;
    made.name = key;
    made.series = {{key, 0, std::move(values)}};
    return made;
}

std::unique_ptr<TimelinePlot> timeline(qint64 steps) {
    auto plot = std::make_unique<TimelinePlot>();
    plot->resize(900, 260);
    plot->setSteps(steps, 20);
    const auto saw = series(steps, [](qint64 step) { return double(step % 10) / 10; });
    TimelineLane sis = lane(QStringLiteral("sis"), saw);
    sis.threshold = 0.5;
    sis.hasHandle = true;
    plot->setLanes({sis, lane(QStringLiteral("gap"), saw)});
    plot->setCritical(std::make_shared<StepCounts>(saw->values(), 0.5));
    plot->show();
    return plot;
}

void scroll(QWidget& widget, const QPointF& at, QPoint pixels, QPoint angle, Qt::KeyboardModifiers keys = {}) {
    QWheelEvent event(at, widget.mapToGlobal(at), pixels, angle, Qt::NoButton, keys, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&widget, &event);
}

QPoint middle(const TimelinePlot& plot, double x) {
    return QPoint(qRound(x), plot.laneRect(1).center().y());
}

}  // namespace

class TimelineTest : public test::WindowFixture {
    Q_OBJECT

    bool hasSample_ = false;

    void openReady() {
        if (!hasSample_)
            QSKIP("the sample policy is not there");
        openSmallProject();
        QTRY_VERIFY(!session().jobs().isBusy());
        selection().setEpisode(1, 0);
        QTRY_VERIFY(std::isfinite(session().results().threshold()));
        // What was computed last is announced, and on the timeline, a moment later.
        QTRY_VERIFY([&] {
            for (qint64 step = 0; step < 12; ++step)
                if (plot()->scene().lanes.empty() || plot()->scene().lanes[0].series[0].at(step) !=
                                                         session().results().episode(1).sis[std::size_t(step)])
                    return false;
            return true;
        }());
    }

private slots:
    void initTestCase() { hasSample_ = prepare(QStringLiteral("sqil-timeline-test")); }
    void cleanup() { closeWindow(); }

    void pyramidKnownAnswers() {
        std::vector<float> values(100);
        for (std::size_t index = 0; index < values.size(); ++index)
            values[index] = float(index);
        values[50] = std::nanf("");
        values[51] = INFINITY;
        const SeriesPyramid pyramid(values);
        QCOMPARE(pyramid.extent(3, 40).low, 3.f);
        QCOMPARE(pyramid.extent(3, 40).high, 39.f);
        QVERIFY(!pyramid.extent(3, 40).hasMissing);
        QCOMPARE(pyramid.extent(49, 53).low, 49.f);
        QCOMPARE(pyramid.extent(49, 53).high, 52.f);
        QVERIFY(pyramid.extent(49, 53).hasMissing);
        QVERIFY(pyramid.extent(50, 52).isEmpty());
        QVERIFY(pyramid.extent(7, 7).isEmpty());
        QCOMPARE(pyramid.extent(90, 1'000'000).high, 99.f);
        QVERIFY(SeriesPyramid::missing(1000).extent().isEmpty());
        QVERIFY(SeriesPyramid().extent().isEmpty());
    }

    void pyramidIsTheExtentOfEveryStretch() {
        std::mt19937 random(5);
        for (const std::size_t size : {1u, 7u, 8u, 9u, 64u, 65u, 513u, 4097u}) {
            std::vector<float> values(size);
            for (float& value : values)
                value = random() % 9 == 0 ? std::nanf("") : float(random() % 1000) - 500;
            SeriesPyramid pyramid(values);
            for (int round = 0; round < 300; ++round) {
                if (round % 3 == 0) {  // new values in the middle of the old ones
                    const std::size_t first = random() % size;
                    std::vector<float> part(1 + random() % 40);
                    for (float& value : part)
                        value = random() % 5 == 0 ? std::nanf("") : float(random() % 2000) - 1000;
                    pyramid.replace(first, part);
                    for (std::size_t at = 0; at < part.size() && first + at < size; ++at)
                        values[first + at] = part[at];
                }
                const std::size_t first = random() % size, last = first + random() % (size - first + 1);
                Extent expected;
                for (std::size_t at = first; at < last; ++at)
                    expected.include(values[at]);
                QCOMPARE(pyramid.extent(first, last), expected);
            }
        }
    }

    void countsAboveAThreshold() {
        const std::vector<float> values{0.1f, 0.9f, std::nanf(""), 0.5f, 0.7f};
        const StepCounts counts(values, 0.5);
        QCOMPARE(counts.total(), 2);
        QCOMPARE(counts.count(0, 2), 1);
        QCOMPARE(counts.count(-5, 100), 2);
        QCOMPARE(counts.count(4, 2), 0);
        QVERIFY(counts.contains(1) && !counts.contains(2) && !counts.contains(3));
        QCOMPARE(StepCounts(values, std::nan("")).total(), 0);
    }

    void sortedValuesAreTheThresholdOfAll() {
        std::mt19937 random(11);
        std::vector<float> all;
        SortedValues sorted;
        for (int block = 0; block < 20; ++block) {
            std::vector<float> part(random() % 50);
            for (float& value : part)
                value = random() % 8 == 0 ? std::nanf("") : float(random() % 10'000) / 10'000;
            all.insert(all.end(), part.begin(), part.end());
            sorted.add(part);
        }
        for (const double percent : {0.1, 5.0, 20.0, 50.0, 99.9}) {
            const double threshold = criticalThreshold(all, percent);
            QCOMPARE(sorted.threshold(percent), threshold);
            QCOMPARE(sorted.countAbove(threshold), std::size_t(std::count_if(all.begin(), all.end(), [&](float value) {
                         return double(value) > threshold;
                     })));
            QVERIFY(std::abs(sorted.threshold(sorted.topPercentOf(threshold)) - threshold) < 1e-6);
        }
        QCOMPARE(sorted.topPercentOf(-1), 100.0);
        QCOMPARE(sorted.topPercentOf(2), 0.0);
        QVERIFY(std::isnan(SortedValues().threshold(20)) && std::isnan(SortedValues().topPercentOf(1)));
    }

    void axisZoomsAtThePixelAndStaysWithinTheSteps() {
        StepAxis axis;
        axis.setSteps(1'000'000);
        axis.setPixels(100, 1099);
        QVERIFY(axis.showsEverything());
        const double at = axis.stepOf(400);
        for (int notch = 0; notch < 30; ++notch) {
            axis.zoom(1.3, 400);
            QVERIFY(std::abs(axis.stepOf(400) - at) < 1e-3);
        }
        for (int notch = 0; notch < 100; ++notch)
            axis.zoom(1.5, 400);
        QCOMPARE(axis.visible().size(), 1.0);  // down to one step
        QCOMPARE(axis.stepAt(400), std::llround(at));
        for (int notch = 0; notch < 200; ++notch)
            axis.zoom(0.7, 400);
        QVERIFY(axis.showsEverything());
        axis.setVisible({10, 20});
        axis.pan(-1e9);
        QCOMPARE(axis.visible().lower, -0.5);
        QCOMPARE(axis.visible().size(), 10.0);
        axis.pan(1e9);
        QCOMPARE(axis.visible().upper, 999'999.5);
        QVERIFY(axis.reveal(5) && axis.visible().contains(5) && !axis.reveal(5));
        axis.zoom(0, 400);
        axis.zoom(std::nan(""), 400);
        QCOMPARE(axis.visible().size(), 10.0);
    }

    void ticksAreRound() {
        QCOMPARE(niceTicks(0, 1, 4), (std::vector<double>{0, 0.5, 1}));
        QCOMPARE(niceTicks(-3, 42, 5).size(), std::size_t(5));  // 0, 10, …, 40
        QVERIFY(niceTicks(1, 1, 4).empty() && niceTicks(0, INFINITY, 4).empty());
        QCOMPARE(niceStep(0.03), 0.05);
    }

    void hitTesting() {
        const auto plot = timeline(101);
        for (const qint64 step : {0, 1, 50, 99, 100}) {
            QCOMPARE(plot->stepAt(plot->pixelOf(step)), step);
            QCOMPARE(plot->stepAt(plot->pixelOf(step) + 0.4 * (plot->pixelOf(1) - plot->pixelOf(0))), step);
        }
        QCOMPARE(plot->stepAt(-1000), 0);
        QCOMPARE(plot->stepAt(1e6), 100);
    }

    void cursorFollowsTheMouse() {
        const auto plot = timeline(101);
        QSignalSpy moved(plot.get(), &TimelinePlot::cursorMoved);
        QTest::mousePress(plot.get(), Qt::LeftButton, {}, middle(*plot, plot->pixelOf(20)));
        QTest::mouseMove(plot.get(), middle(*plot, plot->pixelOf(60)));
        QTest::mouseRelease(plot.get(), Qt::LeftButton, {}, middle(*plot, plot->pixelOf(60)));
        QCOMPARE(moved.first().first().toLongLong(), 20);
        QCOMPARE(moved.last().first().toLongLong(), 60);
    }

    void wheelZoomsUnderTheMouseAndTouchpadsGoByPixels() {
        const auto plot = timeline(1001);
        const QPointF mouse = middle(*plot, plot->pixelOf(300));
        for (int notch = 0; notch < 5; ++notch)
            scroll(*plot, mouse, {}, QPoint(0, 120));
        QVERIFY(plot->visibleSteps().size() < 400);
        QVERIFY(std::abs(plot->pixelOf(300) - mouse.x()) < 1);
        const double before = plot->pixelOf(300);
        scroll(*plot, mouse, QPoint(37, 2), QPoint(37, 2));  // two fingers to the right: earlier steps
        QVERIFY(std::abs(plot->pixelOf(300) - before - 37) < 0.5);
        const double size = plot->visibleSteps().size();
        scroll(*plot, mouse, QPoint(0, 20), QPoint(0, 20));
        QVERIFY(plot->visibleSteps().size() < size);
        scroll(*plot, mouse, {}, QPoint(0, 120), Qt::ShiftModifier);
        QVERIFY(plot->pixelOf(300) > before + 37);
        plot->setCursorStep(900);  // beyond the right edge: scrolled into view
        QVERIFY(plot->visibleSteps().contains(900));
        QTest::mouseDClick(plot.get(), Qt::LeftButton, {}, mouse.toPoint());
        QCOMPARE(plot->visibleSteps().size(), 1001.0);
    }

    void middleButtonPans() {
        const auto plot = timeline(200);
        plot->setVisibleSteps({50, 100});
        QTest::mousePress(plot.get(), Qt::MiddleButton, {}, middle(*plot, 400));
        QTest::mouseMove(plot.get(), middle(*plot, 300));
        QTest::mouseRelease(plot.get(), Qt::MiddleButton, {}, middle(*plot, 300));
        QVERIFY(plot->visibleSteps().lower > 50);
        QCOMPARE(plot->visibleSteps().size(), 50.0);
    }

    void minimapMovesAndResizesWhatIsVisible() {
        const auto plot = timeline(1000);
        plot->setVisibleSteps({400, 600});
        const QRect map = plot->minimapRect();
        const auto at = [&](double step) {
            return QPoint(qRound(map.left() + step / 1000 * map.width()), map.center().y());
        };
        QTest::mousePress(plot.get(), Qt::LeftButton, {}, at(500));
        QTest::mouseMove(plot.get(), at(700));
        QTest::mouseRelease(plot.get(), Qt::LeftButton, {}, at(700));
        QVERIFY(std::abs(plot->visibleSteps().centre() - 700) < 4);
        QCOMPARE(plot->visibleSteps().size(), 200.0);
        QTest::mousePress(plot.get(), Qt::LeftButton, {}, at(800));  // the right edge
        QTest::mouseMove(plot.get(), at(900));
        QTest::mouseRelease(plot.get(), Qt::LeftButton, {}, at(900));
        QVERIFY(std::abs(plot->visibleSteps().size() - 300) < 6);
        QTest::mouseClick(plot.get(), Qt::LeftButton, {}, at(200));  // elsewhere: there
        QVERIFY(std::abs(plot->visibleSteps().centre() - 200) < 4);
    }

    void thresholdIsDraggedByItsHandle() {
        const auto plot = timeline(101);
        QSignalSpy moved(plot.get(), &TimelinePlot::thresholdMoved),
            released(plot.get(), &TimelinePlot::thresholdReleased);
        const QRect box = plot->laneRect(0);
        const int from = qRound(plot->yOf(0, 0.5)), to = qRound(plot->yOf(0, 0.75));
        QTest::mousePress(plot.get(), Qt::LeftButton, {}, QPoint(box.center().x(), from));
        QTest::mouseMove(plot.get(), QPoint(box.center().x(), to));
        QTest::mouseRelease(plot.get(), Qt::LeftButton, {}, QPoint(box.center().x(), to));
        QCOMPARE(moved.last()[0].toString(), QStringLiteral("sis"));
        QVERIFY(std::abs(moved.last()[1].toDouble() - 0.75) < 0.02);
        QCOMPARE(released.count(), 1);
    }

    void figuresAreVectorsAndLookAlikeAtEveryZoom() {
        const auto plot = timeline(5000);
        TimelineScene scene = plot->scene();
        scene.theme = PlotTheme::print();
        QBuffer buffer;
        QSvgGenerator svg;
        svg.setOutputDevice(&buffer);
        svg.setSize(QSize(2000, 700));
        QPainter painter(&svg);
        paintTimeline(painter, scene, QRectF(0, 0, 2000, 700));
        paintTimelineCursor(painter, scene, QRectF(0, 0, 2000, 700));
        painter.end();
        const QByteArray text = buffer.data();
        QVERIFY(!text.contains("<image"));
        QVERIFY(text.contains("<path") || text.contains("<poly"));
        QVERIFY(text.contains("step"));
    }

    void densestDrawingShowsEveryExtreme() {  // one large value among a million is drawn, whatever the zoom
        auto plot = std::make_unique<TimelinePlot>();
        plot->resize(700, 200);
        plot->setSteps(1'000'000, 0);
        std::vector<float> values(1'000'000, 0.1f);
        values[654'321] = 1;
        plot->setLanes({lane(QStringLiteral("sis"), std::make_shared<SeriesPyramid>(std::move(values)))});
        plot->show();
        const QImage image = plot->grab().toImage();
        const int y = qRound(plot->yOf(0, 0.67));
        const int peak = qRound(plot->pixelOf(654'321));
        const QColor background = plot->scene().theme.background;
        int drawn = 0;
        for (int x = plot->laneRect(0).left() + 2; x < plot->laneRect(0).right() - 1; ++x)
            if (image.pixelColor(x, y) != background) {
                QVERIFY2(std::abs(x - peak) <= 3, qPrintable(QString::number(x)));
                ++drawn;
            }
        QVERIFY(drawn > 0);
    }

    void lanesOfTheWindow() {
        openReady();
        const QStringList lanes = window_->timeline().shownLanes();
        QVERIFY(lanes.contains(kSisLane) && lanes.contains(kGapLane) && lanes.contains(QStringLiteral("gripper/3")));
        window_->timeline().showLane(QStringLiteral("action/2"), true);
        const auto& shown = plot()->scene().lanes;
        const auto action = std::find_if(shown.begin(), shown.end(),
                                         [](const TimelineLane& one) { return one.key == QLatin1String("action/2"); });
        QVERIFY(action != shown.end());
        QCOMPARE(action->unit, QStringLiteral("m"));
        QCOMPARE(action->series.size(), std::size_t(2));
        const EpisodeResults& results = session().results().episode(1);
        // In the card's unit: normalized · 0.01.
        QCOMPARE(action->series[0].at(5), float(double(results.action[5 * results.width + 2]) * 0.01));
        QCOMPARE(action->series[1].at(5), float(double(results.quantizedAction[5 * results.width + 2]) * 0.01));
        window_->timeline().showLane(QStringLiteral("action/2"), false);
        QVERIFY(!window_->timeline().shownLanes().contains(QStringLiteral("action/2")));
        QVERIFY(plot()->scene().hasOutcomes());
    }

    void thresholdDraggedInTheWindowIsOneUndo() {
        openReady();
        const QRect box = plot()->laneRect(0);
        const double before = selection().topPercent();
        const int undos = session().undoStack().count();
        const int x = box.left() + 4;
        QTest::mousePress(plot(), Qt::LeftButton, {},
                          QPoint(x, qRound(plot()->yOf(0, session().results().threshold()))));
        for (const double share : {0.3, 0.5, 0.6})
            QTest::mouseMove(plot(), QPoint(x, box.bottom() - qRound(share * box.height())));
        qint64 critical = 0;
        for (int episode = 0; episode < 2; ++episode)
            for (qint64 step = 0; step < 12; ++step)
                critical += session().results().isCritical(episode, step);
        QCOMPARE(session().results().criticalStates(), critical);
        QVERIFY(plot()->scene().lanes[0].thresholdLabel.contains(QLocale().toString(critical)));
        QVERIFY(window_->timeline().thresholdText().startsWith(QLocale().toString(critical)));
        QTest::mouseRelease(plot(), Qt::LeftButton, {}, QPoint(x, box.bottom() - qRound(0.6 * box.height())));
        const double after = selection().topPercent();
        QVERIFY(after != before);
        QCOMPARE(session().undoStack().count(), undos + 1);
        // What is shaded is what is critical.
        for (qint64 step = 0; step < 12; ++step)
            QCOMPARE(plot()->scene().critical->contains(step), session().results().isCritical(1, step));
        session().undoStack().undo();
        QCOMPARE(selection().topPercent(), before);
        session().undoStack().redo();
        QCOMPARE(selection().topPercent(), after);
        session().undoStack().undo();
    }

    void allEpisodesOnOneAxis() {
        openReady();
        press(Qt::Key_A);
        QCOMPARE(window_->timeline().scope(), TimelineSeries::Scope::DataSet);
        QCOMPARE(plot()->steps(), 24);
        QCOMPARE(plot()->scene().segments.size(), std::size_t(2));
        QCOMPARE(plot()->cursorStep(), 12);  // episode 1, step 0
        const int y = plot()->laneRect(1).center().y();
        QTest::mouseClick(plot(), Qt::LeftButton, {}, QPoint(qRound(plot()->pixelOf(7)), y));
        QCOMPARE(selection().episode(), 0);
        QCOMPARE(selection().step(), 7);
        QTest::mouseClick(plot(), Qt::LeftButton, {}, QPoint(qRound(plot()->pixelOf(15)), y));
        QCOMPARE(selection().episode(), 1);
        QCOMPARE(selection().step(), 3);
        for (int episode = 0; episode < 2; ++episode)
            for (qint64 step = 0; step < 12; ++step)
                QCOMPARE(plot()->scene().lanes[0].series[0].at(episode * 12 + step),
                         session().results().episode(episode).sis[std::size_t(step)]);
        press(Qt::Key_A);
        QCOMPARE(plot()->steps(), 12);
    }

    void keysZoomAndPan() {
        openReady();
        selection().setStep(6);
        press(Qt::Key_Plus, Qt::ControlModifier);
        QVERIFY(plot()->visibleSteps().size() < 12);
        const double lower = plot()->visibleSteps().lower;
        press(Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(plot()->visibleSteps().lower > lower);
        press(Qt::Key_0);
        QCOMPARE(plot()->visibleSteps().size(), 12.0);
    }

    void bookmarksWithKeysAndNotes() {
        openReady();
        for (const Bookmark& old : std::vector<Bookmark>(session().bookmarks().all()))
            session().toggleBookmark(old.episode, old.step);
        selection().setStep(4);
        press(Qt::Key_B);
        QVERIFY(session().bookmarks().find(1, 4) != nullptr);
        QCOMPARE(plot()->scene().flags.size(), std::size_t(1));
        QCOMPARE(plot()->scene().flags[0].step, 4);

        selection().setStep(9);
        press(Qt::Key_B, Qt::ShiftModifier);
        QInputDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = window_->findChild<QInputDialog*>()) && dialog->isVisible());
        dialog->findChild<QLineEdit*>()->setText(QStringLiteral("lets go too early"));
        dialog->accept();
        QTRY_VERIFY(session().bookmarks().find(1, 9) != nullptr);
        QCOMPARE(session().bookmarks().find(1, 9)->note, QStringLiteral("lets go too early"));

        selection().setEpisode(0, 2);
        press(Qt::Key_F3);
        QCOMPARE(selection().episode(), 1);
        QCOMPARE(selection().step(), 4);
        press(Qt::Key_F3);
        QCOMPARE(selection().step(), 9);
        press(Qt::Key_F3);  // around the end
        QCOMPARE(selection().step(), 4);
        press(Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(selection().step(), 9);

        press(Qt::Key_B);  // and away
        QVERIFY(session().bookmarks().find(1, 9) == nullptr);
        session().undoStack().undo();
        QCOMPARE(session().bookmarks().find(1, 9)->note, QStringLiteral("lets go too early"));

        // They are in the project file.
        const RecordId rollouts = session().comparison().rolloutsRecord.id;
        const auto stored = [&] {
            const auto file = Project::open(toPath(project_->path("study.sqil")));
            return file ? (*file)->bookmarks(rollouts).value_or(std::vector<BookmarkRecord>{})
                        : std::vector<BookmarkRecord>{};
        };
        QTRY_COMPARE(stored().size(), std::size_t(2));
        window_->close();
        window_.reset();
        openReady();
        QTRY_COMPARE(session().bookmarks().all().size(), std::size_t(2));
        QCOMPARE(session().bookmarks().find(1, 9)->note, QStringLiteral("lets go too early"));
    }

    void firstDivergence() {
        openReady();
        const Results& results = session().results();
        std::vector<float> all;
        for (int episode = 0; episode < 2; ++episode)
            all.insert(all.end(), results.episode(episode).gap.begin(), results.episode(episode).gap.end());
        const double threshold = criticalThreshold(all, 5);
        QCOMPARE(results.divergenceThreshold(), threshold);
        for (int episode = 0; episode < 2; ++episode) {
            const auto& gap = results.episode(episode).gap;
            const auto first =
                std::find_if(gap.begin(), gap.end(), [&](float value) { return double(value) > threshold; });
            window_->messages().clear();
            selection().setEpisode(episode, 1);
            selection().setStep(1);
            press(Qt::Key_D);
            if (first == gap.end())
                QCOMPARE(window_->messages().messages().size(), 1);
            else
                QCOMPARE(selection().step(), qint64(first - gap.begin()));
        }
    }
};

QTEST_MAIN(TimelineTest)
#include "TimelineTest.moc"
