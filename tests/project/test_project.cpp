#include <QElapsedTimer>
#include <QRegularExpression>

#include <cmath>
#include <fstream>
#include <limits>

#include "core/project/Database.h"
#include "core/project/Schema.h"
#include "tests/project/ProjectFixtures.h"

using namespace sqil;
using test::contains;
using test::filled;
using test::pathIn;

namespace fs = std::filesystem;

class TestProject : public QObject {
    Q_OBJECT
private slots:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void aNewProjectIsEmptyAndOpens();
    void createNeverReplaces();
    void recordsComeBack();
    void pathsMoveWithTheProject();
    void anAnalysisIsFoundAgain();
    void removingTakesWhatDependsAlong();
    void seriesComeBackInOrder();
    void seriesMustFitTheirWidth();
    void mapsComeBack();
    void mapsMustFitTheirSize();
    void missingRecordsAreNamed();
    void settingsComeBack();
    void resultsComeBackAndAreReplaced();
    void bookmarksComeBackAndGoWithTheirRollouts();
    void aProjectOfTheFirstVersionGainsWhatCameLater();
    void twoObjectsSeeEachOther();
    void aMillionStepsOpenAtOnce();

private:
    fs::path path(const std::string& name = "p.sqil") const { return pathIn(*folder_, name); }

    std::unique_ptr<QTemporaryDir> folder_;
};

void TestProject::aNewProjectIsEmptyAndOpens() {
    {
        const auto project = Project::create(path());
        VERIFY_RESULT(project);
        QCOMPARE((*project)->path(), path());
        QVERIFY(!(*project)->readOnly());
        QVERIFY((*project)->policies()->empty());
        QVERIFY((*project)->rollouts()->empty());
        QVERIFY((*project)->analyses()->empty());
    }
    VERIFY_RESULT(Project::open(path()));
    QCOMPARE(std::distance(fs::directory_iterator(path().parent_path()), fs::directory_iterator()), 1);
    const auto database = Database::open(path(), Database::Mode::ReadOnly);
    QCOMPARE((*database)->integer("PRAGMA application_id").value(), std::int64_t{0x5351494c});
    QCOMPARE((*database)->integer("PRAGMA user_version").value(), std::int64_t{migrations().back().to});
    QCOMPARE((*database)->integer("PRAGMA foreign_keys").value(), std::int64_t{1});
}

void TestProject::createNeverReplaces() {
    VERIFY_RESULT(Project::create(path()));
    const auto before = test::bytesOf(path());
    const auto again = Project::create(path());
    QVERIFY(!again);
    QVERIFY2(contains(again.error().message, "exists already"), again.error().message.c_str());
    QCOMPARE(test::bytesOf(path()), before);
    QCOMPARE(Project::create(path("no/such/folder.sqil")).error().kind, ErrorKind::NotFound);
    std::ofstream(path("left.sqil-wal")) << "of a removed project";
    const auto leftOver = Project::create(path("left.sqil"));
    QVERIFY(!leftOver);
    QVERIFY2(contains(leftOver.error().message, "left.sqil-wal"), leftOver.error().message.c_str());
    // A link that leads nowhere is somebody's all the same.
    fs::create_symlink("/nowhere", path("link.sqil"));
    QVERIFY(!Project::create(path("link.sqil")));
}

