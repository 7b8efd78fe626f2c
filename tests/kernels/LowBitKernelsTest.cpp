#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/kernels/KernelCheck.h"
#include "core/kernels/LowBitCalls.h"
#include "core/kernels/PackWeights.h"

using namespace sqil;

namespace {

const LowBitKernels* kernelsNamed(const QString& name) {
    if (name == "portable")
        return &lowBitPortable;
#if defined(__x86_64__)
    const QString best = lowBitKernels().name;
    if (name == "avx2" && best != "portable")
        return &lowBitAvx2;
    if (name == "avx512" && best == "avx512")
        return &lowBitAvx512;
#endif
    return nullptr;
}

std::vector<std::int8_t> randomWeights(std::size_t count, int low, int high) {
    std::mt19937 engine(3);
    std::vector<std::int8_t> values(count);
    for (std::int8_t& value : values)
        value = static_cast<std::int8_t>(low + static_cast<int>(engine() % static_cast<unsigned>(high - low + 1)));
    return values;
}

void addInstructionSets() {
    QTest::addColumn<QString>("set");
    for (const char* name : {"portable", "avx2", "avx512"})
        QTest::newRow(name) << name;
}

}  // namespace

/// Every instruction set against the scalar reference, over odd shapes.
class LowBitKernelsTest : public QObject {
    Q_OBJECT

    const LowBitKernels* kernels_ = nullptr;

    void choose() {
        QFETCH(QString, set);
        kernels_ = kernelsNamed(set);
        if (!kernels_)
            QSKIP("this processor does not have these instructions (or SQIL_KERNELS forbids them)");
    }

private Q_SLOTS:
    void packingIsUndone() {
        for (const WeightFormat format :
             {WeightFormat::Table4, WeightFormat::Float8, WeightFormat::Integer8, WeightFormat::Integer4})
            for (const auto& [outputs, inputs] :
                 {std::pair(1, 1), std::pair(17, 5), std::pair(64, 8), std::pair(130, 43)}) {
                const int low = format == WeightFormat::Table4 ? 0 : format == WeightFormat::Integer4 ? -8 : -128;
                const int high = format == WeightFormat::Table4 ? 15 : format == WeightFormat::Integer4 ? 7 : 127;
                const auto integers = randomWeights(static_cast<std::size_t>(outputs * inputs), low, high);
                const auto packed = packWeights(format, integers, outputs, inputs);
                QCOMPARE(static_cast<std::int64_t>(packed.size()), packedBytes(format, outputs, inputs));
                for (int output = 0; output < outputs; ++output)
                    for (int input = 0; input < inputs; ++input)
                        QCOMPARE(unpackWeight(format, packed.data(), outputs, inputs, output, input),
                                 static_cast<int>(integers[static_cast<std::size_t>(output * inputs + input)]));
            }
    }

    /// The documented places, by hand: 80 outputs are a panel of four vectors and one of one.
    void layoutIsAsDocumented() {
        std::vector<std::int8_t> weight(80 * 16, 0);
        weight[70 * 16 + 11] = 5;  // output 70: the second panel's column 6; input 11: octet 1, nibble 3
        const auto table = packWeights(WeightFormat::Table4, weight, 80, 16);
        QCOMPARE(int(table[64 * 8 + (1 * 16 + 6) * 4 + 1]), 5 << 4);
        const auto quads = packWeights(WeightFormat::Integer8, weight, 80, 16);
        QCOMPARE(int(quads[64 * 16 + (2 * 16 + 6) * 4 + 3]), 5);
        const auto nibbles = packWeights(WeightFormat::Integer4, weight, 80, 16);
        QCOMPARE(int(nibbles[64 * 8 + (1 * 16 + 6) * 4 + 3]), 5);  // quad 2 is the low half of pair 1
        QCOMPARE(groupIndex(80, 3, 70, 2), std::int64_t{64 * 3 + 2 * 16 + 6});
    }

    void agreeWithTheReference_data() { addInstructionSets(); }
    void agreeWithTheReference() {
        choose();
        for (const KernelCheckResult& result : checkKernels(*kernels_)) {
            QVERIFY2(result.failures == 0, (result.kernel + ": " + std::to_string(result.failures) + " of " +
                                            std::to_string(result.cases) + " differ, first at " + result.firstFailure)
                                               .c_str());
            QCOMPARE(result.cases, 80);
            QVERIFY(result.worst < 0.5);
        }
    }

