#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <cmath>
#include <random>
#include <thread>

#include "core/data/Rollouts.h"
#include "plugins/Plugins.h"
#include "tests/data/RolloutFixtures.h"

using namespace sqil;
using test::attribute;
using test::contains;
using test::fixture;

namespace {

std::shared_ptr<Rollouts> open(const std::string& name) {
    auto rollouts = Rollouts::open(fixture(name));
    if (!rollouts)
        qWarning("%s", rollouts.error().message.c_str());
    return rollouts.value_or(nullptr);
}

std::string problem(const Rollouts& rollouts, std::size_t episode) {
    return attribute(rollouts.info().episodes[episode].attributes, "problem");
}

std::string errorOf(Rollouts& rollouts, std::size_t episode, std::string_view key) {
    const auto block = rollouts.range(episode, key, 0, rollouts.info().episodes[episode].steps);
    return block ? std::string() : block.error().message;
}

}  // namespace

class TestRobomimic : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        registerPlugins();
        registerPlugins();
    }
    void listsEpisodesInNaturalOrder();
    void readsCompressedImages();
    void sparseRewardsTellSuccess();
    void masksAreAttributes();
    void attributesAreTextAndBounded();
    void everyKindOfNumber();
    void libero();
    void differingEpisodesAreListedAndNamed();
    void linksOutOfTheFileAreRefused();
    void unknownFiltersAreNamed();
    void hugeFilesOpenAtOnce();
    void otherFilesAreExplained();
    void truncatedFilesAreErrors();
    void damagedBytesNeverCrash();
    void threadsOverSeveralFiles();
    void theSampleOpens();
};

void TestRobomimic::listsEpisodesInNaturalOrder() {
    const auto rollouts = open("robomimic.hdf5");
    QVERIFY(rollouts);
    const RolloutsInfo& info = rollouts->info();
    QCOMPARE(info.format, std::string("robomimic HDF5"));
    QCOMPARE(info.episodes.size(), std::size_t{4});
    const std::vector<std::string> names{"demo_0", "demo_1", "demo_2", "demo_10"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        QCOMPARE(info.episodes[i].name, names[i]);
        QCOMPARE(info.episodes[i].steps, std::int64_t{5});
        QCOMPARE(problem(*rollouts, i), std::string());
    }
    QCOMPARE(info.totalSteps(), std::int64_t{20});
    QCOMPARE(info.episodeIndex("demo_10"), std::optional<std::size_t>(3));
    QCOMPARE(info.observations.size(), std::size_t{3});
    QVERIFY(info.observation("agentview_image")->isImage());
    QCOMPARE(info.observation("robot0_eef_pos")->type, ValueType::Float64);
    QCOMPARE(info.action->shape, std::vector<std::int64_t>{4});
    QCOMPARE(attribute(info.attributes, "env_args"), std::string("{\"env_name\": \"Lift\", \"type\": 1}"));
    QCOMPARE(attribute(info.attributes, "total"), std::string("20"));
}

void TestRobomimic::readsCompressedImages() {
    const auto rollouts = open("robomimic.hdf5");
    QVERIFY(rollouts);
    const std::int64_t numbers[] = {0, 1, 2, 10};
    for (std::size_t episode = 0; episode < 4; ++episode) {
        for (const auto& [key, salt] : {std::pair("agentview_image", 1), std::pair("robot0_eye_in_hand_image", 4)}) {
            const auto all = rollouts->range(episode, key, 0, 5);
            QVERIFY2(all.has_value(), all ? "" : all.error().message.c_str());
            QCOMPARE(all->shape, (std::vector<std::int64_t>{5, 8, 10, 3}));
            QVERIFY(test::hasExpectedValues<std::uint8_t>(*all, numbers[episode], salt, 0));
            const auto third = rollouts->step(episode, key, 3);
            QVERIFY(test::hasExpectedValues<std::uint8_t>(*third, numbers[episode], salt, 3 * 240));
        }
        QVERIFY(
            test::hasExpectedValues<double>(*rollouts->range(episode, "robot0_eef_pos", 1, 4), numbers[episode], 2, 3));
        QVERIFY(test::hasExpectedValues<double>(*rollouts->range(episode, "actions", 0, 5), numbers[episode], 3, 0));
        QCOMPARE(rollouts->range(episode, "rewards", 0, 5)->shape, std::vector<std::int64_t>{5});
        QCOMPARE(rollouts->step(episode, "dones", 4)->as<std::int64_t>()[0], std::int64_t{1});
    }
}

