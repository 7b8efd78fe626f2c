#include "core/base/AtomicFile.h"

#include <fcntl.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace sqil {
namespace {

std::string systemReason() {
    return std::strerror(errno);
}

Result<void> flushToDisk(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(ErrorKind::Io, path.string() + ": cannot be opened again after writing: " + systemReason());
    const int status = ::fsync(descriptor);
    const std::string reason = systemReason();
    ::close(descriptor);
    if (status != 0)
        return fail(ErrorKind::Io, path.string() + ": cannot be flushed to disk: " + reason);
    return {};
}

/// rename() that fails with EEXIST instead of replacing. Zero, or the error number.
int renameWithoutReplacing(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    // Some file systems (NFS) know no such rename; a hard link refuses an existing name as well.
    if (::link(from.c_str(), to.c_str()) != 0)
        return errno;
    ::unlink(from.c_str());
    return 0;
}

}  // namespace

PendingFile::PendingFile(std::filesystem::path target) : target_(std::move(target)) {
    static std::atomic<unsigned> counter{0};
    temporary_ = target_;
    temporary_ += ".part-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
}

PendingFile::~PendingFile() {
    if (temporary_.empty())
        return;
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : target_(std::move(other.target_)), temporary_(std::move(other.temporary_)) {
    other.temporary_.clear();
}

Result<void> PendingFile::commit() {
    return finish(true);
}

Result<void> PendingFile::commitNew() {
    return finish(false);
}

Result<void> PendingFile::finish(bool replace) {
    if (auto flushed = flushToDisk(temporary_); !flushed)
        return flushed;
    if (replace) {
        std::error_code renamed;
        std::filesystem::rename(temporary_, target_, renamed);
        if (renamed)
            return fail(ErrorKind::Io, target_.string() + ": cannot be replaced: " + renamed.message());
    } else if (const int error = renameWithoutReplacing(temporary_, target_); error == EEXIST) {
        return fail(ErrorKind::BadInput, target_.string() + ": exists already; choose another name");
    } else if (error != 0) {
        return fail(ErrorKind::Io, target_.string() + ": cannot be created: " + std::strerror(error));
    }
    temporary_.clear();
    return {};
}

Result<void> replaceFile(const std::filesystem::path& target,
                         const std::function<Result<void>(const std::filesystem::path&)>& write) {
    PendingFile pending(target);
    return write(pending.temporary()).and_then([&] { return pending.commit(); });
}

Result<void> writeTextFile(const std::filesystem::path& target, std::string_view text) {
    return replaceFile(target, [&](const std::filesystem::path& temporary) -> Result<void> {
        errno = 0;
        std::ofstream stream(temporary, std::ios::binary);
        stream.write(text.data(), static_cast<std::streamsize>(text.size()));
        stream.close();
        if (!stream)
            return fail(ErrorKind::Io, target.string() + ": cannot be written (" + systemReason() +
                                           "). Check that the folder exists, is writable and has space.");
        return {};
    });
}

Result<std::string> readTextFile(const std::filesystem::path& path, std::size_t maximumBytes) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status))
        return fail(ErrorKind::NotFound,
                    path.string() + ": cannot be read: " + (error ? error.message() : "there is no such file"));
    if (!std::filesystem::is_regular_file(status))
        return fail(ErrorKind::BadInput, path.string() + ": is no regular file");
    const auto size = std::filesystem::file_size(path, error);
    if (error)
        return fail(ErrorKind::Io, path.string() + ": cannot be read: " + error.message());
    if (size > maximumBytes)
        return fail(ErrorKind::BadInput, path.string() + ": " + std::to_string(size) + " bytes, more than the " +
                                             std::to_string(maximumBytes) + " a file of this kind can have");
    std::string text(size, '\0');
    std::ifstream stream(path, std::ios::binary);
    if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
        return fail(ErrorKind::Io, path.string() + ": cannot be read: " + systemReason());
    return text;
}

}  // namespace sqil
