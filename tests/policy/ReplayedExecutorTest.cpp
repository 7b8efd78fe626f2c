#include <ATen/ATen.h>

#include <QtTest>

#include "core/policy/ReplayedExecutor.h"
#include "tests/FakeAccelerator.h"

using namespace sqil;
using test::FakeAccelerator;

namespace {

/// relu(x + weight), two outputs: it and its double.
PolicyGraph smallGraph() {
    PolicyGraph graph;
    const auto add = [&](const char* name) { return graph.addValue(name, std::nullopt); };
    const ValueId x = add("x"), weight = add("weight"), sum = add("sum"), first = add("first"), second = add("second");
    graph.inputs = {x};
    graph.outputs = {first, second};
    Binding binding;
    binding.value = weight;
    binding.name = "weight";
    binding.tensor = at::arange(4, at::kFloat) - 2;
    graph.bindings.push_back(binding);
    const auto node = [&](const char* target, std::vector<Argument> arguments, ValueId result) {
        Node made;
        made.name = graph.values[static_cast<std::size_t>(result)].name;
        made.target = target;
        made.arguments = std::move(arguments);
        made.outputs = {result};
        graph.nodes.push_back(std::move(made));
    };
    node("aten::add.Tensor", {{"self", x}, {"other", weight}}, sum);
    node("aten::relu", {{"self", sum}}, first);
    node("aten::add.Tensor", {{"self", first}, {"other", first}}, second);
    return graph;
}

GraphExecutor executorOf(const PolicyGraph& graph) {
    auto executor = GraphExecutor::create(graph);
    if (!executor)
        throw std::runtime_error(executor.error().message);
    return std::move(*executor);
}

}  // namespace

/// A policy's steps recorded once for each sizes of inputs, and replayed.
class ReplayedExecutorTest : public QObject {
    Q_OBJECT

    static void verify(ReplayedExecutor& executor, std::int64_t batch) {
        const at::Tensor x = at::randn({batch, 4});
        const auto expected = executorOf(smallGraph()).run(std::vector{x});
        const auto outputs = executor.run(std::vector{x.to(FakeAccelerator::device())});
        QVERIFY2(outputs, outputs ? "" : outputs.error().message.c_str());
        QCOMPARE(outputs->size(), std::size_t{2});
        for (std::size_t i = 0; i < 2; ++i)
            QVERIFY(at::equal((*outputs)[i].cpu(), (*expected)[i]));
    }

    static ReplayedExecutor onDevice() {
        PolicyGraph graph = smallGraph();
        if (!graph.moveTo(FakeAccelerator::device()))
            throw std::runtime_error("the policy cannot be moved");
        return {executorOf(graph), FakeAccelerator::device()};
    }

private Q_SLOTS:
    void initTestCase() { FakeAccelerator::install(); }
    void init() { FakeAccelerator::reset(); }

    void everyShapeIsRecordedOnce() {
        ReplayedExecutor executor = onDevice();
        for (int run = 0; run < 3; ++run)
            for (const std::int64_t batch : {1, 5})
                verify(executor, batch);
        QCOMPARE(FakeAccelerator::recorded, std::int64_t{2});
        QCOMPARE(FakeAccelerator::replays, std::int64_t{6});
        QVERIFY(executor.fallBack().empty());
    }

    /// A later run does not change what an earlier one returned.
    void outputsAreTheCallers() {
        ReplayedExecutor executor = onDevice();
        const auto first = executor.run(std::vector{at::ones({1, 4}).to(FakeAccelerator::device())});
        const at::Tensor kept = (*first)[0].cpu().clone();
        QVERIFY(executor.run(std::vector{(at::ones({1, 4}) * 9).to(FakeAccelerator::device())}));
        QVERIFY(at::equal((*first)[0].cpu(), kept));
    }

    void oldShapesMakeRoom() {
        ReplayedExecutor executor = onDevice();
        const auto most = static_cast<std::int64_t>(ReplayedExecutor::kMostShapes);
        for (std::int64_t batch = 1; batch <= most + 1; ++batch)
            verify(executor, batch);
        QCOMPARE(FakeAccelerator::recorded, most + 1);
        verify(executor, most + 1);
        QCOMPARE(FakeAccelerator::recorded, most + 1);
        verify(executor, 1);  // the oldest, recorded anew
        QCOMPARE(FakeAccelerator::recorded, most + 2);
    }

    void whatCannotBeRecordedRunsAsItIs() {
        FakeAccelerator::records = false;
        ReplayedExecutor executor = onDevice();
        verify(executor, 1);
        QVERIFY2(executor.fallBack().find("capturing") != std::string::npos, executor.fallBack().c_str());
        QCOMPARE(FakeAccelerator::replays, std::int64_t{0});
        FakeAccelerator::records = true;
        verify(executor, 1);  // is not tried again at every step
        QCOMPARE(FakeAccelerator::recorded, std::int64_t{0});
        verify(executor, 2);
        QCOMPARE(FakeAccelerator::recorded, std::int64_t{1});

        ReplayedExecutor onCpu(executorOf(smallGraph()), at::kCPU);
        const auto outputs = onCpu.run(std::vector{at::ones({1, 4})});
        QVERIFY(outputs);
        QVERIFY(!onCpu.fallBack().empty());
    }

    void outOfMemoryIsExplained() {
        ReplayedExecutor executor = onDevice();
        const at::Tensor x = at::ones({1, 4}).to(FakeAccelerator::device());
        FakeAccelerator::memory = 0;
        const auto outputs = executor.run(std::vector{x});
        QVERIFY(!outputs);
        QCOMPARE(outputs.error().kind, ErrorKind::Io);
        QVERIFY2(outputs.error().message.find("out of memory") != std::string::npos, outputs.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(ReplayedExecutorTest)
#include "ReplayedExecutorTest.moc"
