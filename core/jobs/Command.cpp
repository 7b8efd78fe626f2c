#include "core/jobs/Command.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

extern char** environ;

namespace sqil {
namespace {

using Clock = std::chrono::steady_clock;

/// Both ends of a pipe, closed with the object.
struct Pipe {
    std::array<int, 2> ends{-1, -1};
    bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
    void close(int end) {
        if (ends[static_cast<std::size_t>(end)] >= 0)
            ::close(ends[static_cast<std::size_t>(end)]);
        ends[static_cast<std::size_t>(end)] = -1;
    }
    ~Pipe() {
        close(0);
        close(1);
    }
};

/// Reads both until they are closed; false where that takes too long.
bool readAll(std::array<Pipe*, 2> pipes, std::array<std::string, 2>& texts, Clock::time_point until) {
    while (pipes[0]->ends[0] >= 0 || pipes[1]->ends[0] >= 0) {
        std::array<pollfd, 2> waits{{{pipes[0]->ends[0], POLLIN, 0}, {pipes[1]->ends[0], POLLIN, 0}}};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
        if (left <= 0)
            return false;
        if (::poll(waits.data(), waits.size(), static_cast<int>(left)) < 0 && errno != EINTR)
            return false;
        for (std::size_t index = 0; index < waits.size(); ++index) {
            if (waits[index].revents == 0)
                continue;
            std::array<char, 4096> bytes{};
            const auto count = ::read(waits[index].fd, bytes.data(), bytes.size());
            if (count > 0)
                texts[index].append(bytes.data(), static_cast<std::size_t>(count));
            else if (count == 0 || errno != EINTR)
                pipes[index]->close(0);
        }
    }
    return true;
}

}  // namespace

Result<std::string> runCommand(const std::vector<std::string>& command, const std::string& input, int seconds) {
    const std::string& name = command.front();
    Pipe in, out, problems;
    if (!in.open() || !out.open() || !problems.open())
        return fail(ErrorKind::Io, name + ": cannot make a pipe: " + std::strerror(errno));
    // The input is small (a script): it fits into the pipe, whether or not it is read.
    ::fcntl(in.ends[1], F_SETPIPE_SZ, 1 << 20);
    ::fcntl(in.ends[1], F_SETFL, O_NONBLOCK);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in.ends[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, problems.ends[1], STDERR_FILENO);
    std::vector<char*> words;
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    pid_t process = 0;
    const int started = ::posix_spawnp(&process, name.c_str(), &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (started != 0)
        return fail(started == ENOENT ? ErrorKind::Unsupported : ErrorKind::Io,
                    name + ": cannot be started: " + std::strerror(started));
    in.close(0);
    out.close(1);
    problems.close(1);
    const bool isWritten =
        input.empty() || ::write(in.ends[1], input.data(), input.size()) == static_cast<ssize_t>(input.size());
    in.close(1);
    std::array<std::string, 2> texts;
    const bool isRead = isWritten && readAll({&out, &problems}, texts, Clock::now() + std::chrono::seconds(seconds));
    if (!isRead)
        ::kill(process, SIGKILL);
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    if (!isRead)
        return fail(ErrorKind::Io, name + ": gave no answer in " + std::to_string(seconds) + " s");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(ErrorKind::Io, name + ": " + (texts[1].empty() ? "failed" : texts[1]));
    return texts[0];
}

}  // namespace sqil