void TestProject::recordsComeBack() {
    {
        const auto made = filled(path());
        VERIFY_RESULT(made.project->updatePolicyCard(made.policy, "{\"head\":\"deterministic\"}"));
    }
    const auto project = Project::open(path());
    VERIFY_RESULT(project);
    const auto policies = (*project)->policies();
    VERIFY_RESULT(policies);
    QCOMPARE(policies->size(), std::size_t{2});
    QCOMPARE(policies->at(0).name, std::string("Full precision"));
    QCOMPARE(policies->at(0).path, fs::path("/data/policy.pt2"));
    QCOMPARE(policies->at(0).cardJson, std::string("{\"head\":\"deterministic\"}"));
    QVERIFY(!policies->at(0).parent);
    QCOMPARE(policies->at(1).quantizationJson, std::string("{\"weights\":4}"));
    QCOMPARE(policies->at(1).parent, std::optional<RecordId>(policies->at(0).id));
    QCOMPARE((*project)->rollouts()->at(0).name, std::string("lift"));
    const auto analyses = (*project)->analyses();
    QCOMPARE(analyses->size(), std::size_t{1});
    QCOMPARE(analyses->at(0).quantized, std::optional<RecordId>(policies->at(1).id));
    const QRegularExpression isoUtc("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$");
    QVERIFY(isoUtc.match(QString::fromStdString(analyses->at(0).createdAt)).hasMatch());
}

void TestProject::pathsMoveWithTheProject() {
    const fs::path before = path("before ü"), after = path("after");
    fs::create_directories(before / "deep");
    {
        const auto project = Project::create(before / "p.sqil");
        VERIFY_RESULT(project);
        const fs::path given[] = {before / "deep" / "p ö.pt2", before / "x" / ".." / "q.pt2", path("beside.pt2"),
                                  before / "..evil.pt2"};
        for (const fs::path& one : given)
            VERIFY_RESULT((*project)->addPolicy({0, "p", one, "", "", {}}));
        VERIFY_RESULT((*project)->addRollouts({0, "r", before / "r.hdf5"}));
        QCOMPARE((*project)->policies()->at(0).path, given[0]);
    }
    fs::rename(before, after);
    const auto project = Project::open(after / "p.sqil");
    VERIFY_RESULT(project);
    const auto policies = (*project)->policies();
    QCOMPARE(policies->at(0).path, after / "deep" / "p ö.pt2");
    QCOMPARE(policies->at(1).path, after / "q.pt2");
    QCOMPARE(policies->at(2).path, path("beside.pt2"));  // outside: absolute
    QCOMPARE(policies->at(3).path, after / "..evil.pt2");
    QCOMPARE((*project)->rollouts()->at(0).path, after / "r.hdf5");
    VERIFY_RESULT((*project)->updateRolloutsPath((*project)->rollouts()->at(0).id, after / "s.hdf5"));
    VERIFY_RESULT((*project)->updatePolicyPath(policies->at(0).id, "/abs/p.pt2"));
    QCOMPARE((*project)->rollouts()->at(0).path, after / "s.hdf5");
    QCOMPARE((*project)->policies()->at(0).path, fs::path("/abs/p.pt2"));
}

void TestProject::anAnalysisIsFoundAgain() {
    const auto made = filled(path());
    const AnalysisRecord same{0, made.policy, made.quantized, made.rollouts, "{}", "later"};
    QCOMPARE(made.project->findOrAddAnalysis(same).value(), made.analysis);
    AnalysisRecord other = same;
    other.parametersJson = "{\"stride\":5}";
    const RecordId second = made.project->findOrAddAnalysis(other).value();
    QVERIFY(second != made.analysis);
    other = same;
    other.quantized.reset();  // NULL equals NULL here
    const RecordId third = made.project->findOrAddAnalysis(other).value();
    QVERIFY(third != made.analysis && third != second);
    QCOMPARE(made.project->findOrAddAnalysis(other).value(), third);
    QCOMPARE(made.project->analyses()->size(), std::size_t{3});
}

