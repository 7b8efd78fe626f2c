#include <ATen/ATen.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

#include "core/policy/PolicyFile.h"
#include "core/policy/Safetensors.h"
#include "core/quant/QuantizableLayers.h"
#include "core/quant/SampleCalibration.h"
#include "core/quant/checkpoint/PackedCheckpoint.h"
#include "tests/TestPaths.h"

using namespace sqil;

/// Packed weights in the files of other programs, unpacked by those.
class PackedCheckpointTest : public QObject {
    Q_OBJECT

    static std::filesystem::path transformer() { return test::reference() / "parity_policies" / "transformer.pt2"; }

    /// The exported folder, and beside it the weights that it stands for. Returns the notes.
    static std::vector<std::string> write(const std::filesystem::path& folder, const std::string& name,
                                          CheckpointFormat format, const QuantSpec& spec) {
        at::manual_seed(3);
        const auto quantized =
            quantizeOnInputs(*readPolicyFile(transformer()), std::vector{at::randn({2, 10, 12})}, spec);
        if (!quantized)
            throw std::runtime_error(quantized.error().message);
        const auto policy = folder / (name + ".pt2");
        if (!writePolicyFile(policy, *quantized))
            throw std::runtime_error("cannot write");
        const auto notes = exportCheckpoint(policy, format, folder / name);
        if (!notes)
            throw std::runtime_error(notes.error().message);
        Safetensors expected;
        for (const QuantizableLayer& layer : quantizableLayers(quantized->graph)) {
            const Binding* binding = quantized->graph.binding(layer.weight);
            const bool named = binding->name.ends_with(".weight");
            expected.tensors[named ? binding->name : layer.name + ".weight"] = binding->tensor.contiguous();
        }
        if (!writeSafetensors(folder / (name + ".safetensors"), expected))
            throw std::runtime_error("cannot write");
        return *notes;
    }

    static QuantSpec specOf(int bits, int group, bool asymmetric) {
        QuantSpec spec;
        spec.weightBits = bits;
        spec.activationBits = 16;
        spec.asymmetric = asymmetric;
        if (group > 0) {
            spec.granularity = Granularity::Group;
            spec.groupSize = group;
        }
        return spec;
    }

private Q_SLOTS:
    /// By hand: value k in nibble k; AutoAWQ's outputs 0, 2, 4, 6, 1, 3, 5, 7 from the lowest nibble up.
    void wordsAreAsPublished() {
        const at::Tensor codes = at::arange(8, at::kInt).reshape({1, 8});
        QCOMPARE(static_cast<unsigned>(packIntoWords(codes, 4, 0).item<int>()), 0x76543210U);
        QCOMPARE(static_cast<unsigned>(packAwqWords(codes).item<int>()), 0x75316420U);
        QCOMPARE(static_cast<unsigned>(packIntoWords(codes.slice(1, 0, 3) - 128, 8, 128).item<int>()), 0x00020100U);
        QCOMPARE(static_cast<unsigned>(packIntoWords(at::full({1, 8}, 7, at::kInt), 4, 8).item<int>()), 0xffffffffU);
    }

    void othersUnpackTheSameWeights() {
        if (QByteArray(SQIL_PYTHON).isEmpty() || !std::filesystem::exists(transformer()))
            QSKIP("needs the reference environment: scripts/test.sh makes it");
        QTemporaryDir temporary;
        const std::filesystem::path folder = temporary.path().toStdString();
        write(folder, "ct_w4_group", CheckpointFormat::CompressedTensors, specOf(4, 16, false));
        write(folder, "ct_w4_asymmetric", CheckpointFormat::CompressedTensors, specOf(4, 16, true));
        write(folder, "ct_w8_channel", CheckpointFormat::CompressedTensors, specOf(8, 0, false));
        write(folder, "awq_group", CheckpointFormat::Awq, specOf(4, 16, true));
        const auto notes = write(folder, "awq_symmetric", CheckpointFormat::Awq, specOf(4, 16, false));
        // 12 inputs are less than a group; 11 outputs are no multiple of 8.
        QCOMPARE(notes.size(), std::size_t{2});
        QProcess python;
        python.start(
            SQIL_PYTHON,
            {QString::fromStdString((test::testData() / "reference" / "check_packed.py").string()), temporary.path()});
        QVERIFY(python.waitForFinished(240000));
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().right(2000));
        const auto report = nlohmann::json::parse(python.readAllStandardOutput().toStdString());
        QCOMPARE(report.size(), std::size_t{5});
        for (const auto& [name, result] : report.items()) {
            QVERIFY2(result.at("packed").get<int>() >= 8, name.c_str());
            // AutoAWQ keeps its scales as halves.
            QVERIFY2(result.at("difference").get<double>() < (name.starts_with("awq") ? 1.0 / 1024 : 1e-6),
                     name.c_str());
        }
    }

    void refusals() {
        QTemporaryDir folder;
        const auto plain =
            exportCheckpoint(test::sample() / "policy.pt2", CheckpointFormat::Awq, folder.filePath("a").toStdString());
        QVERIFY(!plain);
        QVERIFY(QString::fromStdString(plain.error().message).contains("not quantized"));
        QVERIFY(!QFile::exists(folder.filePath("a")));
    }
};

QTEST_GUILESS_MAIN(PackedCheckpointTest)
#include "PackedCheckpointTest.moc"
