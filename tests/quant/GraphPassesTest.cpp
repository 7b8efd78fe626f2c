#include <ATen/ATen.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <set>

#include "core/quant/BatchNormFolding.h"
#include "core/quant/Hadamard.h"
#include "core/quant/PostTraining.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/Rotation.h"
#include "core/quant/TrainableGraph.h"
#include "tests/quant/QuantizerCases.h"

using namespace sqil;

namespace {

struct Recorded {
    PolicyFile file;
    at::Tensor input, output;
};

std::optional<Recorded> recordedPolicy(const std::string& name) {
    const auto cases = test::readQuantizerCases();
    if (!cases)
        return std::nullopt;
    for (const auto& json : cases->at("policies"))
        if (json.at("name") == name) {
            auto file = readPolicyFile(test::quantizerCases() / (name + ".pt2"));
            if (!file)
                return std::nullopt;
            return Recorded{std::move(*file), test::readTensors(test::quantizerCases(), json.at("inputs")).front(),
                            test::readTensors(test::quantizerCases(), json.at("outputs")).front()};
        }
    return std::nullopt;
}

at::Tensor runWithGradients(const PolicyGraph& graph, const at::Tensor& input) {
    const auto executor = GraphExecutor::create(graph);
    if (!executor)
        throw std::runtime_error(executor.error().message);
    const auto outputs = executor->run(std::vector{input});
    if (!outputs)
        throw std::runtime_error(outputs.error().message);
    return outputs->front();
}

at::Tensor run(const PolicyGraph& graph, const at::Tensor& input) {
    const at::NoGradGuard noGradient;
    return runWithGradients(graph, input);
}

int count(const PolicyGraph& graph, const std::string& target) {
    return static_cast<int>(
        std::count_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) { return node.target == target; }));
}

constexpr const char* kNoReference = "the reference environment is not there (scripts/setup.sh tests)";

}  // namespace

class GraphPassesTest : public QObject {
    Q_OBJECT

    static double errorOf(const Recorded& recorded, const QuantSpec& spec, QString* problem) {
        const auto policy = test::policyOf(recorded.file, recorded.output.size(1));
        if (!policy) {
            *problem = policy.error().message.c_str();
            return 0;
        }
        const auto quantized = quantizePolicy(**policy, *test::rolloutsOf(recorded.input), spec);
        if (!quantized) {
            *problem = quantized.error().message.c_str();
            return 0;
        }
        return test::relativeDifference(run(quantized->file.graph, recorded.input), recorded.output);
    }

private Q_SLOTS:
    void foldsBatchNorms() {
        auto recorded = recordedPolicy("batch_norms");
        if (!recorded)
            QSKIP(kNoReference);
        PolicyGraph& graph = recorded->file.graph;
        const std::size_t nodes = graph.nodes.size();
        const PolicyGraph before = graph;
        QCOMPARE(count(graph, "aten::batch_norm"), 5);
        const auto folded = foldBatchNorms(graph);
        QCOMPARE(std::set<std::string>(folded.begin(), folded.end()),
                 (std::set<std::string>{"conv", "grouped", "up", "linear"}));
        QCOMPARE(count(graph, "aten::batch_norm"), 1);
        QCOMPARE(graph.nodes.size(), nodes - 4);
        QVERIFY(test::relativeDifference(run(graph, recorded->input), recorded->output) < 1e-5);
        QVERIFY(test::relativeDifference(run(before, recorded->input), recorded->output) < 1e-6);
        QVERIFY(foldBatchNorms(graph).empty());
    }

    void sharedOrTrainingBatchNormsStay() {
        auto recorded = recordedPolicy("batch_norms");
        if (!recorded)
            QSKIP(kNoReference);
        PolicyGraph& graph = recorded->file.graph;
        // The first convolution's output is read twice, the linear layer's norm is in training.
        for (Node& node : graph.nodes) {
            if (node.target == "aten::conv2d")
                graph.outputs.push_back(node.outputs.front());
            if (node.target == "aten::batch_norm")
                for (std::size_t i = 0; i < node.arguments.size(); ++i)
                    if (auto* constant = std::get_if<c10::IValue>(&node.arguments[i].value);
                        constant && constant->isBool() && i == 5)
                        *constant = true;
        }
        QVERIFY(foldBatchNorms(graph).empty());
    }

