#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>

#include <unistd.h>
#include <csignal>
#include <map>
#include <memory>

#include "core/project/Database.h"
#include "tests/project/ProjectFixtures.h"

using namespace sqil;
using test::contains;
using test::filled;
using test::pathIn;

namespace fs = std::filesystem;

namespace {

constexpr int kWrites = 1000;

/// Another process's work on a project. Prints its error, if any, and returns the exit status.
int reportError(const Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    return 1;
}

int hammer(const fs::path& path, const std::string& name) {
    const auto project = Project::open(path);
    if (!project)
        return reportError(project.error());
    const auto policies = (*project)->policies();
    const auto rollouts = (*project)->rollouts();
    const auto analysis = (*project)->findOrAddAnalysis(
        {0, policies->at(0).id, policies->at(1).id, rollouts->at(0).id, "{\"shared\":true}", ""});
    if (!analysis)
        return reportError(analysis.error());
    for (int i = 0; i < kWrites; ++i) {
        const std::string episode = name + "_" + std::to_string(i);
        const auto put = (*project)->putSeries(*analysis, episode, {{"sis", 1, std::vector<float>(100, 1.0f * i)}});
        const auto maps = (*project)->putMaps(*analysis, "shared", i, {{name, "image", 1, 1, {1.0f * i}}});
        if (!put)
            return reportError(put.error());
        if (!maps)
            return reportError(maps.error());
    }
    return 0;
}

/// Marks the same steps as the other process, and steps of its own of which it takes every second one away.
int bookmark(const fs::path& path, const std::string& name) {
    const auto project = Project::open(path);
    if (!project)
        return reportError(project.error());
    const RecordId rollouts = (*project)->rollouts()->at(0).id;
    for (int i = 0; i < kWrites; ++i) {
        for (const std::string& episode : {std::string("shared"), name})
            if (auto put = (*project)->putBookmark(rollouts, {episode, i, name, ""}); !put)
                return reportError(put.error());
        if (i % 2 == 1)
            if (auto removed = (*project)->removeBookmark(rollouts, name, i); !removed)
                return reportError(removed.error());
    }
    return 0;
}

int create(const fs::path& path) {
    const auto project = Project::create(path);
    if (!project)
        return contains(project.error().message, "exists already") ? 3 : reportError(project.error());
    return (*project)->putSetting("made by", std::to_string(::getpid())) ? 0 : 1;
}

/// Writes pairs of equal series for ever; says so once it is under way.
int writePairs(const fs::path& path) {
    const auto project = Project::open(path);
    if (!project)
        return reportError(project.error());
    const RecordId analysis = (*project)->analyses()->at(0).id;
    for (int i = 0;; ++i) {
        const std::vector<float> values(2000, 1.0f * i);
        const auto put =
            (*project)->putSeries(analysis, "demo_" + std::to_string(i % 20), {{"a", 1, values}, {"b", 1, values}});
        if (!put)
            return reportError(put.error());
        if (i == 30) {
            std::puts("writing");
            std::fflush(stdout);
        }
    }
}

/// As an ordinary user where this is root: permissions do not bind root.
int openReadOnly(const fs::path& path) {
    if (::geteuid() == 0 && (::setegid(65534) != 0 || ::seteuid(65534) != 0))
        return 77;
    const auto project = Project::open(path);
    if (!project)
        return reportError(project.error());
    const auto policies = (*project)->policies();
    if (!policies || policies->size() != 2)
        return 2;
    const auto put = (*project)->putSetting("a", "b");
    std::printf("%d %s", (*project)->readOnly() ? 1 : 0, put ? "written" : put.error().message.c_str());
    return 0;
}

int work(const std::string& task, const fs::path& path, const std::string& name) {
    if (task == "--hammer")
        return hammer(path, name);
    if (task == "--bookmark")
        return bookmark(path, name);
    if (task == "--create")
        return create(path);
    if (task == "--pairs")
        return writePairs(path);
    return openReadOnly(path);
}

std::unique_ptr<QProcess> start(const char* task, const fs::path& path, const QString& name = "x") {
    auto process = std::make_unique<QProcess>();
    process->start(QCoreApplication::applicationFilePath(), {task, QString::fromStdString(path.string()), name});
    return process;
}

void finish(QProcess& process) {
    QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished(120'000));
    QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0,
             process.readAllStandardError().constData());
}

}  // namespace

