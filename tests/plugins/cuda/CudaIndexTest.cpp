#include <QtTest>
#include <map>
#include <set>

#include "core/kernels/LowBitCalls.h"
#include "core/kernels/PackWeights.h"
#include "plugins/cuda/index/ConvPixels.h"
#include "plugins/cuda/index/Fragments.h"
#include "plugins/cuda/index/Schedule.h"

using namespace sqil;
using namespace sqil::cuda;

namespace {

constexpr WeightFormat kFormats[] = {WeightFormat::Table4, WeightFormat::Float8, WeightFormat::Integer8,
                                     WeightFormat::Integer4};

/// Banks that lanes [first, first + count) touch with loads of `bytes` at `address(lane)`; −1: two meet in one.
template<class Address>
int conflictFreeBanks(int first, int count, int bytes, Address address) {
    std::set<int> banks;
    for (int lane = first; lane < first + count; ++lane)
        for (int byte = 0; byte < bytes; byte += 4)
            if (!banks.insert((address(lane) + byte) / 4 % 32).second)
                return -1;
    return static_cast<int>(banks.size());
}

}  // namespace

/// The index arithmetic of the CUDA kernels.
class CudaIndexTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Every element of a 16 × 64 tile has one place in the device's layout.
    void layoutIsABijection() {
        for (const WeightFormat format : kFormats) {
            std::set<std::pair<int, int>> places;
            for (int word = 0; word < wordsPerTile(format); ++word)
                for (int slot = 0; slot < weightsPerWord(format); ++slot) {
                    const TilePlace place = elementOf(format, word, slot);
                    QVERIFY(place.output >= 0 && place.output < kTileOutputs);
                    QVERIFY(place.input >= 0 && place.input < kTileInputs);
                    places.insert({place.output, place.input});
                }
            QCOMPARE(static_cast<int>(places.size()), kTileOutputs * kTileInputs);
        }
    }

    /// A few places by hand.
    void layoutIsAsDocumented() {
        // Lane 6 (g = 1, t = 2), word 3: the second product of the upper 32 inputs; nibble 5 is register 1's second.
        QCOMPARE(elementOf(WeightFormat::Table4, 6 * 4 + 3, 5), (TilePlace{1 + 8, 32 + 8 * 2 + 4 + 1}));
        QCOMPARE(elementOf(WeightFormat::Float8, (32 + 6) * 4 + 1, 2), (TilePlace{1 + 8, 32 + 8 * 2 + 2}));
        QCOMPARE(elementOf(WeightFormat::Integer8, (32 + 6) * 4 + 2, 3), (TilePlace{1, 32 + 8 * 2 + 4 + 3}));
        QCOMPARE(elementOf(WeightFormat::Integer4, 6 * 4 + 3, 5), (TilePlace{1 + 8, 32 + 8 * 2 + 4 + 2}));
    }

    /// From panels to the device's layout no weight is lost, and what pads it is zero.
    void repackingKeepsEveryWeight() {
        for (const WeightFormat format : kFormats)
            for (const auto& [outputs, inputs] : {std::pair(1, 1), std::pair(17, 70), std::pair(130, 43)}) {
                std::vector<std::int8_t> integers(static_cast<std::size_t>(outputs * inputs));
                for (std::size_t i = 0; i < integers.size(); ++i)
                    integers[i] = static_cast<std::int8_t>(format == WeightFormat::Table4     ? i * 7 % 16
                                                           : format == WeightFormat::Integer4 ? i * 7 % 16 - 8
                                                                                              : i * 37 % 256 - 128);
                const auto packed = packWeights(format, integers, outputs, inputs);
                const int bits = isFourBits(format) ? 4 : 8;
                std::int64_t seen = 0;
                for (std::int64_t index = 0; index < deviceWords(format, outputs, inputs); ++index) {
                    const std::uint32_t word = deviceWord(format, packed.data(), outputs, inputs, index);
                    const std::int64_t tile = index / wordsPerTile(format);
                    for (int slot = 0; slot < weightsPerWord(format); ++slot) {
                        const TilePlace place = elementOf(format, static_cast<int>(index % wordsPerTile(format)), slot);
                        const std::int64_t output = tile / inputTiles(inputs) * kTileOutputs + place.output;
                        const std::int64_t input = tile % inputTiles(inputs) * kTileInputs + place.input;
                        auto value = static_cast<int>(word >> bits * slot & ((1U << bits) - 1));
                        if (format == WeightFormat::Float8)
                            value -= 128;
                        else if (format != WeightFormat::Table4 && value >= 1 << (bits - 1))
                            value -= 1 << bits;
                        const bool inside = output < outputs && input < inputs;
                        seen += inside ? 1 : 0;
                        QCOMPARE(value,
                                 inside ? static_cast<int>(integers[static_cast<std::size_t>(output * inputs + input)])
                                        : (format == WeightFormat::Table4 ? 8 : 0));
                    }
                }
                QCOMPARE(seen, std::int64_t{outputs} * inputs);
            }
    }

    void groupsOfATileLieSideBySide() {
        for (const std::int64_t outputs : {16, 70, 200})
            for (std::int64_t output = 0; output < outputs; ++output)
                for (std::int64_t group = 0; group < 3; ++group) {
                    const TileGroups place = tileGroups(outputs, 3, output / kTileOutputs);
                    QCOMPARE(place.first + group * place.stride + output % kTileOutputs,
                             groupIndex(outputs, 3, output, group));
                }
    }

    /// Each operand's elements are held once, by the lanes that the PTX manual names.
    void fragments() {
        for (const int perRegister : {2, 4, 8}) {
            std::set<std::pair<int, int>> a, b, c;
            for (int lane = 0; lane < 32; ++lane) {
                for (int reg = 0; reg < 4; ++reg)
                    for (int element = 0; element < perRegister; ++element) {
                        const Place place = placeInA(perRegister, lane, reg, element);
                        QVERIFY(place.row < 16 && place.column < 8 * perRegister);
                        a.insert({place.row, place.column});
                    }
                for (int reg = 0; reg < 2; ++reg)
                    for (int element = 0; element < perRegister; ++element) {
                        const Place place = placeInB(perRegister, lane, reg, element);
                        QVERIFY(place.row < 8 * perRegister && place.column < 8);
                        b.insert({place.row, place.column});
                    }
                for (int number = 0; number < 4; ++number)
                    c.insert({placeInC(lane, number).row, placeInC(lane, number).column});
            }
            QCOMPARE(static_cast<int>(a.size()), 16 * 8 * perRegister);
            QCOMPARE(static_cast<int>(b.size()), 8 * 8 * perRegister);
            QCOMPARE(static_cast<int>(c.size()), 16 * 8);
        }
        // From the manual: a5 of m16n8k16 is row g, column 2t + 9; b of m16n8k32's second register starts at row 16 +
        // 4t.
        QCOMPARE(placeInA(2, 13, 2, 1), (Place{3, 2 * 1 + 9}));
        QCOMPARE(placeInB(4, 13, 1, 0), (Place{16 + 4, 3}));
        QCOMPARE(placeInA(8, 13, 3, 7), (Place{11, 8 + 7 + 32}));
        QCOMPARE(placeInC(13, 3), (Place{11, 3}));
    }

    /// Whatever an operand's order of inputs, A and B must agree: the input that a lane's weights belong to is the one
    /// whose activation that lane's B register holds.
    void weightsMeetTheirActivations() {
        for (int lane = 0; lane < 32; ++lane)
            for (int half = 0; half < 2; ++half)
                for (int reg = 0; reg < 4; ++reg) {
                    for (int j = 0; j < 2; ++j)  // m16n8k16: the lane's activations 32h + 8t + 4j + 2p + e
                        for (int e = 0; e < 2; ++e) {
                            const int input = 32 * half + 8 * (lane % 4) + 4 * j + 2 * (reg / 2) + e;
                            QCOMPARE(elementOf(WeightFormat::Table4, lane * 4 + 2 * half + j, reg + 4 * e).input,
                                     input);
                            QCOMPARE(elementOf(WeightFormat::Float8, (half * 32 + lane) * 4 + 2 * j + reg / 2,
                                               2 * (reg % 2) + e)
                                         .input,
                                     input);
                        }
                    for (int byte = 0; byte < 4; ++byte) {  // m16n8k32
                        const int input = 32 * half + 8 * (lane % 4) + 4 * (reg / 2) + byte;
                        QCOMPARE(elementOf(WeightFormat::Integer8, (half * 32 + lane) * 4 + reg, byte).input, input);
                        QCOMPARE(elementOf(WeightFormat::Integer4, lane * 4 + reg, 2 * byte + half).input, input);
                    }
                }
    }

    void partsCoverTheWholeOnce() {
        for (int count = 0; count < 40; ++count)
            for (int parts = 1; parts < 12; ++parts) {
                int next = 0;
                for (int part = 0; part < parts; ++part) {
                    const Range range = splitRange(count, parts, part);
                    QCOMPARE(range.first, next);
                    QVERIFY(range.last >= range.first && range.last - range.first <= (count + parts - 1) / parts);
                    next = range.last;
                }
                QCOMPARE(next, count);
            }
    }

    /// Every row and output is in one block, whatever the sizes and the device; parts have something to do.
    void schedulesCoverEverything() {
        std::set<int> rowTiles;
        std::set<IntegerShape> shapes;
        for (const std::int64_t rows : {1, 8, 9, 17, 33, 64, 65, 300, 70000})
            for (const std::int64_t outputs : {1, 16, 65, 512, 4096, 11008})
                for (const std::int64_t inputs : {1, 64, 1000, 4096})
                    for (const int multiprocessors : {1, 14, 132}) {
                        const auto parts = static_cast<int>(inputTiles(inputs));
                        const FloatSchedule floats = floatSchedule(rows, outputs, inputs, multiprocessors);
                        rowTiles.insert(floats.rowTiles);
                        const std::int64_t rowsOfBlock = 8 * floats.rowTiles;
                        const std::int64_t outputsOfBlock = floats.direct ? kTileOutputs : kTiledOutputs;
                        QVERIFY(floats.rowBlocks * rowsOfBlock >= rows && (floats.rowBlocks - 1) * rowsOfBlock < rows);
                        QVERIFY(floats.outputBlocks * outputsOfBlock >= outputs &&
                                (floats.outputBlocks - 1) * outputsOfBlock < outputs);
                        QVERIFY(floats.splits >= 1 && floats.splits <= parts);
                        for (const bool grouped : {false, true})
                            for (const bool gathered : {false, true}) {
                                const IntegerSchedule integers =
                                    integerSchedule(rows, outputs, inputs, grouped, gathered, multiprocessors);
                                const BlockShape shape = shapeOf(integers.shape);
                                shapes.insert(integers.shape);
                                QVERIFY(std::int64_t{integers.rowBlocks} * shape.rows() >= rows &&
                                        std::int64_t{integers.rowBlocks - 1} * shape.rows() < rows);
                                QVERIFY(integers.outputBlocks * shape.outputs() >= outputs &&
                                        (integers.outputBlocks - 1) * shape.outputs() < outputs);
                                QVERIFY(integers.splits >= 1 && integers.splits <= parts);
                                QVERIFY(!grouped || (integers.splits == 1 && integers.shape == IntegerShape::Small));
                                QVERIFY(!gathered || integers.shape != IntegerShape::Wide);
                            }
                    }
        QCOMPARE(static_cast<int>(rowTiles.size()), 4);
        QCOMPARE(static_cast<int>(shapes.size()), 3);
    }

    /// Chunks of a shared tile have one place each, and neither a warp's loads nor its copies meet in a bank.
    void sharedTilesHaveNoConflicts() {
        std::set<int> halves, codes;
        for (int row = 0; row < 64; ++row) {
            for (int chunk = 0; chunk < 8; ++chunk)
                halves.insert(halfChunk(row, chunk));
            for (int chunk = 0; chunk < 4; ++chunk)
                codes.insert(codeChunk(row, chunk));
        }
        QCOMPARE(static_cast<int>(halves.size()), 64 * 8);
        QCOMPARE(*halves.rbegin(), 64 * 8 - 1);
        QCOMPARE(static_cast<int>(codes.size()), 64 * 4);
        QCOMPARE(*codes.rbegin(), 64 * 4 - 1);
        for (int half = 0; half < 2; ++half) {
            for (int first = 0; first < 32; first += 8)  // loads of 128 bits go eight lanes at a time
                QCOMPARE(conflictFreeBanks(first, 8, 16,
                                           [&](int lane) { return halfChunk(lane / 4, 4 * half + lane % 4) * 16; }),
                         32);
            for (int first = 0; first < 32; first += 16)  // of 64 bits sixteen
                QCOMPARE(conflictFreeBanks(first, 16, 8,
                                           [&](int lane) {
                                               const int byte = 32 * half + 8 * (lane % 4);
                                               return codeChunk(lane / 4, byte / 16) * 16 + byte % 16;
                                           }),
                         32);
        }
        for (int first = 0; first < 32; first += 8) {
            QCOMPARE(conflictFreeBanks(first, 8, 16, [](int lane) { return halfChunk(lane / 8, lane % 8) * 16; }), 32);
            QCOMPARE(conflictFreeBanks(first, 8, 16, [](int lane) { return codeChunk(lane / 4, lane % 4) * 16; }), 32);
        }
    }

    void divisions() {
        for (const std::uint32_t by : {1U, 2U, 3U, 7U, 12U, 64U, 225U, 900U, 65535U, 65536U, 1000003U}) {
            const Divider divider(by);
            for (const std::uint32_t n : {0U, 1U, by - 1, by, by + 1, 12345678U, 2147483646U, 2147483647U}) {
                QCOMPARE(divider.quotient(n), n / by);
                QCOMPARE(divider.remainder(n), n % by);
            }
            for (std::uint32_t multiple = by; multiple < 1U << 31; multiple += by * 997)
                QVERIFY(divider.quotient(multiple) == multiple / by &&
                        divider.quotient(multiple - 1) == (multiple - 1) / by);
        }
    }

    /// The pixels of a convolution as a product against plain loops.
    void convolutionsReadTheRightPixels() {
        struct Case {
            int batch, height, width, channels, kernelY, kernelX, strideY, strideX, paddingY, paddingX, dilationY,
                dilationX;
        };
        for (const Case& c : {Case{2, 7, 9, 4, 3, 3, 2, 2, 1, 1, 1, 1}, Case{1, 5, 5, 16, 1, 1, 1, 1, 0, 0, 1, 1},
                              Case{3, 8, 11, 8, 3, 2, 1, 3, 2, 1, 2, 1}, Case{1, 12, 6, 12, 7, 5, 2, 1, 3, 2, 1, 1}}) {
            ConvCall call;
            call.height = c.height;
            call.width = c.width;
            call.kernel[0] = c.kernelY;
            call.kernel[1] = c.kernelX;
            call.stride[0] = c.strideY;
            call.stride[1] = c.strideX;
            call.padding[0] = c.paddingY;
            call.padding[1] = c.paddingX;
            call.dilation[0] = c.dilationY;
            call.dilation[1] = c.dilationX;
            const auto outHeight = static_cast<std::uint32_t>(call.outHeight());
            const auto outWidth = static_cast<std::uint32_t>(call.outWidth());
            const ConvGeometry conv{c.height,
                                    c.width,
                                    c.channels,
                                    c.strideY,
                                    c.strideX,
                                    c.paddingY,
                                    c.paddingX,
                                    c.dilationY,
                                    c.dilationX,
                                    Divider(outWidth),
                                    Divider(outHeight),
                                    Divider(static_cast<std::uint32_t>(c.channels)),
                                    Divider(static_cast<std::uint32_t>(c.kernelX))};
            std::uint32_t pixel = 0;
            for (int image = 0; image < c.batch; ++image)
                for (int row = 0; row < static_cast<int>(outHeight); ++row)
                    for (int column = 0; column < static_cast<int>(outWidth); ++column, ++pixel) {
                        const Window window = windowOf(conv, pixel);
                        std::uint32_t input = 0;
                        for (int dy = 0; dy < c.kernelY; ++dy)
                            for (int dx = 0; dx < c.kernelX; ++dx)
                                for (int channel = 0; channel < c.channels; ++channel, ++input) {
                                    const int y = row * c.strideY - c.paddingY + dy * c.dilationY;
                                    const int x = column * c.strideX - c.paddingX + dx * c.dilationX;
                                    const bool inside = y >= 0 && y < c.height && x >= 0 && x < c.width;
                                    const std::int64_t wanted =
                                        inside ? ((image * c.height + y) * c.width + x) * c.channels + channel : -1;
                                    QCOMPARE(sourceOf(conv, window, input), wanted);
                                }
                    }
        }
    }
};

QTEST_GUILESS_MAIN(CudaIndexTest)
#include "CudaIndexTest.moc"
