#include <QtTest>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "core/data/LzfFilter.h"
#include "core/data/RolloutFormats.h"
#include "core/data/Rollouts.h"
#include "tests/data/RolloutFixtures.h"

using namespace sqil;

namespace {

/// Computes its values, counts its calls, and notices two at a time.
class CountingReader final : public RolloutReader {
public:
    explicit CountingReader(std::int64_t steps, std::int64_t width) {
        info_.path = "counted";
        info_.format = "counted";
        for (const char* name : {"a", "b"}) {
            EpisodeInfo episode;
            episode.name = name;
            episode.steps = steps;
            info_.episodes.push_back(episode);
        }
        info_.observations.push_back({"x", ValueType::Int64, {width}});
        info_.action = KeySpec{"actions", ValueType::Float32, {2}};
    }

    static std::int64_t value(std::size_t episode, std::int64_t step, std::int64_t index) {
        return static_cast<std::int64_t>(episode) * 1'000'000'007 + step * 1009 + index;
    }

    const RolloutsInfo& info() const override { return info_; }

    Result<StepBlock> read(std::size_t episode, std::string_view key, std::int64_t first, std::int64_t count) override {
        if (inside.exchange(true))
            overlapped = true;
        ++calls;
        std::this_thread::sleep_for(delay);
        inside = false;
        if (throwing)
            throw std::bad_alloc();
        if (failing)
            return fail(ErrorKind::Io, "the disk is gone");
        const std::int64_t width = info_.observations.front().shape.front();
        StepBlock block{ValueType::Int64, {count, width}, {}};
        block.bytes.resize(static_cast<std::size_t>(count * width) * 8 - (shortened && count > 0 ? 8 : 0));
        auto* values = reinterpret_cast<std::int64_t*>(block.bytes.data());
        for (std::size_t i = 0; i < block.bytes.size() / 8; ++i)
            values[i] =
                value(episode, first + static_cast<std::int64_t>(i) / width, static_cast<std::int64_t>(i) % width);
        largestCount = std::max(largestCount, count);
        return block;
    }

    std::atomic<bool> inside{false}, overlapped{false}, failing{false}, throwing{false}, shortened{false};
    std::atomic<int> calls{0};
    std::chrono::milliseconds delay{0};
    std::int64_t largestCount = 0;

private:
    RolloutsInfo info_;
};

struct Opened {
    CountingReader* reader;
    std::unique_ptr<Rollouts> rollouts;
};

Opened opened(std::int64_t steps, std::int64_t width, std::size_t cacheBytes) {
    auto reader = std::make_unique<CountingReader>(steps, width);
    CountingReader* const pointer = reader.get();
    return {pointer, std::make_unique<Rollouts>(std::move(reader), cacheBytes)};
}

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

}  // namespace

class TestRollouts : public QObject {
    Q_OBJECT
private slots:
    void typesHaveNumPyNamesAndSizes();
    void imagesAreHeightWidthChannelBytes();
    void aStepIsReadOnceWithItsNeighbours();
    void aRangeCrossesChunks();
    void largeStepsAreChunksOfTheirOwn();
    void theCacheKeepsItsBound();
    void whatIsLargerThanTheCacheIsReadAllTheSame();
    void outsideRequestsAreErrors();
    void failuresAreReportedAndTriedAgain();
    void wrongSizesOfAReaderAreErrors();
    void manyThreadsSeeTheTruth();
    void threadsWaitForOneRead();
    void unknownFilesAreExplained();
    void decodesLzf();
    void refusesDamagedLzf();
};

void TestRollouts::typesHaveNumPyNamesAndSizes() {
    QCOMPARE(sizeOf(ValueType::UInt8), std::size_t{1});
    QCOMPARE(sizeOf(ValueType::Int32), std::size_t{4});
    QCOMPARE(sizeOf(ValueType::Float64), std::size_t{8});
    QCOMPARE(std::string(nameOf(ValueType::UInt8)), std::string("uint8"));
    QCOMPARE(std::string(nameOf(ValueType::Bool)), std::string("bool"));
}

void TestRollouts::imagesAreHeightWidthChannelBytes() {
    QVERIFY((KeySpec{"rgb", ValueType::UInt8, {84, 84, 3}}.isImage()));
    QVERIFY((KeySpec{"grey", ValueType::UInt8, {84, 84, 1}}.isImage()));
    QVERIFY(!(KeySpec{"floats", ValueType::Float32, {84, 84, 3}}.isImage()));
    QVERIFY(!(KeySpec{"channel first", ValueType::UInt8, {3, 84, 84}}.isImage()));
    QVERIFY(!(KeySpec{"vector", ValueType::UInt8, {84}}.isImage()));
    QCOMPARE((KeySpec{"scalar", ValueType::Float32, {}}.elements()), std::int64_t{1});
}

