// All episodes and scatter without a window: rasters, densities, orders, brushed steps.
#include <QElapsedTimer>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <cmath>
#include <numeric>
#include <random>

#include "views/figures/Peaks.h"
#include "views/matrix/EpisodeOrder.h"
#include "views/scatter/StepRelation.h"
#include "views/session/LatestTask.h"
#include "views/session/Selection.h"
#include "views/session/StepSet.h"
#include "widgets/MatrixPlot.h"
#include "widgets/MatrixRaster.h"
#include "widgets/ScatterDensity.h"
#include "widgets/ScatterPlot.h"

using namespace sqil;

namespace {

const float kNaN = std::nanf("");

MatrixRows rowsOf(const std::vector<std::vector<float>>& rows, bool stretched = true) {
    MatrixRows result;
    result.stretched = stretched;
    for (const auto& row : rows) {
        result.rows.push_back(row.empty() ? nullptr : std::make_shared<const std::vector<float>>(row));
        result.longest = std::max(result.longest, row.size());
    }
    return result;
}

float valueAt(const MatrixCells& cells, int x, int y) {
    return cells.values[std::size_t(y) * std::size_t(cells.size.width()) + std::size_t(x)];
}
MatrixCells::State stateAt(const MatrixCells& cells, int x, int y) {
    return cells.states[std::size_t(y) * std::size_t(cells.size.width()) + std::size_t(x)];
}

}  // namespace

class OverviewTest : public QObject {
    Q_OBJECT
private slots:
    void stepSetsAreMergedAndSearched() {
        const StepSet set({{2, 5, 9}, {0, 3, 3}, {2, 8, 12}, {2, 13, 13}, {2, 20, 19}, {7, 0, 1}});
        QCOMPARE(set.stretches(), (std::vector<StepSet::Stretch>{{0, 3, 3}, {2, 5, 13}, {7, 0, 1}}));
        QCOMPARE(set.count(), 12);
        QCOMPARE(set.episodeCount(), 3);
        QVERIFY(set.contains(2, 5) && set.contains(2, 13) && !set.contains(2, 14) && !set.contains(2, 4));
        QVERIFY(!set.contains(1, 3) && set.contains(0, 3) && set.stretchesOf(1).empty());
        QCOMPARE(set.stretchesOf(7).size(), std::size_t(1));
        QVERIFY(StepSet().isEmpty() && !StepSet().contains(0, 0));
    }

    void brushedStepsGoWithTheDataSet() {
        Selection selection;
        selection.setEpisodes({10, 10});
        QSignalSpy changed(&selection, &Selection::brushedChanged);
        selection.setBrushed(StepSet({{1, 2, 4}}));
        selection.setBrushed(StepSet({{1, 2, 3}, {1, 4, 4}}));  // the same set
        QCOMPARE(changed.count(), 1);
        selection.setEpisodes({5});
        QCOMPARE(changed.count(), 2);
        QVERIFY(selection.brushed().isEmpty());
    }

    void episodesAreSorted() {
        const double nan = std::nan("");
        const std::vector<EpisodeFacts> facts{
            {30, true, 0.5, nan}, {10, false, 0.9, 2}, {20, std::nullopt, nan, 1}, {10, false, 0.1, 3}};
        const auto order = [&](EpisodeOrder by, bool descending) { return sortEpisodes(facts, by, descending); };
        QCOMPARE(order(EpisodeOrder::DataSet, false), (std::vector<int>{0, 1, 2, 3}));
        QCOMPARE(order(EpisodeOrder::DataSet, true), (std::vector<int>{3, 2, 1, 0}));
        QCOMPARE(order(EpisodeOrder::Length, false), (std::vector<int>{1, 3, 2, 0}));
        QCOMPARE(order(EpisodeOrder::Success, false), (std::vector<int>{1, 3, 0, 2}));
        QCOMPARE(order(EpisodeOrder::LargestGap, true), (std::vector<int>{1, 0, 3, 2}));
        QCOMPARE(order(EpisodeOrder::MeanSis, true), (std::vector<int>{3, 1, 2, 0}));
        QCOMPARE(order(EpisodeOrder::MeanSis, false), (std::vector<int>{2, 1, 3, 0}));
    }

    void rowsAreStretchedToTheWidth() {
        const MatrixRows rows = rowsOf({{1, 2, 3, 4}, {5, 6}});
        const auto cells = rasterize(rows, {0, 2, 0, 1}, QSize(8, 4), CellAggregate::Largest);
        for (int x = 0; x < 8; ++x) {
            QCOMPARE(valueAt(cells, x, 0), float(1 + x / 2));
            QCOMPARE(valueAt(cells, x, 1), float(1 + x / 2));
            QCOMPARE(valueAt(cells, x, 2), x < 4 ? 5.f : 6.f);
        }
        const auto apart =
            rasterize(rowsOf({{1, 2, 3, 4}, {5, 6}}, false), {0, 2, 0, 1}, QSize(8, 2), CellAggregate::Largest);
        QCOMPARE(valueAt(apart, 3, 1), 6.f);
        QCOMPARE(stateAt(apart, 4, 1), MatrixCells::State::Outside);
    }

