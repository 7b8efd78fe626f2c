#include <ATen/ATen.h>

#include <QtTest>

#include "core/bench/OperatorCheck.h"
#include "core/kernels/Operators.h"
#include "core/kernels/PanelLayout.h"
#include "core/policy/Device.h"
#include "core/policy/ReplayedExecutor.h"
#include "core/quant/lowering/DeviceWeights.h"

using namespace sqil;

/// The sqil:: operators on the GPU at hand against the CPU's.
class CudaKernelsTest : public QObject {
    Q_OBJECT

    static void verify(const std::vector<KernelCheckResult>& results, int cases) {
        QCOMPARE(static_cast<int>(results.size()), 10);
        for (const KernelCheckResult& result : results) {
            QVERIFY2(result.failures == 0, (result.kernel + ": " + std::to_string(result.failures) + " of " +
                                            std::to_string(result.cases) + " differ, first at " + result.firstFailure)
                                               .c_str());
            QCOMPARE(result.cases, cases);
        }
    }

    static Result<at::Device> cuda() {
        if (const auto kernels = lowBitCudaKernels(); !kernels)
            return tl::unexpected(kernels.error());
        return openDevice("cuda");
    }

    /// One linear layer of 64 outputs and 128 inputs, 4-bit weights in groups of 32.
    static PolicyGraph packedLayer() {
        registerLowBitOperators();
        at::manual_seed(1);
        constexpr std::int64_t outputs = 64, inputs = 128, group = 32;
        PolicyGraph graph;
        const auto bind = [&](const char* name, const at::Tensor& tensor) {
            Binding binding;
            binding.value = graph.addValue(name, std::nullopt);
            binding.name = name;
            binding.tensor = tensor;
            graph.bindings.push_back(binding);
            return binding.value;
        };
        const ValueId x = graph.addValue("x", std::nullopt), y = graph.addValue("y", std::nullopt);
        graph.inputs = {x};
        graph.outputs = {y};
        Node node;
        node.name = "y";
        node.target = "sqil::linear_w4a16";
        node.arguments = {
            {"input", x},
            {"weight", bind("weight", at::randint(256, {packedBytes(WeightFormat::Table4, outputs, inputs)},
                                                  at::TensorOptions(at::kByte)))},
            {"scales", bind("scales", at::rand({outputs * inputs / group}) * 0.01)},
            {"zeros", c10::IValue()},
            {"bias", c10::IValue()},
            {"table", c10::IValue()},
            {"outputs", c10::IValue(outputs)},
            {"group_size", c10::IValue(group)}};
        node.outputs = {y};
        graph.nodes.push_back(node);
        return graph;
    }

private Q_SLOTS:
    /// The layer that is replayed below, on the CPU.
    void theLayerRuns() {
        const auto executor = GraphExecutor::create(packedLayer());
        QVERIFY2(executor, executor ? "" : executor.error().message.c_str());
        const auto outputs = executor->run(std::vector{at::randn({16, 128})});
        QVERIFY2(outputs, outputs ? "" : outputs.error().message.c_str());
        QCOMPARE((*outputs)[0].size(1), std::int64_t{64});
    }

    /// The check itself: the CPU agrees with the CPU, on inputs that its operators take.
    void theCpuAgreesWithItself() { verify(checkOperators(at::kCPU, 4), 4); }

    void cudaAgreesWithTheCpu() {
        if (const auto kernels = lowBitCudaKernels(); !kernels)
            QSKIP(kernels.error().message.c_str());
        verify(checkOperators(at::Device(at::kCUDA, 0), 60), 60);
    }

    /// A packed layer recorded and replayed for two batches, in turns.
    void stepsAreReplayed() {
        const auto device = cuda();
        if (!device)
            QSKIP(device.error().message.c_str());
        PolicyGraph graph = packedLayer();
        const auto onCpu = GraphExecutor::create(graph);
        QVERIFY(onCpu);
        const auto moved = moveLowered(graph, *device);
        QVERIFY2(moved, moved ? "" : moved.error().message.c_str());
        auto there = GraphExecutor::create(graph);
        QVERIFY(there);
        ReplayedExecutor replayed(std::move(*there), *device);
        for (int run = 0; run < 6; ++run) {
            const at::Tensor x = at::randn({run % 2 ? 1 : 16, 128});
            const auto outputs = replayed.run(std::vector{x.to(*device)});
            QVERIFY2(outputs, outputs ? "" : outputs.error().message.c_str());
            QVERIFY2(replayed.fallBack().empty(), replayed.fallBack().c_str());
            QVERIFY(at::allclose((*outputs)[0].cpu(), (*onCpu->run(std::vector{x}))[0], 1e-2, 1e-2));
        }
    }

    /// What cannot be recorded runs as it is, and leaves the device as it was.
    void whatLooksAtTheDeviceIsNotReplayed() {
        const auto device = cuda();
        if (!device)
            QSKIP(device.error().message.c_str());
        PolicyGraph graph;
        const ValueId x = graph.addValue("x", std::nullopt), places = graph.addValue("places", std::nullopt);
        graph.inputs = {x};
        graph.outputs = {places};
        Node node;  // its output's size is computed by the device
        node.name = "places";
        node.target = "aten::nonzero";
        node.arguments = {{"self", x}};
        node.outputs = {places};
        graph.nodes.push_back(node);
        auto executor = GraphExecutor::create(graph);
        QVERIFY(executor);
        ReplayedExecutor replayed(std::move(*executor), *device);
        for (int run = 0; run < 2; ++run) {
            const auto outputs = replayed.run(std::vector{at::eye(4).to(*device)});
            QVERIFY2(outputs, outputs ? "" : outputs.error().message.c_str());
            QCOMPARE((*outputs)[0].size(0), std::int64_t{4});
            QVERIFY(!replayed.fallBack().empty());
        }
        stepsAreReplayed();
    }
};

QTEST_GUILESS_MAIN(CudaKernelsTest)
#include "CudaKernelsTest.moc"
