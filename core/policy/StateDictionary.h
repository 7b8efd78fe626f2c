#pragma once
#include <map>
#include <string>

#include <ATen/core/Tensor.h>

#include "core/policy/ZipArchive.h"

namespace sqil {

/// Reads what torch.save(module.state_dict()) writes (PyTorch 1.6 and newer: a ZIP archive): tensors by name, float32,
/// contiguous, on the CPU. The archive's pickle is followed, never executed: ordered dictionaries, tensors and
/// storages are all that it may name, and every tensor lies inside the bytes stored for it.
/// Throws FileProblem that names the archive.
std::map<std::string, at::Tensor> readStateDictionary(const ZipArchive& archive);

}  // namespace sqil
