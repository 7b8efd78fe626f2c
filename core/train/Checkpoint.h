#pragma once
#include <filesystem>
#include <map>
#include <string>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"

namespace sqil {

/// The whole state of a training run: its tensors (weights, quantizer steps, the optimizer's moments, the average, the
/// best weights so far) and everything else as JSON. Data order, augmentation and dropout are pure functions of
/// (seed, step), so no generator's state is needed.
struct Checkpoint {
    std::string state;  ///< JSON
    std::map<std::string, at::Tensor> tensors;
};

/// Writes it as one safetensors file with a checksum over everything, atomically: whoever is killed, at any instant,
/// leaves the old checkpoint or the new one.
Result<void> writeCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// A file with any byte changed, cut off or added is an error.
Result<Checkpoint> readCheckpoint(const std::filesystem::path& path);

}  // namespace sqil
