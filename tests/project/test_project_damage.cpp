#include <fstream>
#include <random>
#include <stdexcept>

#include "core/project/Database.h"
#include "core/project/Schema.h"
#include "tests/project/ProjectFixtures.h"

using namespace sqil;
using test::bytesOf;
using test::contains;
using test::filled;
using test::pathIn;

namespace fs = std::filesystem;

namespace {

void writeBytes(const fs::path& path, const std::vector<char>& bytes, std::size_t count) {
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(count));
}

void alter(const fs::path& path, const std::string& sql) {
    const auto database = Database::open(path, Database::Mode::ReadWrite);
    VERIFY_RESULT(database);
    VERIFY_RESULT((*database)->execute(sql));
}

/// A project with enough in it to have several pages of every kind.
std::vector<char> largeProject(const fs::path& path) {
    auto made = filled(path);
    const auto complain = [](const Error& error) { throw std::runtime_error(error.message); };
    for (int episode = 0; episode < 40; ++episode) {
        const std::string name = "demo_" + std::to_string(episode);
        made.project->putSeries(made.analysis, name, {{"sis", 1, std::vector<float>(1500, 1)}}).or_else(complain);
        made.project->putMaps(made.analysis, name, 3, {{"fp", "image", 8, 8, std::vector<float>(64, 1)}})
            .or_else(complain);
    }
    made.project.reset();
    return bytesOf(path);
}

/// Everything that can be asked of a project. How many answers were errors.
int readAll(Project& project) {
    int errors = 0;
    const auto count = [&](const auto& result) { errors += result ? 0 : 1; };
    count(project.policies());
    count(project.rollouts());
    count(project.setting("layout"));
    const auto analyses = project.analyses();
    count(analyses);
    if (!analyses)
        return errors;
    for (const AnalysisRecord& analysis : *analyses) {
        count(project.seriesOfAll(analysis.id, "sis"));
        count(project.progress(analysis.id));
        for (int episode = 0; episode < 40; ++episode) {
            const std::string name = "demo_" + std::to_string(episode);
            count(project.series(analysis.id, name));
            count(project.maps(analysis.id, name, 3));
            count(project.stepsWithMaps(analysis.id, name));
        }
    }
    return errors;
}

}  // namespace

class TestProjectDamage : public QObject {
    Q_OBJECT
private slots:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }
    void otherFilesAreLeftAlone();
    void truncatedFilesAreErrors();
    void damagedPagesNeverCrash();
    void newerSchemasAreRefused();
    void olderSchemasAreMigrated();
    void aFailedMigrationChangesNothing();
    void missingTablesAreErrors();
    void triggersAndViewsAreNotRun();
    void blobsMustFit();

private:
    fs::path path(const std::string& name = "p.sqil") const { return pathIn(*folder_, name); }

    std::unique_ptr<QTemporaryDir> folder_;
};

void TestProjectDamage::otherFilesAreLeftAlone() {
    QCOMPARE(Project::open(path()).error().kind, ErrorKind::NotFound);
    QVERIFY(!fs::exists(path()));
    QCOMPARE(Project::open(path("")).error().kind, ErrorKind::BadInput);
    const std::vector<std::string> contents{"",
                                            "x",
                                            "a text, no project\n",
                                            std::string(5000, '\0'),
                                            "SQLite format 3",
                                            std::string("SQLite format 3\0", 16),
                                            std::string("SQLite format 3\0", 16) + std::string(4096, 'x')};
    for (const std::string& content : contents) {
        const std::vector<char> bytes(content.begin(), content.end());
        writeBytes(path(), bytes, bytes.size());
        const auto project = Project::open(path());
        QVERIFY(!project);
        QVERIFY2(project.error().kind == ErrorKind::BadInput && contains(project.error().message, "p.sqil"),
                 project.error().message.c_str());
        QCOMPARE(bytesOf(path()), bytes);
    }
    const fs::path foreign = path("foreign.sqlite");
    {
        const auto database = Database::open(foreign, Database::Mode::Create);
        VERIFY_RESULT((*database)->execute("CREATE TABLE policies(id INTEGER); INSERT INTO policies VALUES(7)"));
    }
    const auto before = bytesOf(foreign);
    const auto project = Project::open(foreign);
    QVERIFY(!project);
    QVERIFY2(contains(project.error().message, "another program"), project.error().message.c_str());
    QCOMPARE(bytesOf(foreign), before);
}

