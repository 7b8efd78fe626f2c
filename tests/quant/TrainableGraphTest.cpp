#include <ATen/ATen.h>

#include <QTemporaryDir>
#include <QtTest>
#include <nlohmann/json.hpp>

#include "core/policy/GraphExecutor.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/TrainableGraph.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"

using namespace sqil;

class TrainableGraphTest : public QObject {
    Q_OBJECT
    std::shared_ptr<Rollouts> rollouts_;
    std::shared_ptr<const Policy> policy_;
    std::vector<at::Tensor> inputs_;

    TrainableGraph trainable(const std::optional<QuantSpec>& spec, QuantMethod start = QuantMethod::Ptq) {
        auto made = makeTrainable(*policy_, *rollouts_, spec, start);
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return std::move(*made);
    }

    at::Tensor run(const PolicyGraph& graph) {
        const auto executor = GraphExecutor::create(graph);
        if (!executor)
            qFatal("%s", executor.error().message.c_str());
        const auto outputs = executor->run(inputs_);
        if (!outputs)
            qFatal("%s", outputs.error().message.c_str());
        return policy_->head(*outputs);
    }

    static QuantSpec lowBits(int weights, int activations) {
        QuantSpec spec;
        spec.weightBits = weights;
        spec.activationBits = activations;
        return spec;
    }

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        auto rollouts = Rollouts::open(test::sample() / "rollouts.hdf5");
        QVERIFY(rollouts.has_value());
        rollouts_ = *rollouts;
        auto policy = Policy::load(test::sample() / "policy.pt2", rollouts_->info());
        QVERIFY(policy.has_value());
        policy_ = *policy;
        auto inputs = policy_->inputs(*rollouts_, 0, 10, 16);
        QVERIFY(inputs.has_value());
        inputs_ = *inputs;
    }

    void fullPrecisionGraphComputesThePolicy() {
        const auto graph = trainable(std::nullopt);
        const at::NoGradGuard none;
        QVERIFY(at::equal(run(graph.file.graph), *policy_->forward(inputs_)));
        std::int64_t elements = 0;
        for (const auto& tensor : graph.trainable())
            elements += tensor.tensor.numel();
        QCOMPARE(elements, policy_->graph().parameterCount());
    }

    void exportRunsAsTheTrainedGraph_data() {
        QTest::addColumn<int>("weights");
        QTest::addColumn<int>("activations");
        QTest::addColumn<int>("granularity");
        QTest::newRow("W4A4") << 4 << 4 << static_cast<int>(Granularity::Channel);
        QTest::newRow("W2A8, groups") << 2 << 8 << static_cast<int>(Granularity::Group);
        QTest::newRow("W3A16, tensor") << 3 << 16 << static_cast<int>(Granularity::Tensor);
        QTest::newRow("W16A4") << 16 << 4 << static_cast<int>(Granularity::Channel);
    }
    void exportRunsAsTheTrainedGraph() {
        QFETCH(int, weights);
        QFETCH(int, activations);
        QFETCH(int, granularity);
        QuantSpec spec = lowBits(weights, activations);
        spec.granularity = static_cast<Granularity>(granularity);
        const auto graph = trainable(spec);
        {
            // A training step of a kind: everything moves.
            const at::NoGradGuard none;
            for (const auto& tensor : graph.trainable())
                tensor.tensor.mul_(1.01);
        }
        const at::NoGradGuard none;
        const auto exported = exportTrained(graph, "qat");
        QVERIFY2(exported.has_value(), exported ? "" : exported.error().message.c_str());
        const double difference = (run(graph.file.graph) - run(exported->file.graph)).abs().max().item<double>();
        QVERIFY2(difference < 1e-5, qPrintable(QString::number(difference)));
        const auto recipe = nlohmann::json::parse(exported->file.extraFiles.at(kQuantizationFile));
        QCOMPARE(recipe["method"].get<std::string>(), std::string("qat"));

        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "q.pt2";
        QVERIFY(writePolicyFile(path, exported->file).has_value());
        const auto read = readPolicyFile(path);
        QVERIFY(read.has_value());
        QVERIFY(at::equal(run(read->graph), run(exported->file.graph)));
    }

    /// Before its first step the student is AWQ's policy: same scales, same clipped integers, same steps.
    void startsAsAwqs_data() {
        QTest::addColumn<int>("activations");
        QTest::addColumn<int>("granularity");
        QTest::newRow("W4A16") << 16 << static_cast<int>(Granularity::Channel);
        QTest::newRow("W4A4") << 4 << static_cast<int>(Granularity::Channel);
        QTest::newRow("W4A16, groups") << 16 << static_cast<int>(Granularity::Group);
        QTest::newRow("W4A16, tensor") << 16 << static_cast<int>(Granularity::Tensor);
    }
    void startsAsAwqs() {
        QFETCH(int, activations);
        QFETCH(int, granularity);
        QuantSpec spec = lowBits(4, activations);
        spec.granularity = static_cast<Granularity>(granularity);
        spec.activationRange = RangeMethod::Mse;  // as training starts its activation steps
        const auto graph = trainable(spec, QuantMethod::Awq);
        const at::NoGradGuard none;
        const auto exported = exportTrained(graph, "qat");
        QVERIFY2(exported.has_value(), exported ? "" : exported.error().message.c_str());
        spec.method = QuantMethod::Awq;
        const auto awq = quantizePolicy(*policy_, *rollouts_, spec);
        QVERIFY2(awq.has_value(), awq ? "" : awq.error().message.c_str());
        const at::Tensor wanted = run(awq->file.graph);
        const double ofExport = (run(exported->file.graph) - wanted).abs().max().item<double>();
        QVERIFY2(ofExport < 1e-5, qPrintable(QString::number(ofExport)));
        const double ofStudent = (run(graph.file.graph) - wanted).abs().max().item<double>();
        QVERIFY2(ofStudent < 1e-5, qPrintable(QString::number(ofStudent)));
        // And not the policy rounded to nearest.
        const auto nearest = exportTrained(trainable(spec), "qat");
        QVERIFY((run(nearest->file.graph) - wanted).abs().max().item<double>() > 1e-3);
        // What was done to the layers is told with the trained policy.
        const auto recipe = nlohmann::json::parse(exported->file.extraFiles.at(kQuantizationFile));
        bool scaled = false;
        for (const auto& layer : recipe["layers"])
            scaled = scaled ||
                     layer.value("notes", nlohmann::json::array()).dump().find("input scaled") != std::string::npos;
        QVERIFY(scaled);
    }

    /// From AWQ's quantizers gradients reach everything too, and the teacher keeps its tensors.
    void trainsFromAwq() {
        const at::Tensor before = *policy_->forward(inputs_);
        const auto graph = trainable(lowBits(4, 4), QuantMethod::Awq);
        const auto executor = GraphExecutor::create(graph.file.graph);
        QVERIFY(executor.has_value());
        (policy_->head(*executor->run(inputs_)) - before).square().mean().backward();
        const at::NoGradGuard none;
        for (const auto& tensor : graph.trainable()) {
            QVERIFY2(tensor.tensor.grad().defined(), tensor.name.c_str());
            QVERIFY2(tensor.tensor.grad().abs().sum().item<double>() > 0, tensor.name.c_str());
            tensor.tensor.add_(1);
        }
        QVERIFY(at::equal(*policy_->forward(inputs_), before));
    }

    void nothingToLearnFromNormalFloat() {
        const auto made = makeTrainable(*policy_, *rollouts_, lowBits(4, 16), QuantMethod::Nf4);
        QVERIFY(!made.has_value());
        QVERIFY(made.error().message.find("nf4") != std::string::npos);
    }

    void gradientsReachEveryWeightAndStep() {
        const auto graph = trainable(lowBits(4, 4));
        const auto executor = GraphExecutor::create(graph.file.graph);
        QVERIFY(executor.has_value());
        const auto outputs = executor->run(inputs_);
        QVERIFY(outputs.has_value());
        policy_->head(*outputs).square().sum().backward();
        std::size_t steps = 0;
        for (const auto& tensor : graph.trainable()) {
            QVERIFY2(tensor.tensor.grad().defined(), tensor.name.c_str());
            QVERIFY2(tensor.tensor.grad().abs().sum().item<double>() > 0, tensor.name.c_str());
            steps += tensor.role != TrainableTensor::Role::Weight;
        }
        // Every layer has both, but for the first: at 8 bits the step of the image is calibrated, not learned.
        QCOMPARE(steps, 2 * quantizableLayers(policy_->graph()).size() - 1);
    }

    /// A few steps of plain gradient descent towards the full-precision policy.
    void trainingBringsTheStudentNearer() {
        const auto graph = trainable(lowBits(2, 4));
        const auto executor = GraphExecutor::create(graph.file.graph);
        QVERIFY(executor.has_value());
        const at::Tensor wanted = *policy_->forward(inputs_);
        const auto loss = [&] { return (policy_->head(*executor->run(inputs_)) - wanted).square().mean(); };
        const double before = loss().item<double>();
        for (int step = 0; step < 30; ++step) {
            loss().backward();
            const at::NoGradGuard none;
            for (const auto& tensor : graph.trainable()) {
                const bool isWeight = tensor.role == TrainableTensor::Role::Weight;
                tensor.tensor.add_(tensor.tensor.grad(), isWeight ? -0.02 : -1e-4);
                tensor.tensor.mutable_grad().zero_();
            }
        }
        const double after = loss().item<double>();
        QVERIFY2(after < 0.7 * before, qPrintable(QString("%1 -> %2").arg(before).arg(after)));
        QVERIFY(at::equal(*policy_->forward(inputs_), wanted));  // the teacher is untouched
    }

    void trainedInfinitiesAreNotExported() {
        const auto graph = trainable(lowBits(4, 4));
        const at::NoGradGuard none;
        graph.trainable().front().tensor.view({-1})[0] = INFINITY;
        const auto exported = exportTrained(graph, "qat");
        QVERIFY(!exported.has_value());
        QVERIFY(exported.error().message.find(graph.trainable().front().name) != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TrainableGraphTest)
#include "TrainableGraphTest.moc"
