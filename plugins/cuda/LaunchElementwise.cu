#include "plugins/cuda/StartKernel.cuh"

namespace sqil::cuda {
namespace {

Grid gridFor(std::int64_t elements) {
    return {static_cast<int>((elements + kElementThreads - 1) / kElementThreads), 1, 1};
}

}  // namespace

void launchRepack(WeightFormat format, const std::uint8_t* packed, std::int64_t outputs, std::int64_t inputs,
                  std::uint32_t* to, void* stream) {
    const auto start = [&](auto kernel) {
        on(stream)(kernel, gridFor(deviceWords(format, outputs, inputs)), kElementThreads, 0, packed, outputs, inputs,
                   to);
    };
    switch (format) {
        case WeightFormat::Table4:
            return start(repack<WeightFormat::Table4>);
        case WeightFormat::Float8:
            return start(repack<WeightFormat::Float8>);
        case WeightFormat::Integer8:
            return start(repack<WeightFormat::Integer8>);
        case WeightFormat::Integer4:
            return start(repack<WeightFormat::Integer4>);
    }
}

void launchQuantizeRows(const float* from, std::int64_t rows, std::int64_t count, std::int64_t pitch,
                        const Quantization& quantization, std::uint8_t* to, void* stream) {
    on(stream)(quantizeRows<float>, gridFor(rows * pitch), kElementThreads, 0, from, rows, count, pitch, quantization,
               to);
}

void launchQuantizePixels(const float* from, std::int64_t images, std::int64_t channels, std::int64_t plane,
                          const Quantization& quantization, std::uint8_t* to, void* stream) {
    on(stream)(quantizePixels<float>, gridFor(images * ((channels + 3) / 4) * plane), kElementThreads, 0, from, images,
               channels, plane, quantization, to);
}

void launchMaxPool(const void* from, int bytes, std::int64_t count, const Pooling& pooling, void* to, void* stream) {
    const auto start = [&]<class Value>(Value* target) {
        on(stream)(maxPool<Value>, gridFor(count), kElementThreads, 0, static_cast<const Value*>(from), count, pooling,
                   target);
    };
    if (bytes == 1)
        start(static_cast<std::uint8_t*>(to));
    else if (bytes == 2)
        start(static_cast<std::uint16_t*>(to));
    else
        start(static_cast<float*>(to));
}

DeviceFacts deviceFacts() {
    int device = 0;
    DeviceFacts facts;
    if (cudaGetDevice(&device) != cudaSuccess ||
        cudaDeviceGetAttribute(&facts.multiprocessors, cudaDevAttrMultiProcessorCount, device) != cudaSuccess ||
        cudaDeviceGetAttribute(&facts.major, cudaDevAttrComputeCapabilityMajor, device) != cudaSuccess ||
        cudaDeviceGetAttribute(&facts.minor, cudaDevAttrComputeCapabilityMinor, device) != cudaSuccess)
        throw LaunchError{"the device does not say what it is"};
    return facts;
}

bool supportsDevice() {
    cudaFuncAttributes attributes{};
    const bool holds = cudaFuncGetAttributes(&attributes, quantizeRows<float>) == cudaSuccess;
    (void)cudaGetLastError();
    return holds;
}

}  // namespace sqil::cuda
