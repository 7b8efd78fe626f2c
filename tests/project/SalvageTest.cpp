// Damaged project files: what can be read is, in a copy; the damaged one stays as it is.
#include <cmath>
#include <random>

#include "core/project/Database.h"
#include "core/project/Salvage.h"
#include "tests/project/ProjectFixtures.h"

using namespace sqil;
using test::bytesOf;
using test::contains;
using test::filled;
using test::pathIn;

namespace fs = std::filesystem;

namespace {

constexpr int kEpisodes = 60, kSteps = 1500;

void writeBytes(const fs::path& path, const std::vector<char>& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string nameOf(int episode) {
    return "demo_" + std::to_string(episode);
}

std::vector<float> valuesOf(int episode) {
    std::vector<float> values(kSteps);
    for (int step = 0; step < kSteps; ++step)
        values[std::size_t(step)] = float(episode * 10'000 + step);
    return values;
}

}  // namespace

class SalvageTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    std::vector<char> whole_;

    fs::path path(const std::string& name) const { return pathIn(*folder_, name); }

    /// Every series that was rescued has its own values, or none where a page is missing. How many there are.
    int checkSeries(const fs::path& file) {
        auto project = Project::open(file);
        if (!project)
            return -1;
        int found = 0;
        const auto analyses = (*project)->analyses().value();
        for (const AnalysisRecord& analysis : analyses)
            for (int episode = 0; episode < kEpisodes; ++episode) {
                const auto rescued = (*project)->series(analysis.id, nameOf(episode)).value();
                for (const Series& series : rescued) {
                    const std::vector<float> whole = valuesOf(episode);
                    if (series.values.size() != whole.size() ||
                        !std::equal(whole.begin(), whole.end(), series.values.begin(),
                                    [](float was, float is) { return was == is || std::isnan(is); }))
                        QTest::qFail(nameOf(episode).c_str(), __FILE__, __LINE__);
                    ++found;
                }
            }
        return found;
    }

private slots:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        auto made = filled(path("whole.sqil"));
        for (int episode = 0; episode < kEpisodes; ++episode) {
            QVERIFY(made.project->putSeries(made.analysis, nameOf(episode), {{"sis", 1, valuesOf(episode)}}));
            QVERIFY(made.project->putMaps(made.analysis, nameOf(episode), 3,
                                          {{"fp", "image", 8, 8, std::vector<float>(64, 1)}}));
        }
        QVERIFY(made.project->putSetting("layout", "wide"));
        const auto inside = made.project->addPolicy({0, "near", path("near.pt2"), "", "", {}});
        QVERIFY(inside);
        made.project.reset();
        whole_ = bytesOf(path("whole.sqil"));
    }

    void aWholeProjectIsCopiedWhole() {
        const auto report = salvageProject(path("whole.sqil"), path("copy.sqil"));
        VERIFY_RESULT(report);
        QVERIFY2(report->isComplete(), report->text().c_str());
        QCOMPARE(checkSeries(path("copy.sqil")), kEpisodes);
        const auto project = Project::open(path("copy.sqil"));
        QCOMPARE((*project)->policies()->size(), std::size_t(3));
        QCOMPARE((*project)->policies()->at(2).path, path("near.pt2"));
        QCOMPARE((*project)->policies()->at(1).parent.value(), (*project)->policies()->at(0).id);
        QCOMPARE((*project)->setting("layout")->value(), std::string("wide"));
        QCOMPARE(report->table("series")->rows, std::int64_t(kEpisodes));
        QVERIFY(findDamage(path("whole.sqil"))->empty());
        QCOMPARE(bytesOf(path("whole.sqil")), whole_);
    }

