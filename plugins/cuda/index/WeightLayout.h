#pragma once
#include <cstdint>

#include "core/kernels/PanelLayout.h"

namespace sqil::cuda {

/// Weights on the device: tiles of 16 outputs × 64 inputs, every tile in the order in which a warp reads it, so that
/// each lane's 128-bit load is four registers that are ready for the tensor cores: [outputs/16][inputs/64][vectors]
/// [32 lanes][4 words], one vector for 4 bits, two for 8. A sum over inputs may take them in any order: of every 32
/// inputs lane 4g + t holds 8t … 8t + 7, of outputs g and g + 8, which makes the activations' loads of 128 bits too.
inline constexpr int kTileOutputs = 16;
inline constexpr int kTileInputs = 64;
inline constexpr int kLanesOfWarp = 32;

constexpr bool isFourBits(WeightFormat format) {
    return format == WeightFormat::Table4 || format == WeightFormat::Integer4;
}
constexpr int vectorsOf(WeightFormat format) {
    return isFourBits(format) ? 1 : 2;
}
constexpr int weightsPerWord(WeightFormat format) {
    return isFourBits(format) ? 8 : 4;
}
constexpr std::int64_t outputTiles(std::int64_t outputs) {
    return (outputs + kTileOutputs - 1) / kTileOutputs;
}
constexpr std::int64_t inputTiles(std::int64_t inputs) {
    return (inputs + kTileInputs - 1) / kTileInputs;
}
constexpr std::int64_t wordsPerTile(WeightFormat format) {
    return std::int64_t{vectorsOf(format)} * kLanesOfWarp * 4;
}
constexpr std::int64_t deviceWords(WeightFormat format, std::int64_t outputs, std::int64_t inputs) {
    return outputTiles(outputs) * inputTiles(inputs) * wordsPerTile(format);
}

/// Of an element: place in its tile.
struct TilePlace {
    int output = 0, input = 0;
    constexpr bool operator==(const TilePlace&) const = default;
};

/// Element `slot` (from the lowest bits up) of word `word` of a tile.
constexpr TilePlace elementOf(WeightFormat format, int word, int slot) {
    const int part = word % 4, lane = word / 4 % kLanesOfWarp, vector = word / 4 / kLanesOfWarp;
    const int first = 8 * (lane % 4);
    int half = 0, reg = 0, within = 0;  // of 64 inputs; of the A operand; of the lane's eight inputs
    switch (format) {
        case WeightFormat::Table4:  // a word: one m16n8k16; register r's elements in nibbles r and r + 4
            half = part / 2;
            reg = slot % 4;
            within = 4 * (part % 2) + 2 * (reg / 2) + slot / 4;
            break;
        case WeightFormat::Float8:  // two words: one m16n8k16; a word: registers 2q and 2q + 1, two bytes each
            half = vector;
            reg = 2 * (part % 2) + slot / 2;
            within = 4 * (part / 2) + 2 * (reg / 2) + slot % 2;
            break;
        case WeightFormat::Integer8:  // a vector: one m16n8k32; a word: one register
            half = vector;
            reg = part;
            within = 4 * (reg / 2) + slot;
            break;
        case WeightFormat::Integer4:  // low nibbles: register of the first m16n8k32, high nibbles: of the second
            half = slot % 2;
            reg = part;
            within = 4 * (reg / 2) + slot / 2;
            break;
    }
    return {lane / 4 + 8 * (reg % 2), 32 * half + first + within};
}

/// One weight of a packed buffer (PanelLayout.h), as stored.
constexpr std::uint32_t storedInPanels(WeightFormat format, const std::uint8_t* packed, std::int64_t outputs,
                                       std::int64_t inputs, std::int64_t output, std::int64_t input) {
    const Panels panels{outputs};
    const std::int64_t panel = output / kPanelOutputs, column = output % kPanelOutputs;
    const std::int64_t width = std::int64_t{panels.vectors(panel)} * kLanes;
    const std::uint8_t* first = packed + panels.offset(panel, bytesPerOutput(format, inputs));
    switch (format) {
        case WeightFormat::Table4:
            return first[(input / 8 * width + column) * 4 + input % 8 / 2] >> 4 * (input % 2) & 15U;
        case WeightFormat::Float8:
            return first[input * width + column];
        case WeightFormat::Integer8:
            return first[(input / 4 * width + column) * 4 + input % 4];
        case WeightFormat::Integer4:
            return first[(input / 8 * width + column) * 4 + input % 4] >> 4 * (input / 4 % 2) & 15U;
    }
    return 0;
}

/// What stands for no weight. Float8 is stored with 128 added: a byte is then the low end of a half's mantissa.
constexpr std::uint32_t storedZero(WeightFormat format) {
    return format == WeightFormat::Table4 ? 8U : format == WeightFormat::Float8 ? 128U : 0U;
}

/// Word `index` of the device's layout, gathered from panels.
constexpr std::uint32_t deviceWord(WeightFormat format, const std::uint8_t* packed, std::int64_t outputs,
                                   std::int64_t inputs, std::int64_t index) {
    const std::int64_t tile = index / wordsPerTile(format);
    const int word = static_cast<int>(index % wordsPerTile(format));
    const std::int64_t firstOutput = tile / inputTiles(inputs) * kTileOutputs;
    const std::int64_t firstInput = tile % inputTiles(inputs) * kTileInputs;
    const int bits = isFourBits(format) ? 4 : 8;
    std::uint32_t result = 0;
    for (int slot = 0; slot < weightsPerWord(format); ++slot) {
        const TilePlace place = elementOf(format, word, slot);
        const std::int64_t output = firstOutput + place.output, input = firstInput + place.input;
        std::uint32_t stored = storedZero(format);
        if (output < outputs && input < inputs) {
            stored = storedInPanels(format, packed, outputs, inputs, output, input);
            if (format == WeightFormat::Float8)
                stored ^= 128U;
        }
        result |= stored << bits * slot;
    }
    return result;
}

/// Scales, zeros and corrections stay in panels: those of a tile of outputs and a group are 16 numbers side by side.
struct TileGroups {
    std::int64_t first = 0;  ///< of group 0, output 0 of the tile
    int stride = 0;          ///< from group to group
};

constexpr TileGroups tileGroups(std::int64_t outputs, std::int64_t groups, std::int64_t tile) {
    const std::int64_t panel = tile * kTileOutputs / kPanelOutputs;
    return {groupIndex(outputs, groups, tile * kTileOutputs, 0), Panels{outputs}.vectors(panel) * kLanes};
}

}  // namespace sqil::cuda