void TestProject::removingTakesWhatDependsAlong() {
    const auto made = filled(path());
    Project& project = *made.project;
    VERIFY_RESULT(project.putSeries(made.analysis, "demo_0", {{"sis", 1, {1, 2}}}));
    VERIFY_RESULT(project.putMaps(made.analysis, "demo_0", 0, {{"fp", "image", 1, 2, {1, 2}}}));
    const RecordId plain = project.findOrAddAnalysis({0, made.policy, std::nullopt, made.rollouts, "{}", ""}).value();
    VERIFY_RESULT(project.putSeries(plain, "demo_0", {{"sis", 1, {3}}}));

    VERIFY_RESULT(project.removePolicy(made.quantized));
    QCOMPARE(project.analyses()->size(), std::size_t{1});
    QCOMPARE(project.analyses()->at(0).id, plain);
    QVERIFY(project.series(made.analysis, "demo_0")->empty());
    QVERIFY(project.maps(made.analysis, "demo_0", 0)->empty());
    QCOMPARE(project.series(plain, "demo_0")->size(), std::size_t{1});

    const RecordId child = project.addPolicy({0, "child", "/c.pt2", "", "", made.policy}).value();
    VERIFY_RESULT(project.removePolicy(made.policy));
    QVERIFY(project.analyses()->empty());
    QCOMPARE(project.policies()->size(), std::size_t{1});
    QCOMPARE(project.policies()->at(0).id, child);
    QVERIFY(!project.policies()->at(0).parent);  // outlives its parent

    const RecordId again = project.findOrAddAnalysis({0, child, std::nullopt, made.rollouts, "{}", ""}).value();
    VERIFY_RESULT(project.putSeries(again, "demo_0", {{"sis", 1, {3}}}));
    VERIFY_RESULT(project.removeAnalysis(again));
    QVERIFY(project.series(again, "demo_0")->empty());
    VERIFY_RESULT(project.removeRollouts(made.rollouts));
    QVERIFY(project.rollouts()->empty());
}

void TestProject::seriesComeBackInOrder() {
    const auto made = filled(path());
    Project& project = *made.project;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    VERIFY_RESULT(
        project.putSeries(made.analysis, "demo_2", {{"sis", 1, {1, nan, 3}}, {"gap", 2, {1, 2, 3, 4, 5, 6}}}));
    VERIFY_RESULT(project.putSeries(made.analysis, "demo_10", {{"sis", 1, {4, 5}}}));
    VERIFY_RESULT(project.putSeries(made.analysis, "demo_1", {{"sis", 1, {}}}));  // zero steps
    VERIFY_RESULT(project.putSeries(made.analysis, "demo_2", {{"sis", 1, {1, 2, 3}}}));
    const auto series = project.series(made.analysis, "demo_2");
    VERIFY_RESULT(series);
    QCOMPARE(series->size(), std::size_t{2});
    QCOMPARE(series->at(0).values, (std::vector<float>{1, 2, 3}));
    QCOMPARE(series->at(1).name, std::string("gap"));
    QCOMPARE(series->at(1).width, std::int64_t{2});
    QCOMPARE(series->at(1).values, (std::vector<float>{1, 2, 3, 4, 5, 6}));
    const auto all = project.seriesOfAll(made.analysis, "sis");
    VERIFY_RESULT(all);
    QCOMPARE(all->size(), std::size_t{3});
    QCOMPARE(all->at(0).first, std::string("demo_2"));  // replacing keeps the place
    QCOMPARE(all->at(1).second, (std::vector<float>{4, 5}));
    QVERIFY(all->at(2).second.empty());
    VERIFY_RESULT(project.putSeries(made.analysis, "demo_3", {{"sis", 1, {nan, 1e-38f, -0.0f}}}));
    const auto special = project.series(made.analysis, "demo_3").value().at(0).values;
    QVERIFY(std::isnan(special[0]) && special[1] == 1e-38f && std::signbit(special[2]));
}

void TestProject::seriesMustFitTheirWidth() {
    const auto made = filled(path());
    QCOMPARE(made.project->putSeries(made.analysis, "e", {{"sis", 2, {1, 2, 3}}}).error().kind, ErrorKind::BadInput);
    QCOMPARE(made.project->putSeries(made.analysis, "e", {{"sis", 0, {1}}}).error().kind, ErrorKind::BadInput);
    QCOMPARE(made.project->putSeries(made.analysis, "e", {{"", 1, {1}}}).error().kind, ErrorKind::BadInput);
    // All or nothing.
    QVERIFY(!made.project->putSeries(made.analysis, "e", {{"good", 1, {1}}, {"bad", 2, {1}}}));
    QVERIFY(made.project->series(made.analysis, "e")->empty());
}

