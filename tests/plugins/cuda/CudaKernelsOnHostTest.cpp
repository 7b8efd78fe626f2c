#include <QtTest>
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/kernels/LowBitCalls.h"
#include "core/kernels/RandomWeights.h"
#include "tests/plugins/cuda/Emulator.h"

using namespace sqil;
using namespace sqil::cuda;

namespace {

using Numbers = RepeatableNumbers;

struct Weights : RandomWeights {
    std::vector<Words4> device;

    Weights(Numbers& numbers, WeightFormat format, std::int64_t outputs, std::int64_t inputs, std::int64_t groups)
        : RandomWeights(numbers, format, outputs, inputs, groups) {
        const std::int64_t words = deviceWords(format, outputs, inputs);
        device.resize(static_cast<std::size_t>(words / 4));
        const Grid grid{static_cast<int>((words + kElementThreads - 1) / kElementThreads), 1, 1};
        const auto run = [&](auto kernel) {
            EmulateKernel{}(kernel, grid, kElementThreads, 0, packed.data(), outputs, inputs,
                            reinterpret_cast<std::uint32_t*>(device.data()));
        };
        switch (format) {
            case WeightFormat::Table4:
                run(repack<WeightFormat::Table4>);
                break;
            case WeightFormat::Float8:
                run(repack<WeightFormat::Float8>);
                break;
            case WeightFormat::Integer8:
                run(repack<WeightFormat::Integer8>);
                break;
            case WeightFormat::Integer4:
                run(repack<WeightFormat::Integer4>);
                break;
        }
    }
};

/// Memory for blocks that share an output.
struct Meetings {
    std::vector<std::uint32_t> partial;
    std::vector<std::int32_t> counters;

    Meetings(std::int64_t words, int blocks)
        : partial(static_cast<std::size_t>(words)), counters(static_cast<std::size_t>(blocks)) {}
    Meeting get() { return {partial.data(), counters.data()}; }
    bool isClean() const {
        return std::all_of(counters.begin(), counters.end(), [](std::int32_t counter) { return counter == 0; });
    }
};

template<class Schedule>
Meetings meetingsOf(const Schedule& schedule) {
    return {partialWords(schedule), schedule.outputBlocks * schedule.rowBlocks};
}

float valueOf(std::uint16_t bits, Number type) {
    return type == Number::BFloat ? gpu::fromBits(std::uint32_t{bits} << 16) : gpu::halfAsFloat(bits);
}

constexpr float kPlain[16] = {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7};

/// Sizes of a float case; zero: random.
struct FloatCase {
    std::int64_t rows = 0, outputs = 0, inputs = 0, group = 0;  ///< group 0: one an output
    int multiprocessors = 1;
};

/// Largest error as a share of its bound.
double floatError(const FloatCase& what, FloatWeights weights, bool bfloat, unsigned seed, bool zeros) {
    Numbers numbers(seed);
    const WeightFormat format = weights == FloatWeights::Bytes8 ? WeightFormat::Float8 : WeightFormat::Table4;
    FloatLinearCall reference;
    reference.format = format;
    reference.rows = what.rows;
    reference.outputs = what.outputs;
    reference.inputs = what.inputs;
    reference.groupSize = what.group ? what.group : roundedUp(what.inputs, 8);
    const auto groups = reference.groups();
    const Weights packed(numbers, format, what.outputs, what.inputs, groups);
    std::vector<float> table(kPlain, kPlain + 16);
    if (weights == FloatWeights::Table4)
        for (float& value : table)
            value = static_cast<float>(numbers.between(-128, 128)) / 64;  // bfloats hold these
    const Number type = bfloat ? Number::BFloat : Number::Half;
    const std::int64_t pitch = roundedUp(what.inputs, 8);
    std::vector<Words4> storage(static_cast<std::size_t>(what.rows * pitch / 8));
    auto* x = reinterpret_cast<std::uint16_t*>(storage.data());
    std::vector<float> values(static_cast<std::size_t>(what.rows * what.inputs));
    for (std::int64_t row = 0; row < what.rows; ++row)
        for (std::int64_t input = 0; input < what.inputs; ++input) {
            const float value = static_cast<float>(numbers.between(-10000, 10000)) / 10000;
            const std::uint16_t bits = bfloat ? gpu::asBFloat(value) : gpu::asHalf(value);
            x[row * pitch + input] = bits;
            values[static_cast<std::size_t>(row * what.inputs + input)] = valueOf(bits, type);
        }
    reference.x = values.data();
    reference.weights = packed.packed.data();
    reference.table = table.data();
    reference.scales = packed.scales.data();
    reference.zeros = zeros ? packed.zeros.data() : nullptr;
    reference.bias = numbers.oneIn(4) ? nullptr : packed.bias.data();
    std::vector<float> expected(static_cast<std::size_t>(what.rows * what.outputs)), got(expected.size(), 1e9F);
    reference.y = expected.data();
    runReference(reference);

    FloatSchedule schedule = floatSchedule(what.rows, what.outputs, what.inputs, what.multiprocessors);
    Meetings meetings = meetingsOf(schedule);
    FloatLinear call;
    call.x = x;
    call.rows = static_cast<int>(what.rows);
    call.pitch = static_cast<int>(pitch);
    call.outputs = static_cast<int>(what.outputs);
    call.weights = packed.device.data();
    call.table = table.data();
    call.scales = packed.scales.data();
    call.zeros = reference.zeros;
    call.bias = reference.bias;
    call.groups = static_cast<int>(groups);
    while (what.group && (1 << call.groupShift) < what.group)
        ++call.groupShift;
    std::vector<float> rowSumsOf(static_cast<std::size_t>(schedule.splits * groups * roundedUp(what.rows, 8)), 1e9F);
    call.rowSums = rowSumsOf.data();
    call.y = got.data();
    call.yType = Number::Float;
    call.splits = schedule.splits;
    call.meeting = meetings.get();
    EmulateKernel launch;
    dispatchFloat(call, weights, bfloat, schedule, rowSumsOf.data(), launch);
    if (!meetings.isClean())
        return INFINITY;
    // Integers (and these tables) are exact in halves and bfloats: what is left is the rounding of float sums.
    const double bound = static_cast<double>(what.inputs + 1) * 1.4 * 6e-8 * 8;
    double worst = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double error = std::abs(static_cast<double>(got[i]) - expected[i]) / bound;
        worst = error <= worst ? worst : error;
    }
    return worst;
}

