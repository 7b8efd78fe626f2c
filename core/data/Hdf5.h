#pragma once
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <hdf5.h>

#include "core/base/Result.h"

/// HDF5's C library behind RAII and Result. Only readers and writers of HDF5 files include this.
namespace sqil::hdf5 {

/// Every call of HDF5 in this process happens under this one lock, whatever the file: the library
/// is not made for threads, or (where it is built so) has one such lock itself. Recursive, because
/// a Handle closes itself wherever it dies. The first lock prepares the library: no plugins are
/// loaded, external links are not followed, its own error printing is off.
class Lock {
public:
    Lock();

private:
    std::unique_lock<std::recursive_mutex> held_;
};

/// Owns one HDF5 identifier and closes it.
class Handle {
public:
    using Close = herr_t (*)(hid_t);

    Handle() = default;
    Handle(hid_t id, Close close) : id_(id), close_(close) {}
    Handle(Handle&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = -1; }
    Handle& operator=(Handle&& other) noexcept;
    ~Handle() { reset(); }

    hid_t get() const { return id_; }
    explicit operator bool() const { return id_ >= 0; }
    /// Closes now; false where HDF5 could not (a full disk shows only here).
    bool reset();

private:
    hid_t id_ = -1;
    Close close_ = nullptr;
};

/// HDF5's error stack of this thread in one line, deepest cause first; the stack is cleared.
std::string errorText();

/// `place: what (HDF5's reason)`.
tl::unexpected<Error> failure(ErrorKind kind, const std::string& place, const std::string& what);

/// A cheap look at the signature; false for anything that cannot be read.
bool isHdf5(const std::filesystem::path& path);

/// Opens for reading. Errors tell a file that is missing, truncated, or no HDF5.
Result<Handle> openFile(const std::filesystem::path& path);

/// Runs `work` in a copy of this process first. The library crashes on some damaged files (of 1,000
/// with random bytes changed, a few): then it is the copy that dies, and this is an Error. Meant for
/// all that is read when a file is opened; `work` must need no other thread and print nothing.
Result<void> tryApart(const std::filesystem::path& path, const std::function<void()>& work);

/// The same, and hands over what `work` found out there, so that it is done only once. Nothing where no copy could be
/// made, or `work` threw: then it must be done here.
Result<std::optional<std::string>> answerApart(const std::filesystem::path& path,
                                               const std::function<std::string()>& work);

enum class LinkKind { Missing, Inside, Outside };

/// Where the link `name` of a group leads. Hard and soft links stay inside the file; external and
/// user-defined ones leave it and are never followed.
LinkKind linkKind(hid_t group, const std::string& name);

/// Names of all links of a group, in natural order (demo_2 before demo_10).
Result<std::vector<std::string>> children(hid_t group, const std::string& place);

/// True where `name` (one component) is a group, or a data set, of this file.
bool isGroup(hid_t parent, const std::string& name);
bool isDataset(hid_t parent, const std::string& name);

/// Opens a child group by its name of one component. `place` names the parent in errors.
Result<Handle> openGroup(hid_t parent, const std::string& name, const std::string& place);

/// Digits compare by value, everything else by byte.
bool naturalLess(const std::string& left, const std::string& right);

}  // namespace sqil::hdf5
