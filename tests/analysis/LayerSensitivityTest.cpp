#include <ATen/ATen.h>

#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include "core/analysis/Analysis.h"
#include "core/analysis/layers/GraphOutline.h"
#include "core/analysis/layers/LayerReport.h"
#include "core/data/RolloutWriter.h"
#include "core/quant/MixedPrecision.h"
#include "core/quant/PostTraining.h"
#include "core/quant/QuantizeFile.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"

using namespace sqil;

namespace {

constexpr std::int64_t kSteps = 7, kIn = 5, kHidden = 6, kOut = 3;

/// y = B·(A·x + a) + b: two layers and nothing between them.
struct LinearPolicy {
    at::Tensor first, firstBias, second, secondBias, observations;
    std::filesystem::path policy, rollouts;

    explicit LinearPolicy(const QTemporaryDir& folder) {
        at::manual_seed(11);
        first = at::randn({kHidden, kIn});
        firstBias = at::randn({kHidden});
        second = at::randn({kOut, kHidden});
        secondBias = at::randn({kOut});
        observations = at::randn({kSteps, kIn});
        PolicyGraph graph;
        const auto value = [&](const char* name, std::int64_t width) {
            return graph.addValue(name, TensorMeta{at::kFloat, {std::string("s0"), width}, {}});
        };
        const auto parameter = [&](const char* name, const at::Tensor& tensor) {
            std::vector<Dimension> sizes(tensor.sizes().begin(), tensor.sizes().end());
            const ValueId id = graph.addValue(std::string("p_") + name, TensorMeta{at::kFloat, sizes, {}});
            graph.bindings.push_back({id, name, Binding::Kind::Parameter, true, tensor});
            return id;
        };
        const ValueId input = value("state", kIn);
        graph.inputs = {input};
        graph.symbolRanges["s0"] = {1, 1024};
        const ValueId w1 = parameter("body.weight", first), b1 = parameter("body.bias", firstBias);
        const ValueId w2 = parameter("head.weight", second), b2 = parameter("head.bias", secondBias);
        const ValueId hidden = value("linear", kHidden), output = value("linear_1", kOut);
        const auto node = [&](const char* name, ValueId x, ValueId w, ValueId b, ValueId y) {
            Node made;
            made.name = name;
            made.target = "aten::linear";
            made.arguments = {{"input", x}, {"weight", w}, {"bias", b}};
            made.outputs = {y};
            graph.nodes.push_back(std::move(made));
        };
        node("linear", input, w1, b1, hidden);
        node("linear_1", hidden, w2, b2, output);
        graph.outputs = {output};
        policy = folder.filePath("linear.pt2").toStdString();
        const auto written = writePolicyFile(policy, {graph, {}});
        if (!written)
            qFatal("%s", written.error().message.c_str());
        rollouts = folder.filePath("linear.hdf5").toStdString();
        writeRollouts();
    }

    void writeRollouts() const {
        auto writer = RolloutWriter::create(rollouts, "{}");
        if (!writer)
            qFatal("%s", writer.error().message.c_str());
        const auto block = [](const at::Tensor& values) {
            const at::Tensor flat = values.contiguous();
            const auto* bytes = reinterpret_cast<const std::byte*>(flat.const_data_ptr<float>());
            return StepBlock{ValueType::Float32, values.sizes().vec(), {bytes, bytes + flat.nbytes()}};
        };
        EpisodeRecord record;
        record.observations["state"] = block(observations);
        record.actions = block(at::zeros({kSteps, kOut}));
        if (!(*writer)->append(record) || !(*writer)->finish())
            qFatal("cannot write the rollouts");
    }

    at::Tensor run(const at::Tensor& a, const at::Tensor& b) const {
        return at::linear(at::linear(observations, a, firstBias), b, secondBias);
    }
    double gap(const at::Tensor& a, const at::Tensor& b) const {
        return (run(a, b) - run(first, second)).norm(2, 1).mean().item<double>();
    }
};

/// METHOD's formula, written out: per output channel, γ = max|w|/7, round half to even.
at::Tensor rounded4(const at::Tensor& weight) {
    const at::Tensor step = std::get<0>(weight.abs().max(1, true)) / 7;
    return at::clamp(at::round(weight / step), -8, 7) * step;
}

void near(double actual, double expected, double tolerance = 1e-5) {
    QVERIFY2(std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected)),
             qPrintable(QStringLiteral("%1, expected %2").arg(actual).arg(expected)));
}

