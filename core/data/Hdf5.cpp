#include "core/data/Hdf5.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <exception>
#include <new>

#include "core/data/LzfFilter.h"

namespace sqil::hdf5 {
namespace {

std::recursive_mutex& processMutex() {
    static std::recursive_mutex mutex;
    return mutex;
}

void prepareLibrary() {
    H5open();
    H5PLset_loading_state(0);          // a file must not choose code to be loaded
    H5Lunregister(H5L_TYPE_EXTERNAL);  // nor make us open other files, not even through a soft link
    registerLzfFilter();
}

herr_t collectReason(unsigned, const H5E_error2_t* entry, void* reasons) {
    if (entry->desc != nullptr && *entry->desc != '\0')
        static_cast<std::vector<std::string>*>(reasons)->emplace_back(entry->desc);
    return 0;
}

herr_t collectName(hid_t, const char* name, const H5L_info_t*, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
}

Handle openObject(hid_t parent, const std::string& name) {
    return {H5Oopen(parent, name.c_str(), H5P_DEFAULT), H5Oclose};
}

bool hasType(hid_t parent, const std::string& name, H5I_type_t type) {
    const Lock lock;
    if (linkKind(parent, name) != LinkKind::Inside)
        return false;
    const Handle object = openObject(parent, name);
    return object && H5Iget_type(object.get()) == type;
}

/// Of computing: more is a loop without end. 5,000 episodes of 9 data sets take 1.3 s.
constexpr unsigned kTrialComputeSeconds = 20;
/// Of waiting for the disk as well.
constexpr unsigned kTrialSeconds = 180;
/// The copy's exit status where its work threw.
constexpr int kNoAnswer = 3;

void writeAll(int file, const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t written = ::write(file, text.data() + done, text.size() - done);
        if (written < 0 && errno != EINTR)
            ::_exit(kNoAnswer);
        done += static_cast<std::size_t>(std::max<ssize_t>(0, written));
    }
}

std::string readAll(int file) {
    std::string text;
    std::array<char, 1 << 16> block{};
    for (;;) {
        const ssize_t count = ::read(file, block.data(), block.size());
        if (count > 0)
            text.append(block.data(), static_cast<std::size_t>(count));
        else if (count == 0 || errno != EINTR)
            return text;
    }
}

[[noreturn]] void workAsCopy(const std::function<std::string()>& work, int answer) {
    // The lock's owner is a thread of the original: here nobody else can hold it.
    new (&processMutex()) std::recursive_mutex;
    for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM, SIGXCPU})
        ::signal(signal, SIG_DFL);
    const rlimit noCoreFile{0, 0};
    ::setrlimit(RLIMIT_CORE, &noCoreFile);
    const rlimit computing{kTrialComputeSeconds, kTrialComputeSeconds + 1};
    ::setrlimit(RLIMIT_CPU, &computing);
    ::alarm(kTrialSeconds);
    try {
        writeAll(answer, work());
    } catch (const std::exception&) {
        ::_exit(kNoAnswer);  // the original will meet it, too, and report it
    }
    ::_exit(0);
}

bool isDigit(char character) {
    return std::isdigit(static_cast<unsigned char>(character)) != 0;
}

std::size_t skipWhile(const std::string& text, std::size_t at, bool (*condition)(char)) {
    while (at < text.size() && condition(text[at]))
        ++at;
    return at;
}

}  // namespace

Lock::Lock() : held_(processMutex()) {
    static const bool prepared = (prepareLibrary(), true);
    static_cast<void>(prepared);
    // A thread of its own may have an error stack of its own.
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Handle& Handle::operator=(Handle&& other) noexcept {
    if (this != &other) {
        reset();
        id_ = other.id_;
        close_ = other.close_;
        other.id_ = -1;
    }
    return *this;
}

bool Handle::reset() {
    if (id_ < 0)
        return true;
    const Lock lock;
    const bool closed = close_(id_) >= 0;
    id_ = -1;
    return closed;
}

std::string errorText() {
    std::vector<std::string> reasons;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collectReason, &reasons);
    H5Eclear2(H5E_DEFAULT);
    if (reasons.empty())
        return "no reason given by HDF5";
    std::string text = reasons.front();
    if (reasons.back() != reasons.front())
        text += "; " + reasons.back();
    return text;
}

tl::unexpected<Error> failure(ErrorKind kind, const std::string& place, const std::string& what) {
    return fail(kind, place + ": " + what + " (" + errorText() + ")");
}

bool isHdf5(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
        return false;
    const Lock lock;
    return H5Fis_hdf5(path.c_str()) > 0;
}

Result<Handle> openFile(const std::filesystem::path& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status))
        return fail(ErrorKind::NotFound, path.string() + ": there is no such file");
    if (!std::filesystem::is_regular_file(status))
        return fail(ErrorKind::BadInput, path.string() + ": is no regular file");
    const Lock lock;
    if (H5Fis_hdf5(path.c_str()) <= 0) {
        H5Eclear2(H5E_DEFAULT);
        return fail(ErrorKind::BadInput,
                    path.string() + ": is no HDF5 file (its signature is not there), or cannot be read");
    }
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
    H5Pset_file_locking(access.get(), true, true);  // disks that know no locks are fine
