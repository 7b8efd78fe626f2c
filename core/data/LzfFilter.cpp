#include "core/data/LzfFilter.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <hdf5.h>

namespace sqil::hdf5 {
namespace {

constexpr std::size_t kLargestChunk = std::size_t{512} << 20;

/// HDF5's filter callback: replaces *buffer by its decoded form; 0 is failure. h5py stores the
/// size of a whole chunk as the third client value.
std::size_t filterLzf(unsigned flags, std::size_t valueCount, const unsigned values[], std::size_t bytes,
                      std::size_t* bufferBytes, void** buffer) {
    if ((flags & H5Z_FLAG_REVERSE) == 0 || valueCount < 3 || values[2] == 0 || values[2] > kLargestChunk)
        return 0;
    const std::size_t capacity = values[2];
    void* decoded = H5allocate_memory(capacity, false);
    if (decoded == nullptr)
        return 0;
    const auto written =
        decodeLzf({static_cast<const std::byte*>(*buffer), bytes}, {static_cast<std::byte*>(decoded), capacity});
    if (!written) {
        H5free_memory(decoded);
        return 0;
    }
    // HDF5 takes the chunk's size for granted: a shorter one is padded.
    std::memset(static_cast<std::byte*>(decoded) + *written, 0, capacity - *written);
    H5free_memory(*buffer);
    *buffer = decoded;
    *bufferBytes = capacity;
    return capacity;
}

}  // namespace

std::optional<std::size_t> decodeLzf(std::span<const std::byte> input, std::span<std::byte> output) {
    std::size_t in = 0, out = 0;
    while (in < input.size()) {
        const auto control = static_cast<std::size_t>(input[in++]);
        if (control < 32) {
            const std::size_t length = control + 1;
            if (length > input.size() - in || length > output.size() - out)
                return std::nullopt;
            std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(in), length,
                        output.begin() + static_cast<std::ptrdiff_t>(out));
            in += length;
            out += length;
            continue;
        }
        std::size_t length = control >> 5;
        if (length == 7) {
            if (in == input.size())
                return std::nullopt;
            length += static_cast<std::size_t>(input[in++]);
        }
        length += 2;
        if (in == input.size())
            return std::nullopt;
        const std::size_t distance = ((control & 31) << 8) + static_cast<std::size_t>(input[in++]) + 1;
        if (distance > out || length > output.size() - out)
            return std::nullopt;
        // The copy may overlap itself (a run): byte by byte, in order.
        for (std::size_t i = 0; i < length; ++i, ++out)
            output[out] = output[out - distance];
    }
    return out;
}

void registerLzfFilter() {
    static const H5Z_class2_t filter = {H5Z_CLASS_T_VERS, kLzfFilter, 0, 1, "lzf", nullptr, nullptr, filterLzf};
    H5Zregister(&filter);
}

}  // namespace sqil::hdf5
