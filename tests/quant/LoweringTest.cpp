#include <ATen/ATen.h>

#include <QtTest>
#include <set>

#include "core/policy/GraphExecutor.h"
#include "core/policy/Policy.h"
#include "core/quant/BatchNormFolding.h"
#include "core/quant/PostTraining.h"
#include "core/quant/SampleCalibration.h"
#include "core/quant/lowering/LowBitLowering.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"
#include "tests/policy/RecordedRuns.h"

using namespace sqil;

namespace {

/// Quantized on these inputs: no rollouts are needed.
PolicyFile quantized(const PolicyFile& file, const std::vector<at::Tensor>& inputs, const QuantSpec& spec) {
    auto result = quantizeOnInputs(file, inputs, spec);
    if (!result)
        throw std::runtime_error(result.error().message);
    return std::move(*result);
}

QuantSpec specOf(int weights, int activations) {
    QuantSpec spec;
    spec.weightBits = weights;
    spec.activationBits = activations;
    return spec;
}

std::vector<at::Tensor> outputsOf(const PolicyGraph& graph, const std::vector<at::Tensor>& inputs) {
    const auto executor = GraphExecutor::create(graph);
    if (!executor)
        throw std::runtime_error(executor.error().message);
    const auto outputs = executor->run(inputs);
    if (!outputs)
        throw std::runtime_error(outputs.error().message);
    return *outputs;
}

double relativeError(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).norm().item<double>() / std::max(b.norm().item<double>(), 1e-12);
}

std::set<std::string> targetsOf(const PolicyGraph& graph) {
    std::set<std::string> targets;
    for (const Node& node : graph.nodes)
        targets.insert(node.target);
    return targets;
}

}  // namespace

/// Packed operators in place of fake quantization: what they compute, what stays, what is freed.
class LoweringTest : public QObject {
    Q_OBJECT

    static std::filesystem::path recorded() { return test::reference() / "parity_policies"; }

    static void needReference() {
        if (!std::filesystem::exists(recorded() / "index.json"))
            QSKIP("needs the reference environment: scripts/test.sh makes it");
    }

    /// Batch norms folded, as quantizePolicy() does.
    static PolicyFile readFolded(const char* name) {
        auto file = readPolicyFile(recorded() / (std::string(name) + ".pt2"));
        if (!file)
            throw std::runtime_error(file.error().message);
        foldBatchNorms(file->graph);
        // torchvision starts a ViT with a head of zeros, which would hide everything before it.
        at::manual_seed(7);
        for (Binding& binding : file->graph.bindings)
            if (binding.name == "heads.head.weight")
                binding.tensor = at::randn_like(binding.tensor) * 0.05;
        return std::move(*file);
    }

    static std::vector<at::Tensor> inputsOf(const char* name, std::size_t run) {
        const auto record = test::readJson(recorded() / (std::string(name) + ".json"));
        return test::readTensors(recorded(), record.at("runs").at(run).at("inputs"));
    }

    /// What float rounding alone does to a fake-quantized policy: weights off by as much as the order of a sum over
    /// thousands of inputs changes it. A code that rounds the other way moves an activation by a whole step, and layer
    /// after layer more follow, up to about what quantization itself costs.
    static double roundingOf(const char* name, const PolicyFile& fake, std::size_t runs) {
        PolicyGraph other = fake.graph;
        at::manual_seed(5);
        for (Binding& binding : other.bindings)
            if (binding.tensor.is_floating_point())
                binding.tensor = binding.tensor * (1 + (at::rand_like(binding.tensor) - 0.5) * 4e-6);
        double worst = 0;
        for (std::size_t run = 0; run < runs; ++run) {
            const auto inputs = inputsOf(name, run);
            worst = std::max(worst, relativeError(outputsOf(other, inputs)[0], outputsOf(fake.graph, inputs)[0]));
        }
        qInfo("%s: rounding alone %.2g", name, worst);
        return worst;
    }

    /// Lowered and fake-quantized outputs of all recorded batches; the largest relative distance.
    static double compare(const char* name, const PolicyFile& fake, const LoweredPolicy& lowered, std::size_t runs) {
        double worst = 0;
        for (std::size_t run = 0; run < runs; ++run) {
            const auto inputs = inputsOf(name, run);
            const auto expected = outputsOf(fake.graph, inputs), got = outputsOf(lowered.file.graph, inputs);
            for (std::size_t i = 0; i < expected.size(); ++i)
                worst = std::max(worst, relativeError(got[i], expected[i]));
        }
        qInfo("%s: largest relative distance %.2g", name, worst);
        return worst;
    }

private Q_SLOTS:
    void initTestCase() { registerPlugins(); }