void fillEpilogue(Numbers& numbers, const Weights& weights, Epilogue& epilogue) {
    epilogue = randomEpilogue(numbers, weights);
    epilogue.wideIsHalf = numbers.oneIn(2);
    epilogue.residualIsHalf = numbers.oneIn(2);
}

void copyEpilogue(const Epilogue& from, IntegerProduct& to) {
    to.scales = from.scales;
    to.corrections = from.corrections;
    to.bias = from.bias;
    to.relu = from.relu;
    to.wideIsHalf = from.wideIsHalf;
    to.residualIsHalf = from.residualIsHalf;
    to.inverseStep = from.inverseStep;
    to.zero = from.zero;
    to.maximum = from.maximum;
}

bool linearAgrees(const FloatCase& what, bool fourBits, bool smallCodes, unsigned seed) {
    Numbers numbers(seed);
    IntegerLinearCall reference;
    reference.format = fourBits ? WeightFormat::Integer4 : WeightFormat::Integer8;
    reference.rows = what.rows;
    reference.inputs = what.inputs;
    reference.outputs = what.outputs;
    reference.pitch = roundedUp(what.inputs, 16);
    reference.groupSize = what.group;
    const std::int64_t groups = what.group ? (what.inputs + what.group - 1) / what.group : 1;
    const Weights weights(numbers, reference.format, what.outputs, what.inputs, groups);
    std::vector<Words4> storage(static_cast<std::size_t>(what.rows * reference.pitch / 16));
    auto* x = reinterpret_cast<std::uint8_t*>(storage.data());
    for (std::int64_t i = 0; i < what.rows * reference.pitch; ++i)
        x[i] = static_cast<std::uint8_t>(numbers.between(0, smallCodes ? 15 : 255));  // beyond the inputs too
    reference.x = x;
    reference.weights = weights.packed.data();
    fillEpilogue(numbers, weights, reference.epilogue);
    reference.epilogue.wideIsHalf = false;
    reference.codesPitch = roundedUp(what.outputs, 8);
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(what.rows * reference.codesPitch)), expectedCodes(codes);
    std::vector<float> y(static_cast<std::size_t>(what.rows * what.outputs)), expected(y);
    reference.codes = expectedCodes.data();
    reference.y = expected.data();
    runReference(reference);

    const auto schedule =
        integerSchedule(what.rows, what.outputs, what.inputs, what.group > 0, false, what.multiprocessors);
    Meetings meetings = meetingsOf(schedule);
    IntegerProduct call;
    copyEpilogue(reference.epilogue, call);
    call.x = x;
    call.rows = static_cast<int>(what.rows);
    call.inputs = static_cast<int>(what.inputs);
    call.outputs = static_cast<int>(what.outputs);
    call.pitch = static_cast<int>(reference.pitch);
    call.weights = weights.device.data();
    call.smallCodes = smallCodes;
    call.groupSize = static_cast<int>(what.group);
    call.groups = static_cast<int>(groups);
    call.codes = codes.data();
    call.codesPitch = static_cast<int>(reference.codesPitch);
    call.wide = y.data();
    call.splits = schedule.splits;
    call.meeting = meetings.get();
    EmulateKernel launch;
    dispatchLinear(call, fourBits, schedule, launch);
    return launch.launches == 1 && codes == expectedCodes && y == expected && meetings.isClean();
}

