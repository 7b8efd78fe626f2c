// `sqil-studio --benchmark` as it is run: it ends by itself and its report has what the targets are judged by.
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "tests/TestPaths.h"

using nlohmann::json;

class WindowBenchmarkTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theReportIsWhole() {
        QTemporaryDir home;
        QProcess program;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("HOME", home.path());
        environment.insert("XDG_RUNTIME_DIR", home.path());
        environment.remove("XDG_DATA_HOME");
        environment.remove("XDG_CONFIG_HOME");
        program.setProcessEnvironment(environment);
        program.start(QString::fromStdString((sqil::test::programs() / "sqil-studio").string()), {"--benchmark"});
        QVERIFY2(program.waitForFinished(240'000), "the benchmark did not end");
        const QByteArray said = program.readAllStandardError();
        QVERIFY2(program.exitStatus() == QProcess::NormalExit && program.exitCode() == 0, said.constData());
        const json report = json::parse(program.readAllStandardOutput().toStdString(), nullptr, false);
        QVERIFY(report.is_object());
        QVERIFY(report.at("first_frame_of_the_sample_ms").get<double>() >= report.at("first_window_ms").get<double>());
        QVERIFY(report.at("first_window_ms").get<double>() > 0);
        const json& scrubbed = report.at("scrubbing_every_panel_open");
        QVERIFY(scrubbed.at("count").get<int>() > 10);
        QVERIFY(scrubbed.at("panels").get<int>() >= 10);
        const json& stalls = report.at("stalls_while_analysing");
        QVERIFY2(stalls.at("training_was_running").get<bool>(), said.constData());
        QVERIFY(stalls.at("events").get<int>() > 100);
        for (const json& target : report.at("targets"))
            QVERIFY2(target.at("measured").is_number(), target.dump().c_str());

        // The training job that it ran is not left running.
        const auto found = QProcess::execute("pgrep", {"-f", "worker.*" + home.path()});
        QVERIFY(found != 0);
    }
};

QTEST_GUILESS_MAIN(WindowBenchmarkTest)
#include "WindowBenchmarkTest.moc"
