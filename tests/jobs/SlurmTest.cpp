// Jobs through a real Slurm of one node, started here as root with a configuration of its own.
#include <unistd.h>

#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>

#include "core/jobs/Command.h"
#include "plugins/Plugins.h"
#include "tests/jobs/JobFixtures.h"

using namespace sqil;

namespace {

/// munged, slurmctld and slurmd in a folder of their own; they end with the object.
class SlurmNode {
public:
    ~SlurmNode() {
        for (auto process = processes_.rbegin(); process != processes_.rend(); ++process) {
            (*process)->terminate();
            if (!(*process)->waitForFinished(5000)) {
                (*process)->kill();
                (*process)->waitForFinished(2000);
            }
        }
    }

    /// Empty, or why there is no Slurm here.
    QString start() {
        for (const char* program : {"munged", "slurmctld", "slurmd", "sbatch"})
            if (find(program).isEmpty())
                return QStringLiteral("%1 is not installed (scripts/setup.sh tests)").arg(QLatin1String(program));
        if (::geteuid() != 0)
            return QStringLiteral("Slurm's daemons need root");
        write("munge.key", QByteArray(128, '\x5a'));
        QFile::setPermissions(path("munge.key"), QFile::ReadOwner);
        for (const char* folder : {"state", "spool"})
            QDir(folder_.path()).mkdir(QLatin1String(folder));
        const QString host = QSysInfo::machineHostName().section(QLatin1Char('.'), 0, 0);
        const QString socket = path("munge.socket");
        const QString configuration =
            QStringLiteral(
                "ClusterName=test\nSlurmctldHost=%1(127.0.0.1)\nSlurmctldPort=%2\nSlurmdPort=%3\nSlurmUser=root\n"
                "SlurmdUser=root\nAuthType=auth/munge\nAuthInfo=socket=%4\nCredType=cred/munge\nMpiDefault=none\n"
                "ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nSelectType=select/cons_tres\n"
                "SelectTypeParameters=CR_CPU\nSchedulerType=sched/builtin\nReturnToService=2\nSwitchType=switch/none\n"
                "StateSaveLocation=%5/state\nSlurmdSpoolDir=%5/spool\nSlurmctldPidFile=%5/ctld.pid\n"
                "SlurmdPidFile=%5/d.pid\nSlurmctldLogFile=%5/ctld.log\nSlurmdLogFile=%5/"
                "d.log\nMinJobAge=60\nKillWait=5\n"
                "JobAcctGatherType=jobacct_gather/none\nAccountingStorageType=accounting_storage/none\n"
                "SlurmdParameters=config_overrides\n"
                "NodeName=%1 NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN\nPartitionName=all Nodes=%1 Default=YES "
                "State=UP\n")
                .arg(host)
                .arg(freePort())
                .arg(freePort())
                .arg(socket, folder_.path());
        write("slurm.conf", configuration.toUtf8());
        const bool isUnified = QFileInfo::exists(QStringLiteral("/sys/fs/cgroup/cgroup.controllers"));
        write("cgroup.conf", isUnified ? "CgroupPlugin=cgroup/v2\nIgnoreSystemd=yes\n"
                                       : "CgroupPlugin=cgroup/v1\nIgnoreSystemd=yes\n");
        qputenv("SLURM_CONF", path("slurm.conf").toUtf8());
        run("munged", {"--foreground", "--force", "--socket=" + socket, "--key-file=" + path("munge.key"),
                       "--pid-file=" + path("munged.pid"), "--log-file=" + path("munged.log"),
                       "--seed-file=" + path("munged.seed")});
        if (!waitUntil([&] { return QFileInfo::exists(socket); }))
            return QStringLiteral("munged does not start: ") + tail("munged.log");
        run("slurmctld", {"-D", "-f", path("slurm.conf")});
        run("slurmd", {"-D", "-f", path("slurm.conf"), "-N", host});
        const auto isIdle = [] {
            const auto state = runCommand({"sinfo", "--noheader", "--format=%t"}, "", 5);
            return state && state->starts_with("idle");
        };
        if (!waitUntil(isIdle))
            return QStringLiteral("the node does not come up: ") + tail("ctld.log") + tail("d.log");
        return {};
    }

private:
    static QString find(const char* program) {
        const QString found = QStandardPaths::findExecutable(QLatin1String(program));
        return found.isEmpty() ? QStandardPaths::findExecutable(QLatin1String(program), {QStringLiteral("/usr/sbin")})
                               : found;
    }
    static int freePort() {
        QTcpServer server;
        server.listen(QHostAddress::LocalHost);
        return server.serverPort();
    }
    static bool waitUntil(const std::function<bool()>& holds) {
        for (int look = 0; look < 150; ++look) {
            if (holds())
                return true;
            QTest::qSleep(100);
        }
        return false;
    }
    QString path(const char* name) const { return folder_.filePath(QLatin1String(name)); }
    void write(const char* name, const QByteArray& text) const {
        QFile file(path(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(text);
    }
    QString tail(const char* name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll().right(400)) : QString();
    }
    void run(const char* program, const QStringList& arguments) {
        processes_.push_back(std::make_unique<QProcess>());
        processes_.back()->setStandardOutputFile(QProcess::nullDevice());
        processes_.back()->setStandardErrorFile(QProcess::nullDevice());
        processes_.back()->start(find(program), arguments);
        processes_.back()->waitForStarted();
    }

    QTemporaryDir folder_;
    std::vector<std::unique_ptr<QProcess>> processes_;
};

}  // namespace

class SlurmTest : public QObject {
    Q_OBJECT