#endif
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
    if (!file)
        return failure(ErrorKind::BadInput, path.string(),
                       "cannot be opened; the file is truncated, damaged, or being written by another program");
    return file;
}

Result<void> tryApart(const std::filesystem::path& path, const std::function<void()>& work) {
    return answerApart(path,
                       [&] {
                           work();
                           return std::string();
                       })
        .map([](const std::optional<std::string>&) {});
}

Result<std::optional<std::string>> answerApart(const std::filesystem::path& path,
                                               const std::function<std::string()>& work) {
    const Lock lock;  // no other thread is within HDF5 while the process is copied
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return std::nullopt;
    const pid_t copy = ::fork();
    if (copy == 0) {
        ::close(ends[0]);
        workAsCopy(work, ends[1]);
    }
    ::close(ends[1]);
    std::string answer = copy > 0 ? readAll(ends[0]) : std::string();
    ::close(ends[0]);
    if (copy < 0)
        return std::nullopt;  // no room for a copy: then without
    int status = 0;
    while (::waitpid(copy, &status, 0) < 0)
        if (errno != EINTR)
            return std::nullopt;
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0 ? std::optional(std::move(answer)) : std::nullopt;
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (signal == SIGALRM || signal == SIGXCPU)
        return fail(ErrorKind::BadInput, path.string() + ": looking through it does not end (stopped after " +
                                             std::to_string(signal == SIGXCPU ? kTrialComputeSeconds : kTrialSeconds) +
                                             " s); the file is damaged, or its disk hangs");
    return fail(ErrorKind::BadInput, path.string() + ": is damaged; HDF5 cannot read it without crashing (signal " +
                                         std::to_string(signal) +
                                         "). Recover it with h5clear or h5repack, "
                                         "or record it again.");
}

LinkKind linkKind(hid_t group, const std::string& name) {
    const Lock lock;
    H5L_info_t info;
    if (name.empty() || H5Lget_info(group, name.c_str(), &info, H5P_DEFAULT) < 0) {
        H5Eclear2(H5E_DEFAULT);
        return LinkKind::Missing;
    }
    return info.type == H5L_TYPE_HARD || info.type == H5L_TYPE_SOFT ? LinkKind::Inside : LinkKind::Outside;
}

Result<std::vector<std::string>> children(hid_t group, const std::string& place) {
    const Lock lock;
    std::vector<std::string> names;
    hsize_t start = 0;
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, &start, collectName, &names) < 0)
        return failure(ErrorKind::BadInput, place, "its list of members cannot be read; the file is damaged");
    std::sort(names.begin(), names.end(), naturalLess);
    return names;
}

bool isGroup(hid_t parent, const std::string& name) {
    return hasType(parent, name, H5I_GROUP);
}

bool isDataset(hid_t parent, const std::string& name) {
    return hasType(parent, name, H5I_DATASET);
}

Result<Handle> openGroup(hid_t parent, const std::string& name, const std::string& place) {
    const Lock lock;
    switch (linkKind(parent, name)) {
        case LinkKind::Missing:
            return fail(ErrorKind::NotFound, place + ": there is no group \"" + name + "\"");
        case LinkKind::Outside:
            return fail(ErrorKind::BadInput, place + "/" + name +
                                                 ": is a link to another file; such links are not followed. "
                                                 "Copy the data into one file (h5copy, or h5repack).");
        case LinkKind::Inside:
            break;
    }
    Handle object = openObject(parent, name);
    if (!object)
        return failure(ErrorKind::BadInput, place + "/" + name, "cannot be opened");
    if (H5Iget_type(object.get()) != H5I_GROUP)
        return fail(ErrorKind::BadInput, place + "/" + name + ": is no group");
    return object;
}

bool naturalLess(const std::string& left, const std::string& right) {
    std::size_t i = 0, j = 0;
    while (i < left.size() && j < right.size()) {
        if (isDigit(left[i]) && isDigit(right[j])) {
            const auto isZero = [](char character) { return character == '0'; };
            const std::size_t firstI = skipWhile(left, i, isZero), firstJ = skipWhile(right, j, isZero);
            const std::size_t endI = skipWhile(left, firstI, isDigit), endJ = skipWhile(right, firstJ, isDigit);
            if (endI - firstI != endJ - firstJ)
                return endI - firstI < endJ - firstJ;
            if (const int order = left.compare(firstI, endI - firstI, right, firstJ, endJ - firstJ); order != 0)
                return order < 0;
            i = endI;
            j = endJ;
        } else if (left[i] != right[j]) {
            return static_cast<unsigned char>(left[i]) < static_cast<unsigned char>(right[j]);
        } else {
            ++i;
            ++j;
        }
    }
    if (left.size() - i != right.size() - j)
        return left.size() - i < right.size() - j;
    return left < right;  // demo_1 and demo_01: equal in value, still ordered
}

}  // namespace sqil::hdf5
