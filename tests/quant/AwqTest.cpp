#include <ATen/ATen.h>

#include <QtTest>
#include <cmath>

#include "core/quant/Awq.h"
#include "core/quant/PreparedPolicy.h"
#include "core/quant/Quantizer.h"
#include "plugins/Plugins.h"
#include "tests/quant/QuantizerCases.h"

using namespace sqil;

namespace {

struct Case {
    LayerInputs inputs;
    std::vector<ScaledLayer> layers;
    QuantSpec spec;
};

Case caseOf(const nlohmann::json& json) {
    const auto folder = test::quantizerCases();
    Case made;
    const at::Tensor activations = test::readTensor(folder, json.at("activations"));
    auto& geometry = made.inputs.geometry;
    geometry.channels = activations.size(1);
    const at::Tensor channels = activations.movedim(1, 0).flatten(1);
    if (json.at("convolution").get<bool>()) {
        geometry.kind = LayerGeometry::Kind::Convolution;
        geometry.kernel = {3, 3};
    }
    made.inputs.meanMagnitude = channels.abs().mean(1);
    made.inputs.minimum = channels.amin(1);
    made.inputs.maximum = channels.amax(1);
    made.inputs.rows = test::readTensor(folder, json.at("rows")).unsqueeze(0);
    made.spec.weightBits = json.at("bits").get<int>();
    made.spec.asymmetric = json.at("asymmetric").get<bool>();
    if (const int group = json.at("group").get<int>(); group > 0) {
        made.spec.granularity = Granularity::Group;
        made.spec.groupSize = group;
    }
    for (const at::Tensor& weight : test::readTensors(folder, json.at("weights"))) {
        QuantizableLayer layer;
        layer.name = "layer" + std::to_string(made.layers.size());
        made.layers.push_back({layer, {made.spec.weightBits, kFullPrecisionBits}, weight});
    }
    return made;
}

double largest(const at::Tensor& tensor) {
    return tensor.abs().max().item<double>();
}

at::Tensor randomTensor(at::IntArrayRef shape, std::uint64_t seed) {
    return at::randn(shape, at::detail::createCPUGenerator(seed));
}

/// A graph of one convolution, as a file would give it.
PolicyGraph convolutionGraph(const std::string& target, const at::Tensor& weight, std::vector<Argument> others) {
    PolicyGraph graph;
    const ValueId input = graph.addValue("obs", std::nullopt), kernel = graph.addValue("weight", std::nullopt);
    const ValueId output = graph.addValue("output", std::nullopt);
    Binding binding;
    binding.value = kernel;
    binding.name = "conv.weight";
    binding.tensor = weight;
    graph.bindings = {binding};
    Node node;
    node.name = "conv";
    node.target = target;
    node.arguments = {{"input", input}, {"weight", kernel}};
    node.arguments.insert(node.arguments.end(), others.begin(), others.end());
    node.outputs = {output};
    graph.nodes = {node};
    graph.inputs = {input};
    graph.outputs = {output};
    return graph;
}

c10::IValue pair(std::int64_t first, std::int64_t second) {
    return std::vector<std::int64_t>{first, second};
}

}  // namespace

