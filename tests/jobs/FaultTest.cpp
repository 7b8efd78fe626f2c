// What a night's work must survive: workers and windows killed at any instant, a full disk, a folder that cannot be
// written.
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <QProcess>
#include <csignal>
#include <random>

#include "core/project/Database.h"
#include "plugins/Plugins.h"
#include "tests/jobs/JobFixtures.h"

using namespace sqil;

namespace {

constexpr int kWorkerKills = 100;
constexpr int kWindowKills = 20;
constexpr int kKillsBetweenRests = 20;
constexpr std::int64_t kSteps = 2500;

int parentOf(int process) {
    std::ifstream stream("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(stream, text);
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    std::string state;
    int parent = 0;
    fields >> state >> parent;
    return parent;
}

/// "ok", or what SQLite finds wrong with the file.
std::string integrityOf(const std::filesystem::path& path) {
    auto database = Database::open(path, Database::Mode::ReadOnly);
    if (!database)
        return database.error().message;
    auto statement = (*database)->prepare("PRAGMA integrity_check(5)");
    if (!statement)
        return statement.error().message;
    const auto row = statement->step();
    return row ? statement->text(0) : row.error().message;
}

/// A small file system of its own, where this user may make one.
class SmallDisk {
public:
    explicit SmallDisk(const char* size) {
        mounted_ = ::mount("tmpfs", folder_.path().toUtf8().constData(), "tmpfs", 0, size) == 0;
    }
    ~SmallDisk() {
        if (mounted_)
            ::umount2(folder_.path().toUtf8().constData(), MNT_DETACH);
    }
    bool isMounted() const { return mounted_; }
    /// False while a file on it is open for writing.
    bool makeReadOnly() {
        return ::mount("tmpfs", folder_.path().toUtf8().constData(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    }
    std::filesystem::path path() const { return folder_.path().toStdString(); }

private:
    QTemporaryDir folder_;
    bool mounted_ = false;
};

}  // namespace

class FaultTest : public QObject {
    Q_OBJECT

    std::mt19937 random_{7};
    int chance(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

    /// What was finished stays finished, with its policy.
    static void checkFinished(test::JobProject& jobs, std::set<RecordId>& finished) {
        for (const JobRecord& job : jobs.all()) {
            if (job.state == JobState::Finished)
                finished.insert(job.id);
            if (finished.contains(job.id)) {
                QCOMPARE(job.state, JobState::Finished);
                QVERIFY(std::filesystem::exists(jobs.output(job.id)));
            }
        }
    }

    /// Everything is resumed until all of it is finished, and equals a run that nobody disturbed.
    static void finishAll(test::JobProject& jobs, const std::string& undisturbed) {
        const bool done = jobs.waitUntil(
            [&] {
                bool all = true;
                for (const JobRecord& job : jobs.all()) {
                    if (job.state == JobState::Failed || job.state == JobState::Cancelled)
                        static_cast<void>(jobs.store().resume(job.id));
                    all = all && job.state == JobState::Finished;
                }
                return all;
            },
            240'000);
        QVERIFY(done);
        for (const JobRecord& job : jobs.all())
            QVERIFY2(test::bytesOf(jobs.output(job.id)) == undisturbed, std::to_string(job.id).c_str());
    }

    static std::string undisturbedRun() {
        test::JobProject jobs;
        const RecordId id = jobs.add(jobs.training(kSteps));
        return jobs.waitFor(id, JobState::Finished) ? test::bytesOf(jobs.output(id)) : std::string();
    }

private Q_SLOTS:
    void initTestCase() { registerPlugins(); }

    void workersKilledAtAnyInstant() {
        const std::string undisturbed = undisturbedRun();
        QVERIFY(!undisturbed.empty());
        test::JobProject jobs;
        QVERIFY(jobs.store().setLimit("cpu", 3));
        std::set<RecordId> finished;
        int kills = 0, supervisors = 0, rested = 0;
        QElapsedTimer timer;
        timer.start();
        while (kills < kWorkerKills && timer.elapsed() < 400'000) {
            std::vector<JobRecord> running;
            int live = 0;
            for (const JobRecord& job : jobs.all()) {
                if (job.state == JobState::Failed)
                    QVERIFY(jobs.store().resume(job.id));
                live += job.state != JobState::Finished;
                if (job.state == JobState::Running)
                    running.push_back(job);
            }
            for (; live < 3; ++live)
                jobs.add(jobs.training(kSteps));
            QVERIFY(schedule(jobs.project()));
            if (!running.empty()) {
                // Any instant: while it starts, reads, trains, writes a checkpoint, exports, ends.
                QTest::qSleep(chance(120));
                const JobRecord& victim = running[std::size_t(chance(int(running.size())))];
                const int process = localProcess(victim.workerJson);
                if (process > 0) {
                    const int supervisor = parentOf(process);
                    const int way = chance(4);  // the worker, or with it who watches it: as when the power fails
                    if (way == 0 && supervisor > 1) {
                        ::kill(supervisor, SIGKILL);
                        ++supervisors;
                    }
                    ::kill(process, SIGKILL);
                    ++kills;
                }
            }
            if (kills % 10 == 0)
                QCOMPARE(integrityOf(jobs.path()), std::string("ok"));
            if (kills % kKillsBetweenRests == 0 && kills > rested) {  // long enough for one to finish
                rested = kills;
                const std::size_t before = finished.size();
                QVERIFY(jobs.waitUntil([&] {
                    checkFinished(jobs, finished);
                    return finished.size() > before;
                }));
            }
            checkFinished(jobs, finished);
            QTest::qSleep(20);
        }
        QCOMPARE(kills, kWorkerKills);
        QVERIFY(finished.size() >= std::size_t(kWorkerKills / kKillsBetweenRests - 1));
        qInfo("%d workers killed in %.0f s, %d of them with who watched them; %zu jobs had finished meanwhile", kills,
              double(timer.elapsed()) / 1000, supervisors, finished.size());
        finishAll(jobs, undisturbed);
        QCOMPARE(integrityOf(jobs.path()), std::string("ok"));
        QCOMPARE(jobs.project().policies()->size(), jobs.store().jobs()->size() + 1);  // each policy, once
    }

    void windowsKilledAtAnyInstant() {
        const auto window = test::programs() / "sqil-studio";
        if (!std::filesystem::exists(window))
            QSKIP("the window was not built");
        const std::string undisturbed = undisturbedRun();
        test::JobProject jobs;
        const QTemporaryDir home;
        std::set<RecordId> finished;
        for (int kill = 0; kill < kWindowKills; ++kill) {
            bool anyLive = false;
            for (const JobRecord& job : jobs.all())
                anyLive = anyLive || !isOver(job.state);
            if (!anyLive)
                jobs.add(jobs.training(kSteps));
            QProcess process;  // it schedules, looks, and is gone in the middle of it
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
            environment.insert(QStringLiteral("HOME"), home.path());
            process.setProcessEnvironment(environment);
            process.start(QString::fromStdString(window.string()), {QString::fromStdString(jobs.path().string())});
            QVERIFY(process.waitForStarted());
            QTest::qSleep(100 + chance(1500));
            process.kill();
            QVERIFY(process.waitForFinished());
            QCOMPARE(integrityOf(jobs.path()), std::string("ok"));
            checkFinished(jobs, finished);
        }
        finishAll(jobs, undisturbed);
    }

    void aFullDiskLosesNothing() {
        const SmallDisk disk("size=3m");
        if (!disk.isMounted())
            QSKIP("a file system of a fixed size can only be made by root");
        qputenv("SQIL_WORKER", QByteArray::fromStdString((test::programs() / "sqil").string()));
        test::SmallTask().write(disk.path());
        auto project = Project::create(disk.path() / "study.sqil");
        QVERIFY2(project, project ? "" : project.error().message.c_str());
        JobStore store(**project);
        const JobSpec spec{.kind = "train",
                           .parameters = {{"policy", (disk.path() / "policy.pt2").string()},
                                          {"rollouts", (disk.path() / "rollouts.hdf5").string()},
                                          {"recipe", "qrd"},
                                          {"steps", 20000},
                                          {"batch", 16},
                                          {"evaluate_every", 100},
                                          {"checkpoint_every", 50}}};
        const auto ids = submit(**project, {.jobs = {spec}});
        QVERIFY2(ids, ids ? "" : ids.error().message.c_str());
        const RecordId id = ids->front();
        const auto waitUntil = [&](auto holds) {
            QElapsedTimer timer;
            timer.start();
            while (timer.elapsed() < 90'000) {
                static_cast<void>(schedule(**project));
                const auto job = store.job(id);
                if (job && holds(*job))
                    return true;
                QTest::qSleep(50);
            }
            return false;
        };
        QVERIFY(waitUntil([](const JobRecord& job) { return job.stage == "Training" && job.done > 100; }));
        {
            QFile fill(QString::fromStdString((disk.path() / "fill").string()));
            QVERIFY(fill.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
            const QByteArray block(64 << 10, 'x');
            while (fill.write(block) == block.size()) {
            }
            while (fill.write("x", 1) == 1) {
            }
        }
        QTest::qSleep(4000);
        QCOMPARE(integrityOf(disk.path() / "study.sqil"), std::string("ok"));
        std::filesystem::remove(disk.path() / "fill");
        // It has gone on, or it has failed and says why; either way it can be finished.
        QVERIFY(waitUntil([&](const JobRecord& job) {
            if (job.state == JobState::Failed) {
                qInfo("full disk: %s", job.message.c_str());
                return true;
            }
            return job.state == JobState::Finished || millisecondsNow() - job.heartbeatAt < 2000;
        }));
        const JobRecord after = *store.job(id);
        if (after.state == JobState::Failed) {
            QVERIFY2(
                after.message.find("space") != std::string::npos || after.message.find("disk") != std::string::npos,
                after.message.c_str());
            QVERIFY(store.resume(id));
            QVERIFY(waitUntil([](const JobRecord& job) { return job.stage == "Training" && job.done >= 100; }));
        }
        QVERIFY(store.cancel(id));
        QVERIFY(waitUntil([](const JobRecord& job) { return job.state == JobState::Cancelled; }));
        QCOMPARE(integrityOf(disk.path() / "study.sqil"), std::string("ok"));
    }

    void aReadOnlyFolderIsTold() {
        SmallDisk disk("size=64m");
        if (!disk.isMounted())
            QSKIP("a file system that cannot be written can only be made by root");
        RecordId id = 0;
        std::filesystem::path root, path;
        {
            test::JobProject jobs(disk.path());
            id = jobs.add(jobs.training(50));
            QVERIFY(jobs.waitFor(id, JobState::Finished));
            root = jobs.root();
            path = jobs.path();
        }
        const auto sqil = [](const QStringList& arguments) {
            QProcess process;
            process.start(QString::fromStdString((test::programs() / "sqil").string()), arguments);
            process.waitForFinished(60'000);
            return std::pair(process.exitCode(), process.readAllStandardOutput() + process.readAllStandardError());
        };
        QTRY_VERIFY_WITH_TIMEOUT(disk.makeReadOnly(), 30'000);  // once the last worker has closed its files
        const auto before = test::bytesOf(path);
        const QString project = QString::fromStdString(path.string());
        const auto listed = sqil({"jobs", "list", "--project", project});
        QVERIFY2(listed.first == 0 && listed.second.contains("finished"), listed.second.constData());
        const auto submitted = sqil({"jobs", "submit", "train", "--project", project, "--policy",
                                     QString::fromStdString((root / "policy.pt2").string()), "--rollouts",
                                     QString::fromStdString((root / "rollouts.hdf5").string())});
        QVERIFY2(submitted.first == 5 && submitted.second.contains("read-only"), submitted.second.constData());
        const auto removed = sqil({"jobs", "remove", "--project", project, QString::number(id)});
        QVERIFY2(removed.first == 5 && removed.second.contains("read-only"), removed.second.constData());
        QVERIFY(test::bytesOf(path) == before);
    }
};

QTEST_GUILESS_MAIN(FaultTest)
#include "FaultTest.moc"