    void resnetRunsInIntegers_data() {
        QTest::addColumn<int>("weights");
        QTest::addColumn<int>("activations");
        QTest::newRow("w8a8") << 8 << 8;
        QTest::newRow("w4a4") << 4 << 4;
        QTest::newRow("w4a8") << 4 << 8;
        QTest::newRow("w6a5") << 6 << 5;
    }
    void resnetRunsInIntegers() {
        needReference();
        QFETCH(int, weights);
        QFETCH(int, activations);
        const at::NoGradGuard none;
        const PolicyFile folded = readFolded("resnet34");
        const PolicyFile fake = quantized(folded, inputsOf("resnet34", 1), specOf(weights, activations));
        const auto lowered = lowerPolicy(fake);
        QVERIFY2(lowered, lowered ? "" : lowered.error().message.c_str());
        for (const LoweredLayer& layer : lowered->layers)
            QVERIFY2(!layer.target.empty(), (layer.layer + ": " + layer.reason).c_str());
        const auto targets = targetsOf(lowered->file.graph);
        for (const char* gone : {"aten::conv2d", "aten::relu", "aten::linear", "aten::max_pool2d", "aten::add.Tensor",
                                 "aten::fake_quantize_per_tensor_affine"})
            QVERIFY2(!targets.contains(gone), gone);
        QVERIFY(compare("resnet34", fake, *lowered, 3) < 2 * roundingOf("resnet34", fake, 3));
        // Four-bit layers take half a byte a weight; what is measured against is float.
        QVERIFY(lowered->packedBytes < lowered->floatBytes * (weights == 4 && activations == 4 ? 0.16 : 0.29));
    }

    void transformersAndMlps_data() {
        QTest::addColumn<QString>("policy");
        QTest::addColumn<int>("weights");
        QTest::addColumn<int>("activations");
        QTest::addColumn<bool>("asymmetric");
        QTest::addColumn<int>("group");
        QTest::addColumn<QString>("target");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("ViT W4A16 groups of 128")
            << "vit_b_16" << 4 << 16 << false << 128 << "sqil::linear_w4a16" << 1e-4;
        QTest::newRow("ViT W8A8") << "vit_b_16" << 8 << 8 << false << 0 << "sqil::linear_w8a8" << 0.02;
        QTest::newRow("W4A16 asymmetric") << "transformer" << 4 << 16 << true << 0 << "sqil::linear_w4a16" << 1e-5;
        QTest::newRow("W4A16 asymmetric groups")
            << "transformer" << 4 << 16 << true << 8 << "sqil::linear_w4a16" << 1e-5;
        QTest::newRow("W8A16") << "transformer" << 8 << 16 << false << 0 << "sqil::linear_w8a16" << 1e-5;
        QTest::newRow("W3A16") << "mlp" << 3 << 16 << false << 32 << "sqil::linear_w4a16" << 1e-5;
        QTest::newRow("W5A16 asymmetric") << "mlp" << 5 << 16 << true << 0 << "sqil::linear_w8a16" << 1e-5;
        QTest::newRow("W4A8 groups") << "transformer" << 4 << 8 << false << 32 << "sqil::linear_w4a8" << 0.02;
        QTest::newRow("W4A4") << "mlp" << 4 << 4 << false << 0 << "sqil::linear_w4a4" << 0.02;
        QTest::newRow("W4A8 asymmetric") << "mlp" << 4 << 8 << true << 0 << "sqil::linear_w8a8" << 0.02;
        QTest::newRow("bfloat16 policy W4A16") << "bfloat16" << 4 << 16 << false << 0 << "sqil::linear_w4a16" << 0.02;
    }
    void transformersAndMlps() {
        needReference();
        QFETCH(QString, policy);
        QFETCH(int, weights);
        QFETCH(int, activations);
        QFETCH(bool, asymmetric);
        QFETCH(int, group);
        QFETCH(QString, target);
        QFETCH(double, tolerance);
        const at::NoGradGuard none;
        const std::string name = policy.toStdString();
        QuantSpec spec = specOf(weights, activations);
        spec.asymmetric = asymmetric;
        spec.firstLastAt8 = false;
        if (group > 0) {
            spec.granularity = Granularity::Group;
            spec.groupSize = group;
        }
        const PolicyFile fake = quantized(readFolded(name.c_str()), inputsOf(name.c_str(), 0), spec);
        const auto lowered = lowerPolicy(fake);
        QVERIFY2(lowered, lowered ? "" : lowered.error().message.c_str());
        int packed = 0;
        for (const LoweredLayer& layer : lowered->layers) {
            packed += layer.target == target.toStdString();
            // The ViT's patch embedding is a convolution.
            QVERIFY2(!layer.target.empty() || layer.layer == "conv_proj", (layer.layer + ": " + layer.reason).c_str());
            QVERIFY(layer.target.empty() != (layer.packedBytes > 0));
        }
        QVERIFY(packed >= static_cast<int>(lowered->layers.size()) - 1);
        const bool once = name == "vit_b_16";
        const double distance = compare(name.c_str(), fake, *lowered, once ? 1 : 3);
        QVERIFY(distance < (once && activations < 16 ? 2 * roundingOf(name.c_str(), fake, 1) : tolerance));
    }

