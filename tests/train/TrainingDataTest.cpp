#include <ATen/ATen.h>

#include <QTemporaryDir>
#include <QtTest>
#include <set>

#include "core/train/Augmentation.h"
#include "core/train/SisWeights.h"
#include "core/train/TrainingData.h"
#include "plugins/Plugins.h"
#include "tests/TestPaths.h"
#include "tests/train/SmallTask.h"

using namespace sqil;

namespace {

struct Opened {
    std::shared_ptr<Rollouts> rollouts;
    std::shared_ptr<const Policy> policy;
};

Opened open(const std::filesystem::path& folder) {
    auto rollouts = Rollouts::open(folder / "rollouts.hdf5");
    if (!rollouts)
        qFatal("%s", rollouts.error().message.c_str());
    auto policy = Policy::load(folder / "policy.pt2", (*rollouts)->info());
    if (!policy)
        qFatal("%s", policy.error().message.c_str());
    return {*rollouts, *policy};
}

constexpr std::uint64_t kPlenty = std::uint64_t{1} << 30;

}  // namespace

class TrainingDataTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    std::filesystem::path write(const char* name, const test::SmallTask& task) {
        const std::filesystem::path folder = folder_.filePath(name).toStdString();
        std::filesystem::create_directory(folder);
        task.write(folder);
        return folder;
    }

