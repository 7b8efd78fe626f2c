// `sqil jobs`, run as users run it.
#include <QProcess>

#include "tests/jobs/JobFixtures.h"

using namespace sqil;
using nlohmann::json;

namespace {

struct Outcome {
    int code = -1;
    QByteArray out, err;
    json parsed() const { return json::parse(out.constData()); }
};

Outcome sqil_(const QStringList& arguments) {
    QProcess process;
    process.start(QString::fromStdString((test::programs() / "sqil").string()), arguments);
    if (!process.waitForFinished(120'000))
        process.kill();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

}  // namespace

class JobsCliTest : public QObject {
    Q_OBJECT

    std::unique_ptr<test::JobProject> jobs_;

    QString file(const char* name) const { return QString::fromStdString((jobs_->root() / name).string()); }
    Outcome jobs(const char* command, const QStringList& rest = {}) const {
        return sqil_(QStringList{QStringLiteral("jobs"), QLatin1String(command), QStringLiteral("--project"),
                                 file("study.sqil")} +
                     rest);
    }
    Outcome submit(const QStringList& rest) const {
        return sqil_(QStringList{"jobs", "submit", "train", "--project", file("study.sqil"), "--policy",
                                 file("policy.pt2"), "--rollouts", file("rollouts.hdf5"), "--recipe", "qrd", "--batch",
                                 "16", "--json"} +
                     rest);
    }

private Q_SLOTS:
    void init() { jobs_ = std::make_unique<test::JobProject>(); }
    void cleanup() { jobs_.reset(); }

    void submitListShowFollow() {
        const Outcome submitted = submit({"--steps", "80", "--name", "small one"});
        QVERIFY2(submitted.code == 0, submitted.err.constData());
        const QString id = QString::number(submitted.parsed().at("jobs").front().get<int>());
        const Outcome followed = jobs("follow", {id});  // it was started at once
        QVERIFY2(followed.code == 0, followed.err.constData());
        QVERIFY2(followed.out.contains("finished") && followed.out.contains("exported_gap"), followed.out.constData());
        const json listed = jobs("list", {"--json"}).parsed();
        QCOMPARE(listed.size(), std::size_t(1));
        QCOMPARE(listed[0].at("state").get<std::string>(), std::string("finished"));
        QCOMPARE(listed[0].at("name").get<std::string>(), std::string("small one"));
        const json shown = jobs("show", {id, "--json"}).parsed();
        QCOMPARE(shown.at("parameters").at("steps").get<int>(), 80);
        QCOMPARE(shown.at("metrics").back().at("step").get<int>(), 80);
        QVERIFY(std::filesystem::exists(shown.at("result").at("outputs").at("policy").get<std::string>()));
        QVERIFY(jobs("list").out.contains("small one"));
    }

    void gridsRunToTheirEnd() {
        QVERIFY(submit({"--steps", "40", "--grid", "seed=1,2", "--grid", "weights=4,8", "--hold"}).code == 0);
        const Outcome run = jobs("run", {"--limit", "cpu=2"});
        QVERIFY2(run.code == 0, run.err.constData());
        const json listed = jobs("list", {"--json"}).parsed();
        QCOMPARE(listed.size(), std::size_t(5));  // four, and the entry that unfolds
        for (const json& job : listed)
            QCOMPARE(job.at("state").get<std::string>(), std::string("finished"));
    }

    void chainsFromAFile() {
        std::ofstream(jobs_->root() / "chain.json") << json{{"name", "chain"},
                                                            {"jobs",
                                                             {{{"label", "repair"},
                                                               {"kind", "train"},
                                                               {"parameters",
                                                                {{"policy", file("policy.pt2").toStdString()},
                                                                 {"rollouts", file("rollouts.hdf5").toStdString()},
                                                                 {"recipe", "qat"},
                                                                 {"steps", 30}}}},
                                                              {{"kind", "analyze"},
                                                               {"parameters",
                                                                {{"policy", file("policy.pt2").toStdString()},
                                                                 {"quantized", "@repair/policy"},
                                                                 {"rollouts", file("rollouts.hdf5").toStdString()},
                                                                 {"perturbation", {"state"}}}}}}}};
        const Outcome submitted =
            sqil_({"jobs", "submit", "file", "--project", file("study.sqil"), file("chain.json"), "--json", "--hold"});
        QVERIFY2(submitted.code == 0, submitted.err.constData());
        QVERIFY(jobs("run").code == 0);
        const json shown = jobs("show", {"3", "--json"}).parsed();
        QCOMPARE(shown.at("state").get<std::string>(), std::string("finished"));
        QCOMPARE(shown.at("result").at("summary").at("episodes").get<int>(), test::SmallTask::kEpisodes);
    }

    void pausedCancelledRemoved() {
        QVERIFY(submit({"--steps", "50", "--hold"}).code == 0);
        QVERIFY(jobs("pause", {"1"}).code == 0);
        QVERIFY(jobs("pause", {"1"}).code == 3);
        QVERIFY(jobs("cancel", {"1"}).code == 0);
        const Outcome again = jobs("cancel", {"1"});
        QVERIFY2(again.code == 3 && again.err.contains("cancelled and cannot be cancelled"), again.err.constData());
        QVERIFY(jobs("remove", {"1"}).code == 0);
        QVERIFY(jobs("show", {"1"}).code == 3);
    }

    void aFailedQueueIsAFailure() {
        std::filesystem::copy_file(jobs_->root() / "policy.pt2", jobs_->root() / "wrong.hdf5");
        QVERIFY(submit({"--steps", "50", "--hold", "--rollouts", file("wrong.hdf5")}).code != 0);  // given twice
        const Outcome submitted =
            sqil_({"jobs", "submit", "train", "--project", file("study.sqil"), "--policy", file("policy.pt2"),
                   "--rollouts", file("wrong.hdf5"), "--recipe", "qat", "--hold"});
        QVERIFY2(submitted.code == 0, submitted.err.constData());
        const Outcome run = jobs("run");
        QVERIFY2(run.code == 3 && run.err.contains("wrong.hdf5"), run.err.constData());
    }

    /// A second connection of this process, opened and closed, must not drop the locks of the first: else another
    /// process that closes the project takes itself for the last one and removes the log that is in use.
    void anotherConnectionLeavesTheLocks() {
        QVERIFY(jobs_->project().putSetting("a", "1"));
        const auto log = jobs_->path().string() + "-wal";
        QVERIFY(std::filesystem::exists(log));
        QVERIFY(Project::open(jobs_->path()));
        QCOMPARE(jobs("list").code, 0);
        QVERIFY(std::filesystem::exists(log));
        QVERIFY(jobs_->project().putSetting("a", "2"));
        QCOMPARE(jobs("list").code, 0);
        QCOMPARE(*Project::open(jobs_->path()).value()->setting("a"), std::optional<std::string>("2"));
    }

    void mistakesAreTold_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("no project") << QStringList{"jobs", "list", "--project", "/nowhere.sqil"} << 3 << "nowhere.sqil";
        QTest::newRow("value") << QStringList{"jobs", "submit", "train", "--project", "x.sqil", "--steps", "0"} << 3
                               << "at least 1";
        QTest::newRow("grid") << QStringList{"jobs", "submit", "train", "--project", "x.sqil", "--grid", "sed=1"} << 3
                              << "PARAMETER=VALUE";
        QTest::newRow("preset") << QStringList{"jobs", "submit", "train", "--project", "x.sqil", "--preset", "x"} << 3
                                << "quick-look";
        QTest::newRow("kind") << QStringList{"jobs", "submit", "dance"} << 2 << "subcommand";
    }
    void mistakesAreTold() {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, says);
        const Outcome outcome = sqil_(arguments);
        QVERIFY2(outcome.code == code && outcome.err.contains(says.toUtf8()),
                 qPrintable(QString::number(outcome.code) + outcome.err));
    }

    void estimatesAreMeasured() {
        const QStringList arguments{
            "jobs",     "estimate",         "train",      "--project",           file("study.sqil"),
            "--policy", file("policy.pt2"), "--rollouts", file("rollouts.hdf5"), "--recipe",
            "qrd",      "--json",           "--steps"};
        const json thousand = sqil_(arguments + QStringList{"1000"}).parsed(),
                   million = sqil_(arguments + QStringList{"1000000"}).parsed();
        QCOMPARE(thousand.at("units").get<int>(), 1000);
        QVERIFY(thousand.at("unit_seconds").get<double>() > 0);
        QVERIFY(million.at("seconds").get<double>() > 50 * thousand.at("unit_seconds").get<double>() * 1000);
        QVERIFY(thousand.at("memory_bytes").get<std::int64_t>() > (std::int64_t{10} << 20));
        QVERIFY(!std::filesystem::exists(jobs_->root() / "study.jobs"));  // it has left nothing there
        QCOMPARE(sqil_({"jobs", "estimate", "takeover", "--project", file("study.sqil")}).code, 2);
    }
};

QTEST_GUILESS_MAIN(JobsCliTest)
#include "JobsCliTest.moc"
