#pragma once
#include <optional>
#include <string>

#include <c10/core/Layout.h>
#include <c10/core/MemoryFormat.h>
#include <c10/core/ScalarType.h>

namespace sqil {

// Numbers and names of torch.export's serialization schema, major version 8
// (torch/_export/serde/schema.py), and their ATen counterparts.

inline constexpr int pt2SchemaMajor = 8;
inline constexpr int pt2SchemaMinor = 17;

std::optional<at::ScalarType> scalarTypeFromPt2(std::int64_t number);
std::optional<std::int64_t> scalarTypeToPt2(at::ScalarType type);
std::optional<at::Layout> layoutFromPt2(std::int64_t number);
std::optional<std::int64_t> layoutToPt2(at::Layout layout);
std::optional<at::MemoryFormat> memoryFormatFromPt2(std::int64_t number);
std::optional<std::int64_t> memoryFormatToPt2(at::MemoryFormat format);

/// "torch.ops.aten.flatten.using_ints" → "aten::flatten.using_ints", "_operator.mul" →
/// "scalar::mul"; none where it is not a call of an operator.
std::optional<std::string> targetFromPt2(const std::string& target);
std::optional<std::string> targetToPt2(const std::string& target);

}  // namespace sqil