template<class T>
T valueOf(Result<T> result) {
    if (!result)
        qFatal("%s", result.error().message.c_str());
    return std::move(*result);
}

}  // namespace

class LayerSensitivityTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    std::shared_ptr<Rollouts> sample_;

    PolicyPaths samplePaths() const { return {test::sample() / "policy.pt2", {}, {}}; }
    std::filesystem::path file(const char* name) const { return folder_.filePath(name).toStdString(); }

private Q_SLOTS:
    void initTestCase() {
        registerPlugins();
        sample_ = valueOf(Rollouts::open(test::sample() / "rollouts.hdf5"));
    }

    void aLinearPolicysBlameByHand() {
        const LinearPolicy linear(folder_);
        const auto rollouts = valueOf(Rollouts::open(linear.rollouts));
        const auto sensitivity = valueOf(LayerSensitivity::open({linear.policy, {}, {}}, rollouts, QuantSpec{}));
        QCOMPARE(sensitivity->layers().size(), std::size_t{2});
        QCOMPARE(sensitivity->layers()[0].name, std::string("body"));
        const auto report = valueOf(sensitivity->blame(sensitivity->recipeBits(), 100));
        QCOMPARE(report.steps, kSteps);
        const at::Tensor a = rounded4(linear.first), b = rounded4(linear.second);
        near(report.gap, linear.gap(a, b));
        near(report.layers[0].alone, linear.gap(a, linear.second));
        near(report.layers[1].alone, linear.gap(linear.first, b));
        near(report.layers[0].allBut, linear.gap(linear.first, b));
        near(report.layers[1].allBut, linear.gap(a, linear.second));
        QVERIFY(report.layers[0].alone > 1e-3 && report.layers[1].alone > 1e-3);
        near(report.layers[0].relativeWeightError, ((a - linear.first).norm() / linear.first.norm()).item<double>());
    }

    void activationsAreBlamedToo() {
        const LinearPolicy linear(folder_);
        const auto rollouts = valueOf(Rollouts::open(linear.rollouts));
        QuantSpec spec;
        spec.weightBits = 16;
        spec.activationBits = 4;
        const auto sensitivity = valueOf(LayerSensitivity::open({linear.policy, {}, {}}, rollouts, spec));
        const auto report = valueOf(sensitivity->blame(sensitivity->recipeBits(), 100));
        const double step = linear.observations.abs().max().item<double>() / 7;
        const at::Tensor coarse = at::clamp(at::round(linear.observations / step), -8, 7) * step;
        const at::Tensor actions =
            at::linear(at::linear(coarse, linear.first, linear.firstBias), linear.second, linear.secondBias);
        near(report.layers[0].alone,
             (actions - linear.run(linear.first, linear.second)).norm(2, 1).mean().item<double>(), 1e-4);
        QCOMPARE(report.layers[0].relativeWeightError, 0.0);
    }

    void aLayerInFloatingPointHasNoBlame() {
        const LinearPolicy linear(folder_);
        const auto rollouts = valueOf(Rollouts::open(linear.rollouts));
        const auto sensitivity = valueOf(LayerSensitivity::open({linear.policy, {}, {}}, rollouts, QuantSpec{}));
        const std::vector<LayerBits> bits{{16, 16}, {4, 16}};
        const auto report = valueOf(sensitivity->blame(bits, 100));
        near(report.layers[0].alone, 0);
        QCOMPARE(report.layers[0].allBut, report.gap);
        QCOMPARE(report.layers[1].alone, report.gap);
        near(report.layers[1].allBut, 0);
        near(valueOf(sensitivity->meanGap(bits, 100)), report.gap);
    }

    void theSamplesGapIsTheQuantizedPolicys_data() {
        QTest::addColumn<int>("weights");
        QTest::addColumn<int>("activations");
        QTest::addColumn<QString>("method");
        QTest::newRow("W4") << 4 << 16 << "ptq";
        QTest::newRow("W4A4") << 4 << 4 << "ptq";
        QTest::newRow("AWQ W4") << 4 << 16 << "awq";
        QTest::newRow("NF4") << 4 << 16 << "nf4";
    }
    /// The whole gap, the episode's gaps, and a file's layers: the same numbers by three ways.
    void theSamplesGapIsTheQuantizedPolicys() {
        QFETCH(int, weights);
        QFETCH(int, activations);
        QFETCH(QString, method);
        QuantSpec spec;
        spec.weightBits = weights;
        spec.activationBits = activations;
        spec.calibrationSteps = 24;
        spec.method = valueOf(parseQuantMethod(method.toStdString()));
        PolicyPaths paths = samplePaths();
        const auto path = file("whole.pt2");
        valueOf(quantizePolicyFile(paths.policy, {}, *sample_, spec, path));
        const auto analyzer = valueOf(openAnalyzer(paths.policy, path, sample_, AnalysisSpec{}));
        const auto expected = valueOf(analyzer->actions(2));

        const auto bySpec = valueOf(LayerSensitivity::open(paths, sample_, spec));
        paths.quantized = path;
        const auto byFile = valueOf(LayerSensitivity::open(paths, sample_, QuantSpec{}));
        for (const auto& sensitivity : {bySpec.get(), byFile.get()}) {
            const auto gaps = valueOf(sensitivity->gaps(sensitivity->recipeBits(), 2));
            QCOMPARE(gaps.size(), expected.size());
            for (std::size_t step = 0; step < gaps.size(); ++step)
                near(gaps[step], expected[step].gap, 2e-5);
        }
        const auto one = valueOf(bySpec->blame(bySpec->recipeBits(), 6));
        const auto two = valueOf(byFile->blame(byFile->recipeBits(), 6));
        near(one.gap, valueOf(bySpec->meanGap(bySpec->recipeBits(), 6)), 2e-5);
        near(two.gap, one.gap);
        QVERIFY(one.gap > 0);
        for (std::size_t layer = 0; layer < one.layers.size(); ++layer) {
            near(two.layers[layer].alone, one.layers[layer].alone);
            near(two.layers[layer].allBut, one.layers[layer].allBut);
            QVERIFY(one.layers[layer].alone > 0);
        }
    }

    /// What lies before a layer is taken from another run: the numbers must be those of whole runs.
    void runningOnlyWhatLiesBehindChangesNothing() {
        QuantSpec spec;
        spec.calibrationSteps = 8;
        const auto sensitivity = valueOf(LayerSensitivity::open(samplePaths(), sample_, spec));
        const auto bits = sensitivity->recipeBits();
        const auto report = valueOf(sensitivity->blame(bits, 5));
        for (std::size_t layer = 0; layer < bits.size(); ++layer) {
            std::vector<LayerBits> alone(bits.size()), others = bits;
            alone[layer] = bits[layer];
            others[layer] = {};
            near(report.layers[layer].alone, valueOf(sensitivity->meanGap(alone, 5)), 2e-5);
            near(report.layers[layer].allBut, valueOf(sensitivity->meanGap(others, 5)), 2e-5);
        }
    }

    void savedWidthsRunAgain() {
        QuantSpec spec;
        spec.calibrationSteps = 16;
        const auto sensitivity = valueOf(LayerSensitivity::open(samplePaths(), sample_, spec));
        auto bits = sensitivity->recipeBits();
        bits.front() = {8, 8};
        bits.back() = {16, 16};
        const auto path = file("mixed.pt2");
        QVERIFY(sensitivity->save(bits, path).has_value());
        PolicyPaths paths = samplePaths();
        paths.quantized = path;
        const auto again = valueOf(LayerSensitivity::open(paths, sample_, QuantSpec{}));
        QVERIFY(again->recipeBits() == bits);
        near(valueOf(again->meanGap(bits, 6)), valueOf(sensitivity->meanGap(bits, 6)), 2e-5);
        bits.front() = {3, 16};  // a width that the file does not have
        near(valueOf(again->meanGap(bits, 6)), valueOf(sensitivity->meanGap(bits, 6)), 2e-5);
        const auto analyzer = valueOf(openAnalyzer(paths.policy, path, sample_, AnalysisSpec{}));
        QVERIFY(analyzer);
    }

    void histogramsCountEveryValue() {
        QuantSpec spec;
        spec.calibrationSteps = 4;
        const auto sensitivity = valueOf(LayerSensitivity::open(samplePaths(), sample_, spec));
        const auto histograms = valueOf(sensitivity->histograms(1, {2, 8}));
        std::int64_t before = 0, after = 0, occupied = 0;
        for (std::size_t bin = 0; bin < histograms.weights.before.size(); ++bin) {
            before += histograms.weights.before[bin];
            after += histograms.weights.after[bin];
        }
        QCOMPARE(before, sensitivity->layers()[1].parameters);
        QCOMPARE(after, before);
        for (const std::int64_t count : histograms.activations.after)
            occupied += count > 0;
        QVERIFY(occupied > 1);
        QVERIFY(histograms.activations.step > 0);
        QVERIFY(histograms.activations.maximum > histograms.activations.minimum);
    }

    void suggestedBitsKeepTheBudget() {
        QuantSpec spec;
        spec.calibrationSteps = 4;
        const auto sensitivity = valueOf(LayerSensitivity::open(samplePaths(), sample_, spec));
        const auto bits = sensitivity->recipeBits();
        const double at4 = valueOf(sensitivity->meanGap(bits, 6));
        const auto suggestion = valueOf(suggestBits(*sensitivity, bits, at4 / 2, 6));
        QVERIFY(suggestion.gap <= at4 / 2);
        near(suggestion.gap, valueOf(sensitivity->meanGap(suggestion.bits, 6)));
        QVERIFY(suggestion.meanWeightBits < 8 && suggestion.meanWeightBits >= 2);
        QVERIFY(!suggestBits(*sensitivity, bits, 1e-9, 6).has_value());
    }

    void reportsComeBackFromJson() {
        const LinearPolicy linear(folder_);
        const auto rollouts = valueOf(Rollouts::open(linear.rollouts));
        const auto sensitivity = valueOf(LayerSensitivity::open({linear.policy, {}, {}}, rollouts, QuantSpec{}));
        const auto bits = sensitivity->recipeBits();
        for (const BlameRuns runs : {BlameRuns::Alone, BlameRuns::AloneAndAllBut}) {
            const auto report = valueOf(sensitivity->blame(bits, 3, runs));
            QVERIFY(valueOf(parseBlameReport(toJson(report, sensitivity->layers()), sensitivity->layers())) == report);
        }
        QVERIFY(!parseBlameReport("{}", sensitivity->layers()).has_value());
        QVERIFY(!parseBlameReport("[", sensitivity->layers()).has_value());
        const PolicyPaths paths{linear.policy, {}, {}};
        QVERIFY(blameSpecification(paths, linear.rollouts, *sensitivity, bits, 3) !=
                blameSpecification(paths, linear.rollouts, *sensitivity, bits, 4));
    }

    void badWidthsAndPoliciesAreRefused() {
        const LinearPolicy linear(folder_);
        const auto rollouts = valueOf(Rollouts::open(linear.rollouts));
        const auto sensitivity = valueOf(LayerSensitivity::open({linear.policy, {}, {}}, rollouts, QuantSpec{}));
        QVERIFY(!sensitivity->blame(std::vector<LayerBits>{{4, 16}}, 3).has_value());
        QVERIFY(!sensitivity->gaps(std::vector<LayerBits>{{4, 16}, {9, 16}}, 0).has_value());
        QVERIFY(!sensitivity->gaps(sensitivity->recipeBits(), 5).has_value());
        const auto plain = LayerSensitivity::open({linear.policy, linear.policy, {}}, rollouts, QuantSpec{});
        QVERIFY(!plain.has_value());
        QVERIFY(QString::fromStdString(plain.error().message).contains(kQuantizationFile));
        const auto stopped = sensitivity->blame(sensitivity->recipeBits(), 3, BlameRuns::AloneAndAllBut,
                                                [](auto, auto, auto) { return false; });
        QVERIFY(!stopped && stopped.error().kind == ErrorKind::Cancelled);
    }

    void theOutlineIsTheGraph() {
        const auto outline = valueOf(outlinePolicy(test::sample() / "policy.pt2"));
        std::size_t inputs = 0, layers = 0, outputs = 0;
        for (std::size_t index = 0; index < outline.nodes.size(); ++index) {
            const OutlineNode& node = outline.nodes[index];
            inputs += node.target.empty();
            layers += !node.layer.empty();
            outputs += node.isOutput;
            for (const std::size_t input : node.inputs)
                QVERIFY(input < index);
            QVERIFY(node.target.empty() || !node.inputs.empty());
        }
        QCOMPARE(inputs, std::size_t{3});
        QCOMPARE(outputs, std::size_t{1});
        const auto sensitivity = valueOf(LayerSensitivity::open(samplePaths(), sample_, QuantSpec{}));
        QCOMPARE(layers, sensitivity->layers().size());
    }
};

QTEST_GUILESS_MAIN(LayerSensitivityTest)
#include "LayerSensitivityTest.moc"
