#pragma once
#include <cstdint>

namespace sqil::cuda {

/// Division of numbers below 2^31 by a constant known before the launch: a multiplication and a shift (Granlund and
/// Montgomery, "Division by Invariant Integers using Multiplication", 1994).
struct Divider {
    std::uint32_t divisor = 1, multiplier = 1;
    int shift = 0;

    constexpr Divider() = default;
    constexpr explicit Divider(std::uint32_t by) : divisor(by) {
        while ((std::uint64_t{1} << shift) < by)
            ++shift;
        multiplier = static_cast<std::uint32_t>((std::uint64_t{1} << 32) * ((std::uint64_t{1} << shift) - by) / by + 1);
    }
    constexpr std::uint32_t quotient(std::uint32_t n) const {
        const auto high = static_cast<std::uint32_t>(std::uint64_t{n} * multiplier >> 32);
        return static_cast<std::uint32_t>((std::uint64_t{high} + n) >> shift);
    }
    constexpr std::uint32_t remainder(std::uint32_t n) const { return n - quotient(n) * divisor; }
};

/// A convolution as a product of matrices: rows are output pixels, inputs are (kernel row, kernel column, channel).
struct ConvGeometry {
    int height = 1, width = 1, channels = 4;  ///< of the input, N×H×W×C
    int strideY = 1, strideX = 1, paddingY = 0, paddingX = 0, dilationY = 1, dilationX = 1;
    Divider outWidth, outHeight, byChannels, kernelWidth;
};

/// The upper left corner of a pixel's window; it may lie beyond the border.
struct Window {
    int image = 0, y = 0, x = 0;
};

constexpr Window windowOf(const ConvGeometry& conv, std::uint32_t pixel) {
    const std::uint32_t line = conv.outWidth.quotient(pixel), image = conv.outHeight.quotient(line);
    const auto column = static_cast<int>(pixel - line * conv.outWidth.divisor);
    const auto row = static_cast<int>(line - image * conv.outHeight.divisor);
    return {static_cast<int>(image), row * conv.strideY - conv.paddingY, column * conv.strideX - conv.paddingX};
}

/// Where input `input` of that window is read, in bytes of the input tensor; −1: beyond the border. Channels that
/// follow lie behind it.
constexpr std::int64_t sourceOf(const ConvGeometry& conv, const Window& window, std::uint32_t input) {
    const std::uint32_t tap = conv.byChannels.quotient(input), line = conv.kernelWidth.quotient(tap);
    const auto channel = static_cast<int>(input - tap * conv.byChannels.divisor);
    const int y = window.y + static_cast<int>(line) * conv.dilationY;
    const int x = window.x + static_cast<int>(tap - line * conv.kernelWidth.divisor) * conv.dilationX;
    if (y < 0 || y >= conv.height || x < 0 || x >= conv.width)
        return -1;
    return ((std::int64_t{window.image} * conv.height + y) * conv.width + x) * conv.channels + channel;
}

}  // namespace sqil::cuda
