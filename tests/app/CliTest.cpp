#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/TestPaths.h"

using namespace sqil;
using nlohmann::json;

namespace {

struct Outcome {
    int code = -1;
    QByteArray out, err;
};

Outcome sqil_(const QStringList& arguments) {
    QProcess process;
    process.start(QString::fromStdString((test::programs() / "sqil").string()), arguments);
    if (!process.waitForFinished(120000))
        process.kill();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

QString samplePolicy() {
    return QString::fromStdString((test::sample() / "policy.pt2").string());
}
QString sampleRollouts() {
    return QString::fromStdString((test::sample() / "rollouts.hdf5").string());
}

json readJson(const QString& path) {
    std::ifstream stream(path.toStdString());
    return json::parse(stream);
}

void copyTruncated(const QString& from, const QString& to, double fraction) {
    QFile source(from);
    QVERIFY(source.open(QIODevice::ReadOnly));
    const QByteArray bytes = source.readAll();
    QFile target(to);
    QVERIFY(target.open(QIODevice::WriteOnly));
    target.write(bytes.left(static_cast<qsizetype>(static_cast<double>(bytes.size()) * fraction)));
}

double largest(const std::vector<double>& values) {
    return *std::max_element(values.begin(), values.end());
}

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
    const double n = static_cast<double>(x.size());
    const double meanX = std::accumulate(x.begin(), x.end(), 0.0) / n;
    const double meanY = std::accumulate(y.begin(), y.end(), 0.0) / n;
    double xx = 0, yy = 0, xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - meanX) * (x[i] - meanX);
        yy += (y[i] - meanY) * (y[i] - meanY);
        xy += (x[i] - meanX) * (y[i] - meanY);
    }
    return xy / std::sqrt(xx * yy);
}

}  // namespace

class CliTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    QString path(const char* name) const { return folder_.filePath(name); }