private Q_SLOTS:
    void initTestCase() { registerPlugins(); }

    void batchesAreWhatThePolicyIsGiven() {
        const auto [rollouts, policy] = open(test::sample());
        TrainSpec spec;
        const auto data = TrainingData::load(policy, *rollouts, spec, kPlenty);
        QVERIFY2(data.has_value(), data ? "" : data.error().message.c_str());
        QCOMPARE(data->places().size(), std::size_t{858});
        QCOMPARE(data->training().size() + data->heldOut().size(), std::size_t{858});
        const std::int64_t items[] = {700, 3, 3};
        const auto batch = data->inputs(items);
        QVERIFY(batch.has_value());
        for (std::size_t row = 0; row < 3; ++row) {
            const StepPlace place = data->places()[static_cast<std::size_t>(items[row])];
            const auto expected = policy->inputs(*rollouts, place.episode, place.step, 1);
            for (std::size_t input = 0; input < batch->size(); ++input)
                QVERIFY(at::equal((*batch)[input][static_cast<std::int64_t>(row)], (*expected)[input][0]));
        }
        // The sample's recorded actions are its policies' normalized outputs.
        QCOMPARE(data->actions(items).sizes().vec(), (std::vector<std::int64_t>{3, 4}));
    }

    void heldOutEpisodesAreWholeAndSeeded() {
        const auto [rollouts, policy] = open(write("split", {}));
        TrainSpec spec;
        spec.heldOut = 0.4;
        std::set<std::set<std::size_t>> splits;
        for (spec.seed = 1; spec.seed < 12; ++spec.seed) {
            const auto data = TrainingData::load(policy, *rollouts, spec, kPlenty);
            std::set<std::size_t> held, kept;
            for (const auto item : data->heldOut())
                held.insert(data->places()[static_cast<std::size_t>(item)].episode);
            for (const auto item : data->training())
                kept.insert(data->places()[static_cast<std::size_t>(item)].episode);
            QCOMPARE(held.size(), std::size_t{2});
            QCOMPARE(kept.size(), std::size_t{3});
            for (const auto episode : held)
                QVERIFY(!kept.contains(episode));
            splits.insert(held);
        }
        QVERIFY(splits.size() > 2);
        spec.heldOut = 0;
        QVERIFY(TrainingData::load(policy, *rollouts, spec, kPlenty)->heldOut().empty());
    }

    void spoiledStepsAreLeftOutAndCounted() {
        test::SmallTask task;
        task.spoiledStep = 11;
        const auto [rollouts, policy] = open(write("spoiled", task));
        const auto data = TrainingData::load(policy, *rollouts, TrainSpec{}, kPlenty);
        QVERIFY(data.has_value());
        QCOMPARE(data->leftOut(), 1);
        for (const StepPlace& place : data->places())
            QVERIFY(place.episode != 0 || place.step != 11);
        // What follows keeps its own step number.
        QCOMPARE(data->nameOf(11), std::string("demo_0, step 12"));
    }

    void refusesWhatDoesNotFit() {
        test::SmallTask task;
        task.recorded = 5;
        const auto mismatched = open(write("mismatched", task));
        const auto wrong = TrainingData::load(mismatched.policy, *mismatched.rollouts, TrainSpec{}, kPlenty);
        QVERIFY(!wrong.has_value());
        QVERIFY2(wrong.error().message.find("actions of 5") != std::string::npos &&
                     wrong.error().message.find("3 dimensions (a0, a1, a2)") != std::string::npos,
                 wrong.error().message.c_str());
        const auto small = open(write("memory", {}));
        const auto large = TrainingData::load(small.policy, *small.rollouts, TrainSpec{}, 1000);
        QVERIFY(!large.has_value());
        QVERIFY2(large.error().message.find("--memory") != std::string::npos, large.error().message.c_str());
    }

    void everyEpochHoldsEveryItemOnce() {
        std::vector<std::int64_t> items{4, 8, 15, 16, 23, 42, 99};
        BatchOrder order(3, items), again(3, items), other(4, items);
        const auto all = order.take(0, 21);
        for (int epoch = 0; epoch < 3; ++epoch) {
            std::vector<std::int64_t> one(all.begin() + epoch * 7, all.begin() + (epoch + 1) * 7);
            std::sort(one.begin(), one.end());
            QCOMPARE(one, items);
        }
        QVERIFY(other.take(0, 21) != all);
        // The same from the middle as from the start: what a resumed run sees.
        QCOMPARE(again.take(10, 6), std::vector<std::int64_t>(all.begin() + 10, all.begin() + 16));
        QCOMPARE(again.take(0, 21), all);
    }

    void augmentationIsAPureFunctionOfSeedAndPass() {
        at::manual_seed(1);
        const at::Tensor images = at::rand({4, 3, 12, 10}), states = at::rand({4, 5});
        CardInput image;
        image.kind = InputKind::Image;
        image.scale = 1.0 / 255;
        CardInput normalized = image;
        normalized.mean = {0.5, 0.4, 0.3};
        normalized.std = {0.2, 0.3, 0.4};
        AugmentationSpec spec;
        spec.shift = 2;
        spec.crop = 0.8;
        spec.brightness = spec.contrast = spec.colour = 0.3;
        const auto changed = [&](std::uint64_t seed, std::int64_t pass) {
            std::vector<at::Tensor> inputs{images, states};
            augment(spec, seed, pass, {image, CardInput{}}, inputs);
            return inputs;
        };
        const auto first = changed(1, 5), same = changed(1, 5);
        QVERIFY(at::equal(first[0], same[0]));
        QVERIFY(!at::equal(first[0], changed(1, 6)[0]) && !at::equal(first[0], changed(2, 5)[0]));
        QVERIFY(at::equal(first[1], states));
        QCOMPARE(first[0].sizes().vec(), images.sizes().vec());
        QVERIFY(first[0].min().item<double>() >= 0 && first[0].max().item<double>() <= 1);
        // The card's mean and std make no difference to what is seen.
        spec.shift = 0;
        spec.crop = 1;
        const at::Tensor mean = at::tensor({.5f, .4f, .3f}).view({1, 3, 1, 1}),
                         std = at::tensor({.2f, .3f, .4f}).view({1, 3, 1, 1});
        std::vector<at::Tensor> plain{images}, scaled{(images - mean) / std};
        augment(spec, 1, 5, {image}, plain);
        augment(spec, 1, 5, {normalized}, scaled);
        QVERIFY(at::allclose(scaled[0] * std + mean, plain[0], 1e-4, 1e-5));
        // A shift moves pixels and repeats the border.
        spec = {};
        spec.shift = 3;
        std::vector<at::Tensor> ramp{at::arange(100, at::kFloat).view({1, 1, 10, 10}).repeat({64, 1, 1, 1})};
        augment(spec, 1, 0, {image}, ramp);
        std::set<std::int64_t> rows, columns;
        for (int sample = 0; sample < 64; ++sample) {
            const auto value = static_cast<std::int64_t>(ramp[0][sample][0][5][5].item<float>());
            rows.insert(value / 10 - 5);
            columns.insert(value % 10 - 5);
        }
        QCOMPARE(rows, (std::set<std::int64_t>{-3, -2, -1, 0, 1, 2, 3}));
        QCOMPARE(columns, rows);
    }

    void criticalStatesGetTheirWeight() {
        const auto opened = open(write("sis", {}));
        StoredSis sis;
        for (int episode = 0; episode < test::SmallTask::kEpisodes; ++episode) {
            sis.byEpisode.emplace_back();
            for (int step = 0; step < 40; ++step)
                sis.byEpisode.back().push_back(static_cast<float>(episode * 40 + step));
        }
        std::vector<StepPlace> places{{0, 0}, {3, 39}, {4, 0}, {4, 39}};
        const auto weights = sisWeights(sis, places, opened.rollouts->info(), {"p.pt2", {}, "r.hdf5"}, "x.sqil", 2, 20);
        QVERIFY(weights.has_value());
        QVERIFY(std::abs(weights->threshold - 0.8 * 199) < 1e-9);
        QCOMPARE(weights->alpha, (std::vector<float>{1, 1, 2, 2}));
        // A missing score stops the run, with its name and what to do.
        sis.byEpisode[3][39] = std::nanf("");
        const auto missing = sisWeights(sis, places, opened.rollouts->info(), {"p.pt2", {}, "r.hdf5"}, "x.sqil", 2, 20);
        QVERIFY(!missing.has_value());
        QCOMPARE(missing.error().kind, ErrorKind::NotFound);
        for (const char* part : {"demo_3, step 39", "sqil analyze --policy p.pt2 --rollouts r.hdf5 --project x.sqil"})
            QVERIFY2(missing.error().message.find(part) != std::string::npos, missing.error().message.c_str());
        sis.byEpisode[4].resize(20);
        QVERIFY(!sisWeights(sis, std::span(places).subspan(3), opened.rollouts->info(), {}, {}, 2, 20).has_value());
    }
};

QTEST_GUILESS_MAIN(TrainingDataTest)
#include "TrainingDataTest.moc"