bool convAgrees(bool fourBits, std::int64_t channels, int multiprocessors, unsigned seed) {
    Numbers numbers(seed);
    ConvCall reference;
    reference.format = fourBits ? WeightFormat::Integer4 : WeightFormat::Integer8;
    reference.batch = numbers.between(1, 2);
    reference.height = numbers.between(3, 12);
    reference.width = numbers.between(3, 15);
    reference.channels = channels;
    reference.outputs = numbers.between(1, 150);
    for (int axis = 0; axis < 2; ++axis) {
        reference.kernel[axis] = numbers.between(1, 3);
        reference.stride[axis] = numbers.between(1, 3);
        reference.padding[axis] = numbers.between(0, 2);
        reference.dilation[axis] = numbers.oneIn(4) && reference.padding[axis] > 0 ? 2 : 1;
    }
    const std::int64_t pixels = reference.batch * reference.outHeight() * reference.outWidth();
    const std::int64_t values = pixels * reference.outputs;
    const Weights weights(numbers, reference.format, reference.outputs, reference.inputs(), 1);
    const int most = fourBits ? 15 : 255;
    std::vector<Words4> storage(
        static_cast<std::size_t>((reference.batch * reference.height * reference.width * channels + 15) / 16));
    auto* x = reinterpret_cast<std::uint8_t*>(storage.data());
    for (std::int64_t i = 0; i < reference.batch * reference.height * reference.width * channels; ++i)
        x[i] = static_cast<std::uint8_t>(numbers.between(0, most));
    reference.x = x;
    reference.weights = weights.packed.data();
    reference.inputZero = numbers.oneIn(3) ? 0 : static_cast<std::uint8_t>(most / 2 + 1);
    fillEpilogue(numbers, weights, reference.epilogue);
    const auto residual = numbers.floats(values);
    std::vector<std::uint16_t> halves;
    for (const float value : residual)
        halves.push_back(gpu::asHalf(value));
    if (!numbers.oneIn(3))
        reference.residual =
            reference.epilogue.residualIsHalf ? static_cast<const void*>(halves.data()) : residual.data();
    reference.codesPitch = roundedUp(reference.outputs, 4);
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(pixels * reference.codesPitch)), expectedCodes(codes);
    std::vector<Words4> wide(static_cast<std::size_t>(values / 4 + 1)), expected(wide);
    reference.codes = expectedCodes.data();
    reference.wide = expected.data();
    runReference(reference);

    const auto schedule =
        integerSchedule(pixels, reference.outputs, reference.inputs(), false, channels % 16 != 0, multiprocessors);
    Meetings meetings = meetingsOf(schedule);
    IntegerProduct call;
    copyEpilogue(reference.epilogue, call);
    call.x = x;
    call.rows = static_cast<int>(pixels);
    call.inputs = static_cast<int>(reference.inputs());
    call.outputs = static_cast<int>(reference.outputs);
    call.conv = {static_cast<int>(reference.height),
                 static_cast<int>(reference.width),
                 static_cast<int>(channels),
                 static_cast<int>(reference.stride[0]),
                 static_cast<int>(reference.stride[1]),
                 static_cast<int>(reference.padding[0]),
                 static_cast<int>(reference.padding[1]),
                 static_cast<int>(reference.dilation[0]),
                 static_cast<int>(reference.dilation[1]),
                 Divider(static_cast<std::uint32_t>(reference.outWidth())),
                 Divider(static_cast<std::uint32_t>(reference.outHeight())),
                 Divider(static_cast<std::uint32_t>(channels)),
                 Divider(static_cast<std::uint32_t>(reference.kernel[1]))};
    call.border = reference.inputZero;
    call.weights = weights.device.data();
    call.smallCodes = fourBits;
    call.residual = reference.residual;
    call.codes = codes.data();
    call.codesPitch = static_cast<int>(reference.codesPitch);
    call.wide = wide.data();
    call.splits = schedule.splits;
    call.meeting = meetings.get();
    EmulateKernel launch;
    dispatchConv(call, fourBits, schedule, launch);
    return launch.launches == 1 && codes == expectedCodes &&
           std::memcmp(wide.data(), expected.data(), wide.size() * sizeof(Words4)) == 0 && meetings.isClean();
}

}  // namespace

