#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "core/policy/GraphExecutor.h"
#include "core/policy/PolicyFile.h"
#include "core/policy/ShapePropagation.h"
#include "tests/TestPaths.h"
#include "tests/policy/RecordedRuns.h"

using namespace sqil;

namespace {

std::filesystem::path recorded() {
    return test::reference() / "parity_policies";
}

/// Float32 policies agree to rounding; bfloat16 ones to theirs.
/// Runs the program's check of written files: same outputs in Python?
void checkInPython(const QString& written, const QString& expected) {
    QProcess python;
    python.start(SQIL_PYTHON, {QString::fromStdString((test::testData() / "reference" / "check_written.py").string()),
                               written, expected});
    QVERIFY(python.waitForFinished(240000));
    QVERIFY2(python.exitCode() == 0, python.readAllStandardOutput() + python.readAllStandardError().right(2000));
}

/// Halves the first layer's weight and puts a fake quantizer before its input, whose shape nobody states.
void edit(PolicyGraph& graph) {
    const auto layer = std::find_if(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
        return node.target == "aten::linear" || node.target == "aten::conv2d";
    });
    QVERIFY(layer != graph.nodes.end());
    const auto valueOf = [&](const char* name) {
        return std::find_if(layer->arguments.begin(), layer->arguments.end(),
                            [&](const Argument& argument) { return argument.name == name; });
    };
    Binding* weight = graph.binding(std::get<ValueId>(valueOf("weight")->value));
    QVERIFY(weight);
    weight->tensor = weight->tensor * 0.5;
    Node quantizer;
    quantizer.name = "input.quantized";  // no Python identifier: the writer finds one
    quantizer.target = "aten::fake_quantize_per_tensor_affine";
    quantizer.arguments = {{"self", valueOf("input")->value},
                           {"scale", c10::IValue(0.05)},
                           {"zero_point", c10::IValue(0)},
                           {"quant_min", c10::IValue(-128)},
                           {"quant_max", c10::IValue(127)}};
    quantizer.outputs = {graph.addValue(quantizer.name, std::nullopt)};
    valueOf("input")->value = quantizer.outputs.front();
    graph.nodes.insert(layer, std::move(quantizer));
}

double tolerance(const at::Tensor& expected) {
    return expected.scalar_type() == at::kBFloat16 ? 1e-2 : 1e-5;
}

}  // namespace

/// The graph read from a .pt2 against PyTorch itself, over the kinds of policies that people deploy.
class ParityTest : public QObject {
    Q_OBJECT

    static void compare(const QString& name, const Result<PolicyFile>& file) {
        const at::NoGradGuard noGradient;
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        const auto executor = GraphExecutor::create(file->graph);
        QVERIFY2(executor.has_value(), executor ? "" : executor.error().message.c_str());
        double worst = 0;
        for (const auto& run : test::readJson(recorded() / (name + ".json").toStdString()).at("runs")) {
            const auto outputs = executor->run(test::readTensors(recorded(), run.at("inputs")));
            QVERIFY2(outputs.has_value(), outputs ? "" : outputs.error().message.c_str());
            const auto expected = test::readTensors(recorded(), run.at("outputs"));
            QCOMPARE(outputs->size(), expected.size());
            for (std::size_t index = 0; index < expected.size(); ++index) {
                QCOMPARE((*outputs)[index].sizes(), expected[index].sizes());
                QCOMPARE((*outputs)[index].scalar_type(), expected[index].scalar_type());
                const double difference = test::relativeDifference((*outputs)[index], expected[index]);
                QVERIFY2(difference <= tolerance(expected[index]),
                         qPrintable(QString("output %1 differs by %2").arg(index).arg(difference)));
                worst = std::max(worst, difference);
            }
        }
        qInfo("%s: largest relative difference %.2g", qPrintable(name), worst);
    }

private Q_SLOTS:
    void initTestCase() {
        if (!std::filesystem::exists(recorded() / "index.json"))
            QSKIP("needs the reference environment: scripts/test.sh makes it");
    }