    void everyStepUnderAPixelCounts() {
        std::mt19937 random(4);
        std::uniform_real_distribution<float> any(0, 1);
        std::vector<std::vector<float>> rows(37);
        float largest = 0;
        for (auto& row : rows) {
            row.resize(std::size_t(500 + 100 * any(random)));
            for (float& value : row)
                largest = std::max(largest, value = any(random));
        }
        const MatrixRows matrix = rowsOf(rows);
        const auto one = rasterize(matrix, {0, 37, 0, 1}, QSize(1, 1), CellAggregate::Largest);
        QCOMPARE(one.values[0], largest);
        double sum = 0;
        std::size_t count = 0;
        for (const auto& row : rows) {
            sum = std::accumulate(row.begin(), row.end(), sum);
            count += row.size();
        }
        const auto mean = rasterize(matrix, {0, 37, 0, 1}, QSize(1, 1), CellAggregate::Mean);
        QVERIFY(std::abs(double(mean.values[0]) - sum / double(count)) < 1e-5);
        // However the picture is cut into pixels, the largest value is in it.
        for (const QSize size : {QSize(7, 5), QSize(64, 11), QSize(601, 40), QSize(13, 37)}) {
            const auto cells = rasterize(matrix, {0, 37, 0, 1}, size, CellAggregate::Largest);
            QCOMPARE(*std::max_element(cells.values.begin(), cells.values.end()), largest);
        }
    }

    void zoomedWindowsShowTheirPart() {
        const MatrixRows rows = rowsOf({{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}});
        const auto cells = rasterize(rows, {1, 1, 0.5, 0.5}, QSize(2, 1), CellAggregate::Largest);
        QCOMPARE(cells.values, (std::vector<float>{7, 8}));
    }

    void missingAndFocusAreTold() {
        MatrixRows rows = rowsOf({{kNaN, kNaN, 1, 2}, {}});
        rows.inFocus = [](std::size_t, std::size_t step) { return step == 3; };
        const auto cells = rasterize(rows, {0, 2, 0, 1}, QSize(4, 2), CellAggregate::Largest);
        QCOMPARE(stateAt(cells, 0, 0), MatrixCells::State::Missing);
        QCOMPARE(stateAt(cells, 2, 0), MatrixCells::State::Grey);
        QCOMPARE(stateAt(cells, 3, 0), MatrixCells::State::InFocus);
        QCOMPARE(stateAt(cells, 0, 1), MatrixCells::State::Outside);
        MatrixStyle style;
        style.largest = 2;
        const QImage image = matrixImage(cells, style);
        QCOMPARE(image.pixel(3, 0), ColourMap::viridis().at(1));
        QCOMPARE(image.pixel(0, 1), style.background);
        QCOMPARE(image.pixel(0, 0), style.missing);
        const QRgb grey = image.pixel(2, 0);
        QVERIFY(qRed(grey) == qGreen(grey) && qGreen(grey) == qBlue(grey));
    }

    void scaleEndsAtAShareOfTheValues() {
        std::vector<float> values;
        for (int value = 1; value <= 100; ++value)
            values.push_back(float(value));
        QCOMPARE(scaleEnd(rowsOf({values}), 1), 100.0);
        QCOMPARE(scaleEnd(rowsOf({values}), 0.99), 99.0);
        QCOMPARE(scaleEnd(rowsOf({{kNaN}, {}}), 1), 0.0);
    }

    void aMillionStepsInFiveThousandEpisodes() {
        MatrixRows rows;
        std::vector<float> values(200);
        for (std::size_t step = 0; step < values.size(); ++step)
            values[step] = float(step % 17);
        values[123] = 99;
        for (int row = 0; row < 5000; ++row)
            rows.rows.push_back(std::make_shared<const std::vector<float>>(values));
        rows.longest = values.size();
        rows.inFocus = [](std::size_t row, std::size_t step) { return (row + step) % 5 == 0; };
        QElapsedTimer timer;
        timer.start();
        const auto cells = rasterize(rows, {0, 5000, 0, 1}, QSize(1200, 400), CellAggregate::Largest);
        const qint64 rastered = timer.restart();
        const double end = scaleEnd(rows, 0.99);
        const qint64 scaled = timer.restart();
        const QImage image = matrixImage(cells, {});
        qInfo("5,000 episodes, 1,000,000 steps, 1200×400 pixels: cells %lld ms, scale %lld ms, colours %lld ms",
              rastered, scaled, timer.elapsed());
        QCOMPARE(end, 16.0);
        QCOMPARE(valueAt(cells, 1200 * 123 / 200 + 2, 17), 99.f);
        QCOMPARE(stateAt(cells, 5, 5), MatrixCells::State::InFocus);
        QCOMPARE(image.size(), QSize(1200, 400));
    }

