#pragma once
#include <cstddef>
#include <optional>
#include <span>

namespace sqil::hdf5 {

inline constexpr int kLzfFilter = 32000;  ///< its registered number

/// Decodes LibLZF's format, h5py's "lzf" compression. A control byte below 32 starts a run of
/// control + 1 literal bytes; any other is a copy of earlier output: its top 3 bits are the length
/// − 2 (7: one byte more to add follows), its low 5 bits and the next byte the distance − 1.
/// The bytes written, or none where the input is damaged or `output` too small.
std::optional<std::size_t> decodeLzf(std::span<const std::byte> input, std::span<std::byte> output);

/// Teaches HDF5 to read data sets compressed so (filter 32000). Called once, under the lock.
void registerLzfFilter();

}  // namespace sqil::hdf5