void TestRollouts::aStepIsReadOnceWithItsNeighbours() {
    const auto [reader, rollouts] = opened(1000, 128, 8 * kMegabyte);  // 1 KiB a step: 1024 steps a chunk
    for (std::int64_t step = 0; step < 1000; ++step) {
        const auto block = rollouts->step(0, "x", step);
        QVERIFY(block.has_value());
        QCOMPARE(block->shape, (std::vector<std::int64_t>{1, 128}));
        QCOMPARE(block->as<std::int64_t>()[5], CountingReader::value(0, step, 5));
    }
    QCOMPARE(reader->calls.load(), 1);
    QVERIFY(rollouts->step(1, "x", 0).has_value());
    QCOMPARE(reader->calls.load(), 2);
}

void TestRollouts::aRangeCrossesChunks() {
    const auto [reader, rollouts] = opened(5000, 128, 64 * kMegabyte);
    const auto block = rollouts->range(1, "x", 1000, 3100);
    QVERIFY(block.has_value());
    QCOMPARE(block->shape, (std::vector<std::int64_t>{3100, 128}));
    for (std::int64_t step = 0; step < 3100; ++step)
        QCOMPARE(block->as<std::int64_t>()[static_cast<std::size_t>(step * 128 + 127)],
                 CountingReader::value(1, 1000 + step, 127));
    QCOMPARE(reader->calls.load(), 5);
    QVERIFY(reader->largestCount <= 1024);
    QCOMPARE(rollouts->range(1, "x", 17, 0)->shape, (std::vector<std::int64_t>{0, 128}));
}

