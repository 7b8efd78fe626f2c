#include "core/train/Fingerprint.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

namespace sqil {

void Checksum::mix(std::uint64_t word) {
    state_ = std::rotl(state_ ^ (word * 0x9E3779B97F4A7C15u), 29) * 0xBF58476D1CE4E5B9u + 0x94D049BB133111EBu;
}

void Checksum::add(std::span<const std::byte> bytes) {
    std::size_t at = 0;
    for (; at < bytes.size() && length_ % 8 != 0; ++at, ++length_) {
        pending_ |= static_cast<std::uint64_t>(bytes[at]) << (8 * (length_ % 8));
        if (length_ % 8 == 7) {
            mix(pending_);
            pending_ = 0;
        }
    }
    for (; at + 8 <= bytes.size(); at += 8, length_ += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        mix(word);
    }
    for (; at < bytes.size(); ++at, ++length_)
        pending_ |= static_cast<std::uint64_t>(bytes[at]) << (8 * (length_ % 8));
}

std::string Checksum::text() const {
    Checksum last = *this;
    last.mix(pending_);
    last.mix(length_);
    const std::uint64_t value = last.state_ ^ (last.state_ >> 31);
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(value));
    return digits;
}

namespace {

std::string fingerprintOfFolder(const std::filesystem::path& path) {
    std::vector<std::string> lines;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
        if (entry.is_regular_file())
            lines.push_back(std::filesystem::relative(entry.path(), path).string() + '\n' +
                            std::to_string(entry.file_size()) + '\n');
    std::sort(lines.begin(), lines.end());
    Checksum checksum;
    for (const std::string& line : lines)
        checksum.add(line);
    return checksum.text();
}

}  // namespace

Result<std::string> fingerprintOf(const std::filesystem::path& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        try {
            return fingerprintOfFolder(path);
        } catch (const std::filesystem::filesystem_error& problem) {
            return fail(ErrorKind::Io, path.string() + ": cannot be read: " + problem.code().message());
        }
    }
    if (!std::filesystem::exists(path, ignored))
        return fail(ErrorKind::NotFound, path.string() + ": there is no such file");
    std::ifstream stream(path, std::ios::binary);
    Checksum checksum;
    std::vector<char> buffer(std::size_t{1} << 20);
    while (stream) {
        stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        checksum.add(std::string_view(buffer.data(), static_cast<std::size_t>(stream.gcount())));
    }
    if (!stream.eof())
        return fail(ErrorKind::Io, path.string() + ": cannot be read: " + std::strerror(errno));
    return checksum.text();
}

}  // namespace sqil