    void hadamardMatricesAreOrthogonal() {
        for (const std::int64_t n : {1, 2, 4, 8, 12, 20, 24, 28, 36, 40, 44, 60, 64, 96, 108, 256}) {
            const auto matrix = hadamardMatrix(n);
            QVERIFY2(matrix.has_value(), qPrintable(QString::number(n)));
            QVERIFY(at::equal(matrix->abs(), at::ones_like(*matrix)));
            const at::Tensor identity = at::eye(n, at::kDouble) * static_cast<double>(n);
            QVERIFY2(at::equal(at::matmul(*matrix, matrix->t()), identity), qPrintable(QString::number(n)));
        }
        for (const std::int64_t n : {3, 6, 7, 10, 14})
            QVERIFY(!hadamardMatrix(n));
        QCOMPARE(largestHadamardOrder(100), 20);
        QCOMPARE(largestHadamardOrder(9), 1);
        for (const std::int64_t n : {64, 100}) {
            const at::Tensor rotation = hadamardRotation(n, true, 3);
            QVERIFY(at::allclose(at::matmul(rotation, rotation.t()), at::eye(n, at::kDouble), 0, 1e-12));
            QVERIFY(at::equal(rotation, hadamardRotation(n, true, 3)));
            QVERIFY(!at::equal(rotation, hadamardRotation(n, true, 4)));
        }
    }