/// The CUDA kernels themselves, thread by thread in an emulator, against the scalar reference.
class CudaKernelsOnHostTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setMultipliesNibbles(true); }

    void floatActivations_data() {
        QTest::addColumn<int>("weights");
        QTest::addColumn<bool>("bfloat");
        for (const bool bfloat : {false, true}) {
            const char* type = bfloat ? "bfloat16" : "half";
            QTest::addRow("w4a16 %s", type) << static_cast<int>(FloatWeights::Plain4) << bfloat;
            QTest::addRow("w4a16 with a table %s", type) << static_cast<int>(FloatWeights::Table4) << bfloat;
            QTest::addRow("w8a16 %s", type) << static_cast<int>(FloatWeights::Bytes8) << bfloat;
        }
    }
    void floatActivations() {
        QFETCH(int, weights);
        QFETCH(bool, bfloat);
        const FloatCase cases[] = {
            // One row to eight: one block of inputs, odd sizes, many blocks, inputs split over blocks.
            {1, 1, 1, 0, 1},
            {1, 40, 72, 32, 1},
            {8, 17, 130, 64, 1},
            {3, 16, 2600, 128, 1},
            {5, 33, 1100, 0, 1},
            {1, 20, 2113, 32, 40},
            {8, 16, 2048, 128, 8},
            {2, 70, 1500, 0, 40},
            // More: 16, 32 and 64 rows a block, several blocks, split inputs, groups that end within a split.
            {9, 130, 70, 32, 1},
            {16, 64, 200, 64, 1},
            {20, 140, 130, 0, 1},
            {33, 30, 330, 128, 1},
            {70, 17, 100, 32, 1},
            {12, 20, 1100, 32, 8},
            {40, 40, 1500, 128, 8},
            {17, 128, 1024, 1024, 4},
            {25, 36, 1200, 0, 8},
        };
        unsigned seed = 0;
        for (const FloatCase& what : cases)
            for (const bool zeros : {false, true}) {
                if (zeros && static_cast<FloatWeights>(weights) == FloatWeights::Table4)
                    continue;
                const double error = floatError(what, static_cast<FloatWeights>(weights), bfloat, ++seed, zeros);
                QVERIFY2(error < 0.5, qPrintable(QString("%1 x %2 x %3, groups of %4, zeros %5: %6 of the bound")
                                                     .arg(what.rows)
                                                     .arg(what.outputs)
                                                     .arg(what.inputs)
                                                     .arg(what.group)
                                                     .arg(zeros)
                                                     .arg(error)));
            }
    }

    void integerLinear_data() {
        QTest::addColumn<bool>("fourBits");
        QTest::addColumn<bool>("smallCodes");
        QTest::addColumn<bool>("nibbleCores");
        QTest::newRow("w8a8") << false << false << true;
        QTest::newRow("w4a8") << true << false << true;
        QTest::newRow("w4a4, Turing to Ada") << true << true << true;
        QTest::newRow("w4a4, Hopper and later") << true << true << false;
    }
    void integerLinear() {
        QFETCH(bool, fourBits);
        QFETCH(bool, smallCodes);
        QFETCH(bool, nibbleCores);
        setMultipliesNibbles(nibbleCores);
        const FloatCase cases[] = {
            {1, 1, 1, 0, 100},     {3, 70, 130, 0, 100}, {20, 150, 400, 0, 1000}, {17, 64, 64, 0, 100},
            {1, 16, 2000, 0, 50},  {5, 20, 70, 32, 4},   {18, 70, 200, 64, 4},    {2, 33, 300, 128, 4},
            {9, 17, 300, 96, 4},   {130, 64, 200, 0, 2}, {131, 60, 70, 0, 1},     {128, 128, 128, 0, 1},
            {200, 150, 100, 0, 2},
        };
        unsigned seed = 0;
        for (const FloatCase& what : cases)
            QVERIFY2(linearAgrees(what, fourBits, smallCodes, ++seed), qPrintable(QString("%1 x %2 x %3, groups of %4")
                                                                                      .arg(what.rows)
                                                                                      .arg(what.outputs)
                                                                                      .arg(what.inputs)
                                                                                      .arg(what.group)));
    }

    void convolutions_data() {
        QTest::addColumn<bool>("fourBits");
        QTest::addColumn<bool>("nibbleCores");
        QTest::newRow("w8a8") << false << true;
        QTest::newRow("w4a4, Turing to Ada") << true << true;
        QTest::newRow("w4a4, Hopper and later") << true << false;
    }
    void convolutions() {
        QFETCH(bool, fourBits);
        QFETCH(bool, nibbleCores);
        setMultipliesNibbles(nibbleCores);
        unsigned seed = 0;
        for (const std::int64_t channels : {4, 12, 16, 32})
            for (const int multiprocessors : {1, 2, 200})  // the wide, narrow and small block
                for (int repeat = 0; repeat < 3; ++repeat)
                    QVERIFY2(convAgrees(fourBits, channels, multiprocessors, ++seed),
                             qPrintable(QString("%1 channels, %2 multiprocessors, seed %3")
                                            .arg(channels)
                                            .arg(multiprocessors)
                                            .arg(seed)));
    }

    void codesAndPools() {
        Numbers numbers(5);
        const auto values = numbers.floats(3 * 13, 40);
        const Quantization quantization{10, 100, 255};
        std::vector<std::uint8_t> rows(3 * 16, 77), expected(13), pixels(13 * 4, 77);
        EmulateKernel{}(quantizeRows<float>, Grid{}, kElementThreads, 0, values.data(), std::int64_t{3},
                        std::int64_t{13}, std::int64_t{16}, quantization, rows.data());
        EmulateKernel{}(quantizePixels<float>, Grid{}, kElementThreads, 0, values.data(), std::int64_t{1},
                        std::int64_t{3}, std::int64_t{13}, quantization, pixels.data());
        for (int row = 0; row < 3; ++row) {
            lowBitPortable.quantize(values.data() + row * 13, 13, 10, 100, 255, expected.data());
            for (int i = 0; i < 16; ++i)
                QCOMPARE(int(rows[static_cast<std::size_t>(row * 16 + i)]),
                         i < 13 ? int(expected[static_cast<std::size_t>(i)]) : 0);
            for (int i = 0; i < 13; ++i)
                QCOMPARE(pixels[static_cast<std::size_t>(4 * i + row)], expected[static_cast<std::size_t>(i)]);
        }
        QCOMPARE(int(pixels[3]), 100);

        const auto bytes = numbers.integers<std::uint8_t>(2 * 7 * 9 * 5, 0, 255);
        PoolCall call;
        call.batch = 2;
        call.height = 7;
        call.width = 9;
        call.channels = 5;
        call.kernel[0] = call.kernel[1] = 3;
        call.stride[0] = call.stride[1] = 2;
        call.padding[0] = call.padding[1] = 1;
        call.outHeight = 4;
        call.outWidth = 5;
        std::vector<std::uint8_t> pooled(2 * 4 * 5 * 5), wanted(pooled);
        call.x = bytes.data();
        call.y = wanted.data();
        run(call, lowBitPortable, 1);
        EmulateKernel{}(maxPool<std::uint8_t>, Grid{1, 1, 1}, kElementThreads, 0, bytes.data(), std::int64_t{200},
                        Pooling{7, 9, 5, 4, 5, 3, 3, 2, 2, 1, 1}, pooled.data());
        QVERIFY(pooled == wanted);
    }

    /// The emulator sees what would go wrong on a GPU.
    void emulatorIsStrict() {
        QVERIFY_EXCEPTION_THROWN(
            emulate(Grid{}, 32, 16, [] { gpu::copyAsync<16>(gpu::shared() + 16, nullptr, false); }),
            std::runtime_error);
        QVERIFY_EXCEPTION_THROWN(emulate(Grid{}, 32, 32, [] { gpu::copyAsync<16>(gpu::shared() + 4, nullptr, false); }),
                                 std::runtime_error);
        // A copy that is not waited for has not happened.
        static const Words4 source{{1, 2, 3, 4}};
        std::uint32_t before = 0, after = 0;
        emulate(Grid{}, 1, 16, [&] {
            gpu::copyAsync<16>(gpu::shared(), &source, true);
            gpu::commitCopies();
            before = reinterpret_cast<const Words4*>(gpu::shared())->of[1];
            gpu::waitForCopies<0>();
            after = reinterpret_cast<const Words4*>(gpu::shared())->of[1];
        });
        QCOMPARE(before, 0xcdcdcdcdU);
        QCOMPARE(after, 2U);
    }
};

QTEST_GUILESS_MAIN(CudaKernelsOnHostTest)
#include "CudaKernelsOnHostTest.moc"