    /// The check itself sees a kernel that is wrong in one place.
    void wrongKernelsAreFound() {
        LowBitKernels wrong = lowBitPortable;
        wrong.integer = [](const IntegerTile& tile, const Epilogue& epilogue) {
            lowBitPortable.integer(tile, epilogue);
            if (tile.targets[0].codes && tile.firstOutput == 0)
                tile.targets[0].codes[0] ^= 1;
        };
        wrong.float8 = [](const FloatTile& tile) {
            lowBitPortable.float8(tile);
            tile.targets[0][0] += 0.01F;
        };
        for (const KernelCheckResult& result : checkKernels(wrong, 10))
            QVERIFY2((result.failures > 0) == (result.kernel != "linear_w4a16"), result.kernel.c_str());
    }

    /// W4A16 in integers: what digits tell of a float is the float, and what they cannot tell is refused.
    void digits_data() {
        QTest::addColumn<QString>("set");
        QTest::addColumn<int>("count");
        for (const char* name : {"portable", "avx2", "avx512"})
            for (const int count : {2, 3})
                QTest::addRow("%s, %d digits", name, count) << name << count;
    }
    void digits() {
        choose();
        QFETCH(int, count);
        constexpr std::int64_t inputs = 40, groupSize = 16, groups = 3;
        const auto digitCount = static_cast<std::size_t>(count);
        std::vector<float> x(inputs);
        for (std::int64_t i = 0; i < inputs; ++i)
            x[static_cast<std::size_t>(i)] = std::ldexp(static_cast<float>(i % 7) - 3.1F, static_cast<int>(i % 9) - 4);
        x[20] = 512;  // an outlier: its group's step is coarse, the others' stay fine
        std::vector<std::int8_t> digits(inputs * digitCount);
        std::vector<std::int32_t> starts(groups * digitCount);
        std::vector<float> steps(groups), sums(groups);
        const auto convert = [&] {
            return kernels_->toDigits(x.data(), inputs, groupSize, count, digits.data(), starts.data(), steps.data(),
                                      sums.data());
        };
        QVERIFY(convert());
        std::vector<std::int64_t> totals(groups), digitTotals(groups * digitCount);
        for (std::int64_t i = 0; i < inputs; ++i) {
            const auto group = static_cast<std::size_t>(i / groupSize);
            const std::int8_t* block = digits.data() + i / 8 * 8 * count + i % 8 / 2 + i % 2 * 4;
            std::int64_t value = 0;
            for (std::size_t digit = digitCount; digit-- > 0;) {
                value = 256 * value + block[digit * 8];
                digitTotals[group * digitCount + digit] += block[digit * 8];
            }
            totals[group] += value;
            const double told = static_cast<double>(value) * steps[group];
            QVERIFY(std::abs(told - x[static_cast<std::size_t>(i)]) <= 0.75 * steps[group]);
        }
        for (std::size_t group = 0; group < groups; ++group) {
            QCOMPARE(sums[group], static_cast<float>(totals[group]));
            for (std::size_t digit = 0; digit < digitCount; ++digit)
                QCOMPARE(std::int64_t(starts[group * digitCount + digit]),
                         -8 * digitTotals[group * digitCount + digit]);
        }
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                                -std::numeric_limits<float>::infinity()}) {
            x[33] = bad;
            QVERIFY(!convert());
        }
        std::fill(x.begin(), x.end(), 1e-30F);
        QVERIFY(!convert());
        std::fill(x.begin(), x.end(), 0.0F);
        QVERIFY(convert());
        QVERIFY(std::all_of(steps.begin(), steps.end(), [](float step) { return step == 0; }));
    }

    /// Halves as the format says: all of them, and floats between two, at the ends and beyond.
    void halves_data() { addInstructionSets(); }
    void halves() {
        choose();
        std::vector<std::uint16_t> all;
        for (std::uint32_t bits = 0; bits < 65536; ++bits)
            if ((bits & 0x7c00) != 0x7c00 || (bits & 0x3ff) == 0)
                all.push_back(static_cast<std::uint16_t>(bits));
        const auto count = static_cast<std::int64_t>(all.size());
        std::vector<float> values(all.size());
        std::vector<std::uint16_t> back(all.size());
        kernels_->halfToFloat(all.data(), values.data(), count);
        kernels_->floatToHalf(values.data(), back.data(), count);
        QVERIFY(back == all);
        QCOMPARE(values[1], std::ldexp(1.0F, -24));
        const float ties[] = {1.0F + std::ldexp(1.0F, -11),
                              1.0F + 3 * std::ldexp(1.0F, -11),
                              65519.0F,
                              65520.0F,
                              -1e9F,
                              std::ldexp(1.0F, -25),
                              std::ldexp(3.0F, -25)};
        std::uint16_t rounded[7];
        kernels_->floatToHalf(ties, rounded, 7);
        const std::uint16_t wanted[] = {0x3c00, 0x3c02, 0x7bff, 0x7c00, 0xfc00, 0x0000, 0x0002};
        for (int i = 0; i < 7; ++i)
            QCOMPARE(rounded[i], wanted[i]);
    }

    void codes_data() { addInstructionSets(); }
    void codes() {
        choose();
        // Half to even, clipped at both ends, whatever the size.
        const std::vector<float> values{0.5F, 1.5F, -0.5F, -1.5F, 2.5F, 1e9F, -1e9F, 0.49F};
        const std::uint8_t wanted[] = {128, 130, 128, 126, 130, 255, 0, 128};
        std::vector<std::uint8_t> codes(values.size());
        kernels_->quantize(values.data(), static_cast<std::int64_t>(values.size()), 1.0F, 128, 255, codes.data());
        for (std::size_t i = 0; i < codes.size(); ++i)
            QCOMPARE(codes[i], wanted[i]);
        std::vector<float> image;
        for (const std::int8_t value : randomWeights(3 * 37, -128, 127))
            image.push_back(static_cast<float>(value) / 20);
        const float* planes[4] = {image.data(), image.data() + 37, image.data() + 74, nullptr};
        std::vector<std::uint8_t> pixels(37 * 8, 77), one(37);
        kernels_->quantizePlanes(planes, 37, 20.0F, 100, 255, pixels.data(), 8);
        for (int plane = 0; plane < 3; ++plane) {
            kernels_->quantize(planes[plane], 37, 20.0F, 100, 255, one.data());
            for (std::size_t i = 0; i < 37; ++i)
                QCOMPARE(pixels[i * 8 + static_cast<std::size_t>(plane)], one[i]);
        }
        QCOMPARE(int(pixels[3]), 100);  // no plane: zero
        QCOMPARE(int(pixels[4]), 77);   // not ours
    }

    void pooling_data() { addInstructionSets(); }
    void pooling() {
        choose();
        PoolCall call;
        call.batch = 2;
        call.height = 9;
        call.width = 11;
        call.channels = 21;
        for (int axis = 0; axis < 2; ++axis) {
            call.kernel[axis] = 3;
            call.stride[axis] = 2;
            call.padding[axis] = 1;
        }
        call.outHeight = 5;
        call.outWidth = 6;
        const auto values = randomWeights(2 * 9 * 11 * 21, -128, 127);
        std::vector<float> floats(values.begin(), values.end());
        std::vector<std::uint8_t> bytes;
        for (const std::int8_t value : values)
            bytes.push_back(static_cast<std::uint8_t>(value + 128));
        std::vector<std::uint16_t> halves(floats.size()), pooledHalves(2 * 5 * 6 * 21);
        kernels_->floatToHalf(floats.data(), halves.data(), static_cast<std::int64_t>(floats.size()));
        std::vector<std::uint8_t> pooled(2 * 5 * 6 * 21);
        call.x = bytes.data();
        call.y = pooled.data();
        run(call, *kernels_, 2);
        call.bytes = 2;
        call.x = halves.data();
        call.y = pooledHalves.data();
        run(call, *kernels_, 2);
        std::vector<float> pooledFloats(pooledHalves.size());
        call.bytes = 4;
        call.x = floats.data();
        call.y = pooledFloats.data();
        run(call, *kernels_, 2);
        std::vector<float> back(pooledHalves.size());
        kernels_->halfToFloat(pooledHalves.data(), back.data(), static_cast<std::int64_t>(back.size()));
        for (int image = 0; image < 2; ++image)
            for (int y = 0; y < 5; ++y)
                for (int x = 0; x < 6; ++x)
                    for (int c = 0; c < 21; ++c) {
                        int largest = 0;
                        for (int row = std::max(2 * y - 1, 0); row < std::min(2 * y + 2, 9); ++row)
                            for (int column = std::max(2 * x - 1, 0); column < std::min(2 * x + 2, 11); ++column)
                                largest = std::max<int>(
                                    largest,
                                    bytes[static_cast<std::size_t>(((image * 9 + row) * 11 + column) * 21 + c)]);
                        const auto at = static_cast<std::size_t>(((image * 5 + y) * 6 + x) * 21 + c);
                        QCOMPARE(int(pooled[at]), largest);
                        QCOMPARE(back[at], static_cast<float>(largest - 128));
                        QCOMPARE(pooledFloats[at], back[at]);
                    }
    }
};

QTEST_GUILESS_MAIN(LowBitKernelsTest)
#include "LowBitKernelsTest.moc"
