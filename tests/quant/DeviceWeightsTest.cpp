#include <ATen/ATen.h>

#include <QtTest>

#include "core/policy/GraphExecutor.h"
#include "core/quant/SampleCalibration.h"
#include "core/quant/lowering/DeviceWeights.h"
#include "core/quant/lowering/LowBitLowering.h"
#include "tests/FakeAccelerator.h"
#include "tests/TestPaths.h"

using namespace sqil;
using test::FakeAccelerator;

namespace {

std::vector<at::Tensor> inputsOf(const PolicyGraph& graph) {
    at::manual_seed(3);
    std::vector<at::Tensor> inputs;
    for (const ValueId input : graph.inputs) {
        const TensorMeta& meta = graph.values.at(static_cast<std::size_t>(input)).meta.value();
        std::vector<std::int64_t> sizes;
        for (const Dimension& size : meta.sizes)
            sizes.push_back(std::holds_alternative<std::int64_t>(size) ? std::get<std::int64_t>(size) : 1);
        inputs.push_back(at::rand(sizes).to(meta.type));
    }
    return inputs;
}

std::vector<at::Tensor> on(at::Device device, std::vector<at::Tensor> tensors) {
    for (at::Tensor& tensor : tensors)
        tensor = tensor.to(device);
    return tensors;
}

}  // namespace

/// A lowered policy on a device with a layout of its own for weights.
class DeviceWeightsTest : public QObject {
    Q_OBJECT
    PolicyFile sample_;
    std::vector<at::Tensor> inputs_;

    PolicyGraph lowered(int weights, int activations) const {
        QuantSpec spec;
        spec.weightBits = weights;
        spec.activationBits = activations;
        const auto quantized = quantizeOnInputs(sample_, inputs_, spec);
        if (!quantized)
            throw std::runtime_error(quantized.error().message);
        auto result = lowerPolicy(*quantized);
        if (!result)
            throw std::runtime_error(result.error().message);
        return std::move(result->file.graph);
    }

    static std::int64_t packedNodes(const PolicyGraph& graph) {
        return std::count_if(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
            return node.target.starts_with("sqil::linear") || node.target.starts_with("sqil::conv");
        });
    }

private Q_SLOTS:
    void initTestCase() {
        FakeAccelerator::install();
        auto file = readPolicyFile(test::sample() / "policy.pt2");
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        sample_ = std::move(*file);
        inputs_ = inputsOf(sample_.graph);
    }
    void init() { FakeAccelerator::reset(); }

    void weightsAreRepackedOnce_data() {
        QTest::addColumn<int>("weights");
        QTest::addColumn<int>("activations");
        QTest::newRow("w8a8") << 8 << 8;
        QTest::newRow("w4a8") << 4 << 8;
        QTest::newRow("w4a4") << 4 << 4;
        QTest::newRow("w4a16") << 4 << 16;
        QTest::newRow("w8a16") << 8 << 16;
    }
    void weightsAreRepackedOnce() {
        QFETCH(int, weights);
        QFETCH(int, activations);
        const at::NoGradGuard none;
        PolicyGraph graph = lowered(weights, activations);
        const auto onCpu = GraphExecutor::create(graph);
        const auto expected = onCpu->run(inputs_);
        QVERIFY(expected);
        const std::int64_t packed = packedNodes(graph);
        QVERIFY(packed > 0);

        const auto moved = moveLowered(graph, FakeAccelerator::device());
        QVERIFY2(moved, moved ? "" : moved.error().message.c_str());
        QCOMPARE(FakeAccelerator::repacked, packed);
        // Again: nothing is left to do.
        QVERIFY(moveLowered(graph, FakeAccelerator::device()));
        QCOMPARE(FakeAccelerator::repacked, packed);
        const auto executor = GraphExecutor::create(graph);
        QVERIFY(executor);
        for (int run = 1; run <= 3; ++run) {
            const auto outputs = executor->run(on(FakeAccelerator::device(), inputs_));
            QVERIFY2(outputs, outputs ? "" : outputs.error().message.c_str());
            QCOMPARE(FakeAccelerator::packedCalls, run * packed);
            for (std::size_t i = 0; i < outputs->size(); ++i)
                QVERIFY(at::equal((*outputs)[i].cpu(), (*expected)[i]));
        }
        QCOMPARE(FakeAccelerator::repacked, packed);
        QCOMPARE(FakeAccelerator::unpackedWeights, std::int64_t{0});

        const auto back = moveLowered(graph, at::kCPU);
        QVERIFY(!back);
        QVERIFY2(back.error().message.find("lower the policy again") != std::string::npos,
                 back.error().message.c_str());
    }

    /// moveTo() alone leaves the CPU's layout, which the operators take apart at every call.
    void withoutItEveryCallRepacks() {
        PolicyGraph graph = lowered(8, 8);
        QVERIFY(graph.moveTo(FakeAccelerator::device()));
        QVERIFY(GraphExecutor::create(graph)->run(on(FakeAccelerator::device(), inputs_)));
        QCOMPARE(FakeAccelerator::unpackedWeights, packedNodes(graph));
    }

    /// Read by something else too, a weight keeps its layout.
    void sharedWeightsStay() {
        PolicyGraph graph = lowered(8, 8);
        const std::int64_t packed = packedNodes(graph);
        for (const Binding& binding : graph.bindings)
            if (binding.name.ends_with(".packed")) {
                graph.outputs.push_back(binding.value);
                break;
            }
        QVERIFY(moveLowered(graph, FakeAccelerator::device()));
        QCOMPARE(FakeAccelerator::repacked, packed - 1);
    }

    void anUnknownGpuIsNamed() {
        FakeAccelerator::refusal =
            "this GPU is of compute capability 5.0; the CUDA kernels of this build are for sm_75";
        PolicyGraph graph = lowered(8, 8);
        const auto moved = moveLowered(graph, FakeAccelerator::device());
        QVERIFY(!moved);
        QCOMPARE(moved.error().kind, ErrorKind::Unsupported);
        QVERIFY2(moved.error().message.find("compute capability 5.0") != std::string::npos,
                 moved.error().message.c_str());
    }

    void outOfMemorySaysWhatToDo() {
        PolicyGraph graph = lowered(8, 8);
        FakeAccelerator::memory = 4096;
        const auto moved = moveLowered(graph, FakeAccelerator::device());
        QVERIFY(!moved);
        QCOMPARE(moved.error().kind, ErrorKind::Io);
        for (const char* part : {"out of memory", " more were needed", "of 4.00 KiB are free", "fewer bits"})
            QVERIFY2(moved.error().message.find(part) != std::string::npos, moved.error().message.c_str());

        // While it runs: the operator is named too.
        FakeAccelerator::reset();
        graph = lowered(8, 8);
        QVERIFY(moveLowered(graph, FakeAccelerator::device()));
        const auto executor = GraphExecutor::create(graph);
        const auto inputs = on(FakeAccelerator::device(), inputs_);
        FakeAccelerator::memory = 0;
        const auto outputs = executor->run(inputs);
        QVERIFY(!outputs);
        QCOMPARE(outputs.error().kind, ErrorKind::Io);
        for (const char* part : {"node \"", "out of memory", "smaller batch"})
            QVERIFY2(outputs.error().message.find(part) != std::string::npos, outputs.error().message.c_str());
        FakeAccelerator::reset();
        QVERIFY(executor->run(inputs));  // nothing was broken by it
    }
};

QTEST_GUILESS_MAIN(DeviceWeightsTest)
#include "DeviceWeightsTest.moc"