    void sameOutputs_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("file");
        for (const auto& [list, ending] : {std::pair("index.json", ".pt2"), std::pair("torchscript.json", ".pt")})
            for (const auto& entry : test::readJson(recorded() / list)) {
                const QString name = QString::fromStdString(entry.get<std::string>());
                QTest::newRow(qPrintable(name)) << name << name + ending;
            }
    }
    void sameOutputs() {
        QFETCH(QString, name);
        QFETCH(QString, file);
        compare(name, readPolicyFile(recorded() / file.toStdString()));
    }

    void torchScriptThatIsRefused_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("runs code on loading") << "saves_itself.pt"
                                              << "__setstate__";
        QTest::newRow("branches on values") << "branching.pt"
                                            << "prim::If";
        QTest::newRow("a pickle") << "pickle.pt"
                                  << "torch.export.save";
    }
    void torchScriptThatIsRefused() {
        QFETCH(QString, file);
        QFETCH(QString, mentions);
        const auto policy = readPolicyFile(recorded() / file.toStdString());
        QVERIFY(!policy);
        QVERIFY2(QString::fromStdString(policy.error().message).contains(mentions), policy.error().message.c_str());
    }

    void sameGradients() {
        const auto file = readPolicyFile(recorded() / "gradient.pt2");
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        PolicyGraph graph = file->graph;
        at::Tensor weight;
        for (Binding& binding : graph.bindings)
            if (binding.name == "encoder.0.weight")
                weight = binding.tensor = binding.tensor.detach().clone().requires_grad_(true);
        QVERIFY(weight.defined());
        const auto record = test::readJson(recorded() / "gradient.json");
        auto inputs = test::readTensors(recorded(), record.at("inputs"));
        inputs[0].requires_grad_(true);
        const auto executor = GraphExecutor::create(graph);
        QVERIFY(executor.has_value());
        const auto outputs = executor->run(inputs);
        QVERIFY2(outputs.has_value(), outputs ? "" : outputs.error().message.c_str());
        (*outputs)[0].square().sum().backward();
        QVERIFY(test::relativeDifference(inputs[0].grad(), test::readTensor(recorded(), record.at("image"))) < 1e-5);
        QVERIFY(test::relativeDifference(weight.grad(), test::readTensor(recorded(), record.at("weight"))) < 1e-5);
    }

    void writtenFilesOpenInPython() {
        if (QByteArray(SQIL_PYTHON).isEmpty())
            QSKIP("needs the reference environment: scripts/test.sh makes it");
        QTemporaryDir folder;
        for (const auto& entry : test::readJson(recorded() / "index.json")) {
            const std::string name = entry.get<std::string>();
            auto file = readPolicyFile(recorded() / (name + ".pt2"));
            QVERIFY(file.has_value());
            file->extraFiles["note.txt"] = "kept";
            const auto written =
                writePolicyFile(std::filesystem::path(folder.path().toStdString()) / (name + ".pt2"), *file);
            QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
        }
        checkInPython(folder.path(), QString::fromStdString(recorded().string()));
    }

    /// Weights replaced, nodes added, graphs that came from TorchScript: what is written computes in Python what
    /// it computes here.
    void editedFilesOpenInPython() {
        if (QByteArray(SQIL_PYTHON).isEmpty())
            QSKIP("needs the reference environment: scripts/test.sh makes it");
        const at::NoGradGuard noGradient;
        QTemporaryDir written, expected;
        for (const char* file :
             {"camera_and_state.pt2", "resnet34.pt2", "transformer.pt2", "lstm.pt2", "camera_and_state_traced.pt",
              "transformer_traced.pt", "command_branches_scripted.pt", "lstm_traced.pt"}) {
            auto policy = readPolicyFile(recorded() / file);
            QVERIFY2(policy, policy ? "" : policy.error().message.c_str());
            const std::string name = std::filesystem::path(file).stem();
            auto record = test::readJson(recorded() / (name + ".json"));
            const auto example = test::readTensors(recorded(), record.at("runs")[0].at("inputs"));
            std::vector<StepShape> steps;
            for (const at::Tensor& input : example)
                steps.push_back({input.sizes().slice(1).vec(), !input.is_floating_point()});
            if (!declareInputs(policy->graph, steps))
                QFAIL(file);
            edit(policy->graph);
            const auto executor = GraphExecutor::create(policy->graph);
            QVERIFY2(executor, executor ? "" : executor.error().message.c_str());
            for (auto& run : record.at("runs")) {
                const auto outputs = executor->run(test::readTensors(recorded(), run.at("inputs")));
                QVERIFY2(outputs, outputs ? "" : outputs.error().message.c_str());
                for (auto& input : run.at("inputs"))
                    std::filesystem::copy_file(
                        recorded() / input.at("file").get<std::string>(),
                        expected.path().toStdString() + "/" + input.at("file").get<std::string>());
                for (std::size_t i = 0; i < outputs->size(); ++i)
                    test::writeTensor(expected.path().toStdString(), run.at("outputs")[i], (*outputs)[i]);
            }
            test::writeJson(std::filesystem::path(expected.path().toStdString()) / (name + ".json"), record);
            policy->extraFiles["note.txt"] = "kept";
            const auto done =
                writePolicyFile(std::filesystem::path(written.path().toStdString()) / (name + ".pt2"), *policy);
            QVERIFY2(done, done ? "" : done.error().message.c_str());
        }
        checkInPython(written.path(), expected.path());
    }
};

QTEST_GUILESS_MAIN(ParityTest)
#include "ParityTest.moc"
