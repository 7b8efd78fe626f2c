#pragma once
#include <map>
#include <string>

#include <ATen/core/Tensor.h>

#include "core/policy/JsonText.h"
#include "core/policy/ZipArchive.h"

namespace sqil {

/// A tensor of the archive, and what its entry says besides.
struct StoredTensor {
    at::Tensor tensor;
    bool trainable = false;
};

/// The tensors listed in one of the archive's weight tables ({"config": {name: …}}), whose bytes lie
/// under `folder`. Names that share a file share memory. Throws FileProblem.
std::map<std::string, StoredTensor> readPt2Tensors(const ZipArchive& archive, const JsonView& table,
                                                   const std::string& folder);

}  // namespace sqil