void TestRobomimic::sparseRewardsTellSuccess() {
    const auto rollouts = open("robomimic.hdf5");
    QVERIFY(rollouts);
    const bool expected[] = {false, true, false, false};
    for (std::size_t i = 0; i < 4; ++i) {
        QCOMPARE(rollouts->info().episodes[i].success, std::optional<bool>(expected[i]));
        QCOMPARE(rollouts->info().episodes[i].totalReward, std::optional<double>(expected[i] ? 1.0 : 0.0));
    }
    // No rewards and no attribute: not known.
    QVERIFY(!open("links.hdf5")->info().episodes[0].success);
}

void TestRobomimic::masksAreAttributes() {
    const auto rollouts = open("robomimic.hdf5");
    const auto mask = [&](std::size_t i) { return attribute(rollouts->info().episodes[i].attributes, "mask"); };
    QCOMPARE(mask(0), std::string("20_percent,train"));
    QCOMPARE(mask(1), std::string("train"));
    QCOMPARE(mask(3), std::string("20_percent,valid"));
}

void TestRobomimic::attributesAreTextAndBounded() {
    const auto rollouts = open("robomimic.hdf5");
    const auto& attributes = rollouts->info().episodes[0].attributes;
    QCOMPARE(attribute(attributes, "seed"), std::string("1000"));
    QCOMPARE(attribute(attributes, "model_file"), std::string("<5017 characters>"));
    QVERIFY(!attributes.contains("num_samples"));
}

void TestRobomimic::everyKindOfNumber() {
    const auto rollouts = open("kinds.hdf5");
    QVERIFY(rollouts);
    const auto read = [&](const std::string& key) {
        auto block = rollouts->range(0, key, 0, 5);
        if (!block)
            qWarning("%s", block.error().message.c_str());
        return block.value_or(StepBlock{});
    };
    const auto check = [&](const std::string& key, ValueType type, auto zero) {
        const StepBlock block = read(key);
        const auto values = block.as<decltype(zero)>();
        bool right = block.type == type && values.size() == 10 && rollouts->info().observation(key)->type == type;
        for (std::size_t i = 0; right && i < 10; ++i)
            right = values[i] == static_cast<decltype(zero)>(test::expectedValue(0, 5, static_cast<int>(i)) % 120);
        return right;
    };
    QVERIFY(check("kind_float16", ValueType::Float32, 0.0f));
    QVERIFY(check("kind_float32", ValueType::Float32, 0.0f));
    QVERIFY(check("kind_int8", ValueType::Int32, std::int32_t{}));
    QVERIFY(check("kind_int16", ValueType::Int32, std::int32_t{}));
    QVERIFY(check("kind_uint16", ValueType::Int32, std::int32_t{}));
    QVERIFY(check("kind_int32", ValueType::Int32, std::int32_t{}));
    QVERIFY(check("kind_uint32", ValueType::Int64, std::int64_t{}));
    QVERIFY(check("kind_int64", ValueType::Int64, std::int64_t{}));
    QVERIFY(check("kind_uint64", ValueType::Int64, std::int64_t{}));
    const StepBlock booleans = read("kind_bool");
    QCOMPARE(booleans.type, ValueType::Bool);
    for (std::size_t i = 0; i < 10; ++i)
        QCOMPARE(booleans.as<std::uint8_t>()[i], std::uint8_t(test::expectedValue(0, 5, static_cast<int>(i)) % 2 == 0));
    QCOMPARE(read("scalar").shape, std::vector<std::int64_t>{5});
    QCOMPARE(rollouts->info().observation("scalar")->shape, std::vector<std::int64_t>{});
    QCOMPARE(attribute(rollouts->info().attributes, "skipped"), std::string("obs/nested"));
    QCOMPARE(problem(*rollouts, 0), std::string());
}