class AwqTest : public QObject {
    Q_OBJECT
    std::optional<nlohmann::json> cases_;

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        cases_ = test::readQuantizerCases();
    }

    void choosesAsThePublishedSearch() {
        if (!cases_)
            QSKIP("the reference environment is not there (scripts/setup.sh tests)");
        for (const auto& json : cases_->at("awq")) {
            const std::string name = json.at("name").get<std::string>();
            const Case made = caseOf(json);
            const AwqScale found = searchAwqScale(made.layers, made.inputs, made.spec);
            QVERIFY2(std::abs(found.exponent - json.at("ratio").get<double>()) < 1e-9,
                     qPrintable(QString("%1: %2").arg(name.c_str()).arg(found.exponent)));
            const at::Tensor theirs = test::readTensor(test::quantizerCases(), json.at("scale"));
            QVERIFY2(at::allclose(found.scale, theirs, 1e-4, 1e-6), name.c_str());
            const auto losses = json.at("losses").get<std::vector<double>>();
            double energy = 0;
            for (const auto& layer : made.layers)
                energy += at::matmul(made.inputs.rows[0], layer.weight.flatten(1).t()).square().mean().item<double>();
            QVERIFY(std::abs(found.roundToNearestError * energy / losses.front() - 1) < 1e-3);
            QVERIFY(std::abs(found.error * energy / *std::min_element(losses.begin(), losses.end()) - 1) < 1e-3);
        }
    }

    void clipsAndRoundsAsThePublishedSearch() {
        if (!cases_)
            QSKIP("the reference environment is not there (scripts/setup.sh tests)");
        for (const auto& json : cases_->at("awq")) {
            const std::string name = json.at("name").get<std::string>();
            const Case made = caseOf(json);
            const at::Tensor scale = test::readTensor(test::quantizerCases(), json.at("scale"));
            const LayerInputs inputs = scaledInputs(made.inputs, scale);
            const auto clipped = test::readTensors(test::quantizerCases(), json.at("clipped"));
            const auto quantized = test::readTensors(test::quantizerCases(), json.at("quantized"));
            for (std::size_t i = 0; i < made.layers.size(); ++i) {
                ScaledLayer layer = made.layers[i];
                layer.weight = layer.weight * channelsOnWeight(scale, layer.weight, layer.layer, inputs.geometry);
                const at::Tensor ours = awqClipped(layer, inputs, made.spec);
                // A near tie between two limits may fall the other way in another order of summation.
                const auto differs = (ours - clipped[i]).abs() > 1e-4 * largest(layer.weight);
                QVERIFY2(differs.to(at::kDouble).mean().item<double>() < 0.002, name.c_str());
                const at::Tensor values = quantizeWeight(ours, made.spec.weightBits, layoutOf(layer.layer, made.spec),
                                                         RangeMethod::MinMax, 99.9)
                                              .values;
                const auto rounded = (values - quantized[i]).abs() > 1e-4 * largest(layer.weight);
                QVERIFY2(rounded.to(at::kDouble).mean().item<double>() < 0.01, name.c_str());
            }
        }
    }

    /// Rows times matrix is the layer's output, for every kind of convolution.
    void rowsTimesMatrixIsTheOutput() {
        const at::Tensor image = randomTensor({2, 6, 9, 7}, 1);
        const auto check = [&](const std::string& target, const at::Tensor& weight, std::vector<Argument> arguments,
                               const at::Tensor& expected) {
            PolicyGraph graph = convolutionGraph(target, weight, std::move(arguments));
            graph.values[0].meta =
                TensorMeta{at::kFloat, {std::int64_t{1}, std::int64_t{6}, std::int64_t{9}, std::int64_t{7}}, {}};
            graph.values[2].meta = TensorMeta{at::kFloat, {std::int64_t{1}, std::int64_t{1}}, {}};
            const auto policy = test::policyOf({graph, {}}, 1);
            QVERIFY2(policy.has_value(), policy ? "" : policy.error().message.c_str());
            const auto rollouts = test::rolloutsOf(image);
            const auto layers = quantizableLayers(graph);
            QCOMPARE(layers.size(), std::size_t{1});
            const auto observed = observeLayerInputs(**policy, *rollouts, layers, 2);
            QVERIFY2(observed.has_value(), observed ? "" : observed.error().message.c_str());
            const LayerInputs& inputs = observed->at("conv");
            const at::Tensor matrix = weightMatrix(weight, layers.front(), inputs.geometry);
            const at::Tensor outputs = at::bmm(inputs.rows, matrix.transpose(1, 2)).transpose(1, 2).flatten(0, 1);
            // All places are taken, in order: outputs × places of both images.
            const at::Tensor wanted = expected.movedim(1, 0).flatten(1);
            QCOMPARE(outputs.sizes().vec(), wanted.sizes().vec());
            QVERIFY2(at::allclose(outputs, wanted, 1e-4, 1e-5), target.c_str());
            const at::Tensor channels = image.movedim(1, 0).flatten(1);
            QVERIFY(at::allclose(inputs.meanMagnitude, channels.abs().mean(1), 1e-5, 1e-6));
            QVERIFY(at::equal(inputs.maximum, channels.amax(1)) && at::equal(inputs.minimum, channels.amin(1)));
        };
        const at::Tensor plain = randomTensor({4, 6, 3, 2}, 2), grouped = randomTensor({8, 3, 3, 3}, 3);
        const Argument noBias{"bias", c10::IValue()};
        check("aten::conv2d", plain,
              {noBias, {"stride", pair(2, 1)}, {"padding", pair(1, 0)}, {"dilation", pair(1, 2)}},
              at::conv2d(image, plain, {}, at::IntArrayRef{2, 1}, at::IntArrayRef{1, 0}, at::IntArrayRef{1, 2}));
        check("aten::conv2d.padding", plain, {noBias, {"stride", pair(1, 1)}, {"padding", c10::IValue("same")}},
              at::conv2d(image, plain, {}, at::IntArrayRef{1, 1}, "same"));
        check("aten::conv2d", grouped, {{"groups", c10::IValue(std::int64_t{2})}},
              at::conv2d(image, grouped, {}, at::IntArrayRef{1, 1}, at::IntArrayRef{0, 0}, at::IntArrayRef{1, 1}, 2));
    }

    void scaledPolicyGivesTheSameActions_data() {
        QTest::addColumn<int>("method");
        QTest::newRow("awq") << static_cast<int>(QuantMethod::Awq);
        QTest::newRow("smoothquant") << static_cast<int>(QuantMethod::SmoothQuant);
    }
    void scaledPolicyGivesTheSameActions() {
        QFETCH(int, method);
        const auto rollouts = Rollouts::open(test::sample() / "rollouts.hdf5");
        QVERIFY(rollouts.has_value());
        const auto policy = Policy::load(test::sample() / "policy.pt2", (*rollouts)->info());
        QVERIFY(policy.has_value());
        for (const auto granularity : {Granularity::Channel, Granularity::Tensor}) {
            QuantSpec spec;
            spec.method = static_cast<QuantMethod>(method);
            spec.granularity = granularity;
            spec.calibrationSteps = 32;
            const auto prepared = preparePolicy(**policy, **rollouts, spec);
            QVERIFY2(prepared.has_value(), prepared ? "" : prepared.error().message.c_str());
            const auto inputs = (*policy)->inputs(**rollouts, 1, 0, 24);
            const at::Tensor exact = *(*policy)->forward(*inputs), scaled = *prepared->policy->forward(*inputs);
            QVERIFY2(largest(exact - scaled) < 2e-5, qPrintable(QString::number(largest(exact - scaled))));
            // Something was scaled, and with a step a channel most of it without new nodes.
            const auto& before = (*policy)->graph();
            const auto& after = prepared->policy->graph();
            const auto layer = quantizableLayers(before).back();
            QVERIFY(!at::equal(before.binding(layer.weight)->tensor, after.binding(layer.weight)->tensor));
            if (granularity == Granularity::Channel)
                QVERIFY(after.nodes.size() <= before.nodes.size() + 2);
        }
    }

    /// The promise of the search, for every layer of the sample and both widths of activations.
    void outputErrorIsNeverAboveRoundToNearest() {
        const auto rollouts = Rollouts::open(test::sample() / "rollouts.hdf5");
        QVERIFY(rollouts.has_value());
        const auto policy = Policy::load(test::sample() / "policy.pt2", (*rollouts)->info());
        QVERIFY(policy.has_value());
        const auto layers = quantizableLayers((*policy)->graph());
        auto inputs = observeLayerInputs(**policy, **rollouts, layers, 32);
        QVERIFY(inputs.has_value());
        for (auto& [name, observed] : *inputs)  // enough to search on, in seconds
            observed.rows = observed.rows.slice(1, 0, observed.rows.size(1), 16).contiguous();
        QCOMPARE(inputs->size(), layers.size());
        int better = 0;
        for (const int activations : {16, 4})
            for (const bool asymmetric : {false, true})
                for (const auto& layer : layers) {
                    QuantSpec spec;
                    spec.method = QuantMethod::Awq;
                    spec.asymmetric = asymmetric;
                    const ScaledLayer scaled{layer, {4, activations}, (*policy)->graph().binding(layer.weight)->tensor};
                    const auto found = searchAwqScale({scaled}, inputs->at(layer.name), spec);
                    QVERIFY(found.error <= found.roundToNearestError && found.error > 0);
                    better += found.error < found.roundToNearestError;

                    // And the clip search takes nothing of it away.
                    const LayerInputs read = scaledInputs(inputs->at(layer.name), found.scale);
                    ScaledLayer wide = scaled;
                    wide.bits.activations = kFullPrecisionBits;
                    wide.weight = scaled.weight * channelsOnWeight(found.scale, scaled.weight, layer, read.geometry);
                    const at::Tensor exact = weightMatrix(wide.weight, layer, read.geometry);
                    const auto error = [&](const at::Tensor& weight) {
                        const auto quantized =
                            quantizeWeight(weight, 4, layoutOf(layer, spec), RangeMethod::MinMax, 99.9);
                        const at::Tensor difference = weightMatrix(quantized.values, layer, read.geometry) - exact;
                        return at::bmm(read.rows, difference.transpose(1, 2)).square().mean().item<double>();
                    };
                    QVERIFY(error(awqClipped(wide, read, spec)) <= error(wide.weight) * (1 + 1e-6));
                }
        QVERIFY(better >= static_cast<int>(layers.size()));
    }
};

QTEST_GUILESS_MAIN(AwqTest)
#include "AwqTest.moc"
