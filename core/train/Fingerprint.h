#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/base/Progress.h"
#include "core/base/Result.h"

namespace sqil {

/// A 64-bit checksum that tells damaged or exchanged data apart (not one that withstands an attacker), fed in parts.
/// Where the parts are cut does not matter.
class Checksum {
public:
    void add(std::span<const std::byte> bytes);
    void add(std::string_view text) { add(std::as_bytes(std::span(text))); }
    std::string text() const;  ///< 16 hexadecimal digits

private:
    void mix(std::uint64_t word);
    std::uint64_t state_ = 0x5351494C5351494Cu;
    std::uint64_t length_ = 0;
    std::uint64_t pending_ = 0;
};

/// The checksum of a file's bytes, or, for a folder, of its files' names and sizes.
Result<std::string> fingerprintOf(const std::filesystem::path& path);

}  // namespace sqil
