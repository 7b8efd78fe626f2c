#include "plugins/gymnasium/WorkerProcess.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugins/gymnasium/WorkerScript.h"

namespace sqil {
namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr off_t kLastWords = 2000;
// Where the child finds them; above the standard ones.
constexpr int kSocketInChild = 3, kMemoryInChild = 4;

std::string systemError() {
    return std::strerror(errno);
}

/// In the child, between fork() and exec: only what is safe there.
[[noreturn]] void becomeWorker(int socket, int memory, int messages, int nothing, pid_t parent,
                               char* const* arguments) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);  // the program ended before the line above
    // First out of each other's way: the descriptors may have these numbers already.
    const int high[4] = {fcntl(socket, F_DUPFD, 100), fcntl(memory, F_DUPFD, 100), fcntl(messages, F_DUPFD, 100),
                         fcntl(nothing, F_DUPFD, 100)};
    dup2(high[3], STDIN_FILENO);
    dup2(high[2], STDOUT_FILENO);
    dup2(high[2], STDERR_FILENO);
    dup2(high[0], kSocketInChild);
    dup2(high[1], kMemoryInChild);
    for (int descriptor = kMemoryInChild + 1; descriptor < 256; ++descriptor)
        close(descriptor);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execvp(arguments[0], arguments);
    _exit(127);
}

}  // namespace

Result<WorkerProcess> WorkerProcess::start(const std::filesystem::path& python, int slots,
                                           const std::string& environment, const std::string& settings) {
    WorkerProcess worker;
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        return fail(ErrorKind::Io, "cannot make a socket: " + systemError());
    worker.socket_ = sockets[0];
    worker.memoryFile_ = memfd_create("sqil-environment", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    worker.messages_ = memfd_create("sqil-messages", MFD_CLOEXEC);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (worker.memoryFile_ < 0 || worker.messages_ < 0 || nothing < 0) {
        close(sockets[1]);
        return fail(ErrorKind::Io, "cannot make shared memory: " + systemError());
    }
    std::vector<std::string> texts{python.string(),
                                   "-u",
                                   "-c",
                                   workerScript(),
                                   std::to_string(kSocketInChild),
                                   std::to_string(kMemoryInChild),
                                   std::to_string(slots),
                                   environment,
                                   settings};
    std::vector<char*> arguments;
    for (std::string& text : texts)
        arguments.push_back(text.data());
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    worker.process_ = fork();
    if (worker.process_ == 0)
        becomeWorker(sockets[1], worker.memoryFile_, worker.messages_, nothing, parent, arguments.data());
    const std::string problem = worker.process_ < 0 ? systemError() : "";
    close(sockets[1]);
    close(nothing);
    if (worker.process_ < 0)
        return fail(ErrorKind::Io, "cannot start " + python.string() + ": " + problem);
    return worker;
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept {
    *this = std::move(other);
}

WorkerProcess& WorkerProcess::operator=(WorkerProcess&& other) noexcept {
    std::swap(process_, other.process_);
    std::swap(socket_, other.socket_);
    std::swap(memoryFile_, other.memoryFile_);
    std::swap(messages_, other.messages_);
    std::swap(memory_, other.memory_);
    std::swap(memorySize_, other.memorySize_);
    return *this;
}

WorkerProcess::~WorkerProcess() {
    stop();
    if (memory_)
        munmap(memory_, memorySize_);
    for (const int descriptor : {socket_, memoryFile_, messages_})
        if (descriptor >= 0)
            close(descriptor);
}

void WorkerProcess::stop() {
    if (process_ <= 0)
        return;
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
}

Result<void> WorkerProcess::share(std::size_t bytes) {
    if (ftruncate(memoryFile_, static_cast<off_t>(bytes)) != 0)
        return fail(ErrorKind::Io, "cannot share " + std::to_string(bytes) + " bytes: " + systemError());
    void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memoryFile_, 0);
    if (address == MAP_FAILED)
        return fail(ErrorKind::Io, "cannot map " + std::to_string(bytes) + " bytes: " + systemError());
    // The worker cannot shrink what this program reads.
    fcntl(memoryFile_, F_ADD_SEALS, F_SEAL_SHRINK);
    memory_ = static_cast<std::byte*>(address);
    memorySize_ = bytes;
    return {};
}

Result<void> WorkerProcess::send(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail(ErrorKind::Io, "it does not listen: " + systemError());
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> WorkerProcess::receive(std::span<std::byte> bytes, std::chrono::steady_clock::time_point deadline) {
    while (!bytes.empty()) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd wanted{socket_, POLLIN, 0};
        const int ready = poll(&wanted, 1, static_cast<int>(std::max<long long>(left.count(), 0)));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready == 0)
            return fail(ErrorKind::Cancelled, "it has not answered in time");
        const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail(ErrorKind::Io, "it has ended");
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<std::string> WorkerProcess::receiveLine(std::chrono::steady_clock::time_point deadline) {
    std::string line;
    for (std::byte next{};; line.push_back(static_cast<char>(next))) {
        if (auto read = receive({&next, 1}, deadline); !read)
            return tl::unexpected(read.error());
        if (next == std::byte{'\n'})
            return line;
        if (line.size() == kLongestLine)
            return fail(ErrorKind::BadInput, "its greeting has no end");
    }
}

std::string WorkerProcess::lastWords() {
    int status = 0;
    std::string text;
    // A moment to end by itself: what it wrote last tells more.
    pid_t ended = 0;
    for (int wait = 0; process_ > 0 && wait < 20 && ended == 0; ++wait) {
        ended = waitpid(process_, &status, WNOHANG);
        if (ended == 0)
            usleep(10'000);
    }
    if (ended > 0) {
        process_ = -1;
        text = WIFSIGNALED(status) ? std::string("killed by signal ") + strsignal(WTERMSIG(status))
                                   : "exit status " + std::to_string(WEXITSTATUS(status));
    } else {
        stop();
        text = "it was stopped";
    }
    const off_t size = lseek(messages_, 0, SEEK_END);
    const off_t from = std::max<off_t>(0, size - kLastWords);
    std::string words(static_cast<std::size_t>(std::max<off_t>(0, size - from)), '\0');
    const ssize_t count = pread(messages_, words.data(), words.size(), from);
    words.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    while (!words.empty() && (words.back() == '\n' || words.back() == ' '))
        words.pop_back();
    return words.empty() ? text : text + "; it last wrote: " + words;
}

}  // namespace sqil