class TestProjectProcesses : public QObject {
    Q_OBJECT
private slots:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }
    void twoProcessesLoseNothing();
    void twoProcessesKeepEachOthersBookmarks();
    void oneOfSeveralCreatesTheFile();
    void aKilledWriterLeavesWholeTransactions();
    void readOnlyFilesOpenReadOnly();
    void aLockedProjectSaysSo();

private:
    fs::path path(const std::string& name = "p.sqil") const { return pathIn(*folder_, name); }

    std::unique_ptr<QTemporaryDir> folder_;
};

void TestProjectProcesses::twoProcessesLoseNothing() {
    const auto made = filled(path());
    const auto first = start("--hammer", path(), "first"), second = start("--hammer", path(), "second");
    int reads = 0;
    while (first->state() != QProcess::NotRunning || second->state() != QProcess::NotRunning) {
        VERIFY_RESULT(made.project->analyses());
        VERIFY_RESULT(made.project->putSetting("reads", std::to_string(++reads)));
        first->waitForFinished(5);
        second->waitForFinished(5);
    }
    finish(*first);
    finish(*second);
    const auto analyses = made.project->analyses();
    VERIFY_RESULT(analyses);
    QCOMPARE(analyses->size(), std::size_t{2});  // both found the one
    const RecordId analysis = analyses->back().id;
    const auto all = made.project->seriesOfAll(analysis, "sis");
    VERIFY_RESULT(all);
    QCOMPARE(all->size(), std::size_t{2 * kWrites});
    for (const char* name : {"first", "second"}) {
        for (int i = 0; i < kWrites; ++i)
            QCOMPARE(made.project->series(analysis, std::string(name) + "_" + std::to_string(i))->at(0).values,
                     std::vector<float>(100, 1.0f * i));
        QCOMPARE(made.project->stepsWithMaps(analysis, "shared", name)->size(), std::size_t{kWrites});
    }
    QCOMPARE(made.project->setting("reads").value(), std::optional(std::to_string(reads)));
    QVERIFY(reads > 0);
}

void TestProjectProcesses::twoProcessesKeepEachOthersBookmarks() {
    const auto made = filled(path());
    const auto first = start("--bookmark", path(), "first"), second = start("--bookmark", path(), "second");
    finish(*first);
    finish(*second);
    const auto bookmarks = made.project->bookmarks(made.rollouts);
    VERIFY_RESULT(bookmarks);
    std::map<std::string, int> counts;
    for (const BookmarkRecord& one : *bookmarks) {
        ++counts[one.episode];
        QVERIFY(one.episode == "shared" || (one.note == one.episode && one.step % 2 == 0));
    }
    QCOMPARE(counts["shared"], kWrites);  // one a step, whoever was last
    QCOMPARE(counts["first"], kWrites / 2);
    QCOMPARE(counts["second"], kWrites / 2);
}

