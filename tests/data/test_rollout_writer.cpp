#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "core/data/RolloutWriter.h"
#include "plugins/Plugins.h"
#include "tests/data/RolloutFixtures.h"

using namespace sqil;
using test::contains;

namespace {

namespace fs = std::filesystem;

template<class Value>
StepBlock block(ValueType type, std::vector<std::int64_t> shape, int salt) {
    std::size_t elements = 1;
    for (const std::int64_t size : shape)
        elements *= static_cast<std::size_t>(size);
    StepBlock made{type, std::move(shape), std::vector<std::byte>(elements * sizeof(Value))};
    auto* values = reinterpret_cast<Value*>(made.bytes.data());
    for (std::size_t i = 0; i < elements; ++i)
        values[i] = static_cast<Value>(test::expectedValue(0, salt, static_cast<std::int64_t>(i)));
    return made;
}

EpisodeRecord episode(std::int64_t steps) {
    EpisodeRecord record;
    record.observations["agentview_image"] = block<std::uint8_t>(ValueType::UInt8, {steps, 96, 96, 3}, 1);
    record.observations["robot0_eef_pos"] = block<float>(ValueType::Float32, {steps, 3}, 2);
    record.observations["phase"] = block<std::int64_t>(ValueType::Int64, {steps}, 4);
    record.observations["grasped"] = block<std::uint8_t>(ValueType::Bool, {steps, 2}, 0);
    for (std::byte& value : record.observations["grasped"].bytes)
        value &= std::byte{1};
    record.actions = block<double>(ValueType::Float64, {steps, 4}, 3);
    record.rewards.assign(static_cast<std::size_t>(steps), 0.25f);
    record.dones.assign(static_cast<std::size_t>(steps), 0);
    record.success = steps == 10;
    record.attributes = {{"seed", "17"}, {"policy", "fp – voll"}};
    return record;
}

std::vector<fs::path> filesIn(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        files.push_back(entry.path().filename());
    return files;
}

fs::path pathOf(const QTemporaryDir& folder) {
    return folder.path().toStdString();
}

/// Two episodes and an empty one.
Result<void> writeThree(const fs::path& path) {
    auto writer = RolloutWriter::create(path, R"({"env_name": "pick-place-v3"})");
    if (!writer)
        return tl::unexpected(writer.error());
    for (const std::int64_t steps : {10, 3, 0})
        if (auto appended = (*writer)->append(episode(steps)); !appended)
            return appended;
    return (*writer)->finish();
}

}  // namespace

class TestRolloutWriter : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { registerPlugins(); }
    void whatIsWrittenIsReadBack();
    void h5pyReadsIt();
    void appearsOnlyWhenFinished();
    void replacesAnOlderFileAtOnce();
    void mistakesLeaveTheFileUsable();
    void placesThatCannotBeWritten();
};

void TestRolloutWriter::whatIsWrittenIsReadBack() {
    const QTemporaryDir folder;
    const fs::path path = pathOf(folder) / "written.hdf5";
    const auto written = writeThree(path);
    QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
    const auto rollouts = Rollouts::open(path);
    QVERIFY2(rollouts.has_value(), rollouts ? "" : rollouts.error().message.c_str());
    const RolloutsInfo& info = (*rollouts)->info();
    QCOMPARE(info.episodes.size(), std::size_t{3});
    QCOMPARE(info.attributes.at("env_args"), std::string(R"({"env_name": "pick-place-v3"})"));
    QCOMPARE(info.attributes.at("total"), std::string("13"));
    for (std::size_t i = 0; i < 2; ++i) {
        const EpisodeRecord expected = episode(i == 0 ? 10 : 3);
        const std::int64_t steps = expected.actions.shape.front();
        QCOMPARE(info.episodes[i].steps, steps);
        QCOMPARE(info.episodes[i].success, expected.success);
        QVERIFY(info.episodes[i].attributes == expected.attributes);
        for (const auto& [key, values] : expected.observations) {
            const auto read = (*rollouts)->range(i, key, 0, steps);
            QVERIFY2(read.has_value(), key.c_str());
            QVERIFY(read->type == values.type && read->shape == values.shape && read->bytes == values.bytes);
        }
        QVERIFY((*rollouts)->range(i, "actions", 0, steps)->bytes == expected.actions.bytes);
        QCOMPARE((*rollouts)->step(i, "rewards", 1)->as<float>()[0], 0.25f);
    }
    QCOMPARE(info.episodes[2].steps, std::int64_t{0});
    QCOMPARE(filesIn(pathOf(folder)).size(), std::size_t{1});
}

