#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/bench/ReportStore.h"
#include "tests/TestPaths.h"

using namespace sqil;
using nlohmann::json;

/// Reports of `sqil bench` as files and in a project; files are anybody's.
class ReportStoreTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    std::string write(const char* name, const std::string& text) {
        const std::string path = folder_.filePath(QString::fromLatin1(name)).toStdString();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    static std::string committed() { return (test::testData() / "reports" / "policy.json").string(); }
    static std::string textOf(const std::string& path) {
        std::ifstream stream(path);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

private Q_SLOTS:
    void reportsAreReadAndKept() {
        const auto reports = readReports(committed());
        QVERIFY2(reports, reports ? "" : reports.error().message.c_str());
        QCOMPARE(reports->size(), std::size_t(2));
        auto project = Project::create(folder_.filePath("study.sqil").toStdString());
        QVERIFY(project);
        for (int time = 0; time < 2; ++time)  // imported twice: there once
            for (const json& report : *reports)
                QVERIFY(keepReport(**project, report));
        QCOMPARE((*project)->results(kBenchmarkResult)->size(), std::size_t(2));
        // One's own: the same command on the same host is the same measurement again, on another host it is not.
        json own = reports->front();
        addOrigin(own, "sqil bench policy --threads 1", {{"threads", 1}});
        own["machine"]["host"] = "here";
        QVERIFY(keepReport(**project, own));
        own["rounds"] = 7;
        QVERIFY(keepReport(**project, own));
        own["machine"]["host"] = "there";
        QVERIFY(keepReport(**project, own));
        const auto kept = *(*project)->results(kBenchmarkResult);
        QCOMPARE(kept.size(), std::size_t(4));
        QCOMPARE(json::parse(kept.back().resultJson), own);
        QCOMPARE(kept.back().createdAt, own.at("made_at").get<std::string>());
    }

    void badFilesAreExplained_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("mentions");
        const auto row = [&](const char* name, const std::string& text, const char* mentions) {
            QTest::newRow(name) << QString::fromStdString(write(name, text)) << QString::fromLatin1(mentions);
        };
        const std::string whole = textOf(committed());
        const auto changed = [&](const std::function<void(json&)>& change) {
            json report = json::parse(whole).at("reports")[0];
            change(report);
            return report.dump();
        };
        QTest::newRow("missing") << folder_.filePath("nowhere.json") << "nowhere.json";
        row("empty", "", "no valid JSON");
        row("truncated", whole.substr(0, whole.size() / 2), "cut off");
        row("other", R"({"name": "x"})", "\"benchmark\": missing");
        row("kind", R"({"benchmark": "coffee", "machine": {}})", "coffee");
        row("list", "[]", "0 reports");
        row("numbers", "[1, 2]", "report 1");
        row("nan", R"({"benchmark": "policy", "machine": {}, "ways": {"a": {"median_ms": NaN}}})", "no valid JSON");
        row("null", changed([](json& report) { report["ways"]["W8A8"]["median_ms"] = nullptr; }), "ways.W8A8");
        row("negative", changed([](json& report) { report["ways"]["W8A8"]["low_ms"] = -1; }), "low_ms");
        row("huge number", changed([](json& report) { report["ways"]["W8A8"]["high_ms"] = 1e300; }), "1e18");
        row("text", changed([](json& report) { report["ways"]["W8A8"]["weights_mb"] = "many"; }), "weights_mb");
        row("no machine", changed([](json& report) { report.erase("machine"); }), "machine");
        row("no ways", changed([](json& report) { report["ways"] = json::object(); }), "1 to 256");
        row("ratios", changed([](json& report) { report["ratios"]["x"] = 3; }), "ratios.x");
        row("nested", std::string(200'000, '['), "valid JSON");
        row("nested and closed", std::string(2000, '[') + std::string(2000, ']'), "nested");
        row("kernels", R"({"benchmark": "kernels", "machine": {}})", "roofs");
        row("kernel case",
            R"({"benchmark": "kernels", "machine": {}, "roofs": {"read_gb_per_s": 1, "float_gflop_per_s": 1,
                "integer_gop_per_s": 1}, "cases": [{"bytes": 1, "operations": 1, "name": "a", "own": "x",
                "ways": {"y": {"median_ms": 1, "low_ms": 1, "high_ms": 1}}}]})",
            "no time of");
        row("train", R"({"benchmark": "train", "machine": {}, "ways": {"quantized": {"median_ms": 1}}})", "low_ms");
        row("saliency", R"({"benchmark": "saliency", "machine": {}, "cases": [{"ways": {}}]})", "cases[0]");
        row("saliency ways", R"({"benchmark": "saliency", "machine": {}, "cases": [{"name": "a", "ways": {}}]})",
            "1 to 256");
        row("rollouts", R"({"benchmark": "rollouts", "machine": {}, "ways": {"loop": {}}})", "median_steps_per_second");
        QFile large(folder_.filePath("large.json"));
        QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(qint64(65) << 20));
        QTest::newRow("large") << large.fileName() << "at most 64";
    }
    void badFilesAreExplained() {
        QFETCH(QString, file);
        QFETCH(QString, mentions);
        const auto reports = readReports(file.toStdString());
        QVERIFY(!reports);
        const QString message = QString::fromStdString(reports.error().message);
        QVERIFY2(message.contains(mentions) && message.startsWith(file), qPrintable(message));
    }
};

QTEST_GUILESS_MAIN(ReportStoreTest)
#include "ReportStoreTest.moc"
