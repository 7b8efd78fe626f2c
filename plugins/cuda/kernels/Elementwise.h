#pragma once
#include "plugins/cuda/index/WeightLayout.h"
#include "plugins/cuda/kernels/Finish.h"

namespace sqil::cuda {

inline constexpr int kElementThreads = 256;

/// This thread's number among all of the grid's.
SQIL_GPU std::int64_t elementIndex() {
    return std::int64_t{gpu::blockX()} * kElementThreads + gpu::thread();
}

/// Weights from panels into the device's layout: one thread a word.
template<WeightFormat Format>
SQIL_KERNEL(kElementThreads)
repack(const std::uint8_t* packed, std::int64_t outputs, std::int64_t inputs, std::uint32_t* to) {
    const std::int64_t index = elementIndex();
    if (index < deviceWords(Format, outputs, inputs))
        to[index] = deviceWord(Format, packed, outputs, inputs, index);
}

SQIL_GPU float valueOf(std::uint8_t code) {
    return code;
}
SQIL_GPU float valueOf(std::uint16_t half) {
    return gpu::halfAsFloat(half);
}
SQIL_GPU float valueOf(float value) {
    return value;
}

/// Numbers to codes clip(round(x/step) + zero, 0, maximum).
struct Quantization {
    float inverseStep = 1;
    std::int32_t zero = 0, maximum = 255;
};

SQIL_GPU std::uint8_t codeOf(const Quantization& quantization, float value) {
    const float code = gpu::add(gpu::roundToEven(gpu::multiply(value, quantization.inverseStep)),
                                static_cast<float>(quantization.zero));
    const auto most = static_cast<float>(quantization.maximum);
    return static_cast<std::uint8_t>(code > 0 ? (code < most ? code : most) : 0.0F);
}

/// Rows of `count` numbers to rows of `pitch` codes: one thread a code.
template<class Value>
SQIL_KERNEL(kElementThreads)
quantizeRows(const Value* from, std::int64_t rows, std::int64_t count, std::int64_t pitch, Quantization quantization,
             std::uint8_t* to) {
    const std::int64_t index = elementIndex();
    if (index >= rows * pitch)
        return;
    const std::int64_t row = index / pitch, column = index % pitch;
    to[index] = column < count ? codeOf(quantization, valueOf(from[row * count + column])) : std::uint8_t{0};
}

/// N×C×H×W numbers to N×H×W×pitch codes, those of no channel the code of zero: one thread four channels of a pixel.
template<class Value>
SQIL_KERNEL(kElementThreads)
quantizePixels(const Value* from, std::int64_t images, std::int64_t channels, std::int64_t plane,
               Quantization quantization, std::uint8_t* to) {
    const std::int64_t quads = (channels + 3) / 4, index = elementIndex();
    if (index >= images * quads * plane)
        return;
    const std::int64_t pixel = index % plane, quad = index / plane % quads, image = index / plane / quads;
    std::uint32_t word = 0;
    for (int i = 0; i < 4; ++i) {
        const std::int64_t channel = 4 * quad + i;
        const float value = channel < channels ? valueOf(from[(image * channels + channel) * plane + pixel]) : 0.0F;
        word |= std::uint32_t{codeOf(quantization, value)} << 8 * i;
    }
    reinterpret_cast<std::uint32_t*>(to)[(image * plane + pixel) * quads + quad] = word;
}

struct Pooling {
    int height = 1, width = 1, channels = 1, outHeight = 1, outWidth = 1;
    int kernelY = 1, kernelX = 1, strideY = 1, strideX = 1, paddingY = 0, paddingX = 0;
};

/// The largest value of every window, channels last: one thread a value; `Value`: uint8, a half's bits, or float.
template<class Value>
SQIL_KERNEL(kElementThreads)
maxPool(const Value* from, std::int64_t count, Pooling pooling, Value* to) {
    const std::int64_t index = elementIndex();
    if (index >= count)
        return;
    const std::int64_t channel = index % pooling.channels, pixel = index / pooling.channels;
    const auto column = static_cast<int>(pixel % pooling.outWidth);
    const auto row = static_cast<int>(pixel / pooling.outWidth % pooling.outHeight);
    const std::int64_t image = pixel / pooling.outWidth / pooling.outHeight;
    Value best{};
    bool any = false;
    for (int y = row * pooling.strideY - pooling.paddingY, dy = 0; dy < pooling.kernelY; ++dy)
        for (int x = column * pooling.strideX - pooling.paddingX, dx = 0; dx < pooling.kernelX; ++dx) {
            if (y + dy < 0 || y + dy >= pooling.height || x + dx < 0 || x + dx >= pooling.width)
                continue;
            const Value value =
                from[((image * pooling.height + y + dy) * pooling.width + x + dx) * pooling.channels + channel];
            if (!any || valueOf(value) > valueOf(best))
                best = value;
            any = true;
        }
    to[index] = best;
}

}  // namespace sqil::cuda
