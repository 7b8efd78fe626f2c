#include <ATen/ATen.h>

#include <QtTest>
#include <cmath>
#include <cstring>

#include "core/analysis/Analysis.h"
#include "core/analysis/AnalyzerFactory.h"
#include "core/policy/Policy.h"
#include "core/quant/PostTraining.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"

using namespace sqil;

namespace {

/// The sample's rollouts with one observation of one step spoiled, and an episode without steps in front.
class SpoiledReader final : public RolloutReader {
public:
    explicit SpoiledReader(std::shared_ptr<Rollouts> source) : source_(std::move(source)), info_(source_->info()) {
        info_.episodes.insert(info_.episodes.begin(), EpisodeInfo{"empty", 0, {}, {}, {}});
    }
    const RolloutsInfo& info() const override { return info_; }
    Result<StepBlock> read(std::size_t episode, std::string_view key, std::int64_t first, std::int64_t count) override {
        auto block = source_->range(episode - 1, key, first, count);
        if (block && key == "robot0_eef_pos" && first <= kSpoiledStep && kSpoiledStep < first + count) {
            const float nan = std::nanf("");
            const std::size_t width = 3 * sizeOf(block->type);
            Q_ASSERT(block->type == ValueType::Float32);
            std::memcpy(block->bytes.data() + static_cast<std::size_t>(kSpoiledStep - first) * width, &nan, sizeof nan);
        }
        return block;
    }
    static constexpr std::int64_t kSpoiledStep = 5;

private:
    std::shared_ptr<Rollouts> source_;
    RolloutsInfo info_;
};

AnalysisSpec patches(int size) {
    AnalysisSpec spec;
    spec.perturbations = {{PerturbationKind::PatchMean}};
    spec.perturbations[0].patch = size;
    return spec;
}

}  // namespace

class AnalysisTest : public QObject {
    Q_OBJECT
    std::shared_ptr<Rollouts> rollouts_;
    std::shared_ptr<const Policy> policy_, quantized_;

    std::unique_ptr<Analyzer> analyzer(std::shared_ptr<Rollouts> rollouts, const AnalysisSpec& spec,
                                       bool compare = true) {
        auto made = Analyzer::create(policy_, compare ? quantized_ : nullptr, std::move(rollouts), spec);
        if (!made)
            qWarning("%s", made.error().message.c_str());
        return made ? std::move(*made) : nullptr;
    }

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        rollouts_ = *Rollouts::open(test::sample() / "rollouts.hdf5");
        policy_ = *Policy::load(test::sample() / "policy.pt2", rollouts_->info());
        const auto quantized = quantizePolicy(*policy_, *rollouts_, QuantSpec{});
        QVERIFY2(quantized.has_value(), quantized ? "" : quantized.error().message.c_str());
        quantized_ = *Policy::create(quantized->file, policy_->card());
    }

    void stepAndEpisodeAgree() {
        const auto analysis = analyzer(rollouts_, patches(24));
        QVERIFY(analysis);
        const auto episode = analysis->actions(1);
        QVERIFY(episode.has_value());
        QCOMPARE(static_cast<std::int64_t>(episode->size()), rollouts_->info().episodes[1].steps);
        for (const std::int64_t step : {0, 7, 30}) {
            const auto single = analysis->step(1, step, true);
            QVERIFY(single.has_value());
            const auto& row = (*episode)[static_cast<std::size_t>(step)];
            QVERIFY(std::abs(single->gap - row.gap) < 1e-5f);
            QVERIFY(single->gap > 0);
            QCOMPARE(single->action.size(), std::size_t{4});
            for (std::size_t dimension = 0; dimension < 4; ++dimension)
                QVERIFY(std::abs(single->action[dimension] - row.action[dimension]) < 1e-5f);
            QCOMPARE(single->saliency.size(), std::size_t{1});
            QCOMPARE(single->saliency[0].rows * single->saliency[0].columns, std::int64_t{16});
            QVERIFY(single->divergence > 0 && single->divergence <= 1);
        }
    }

    void aPolicyAgainstItselfHasNoGap() {
        quantized_.swap(policy_);
        const auto same = Analyzer::create(policy_, policy_, rollouts_, patches(24));
        quantized_.swap(policy_);
        QVERIFY(same.has_value());
        const auto result = (*same)->step(0, 3, true);
        QVERIFY(result.has_value());
        QCOMPARE(result->gap, 0.0f);
        QVERIFY(result->divergence < 1e-6f);
    }

    void sisPerModalityAddsUp() {
        AnalysisSpec spec = patches(24);
        spec.perturbations.push_back({PerturbationKind::State});
        const auto analysis = analyzer(rollouts_, spec, false);
        QVERIFY(analysis);
        QCOMPARE(analysis->modalities().size(), std::size_t{3});
        const auto result = analysis->step(0, 10, false);
        QVERIFY(result.has_value());
        QCOMPARE(result->sisOfModality.size(), std::size_t{3});
        double sum = 0, places = 0;
        for (std::size_t index = 0; index < 3; ++index) {
            const double count = static_cast<double>(result->saliency[index].scores.size());
            sum += result->sisOfModality[index] * count;
            places += count;
        }
        QCOMPARE(places, 16.0 + 3 + 1);
        QVERIFY(std::abs(result->sis - sum / places) < 1e-5 * result->sis);
        QVERIFY(std::isnan(result->gap));
    }

    void notFiniteStepsAreNamedAndLeftOut() {
        const auto spoiled = std::make_shared<Rollouts>(std::make_unique<SpoiledReader>(rollouts_));
        const auto analysis = analyzer(spoiled, patches(48));
        QVERIFY(analysis);
        const auto bad = analysis->step(1, SpoiledReader::kSpoiledStep, true);
        QVERIFY(bad.has_value());
        QVERIFY(std::isnan(bad->sis) && std::isnan(bad->gap));
        const QString problem = QString::fromStdString(bad->problem);
        QVERIFY(problem.contains("step 5") && problem.contains("robot0_eef_pos") &&
                problem.contains(QString::fromStdString(spoiled->info().episodes[1].name)));
        QVERIFY(analysis->step(1, 6, true)->problem.empty());
        const auto episode = analysis->actions(1);
        QVERIFY(episode.has_value());
        QVERIFY(std::isnan((*episode)[5].gap) && std::isfinite((*episode)[4].gap));
    }

    void episodesWithoutSteps() {
        const auto spoiled = std::make_shared<Rollouts>(std::make_unique<SpoiledReader>(rollouts_));
        const auto analysis = analyzer(spoiled, patches(48));
        const auto episode = analysis->actions(0);
        QVERIFY(episode.has_value());
        QVERIFY(episode->empty());
        QVERIFY(!analysis->step(0, 0, false).has_value());
    }

    void parametersAreResolved() {
        const auto analysis = analyzer(rollouts_, AnalysisSpec{}, false);
        const QString parameters = QString::fromStdString(analysis->parametersJson());
        QVERIFY(parameters.contains("\"head\":\"deterministic\""));
        QVERIFY(parameters.contains("\"mask_sigma\":6.0"));
        QVERIFY(!parameters.contains("top_percent"));
    }
};

QTEST_GUILESS_MAIN(AnalysisTest)
#include "AnalysisTest.moc"
