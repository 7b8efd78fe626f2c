#pragma once
#include <string>

#include <ATen/core/Tensor.h>

#include "core/bench/DeviceClock.h"
#include "core/bench/Roofs.h"

namespace sqil {

/// What a device can do at most, measured through LibTorch: the bytes that a copy of its memory reads and writes, and
/// square products of bfloat16 and of 8-bit integers. Takes an eighth of the free memory at most.
class DeviceRoofs {
public:
    /// Throws c10::Error where the device does not take it.
    explicit DeviceRoofs(at::Device device);

    /// One measurement; the roofs are the best of a run.
    Roofs measure();
    /// Why there is no roof of integers of its own (the one of bfloat16 stands for it); empty: there is.
    const std::string& problem() const { return problem_; }

private:
    DeviceClock clock_;
    at::Tensor from_, to_, left_, right_, leftCodes_, rightCodes_;
    std::string problem_;
};

}  // namespace sqil