void TestProjectDamage::truncatedFilesAreErrors() {
    const auto bytes = largeProject(path("whole.sqil"));
    QVERIFY(bytes.size() > 200'000);
    for (std::size_t size = 0; size < bytes.size(); size += size < 600 ? 50 : 3001) {
        writeBytes(path(), bytes, size);
        const auto project = Project::open(path());
        QVERIFY2(!project, qPrintable(QString("opened with %1 of %2 bytes").arg(size).arg(bytes.size())));
        QCOMPARE(bytesOf(path()).size(), size);
    }
    const auto whole = Project::open(path("whole.sqil"));
    VERIFY_RESULT(whole);
    QCOMPARE(readAll(**whole), 0);
}

void TestProjectDamage::damagedPagesNeverCrash() {
    const auto bytes = largeProject(path("whole.sqil"));
    std::mt19937 random(5);
    int errors = 0;
    for (int round = 0; round < 150; ++round) {
        auto damaged = bytes;
        // Half of them at the start of pages, where their tables of cells are.
        for (int i = 0; i < 6; ++i) {
            const std::size_t at =
                round % 2 ? random() % damaged.size() : random() % (damaged.size() / 4096) * 4096 + random() % 64;
            damaged[at] = static_cast<char>(random());
        }
        writeBytes(path(), damaged, damaged.size());
        const auto project = Project::open(path());
        if (!project) {
            ++errors;
            continue;
        }
        errors += readAll(**project);
        static_cast<void>((*project)->putSetting("layout", "x"));
    }
    QVERIFY(errors > 0);
}

void TestProjectDamage::newerSchemasAreRefused() {
    filled(path()).project.reset();
    alter(path(), "PRAGMA user_version = 99");
    const auto before = bytesOf(path());
    const auto project = Project::open(path());
    QVERIFY(!project);
    QCOMPARE(project.error().kind, ErrorKind::Unsupported);
    QVERIFY2(contains(project.error().message, "newer") && contains(project.error().message, "99"),
             project.error().message.c_str());
    QCOMPARE(bytesOf(path()), before);
    alter(path(), "PRAGMA user_version = -1");
    QVERIFY(!Project::open(path()));
}

void TestProjectDamage::olderSchemasAreMigrated() {
    {
        const auto database = Database::open(path(), Database::Mode::Create);
        VERIFY_RESULT((*database)->execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
        VERIFY_RESULT((*database)->execute("PRAGMA journal_mode = WAL"));
    }
    {
        const auto project = Project::open(path());  // version 0: the first migration makes the tables
        VERIFY_RESULT(project);
        VERIFY_RESULT((*project)->addPolicy({0, "kept", "/x.pt2", "", "", {}}));
    }
    const auto database = Database::open(path(), Database::Mode::ReadWrite);
    std::vector<Migration> future(migrations().begin(), migrations().end());
    const int newest = future.back().to;
    future.push_back({newest + 1, "ALTER TABLE policies ADD COLUMN note TEXT NOT NULL DEFAULT 'none'"});
    future.push_back({newest + 2, "UPDATE policies SET note = note || '!'"});
    for (int again = 0; again < 2; ++again) {  // the second time there is nothing to do
        VERIFY_RESULT(migrate(**database, path(), future));
        QCOMPARE((*database)->integer("PRAGMA user_version").value(), std::int64_t{newest + 2});
        auto note = (*database)->prepare("SELECT name || note FROM policies");
        VERIFY_RESULT(note);
        QVERIFY(note->step().value());
        QCOMPARE(note->text(0), std::string("keptnone!"));
    }
}

void TestProjectDamage::aFailedMigrationChangesNothing() {
    filled(path()).project.reset();
    {
        const auto database = Database::open(path(), Database::Mode::ReadWrite);
        std::vector<Migration> future(migrations().begin(), migrations().end());
        const int newest = future.back().to;
        future.push_back({newest + 1, "DELETE FROM analyses"});
        future.push_back({newest + 2, "INSERT INTO no_such_table VALUES(1)"});
        QVERIFY(!migrate(**database, path(), future));
    }
    const auto project = Project::open(path());
    VERIFY_RESULT(project);
    QCOMPARE((*project)->analyses()->size(), std::size_t{1});
    // Nor can a read-only file be migrated.
    const auto readOnly = Database::open(path(), Database::Mode::ReadOnly);
    const std::vector<Migration> future{{7, "DELETE FROM analyses"}};
    const auto refused = migrate(**readOnly, path(), future);
    QVERIFY(!refused);
    QVERIFY2(contains(refused.error().message, "cannot be written"), refused.error().message.c_str());
}

void TestProjectDamage::missingTablesAreErrors() {
    filled(path()).project.reset();
    alter(path(), "DROP TABLE maps");
    const auto project = Project::open(path());
    QVERIFY(!project);
    QVERIFY2(contains(project.error().message, "maps"), project.error().message.c_str());
}

void TestProjectDamage::triggersAndViewsAreNotRun() {
    filled(path()).project.reset();
    alter(path(), "CREATE TRIGGER hostile AFTER INSERT ON settings BEGIN DELETE FROM policies; END");
    {
        const auto project = Project::open(path());
        VERIFY_RESULT(project);
        VERIFY_RESULT((*project)->putSetting("a", "b"));
        QCOMPARE((*project)->policies()->size(), std::size_t{2});
    }
    alter(path(), "DROP TABLE settings");
    alter(path(), "CREATE VIEW settings AS SELECT name, path AS value FROM policies");
    QVERIFY(!Project::open(path()));
}

void TestProjectDamage::blobsMustFit() {
    auto made = filled(path());
    VERIFY_RESULT(made.project->putSeries(made.analysis, "demo_0", {{"sis", 1, {1, 2, 3}}}));
    VERIFY_RESULT(made.project->putMaps(made.analysis, "demo_0", 3, {{"fp", "image", 2, 2, {1, 2, 3, 4}}}));
    for (const char* sql : {"UPDATE series SET data = x'00'", "UPDATE series SET data = x'0000000000000000', width = 3",
                            "UPDATE series SET width = 0", "UPDATE series SET width = -1"}) {
        alter(path(), sql);
        const auto series = made.project->series(made.analysis, "demo_0");
        QVERIFY2(!series, sql);
        QVERIFY2(contains(series.error().message, "\"sis\""), series.error().message.c_str());
        QVERIFY(!made.project->seriesOfAll(made.analysis, "sis"));
    }
    for (const char* sql : {"UPDATE maps SET rows = 3", "UPDATE maps SET rows = -2, columns = -2",
                            "UPDATE maps SET rows = 4611686018427387904, columns = 4"}) {
        alter(path(), sql);
        const auto maps = made.project->maps(made.analysis, "demo_0", 3);
        QVERIFY2(!maps, sql);
        QVERIFY2(contains(maps.error().message, "image"), maps.error().message.c_str());
    }
}

QTEST_GUILESS_MAIN(TestProjectDamage)
#include "test_project_damage.moc"