private slots:
    void infoOfAPolicy() {
        const auto outcome = sqil_({"info", samplePolicy(), "--json"});
        QCOMPARE(outcome.code, 0);
        const json info = json::parse(outcome.out.toStdString());
        QCOMPARE(info.at("kind").get<std::string>(), std::string("policy"));
        QCOMPARE(info.at("inputs").size(), 3u);
        QCOMPARE(info.at("inputs")[0].at("name").get<std::string>(), std::string("agentview_image"));
        QVERIFY(info.at("parameters").get<long>() > 100000);
        QVERIFY(info.at("layers").size() >= 4);
        QVERIFY(info.at("dynamic_batch").get<bool>());
        QVERIFY(info.at("quantization").is_null());
    }

    void infoOfRollouts() {
        const auto outcome = sqil_({"info", sampleRollouts(), "--json"});
        QCOMPARE(outcome.code, 0);
        const json info = json::parse(outcome.out.toStdString());
        QCOMPARE(info.at("kind").get<std::string>(), std::string("rollouts"));
        QVERIFY(info.at("episodes").size() >= 4);
        long steps = 0;
        for (const auto& episode : info.at("episodes"))
            steps += episode.at("steps").get<long>();
        QCOMPARE(steps, info.at("total_steps").get<long>());
        QCOMPARE(info.at("observations").size(), 3u);
    }

    void quantizeAnalyzeExport() {
        auto outcome = sqil_({"quantize", "--policy", samplePolicy(), "--rollouts", sampleRollouts(), "--method", "ptq",
                              "--weights", "4", "--activations", "16", "--granularity", "channel", "--out",
                              path("q.pt2"), "--json"});
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        const json layers = json::parse(outcome.out.toStdString()).at("layers");
        for (const auto& layer : layers)
            QCOMPARE(layer.at("weight_bits").get<int>(), 4);
        QVERIFY(!json::parse(sqil_({"info", path("q.pt2"), "--json"}).out.toStdString()).at("quantization").is_null());

        outcome = sqil_({"analyze", "--policy", samplePolicy(), "--quantized", path("q.pt2"), "--rollouts",
                         sampleRollouts(), "--episodes", "demo_0,demo_1", "--perturbation", "patch-mean", "--patch",
                         "16", "--json", path("a.json"), "--project", path("p.sqil")});
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        const json analysis = readJson(path("a.json"));
        QCOMPARE(analysis.at("episodes").size(), 2u);
        std::size_t critical = 0, steps = 0;
        const double threshold = analysis.at("threshold").get<double>();
        for (const auto& episode : analysis.at("episodes")) {
            const auto sis = episode.at("sis").get<std::vector<double>>();
            const auto marked = episode.at("critical").get<std::vector<bool>>();
            QCOMPARE(marked.size(), sis.size());
            QCOMPARE(episode.at("gap").size(), sis.size());
            for (std::size_t step = 0; step < sis.size(); ++step) {
                QCOMPARE(static_cast<bool>(marked[step]), sis[step] > threshold);
                critical += marked[step];
            }
            steps += sis.size();
        }
        QVERIFY(std::abs(static_cast<double>(critical) / static_cast<double>(steps) - 0.2) < 0.02);

        // How SIS and gap go together follows from the series beside it.
        std::vector<double> allSis, allGaps;
        for (const auto& episode : analysis.at("episodes"))
            for (std::size_t step = 0; step < episode.at("sis").size(); ++step) {
                allSis.push_back(episode.at("sis")[step].get<double>());
                allGaps.push_back(episode.at("gap")[step].get<double>());
            }
        const json& relation = analysis.at("sis_and_gap");
        QCOMPARE(relation.at("steps").get<std::size_t>(), steps);
        QVERIFY(std::abs(relation.at("pearson").at("value").get<double>() - pearson(allSis, allGaps)) < 1e-6);
        const json& large = relation.at("large_gaps");
        const double above = large.at("above").get<double>();
        std::size_t isLarge = 0, raised = 0, found = 0;
        for (std::size_t step = 0; step < steps; ++step) {
            isLarge += allGaps[step] > above;
            raised += allSis[step] > threshold;
            found += allGaps[step] > above && allSis[step] > threshold;
        }
        QCOMPARE(large.at("count").get<std::size_t>(), isLarge);
        QVERIFY(std::abs(static_cast<double>(isLarge) / static_cast<double>(steps) - 0.1) < 0.02);
        QCOMPARE(large.at("at_threshold").at("precision").get<double>(),
                 static_cast<double>(found) / static_cast<double>(raised));
        QCOMPARE(large.at("at_threshold").at("recall").get<double>(),
                 static_cast<double>(found) / static_cast<double>(isLarge));
        QVERIFY(outcome.out.contains("average precision") && outcome.out.contains("Pearson"));

        // The project says the same as the file.
        outcome = sqil_({"export", path("p.sqil"), "--format", "json", "--gap-above", "0"});
        QCOMPARE(json::parse(outcome.out.toStdString()).at("sis_and_gap").at("large_gaps").at("base_rate"), json(1.0));
        outcome = sqil_({"export", path("p.sqil"), "--format", "json"});
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        const json exported = json::parse(outcome.out.toStdString());
        QCOMPARE(exported.at("episodes")[0].at("sis"), analysis.at("episodes")[0].at("sis"));
        QCOMPARE(exported.at("threshold"), analysis.at("threshold"));
        QCOMPARE(exported.at("sis_and_gap"), relation);
        outcome = sqil_({"export", path("p.sqil"), "--format", "csv"});
        QCOMPARE(outcome.out.count('\n'), static_cast<qsizetype>(steps + 1));
        QVERIFY(outcome.out.startsWith("episode,step,critical,sis,gap,action/0"));
    }

    void sameNumbersAsPyTorchAndSciPy() {
        const auto file = test::reference() / "analyze_sample" / "expected.json";
        if (!std::filesystem::exists(file))
            QSKIP("needs the reference environment: scripts/test.sh makes it");
        const json expected = readJson(QString::fromStdString(file.string()));
        const QString episode = QString::fromStdString(expected.at("episode").get<std::string>());
        auto outcome =
            sqil_({"quantize", "--policy", samplePolicy(), "--rollouts", sampleRollouts(), "--out", path("w4.pt2")});
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        outcome = sqil_({"analyze", "--policy", samplePolicy(), "--quantized", path("w4.pt2"), "--rollouts",
                         sampleRollouts(), "--episodes", episode, "--perturbation", "greydanus", "--stride",
                         QString::number(expected.at("stride").get<double>()), "--mask-sigma",
                         QString::number(expected.at("mask_sigma").get<double>()), "--blur-sigma",
                         QString::number(expected.at("blur_sigma").get<double>()), "--json", path("same.json")});
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        const json ours = readJson(path("same.json")).at("episodes")[0];

        const auto gap = expected.at("gap").get<std::vector<double>>();
        QCOMPARE(ours.at("gap").size(), gap.size());
        for (std::size_t step = 0; step < gap.size(); ++step)
            QVERIFY(std::abs(ours.at("gap")[step].get<double>() - gap[step]) < 1e-4 * largest(gap));
        const auto steps = expected.at("saliency_steps").get<std::vector<std::size_t>>();
        for (std::size_t index = 0; index < steps.size(); ++index) {
            const auto scores = expected.at("saliency")[index].get<std::vector<double>>();
            const double sis = std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size());
            const double mine = ours.at("sis")[steps[index]].get<double>();
            QVERIFY2(std::abs(mine - sis) <= 1e-4 * sis,
                     qPrintable(QString("step %1: %2, published procedure %3").arg(steps[index]).arg(mine).arg(sis)));
        }
    }

    /// The layers' blame: table and JSON, stored once in the project, and the suggested widths as a policy.
    void layersAreBlamed() {
        const QStringList common{"layers",  "--policy", samplePolicy(),        "--rollouts", sampleRollouts(),
                                 "--steps", "6",        "--calibration-steps", "6"};
        auto outcome = sqil_(common + QStringList{"--weights", "4", "--json", "--project", path("l.sqil")});
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        const json first = json::parse(outcome.out.toStdString());
        QCOMPARE(first.at("steps").get<int>(), 6);
        QVERIFY(first.at("layers").size() >= 4);
        for (const auto& layer : first.at("layers")) {
            QCOMPARE(layer.at("weight_bits").get<int>(), 4);
            QVERIFY(layer.at("blame_alone").get<double>() > 0);
            QVERIFY(layer.at("blame_all_but").get<double>() > 0);
            QVERIFY(layer.at("relative_weight_error").get<double>() > 0.01);
        }
        outcome = sqil_(common + QStringList{"--weights", "4", "--json", "--project", path("l.sqil")});
        QCOMPARE(json::parse(outcome.out.toStdString()), first);  // to the last bit: read from the project

        const double budget = first.at("gap").get<double>() / 2;
        outcome = sqil_(common +
                        QStringList{"--weights", "4", "--budget", QString::number(budget), "--out", path("mixed.pt2")});
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        QVERIFY2(outcome.out.contains("within the budget") && outcome.out.contains("most to blame"),
                 outcome.out.constData());
        outcome = sqil_({"layers", "--policy", samplePolicy(), "--rollouts", sampleRollouts(), "--steps", "6",
                         "--quantized", path("mixed.pt2"), "--json"});
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        QVERIFY(json::parse(outcome.out.toStdString()).at("gap").get<double>() <= budget * 1.001);
    }

    void badInputIsExplained_data() {
        copyTruncated(samplePolicy(), path("short.pt2"), 0.6);
        copyTruncated(sampleRollouts(), path("short.hdf5"), 0.5);
        QFile text(path("text.pt2"));
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write("this is no archive");
        text.close();
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("no such file") << QStringList{"info", path("nothing.pt2")} << 3 << "nothing.pt2";
        QTest::newRow("no archive") << QStringList{"info", path("text.pt2")} << 3 << "text.pt2";
        QTest::newRow("truncated policy") << QStringList{"info", path("short.pt2")} << 3 << "short.pt2";
        QTest::newRow("truncated rollouts") << QStringList{"info", path("short.hdf5")} << 3 << "short.hdf5";
        QTest::newRow("a policy as rollouts")
            << QStringList{"analyze", "--policy", samplePolicy(), "--rollouts", samplePolicy()} << 3 << "policy.pt2";
        QTest::newRow("no such episode") << QStringList{"analyze",        "--policy",   samplePolicy(), "--rollouts",
                                                        sampleRollouts(), "--episodes", "demo_999"}
                                         << 3 << "demo_999";
        QTest::newRow("perturbation") << QStringList{"analyze",        "--policy",       samplePolicy(), "--rollouts",
                                                     sampleRollouts(), "--perturbation", "blur"}
                                      << 3 << "greydanus";
        QTest::newRow("bits") << QStringList{"quantize",  "--policy", samplePolicy(), "--rollouts", sampleRollouts(),
                                             "--weights", "1",        "--out",        path("x.pt2")}
                              << 3 << "2 to 8";
        QTest::newRow("layer") << QStringList{"quantize", "--policy",  samplePolicy(), "--rollouts", sampleRollouts(),
                                              "--layer",  "nothing=8", "--out",        path("x.pt2")}
                               << 3 << "nothing";
        QTest::newRow("layers of an unquantized policy")
            << QStringList{"layers",         "--policy",    samplePolicy(), "--rollouts",
                           sampleRollouts(), "--quantized", samplePolicy()}
            << 3 << "sqil_quantization.json";
        QTest::newRow("no gap within the budget")
            << QStringList{"layers",   "--policy", samplePolicy(), "--rollouts", sampleRollouts(),
                           "--budget", "1e-9",     "--steps",      "2",          "--calibration-steps",
                           "2"}
            << 3 << "budget";
        QTest::newRow("folder missing") << QStringList{"quantize",       "--policy", samplePolicy(),       "--rollouts",
                                                       sampleRollouts(), "--out",    path("no/such/q.pt2")}
                                        << 5 << "no/such/q.pt2";
        QTest::newRow("no command") << QStringList{} << 2 << "subcommand";
        QTest::newRow("unknown option") << QStringList{"info", "--nonsense", samplePolicy()} << 2 << "nonsense";
    }
    void badInputIsExplained() {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, mentions);
        const auto outcome = sqil_(arguments);
        QVERIFY2(outcome.code == code, qPrintable(QString("exit code %1: ").arg(outcome.code) + outcome.err));
        QVERIFY2(QString::fromUtf8(outcome.err).contains(mentions), outcome.err.constData());
    }

    void helpHasExamples_data() {
        QTest::addColumn<QString>("command");
        for (const char* command : {"info", "analyze", "quantize", "layers", "export", "bench"})
            QTest::newRow(command) << command;
    }
    void helpHasExamples() {
        QFETCH(QString, command);
        const auto outcome = sqil_({command, "--help"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.contains("Examples:"));
    }
};

QTEST_GUILESS_MAIN(CliTest)
#include "CliTest.moc"