    void cellsAreHitWhereTheyAreDrawn() {
        MatrixPlot plot;
        plot.resize(500, 300);
        std::vector<MatrixPlot::Row> rows;
        for (int row = 0; row < 10; ++row)
            rows.push_back({QString::number(row), MatrixPlot::Sign::None, 20 + row});
        plot.setRows(rows, true);
        for (const bool zoomed : {false, true}) {
            if (zoomed)
                plot.setWindow({3, 4, 0.25, 0.5});
            for (int row = zoomed ? 3 : 0; row < (zoomed ? 7 : 10); ++row)
                for (qint64 step = zoomed ? 8 : 0; step < (zoomed ? 14 : 20); ++step) {
                    const auto place = plot.placeAt(plot.positionOf({row, step}));
                    QVERIFY(place && *place == (MatrixPlot::Place{row, step}));
                }
        }
        QVERIFY(!plot.placeAt({plot.pictureRect().center().x(), plot.pictureRect().bottom() + 5}));
    }

    void arrowKeysGoAlongTheRowsShown() {
        MatrixPlot plot;
        plot.resize(400, 200);
        plot.setRows({{QStringLiteral("a"), {}, 10}, {QStringLiteral("empty"), {}, 0}, {QStringLiteral("b"), {}, 20}},
                     true);
        plot.setCursor(MatrixPlot::Place{0, 5});
        QSignalSpy picked(&plot, &MatrixPlot::picked);
        QTest::keyClick(&plot, Qt::Key_Down);
        QCOMPARE(picked.count(), 1);
        QCOMPARE(picked.first().first().value<MatrixPlot::Place>(), (MatrixPlot::Place{2, 11}));  // the same time
    }

    void pointsAreCountedInTheirCells() {
        const std::vector<float> x{0.1f, 0.1f, 0.9f, 5, kNaN}, y{0.1f, 0.1f, 0.9f, 0.5f, 0.5f};
        const ScatterAxis unit{0, 1, false};
        const auto counts = countPoints(x, y, unit, unit, QSize(2, 2));
        QCOMPARE(counts.counts, (std::vector<std::uint32_t>{0, 1, 2, 0}));  // the first row is the upper one
        QCOMPARE(counts.largest, 2u);
        const ScatterAxis decades{0.01, 100, true};
        QVERIFY(std::abs(decades.positionOf(1) - 0.5) < 1e-12 && std::isnan(decades.positionOf(0)));
        const std::vector<float> values{0, 0.05f, 50};
        QCOMPARE(countPoints(values, values, decades, decades, QSize(2, 2)).counts,
                 (std::vector<std::uint32_t>{0, 1, 1, 0}));
        const QImage image = densityImage(counts, Qt::yellow, Qt::red);
        QCOMPARE(qAlpha(image.pixel(0, 0)), 0);
        QCOMPARE(image.pixel(0, 1), qRgb(255, 0, 0));
    }

    void relationFindsItsPoints() {
        const auto values = [](std::vector<float> v) {
            return std::make_shared<const std::vector<float>>(std::move(v));
        };
        const EpisodeValues sis{values({0.1f, 0.2f, kNaN}), values({0.8f, 0.9f, 1.f})};
        const EpisodeValues gap{values({1, 2, 3}), values({4, 5, kNaN})};
        const StepRelation relation = relate(sis, gap, {true, 50, 0}, 0.5);
        QCOMPARE(relation.points->count(), std::size_t(4));
        QCOMPARE(relation.correlation.steps, 4);
        QCOMPARE(relation.detector.gapAbove, 3.0);  // the median of 1, 2, 4, 5
        QCOMPARE(relation.detector.averagePrecision, 1.0);
        QCOMPARE(relation.detector.atThreshold.recall, 1.0);
        const StepSet found = relation.points->within(QRectF(QPointF(0.15, 0), QPointF(0.85, 10)));
        QCOMPARE(found.stretches(), (std::vector<StepSet::Stretch>{{0, 1, 1}, {1, 0, 0}}));
        QCOMPARE(relation.points->indicesOf(found), (std::vector<std::size_t>{1, 2}));
        const ScatterAxis x{0, 1, false}, y{0, 10, false};
        QCOMPARE(relation.points->nearest(0.79, 0.41, 0.05, 1, x, y).value_or(99), std::size_t(2));
        QVERIFY(!relation.points->nearest(0.5, 0.9, 0.05, 1, x, y));
    }

