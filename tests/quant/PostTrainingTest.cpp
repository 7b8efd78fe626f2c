#include <ATen/ATen.h>

#include <QTemporaryDir>
#include <QtTest>
#include <set>

#include <nlohmann/json.hpp>

#include "core/quant/PostTraining.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/QuantizeFile.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"

using namespace sqil;

namespace {

std::shared_ptr<Rollouts> sampleRollouts() {
    auto rollouts = Rollouts::open(test::sample() / "rollouts.hdf5");
    return rollouts ? *rollouts : nullptr;
}

std::shared_ptr<const Policy> samplePolicy(const Rollouts& rollouts) {
    auto policy = Policy::load(test::sample() / "policy.pt2", rollouts.info());
    return policy ? *policy : nullptr;
}

/// Most distinct values in any output channel of a weight.
std::size_t mostLevels(const at::Tensor& weight) {
    std::size_t most = 0;
    for (std::int64_t channel = 0; channel < weight.size(0); ++channel) {
        const at::Tensor values = weight[channel].flatten().contiguous();
        const float* data = values.const_data_ptr<float>();
        most = std::max(most, std::set<float>(data, data + values.numel()).size());
    }
    return most;
}

}  // namespace

class PostTrainingTest : public QObject {
    Q_OBJECT
    std::shared_ptr<Rollouts> rollouts_;
    std::shared_ptr<const Policy> policy_;

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        rollouts_ = sampleRollouts();
        QVERIFY(rollouts_);
        policy_ = samplePolicy(*rollouts_);
        QVERIFY(policy_);
    }

    void findsTheSamplesLayers() {
        const auto layers = quantizableLayers(policy_->graph());
        QVERIFY(layers.size() >= 4);
        std::set<std::string> names;
        for (const auto& layer : layers)
            names.insert(layer.name);
        QCOMPARE(names.size(), layers.size());
        QVERIFY(layers.front().isFirst && !layers.front().isLast);
        QVERIFY(layers.back().isLast && !layers.back().isFirst);
        for (std::size_t index = 1; index + 1 < layers.size(); ++index)
            QVERIFY(!layers[index].isLast);
    }

    void weightsTakeAtMostSixteenValuesAChannel() {
        const auto quantized = quantizePolicy(*policy_, *rollouts_, QuantSpec{});
        QVERIFY2(quantized.has_value(), quantized ? "" : quantized.error().message.c_str());
        for (const auto& layer : quantizableLayers(quantized->file.graph))
            QVERIFY(mostLevels(quantized->file.graph.binding(layer.weight)->tensor) <= 16);
        QCOMPARE(quantized->file.graph.nodes.size(), policy_->graph().nodes.size());
        for (const auto& layer : quantized->layers) {
            QCOMPARE(layer.weightBits, 4);
            QVERIFY(layer.relativeWeightError > 0.01 && layer.relativeWeightError < 0.5);
        }
    }

    void leavesTheFullPrecisionPolicyAlone() {
        const auto layer = quantizableLayers(policy_->graph()).front();
        const at::Tensor before = policy_->graph().binding(layer.weight)->tensor.clone();
        QVERIFY(quantizePolicy(*policy_, *rollouts_, QuantSpec{}).has_value());
        QVERIFY(at::equal(before, policy_->graph().binding(layer.weight)->tensor));
    }

    void firstAndLastLayerKeepEightBits() {
        QuantSpec spec;
        spec.weightBits = spec.activationBits = 4;
        spec.calibrationSteps = 16;
        const auto quantized = quantizePolicy(*policy_, *rollouts_, spec);
        QVERIFY2(quantized.has_value(), quantized ? "" : quantized.error().message.c_str());
        const auto layers = quantizableLayers(policy_->graph());
        for (std::size_t index = 0; index < layers.size(); ++index) {
            const int expected = layers[index].isFirst || layers[index].isLast ? 8 : 4;
            QCOMPARE(quantized->layers[index].weightBits, expected);
            QCOMPARE(quantized->layers[index].activationBits, expected);
        }
    }

    void activationErrorShrinksWithBits() {
        double previous = 1e9;
        for (const int bits : {2, 4, 8}) {
            QuantSpec spec;
            spec.weightBits = 16;
            spec.activationBits = bits;
            spec.firstLastAt8 = false;
            spec.calibrationSteps = 32;
            const auto quantized = quantizePolicy(*policy_, *rollouts_, spec);
            QVERIFY2(quantized.has_value(), quantized ? "" : quantized.error().message.c_str());
            const auto other = Policy::create(quantized->file, policy_->card());
            QVERIFY2(other.has_value(), other ? "" : other.error().message.c_str());
            const auto inputs = policy_->inputs(*rollouts_, 0, 0, 32);
            QVERIFY(inputs.has_value());
            const double error = (*policy_->forward(*inputs) - *(*other)->forward(*inputs)).norm().item<double>();
            QVERIFY2(error < previous, qPrintable(QString("%1 bits: %2 after %3").arg(bits).arg(error).arg(previous)));
            previous = error;
        }
        QVERIFY(previous < 1.0);
    }

    void recipeHoldsTheExactSteps() {
        QuantSpec spec;
        spec.weightBits = 4;
        spec.granularity = Granularity::Group;
        spec.groupSize = 32;
        const auto quantized = quantizePolicy(*policy_, *rollouts_, spec);
        QVERIFY(quantized.has_value());
        const auto recipe = nlohmann::json::parse(quantized->file.extraFiles.at(kQuantizationFile));
        const auto layers = quantizableLayers(quantized->file.graph);
        QCOMPARE(recipe.at("layers").size(), layers.size());
        for (std::size_t index = 0; index < layers.size(); ++index) {
            const at::Tensor weight = quantized->file.graph.binding(layers[index].weight)->tensor.flatten(1);
            const auto steps = recipe.at("layers")[index].at("weight_steps").get<std::vector<float>>();
            const std::int64_t groups = (weight.size(1) + 31) / 32;
            QCOMPARE(static_cast<std::int64_t>(steps.size()), weight.size(0) * groups);
            // Every weight is a whole multiple of its group's step: it can be packed exactly.
            for (std::int64_t group = 0; group < groups; ++group) {
                const float step = steps[static_cast<std::size_t>(group)];
                const at::Tensor multiples =
                    weight[0].slice(0, group * 32, std::min(weight.size(1), (group + 1) * 32)) / step;
                QVERIFY((multiples - multiples.round()).abs().max().item<float>() < 1e-3f);
                QVERIFY(multiples.abs().max().item<float>() <= 8.001f);
            }
        }
    }

    void bitsOfOneLayer() {
        const auto layers = quantizableLayers(policy_->graph());
        QuantSpec spec;
        spec.weightBitsOfLayer[layers[1].name] = 16;
        const auto quantized = quantizePolicy(*policy_, *rollouts_, spec);
        QVERIFY(quantized.has_value());
        QVERIFY(at::equal(quantized->file.graph.binding(layers[1].weight)->tensor,
                          policy_->graph().binding(layers[1].weight)->tensor));
        spec.weightBitsOfLayer = {{"no such layer", 8}};
        const auto refused = quantizePolicy(*policy_, *rollouts_, spec);
        QVERIFY(!refused);
        QVERIFY(QString::fromStdString(refused.error().message).contains(QString::fromStdString(layers[0].name)));
    }

    void notFiniteWeightsAreNamed() {
        PolicyFile file = policy_->file();
        const auto layer = quantizableLayers(file.graph).front();
        at::Tensor broken = file.graph.binding(layer.weight)->tensor.clone();
        broken.view(-1)[0] = NAN;
        file.graph.binding(layer.weight)->tensor = broken;
        const auto policy = Policy::create(file, policy_->card());
        QVERIFY(policy.has_value());
        const auto refused = quantizePolicy(**policy, *rollouts_, QuantSpec{});
        QVERIFY(!refused);
        QVERIFY(QString::fromStdString(refused.error().message).contains(QString::fromStdString(layer.name)));
    }

    void cancelStops() {
        const auto result = quantizePolicy(*policy_, *rollouts_, QuantSpec{}, [](auto, auto, auto) { return false; });
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    }

    void writtenFileGivesTheSameActions() {
        QTemporaryDir folder;
        const std::filesystem::path out = folder.filePath("q.pt2").toStdString();
        QuantSpec spec;
        spec.weightBits = spec.activationBits = 8;
        spec.calibrationSteps = 32;
        const auto layers = quantizePolicyFile(test::sample() / "policy.pt2", {}, *rollouts_, spec, out);
        QVERIFY2(layers.has_value(), layers ? "" : layers.error().message.c_str());
        const auto direct = quantizePolicy(*policy_, *rollouts_, spec);
        const auto inputs = policy_->inputs(*rollouts_, 0, 3, 5);
        const auto memory = Policy::create(direct->file, policy_->card());
        const auto disk = Policy::load(out, rollouts_->info());
        QVERIFY2(disk.has_value(), disk ? "" : disk.error().message.c_str());
        QVERIFY(at::equal(*(*memory)->forward(*inputs), *(*disk)->forward(*inputs)));

        const auto twice = quantizePolicyFile(out, {}, *rollouts_, spec, folder.filePath("again.pt2").toStdString());
        QVERIFY(!twice);
        QVERIFY(QString::fromStdString(twice.error().message).contains("quantized already"));
    }
};

QTEST_GUILESS_MAIN(PostTrainingTest)
#include "PostTrainingTest.moc"