void TestRobomimic::libero() {
    const auto rollouts = open("libero.hdf5");
    QVERIFY(rollouts);
    const RolloutsInfo& info = rollouts->info();
    QCOMPARE(info.observations.size(), std::size_t{7});
    QVERIFY(info.observation("agentview_rgb")->isImage());
    QVERIFY(info.observation("eye_in_hand_rgb")->isImage());
    QCOMPARE(info.observation("joint_states")->shape, std::vector<std::int64_t>{7});
    QCOMPARE(info.episodes[1].steps, std::int64_t{3});
    QCOMPARE(info.episodes[1].success, std::optional<bool>(true));
    QVERIFY(contains(attribute(info.attributes, "problem_info"), "black bowl"));
    QVERIFY(test::hasExpectedValues<std::uint8_t>(*rollouts->range(1, "eye_in_hand_rgb", 0, 3), 1, 4, 0));
    QVERIFY(test::hasExpectedValues<double>(*rollouts->range(0, "actions", 0, 4), 0, 3, 0));
}

void TestRobomimic::differingEpisodesAreListedAndNamed() {
    const auto rollouts = open("differing.hdf5");
    QVERIFY(rollouts);
    const RolloutsInfo& info = rollouts->info();
    QCOMPARE(info.episodes.size(), std::size_t{11});  // demo_9 is a data set, no episode
    const auto index = [&](const char* name) { return *info.episodeIndex(name); };
    QCOMPARE(info.observation("agentview_image")->shape, (std::vector<std::int64_t>{8, 10, 3}));

    QCOMPARE(info.episodes[0].success, std::optional<bool>(true));
    QCOMPARE(info.episodes[1].success, std::optional<bool>(false));
    QCOMPARE(problem(*rollouts, 0), std::string());

    const std::string size = errorOf(*rollouts, index("demo_1"), "agentview_image");
    QVERIFY2(contains(size, "demo_1/obs/agentview_image") && contains(size, "uint8 × 6 × 10 × 3") &&
                 contains(size, "expected uint8 × 8 × 10 × 3"),
             size.c_str());
    QVERIFY(contains(problem(*rollouts, index("demo_1")), "uint8 × 6 × 10 × 3"));
    QCOMPARE(errorOf(*rollouts, index("demo_1"), "robot0_eef_pos"), std::string());

    QCOMPARE(info.episodes[index("demo_2")].steps, std::int64_t{0});
    QVERIFY(!rollouts->step(index("demo_2"), "actions", 0));

    QCOMPARE(info.episodes[index("demo_3")].steps, std::int64_t{4});
    QVERIFY(contains(problem(*rollouts, index("demo_3")), "num_samples says 9, there are 4"));
    QCOMPARE(errorOf(*rollouts, index("demo_3"), "actions"), std::string());

    const std::string missing = errorOf(*rollouts, index("demo_4"), "agentview_image");
    QVERIFY2(contains(missing, "demo_4/obs") && contains(missing, "there is robot0_eef_pos"), missing.c_str());
    QVERIFY(contains(problem(*rollouts, index("demo_4")), "obs/agentview_image is missing"));

    const std::string length = errorOf(*rollouts, index("demo_5"), "robot0_eef_pos");
    QVERIFY2(contains(length, "demo_5/obs/robot0_eef_pos") && contains(length, "it has 3"), length.c_str());
    QVERIFY(contains(problem(*rollouts, index("demo_5")), "obs/robot0_eef_pos has 3 steps, the episode 4"));

    const std::string text = errorOf(*rollouts, index("demo_6"), "robot0_eef_pos");
    QVERIFY2(contains(text, "text, expected numbers"), text.c_str());

    const auto withNaN = rollouts->range(index("demo_7"), "robot0_eef_pos", 0, 4);
    QVERIFY(withNaN.has_value());
    QVERIFY(std::isnan(withNaN->as<double>()[7]));
    QVERIFY(!std::isnan(withNaN->as<double>()[6]));

    QCOMPARE(info.episodes[index("demo_8")].steps, std::int64_t{4});
    QVERIFY(contains(errorOf(*rollouts, index("demo_8"), "actions"), "there is no \"actions\""));
    QCOMPARE(errorOf(*rollouts, index("demo_8"), "robot0_eef_pos"), std::string());

    QCOMPARE(info.episodes[index("demo_10")].steps, std::int64_t{0});
    QVERIFY(contains(problem(*rollouts, index("demo_10")), "obs"));
    QVERIFY(contains(problem(*rollouts, index("demo_11")), "\"many\""));
    QVERIFY(contains(attribute(info.attributes, "skipped"), "data/demo_9"));
}

