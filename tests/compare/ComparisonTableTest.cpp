#include <QtTest>

#include <nlohmann/json.hpp>

#include "core/compare/ComparisonTable.h"

using namespace sqil;

class ComparisonTableTest : public QObject {
    Q_OBJECT

    static ComparisonRow row(const std::string& recipe, std::optional<std::uint64_t> seed,
                             const std::vector<double>& returns, bool withSuccess = true) {
        ComparisonRow made;
        made.recipe = recipe;
        made.seed = seed;
        made.evaluation.environment = "python/test:make";
        for (const double value : returns) {
            EpisodeOutcome episode;
            episode.seed = made.evaluation.episodes.size() + 1;
            episode.steps = 10;
            episode.episodeReturn = value;
            if (withSuccess)
                episode.success = value >= 5;
            made.evaluation.episodes.push_back(episode);
        }
        return made;
    }

    static const RecipeDifference* find(const ComparisonTable& table, const std::string& first,
                                        const std::string& second) {
        for (const RecipeDifference& difference : table.differences)
            if (difference.first == first && difference.second == second)
                return &difference;
        return nullptr;
    }

private Q_SLOTS:
    /// sqil is better by exactly 1 on every pair, however seeds and episodes differ: no doubt is left.
    void differencesArePaired() {
        const auto table = tableOf({row("fp", std::nullopt, {10, 10, 10}), row("qrd", 1, {2, 4, 6}),
                                    row("qrd", 2, {0, 8, 3}), row("sqil", 1, {3, 5, 7}), row("sqil", 2, {1, 9, 4})});
        const auto* difference = find(table, "sqil", "qrd");
        QVERIFY(difference);
        QCOMPARE(difference->episodeReturn.value, 1.0);
        QCOMPARE(difference->episodeReturn.low, 1.0);
        QCOMPARE(difference->episodeReturn.high, 1.0);
        // Of six pairs one succeeds (≥ 5) with sqil alone: seed 1's second episode.
        QVERIFY(std::abs(difference->success->value - 1.0 / 6) < 1e-12);
        const auto* toFull = find(table, "sqil", "fp");
        QVERIFY(toFull);
        QVERIFY(std::abs(toFull->episodeReturn.value - (29.0 / 6 - 10)) < 1e-12);
        QVERIFY(!find(table, "sqil", "qat"));
    }

    /// One seed is better by 6, the other worse by 4, on every episode: the interval must not exclude either.
    void oneLuckySeedProvesNothing() {
        const std::vector<double> base(100, 5.0), better(100, 11.0), worse(100, 1.0);
        const auto table =
            tableOf({row("qrd", 1, base), row("qrd", 2, base), row("sqil", 1, better), row("sqil", 2, worse)});
        const auto* difference = find(table, "sqil", "qrd");
        QVERIFY(difference);
        QCOMPARE(difference->episodeReturn.value, 1.0);
        QCOMPARE(difference->episodeReturn.low, -4.0);
        QCOMPARE(difference->episodeReturn.high, 6.0);
    }

    void summaries() {
        const auto table = tableOf({row("ptq", std::nullopt, {0, 10}), row("qat", 1, {10, 10}), row("qat", 2, {0, 10}),
                                    row("qat", 3, {0, 0})});
        QCOMPARE(table.recipes.size(), std::size_t{2});
        QCOMPARE(table.recipes[0].seeds, std::size_t{1});
        QVERIFY(!table.recipes[0].successDeviation);
        QCOMPARE(table.recipes[1].seeds, std::size_t{3});
        QCOMPARE(table.recipes[1].success->value, 0.5);
        QCOMPARE(*table.recipes[1].successDeviation, 0.5);
        QCOMPARE(table.recipes[1].episodeReturn.value, 5.0);
        QCOMPARE(table.recipes[1].episodeReturn.low, 0.0);
        QCOMPARE(table.recipes[1].episodeReturn.high, 10.0);
    }

    /// Where the simulator does not say what success is, no table speaks of it.
    void withoutSuccess() {
        const std::vector<ComparisonRow> rows{row("qrd", 1, {2, 4}, false), row("sqil", 1, {3, 5}, false)};
        const auto table = tableOf(rows);
        QVERIFY(!table.recipes[0].success);
        QVERIFY(!table.differences.front().success);
        QVERIFY(textOf(table).find("success") == std::string::npos);
        QVERIFY(latexOf(table).find("success") == std::string::npos);
        QVERIFY(!toJson(table, rows)["recipes"][0].contains("success"));
        QVERIFY(csvOf(rows).find("qrd,1,2,,,3,") != std::string::npos);
    }

    void differentNumbersOfEpisodesAreNotPaired() {
        QVERIFY(tableOf({row("qrd", 1, {2, 4}), row("sqil", 1, {3, 5, 6})}).differences.empty());
    }
};

QTEST_APPLESS_MAIN(ComparisonTableTest)
#include "ComparisonTableTest.moc"