void TestProjectProcesses::oneOfSeveralCreatesTheFile() {
    for (int round = 0; round < 20; ++round) {
        const fs::path file = path("round" + std::to_string(round) + ".sqil");
        std::vector<std::unique_ptr<QProcess>> processes;
        for (int i = 0; i < 4; ++i)
            processes.push_back(start("--create", file));
        int created = 0;
        qint64 creator = 0;
        for (const auto& process : processes) {
            const qint64 id = process->processId();
            QVERIFY(process->state() == QProcess::NotRunning || process->waitForFinished(60'000));
            QVERIFY2(process->exitCode() == 0 || process->exitCode() == 3, process->readAllStandardError().constData());
            if (process->exitCode() == 0) {
                ++created;
                creator = id;
            }
        }
        QCOMPARE(created, 1);
        const auto project = Project::open(file);
        VERIFY_RESULT(project);
        QCOMPARE((*project)->setting("made by").value(), std::optional(std::to_string(creator)));
    }
}

void TestProjectProcesses::aKilledWriterLeavesWholeTransactions() {
    filled(path()).project.reset();
    for (int round = 0; round < 6; ++round) {
        const auto writer = start("--pairs", path());
        QVERIFY(writer->waitForReadyRead(60'000));
        QTest::qSleep(13 * round + 1);
        QVERIFY(::kill(static_cast<pid_t>(writer->processId()), SIGKILL) == 0);
        QVERIFY(writer->waitForFinished(60'000));
        QVERIFY(writer->exitStatus() == QProcess::CrashExit);

        const auto project = Project::open(path());
        VERIFY_RESULT(project);
        const RecordId analysis = (*project)->analyses()->at(0).id;
        for (int episode = 0; episode < 20; ++episode) {
            const auto pair = (*project)->series(analysis, "demo_" + std::to_string(episode));
            VERIFY_RESULT(pair);
            QCOMPARE(pair->size(), std::size_t{2});
            QVERIFY(pair->at(0).values == pair->at(1).values);
        }
        VERIFY_RESULT((*project)->putSetting("round", std::to_string(round)));
        auto database = Database::open(path(), Database::Mode::ReadWrite);
        VERIFY_RESULT(database);
        auto check = (*database)->prepare("PRAGMA integrity_check");
        VERIFY_RESULT(check);
        QVERIFY(check->step().value());
        QCOMPARE(check->text(0), std::string("ok"));
    }
}

void TestProjectProcesses::readOnlyFilesOpenReadOnly() {
    QVERIFY(QFile::setPermissions(folder_->path(), QFile::Permissions(0x7777)));
    filled(path()).project.reset();
    const auto check = [&](const char* what) {
        const auto reader = start("--read", path());
        QVERIFY(reader->waitForFinished(60'000));
        if (reader->exitCode() == 77)
            QSKIP("cannot become an ordinary user here");
        const QByteArray output = reader->readAllStandardOutput();
        QVERIFY2(reader->exitCode() == 0, reader->readAllStandardError().constData());
        QVERIFY2(output.startsWith("1 ") && output.contains("read-only"), (what + output).constData());
    };
    const auto before = test::bytesOf(path());
    fs::permissions(path(), fs::perms(0444));
    check("file: ");
    fs::permissions(path().parent_path(), fs::perms(0555));
    check("file and folder: ");
    fs::permissions(path(), fs::perms(0666));
    check("folder: ");
    fs::permissions(path().parent_path(), fs::perms(0755));
    QCOMPARE(test::bytesOf(path()), before);
}

void TestProjectProcesses::aLockedProjectSaysSo() {
    const auto made = filled(path());
    auto other = Database::open(path(), Database::Mode::ReadWrite);
    VERIFY_RESULT(other);
    const auto transaction = Transaction::begin(**other);
    VERIFY_RESULT(transaction);
    QElapsedTimer timer;
    timer.start();
    const auto put = made.project->putSetting("a", "b");
    QVERIFY(!put);
    QCOMPARE(put.error().kind, ErrorKind::Io);
    QVERIFY2(contains(put.error().message, "try again"), put.error().message.c_str());
    QVERIFY(timer.elapsed() >= 4000);
    VERIFY_RESULT(made.project->policies());  // readers do not wait
}

int main(int argc, char** argv) {
    if (argc == 4 && std::string(argv[1]).starts_with("--"))
        return work(argv[1], argv[2], argv[3]);
    QCoreApplication application(argc, argv);
    TestProjectProcesses test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_project_processes.moc"