void TestRobomimic::linksOutOfTheFileAreRefused() {
    const auto rollouts = open("links.hdf5");
    QVERIFY(rollouts);
    const auto index = [&](const char* name) { return *rollouts->info().episodeIndex(name); };
    const char* const image = "agentview_image";
    // Within the file a link is as good as the data.
    const auto linked = rollouts->range(index("demo_1"), image, 0, 4);
    QVERIFY2(linked.has_value(), linked ? "" : linked.error().message.c_str());
    QVERIFY(test::hasExpectedValues<std::uint8_t>(*linked, 0, 1, 0));

    QCOMPARE(rollouts->info().episodes[index("demo_2")].steps, std::int64_t{0});
    QVERIFY2(contains(problem(*rollouts, index("demo_2")), "link to another file"),
             problem(*rollouts, index("demo_2")).c_str());
    QVERIFY(contains(errorOf(*rollouts, index("demo_3"), image), "link to another file"));
    for (const char* demo : {"demo_4", "demo_5"})
        QVERIFY2(contains(errorOf(*rollouts, index(demo), image), "agentview_image"), demo);
    for (const char* demo : {"demo_6", "demo_7"}) {
        const std::string message = errorOf(*rollouts, index(demo), image);
        QVERIFY2(contains(message, "other files"), message.c_str());
        QCOMPARE(errorOf(*rollouts, index(demo), "robot0_eef_pos"), std::string());
    }
}

void TestRobomimic::unknownFiltersAreNamed() {
    const auto rollouts = open("unknown_filter.hdf5");
    QVERIFY(rollouts);
    QVERIFY2(contains(problem(*rollouts, 0), "32015") && contains(problem(*rollouts, 0), "h5repack"),
             problem(*rollouts, 0).c_str());
    QCOMPARE(errorOf(*rollouts, 0, "actions"), std::string());
}

void TestRobomimic::hugeFilesOpenAtOnce() {
    QElapsedTimer timer;
    timer.start();
    const auto rollouts = open("huge.hdf5");
    QVERIFY(rollouts);
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(rollouts->info().episodes[0].steps, std::int64_t{2'000'000});
    const auto last = rollouts->step(0, "agentview_image", 1'999'999);
    QVERIFY(last.has_value());
    QCOMPARE(last->bytes.size(), std::size_t{224 * 224 * 3});
    QVERIFY(!rollouts->range(0, "agentview_image", 0, 2'000'000));
    QVERIFY(rollouts->info().observation("terabyte") == nullptr);
    QVERIFY(contains(problem(*rollouts, 0), "obs/terabyte: axis 1"));
    QVERIFY(contains(problem(*rollouts, 0), "obs/overflow: axis"));
}

void TestRobomimic::otherFilesAreExplained() {
    const auto weights = Rollouts::open(fixture("no_rollouts.hdf5"));
    QVERIFY(!weights);
    QVERIFY2(contains(weights.error().message, "expected a group \"data\"") &&
                 contains(weights.error().message, "there is weights"),
             weights.error().message.c_str());
    const auto images = Rollouts::open(fixture("no_obs.hdf5"));
    QVERIFY(!images);
    QVERIFY2(contains(images.error().message, "data/images"), images.error().message.c_str());
    const auto empty = open("empty_data.hdf5");
    QVERIFY(empty);
    QVERIFY(empty->info().episodes.empty());
    QVERIFY(!Rollouts::open(test::testData() / "CMakeLists.txt"));
    QVERIFY(!Rollouts::open("/"));
}

