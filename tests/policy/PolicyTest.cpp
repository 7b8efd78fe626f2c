#include <ATen/ATen.h>

#include <QtTest>
#include <cmath>
#include <thread>

#include "core/policy/Policy.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"

using namespace sqil;

namespace {

/// y = x·wᵀ for a batch of any size, twice: two outputs of `dimensions` columns.
PolicyFile twoHeads(std::int64_t dimensions, bool dynamicBatch = true) {
    PolicyFile file;
    PolicyGraph& graph = file.graph;
    const Dimension batch = dynamicBatch ? Dimension(std::string("s0")) : Dimension(std::int64_t{3});
    if (dynamicBatch)
        graph.symbolRanges["s0"] = {1, 64};
    const ValueId x = graph.addValue("observation", TensorMeta{at::kFloat, {batch, std::int64_t{4}}, {}});
    graph.inputs = {x};
    for (const char* name : {"first", "second"}) {
        const std::string weightName = std::string(name) + ".weight";
        const ValueId weight = graph.addValue(weightName, TensorMeta{at::kFloat, {dimensions, std::int64_t{4}}, {}});
        graph.bindings.push_back(
            {weight, weightName, Binding::Kind::Parameter, true,
             at::linspace(-1, 1, dimensions * 4).reshape({dimensions, 4}) * (name[0] == 'f' ? 1.0 : -0.5)});
        const ValueId y = graph.addValue(std::string("y_") + name, TensorMeta{at::kFloat, {batch, dimensions}, {}});
        Node node;
        node.name = std::string("linear_") + name;
        node.target = "aten::linear";
        node.arguments = {{"input", x}, {"weight", weight}};
        node.outputs = {y};
        graph.nodes.push_back(std::move(node));
        graph.outputs.push_back(y);
    }
    return file;
}

PolicyCard cardOf(ActionHead head, std::vector<int> outputs, std::size_t dimensions) {
    PolicyCard card;
    card.inputs = {{.name = "observation", .key = "observation"}};
    card.head = head;
    card.outputs = std::move(outputs);
    for (std::size_t index = 0; index < dimensions; ++index)
        card.dimensions.push_back({"a" + std::to_string(index), "", 1.0, 0.0});
    return card;
}

RolloutsInfo sampleInfo() {
    return (*Rollouts::open(test::sample() / "rollouts.hdf5"))->info();
}

}  // namespace

class PolicyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { registerPlugins(); }

    void headsSayWhatTheyStandFor() {
        const at::Tensor x = at::linspace(-1, 1, 8).reshape({2, 4});
        const PolicyFile file = twoHeads(3);
        const at::Tensor first = at::linear(x, file.graph.bindings[0].tensor),
                         second = at::linear(x, file.graph.bindings[1].tensor);
        const auto run = [&](ActionHead head, std::vector<int> outputs) {
            const auto policy = Policy::create(file, cardOf(head, std::move(outputs), 3));
            if (!policy)
                qFatal("%s", policy.error().message.c_str());
            const at::Tensor headOutput = *(*policy)->forward(std::vector{x});
            return std::pair(headOutput, (*policy)->action(headOutput));
        };
        {
            const auto [pi, action] = run(ActionHead::Deterministic, {1});
            QVERIFY(at::equal(pi, second) && at::equal(action, second));
        }
        {
            const auto [pi, action] = run(ActionHead::Categorical, {0});
            QVERIFY(at::allclose(pi, at::softmax(first, -1)));
            QVERIFY(at::allclose(action.sum(1), at::ones({2})));
        }
        {
            const auto [pi, action] = run(ActionHead::Gaussian, {0, 1});
            QVERIFY(at::allclose(pi, at::cat({first, second.exp()}, 1)));
            QVERIFY(at::equal(action, first));
        }
        {
            const auto [pi, action] = run(ActionHead::Beta, {0, 1});
            QVERIFY(at::equal(pi, at::cat({first, second}, 1)));
            QVERIFY(at::allclose(action, first / (first + second) * 2 - 1));
        }
    }

    void aFixedBatchIsLoopedOver() {
        const auto fixed = Policy::create(twoHeads(3, false), cardOf(ActionHead::Deterministic, {0}, 3));
        QVERIFY2(fixed.has_value(), fixed ? "" : fixed.error().message.c_str());
        const auto dynamic = Policy::create(twoHeads(3), cardOf(ActionHead::Deterministic, {0}, 3));
        for (const std::int64_t batch : {1, 2, 3, 7, 100}) {
            const at::Tensor x = at::linspace(-2, 2, batch * 4).reshape({batch, 4});
            const auto looped = (*fixed)->forward(std::vector{x});
            const auto whole = (*dynamic)->forward(std::vector{x});
            QVERIFY2(looped && whole, looped ? "" : looped.error().message.c_str());
            QCOMPARE(looped->size(0), batch);
            QVERIFY(at::allclose(*looped, *whole));
        }
    }

    void severalThreadsAtOnce() {
        const auto rollouts = *Rollouts::open(test::sample() / "rollouts.hdf5");
        const auto policy = *Policy::load(test::sample() / "policy.pt2", rollouts->info());
        const auto inputs = *policy->inputs(*rollouts, 0, 0, 8);
        const at::Tensor expected = *policy->forward(inputs);
        std::vector<int> same(4, 0);
        std::vector<std::thread> threads;
        for (std::size_t index = 0; index < same.size(); ++index)
            threads.emplace_back([&, index] {
                for (int repetition = 0; repetition < 10; ++repetition)
                    same[index] += at::allclose(*policy->forward(inputs), expected, 1e-5, 1e-6);
            });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(same, std::vector<int>(4, 10));
    }

    void valuesAreFreedAfterTheirLastUse() {
        // 60 additions of 16 MiB each would keep 1 GiB if nothing were freed.
        PolicyFile file;
        PolicyGraph& graph = file.graph;
        const TensorMeta meta{at::kFloat, {std::int64_t{1}, std::int64_t{4} << 20}, {}};
        ValueId last = graph.addValue("x", meta);
        graph.inputs = {last};
        for (int index = 0; index < 60; ++index) {
            const ValueId next = graph.addValue("y" + std::to_string(index), meta);
            Node node;
            node.name = graph.values[static_cast<std::size_t>(next)].name;
            node.target = "aten::add.Tensor";
            node.arguments = {{"self", last}, {"other", last}};
            node.outputs = {next};
            graph.nodes.push_back(std::move(node));
            last = next;
        }
        graph.outputs = {last};
        const auto executor = GraphExecutor::create(graph);
        QVERIFY2(executor.has_value(), executor ? "" : executor.error().message.c_str());
        const auto peakKiB = [] {
            QFile status("/proc/self/status");
            status.open(QIODevice::ReadOnly);
            const QByteArray text = status.readAll();
            const auto at = text.indexOf("VmHWM:");
            return text.mid(at + 6, text.indexOf("kB", at) - at - 6).trimmed().toLongLong();
        };
        const at::NoGradGuard noGradient;
        const std::vector inputs{at::ones({1, std::int64_t{4} << 20})};
        const auto before = peakKiB();
        QVERIFY(executor->run(inputs).has_value());
        QVERIFY2(peakKiB() - before < 200 * 1024, qPrintable(QString("%1 KiB more").arg(peakKiB() - before)));
    }

    void failuresNameNodeAndShapes() {
        PolicyFile file = twoHeads(3);
        file.graph.bindings[0].tensor = at::ones({3, 5});
        const auto policy = Policy::create(file, cardOf(ActionHead::Deterministic, {0}, 3));
        QVERIFY(policy.has_value());
        const auto result = (*policy)->forward(std::vector{at::ones({2, 4})});
        QVERIFY(!result);
        const QString message = QString::fromStdString(result.error().message);
        QVERIFY2(message.contains("linear_first") && message.contains("aten::linear"), qPrintable(message));
    }

    void aCardIsProposed() {
        const auto file = readPolicyFile(test::sample() / "policy.pt2");
        const auto card = proposeCard(file->graph, sampleInfo());
        QVERIFY2(card.has_value(), card ? "" : card.error().message.c_str());
        QCOMPARE(card->inputs.size(), std::size_t{3});
        QCOMPARE(card->inputs[0].key, std::string("agentview_image"));
        QCOMPARE(card->inputs[0].kind, InputKind::Image);
        QVERIFY(card->inputs[0].heightWidthChannel);
        QVERIFY(std::abs(card->inputs[0].scale - 1.0 / 255) < 1e-9);
        QCOMPARE(card->inputs[1].kind, InputKind::State);
        QCOMPARE(card->head, ActionHead::Deterministic);
        QCOMPARE(card->dimensions.size(), std::size_t{4});
        // The proposed card and the sample's own feed the policy the same.
        const auto rollouts = *Rollouts::open(test::sample() / "rollouts.hdf5");
        const auto proposed = *Policy::create(*file, *card);
        const auto own = *Policy::load(test::sample() / "policy.pt2", rollouts->info());
        QVERIFY(at::equal(*proposed->forward(*proposed->inputs(*rollouts, 1, 2, 3)),
                          *own->forward(*own->inputs(*rollouts, 1, 2, 3))));
    }

    void whatDoesNotFitIsListed() {
        RolloutsInfo info = sampleInfo();
        for (auto& key : info.observations)
            if (key.name == "agentview_image")
                key.shape = {64, 64, 3};
        const auto policy = Policy::load(test::sample() / "policy.pt2", info);
        QVERIFY(!policy);
        const QString message = QString::fromStdString(policy.error().message);
        QVERIFY2(message.contains("agentview_image") && message.contains("96") && message.contains("64"),
                 qPrintable(message));

        info.observations.erase(info.observations.begin());
        const auto missing = Policy::load(test::sample() / "policy.pt2", info);
        QVERIFY(!missing);
        for (const KeySpec& key : info.observations)
            QVERIFY(QString::fromStdString(missing.error().message).contains(QString::fromStdString(key.name)));
    }

    void cardsRoundTrip() {
        PolicyCard card = cardOf(ActionHead::Gaussian, {0, 1}, 2);
        card.name = "grasp \"it\"";
        card.controlRateHz = 12.5;
        card.inputs = {{.name = "image",
                        .key = "front",
                        .kind = InputKind::Image,
                        .scale = 1.0 / 255,
                        .heightWidthChannel = true,
                        .resize = std::vector<std::int64_t>{48, 64},
                        .mean = {0.4, 0.5, 0.6},
                        .std = {0.2, 0.2, 0.3}}};
        card.dimensions = {{"steer", "rad", 0.5, -0.1}, {"throttle", "", 1, 0}};
        const auto again = parsePolicyCard(toJson(card), "test");
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
        QCOMPARE(toJson(*again), toJson(card));
    }

    void brokenCardsNameTheField_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("mentions");
        QTest::newRow("not JSON") << QByteArray("{\"inputs\": [") << QByteArray("my.card.json");
        QTest::newRow("type") << QByteArray("{\"inputs\": [{\"name\": 3}]}") << QByteArray("name");
        QTest::newRow("head") << QByteArray("{\"inputs\": [], \"action\": {\"head\": \"magic\"}}")
                              << QByteArray("magic");
        QTest::newRow("rate") << QByteArray("{\"inputs\": [], \"control_rate_hz\": \"fast\"}")
                              << QByteArray("control_rate_hz");
    }
    void brokenCardsNameTheField() {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, mentions);
        const auto card = parsePolicyCard(json.toStdString(), "my.card.json");
        QVERIFY(!card);
        QVERIFY2(QByteArray::fromStdString(card.error().message).contains(mentions), card.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(PolicyTest)
#include "PolicyTest.moc"
