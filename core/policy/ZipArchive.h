#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sqil {

/// A ZIP file that is read and never trusted: sizes are checked against the file's own before
/// anything is allocated, duplicate names and encrypted entries are refused.
/// Throws FileProblem that names the file and the entry.
class ZipArchive {
public:
    struct Entry {
        std::string name;
        std::uint64_t size = 0;
        std::uint64_t storedSize = 0;  ///< in the file; equal to `size` where it is not compressed
        std::uint64_t index = 0;
    };

    explicit ZipArchive(const std::filesystem::path& path);
    /// An archive inside another one: `path` is its name in messages.
    ZipArchive(std::filesystem::path path, std::vector<std::byte> bytes);
    ~ZipArchive();
    ZipArchive(const ZipArchive&) = delete;
    ZipArchive& operator=(const ZipArchive&) = delete;

    const std::filesystem::path& path() const { return path_; }
    const std::vector<Entry>& entries() const { return entries_; }
    const Entry* find(const std::string& name) const;

    std::string text(const Entry& entry, std::uint64_t maximumBytes) const;
    /// Exactly entry.size bytes; the checksum is verified.
    void read(const Entry& entry, std::span<std::byte> into) const;

private:
    struct Handle;
    void list(std::uint64_t fileSize);
    std::filesystem::path path_;
    std::vector<std::byte> bytes_;  ///< of an archive in memory
    std::unique_ptr<Handle> handle_;
    std::vector<Entry> entries_;
    std::map<std::string, std::size_t> byName_;
};

}  // namespace sqil