void TestRolloutWriter::h5pyReadsIt() {
    if (std::string(SQIL_PYTHON).empty())
        QSKIP("no Python with h5py (SQIL_PYTHON)");
    const QTemporaryDir folder;
    const fs::path path = pathOf(folder) / "written.hdf5";
    QVERIFY(writeThree(path).has_value());
    const char* const script = R"(
import json, sys
import h5py, numpy as np
def expected(salt, shape, dtype):
    return ((np.arange(int(np.prod(shape))) * 7 + salt) % 251).reshape(shape).astype(dtype)
with h5py.File(sys.argv[1], "r") as file:
    data = file["data"]
    assert sorted(data) == ["demo_0", "demo_1", "demo_2"], list(data)
    assert data.attrs["total"] == 13
    assert json.loads(data.attrs["env_args"])["env_name"] == "pick-place-v3"
    for name, steps in (("demo_0", 10), ("demo_1", 3), ("demo_2", 0)):
        demo = data[name]
        assert demo.attrs["num_samples"] == steps
        assert demo.attrs["success"] == (steps == 10)
        assert demo.attrs["policy"] == "fp – voll" and demo.attrs["seed"] == "17"
        obs = demo["obs"]
        np.testing.assert_array_equal(obs["agentview_image"][:], expected(1, (steps, 96, 96, 3), np.uint8))
        np.testing.assert_array_equal(obs["robot0_eef_pos"][:], expected(2, (steps, 3), np.float32))
        np.testing.assert_array_equal(obs["phase"][:], expected(4, (steps,), np.int64))
        np.testing.assert_array_equal(demo["actions"][:], expected(3, (steps, 4), np.float64))
        assert obs["grasped"].dtype == bool and obs["phase"].dtype == np.int64
        assert demo["rewards"].shape == (steps,) and demo["dones"].shape == (steps,)
        if steps:
            assert obs["agentview_image"].compression == "gzip"
print("read")
)";
    QProcess python;
    python.start(SQIL_PYTHON, {"-c", script, QString::fromStdString(path.string())});
    QVERIFY(python.waitForFinished(60'000));
    const QByteArray output = python.readAllStandardOutput();
    QVERIFY2(output.contains("read"), python.readAllStandardError().constData());
}

void TestRolloutWriter::appearsOnlyWhenFinished() {
    const QTemporaryDir folder;
    const fs::path path = pathOf(folder) / "written.hdf5";
    {
        auto writer = RolloutWriter::create(path, "");
        QVERIFY(writer.has_value());
        QVERIFY((*writer)->append(episode(2)).has_value());
        QVERIFY(!fs::exists(path));
    }
    QVERIFY(filesIn(pathOf(folder)).empty());
}

void TestRolloutWriter::replacesAnOlderFileAtOnce() {
    const QTemporaryDir folder;
    const fs::path path = pathOf(folder) / "written.hdf5";
    QVERIFY(writeThree(path).has_value());
    const auto before = Rollouts::open(path);  // keeps reading the old file
    auto writer = RolloutWriter::create(path, "{}");
    QVERIFY(writer.has_value());
    QVERIFY((*writer)->append(episode(5)).has_value());
    QVERIFY((*writer)->finish().has_value());
    QCOMPARE((*before)->info().episodes.size(), std::size_t{3});
    QVERIFY((*before)->step(0, "agentview_image", 9).has_value());
    QCOMPARE((*Rollouts::open(path))->info().episodes.size(), std::size_t{1});
    QVERIFY(!(*writer)->finish());
    QVERIFY(!(*writer)->append(episode(5)));
}

void TestRolloutWriter::mistakesLeaveTheFileUsable() {
    const QTemporaryDir folder;
    const fs::path path = pathOf(folder) / "written.hdf5";
    QVERIFY(!RolloutWriter::create(path, "{no json"));
    auto writer = RolloutWriter::create(path, "{}");
    QVERIFY(writer.has_value());
    QVERIFY((*writer)->append(episode(4)).has_value());
    const auto refused = [&](auto change, const char* expected) {
        EpisodeRecord record = episode(4);
        change(record);
        const auto appended = (*writer)->append(record);
        return !appended && contains(appended.error().message, expected);
    };
    QVERIFY(refused([](EpisodeRecord& r) { r.actions = {}; }, "no actions"));
    QVERIFY(refused([](EpisodeRecord& r) { r.actions.bytes.pop_back(); }, "the shape needs"));
    QVERIFY(refused([](EpisodeRecord& r) { r.rewards.pop_back(); }, "3 rewards"));
    QVERIFY(refused([](EpisodeRecord& r) { r.observations.erase("phase"); }, "obs/phase: is missing"));
    QVERIFY(refused([](EpisodeRecord& r) { r.observations["new"] = r.actions; }, "not in the episodes before"));
    QVERIFY(refused([](EpisodeRecord& r) { r.observations["a/b"] = r.actions; }, "cannot name"));
    QVERIFY(refused([](EpisodeRecord& r) { r.attributes["num_samples"] = "7"; }, "cannot name an attribute"));
    QVERIFY(refused([](EpisodeRecord& r) { r.observations["phase"] = block<std::int64_t>(ValueType::Int64, {5}, 1); },
                    "has 5 steps"));
    QVERIFY(refused([](EpisodeRecord& r) { r.actions = block<float>(ValueType::Float32, {4, 4}, 1); }, "float64 × 4"));
    QVERIFY((*writer)->finish().has_value());
    QCOMPARE((*Rollouts::open(path))->info().episodes.size(), std::size_t{1});
}

void TestRolloutWriter::placesThatCannotBeWritten() {
    const auto missing = RolloutWriter::create("/nowhere/at/all/x.hdf5", "{}");
    QCOMPARE(missing.error().kind, ErrorKind::Io);
    QVERIFY(contains(missing.error().message, "/nowhere/at/all/x.hdf5"));
    // A folder in the way: the last step fails, and nothing is left beside it.
    const QTemporaryDir folder;
    const fs::path path = pathOf(folder) / "written.hdf5";
    fs::create_directories(path / "full");
    auto writer = RolloutWriter::create(path, "{}");
    QVERIFY(writer.has_value());
    QVERIFY((*writer)->append(episode(2)).has_value());
    QVERIFY(!(*writer)->finish());
    writer->reset();
    QCOMPARE(filesIn(pathOf(folder)).size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestRolloutWriter)
#include "test_rollout_writer.moc"