void TestRobomimic::truncatedFilesAreErrors() {
    const QTemporaryDir folder;
    const auto bytes = test::bytesOf(fixture("robomimic.hdf5"));
    QVERIFY(bytes.size() > 10'000);
    const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "cut.hdf5";
    int opened = 0;
    for (std::size_t size = 0; size < bytes.size(); size += size < 200 ? 7 : bytes.size() / 97) {
        test::writeBytes(path, bytes, size);
        const auto rollouts = Rollouts::open(path);
        if (rollouts)
            ++opened;
        else
            QVERIFY(contains(rollouts.error().message, "cut.hdf5"));
    }
    QCOMPARE(opened, 0);
    test::writeBytes(path, bytes, bytes.size() - 1);
    const auto rollouts = Rollouts::open(path);
    QVERIFY(!rollouts);
    QVERIFY2(contains(rollouts.error().message, "truncated"), rollouts.error().message.c_str());
}

void TestRobomimic::damagedBytesNeverCrash() {
    // Bytes of the pixels and of the tables alike; whatever opens is read to its end.
    const QTemporaryDir folder;
    const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "damaged.hdf5";
    const auto bytes = test::bytesOf(fixture("libero.hdf5"));
    std::mt19937 random(11);
    int refused = 0;
    for (int i = 0; i < 150; ++i) {
        auto damaged = bytes;
        for (int j = 0; j < 4; ++j)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        test::writeBytes(path, damaged, damaged.size());
        const auto rollouts = Rollouts::open(path);
        if (!rollouts) {
            ++refused;
            continue;
        }
        const RolloutsInfo& info = (*rollouts)->info();
        for (std::size_t episode = 0; episode < info.episodes.size(); ++episode)
            for (const KeySpec& spec : info.observations)
                static_cast<void>((*rollouts)->range(episode, spec.name, 0, info.episodes[episode].steps));
    }
    QVERIFY(refused < 150);
}

void TestRobomimic::threadsOverSeveralFiles() {
    std::vector<std::shared_ptr<Rollouts>> files;
    for (int i = 0; i < 3; ++i)
        files.push_back(open("robomimic.hdf5"));
    const std::int64_t numbers[] = {0, 1, 2, 10};
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 6; ++seed) {
        threads.emplace_back([&, seed] {
            std::mt19937 random(seed);
            for (int i = 0; i < 200; ++i) {
                // Half of them open the file anew: HDF5 is then busy in several files.
                const auto rollouts = random() % 2 ? files[random() % 3] : open("robomimic.hdf5");
                const std::size_t episode = random() % 4;
                const auto step = static_cast<std::int64_t>(random() % 5);
                const auto block = rollouts->step(episode, "agentview_image", step);
                if (!block || !test::hasExpectedValues<std::uint8_t>(*block, numbers[episode], 1, step * 240))
                    ++wrong;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
}

void TestRobomimic::theSampleOpens() {
    const std::filesystem::path path = test::sample() / "rollouts.hdf5";
    if (!std::filesystem::exists(path))
        QSKIP("resources/sample/rollouts.hdf5 is not there");
    const auto rollouts = Rollouts::open(path);
    QVERIFY2(rollouts.has_value(), rollouts ? "" : rollouts.error().message.c_str());
    const RolloutsInfo& info = (*rollouts)->info();
    QVERIFY(!info.episodes.empty());
    QVERIFY(info.action.has_value());
    QVERIFY(std::any_of(info.observations.begin(), info.observations.end(),
                        [](const KeySpec& spec) { return spec.isImage(); }));
    for (std::size_t episode = 0; episode < info.episodes.size(); ++episode) {
        QCOMPARE(problem(**rollouts, episode), std::string());
        QVERIFY(info.episodes[episode].success.has_value());
        for (const KeySpec& spec : info.observations)
            QCOMPARE(errorOf(**rollouts, episode, spec.name), std::string());
    }
}

QTEST_GUILESS_MAIN(TestRobomimic)
#include "test_robomimic.moc"
