#include "core/bench/DeviceRoofs.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "core/policy/DeviceMemory.h"

namespace sqil {
namespace {

constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;
constexpr std::int64_t kLargestMatrix = 8192, kMatrixStep = 64;  // tensor cores want multiples
constexpr std::int64_t kMostLaunches = 3;                        // of each, in one measurement

}  // namespace

DeviceRoofs::DeviceRoofs(at::Device device) : clock_(device) {
    const auto memory = memoryOf(device);
    const std::int64_t most = std::min(kMostBytes, memory ? memory->free / 32 : kMostBytes / 16);
    from_ = at::zeros({std::max<std::int64_t>(most, 1 << 16)}, at::TensorOptions(device).dtype(at::kByte));
    to_ = at::empty_like(from_);
    // Three matrices of 16 bits and three of integers within the same again.
    const auto side = static_cast<std::int64_t>(std::sqrt(static_cast<double>(most) / 12));
    const std::int64_t size = std::clamp(side / kMatrixStep * kMatrixStep, kMatrixStep, kLargestMatrix);
    left_ = at::full({size, size}, 0.01, at::TensorOptions(device).dtype(at::kBFloat16));
    right_ = left_.clone();
    leftCodes_ = at::ones({size, size}, at::TensorOptions(device).dtype(at::kChar));
    rightCodes_ = leftCodes_.clone();
}

Roofs DeviceRoofs::measure() {
    Roofs roofs;
    const auto best = [&](const std::function<void()>& work) {
        double seconds = INFINITY;
        for (int launch = 0; launch < kMostLaunches; ++launch)
            seconds = std::min(seconds, clock_.seconds(work, work));
        return std::max(seconds, 1e-9);
    };
    roofs.readBytesPerSecond = 2.0 * static_cast<double>(from_.numel()) / best([this] { to_.copy_(from_); });
    const double operations = 2 * std::pow(static_cast<double>(left_.size(0)), 3);
    roofs.floatOperationsPerSecond = operations / best([this] { at::mm(left_, right_.t()); });
    roofs.integerOperationsPerSecond = roofs.floatOperationsPerSecond;
    if (!problem_.empty())
        return roofs;
    try {
        roofs.integerOperationsPerSecond = operations / best([this] { at::_int_mm(leftCodes_, rightCodes_.t()); });
    } catch (const c10::Error& error) {
        problem_ = deviceError(error, clock_.device(), "the roof of integers is that of bfloat16").message;
    }
    return roofs;
}

}  // namespace sqil