    std::unique_ptr<SlurmNode> node_;
    std::unique_ptr<test::JobProject> jobs_;

    JobSpec onSlurm(std::int64_t steps) {
        JobSpec spec = jobs_->training(steps);
        spec.launcher = "slurm";
        return spec;
    }

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        node_ = std::make_unique<SlurmNode>();
        if (const QString problem = node_->start(); !problem.isEmpty())
            QSKIP(qPrintable(QStringLiteral("no Slurm here: ") + problem));
    }
    void cleanupTestCase() { node_.reset(); }
    void init() { jobs_ = std::make_unique<test::JobProject>(); }
    void cleanup() {
        jobs_.reset();
        // Slurm has heard of every end: its steps would otherwise wait for it for ever.
        for (int look = 0; look < 100; ++look) {
            const auto active = runCommand({"squeue", "--noheader", "--states=RUNNING,COMPLETING"}, "", 10);
            if (!active || active->empty())
                break;
            QTest::qSleep(200);
        }
    }

    void aGridIsAnArray() {
        JobBatch batch;
        batch.jobs = {onSlurm(60)};
        batch.grid["seed"] = {1, 2, 3};
        const auto ids = submit(jobs_->project(), batch);
        QVERIFY2(ids, ids ? "" : ids.error().message.c_str());
        QVERIFY(schedule(jobs_->project()));
        std::set<std::string> launches;
        for (const JobRecord& job : jobs_->all())
            if (!job.isGroup())
                launches.insert(job.launch.substr(0, job.launch.find('_')));
        QCOMPARE(launches.size(), std::size_t(1));  // one sbatch for all three
        QVERIFY(jobs_->waitFor(ids->front(), JobState::Finished));
        QCOMPARE(jobs_->project().policies()->size(), std::size_t(4));
    }

    void cancelledInTheQueueAndAtWork() {
        const RecordId first = jobs_->add(onSlurm(10'000'000));
        QVERIFY(jobs_->waitForStep(first, 60));
        const RecordId second = jobs_->add(onSlurm(10'000'000)), third = jobs_->add(onSlurm(10'000'000));
        QVERIFY(jobs_->waitForStep(second, 1));
        QVERIFY(schedule(jobs_->project()));  // two processors: the third waits in Slurm's queue
        QCOMPARE(jobs_->job(third).state, JobState::Queued);
        QVERIFY(!jobs_->job(third).launch.empty());
        QVERIFY(jobs_->store().cancel(third));
        QVERIFY(jobs_->store().cancel(first));
        QVERIFY(jobs_->waitFor(first, JobState::Cancelled));
        QVERIFY2(jobs_->job(first).message.find("stopped at step") != std::string::npos,
                 jobs_->job(first).message.c_str());
        QVERIFY(jobs_->waitUntil([&] { return jobs_->job(third).launch.empty(); }));
        QCOMPARE(jobs_->job(third).attempt, 0);
        QVERIFY(jobs_->store().resume(first));
        QVERIFY(jobs_->waitForStep(first, 60));
    }

    /// Slurm ends a job (its time is up, a user's scancel) with SIGTERM: a checkpoint is written, and it can go on.
    void endedBySlurmIsTold() {
        const RecordId id = jobs_->add(onSlurm(10'000'000));
        QVERIFY(jobs_->waitForStep(id, 60));
        QVERIFY(runCommand({"scancel", jobs_->job(id).launch}, "", 10));
        QVERIFY(jobs_->waitFor(id, JobState::Cancelled));
        QVERIFY2(jobs_->job(id).message.find("Terminated") != std::string::npos, jobs_->job(id).message.c_str());
        QVERIFY(jobs_->store().resume(id));
        QVERIFY(jobs_->waitForStep(id, 60));
        QCOMPARE(jobs_->job(id).attempt, 2);
    }
};

QTEST_GUILESS_MAIN(SlurmTest)
#include "SlurmTest.moc"