void TestProject::mapsComeBack() {
    const auto made = filled(path());
    Project& project = *made.project;
    for (const std::int64_t step : {7, 3, 100})
        VERIFY_RESULT(project.putMaps(
            made.analysis, "demo_0", step,
            {{"fp", "image", 2, 3, {1, 2, 3, 4, 5, static_cast<float>(step)}}, {"fp", "wrist", 1, 1, {9}}}));
    VERIFY_RESULT(project.putMaps(made.analysis, "demo_0", 5, {{"quantized", "image", 1, 2, {1, 2}}}));
    VERIFY_RESULT(project.putMaps(made.analysis, "demo_0", 7, {{"fp", "wrist", 1, 2, {8, 9}}}));
    VERIFY_RESULT(project.putMaps(made.analysis, "demo_1", 1, {{"fp", "image", 0, 0, {}}}));
    const auto maps = project.maps(made.analysis, "demo_0", 7);
    VERIFY_RESULT(maps);
    QCOMPARE(maps->size(), std::size_t{2});
    QCOMPARE(maps->at(0).input, std::string("image"));
    QCOMPARE(maps->at(0).rows, std::int64_t{2});
    QCOMPARE(maps->at(0).columns, std::int64_t{3});
    QCOMPARE(maps->at(0).scores, (std::vector<float>{1, 2, 3, 4, 5, 7}));
    QCOMPARE(maps->at(1).scores, (std::vector<float>{8, 9}));
    QCOMPARE(project.stepsWithMaps(made.analysis, "demo_0").value(), (std::vector<std::int64_t>{3, 5, 7, 100}));
    QCOMPARE(project.stepsWithMaps(made.analysis, "demo_0", "fp").value(), (std::vector<std::int64_t>{3, 7, 100}));
    QCOMPARE(project.stepsWithMaps(made.analysis, "demo_0", "quantized").value(), (std::vector<std::int64_t>{5}));
    QVERIFY(project.stepsWithMaps(made.analysis, "demo_9")->empty());
    VERIFY_RESULT(project.putSeries(made.analysis, "demo_0", {{"sis", 1, {1}}, {"gap", 1, {1}}}));
    const auto progress = project.progress(made.analysis);
    VERIFY_RESULT(progress);
    QCOMPARE(progress->episodes, std::int64_t{1});
    QCOMPARE(progress->mapSteps, std::int64_t{5});
}

void TestProject::mapsMustFitTheirSize() {
    const auto made = filled(path());
    const auto put = [&](std::int64_t rows, std::int64_t columns) {
        return made.project->putMaps(made.analysis, "e", 0, {{"fp", "image", rows, columns, {1, 2, 3, 4}}});
    };
    QVERIFY(put(2, 2).has_value());
    QCOMPARE(put(2, 3).error().kind, ErrorKind::BadInput);
    QCOMPARE(put(-2, -2).error().kind, ErrorKind::BadInput);
    QCOMPARE(put(std::int64_t{1} << 62, 8).error().kind, ErrorKind::BadInput);
}

void TestProject::missingRecordsAreNamed() {
    const auto made = filled(path());
    Project& project = *made.project;
    const auto check = [](const auto& result, const char* what) {
        return !result && result.error().kind == ErrorKind::NotFound && contains(result.error().message, what) &&
               contains(result.error().message, "p.sqil");
    };
    QVERIFY(check(project.removePolicy(99), "policy 99"));
    QVERIFY(check(project.removeRollouts(99), "data set 99"));
    QVERIFY(check(project.removeAnalysis(99), "analysis 99"));
    QVERIFY(check(project.updatePolicyPath(99, "/x"), "policy 99"));
    QVERIFY(check(project.putSeries(99, "e", {{"sis", 1, {1}}}), "analysis 99"));
    QVERIFY(check(project.putMaps(99, "e", 0, {{"fp", "i", 1, 1, {1}}}), "analysis 99"));
    QVERIFY(check(project.findOrAddAnalysis({0, 99, {}, made.rollouts, "{}", ""}), "of the analysis"));
    QVERIFY(check(project.addPolicy({0, "x", "/x", "", "", RecordId{99}}), "parent"));
    VERIFY_RESULT(project.putSeries(made.analysis, "e", {{"sis", 1, {1}}}));  // still usable
}