    void aMillionStepsAreRelated() {
        std::mt19937 random(2);
        std::lognormal_distribution<float> any(0, 1);
        EpisodeValues sis, gap;
        for (int episode = 0; episode < 5000; ++episode) {
            std::vector<float> x(200), y(200);
            for (std::size_t step = 0; step < x.size(); ++step) {
                x[step] = any(random);
                y[step] = x[step] * any(random);
            }
            sis.push_back(std::make_shared<const std::vector<float>>(std::move(x)));
            gap.push_back(std::make_shared<const std::vector<float>>(std::move(y)));
        }
        QElapsedTimer timer;
        timer.start();
        const StepRelation relation = relate(sis, gap, {}, 2);
        qInfo("1,000,000 steps in 5,000 episodes: points, correlation, detector %lld ms", timer.restart());
        const ScatterAxis axis{1e-3, 1e3, true};
        const auto counts = countPoints(relation.points->x, relation.points->y, axis, axis, QSize(300, 200));
        qInfo("density of 1,000,000 points: %lld ms", timer.elapsed());
        QVERIFY(relation.points->count() == 1'000'000 && counts.largest > 10);
        QVERIFY(relation.correlation.spearman.value > 0.5);
        QVERIFY(relation.detector.averagePrecision > 3 * relation.detector.baseRate);
    }

    void anEmptyRelationSaysNothing() {
        const StepRelation none = relate({}, {}, {}, std::nan(""));
        QCOMPARE(none.points->count(), std::size_t(0));
        QVERIFY(std::isnan(none.correlation.pearson.value) && none.detector.curve.empty());
    }

    void aRubberBandBecomesValues() {
        ScatterPlot plot;
        plot.resize(500, 400);
        plot.setLogarithmic(false);
        plot.setLimits(QRectF(QPointF(0.1, 0.1), QPointF(1, 10)));
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.replot(QCustomPlot::rpImmediateRefresh);
        QSignalSpy brushed(&plot, &ScatterPlot::brushed), clicked(&plot, &ScatterPlot::clicked);
        const QPoint from = plot.pixelOf(0.2, 8).toPoint(), to = plot.pixelOf(0.6, 3).toPoint();
        QTest::mousePress(&plot, Qt::LeftButton, {}, from);
        QTest::mouseMove(&plot, to);
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, to);
        QCOMPARE(brushed.count(), 1);
        const QRectF values = brushed.first().first().toRectF();
        QVERIFY2(std::abs(values.left() - 0.2) < 0.01 && std::abs(values.right() - 0.6) < 0.01 &&
                     std::abs(values.top() - 3) < 0.1 && std::abs(values.bottom() - 8) < 0.1,
                 qPrintable(QStringLiteral("%1 %2 %3 %4")
                                .arg(values.left())
                                .arg(values.right())
                                .arg(values.top())
                                .arg(values.bottom())));
        QTest::mouseClick(&plot, Qt::LeftButton, {}, from);
        QCOMPARE(clicked.count(), 1);
    }

    void peaksStandApart() {
        const std::vector<float> values{0, 5, 4, 6, 0, kNaN, 3, 3, 1, 9};
        QCOMPARE(peaksOf(values, 10, 1), (std::vector<qint64>{1, 3, 6, 7, 9}));
        QCOMPARE(peaksOf(values, 10, 3), (std::vector<qint64>{3, 6, 9}));
        QCOMPARE(peaksOf(values, 2, 3), (std::vector<qint64>{3, 9}));
        QCOMPARE(peaksOf(values, 10, 3, 0.5), (std::vector<qint64>{3, 9}));
        QVERIFY(peaksOf({}, 3, 1).empty());
        const std::vector<float> unknown{kNaN, kNaN};
        QVERIFY(peaksOf(unknown, 3, 1).empty());
    }

    void onlyTheNewestRequestIsDone() {
        std::vector<int> results;
        QSemaphore started, gate;
        LatestTask<int> task([&](int value) { results.push_back(value); });
        task.start([&] {
            started.release();
            gate.acquire();
            return 0;
        });
        started.acquire();  // the first one is under way
        std::atomic<int> runs{0};
        for (int value = 1; value <= 50; ++value)
            task.start([&runs, value] {
                ++runs;
                return value;
            });
        gate.release();
        QTRY_COMPARE(results, (std::vector<int>{0, 50}));
        QCOMPARE(runs.load(), 1);
        task.start([] { return 51; });
        task.reset();
        QTest::qWait(50);
        QCOMPARE(results.size(), std::size_t(2));
    }
};

QTEST_MAIN(OverviewTest)
#include "OverviewTest.moc"
