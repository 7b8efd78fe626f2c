// The benchmark dock in the real window: reports of this and other machines, by mouse and keyboard.
#include <QComboBox>
#include <QFile>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>
#include <fstream>

#include <nlohmann/json.hpp>

#include "core/bench/ReportStore.h"
#include "tests/TestPaths.h"
#include "tests/views/WindowFixture.h"
#include "views/benchmark/BenchmarkView.h"
#include "views/jobs/JobDialog.h"
#include "widgets/IntervalBars.h"
#include "widgets/LabelledPoints.h"
#include "widgets/MessageBar.h"

using namespace sqil;
using nlohmann::json;

class BenchmarkTest : public test::WindowFixture {
    Q_OBJECT

    BenchmarkView& view() { return window_->benchmarkView(); }
    int reports() { return view().list()->count(); }
    static QString committed() { return toQString((test::testData() / "reports" / "policy.json").string()); }
    static QString toQString(const std::string& text) { return QString::fromStdString(text); }

    QString write(const char* name, const json& report) {
        const QString path = project_->path(name);
        std::ofstream(path.toStdString()) << report.dump();
        return path;
    }
    json committedReport(std::size_t index) { return readReports(committed().toStdString()).value().at(index); }
    static json kernels() {
        const auto time = [](double median) {
            return json{{"median_ms", median}, {"low_ms", median * 0.9}, {"high_ms", median * 1.1}};
        };
        return {{"benchmark", "kernels"},
                {"machine", {{"processor", "Test"}, {"host", "bench"}, {"threads", 2}}},
                {"roofs", {{"read_gb_per_s", 20}, {"float_gflop_per_s", 100}, {"integer_gop_per_s", 400}}},
                {"cases",
                 {{{"name", "W4A16, 1 x 4096 x 4096, groups of 128"},
                   {"own", "sqil linear_w4a16"},
                   {"bytes", 8e6},
                   {"operations", 32e6},
                   {"integers", false},
                   {"ways", {{"sqil linear_w4a16", time(0.5)}}}},
                  {{"name", "W8A8, 256 x 1024 x 1024, per channel"},
                   {"own", "sqil linear_w8a8"},
                   {"bytes", 1e6},
                   {"operations", 512e6},
                   {"integers", true},
                   {"ways", {{"sqil linear_w8a8", time(2)}}}}}}};
    }
    void choose(int index) {
        view().choice()->setFocus();
        QTest::keyClick(view().choice(), Qt::Key_Home);
        for (int step = 0; step < index; ++step)
            QTest::keyClick(view().choice(), Qt::Key_Down);
        QCOMPARE(view().choice()->currentIndex(), index);
    }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-benchmark-test")))
            QSKIP("the sample policy is not there");
    }
    void init() { project_ = test::smallProject(); }
    void cleanup() { closeWindow(); }

    void emptyItOffersToMeasure() {
        openSmallProject();
        window_->showPanel(QStringLiteral("benchmark"));
        QCOMPARE(view().currentIndex(), 0);
        auto* button = view().findChild<QPushButton*>();
        QVERIFY(button && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        auto* dialog = window_->findChild<JobDialog*>();
        QVERIFY(dialog);
        QCOMPARE(dialog->batch().value().jobs.front().kind, std::string("bench-policy"));
        dialog->reject();
    }

    void droppedReportsAreComparedAndUndone() {
        openSmallProject();
        window_->showPanel(QStringLiteral("benchmark"));
        drop({committed()});
        QTRY_COMPARE(reports(), 2);
        QCOMPARE(view().currentIndex(), 1);
        // The sample's step, as the report has it.
        const auto& series = view().bars()->series();
        QCOMPARE(series.size(), std::size_t(2));
        const json report = committedReport(0);
        QCOMPARE(view().bars()->groups().first(), QStringLiteral("float32"));
        const auto way = view().bars()->groups().indexOf(QStringLiteral("W8A8"));
        QCOMPARE(series[0].bars[std::size_t(way)].value, report["ways"]["W8A8"]["median_ms"].get<double>());
        QCOMPARE(series[0].bars[std::size_t(way)].high, report["ways"]["W8A8"]["high_ms"].get<double>());
        // The mouse over a bar tells it with its unit.
        const auto& bar = series[1].bars[0];
        const QPointF place(view().bars()->xAxis->coordToPixel(0.2),
                            view().bars()->yAxis->coordToPixel(bar.value * 0.9));
        QVERIFY2(view().bars()->textAt(place).contains(QStringLiteral(" ms")),
                 qPrintable(view().bars()->textAt(place)));
        QVERIFY(view().bars()->textAt(QPointF(-5, -5)).isEmpty());

        choose(3);  // speed-up: times full precision, which has none itself
        QCOMPARE(view().bars()->groups().contains(QStringLiteral("float32")), false);
        QCOMPARE(
            view().bars()->series()[0].bars[std::size_t(view().bars()->groups().indexOf(QStringLiteral("W4A4")))].value,
            report["ratios"]["float32_over_W4A4"]["median"].get<double>());
        choose(2);
        QVERIFY(view().note().contains(QStringLiteral("No energy")));
        choose(5);
        QVERIFY(view().note().contains(QStringLiteral("evaluation")));
        choose(0);

        // Ticked off with the space bar.
        view().list()->setFocus();
        view().list()->setCurrentRow(0);
        QTest::keyClick(view().list(), Qt::Key_Space);
        QCOMPARE(view().bars()->series().size(), std::size_t(1));
        QTest::keyClick(view().list(), Qt::Key_Space);
        QCOMPARE(view().bars()->series().size(), std::size_t(2));

        QTest::keyClick(view().list(), Qt::Key_Delete);
        QTRY_COMPARE(reports(), 1);
        session().undoStack().undo();
        QTRY_COMPARE(reports(), 2);
        session().undoStack().undo();  // the import
        QTRY_COMPARE(reports(), 0);
        QCOMPARE(view().currentIndex(), 0);
        session().undoStack().redo();
        QTRY_COMPARE(reports(), 2);
        session().undoStack().undo();
        QTRY_COMPARE(reports(), 0);
    }

    void kernelsStandUnderTheirRoofs() {
        openSmallProject();
        window_->showPanel(QStringLiteral("benchmark"));
        drop({write("kernels.json", kernels())});
        QTRY_COMPARE(reports(), 1);
        choose(4);
        const auto& points = view().points()->points();
        QCOMPARE(points.size(), std::size_t(2));
        QCOMPARE(points[0].x, 4.0);   // 32e6 operations over 8e6 bytes
        QCOMPARE(points[0].y, 64.0);  // in half a millisecond
        QVERIFY2(points[0].details.contains(QStringLiteral("16.0 GB/s: 80.0 %")), qPrintable(points[0].details));
        QVERIFY2(points[1].details.contains(QStringLiteral("256 Gop/s: 64.0 %")), qPrintable(points[1].details));
        QCOMPARE(view().points()->lines().size(), std::size_t(2));
        QCOMPARE(view().points()->lines()[0].y.last(), 100.0);
        QVERIFY(view().figure().has_value());
        const auto table = view().dataTable();
        QVERIFY(table && table->rows() == 2);
        session().undoStack().undo();
        QTRY_COMPARE(reports(), 0);
    }

    /// Training, saliency and rollouts are bars too; what is dropped is shown at once.
    void otherBenchmarksAreBars() {
        openSmallProject();
        window_->showPanel(QStringLiteral("benchmark"));
        QStringList files;
        for (const char* name : {"train.json", "saliency.json", "rollouts.json"})
            files << toQString((test::testData() / "reports" / name).string());
        drop(files);
        QTRY_COMPARE(reports(), 3);
        QCOMPARE(view().choice()->currentIndex(), 6);  // of all plots the first that has something
        struct Expected {
            const char* file;
            int choice, groups, series;
            const char *first, *last;  ///< where the report has the first bar's value and the last one's
        };
        for (const Expected& expected :
             {Expected{"train", 6, 3, 1, "/ways/full_precision/median_ms", "/ways/pytorch/median_ms"},
              Expected{"train", 7, 2, 1, "/ratios/quantized_over_full_precision/median",
                       "/ratios/pytorch_over_full_precision/median"},
              Expected{"saliency", 8, 3, 4, "/cases/0/ways/auto/median_ms", "/cases/2/ways/published/median_ms"},
              Expected{"saliency", 9, 3, 3, "/cases/0/ratios/batched_over_auto/median",
                       "/cases/2/ratios/published_over_auto/median"},
              Expected{"rollouts", 10, 3, 1, "/ways/this_program/median_steps_per_second",
                       "/ways/plain_loop/median_steps_per_second"}}) {
            choose(expected.choice);
            QVERIFY2(view().note().isEmpty(), qPrintable(view().note()));
            QCOMPARE(int(view().bars()->groups().size()), expected.groups);
            const auto& series = view().bars()->series();
            QCOMPARE(int(series.size()), expected.series);
            const auto path = test::testData() / "reports" / (std::string(expected.file) + ".json");
            const json report = readReports(path).value().front();
            QCOMPARE(series.front().bars.front().value, report.at(json::json_pointer(expected.first)).get<double>());
            QCOMPARE(series.back().bars.back().value, report.at(json::json_pointer(expected.last)).get<double>());
            const IntervalBar& bar = series.front().bars.front();
            QVERIFY(bar.low <= bar.value && bar.value <= bar.high);
            // It ends at its value, on a logarithmic axis too, and the plot fills its place with and without a legend.
            view().bars()->replot(QCustomPlot::rpImmediateRefresh);
            const auto* drawn = qobject_cast<const QCPBars*>(view().bars()->plottable(0));
            QVERIFY(drawn);
            QVERIFY(std::abs(drawn->dataPixelPosition(0).y() - view().bars()->yAxis->coordToPixel(bar.value)) < 0.5);
            QVERIFY(view().bars()->axisRect()->width() > view().bars()->width() / 2);
            QVERIFY(view().figure().has_value());
            QCOMPARE(int(view().dataTable().value().rows()), expected.groups * expected.series);
        }
        choose(0);
        QVERIFY(view().note().contains(QStringLiteral("No policy")));
        session().undoStack().undo();
        QTRY_COMPARE(reports(), 0);
    }

    /// One policy measured twice on one machine: each measurement keeps its bars, under a name of its own.
    void reportsOfOneNameStayApart() {
        openSmallProject();
        window_->showPanel(QStringLiteral("benchmark"));
        json earlier = committedReport(0);
        earlier["made_at"] = "2026-03-01T10:00:00Z";
        earlier["parameters_given"] = {{"run", 1}};
        json later = earlier, other = earlier;
        later["made_at"] = "2026-04-01T10:00:00Z";
        later["parameters_given"] = {{"run", 2}};
        later["ways"]["float32"]["median_ms"] = 123.0;
        other["parameters_given"] = {{"run", 3}};
        other["device"] = "cuda:7";
        other["ways"]["float32"]["median_ms"] = 456.0;
        drop({write("earlier.json", earlier), write("later.json", later), write("other.json", other)});
        QTRY_COMPARE(reports(), 3);
        choose(0);
        const auto& series = view().bars()->series();
        QCOMPARE(series.size(), std::size_t(3));
        const auto place = std::size_t(view().bars()->groups().indexOf(QStringLiteral("float32")));
        std::map<double, QString> names;
        for (const auto& one : series)
            names[one.bars[place].value] = one.name;
        QCOMPARE(names.size(), std::size_t(3));
        QVERIFY2(names[123.0].contains(QStringLiteral("2026-04-01")), qPrintable(names[123.0]));
        QVERIFY2(names[456.0].endsWith(QStringLiteral("cuda:7")), qPrintable(names[456.0]));
        QSet<QString> titles;
        for (int row = 0; row < reports(); ++row)
            titles << view().list()->item(row)->text();
        QCOMPARE(int(titles.size()), 3);
        session().undoStack().undo();
        QTRY_COMPARE(reports(), 0);
    }

    void successStandsAgainstLatency() {
        openSmallProject();
        window_->showPanel(QStringLiteral("benchmark"));
        const auto& policies = session().contents().policies;
        const auto full = std::ranges::find_if(policies, [](const PolicyItem& item) { return !item.isQuantized(); });
        const auto low = std::ranges::find_if(policies, [](const PolicyItem& item) { return item.isQuantized(); });
        QVERIFY(full != policies.end() && low != policies.end());
        json report = committedReport(0);
        addOrigin(report, "sqil bench policy", {{"policy", full->record.path.string()}});
        const auto project = Project::open(session().contents().path);
        QVERIFY(project);
        const auto evaluated = [&](const std::filesystem::path& policy, double rate) {
            const json result{{"policy", policy.string()},
                              {"episodes", 100},
                              {"success", {{"rate", rate}, {"low", rate - 0.05}, {"high", rate + 0.01}}}};
            QVERIFY((*project)->putResult({0, "evaluation", policy.string(), result.dump(), {}}));
        };
        evaluated(full->record.path, 0.99);
        evaluated(low->record.path, 0.39);
        drop({write("own.json", report)});
        QTRY_COMPARE(reports(), 1);
        choose(5);
        const auto& points = view().points()->points();
        QVERIFY2(points.size() >= 1, qPrintable(view().note()));
        QCOMPARE(points[0].name, QStringLiteral("float32"));
        QCOMPARE(points[0].x, report["ways"]["float32"]["median_ms"].get<double>());
        QCOMPARE(points[0].y, 99.0);
        if (points.size() > 1)
            QVERIFY(points[1].name.startsWith(QLatin1Char('W')) && points[1].y == 39.0);
        session().undoStack().undo();
        QTRY_COMPARE(reports(), 0);
    }

    void badReportsAreExplainedAndChangeNothing_data() {
        QTest::addColumn<QByteArray>("contents");
        QTest::addColumn<QString>("mentions");
        QFile file(committed());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        QTest::newRow("truncated") << whole.left(whole.size() / 2) << "cut off";
        QTest::newRow("other kind") << QByteArray(R"({"benchmark": "tea", "machine": {}})") << "tea";
        QTest::newRow("nan") << QByteArray(whole).replace("0.0", "NaN") << "valid JSON";
        QTest::newRow("huge") << QByteArray(whole).replace("\"median_ms\": ", "\"median_ms\": 1e300, \"x\": ")
                              << "1e18";
        QTest::newRow("no JSON") << QByteArray("\x89PNG") << "valid JSON";
    }
    void badReportsAreExplainedAndChangeNothing() {
        QFETCH(QByteArray, contents);
        QFETCH(QString, mentions);
        openSmallProject();
        const QString path = project_->path("bad.json");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(contents);
        file.close();
        drop({path});
        QTRY_VERIFY(!window_->messages().messages().isEmpty());
        const QString message = window_->messages().messages().first();
        QVERIFY2(message.contains(mentions) && message.contains(QStringLiteral("bad.json")), qPrintable(message));
        QCOMPARE(reports(), 0);
    }

    void itIsInTheBenchmarkLayout() {
        openSmallProject();
        window_->resize(1280, 800);
        QVERIFY(window_->command(QStringLiteral("importBenchmarks"))->isEnabled());
        auto* layout = window_->findChild<QAction*>(QStringLiteral("layout-benchmark"));
        QVERIFY(layout);
        layout->trigger();
        QVERIFY(view().isVisible());
    }
};

QTEST_MAIN(BenchmarkTest)
#include "BenchmarkTest.moc"
