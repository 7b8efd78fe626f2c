#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include <nlohmann/json.hpp>

#include "core/bench/Energy.h"
#include "core/project/Project.h"
#include "tests/TestPaths.h"

using namespace sqil;
using nlohmann::json;

/// `sqil bench` for low-bit execution: what it reports, keeps and refuses; never how fast anything is.
class LowBitBenchTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    static QString text(const std::filesystem::path& path) { return QString::fromStdString(path.string()); }

    static int bench(const QStringList& arguments, QByteArray* out = nullptr, QByteArray* errors = nullptr,
                     const QString& libraries = {}) {
        QProcess process;
        if (!libraries.isEmpty()) {
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert("LD_LIBRARY_PATH", libraries);
            process.setProcessEnvironment(environment);
        }
        process.start(text(test::programs() / "sqil"), QStringList{"bench"} + arguments);
        if (!process.waitForFinished(200000))
            process.kill();
        if (out)
            *out = process.readAllStandardOutput();
        if (errors)
            *errors = process.readAllStandardError();
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    }

    static void writeNumber(const QString& path, const char* number) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(number);
    }

private Q_SLOTS:
    void verifyChecksEveryKernel() {
        QByteArray out;
        QCOMPARE(bench({"--verify", "--json", "-"}, &out), 0);
        const json report = json::parse(out.toStdString());
        QVERIFY(report.at("passed").get<bool>());
        QCOMPARE(report.at("kernels").size(), std::size_t{6});
        for (const auto& kernel : report.at("kernels"))
            QVERIFY(kernel.at("cases").get<int>() > 0 && kernel.at("failures").get<int>() == 0);
        // On a GPU its kernels too; elsewhere the report says why not.
        const json& cuda = report.at("cuda");
        QVERIFY(cuda.contains("kernels") ? cuda.at("kernels").size() == 10
                                         : !cuda.at("skipped").get<std::string>().empty());
    }

    void policyReportsEveryWidth() {
        const QString project = folder_.filePath("study.sqil"), report = folder_.filePath("policy.json");
        QByteArray errors;
        QVERIFY2(bench({"policy", "--rollouts", text(test::sample() / "rollouts.hdf5"), "--widths", "W8A8,W4A16",
                        "--seconds", "0", "--json", report, "--project", project},
                       nullptr, &errors) == 0,
                 errors.constData());
        std::ifstream stream(report.toStdString());
        const json result = json::parse(stream);
        QVERIFY(result.at("rounds").get<int>() >= 5);
        for (const char* way : {"float32", "bfloat16", "W8A8", "W4A16"}) {
            QVERIFY2(result.at("ways").contains(way), way);
            const json& entry = result.at("ways").at(way);
            QVERIFY(entry.at("median_ms").get<double>() > 0);
            QVERIFY(entry.at("latency_ms").at("p99") >= entry.at("latency_ms").at("p50"));
            QVERIFY(entry.at("weights_mb").get<double>() > 0 && entry.at("step_mb").get<double>() > 0);
        }
        const json& ways = result.at("ways");
        QVERIFY(ways.at("W8A8").at("weights_mb").get<double>() <
                0.4 * ways.at("float32").at("weights_mb").get<double>());
        QVERIFY(ways.at("W8A8").at("distance").get<double>() < 0.1);
        QVERIFY(ways.at("W8A8").at("floating_point").empty());
        // Its convolutions have no weight-only operator: named, with what they cost.
        const json& stays = ways.at("W4A16").at("floating_point");
        QCOMPARE(stays.size(), std::size_t{4});
        QVERIFY(stays[0].at("share_of_multiplications").get<double>() > 0);
        QVERIFY(result.at("ratios").contains("float32_over_W8A8"));
        const bool hasEnergy = ways.at("W8A8").contains("energy_mj");
        QCOMPARE(hasEnergy, EnergyMeter().problem().empty());
        QCOMPARE(!hasEnergy, result.at("notes").dump().find("energy: not measured") != std::string::npos);

        const auto opened = Project::open(project.toStdString());
        QVERIFY(opened);
        const auto kept = (*opened)->results("benchmark");
        QVERIFY(kept);
        QCOMPARE(kept->size(), std::size_t{1});
        QCOMPARE(json::parse(kept->front().resultJson), result);
        QVERIFY(result.at("command").get<std::string>().find("sqil bench policy --rollouts ") == 0);
        QVERIFY(result.at("machine").contains("host"));

        // Another machine's, beside it; a bad file leaves the project as it was.
        const QString reports = text(test::testData() / "reports" / "policy.json");
        QVERIFY(bench({"import", reports, report, "--project", project}) == 0);
        QCOMPARE((*opened)->results("benchmark")->size(), std::size_t{3});
        QByteArray problem;
        QCOMPARE(bench({"import", report, project, "--project", project}, nullptr, &problem), 3);
        QVERIFY2(problem.contains("study.sqil"), problem.constData());
        QCOMPARE((*opened)->results("benchmark")->size(), std::size_t{3});
    }

    void wrongUseIsExplained_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("nothing") << QStringList{} << 2 << "--verify";
        QTest::newRow("width") << QStringList{"policy", "--widths", "W8"} << 3 << "W8A8";
        QTest::newRow("bits") << QStringList{"policy", "--widths", "W9A9"} << 3 << "9";
        QTest::newRow("no file") << QStringList{"policy", "--policy", "/nowhere.pt2"} << 3 << "/nowhere.pt2";
        QTest::newRow("device") << QStringList{"policy", "--device", "tpu"} << 3 << "expected cpu";
        QTest::newRow("kernels' device") << QStringList{"kernels", "--device", "tpu"} << 3 << "expected cpu";
        QTest::newRow("threads") << QStringList{"kernels", "--threads", "0"} << 3 << "threads";
    }
    void wrongUseIsExplained() {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, mentions);
        QByteArray errors;
        QCOMPARE(bench(arguments, nullptr, &errors), code);
        QVERIFY2(errors.contains(mentions.toUtf8()), errors.constData());
    }

    /// Without a GPU: what is missing, and what to do.
    void aGpuThatIsNotThereIsExplained_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("policy") << QStringList{"policy", "--device", "cuda:0"};
        QTest::newRow("kernels") << QStringList{"kernels", "--device", "cuda:0"};
    }
    void aGpuThatIsNotThereIsExplained() {
        if (QFile::exists("/dev/nvidiactl") || QFile::exists("/dev/nvgpu") || QFile::exists("/dev/dxg"))
            QSKIP("this machine has an NVIDIA driver");
        QFETCH(QStringList, arguments);
        QByteArray errors;
        QCOMPARE(bench(arguments, nullptr, &errors), 3);
        QVERIFY2(errors.contains("NVIDIA driver") || errors.contains("CPU only"), errors.constData());
        QVERIFY2(errors.contains("CPU") || errors.contains("LIBTORCH_ROOT"), errors.constData());
    }

    /// A driver that has no GPU for this process: loads all that a GPU would need, then says so.
    void aDriverWithoutGpuIsExplained() {
        if (QFile::exists("/dev/nvidiactl"))
            QSKIP("this machine has an NVIDIA driver");
        QByteArray errors;
        QCOMPARE(bench({"kernels", "--device", "cuda"}, nullptr, &errors, QFileInfo(FAKE_DRIVER_PATH).path()), 3);
        QVERIFY2(errors.contains("no GPU given to this process") || errors.contains("CPU only"), errors.constData());
    }

    /// Counters of two packages, one of which starts again from 0; a part of a package does not count twice.
    void energyIsTheSumOfPackages() {
        QDir folder(folder_.filePath("powercap"));
        for (const char* name : {"intel-rapl:0", "intel-rapl:1", "intel-rapl:0:0"}) {
            QVERIFY(folder.mkpath(name));
            writeNumber(folder.filePath(QString(name) + "/max_energy_range_uj"), "10000000");
            writeNumber(folder.filePath(QString(name) + "/energy_uj"), "9000000");
        }
        EnergyMeter meter(folder.path().toStdString());
        QVERIFY(meter.problem().empty());
        meter.start();
        writeNumber(folder.filePath("intel-rapl:0/energy_uj"), "9500000");
        writeNumber(folder.filePath("intel-rapl:1/energy_uj"), "1000000");
        writeNumber(folder.filePath("intel-rapl:0:0/energy_uj"), "9900000");
        QCOMPARE(meter.joules().value(), 2.5);
        EnergyMeter none(folder_.filePath("nothing").toStdString());
        QVERIFY(!none.problem().empty());
        QVERIFY(!none.joules());
    }
};

QTEST_GUILESS_MAIN(LowBitBenchTest)
#include "LowBitBenchTest.moc"
