#include <ATen/ATen.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/policy/GraphExecutor.h"
#include "core/quant/PostTraining.h"
#include "core/quant/SampleCalibration.h"
#include "core/quant/checkpoint/PackedPolicy.h"
#include "tests/TestPaths.h"

using namespace sqil;

/// The sample policy's weights as integers in a .pt2: the same outputs here and in PyTorch, and a smaller file.
class PackedPolicyTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    static std::vector<at::Tensor> inputsOf(const PolicyGraph& graph) {
        at::manual_seed(5);
        std::vector<at::Tensor> inputs;
        for (const ValueId input : graph.inputs) {
            std::vector<std::int64_t> sizes;
            for (const Dimension& size : graph.values[static_cast<std::size_t>(input)].meta->sizes)
                sizes.push_back(std::holds_alternative<std::int64_t>(size) ? std::get<std::int64_t>(size) : 2);
            inputs.push_back(at::rand(sizes));
        }
        return inputs;
    }
    static at::Tensor run(const PolicyGraph& graph) {
        const at::NoGradGuard none;
        auto executor = GraphExecutor::create(graph);
        if (!executor)
            qFatal("%s", executor.error().message.c_str());
        auto outputs = executor->run(inputsOf(graph));
        if (!outputs)
            qFatal("%s", outputs.error().message.c_str());
        return outputs->front();
    }

private Q_SLOTS:
    void sameOutputsFromIntegers_data() {
        QTest::addColumn<int>("weights");
        QTest::addColumn<int>("activations");
        QTest::addColumn<bool>("groups");
        QTest::addColumn<bool>("asymmetric");
        QTest::newRow("W4A16") << 4 << 16 << false << false;
        QTest::newRow("W4A4") << 4 << 4 << false << false;
        QTest::newRow("W8A8") << 8 << 8 << false << false;
        QTest::newRow("W3A16, groups of 8, zero points") << 3 << 16 << true << true;
        QTest::newRow("W8A16, groups of 8, zero points") << 8 << 16 << true << true;
    }
    void sameOutputsFromIntegers() {
        QFETCH(int, weights);
        QFETCH(int, activations);
        QFETCH(bool, groups);
        QFETCH(bool, asymmetric);
        auto base = readPolicyFile(test::sample() / "policy.pt2");
        QVERIFY(base.has_value());
        QuantSpec spec;
        spec.weightBits = weights;
        spec.activationBits = activations;
        spec.granularity = groups ? Granularity::Group : Granularity::Channel;
        spec.groupSize = 8;
        spec.asymmetric = asymmetric;
        const auto inputs = inputsOf(base->graph);
        const auto quantized = quantizeOnInputs(std::move(*base), inputs, spec);
        QVERIFY2(quantized.has_value(), quantized ? "" : quantized.error().message.c_str());
        const std::string name = folder_.filePath(QString::number(counter_++)).toStdString();
        QVERIFY(writePolicyFile(name + "_fake.pt2", *quantized).has_value());
        const auto notes = exportPackedPolicy(name + "_fake.pt2", name + "_packed.pt2");
        QVERIFY2(notes.has_value(), notes ? "" : notes.error().message.c_str());

        const auto packed = readPolicyFile(name + "_packed.pt2");
        QVERIFY2(packed.has_value(), packed ? "" : packed.error().message.c_str());
        QVERIFY(packed->extraFiles.contains(kPackedRecipeFile) && !packed->extraFiles.contains(kQuantizationFile));
        std::int64_t floats = 0;
        for (const Binding& binding : packed->graph.bindings)
            if (binding.name.ends_with(".weight") && binding.tensor.dim() > 1)
                floats += binding.tensor.numel();
        if (!groups)
            QCOMPARE(floats, 0);  // with groups of 8 the first layer's 75 inputs do not divide
        QVERIFY(at::equal(run(quantized->graph), run(packed->graph)));
        QVERIFY(std::filesystem::file_size(name + "_packed.pt2") <
                std::filesystem::file_size(name + "_fake.pt2") * (weights == 4 ? 3 : 5) / (groups ? 5 : 10));
    }

    void whatIsNotQuantizedIsRefused() {
        const auto refused = exportPackedPolicy(test::sample() / "policy.pt2", folder_.filePath("x.pt2").toStdString());
        QVERIFY(!refused && refused.error().message.find("sqil quantize") != std::string::npos);
        QVERIFY(!QFile::exists(folder_.filePath("x.pt2")));
    }

    void pythonComputesTheSame() {
        if (QByteArray(SQIL_PYTHON).isEmpty())
            QSKIP("scripts/setup.sh tests has not been run");
        QProcess python;
        python.start(
            SQIL_PYTHON,
            {QString::fromStdString((test::testData() / "reference" / "check_unpacked.py").string()), folder_.path()});
        QVERIFY(python.waitForFinished(240000));
        const QByteArray said = python.readAllStandardOutput();
        QVERIFY2(python.exitCode() == 0, said + python.readAllStandardError().right(2000));
        QCOMPARE(said.count("same outputs"), 5);
    }

private:
    int counter_ = 0;
};

QTEST_APPLESS_MAIN(PackedPolicyTest)
#include "PackedPolicyTest.moc"