    void rotatedOutputsAreEqual_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("norms");
        QTest::addColumn<int>("hadamards");
        QTest::newRow("written-out RMSNorm, SwiGLU") << "llama" << 5 << 4;
        QTest::newRow("aten::rms_norm") << "llama_native" << 5 << 4;
        QTest::newRow("LayerNorm, biases") << "encoder" << 4 << 2;
    }
    void rotatedOutputsAreEqual() {
        QFETCH(QString, name);
        QFETCH(int, norms);
        QFETCH(int, hadamards);
        auto recorded = recordedPolicy(name.toStdString());
        if (!recorded)
            QSKIP(kNoReference);
        PolicyGraph graph = recorded->file.graph;
        const auto report = rotateResidualStreams(graph);
        QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
        QCOMPARE(report->norms, norms);
        QVERIFY2(report->onlineHadamards >= hadamards, qPrintable(QString::number(report->onlineHadamards)));
        const double difference = test::relativeDifference(run(graph, recorded->input), recorded->output);
        QVERIFY2(difference < 2e-5, qPrintable(QString::number(difference)));
        // The rotation's own matrices are no layers of the policy.
        QCOMPARE(quantizableLayers(graph).size(), quantizableLayers(recorded->file.graph).size());
        QVERIFY(test::relativeDifference(run(recorded->file.graph, recorded->input), recorded->output) < 1e-6);
    }

    void rotationSpreadsOutliers() {
        const auto recorded = recordedPolicy("llama");
        if (!recorded)
            QSKIP(kNoReference);
        QuantSpec spec;
        spec.weightBits = spec.activationBits = 4;
        QString problem;
        const double plain = errorOf(*recorded, spec, &problem);
        spec.method = QuantMethod::QuaRot;
        const double rotated = errorOf(*recorded, spec, &problem);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QVERIFY2(rotated > 0 && rotated < 0.7 * plain, qPrintable(QString("%1 of %2").arg(rotated).arg(plain)));
        qInfo("W4A4 output error: %.3f plain, %.3f rotated", plain, rotated);
    }

    void withoutATransformerRotationIsRefused() {
        auto recorded = recordedPolicy("batch_norms");
        if (!recorded)
            QSKIP(kNoReference);
        const auto refused = rotateResidualStreams(recorded->file.graph);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Unsupported);
        QVERIFY(QString::fromStdString(refused.error().message).contains("RMSNorm"));
    }

    /// Prepared for training, the policy is still itself; with its quantizers it trains and is exported as it ran.
    void trainingStartsFromScaledAndRotatedPolicies_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("method");
        QTest::newRow("convolutions, smoothquant") << QByteArray("batch_norms") << int(QuantMethod::SmoothQuant);
        QTest::newRow("transformer, smoothquant") << QByteArray("llama") << int(QuantMethod::SmoothQuant);
        QTest::newRow("transformer, quarot") << QByteArray("llama") << int(QuantMethod::QuaRot);
        QTest::newRow("encoder, quarot") << QByteArray("encoder") << int(QuantMethod::QuaRot);
    }
    void trainingStartsFromScaledAndRotatedPolicies() {
        QFETCH(QByteArray, name);
        QFETCH(int, method);
        const auto recorded = recordedPolicy(name.constData());
        if (!recorded)
            QSKIP(kNoReference);
        const auto policy = test::policyOf(recorded->file, recorded->output.size(1));
        QVERIFY2(policy.has_value(), policy ? "" : policy.error().message.c_str());
        QuantSpec spec;
        spec.weightBits = 4;
        spec.activationBits = 8;
        const auto made =
            makeTrainable(**policy, *test::rolloutsOf(recorded->input), spec, static_cast<QuantMethod>(method));
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
        const double moved = test::relativeDifference(run(made->plain.graph, recorded->input), recorded->output);
        QVERIFY2(moved < 1e-4, qPrintable(QString::number(moved)));

        const at::Tensor student = runWithGradients(made->file.graph, recorded->input);
        const double rounded = test::relativeDifference(student.detach(), recorded->output);
        QVERIFY2(rounded > 1e-4 && rounded < 1, qPrintable(QString::number(rounded)));
        student.square().sum().backward();
        for (const auto& tensor : made->trainable())
            QVERIFY2(tensor.tensor.grad().defined() && tensor.tensor.grad().isfinite().all().item<bool>(),
                     tensor.name.c_str());
        const auto exported = exportTrained(*made, "qat");
        QVERIFY2(exported.has_value(), exported ? "" : exported.error().message.c_str());
        QVERIFY(test::relativeDifference(run(exported->file.graph, recorded->input), student.detach()) < 1e-4);
    }

    void everyMethodQuantizesAndOpensInPython() {
        if (!test::readQuantizerCases() || QString(SQIL_PYTHON).isEmpty())
            QSKIP(kNoReference);
        QTemporaryDir written, expected;
        struct Wanted {
            const char* policy;
            QuantMethod method;
            bool asymmetric;
        };
        const Wanted all[] = {{"batch_norms", QuantMethod::Ptq, true},
                              {"batch_norms", QuantMethod::Awq, true},
                              {"batch_norms", QuantMethod::SmoothQuant, false},
                              {"batch_norms", QuantMethod::Nf4, false},
                              {"llama", QuantMethod::Awq, false},
                              {"llama", QuantMethod::SmoothQuant, true},
                              {"llama", QuantMethod::QuaRot, false},
                              {"llama_native", QuantMethod::Awq, false},
                              {"llama_native", QuantMethod::QuaRot, true},
                              {"encoder", QuantMethod::QuaRot, false},
                              {"encoder", QuantMethod::Awq, true},
                              {"encoder", QuantMethod::Nf4, false}};
        for (const Wanted& wanted : all) {
            auto recorded = recordedPolicy(wanted.policy);
            QVERIFY(recorded);
            const std::string method(nameOf(wanted.method));
            const std::string name = std::string(wanted.policy) + "_" + method;
            QuantSpec spec;
            spec.method = wanted.method;
            spec.activationBits = 8;
            spec.asymmetric = wanted.asymmetric;
            const auto layers = quantizableLayers(recorded->file.graph);
            spec.weightBitsOfLayer[layers[1].name] = 6;
            spec.weightBitsOfLayer[layers[2].name] = 16;
            const auto policy = test::policyOf(recorded->file, recorded->output.size(1));
            QVERIFY2(policy.has_value(), policy ? "" : policy.error().message.c_str());
            auto quantized = quantizePolicy(**policy, *test::rolloutsOf(recorded->input), spec);
            QVERIFY2(quantized.has_value(), quantized ? "" : (name + ": " + quantized.error().message).c_str());
            QCOMPARE(quantized->layers[1].weightBits, 6);
            QCOMPARE(quantized->layers[2].weightBits, 16);
            const auto recipe = nlohmann::json::parse(quantized->file.extraFiles.at(kQuantizationFile));
            QCOMPARE(recipe.at("method").get<std::string>(), method);
            checkRecipe(recipe, quantized->file.graph, name);

            const at::Tensor output = run(quantized->file.graph, recorded->input);
            const double error = test::relativeDifference(output, recorded->output);
            QVERIFY2(error > 0 && error < 0.5, qPrintable(QString("%1: %2").arg(name.c_str()).arg(error)));
            quantized->file.extraFiles["note.txt"] = "kept";
            const auto done = writePolicyFile(written.filePath((name + ".pt2").c_str()).toStdString(), quantized->file);
            QVERIFY2(done.has_value(), done ? "" : (name + ": " + done.error().message).c_str());
            const std::filesystem::path folder = expected.path().toStdString();
            const auto record = [&](const char* what, const at::Tensor& tensor) {
                nlohmann::json entry{
                    {"file", name + "_" + what + ".bin"}, {"shape", tensor.sizes().vec()}, {"type", "float32"}};
                test::writeTensor(folder, entry, tensor);
                return nlohmann::json::array({entry});
            };
            const nlohmann::json single{{"inputs", record("in", recorded->input)}, {"outputs", record("out", output)}};
            test::writeJson(folder / (name + ".json"), {{"runs", nlohmann::json::array({single})}});
        }
        QProcess python;
        python.start(SQIL_PYTHON,
                     {QString::fromStdString((test::testData() / "reference" / "check_written.py").string()),
                      written.path(), expected.path()});
        QVERIFY(python.waitForFinished(240000));
        QVERIFY2(python.exitCode() == 0, python.readAllStandardOutput() + python.readAllStandardError().right(2000));
    }

