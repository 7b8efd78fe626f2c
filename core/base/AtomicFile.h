#pragma once
#include <filesystem>
#include <functional>
#include <string_view>

#include "core/base/Result.h"

namespace sqil {

/// A file that is being written beside the one it shall replace: commit() flushes it to disk and
/// renames it over the target; without commit() it is removed and the target is as it was.
class PendingFile {
public:
    explicit PendingFile(std::filesystem::path target);
    ~PendingFile();
    PendingFile(PendingFile&& other) noexcept;
    PendingFile& operator=(PendingFile&&) = delete;

    /// Where to write meanwhile; another name for every process and object.
    const std::filesystem::path& temporary() const { return temporary_; }
    const std::filesystem::path& target() const { return target_; }

    /// Replaces the target; on failure the temporary file is removed.
    Result<void> commit();
    /// The same, but an Error where the target exists already: no other process's file is lost.
    Result<void> commitNew();

private:
    Result<void> finish(bool replace);

    std::filesystem::path target_;
    std::filesystem::path temporary_;
};

/// Calls `write` with a temporary path beside `target`, then flushes it to disk and renames it
/// over `target`: a reader sees the old file or the whole new one, never a part of it.
/// On failure the temporary file is removed and `target` is as it was.
Result<void> replaceFile(const std::filesystem::path& target,
                         const std::function<Result<void>(const std::filesystem::path& temporary)>& write);

/// Writes `text` to `target` through replaceFile().
Result<void> writeTextFile(const std::filesystem::path& target, std::string_view text);

/// Reads a whole text file of at most `maximumBytes`; a larger one is an error, and so is
/// anything but a regular file (a device or a pipe could be endless).
Result<std::string> readTextFile(const std::filesystem::path& path, std::size_t maximumBytes = 64 << 20);

}  // namespace sqil
