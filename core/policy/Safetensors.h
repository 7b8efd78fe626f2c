#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"

namespace sqil {

/// The contents of a .safetensors file: named tensors on the CPU, contiguous, and text by name.
struct Safetensors {
    std::map<std::string, at::Tensor> tensors;
    std::map<std::string, std::string> metadata;
};

/// Reads a whole file of the safetensors layout (8 bytes: length of the header, little-endian; a JSON header; the
/// tensors' bytes). Nothing in the file is trusted: the header is at most 100 MB and 100,000 tensors, names are
/// unique, every shape, element type and offset fits the file, and the tensors fill it without holes or overlaps.
/// Element types: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL.
Result<Safetensors> readSafetensors(const std::filesystem::path& path);

/// Writes the file atomically (replaceFile()): flushed to disk before it takes the name.
Result<void> writeSafetensors(const std::filesystem::path& path, const Safetensors& contents);

}  // namespace sqil