    void aTruncatedProjectGivesItsBeginning() {
        std::vector<char> half(whole_.begin(),
                               whole_.begin() + static_cast<std::ptrdiff_t>(whole_.size() * 6 / 10 + 77));
        writeBytes(path("cut.sqil"), half);
        QVERIFY(!Project::open(path("cut.sqil")));
        const auto report = salvageProject(path("cut.sqil"), path("copy.sqil"));
        VERIFY_RESULT(report);
        QVERIFY(!report->isComplete());
        QVERIFY2(contains(report->text(), "series"), report->text().c_str());
        const int found = checkSeries(path("copy.sqil"));
        QVERIFY2(found > kEpisodes / 3 && found < kEpisodes, std::to_string(found).c_str());
        QCOMPARE(Project::open(path("copy.sqil")).value()->policies()->size(), std::size_t(3));
        QCOMPARE(bytesOf(path("cut.sqil")), half);
    }

    void oneBadPageCostsWhatIsOnIt() {
        std::vector<char> bytes = whole_;
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2 / 4096 * 4096), 3 * 4096, '\x5a');
        writeBytes(path("bad.sqil"), bytes);
        QVERIFY(!findDamage(path("bad.sqil"))->empty());
        const auto report = salvageProject(path("bad.sqil"), path("copy.sqil"));
        VERIFY_RESULT(report);
        const auto project = Project::open(path("copy.sqil"));
        VERIFY_RESULT(project);
        QVERIFY2(report->table("series")->rows >= kEpisodes - 6, report->text().c_str());
        QCOMPARE(bytesOf(path("bad.sqil")), bytes);
    }

    void whatIsInTheLogIsTakenAlong() {
        auto open = Project::open(path("whole.sqil"));
        VERIFY_RESULT(open);
        QVERIFY((*open)->putSetting("layout", "in the log"));
        fs::copy_file(path("whole.sqil"), path("moved.sqil"));
        fs::copy_file(path("whole.sqil-wal"), path("moved.sqil-wal"));
        VERIFY_RESULT(salvageProject(path("moved.sqil"), path("copy.sqil")));
        QCOMPARE(Project::open(path("copy.sqil")).value()->setting("layout")->value(), std::string("in the log"));
    }

    void randomDamageNeverCrashes() {
        std::mt19937 random(7);
        int rescued = 0;
        for (int trial = 0; trial < 60; ++trial) {
            std::vector<char> bytes = whole_;
            const int wounds = 1 + int(random() % 40);
            for (int wound = 0; wound < wounds; ++wound)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            if (trial % 3 == 0)
                bytes.resize(random() % bytes.size());
            writeBytes(path("hurt.sqil"), bytes);
            std::error_code ignored;
            for (const char* ending : {"", "-wal", "-shm"})
                fs::remove(path(std::string("copy.sqil") + ending), ignored);
            const auto report = salvageProject(path("hurt.sqil"), path("copy.sqil"));
            QCOMPARE(bytesOf(path("hurt.sqil")), bytes);
            if (!report) {
                QVERIFY(!fs::exists(path("copy.sqil")));  // nothing half-made is left
                QVERIFY2(contains(report.error().message, "hurt.sqil"), report.error().message.c_str());
                continue;
            }
            ++rescued;
            QVERIFY(findDamage(path("copy.sqil"))->empty());
            VERIFY_RESULT(Project::open(path("copy.sqil")));
        }
        QVERIFY2(rescued > 30, std::to_string(rescued).c_str());
    }

    void othersFilesAreRefused() {
        writeBytes(path("text.sqil"), {'n', 'o'});
        const auto report = salvageProject(path("text.sqil"), path("copy.sqil"));
        QVERIFY(!report);
        QVERIFY(!fs::exists(path("copy.sqil")));
        QVERIFY(!salvageProject(path("none.sqil"), path("copy.sqil")));
        QVERIFY(!salvageProject(path("whole.sqil"), path("whole.sqil")));  // never over an existing file
        QCOMPARE(bytesOf(path("whole.sqil")), whole_);
    }

    void itCanBeStopped() {
        const auto report = salvageProject(path("whole.sqil"), path("copy.sqil"),
                                           [](std::string_view, long long, long long) { return false; });
        QVERIFY(!report);
        QCOMPARE(report.error().kind, ErrorKind::Cancelled);
        QVERIFY(!fs::exists(path("copy.sqil")));
    }
};

QTEST_GUILESS_MAIN(SalvageTest)
#include "SalvageTest.moc"