void TestProject::settingsComeBack() {
    const auto project = Project::create(path()).value();
    QVERIFY(!project->setting("layout").value());
    VERIFY_RESULT(project->putSetting("layout", std::string("a\0b", 3)));
    VERIFY_RESULT(project->putSetting("layout", "ü"));
    VERIFY_RESULT(project->putSetting("empty", ""));
    QCOMPARE(project->setting("layout").value(), std::optional<std::string>("ü"));
    QCOMPARE(project->setting("empty").value(), std::optional<std::string>(""));
}

void TestProject::resultsComeBackAndAreReplaced() {
    const auto project = Project::create(path());
    VERIFY_RESULT(project);
    const auto first = (*project)->putResult({0, "comparison", R"({"recipe":"qat","seed":1})", R"({"success":7})", ""});
    VERIFY_RESULT(first);
    VERIFY_RESULT((*project)->putResult({0, "comparison", R"({"recipe":"sqil","seed":1})", R"({"success":9})", ""}));
    VERIFY_RESULT((*project)->putResult({0, "benchmark", R"({"recipe":"qat","seed":1})", "{}", ""}));
    const auto again = (*project)->putResult({0, "comparison", R"({"recipe":"qat","seed":1})", R"({"success":8})", ""});
    QCOMPARE(*again, *first);

    const auto all = (*project)->results("comparison");
    VERIFY_RESULT(all);
    QCOMPARE(all->size(), std::size_t{2});
    QCOMPARE(all->front().resultJson, std::string(R"({"success":8})"));
    QVERIFY(!all->front().createdAt.empty());
    QVERIFY((*project)->result("comparison", R"({"recipe":"sqil","seed":1})")->has_value());
    QVERIFY(!(*project)->result("comparison", R"({"recipe":"sqil","seed":2})")->has_value());
    VERIFY_RESULT((*project)->removeResult(*first));
    QCOMPARE((*project)->results("comparison")->size(), std::size_t{1});
    QCOMPARE((*project)->removeResult(*first).error().kind, ErrorKind::NotFound);
}

void TestProject::bookmarksComeBackAndGoWithTheirRollouts() {
    const auto made = filled(path());
    const RecordId other = made.project->addRollouts({0, "other", "/data/other.hdf5"}).value();
    VERIFY_RESULT(made.project->putBookmark(made.rollouts, {"demo_7", 84, "lets go of the puck — see \"dz\"", ""}));
    VERIFY_RESULT(made.project->putBookmark(made.rollouts, {"demo_2", 0, "", "2026-01-02T03:04:05Z"}));
    VERIFY_RESULT(made.project->putBookmark(other, {"demo_7", 84, "of other rollouts", ""}));
    VERIFY_RESULT(made.project->putBookmark(made.rollouts, {"demo_2", 0, "a better note", "2030-01-01T00:00:00Z"}));
    {
        const auto project = Project::open(path());
        VERIFY_RESULT(project);
        const auto bookmarks = (*project)->bookmarks(made.rollouts);
        VERIFY_RESULT(bookmarks);
        QCOMPARE(bookmarks->size(), std::size_t{2});
        QCOMPARE(bookmarks->at(0).episode, std::string("demo_7"));
        QCOMPARE(bookmarks->at(0).step, std::int64_t{84});
        QCOMPARE(bookmarks->at(0).note, std::string("lets go of the puck — see \"dz\""));
        QVERIFY(!bookmarks->at(0).createdAt.empty());
        QCOMPARE(bookmarks->at(1).note, std::string("a better note"));
        QCOMPARE(bookmarks->at(1).createdAt, std::string("2026-01-02T03:04:05Z"));
    }
    VERIFY_RESULT(made.project->removeBookmark(made.rollouts, "demo_7", 84));
    const auto again = made.project->removeBookmark(made.rollouts, "demo_7", 84);
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::NotFound);
    QVERIFY2(contains(again.error().message, "demo_7 at step 84"), again.error().message.c_str());
    QCOMPARE(made.project->bookmarks(made.rollouts)->size(), std::size_t{1});
    QCOMPARE(made.project->bookmarks(other)->size(), std::size_t{1});
    QCOMPARE(made.project->putBookmark(99, {"demo_0", 1, "", ""}).error().kind, ErrorKind::NotFound);
    QCOMPARE(made.project->putBookmark(other, {"demo_0", -1, "", ""}).error().kind, ErrorKind::BadInput);
    VERIFY_RESULT(made.project->removeRollouts(made.rollouts));
    QVERIFY(made.project->bookmarks(made.rollouts)->empty());
}