    void normalFloatKeepsItsLevels() {
        needReference();
        const at::NoGradGuard none;
        QuantSpec spec = specOf(4, 16);
        spec.method = QuantMethod::Nf4;
        const PolicyFile fake = quantized(readFolded("vit_b_16"), inputsOf("vit_b_16", 0), spec);
        const auto lowered = lowerPolicy(fake);
        QVERIFY2(lowered, lowered ? "" : lowered.error().message.c_str());
        int packed = 0;
        for (const LoweredLayer& layer : lowered->layers)
            packed += layer.target == "sqil::linear_w4a16";
        QVERIFY(packed >= 48);
        QVERIFY(compare("vit_b_16", fake, *lowered, 1) < 1e-4);
    }

    void whatCannotBeLoweredStaysAndIsNamed() {
        needReference();
        const at::NoGradGuard none;
        const PolicyFile fake =
            quantized(readFolded("camera_and_state"), inputsOf("camera_and_state", 0), specOf(8, 8));
        const auto lowered = lowerPolicy(fake);
        QVERIFY2(lowered, lowered ? "" : lowered.error().message.c_str());
        QCOMPARE(lowered->layers.size(), std::size_t{3});
        QCOMPARE(lowered->layers[0].target, std::string("sqil::conv2d_w8a8"));
        QVERIFY(lowered->layers[1].target.empty());  // two groups
        QVERIFY(QString::fromStdString(lowered->layers[1].reason).contains("grouped"));
        QVERIFY(lowered->layers[1].multiplications > 0);
        QVERIFY(targetsOf(lowered->file.graph).contains("aten::conv2d"));
        QVERIFY(compare("camera_and_state", fake, *lowered, 3) < 0.01);
    }

    void sampleThroughItsCard() {
        const at::NoGradGuard none;
        auto rollouts = Rollouts::open(test::sample() / "rollouts.hdf5");
        QVERIFY(rollouts);
        const auto policy = Policy::load(test::sample() / "policy.pt2", (*rollouts)->info());
        QVERIFY(policy);
        QuantSpec spec = specOf(8, 8);
        spec.calibrationSteps = 32;
        const auto fake = quantizePolicy(**policy, **rollouts, spec);
        QVERIFY2(fake, fake ? "" : fake.error().message.c_str());
        const auto lowered = lowerPolicy(fake->file);
        QVERIFY2(lowered, lowered ? "" : lowered.error().message.c_str());
        const auto fast = Policy::create(lowered->file, (*policy)->card());
        QVERIFY2(fast, fast ? "" : fast.error().message.c_str());
        const auto slow = Policy::create(fake->file, (*policy)->card());
        const auto inputs = (*policy)->inputs(**rollouts, 0, 0, 16);
        QVERIFY(inputs);
        const double distance = relativeError(*(*fast)->forward(*inputs), *(*slow)->forward(*inputs));
        qInfo("sample: %.2g", distance);
        QVERIFY(distance < 0.02);
    }

    void damagedRecipesAreErrors() {
        needReference();
        const at::NoGradGuard none;
        PolicyFile fake = quantized(readFolded("mlp"), inputsOf("mlp", 0), specOf(4, 16));
        PolicyFile plain = fake;
        plain.extraFiles.clear();
        QVERIFY(!lowerPolicy(plain));
        plain.extraFiles[kQuantizationFile] = R"({"layers": [{"layer": "layers.0"}]})";
        const auto cut = lowerPolicy(plain);
        QVERIFY(!cut);
        QVERIFY(QString::fromStdString(cut.error().message).contains("layers.0"));
        // Weights that are not the recipe's stay as they are.
        for (Binding& binding : fake.graph.bindings)
            if (binding.name == "layers.0.weight")
                binding.tensor = binding.tensor + 0.01;
        const auto changed = lowerPolicy(fake);
        QVERIFY(changed);
        QVERIFY(changed->layers[0].target.empty());
        QVERIFY(QString::fromStdString(changed->layers[0].reason).contains("not those of the recipe"));
        QVERIFY(compare("mlp", fake, *changed, 3) < 1e-5);
    }
};

QTEST_GUILESS_MAIN(LoweringTest)
#include "LoweringTest.moc"
