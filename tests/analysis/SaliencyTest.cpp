#include <ATen/ATen.h>

#include <QtTest>
#include <cmath>
#include <fstream>
#include <random>
#include <thread>

#include <nlohmann/json.hpp>

#include "core/analysis/Saliency.h"
#include "core/policy/PolicyFile.h"
#include "tests/TestPaths.h"
#include "tests/analysis/SaliencyGraphs.h"

using namespace sqil;
using test::GraphMaker;
using Method = SaliencyEngine::Method;

namespace {

PerturbationSpec greydanus(double stride, double maskSigma = 0, double blurSigma = 0) {
    PerturbationSpec spec;
    spec.stride = stride;
    spec.maskSigma = maskSigma;
    spec.blurSigma = blurSigma;
    return spec;
}

PerturbationSpec patches(int size) {
    PerturbationSpec spec;
    spec.kind = PerturbationKind::PatchMean;
    spec.patch = size;
    return spec;
}

PerturbationSpec state(StateChange change) {
    PerturbationSpec spec;
    spec.kind = PerturbationKind::State;
    spec.stateChange = change;
    return spec;
}

std::vector<at::Tensor> randomInputs(const Policy& policy) {
    std::vector<at::Tensor> inputs;
    for (const ValueId id : policy.graph().inputs) {
        std::vector<std::int64_t> sizes{1};
        const auto& meta = *policy.graph().values[static_cast<std::size_t>(id)].meta;
        for (std::size_t d = 1; d < meta.sizes.size(); ++d)
            sizes.push_back(std::get<std::int64_t>(meta.sizes[d]));
        inputs.push_back(at::rand(sizes));
    }
    return inputs;
}

/// Largest difference of two maps, relative to the second one's maximum.
double difference(const std::vector<float>& scores, const std::vector<double>& expected) {
    double largest = 0, most = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        most = std::max(most, std::abs(expected[i] - scores[i]));
    }
    return scores.size() == expected.size() ? most / std::max(largest, 1e-30) : 1;
}

std::vector<double> widened(const std::vector<float>& scores) {
    return {scores.begin(), scores.end()};
}

/// Both ways on one random input; the difference of their maps, over all modalities.
double autoAgainstBatched(std::shared_ptr<const Policy> policy, const std::vector<PerturbationSpec>& specs,
                          std::string* explanation = nullptr) {
    auto fast = SaliencyEngine::create(policy, specs),
         full = SaliencyEngine::create(policy, specs, {}, Method::Batched);
    if (!fast || !full)
        return 2;
    const auto inputs = randomInputs(*policy);
    auto one = fast->step(inputs), other = full->step(inputs);
    if (!one || !other) {
        qWarning("%s", (one ? other : one).error().message.c_str());
        return 3;
    }
    if (explanation)
        *explanation = fast->explain();
    double most = 0;
    for (std::size_t i = 0; i < one->modalities.size(); ++i)
        most = std::max(most, difference(one->modalities[i].scores, widened(other->modalities[i].scores)));
    return most;
}

bool isLocal(const std::string& explanation) {
    return explanation.find("only what changes") != std::string::npos;
}

/// A convolutional network with one linear layer on top.
std::shared_ptr<const Policy> finished(GraphMaker& maker, ValueId features) {
    const ValueId flat = maker.flatten(features);
    return maker.policy({maker.linear(flat, maker.features(flat), 4)});
}

}  // namespace

class SaliencyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knownAnswerOfALinearPolicy() {
        // π(s) = Σ pixels·w: S of a patch is ½(Σ w·(mean − pixel))².
        GraphMaker maker(1);
        const ValueId image = maker.input("image", {1, 6, 6});
        const at::Tensor weight = at::randn({1, 36});
        const ValueId flat = maker.flatten(image);
        const auto policy =
            maker.policy({maker.node("linear", {GraphMaker::of(flat), GraphMaker::of(maker.constant(weight))})});
        QVERIFY(policy);
        for (const Method method : {Method::Auto, Method::Batched}) {
            auto engine = SaliencyEngine::create(policy, {patches(3)}, {}, method);
            QVERIFY(engine);
            const std::vector<at::Tensor> inputs{at::rand({1, 1, 6, 6})};
            const auto step = engine->step(inputs);
            QVERIFY(step);
            QCOMPARE(step->modalities[0].rows, 2);
            const at::Tensor pixels = inputs[0][0][0].to(at::kDouble), weights = weight.view({6, 6}).to(at::kDouble);
            for (int i = 0; i < 2; ++i)
                for (int j = 0; j < 2; ++j) {
                    const auto part = [&](const at::Tensor& t) {
                        return t.slice(0, 3 * i, 3 * i + 3).slice(1, 3 * j, 3 * j + 3);
                    };
                    const double change = (part(weights) * (pixels.mean() - part(pixels))).sum().item<double>();
                    const double score = step->modalities[0].scores[static_cast<std::size_t>(2 * i + j)];
                    QVERIFY(std::abs(score - change * change / 2) < 1e-5 * change * change + 1e-9);
                }
        }
    }

    void convolutionsOfEveryGeometry_data() {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 40; ++seed)
            QTest::addRow("%d", seed) << seed;
    }
    /// Random stacks: the way in full is the reference.
    void convolutionsOfEveryGeometry() {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto pick = [&](std::vector<std::int64_t> from) { return from[random() % from.size()]; };
        GraphMaker maker(static_cast<std::uint64_t>(seed));
        std::int64_t channels = pick({1, 2, 3, 4, 17});
        ValueId value = maker.input("image", {channels, pick({7, 20, 33, 48}), pick({9, 24, 40})});
        for (int layer = 0; layer < 4; ++layer) {
            const auto size = maker.sizes(value);
            const std::int64_t room = std::min(size[2], size[3]);
            const std::int64_t out = pick({4, 8, 16, 20, 36, 72});
            const std::int64_t dilation = room > 12 ? pick({1, 1, 2}) : 1;
            const std::int64_t kernelY = std::min<std::int64_t>(room > 6 ? pick({1, 2, 3, 3, 3, 4, 5}) : 1, room);
            const std::int64_t kernelX = std::min<std::int64_t>(room > 6 ? pick({kernelY, kernelY, 1, 3}) : 1, room);
            const std::int64_t groups = channels % 4 == 0 && out % 4 == 0 ? pick({1, 1, 1, 2, 4}) : 1;
            value = maker.conv(value, channels, out, {kernelY, kernelX}, room > 10 ? pick({1, 1, 2, 3}) : 1,
                               pick({0, 0, 1, 2}), dilation, groups);
            channels = out;
            if (random() % 3 == 0)
                value = maker.batchNorm(value, channels);
            if (random() % 5 != 0)
                value = maker.relu(value);
            if (random() % 4 == 0) {  // a residual block, its convolution and its sum fused or not
                const ValueId inside = maker.conv(value, channels, channels, {3, 3}, 1, 1);
                value = maker.add(random() % 2 ? inside : maker.relu(inside), value);
                if (random() % 2)
                    value = maker.relu(value);
            }
            const auto now = maker.sizes(value);
            if (random() % 4 == 0 && std::min(now[2], now[3]) >= 6)
                value = maker.node(random() % 2 ? "max_pool2d" : "avg_pool2d",
                                   {GraphMaker::of(value), GraphMaker::ints({3, 2}), GraphMaker::ints({2, 2}),
                                    GraphMaker::ints({1, 1})});
        }
        if (random() % 3 == 0)
            value = maker.node("adaptive_avg_pool2d", {GraphMaker::of(value), GraphMaker::ints({1, 1})});
        const auto policy = finished(maker, value);
        QVERIFY(policy);
        std::string explanation;
        const auto spec = random() % 2 ? greydanus(static_cast<double>(pick({3, 5})), 2.0, 1.5)
                                       : patches(static_cast<int>(pick({4, 7})));
        const double off = autoAgainstBatched(policy, {spec}, &explanation);
        QVERIFY2(isLocal(explanation), explanation.c_str());
        QVERIFY2(off < 3e-5, (std::to_string(off) + "\n" + explanation).c_str());
    }

    void stateAndCamerasTogether() {
        GraphMaker maker(5);
        const ValueId left = maker.input("left", {3, 24, 24}), right = maker.input("right", {1, 20, 30});
        const ValueId joints = maker.input("joints", {5});
        const ValueId a = maker.flatten(maker.relu(maker.conv(left, 3, 8, {3, 3}, 2)));
        const ValueId b =
            maker.flatten(maker.relu(maker.conv(maker.relu(maker.conv(right, 1, 8, {3, 3})), 8, 8, {3, 3}, 2)));
        const ValueId all = maker.node("cat", {GraphMaker::list({joints, a, b}), GraphMaker::with<std::int64_t>(1)});
        const ValueId hidden = maker.relu(maker.linear(all, maker.features(all), 32));
        const auto policy = maker.policy({maker.linear(hidden, 32, 3)});
        QVERIFY(policy);
        const std::vector<SaliencyEngine::StateStatistics> statistics{
            {"joints", {1, 2, 3, 4, 5}, {0.1f, 0.2f, 0.3f, 0.4f, 0.5f}}};
        const std::vector<PerturbationSpec> specs{greydanus(4), state(StateChange::Mean)};
        auto fast = SaliencyEngine::create(policy, specs, statistics),
             full = SaliencyEngine::create(policy, specs, statistics, Method::Batched);
        QVERIFY(fast && full);
        const auto inputs = randomInputs(*policy);
        const auto one = fast->step(inputs), other = full->step(inputs);
        QVERIFY(one && other);
        QCOMPARE(one->modalities.size(), 3u);
        QCOMPARE(one->modalities[2].input, std::string("joints"));
        QCOMPARE(one->modalities[2].columns, 5);
        double weighted = 0, places = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            const double off = difference(one->modalities[i].scores, widened(other->modalities[i].scores));
            QVERIFY2(off < 3e-5, std::to_string(off).c_str());
            weighted += StepSaliency::sisOf(one->modalities[i]) * static_cast<double>(one->modalities[i].scores.size());
            places += static_cast<double>(one->modalities[i].scores.size());
        }
        QVERIFY(std::abs(one->sis() - weighted / places) <= 1e-12);
        QVERIFY2(isLocal(fast->explain()), fast->explain().c_str());
        const auto changed = fast->perturbed(inputs, 2, 3);
        QVERIFY(changed);
        QCOMPARE((*changed)[0][3].item<float>(), 4.0f);
        QCOMPARE((*changed)[0][2].item<float>(), inputs[2][0][2].item<float>());
        QVERIFY(!fast->perturbed(inputs, 2, 5));
    }

    void statePerturbationHasTheKnownAnswer() {
        GraphMaker maker(6);
        const ValueId joints = maker.input("joints", {4});
        const at::Tensor weight = at::randn({2, 4});
        const auto policy =
            maker.policy({maker.node("linear", {GraphMaker::of(joints), GraphMaker::of(maker.constant(weight))})});
        const std::vector<float> mean{0.1f, 0.2f, 0.3f, 0.4f}, deviation{1, 2, 3, 4};
        for (const StateChange change : {StateChange::Mean, StateChange::PlusStd, StateChange::MinusStd})
            for (const Method method : {Method::Auto, Method::Batched}) {
                auto engine = SaliencyEngine::create(policy, {state(change)}, {{"joints", mean, deviation}}, method);
                QVERIFY(engine);
                const std::vector<at::Tensor> inputs{at::rand({1, 4})};
                const auto step = engine->step(inputs);
                QVERIFY(step);
                for (int d = 0; d < 4; ++d) {
                    const double moved =
                        change == StateChange::Mean ? mean[d] - inputs[0][0][d].item<double>() : deviation[d];
                    const double expected =
                        weight.select(1, d).to(at::kDouble).square().sum().item<double>() * moved * moved / 2;
                    QVERIFY(std::abs(step->modalities[0].scores[static_cast<std::size_t>(d)] - expected) <
                            1e-5 * expected + 1e-9);
                }
            }
    }

    void quantizedActivationsAreFollowed() {
        GraphMaker maker(7);
        const auto quantize = [&](ValueId from, double scale) {
            return maker.node("fake_quantize_per_tensor_affine",
                              {GraphMaker::of(from), GraphMaker::with(scale), GraphMaker::with<std::int64_t>(0),
                               GraphMaker::with<std::int64_t>(0), GraphMaker::with<std::int64_t>(255)});
        };
        const ValueId image = maker.input("image", {3, 30, 30});
        const ValueId a = quantize(maker.relu(maker.conv(quantize(image, 1.0 / 255), 3, 8, {3, 3}, 2)), 0.02);
        const ValueId b = quantize(maker.relu(maker.conv(a, 8, 16, {3, 3})), 0.02);
        const auto policy = finished(maker, b);
        QVERIFY(policy);
        for (const auto& spec : {greydanus(4), patches(5)}) {
            std::string explanation;
            const double off = autoAgainstBatched(policy, {spec}, &explanation);
            QVERIFY2(isLocal(explanation) && explanation.find("fake_quantize") != std::string::npos,
                     explanation.c_str());
            // A value on the edge of two levels may fall to either side in either way.
            QVERIFY2(off < 5e-3, std::to_string(off).c_str());
        }
    }

    void headsOfSeveralOutputs() {
        GraphMaker maker(8);
        const ValueId image = maker.input("image", {3, 20, 20});
        const ValueId features = maker.flatten(maker.relu(maker.conv(image, 3, 8, {3, 3}, 2)));
        const ValueId mean = maker.linear(features, maker.features(features), 3);
        const ValueId deviation = maker.linear(features, maker.features(features), 3);
        for (const ActionHead head : {ActionHead::Gaussian, ActionHead::Categorical}) {
            const auto policy =
                head == ActionHead::Gaussian ? maker.policy({mean, deviation}, head) : maker.policy({mean}, head);
            QVERIFY(policy);
            QVERIFY(autoAgainstBatched(policy, {greydanus(3)}) < 2e-5);
        }
    }

    void whatIsNotLocalIsRunInFull() {
        GraphMaker maker(9);
        const ValueId image = maker.input("image", {3, 24, 24});
        const ValueId features = maker.conv(image, 3, 8, {3, 3}, 2);
        // Group normalization sees the whole image: the local part ends before it.
        const ValueId normalized =
            maker.node("group_norm", {GraphMaker::of(features), GraphMaker::with<std::int64_t>(4)});
        const auto policy = finished(maker, maker.relu(normalized));
        std::string explanation;
        QVERIFY(autoAgainstBatched(policy, {greydanus(4)}, &explanation) < 1e-5);
        QVERIFY2(explanation.find("in full for every place") != std::string::npos, explanation.c_str());

        GraphMaker other(10);
        const ValueId picture = other.input("image", {3, 24, 24});
        const ValueId mixed = other.node("group_norm", {GraphMaker::of(picture), GraphMaker::with<std::int64_t>(1)});
        const auto whole = finished(other, other.relu(other.conv(mixed, 3, 8, {3, 3}, 2)));
        QVERIFY(autoAgainstBatched(whole, {greydanus(4)}, &explanation) < 1e-5);
        QVERIFY2(!isLocal(explanation), explanation.c_str());
    }

    void smallImagesAndManyPlaces() {
        for (const auto& [height, width] : {std::pair{5, 7}, std::pair{3, 40}, std::pair{2, 2}, std::pair{14, 17}}) {
            GraphMaker maker(11);
            const ValueId image = maker.input("image", {1, height, width});
            const auto policy = finished(maker, maker.relu(maker.conv(image, 1, 6, {3, 3}, 1, 1)));
            QVERIFY(autoAgainstBatched(policy, {greydanus(1, 5, 3)}) < 1e-5);
            QVERIFY(autoAgainstBatched(policy, {patches(0)}) < 1e-5);
            // In a smaller image the scaled blur changes nothing but the last bits.
            if (height >= 14) {
                const double off = autoAgainstBatched(policy, {greydanus(0)});
                QVERIFY2(off < 3e-5, std::to_string(off).c_str());
            }
        }
    }

    void equalsThePublishedProcedure_data() {
        QTest::addColumn<int>("index");
        const auto path = test::reference() / "saliency" / "cases.json";
        std::ifstream file(path);
        if (!file)
            QSKIP("reference maps are not there (they need the Python environment of the tests)");
        const auto cases = nlohmann::json::parse(file);
        for (std::size_t i = 0; i < cases.size(); ++i)
            QTest::newRow(cases[i]["name"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void equalsThePublishedProcedure() {
        QFETCH(int, index);
        std::ifstream file(test::reference() / "saliency" / "cases.json");
        const auto all = nlohmann::json::parse(file);
        const auto& expected = all[static_cast<std::size_t>(index)];
        auto read = readPolicyFile(test::reference() / "saliency" / (expected["name"].get<std::string>() + ".pt2"));
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        PolicyCard card;
        std::vector<at::Tensor> inputs;
        for (const ValueId id : read->graph.inputs) {
            CardInput input;
            input.name = input.key = read->graph.values[static_cast<std::size_t>(id)].name;
            input.kind = input.name == "image" ? InputKind::Image : InputKind::State;
            const auto values = expected[input.name].get<std::vector<float>>();
            std::vector<std::int64_t> sizes{1, static_cast<std::int64_t>(values.size())};
            if (input.kind == InputKind::Image)
                sizes = {1, expected["shape"][0], expected["shape"][1], expected["shape"][2]};
            inputs.push_back(at::tensor(values).view(sizes));
            card.inputs.push_back(input);
        }
        const auto& output = read->graph.values[static_cast<std::size_t>(read->graph.outputs[0])].meta;
        card.dimensions.resize(static_cast<std::size_t>(std::get<std::int64_t>(output->sizes.back())));
        auto policy = Policy::create(std::move(*read), card);
        QVERIFY2(policy, policy ? "" : policy.error().message.c_str());
        const auto& given = expected["spec"];
        const auto spec = given["kind"] == "patch-mean"
                              ? patches(given["patch"])
                              : greydanus(given["stride"], given["mask_sigma"], given["blur_sigma"]);
        const auto scores = expected["scores"].get<std::vector<double>>();
        for (const Method method : {Method::Auto, Method::Batched}) {
            auto engine = SaliencyEngine::create(*policy, {spec}, {}, method);
            QVERIFY2(engine, engine ? "" : engine.error().message.c_str());
            const auto step = engine->step(inputs);
            QVERIFY2(step, step ? "" : step.error().message.c_str());
            const double off = difference(step->modalities[0].scores, scores);
            QVERIFY2(off < 1e-4, (std::to_string(off) + "\n" + engine->explain()).c_str());
            double sum = 0;
            for (const double score : scores)
                sum += score;
            QVERIFY(std::abs(step->sis() * static_cast<double>(scores.size()) / sum - 1) < 1e-4);
            if (expected.contains("occlusion"))
                QVERIFY(difference(step->modalities[0].scores, expected["occlusion"].get<std::vector<double>>()) <
                        1e-4);
        }
    }

    /// A policy that hardly looks: its scores are a millionth of the action squared and still right.
    void tinyScoresKeepTheirDigits() {
        GraphMaker maker(12);
        const ValueId image = maker.input("image", {3, 32, 32}), joints = maker.input("joints", {4});
        const ValueId seen =
            maker.linear(maker.flatten(maker.relu(maker.conv(image, 3, 8, {3, 3}, 2))), 8 * 15 * 15, 3);
        const ValueId faint =
            maker.node("mul.Tensor", {GraphMaker::of(seen), GraphMaker::of(maker.constant(at::full({}, 1e-4f)))});
        const auto policy = maker.policy({maker.add(faint, maker.linear(joints, 4, 3))});
        const auto inputs = randomInputs(*policy);
        auto engine = SaliencyEngine::create(policy, {greydanus(4)});
        QVERIFY(engine);
        const auto step = engine->step(inputs);
        QVERIFY(step);
        // The same policy without the large part, whose rounding is relative to the faint one.
        GraphMaker bare(12);
        const ValueId only = bare.input("image", {3, 32, 32});
        const ValueId alone = bare.linear(bare.flatten(bare.relu(bare.conv(only, 3, 8, {3, 3}, 2))), 8 * 15 * 15, 3);
        const auto reference = bare.policy({alone});
        auto full = SaliencyEngine::create(reference, {greydanus(4)}, {}, Method::Batched);
        QVERIFY(full);
        const auto strong = full->step(std::vector<at::Tensor>{inputs[0]});
        QVERIFY(strong);
        std::vector<double> expected;
        for (const float score : strong->modalities[0].scores)
            expected.push_back(double{score} * 1e-8);
        QVERIFY(difference(step->modalities[0].scores, expected) < 1e-4);
    }

    void wrongInputsAreErrors() {
        GraphMaker maker(13);
        const ValueId image = maker.input("image", {3, 16, 16});
        const auto policy = finished(maker, maker.relu(maker.conv(image, 3, 8, {3, 3}, 2)));
        auto engine = SaliencyEngine::create(policy, {greydanus(4)});
        QVERIFY(engine);
        at::Tensor spoiled = at::rand({1, 3, 16, 16});
        spoiled[0][1][2][3] = std::nanf("");
        const auto step = engine->step(std::vector{spoiled});
        QVERIFY(!step);
        QVERIFY2(step.error().message.find("\"image\"") != std::string::npos, step.error().message.c_str());
        QVERIFY(!engine->step(std::vector{at::rand({2, 3, 16, 16})}));
        QVERIFY(!engine->step({}));
        QVERIFY(!engine->perturbed(std::vector{at::rand({1, 3, 16, 16})}, 0, 16));
        QVERIFY(!engine->perturbed(std::vector{at::rand({1, 3, 16, 16})}, 1, 0));
        QVERIFY(!SaliencyEngine::create(policy, {}));
        QVERIFY(!SaliencyEngine::create(policy, {greydanus(4), patches(4)}));
        QVERIFY(!SaliencyEngine::create(policy, {greydanus(1.5)}));
        QVERIFY(!SaliencyEngine::create(policy, {state(StateChange::Mean)}));
    }

    void severalThreadsAtOnce() {
        GraphMaker maker(14);
        const ValueId image = maker.input("image", {3, 40, 40});
        const ValueId first = maker.relu(maker.conv(image, 3, 16, {5, 5}, 2));
        const auto policy = finished(maker, maker.relu(maker.conv(first, 16, 32, {3, 3}, 1, 1)));
        auto engine = SaliencyEngine::create(policy, {greydanus(4)});
        QVERIFY(engine);
        std::vector<std::vector<at::Tensor>> inputs;
        std::vector<std::vector<float>> expected;
        for (int i = 0; i < 4; ++i) {
            inputs.push_back(randomInputs(*policy));
            expected.push_back(engine->step(inputs.back())->modalities[0].scores);
        }
        std::vector<int> wrong(4, 0);
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                for (int repetition = 0; repetition < 5; ++repetition) {
                    const auto step = engine->step(inputs[i]);
                    wrong[i] += !step || difference(step->modalities[0].scores, widened(expected[i])) > 1e-6;
                }
            });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(wrong, std::vector<int>(4, 0));
    }
};

QTEST_GUILESS_MAIN(SaliencyTest)
#include "SaliencyTest.moc"