void TestProject::aProjectOfTheFirstVersionGainsWhatCameLater() {
    {
        const auto database = Database::open(path(), Database::Mode::Create);
        VERIFY_RESULT(database);
        VERIFY_RESULT((*database)->execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
        VERIFY_RESULT(migrate(**database, path(), migrations().first(1)));
        VERIFY_RESULT((*database)->execute("INSERT INTO settings(name, value) VALUES('kept', 'yes')"));
    }
    const auto project = Project::open(path());
    VERIFY_RESULT(project);
    QCOMPARE((*project)->setting("kept")->value(), std::string("yes"));
    VERIFY_RESULT((*project)->putResult({0, "evaluation", "{}", "{}", ""}));
    const auto rollouts = (*project)->addRollouts({0, "r", "/data/r.hdf5"});
    VERIFY_RESULT(rollouts);
    VERIFY_RESULT((*project)->putBookmark(*rollouts, {"demo_0", 1, "", ""}));
}

void TestProject::twoObjectsSeeEachOther() {
    const auto made = filled(path());
    const auto second = Project::open(path());
    VERIFY_RESULT(second);
    const std::int64_t before = (*second)->dataVersion().value();
    QCOMPARE((*second)->dataVersion().value(), before);
    VERIFY_RESULT(made.project->putSeries(made.analysis, "demo_0", {{"sis", 1, {1}}}));
    QVERIFY((*second)->dataVersion().value() != before);
    QCOMPARE((*second)->series(made.analysis, "demo_0")->size(), std::size_t{1});
}

void TestProject::aMillionStepsOpenAtOnce() {
    {
        const auto made = filled(path());
        for (int episode = 0; episode < 5000; ++episode)
            VERIFY_RESULT(made.project->putSeries(made.analysis, "demo_" + std::to_string(episode),
                                                  {{"sis", 1, std::vector<float>(200, static_cast<float>(episode))},
                                                   {"gap", 1, std::vector<float>(200, 0.5f)},
                                                   {"action_difference", 7, std::vector<float>(200 * 7, 0.5f)}}));
    }
    QElapsedTimer timer;
    timer.start();
    const auto project = Project::open(path());
    VERIFY_RESULT(project);
    const RecordId analysis = (*project)->analyses()->at(0).id;
    const qint64 opened = timer.restart();
    const auto all = (*project)->seriesOfAll(analysis, "sis");
    const qint64 read = timer.restart();
    VERIFY_RESULT(all);
    QCOMPARE((*project)->progress(analysis)->episodes, std::int64_t{5000});
    qInfo("opened in %lld ms, one series of 1,000,000 steps read in %lld ms, counted in %lld ms", opened, read,
          timer.elapsed());
    QCOMPARE(all->size(), std::size_t{5000});
    QCOMPARE(all->at(4321).second.at(199), 4321.0f);
    QVERIFY(opened < 500);
    QVERIFY(read < 2000);
}

QTEST_GUILESS_MAIN(TestProject)
#include "test_project.moc"