void TestRollouts::largeStepsAreChunksOfTheirOwn() {
    const auto [reader, rollouts] = opened(10, 300'000, 64 * kMegabyte);  // 2.3 MB a step
    QVERIFY(rollouts->step(0, "x", 7).has_value());
    QCOMPARE(reader->largestCount, std::int64_t{1});
}

void TestRollouts::theCacheKeepsItsBound() {
    const auto [reader, rollouts] = opened(100'000, 128, 5 * kMegabyte / 2);
    std::mt19937 random(1);
    for (int i = 0; i < 500; ++i) {
        const std::int64_t step = std::uniform_int_distribution<std::int64_t>(0, 99'999)(random);
        const auto block = rollouts->step(0, "x", step);
        QCOMPARE(block->as<std::int64_t>()[0], CountingReader::value(0, step, 0));
        QVERIFY(rollouts->cachedBytes() <= 5 * kMegabyte / 2);
    }
    QCOMPARE(rollouts->cachedBytes(), 2 * kMegabyte);
    // The least recently used leaves: 0 is used again before 2 comes in.
    for (const std::int64_t chunk : {0, 1, 0, 2})
        QVERIFY(rollouts->step(0, "x", chunk * 1024).has_value());
    const int before = reader->calls;
    QVERIFY(rollouts->step(0, "x", 0).has_value());
    QCOMPARE(reader->calls.load(), before);
    QVERIFY(rollouts->step(0, "x", 1024).has_value());
    QCOMPARE(reader->calls.load(), before + 1);
}

void TestRollouts::whatIsLargerThanTheCacheIsReadAllTheSame() {
    const auto [reader, rollouts] = opened(5000, 128, 1000);
    QVERIFY(rollouts->step(0, "x", 4999).has_value());
    QCOMPARE(rollouts->cachedBytes(), std::size_t{0});
}

void TestRollouts::outsideRequestsAreErrors() {
    const auto [reader, rollouts] = opened(10, 4, kMegabyte);
    QCOMPARE(rollouts->step(2, "x", 0).error().kind, ErrorKind::NotFound);
    QCOMPARE(rollouts->step(0, "x", 10).error().kind, ErrorKind::NotFound);
    QCOMPARE(rollouts->step(0, "x", -1).error().kind, ErrorKind::NotFound);
    QVERIFY(!rollouts->range(0, "x", 5, 6));
    QVERIFY(!rollouts->range(0, "x", 5, -1));
    QVERIFY(!rollouts->range(0, "x", 5, std::numeric_limits<std::int64_t>::max()));
    const auto unknown = rollouts->step(0, "y", 0);
    QVERIFY(test::contains(unknown.error().message, "\"y\""));
    QVERIFY(test::contains(unknown.error().message, "there are x, actions"));
    QCOMPARE(reader->calls.load(), 0);
}

void TestRollouts::failuresAreReportedAndTriedAgain() {
    const auto [reader, rollouts] = opened(10, 4, kMegabyte);
    reader->failing = true;
    QCOMPARE(rollouts->step(0, "x", 0).error().message, std::string("the disk is gone"));
    reader->failing = false;
    reader->throwing = true;
    QVERIFY(!rollouts->step(0, "x", 0));
    reader->throwing = false;
    QVERIFY(rollouts->step(0, "x", 0).has_value());
    QCOMPARE(reader->calls.load(), 3);
}

void TestRollouts::wrongSizesOfAReaderAreErrors() {
    const auto [reader, rollouts] = opened(10, 4, kMegabyte);
    reader->shortened = true;
    QVERIFY(!rollouts->step(0, "x", 0));
}

void TestRollouts::manyThreadsSeeTheTruth() {
    const auto [reader, rollouts] = opened(20'000, 128, 4 * kMegabyte);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 8; ++seed) {
        threads.emplace_back([&, seed, rollouts = rollouts.get()] {
            std::mt19937 random(seed);
            for (int i = 0; i < 300; ++i) {
                const std::size_t episode = random() % 2;
                const std::int64_t count = 1 + static_cast<std::int64_t>(random() % 2000);
                const auto first = static_cast<std::int64_t>(random() % static_cast<unsigned>(20'000 - count));
                const auto block = rollouts->range(episode, "x", first, count);
                if (!block || rollouts->cachedBytes() > 4 * kMegabyte) {
                    ++wrong;
                    continue;
                }
                const auto values = block->as<std::int64_t>();
                for (std::size_t j = 0; j < values.size(); j += 61)
                    if (values[j] != CountingReader::value(episode, first + static_cast<std::int64_t>(j) / 128,
                                                           static_cast<std::int64_t>(j) % 128))
                        ++wrong;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
    QVERIFY(!reader->overlapped);
}

void TestRollouts::threadsWaitForOneRead() {
    const auto [reader, rollouts] = opened(100, 128, 4 * kMegabyte);
    reader->delay = std::chrono::milliseconds(100);
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i, rollouts = rollouts.get()] {
            const auto block = rollouts->step(0, "x", i * 10);
            right += block && block->as<std::int64_t>()[0] == CountingReader::value(0, i * 10, 0) ? 1 : 0;
        });
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(right.load(), 8);
    QCOMPARE(reader->calls.load(), 1);
}

void TestRollouts::unknownFilesAreExplained() {
    const auto missing = Rollouts::open("/nowhere/at/all.hdf5");
    QCOMPARE(missing.error().kind, ErrorKind::NotFound);
    addRolloutFormat({"counted", "*.count",
                      [](const std::filesystem::path& path) { return path.extension() == ".count"; },
                      [](const std::filesystem::path&) -> Result<std::unique_ptr<RolloutReader>> {
                          return std::make_unique<CountingReader>(10, 4);
                      }});
    const auto unknown = Rollouts::open(test::testData() / "CMakeLists.txt");
    QCOMPARE(unknown.error().kind, ErrorKind::BadInput);
    QVERIFY(test::contains(unknown.error().message, "counted"));
}

void TestRollouts::decodesLzf() {
    const auto decode = [](std::initializer_list<int> bytes) {
        std::vector<std::byte> input, output(64);
        for (const int byte : bytes)
            input.push_back(static_cast<std::byte>(byte));
        const auto written = hdf5::decodeLzf(input, output);
        std::string text;
        for (std::size_t i = 0; i < written.value_or(0); ++i)
            text += static_cast<char>(output[i]);
        return text;
    };
    QCOMPARE(decode({2, 'a', 'b', 'c'}), std::string("abc"));
    QCOMPARE(decode({2, 'a', 'b', 'c', 1 << 5, 2}), std::string("abcabc"));  // 3 bytes from 3 before
    QCOMPARE(decode({0, 'z', 7 << 5, 3, 0}), std::string(1 + 12, 'z'));      // a run that overlaps itself
    QCOMPARE(decode({1, 'a', 'b', 2 << 5, 1, 0, '!'}), std::string("ababab!"));
}

void TestRollouts::refusesDamagedLzf() {
    const auto refuses = [](std::initializer_list<int> bytes, std::size_t capacity = 64) {
        std::vector<std::byte> input, output(capacity);
        for (const int byte : bytes)
            input.push_back(static_cast<std::byte>(byte));
        return !hdf5::decodeLzf(input, output).has_value();
    };
    QVERIFY(refuses({5, 'a'}));                      // literals past the end
    QVERIFY(refuses({0, 'a', 1 << 5}));              // no distance
    QVERIFY(refuses({0, 'a', 7 << 5}));              // no length
    QVERIFY(refuses({0, 'a', 1 << 5, 1}));           // from before the start
    QVERIFY(refuses({0, 'a', 7 << 5, 255, 0}, 20));  // past the end of the output
    std::mt19937 random(3);
    for (int i = 0; i < 20'000; ++i) {
        std::vector<std::byte> input(random() % 40), output(random() % 100);
        for (std::byte& byte : input)
            byte = static_cast<std::byte>(random());
        if (const auto written = hdf5::decodeLzf(input, output))
            QVERIFY(*written <= output.size());
    }
}

QTEST_GUILESS_MAIN(TestRollouts)
#include "test_rollouts.moc"
