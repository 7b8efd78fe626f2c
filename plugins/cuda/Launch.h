#pragma once
#include <string>

#include "core/kernels/PanelLayout.h"
#include "plugins/cuda/kernels/Arguments.h"

// What Register.cpp asks of the files that nvcc compiles: neither knows the other's headers. All run on `stream` (a
// cudaStream_t) of the current device and throw LaunchError.
namespace sqil::cuda {

struct LaunchError {
    std::string message;
};

/// What a launch needs to know of the current device.
struct DeviceFacts {
    int multiprocessors = 1;
    int major = 0, minor = 0;  ///< compute capability
};

enum class FloatWeights;
struct Quantization;
struct Pooling;

void launchFloat(const FloatLinear& call, FloatWeights weights, bool bfloat, const FloatSchedule& schedule,
                 float* rowSums, void* stream);
void launchLinear(const IntegerProduct& call, bool fourBits, const IntegerSchedule& schedule, void* stream);
void launchConv(const IntegerProduct& call, bool fourBits, const IntegerSchedule& schedule, void* stream);
void launchRepack(WeightFormat format, const std::uint8_t* packed, std::int64_t outputs, std::int64_t inputs,
                  std::uint32_t* to, void* stream);
void launchQuantizeRows(const float* from, std::int64_t rows, std::int64_t count, std::int64_t pitch,
                        const Quantization& quantization, std::uint8_t* to, void* stream);
void launchQuantizePixels(const float* from, std::int64_t images, std::int64_t channels, std::int64_t plane,
                          const Quantization& quantization, std::uint8_t* to, void* stream);
/// `bytes` of a value: 1, 2 (halves) or 4 (floats).
void launchMaxPool(const void* from, int bytes, std::int64_t count, const Pooling& pooling, void* to, void* stream);

DeviceFacts deviceFacts();
/// Whether this library holds code for the current device.
bool supportsDevice();

}  // namespace sqil::cuda
