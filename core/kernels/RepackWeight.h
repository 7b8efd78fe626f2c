#pragma once
#include <cstdint>

#include <ATen/core/Tensor.h>

#include "core/kernels/PanelLayout.h"

namespace sqil {

/// Whether the device reads packed weights in a layout of its own; the CPU reads them as they are packed.
bool hasOwnWeightLayout(at::Device device);

/// The packed weight, already on a device, in that device's layout. Throws c10::Error where it has none, or no memory.
at::Tensor repackedWeight(const at::Tensor& packed, WeightFormat format, std::int64_t outputs);

}  // namespace sqil
