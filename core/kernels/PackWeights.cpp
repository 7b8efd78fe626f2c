#include "core/kernels/PackWeights.h"

namespace sqil {
namespace {

/// Where a weight is: its byte, and the bits in it.
struct Place {
    std::int64_t byte = 0;
    int shift = 0;
};

/// The weights of one output.
struct Row {
    std::int64_t start = 0, width = 0, column = 0;

    Row(WeightFormat format, std::int64_t outputs, std::int64_t inputs, std::int64_t output) {
        const Panels panels{outputs};
        const std::int64_t panel = output / kPanelOutputs;
        start = panels.offset(panel, bytesPerOutput(format, inputs));
        width = static_cast<std::int64_t>(panels.vectors(panel)) * kLanes;
        column = output % kPanelOutputs;
    }

    Place at(WeightFormat format, std::int64_t input) const {
        switch (format) {
            case WeightFormat::Table4:
                return {start + (input / 8 * width + column) * 4 + input % 8 / 2, static_cast<int>(input % 2) * 4};
            case WeightFormat::Float8:
                return {start + input * width + column, 0};
            case WeightFormat::Integer8:
                return {start + (input / 4 * width + column) * 4 + input % 4, 0};
            case WeightFormat::Integer4:
                break;
        }
        return {start + (input / 8 * width + column) * 4 + input % 4, input % 8 < 4 ? 0 : 4};
    }
};

bool isHalfByte(WeightFormat format) {
    return format == WeightFormat::Table4 || format == WeightFormat::Integer4;
}

}  // namespace

std::vector<std::uint8_t> packWeights(WeightFormat format, std::span<const std::int8_t> integers, std::int64_t outputs,
                                      std::int64_t inputs) {
    std::vector<std::uint8_t> packed(static_cast<std::size_t>(packedBytes(format, outputs, inputs)), 0);
    for (std::int64_t output = 0; output < outputs; ++output) {
        const Row row(format, outputs, inputs, output);
        for (std::int64_t input = 0; input < inputs; ++input) {
            const auto value = static_cast<std::uint8_t>(integers[static_cast<std::size_t>(output * inputs + input)]);
            const Place place = row.at(format, input);
            const unsigned bits = isHalfByte(format) ? (value & 15U) << place.shift : value;
            packed[static_cast<std::size_t>(place.byte)] |= static_cast<std::uint8_t>(bits);
        }
    }
    return packed;
}

int unpackWeight(WeightFormat format, const std::uint8_t* packed, std::int64_t outputs, std::int64_t inputs,
                 std::int64_t output, std::int64_t input) {
    const Place place = Row(format, outputs, inputs, output).at(format, input);
    const std::uint8_t byte = packed[place.byte];
    if (!isHalfByte(format))
        return static_cast<std::int8_t>(byte);
    const int nibble = (byte >> place.shift) & 15;
    return format == WeightFormat::Integer4 && nibble > 7 ? nibble - 16 : nibble;
}

}  // namespace sqil