private:
    /// Every quantized weight is exactly what the recipe's numbers say: whole multiples of its step.
    static void checkRecipe(const nlohmann::json& recipe, const PolicyGraph& graph, const std::string& name) {
        for (const auto& entry : recipe.at("layers")) {
            const auto binding = std::find_if(graph.bindings.begin(), graph.bindings.end(), [&](const Binding& b) {
                return b.name == entry.at("weight").get<std::string>();
            });
            QVERIFY(binding != graph.bindings.end());
            if (entry.contains("normal_float")) {
                QCOMPARE(static_cast<std::int64_t>(entry.at("normal_float").at("scale_codes").size()),
                         (binding->tensor.numel() + 63) / 64);
                continue;
            }
            if (!entry.contains("weight_steps"))
                continue;
            const auto steps = entry.at("weight_steps").get<std::vector<float>>();
            const at::Tensor rows = binding->tensor.movedim(entry.at("output_axis").get<std::int64_t>(), 0).flatten(1);
            const at::Tensor multiples = rows / at::tensor(steps).unsqueeze(1);
            QVERIFY2((multiples - multiples.round()).abs().max().item<float>() < 2e-3F, name.c_str());
            const int bits = entry.at("weight_bits").get<int>();
            if (!entry.contains("weight_zero_points")) {
                QVERIFY(multiples.abs().max().item<float>() < static_cast<float>(1 << (bits - 1)) + 0.01F);
                continue;
            }
            const at::Tensor zeros = at::tensor(entry.at("weight_zero_points").get<std::vector<std::int64_t>>());
            const at::Tensor integers = multiples.round() + zeros.unsqueeze(1);
            QVERIFY(integers.min().item<float>() >= 0 && integers.max().item<float>() < static_cast<float>(1 << bits));
        }
    }
};

QTEST_GUILESS_MAIN(GraphPassesTest)
#include "GraphPassesTest.moc"
