#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <set>

#include <QTemporaryDir>
#include <QtTest>

#include "core/compare/ComparisonTable.h"
#include "core/compare/Takeover.h"
#include "core/project/Project.h"
#include "core/quant/QuantizeFile.h"
#include "plugins/Plugins.h"
#include "tests/compare/PointTask.h"

using namespace sqil;

namespace {

std::string episodesOf(const Evaluation& evaluation) {
    return toJson(evaluation).at("outcomes").dump();
}

/// Successes and returns, made by hand.
ComparisonRow rowOf(const std::string& recipe, std::optional<std::uint64_t> seed, const std::vector<double>& returns,
                    int successes) {
    ComparisonRow row;
    row.recipe = recipe;
    row.seed = seed;
    row.policy = recipe + ".pt2";
    row.evaluation.environment = "gym/HalfCheetah-v5";
    for (std::size_t i = 0; i < returns.size(); ++i) {
        EpisodeOutcome episode;
        episode.seed = i;
        episode.episodeReturn = returns[i];
        episode.success = static_cast<int>(i) < successes;
        row.evaluation.episodes.push_back(episode);
    }
    return row;
}

bool near(double value, double expected) {
    return std::abs(value - expected) < 1e-9;
}

}  // namespace

/// Tables of recipes and takeover, end to end in an environment of one's own.
class CompareTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    std::unique_ptr<test::PointTask> task_;

    CompareSpec specIn(const char* name) const {
        CompareSpec spec;
        spec.policy = task_->policy();
        spec.rollouts = task_->rollouts();
        spec.project = folder_.filePath(QString(name) + ".sqil").toStdString();
        spec.folder = folder_.filePath(name).toStdString();
        spec.recipes = {"fp", "ptq", "qat", "sqil"};
        spec.seeds = 2;
        spec.training.steps = 8;
        spec.training.batch = 8;
        spec.training.evaluateEvery = 4;
        spec.quantization.weightBits = 3;
        spec.quantization.activationBits = 4;
        spec.quantization.firstLastAt8 = false;
        spec.evaluation = test::PointTask::evaluation();
        return spec;
    }

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        if (std::string(SQIL_PYTHON).empty())
            QSKIP("needs the reference environment: scripts/test.sh makes it");
        at::set_num_threads(1);
        task_ = std::make_unique<test::PointTask>(folder_.path().toStdString());
    }

    void stoppedTablesGoOn() {
        const auto whole = compareRecipes(specIn("whole"));
        QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
        QCOMPARE(whole->size(), std::size_t{6});
        QCOMPARE(whole->front().evaluation.successes(), std::vector<double>(6, 1.0));

        const CompareSpec spec = specIn("parts");
        std::size_t done = 0;
        const auto stopped = compareRecipes(
            spec, [&](std::string_view, long long, long long) { return done < 3; },
            [&](const ComparisonRow&) { ++done; });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
        QCOMPARE(done, std::size_t{3});

        std::vector<bool> fromProject;
        const auto rest =
            compareRecipes(spec, {}, [&](const ComparisonRow& row) { fromProject.push_back(row.fromProject); });
        QVERIFY2(rest, rest ? "" : rest.error().message.c_str());
        QCOMPARE(fromProject, (std::vector<bool>{true, true, true, false, false, false}));
        for (std::size_t i = 0; i < whole->size(); ++i) {
            QCOMPARE((*rest)[i].recipe, (*whole)[i].recipe);
            QCOMPARE((*rest)[i].seed, (*whole)[i].seed);
            QCOMPARE(episodesOf((*rest)[i].evaluation), episodesOf((*whole)[i].evaluation));
        }
        QCOMPARE(textOf(tableOf(*rest)), textOf(tableOf(*whole)));

        // Only what depends on a changed parameter is made again.
        CompareSpec other = spec;
        other.training.learningRate *= 2;
        fromProject.clear();
        QVERIFY(compareRecipes(other, {}, [&](const ComparisonRow& row) { fromProject.push_back(row.fromProject); }));
        QCOMPARE(fromProject, (std::vector<bool>{true, true, false, false, false, false}));

        other = spec;
        other.training.start = QuantMethod::Awq;
        fromProject.clear();
        const auto fromAwq =
            compareRecipes(other, {}, [&](const ComparisonRow& row) { fromProject.push_back(row.fromProject); });
        QVERIFY2(fromAwq, fromAwq ? "" : fromAwq.error().message.c_str());
        QCOMPARE(fromProject, (std::vector<bool>{true, true, false, false, false, false}));
        QVERIFY(fromAwq->back().policy != rest->back().policy);

        // SIS of another kind: only sqil's rows depend on it, and the project keeps both kinds.
        other = spec;
        AnalysisSpec shifted;
        shifted.perturbations.front().kind = PerturbationKind::State;
        shifted.perturbations.front().stateChange = StateChange::PlusStd;
        other.sis = shifted;
        fromProject.clear();
        const auto otherSis =
            compareRecipes(other, {}, [&](const ComparisonRow& row) { fromProject.push_back(row.fromProject); });
        QVERIFY2(otherSis, otherSis ? "" : otherSis.error().message.c_str());
        QCOMPARE(fromProject, (std::vector<bool>{true, true, true, true, false, false}));
        QVERIFY(std::isfinite(otherSis->back().gapCritical));
        const auto project = Project::open(spec.project);
        QVERIFY(project);
        std::set<std::string> kinds;
        for (const AnalysisRecord& record : *(*project)->analyses())
            kinds.insert(record.parametersJson);
        QCOMPARE(kinds.size(), std::size_t{2});

        // Every policy met the same episodes.
        for (const ComparisonRow& row : *rest)
            for (std::size_t i = 0; i < 6; ++i)
                QCOMPARE(row.evaluation.episodes[i].seed, std::uint64_t{1 + i});
        QVERIFY(std::isnan((*rest)[0].gap) && (*rest)[1].gap > 0);
        QVERIFY(std::isfinite((*rest)[5].gapCritical));
    }

    void wrongTablesAreRefused() {
        auto spec = specIn("wrong");
        spec.recipes = {"fp", "magic"};
        const auto unknown = compareRecipes(spec);
        QVERIFY(!unknown && unknown.error().message.find("magic") != std::string::npos);
        spec = specIn("wrong");
        spec.seeds = 0;
        QVERIFY(!compareRecipes(spec));
    }

    void tablesByHand() {
        const std::vector<ComparisonRow> rows{rowOf("fp", std::nullopt, {10, 12, 14, 16}, 4),
                                              rowOf("qrd", 1, {8, 10, 12, 14}, 2), rowOf("qrd", 2, {6, 8, 10, 12}, 1),
                                              rowOf("sqil", 1, {9, 11, 13, 15}, 3),
                                              rowOf("sqil", 2, {8, 10, 12, 14}, 3)};
        const ComparisonTable table = tableOf(rows);
        QCOMPARE(table.recipes.size(), std::size_t{3});
        const RecipeSummary& qrd = table.recipes[1];
        QCOMPARE(qrd.seeds, std::size_t{2});
        QVERIFY(near(qrd.success->value, 3.0 / 8) && near(qrd.episodeReturn.value, 10));
        QVERIFY(near(qrd.success->low, wilsonInterval(3, 8).low));
        QVERIFY(near(*qrd.successDeviation, std::sqrt(2 * 0.125 * 0.125)));
        QVERIFY(near(*qrd.normalizedScore, *normalizedScore("gym/HalfCheetah-v5", 10)));
        // sqil − qrd, seed by seed and episode by episode: 1 for the first seed, 2 for the second.
        const auto difference = std::find_if(table.differences.begin(), table.differences.end(),
                                             [](const auto& d) { return d.first == "sqil" && d.second == "qrd"; });
        QVERIFY(difference != table.differences.end());
        QVERIFY(near(difference->episodeReturn.value, 1.5) && near(difference->success->value, 3.0 / 8));
        QVERIFY(difference->episodeReturn.low >= 1 && difference->episodeReturn.high <= 2);
        const QString csv = QString::fromStdString(csvOf(rows)), latex = QString::fromStdString(latexOf(table));
        const QStringList lines = csv.trimmed().split('\n');
        QCOMPARE(lines.size(), 6);
        for (const QString& line : lines)
            QCOMPARE(line.count(','), lines.front().count(','));
        QVERIFY(lines[4].startsWith("sqil,1"));
        QCOMPARE(latex.count("\\\\"), 4);  // the head and three recipes
        QVERIFY(latex.contains("\\toprule") && latex.contains("\\bottomrule") && latex.contains("37.5"));
    }

    void takeoverAtNoneAndAll() {
        const auto quantized = folder_.filePath("q.pt2").toStdString();
        QuantSpec quantization;
        quantization.weightBits = 2;
        quantization.activationBits = 16;
        const auto made = quantizePolicyFile(task_->policy(), task_->rollouts(), quantization, quantized, {});
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        const EvaluationSpec spec = test::PointTask::evaluation();
        const auto full = evaluatePolicyFile(task_->policy(), {}, spec);
        const auto low = evaluatePolicyFile(quantized, {}, spec);
        QVERIFY(full && low);
        QVERIFY(episodesOf(*full) != episodesOf(*low));
        const TakeoverFiles files{task_->policy(), quantized, {}};
        for (const TakeoverAt at : {TakeoverAt::Critical, TakeoverAt::Random, TakeoverAt::Gap, TakeoverAt::Quiet}) {
            TakeoverSpec takeover;
            takeover.at = at;
            takeover.rollouts = task_->rollouts();
            takeover.percent = 0;
            const auto never = evaluateTakeover(files, takeover, spec);
            QVERIFY2(never, never ? "" : never.error().message.c_str());
            QCOMPARE(episodesOf(never->evaluation), episodesOf(*low));
            QCOMPARE(never->taken, 0);
            takeover.percent = 100;
            const auto always = evaluateTakeover(files, takeover, spec);
            QVERIFY(always);
            QCOMPARE(episodesOf(always->evaluation), episodesOf(*full));
            QCOMPARE(always->taken, always->steps);
            QCOMPARE(always->steps, always->evaluation.steps);
            takeover.percent = 40;
            const auto some = evaluateTakeover(files, takeover, spec), again = evaluateTakeover(files, takeover, spec);
            QVERIFY(some && again);
            QVERIFY2(some->taken > 0 && some->taken < some->steps, nameOf(at).data());
            QCOMPARE(episodesOf(some->evaluation), episodesOf(again->evaluation));
        }
        TakeoverSpec wrong;
        wrong.percent = 120;
        QVERIFY(!evaluateTakeover(files, wrong, spec));
    }
};

QTEST_GUILESS_MAIN(CompareTest)
#include "CompareTest.moc"
