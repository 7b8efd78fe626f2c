#include "core/jobs/LocalLauncher.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/jobs/JobSpec.h"
#include "core/jobs/Worker.h"

namespace sqil {
namespace {

/// In the child of a process with many threads: only what is safe after fork(). Returns where exec failed.
void becomeWorker(char* const* arguments, int log) {
    ::setsid();
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    if (::nice(5) == -1) {  // the window stays quick; not important where it is refused
    }
    ::execv(arguments[0], arguments);
}

/// Starts a process that is nobody's child. The error is exec's own.
Result<void> startDetached(const std::vector<std::string>& command, const std::filesystem::path& logPath) {
    const int log = ::open(logPath.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    if (log < 0)
        return fail(ErrorKind::Io, logPath.string() + ": cannot be written: " + std::strerror(errno));
    std::array<int, 2> trouble{};
    if (::pipe2(trouble.data(), O_CLOEXEC) != 0) {
        ::close(log);
        return fail(ErrorKind::Io, std::string("cannot make a pipe: ") + std::strerror(errno));
    }
    std::vector<char*> arguments;
    for (const std::string& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t first = ::fork();
    if (first == 0) {
        if (::fork() == 0) {
            becomeWorker(arguments.data(), log);
            const int problem = errno;
            if (::write(trouble[1], &problem, sizeof problem) < 0)
                ::_exit(127);
            ::_exit(127);
        }
        ::_exit(0);
    }
    const int forkProblem = errno;
    ::close(log);
    ::close(trouble[1]);
    int problem = 0;
    if (first > 0) {
        ::waitpid(first, nullptr, 0);
        if (::read(trouble[0], &problem, sizeof problem) < 0)
            problem = errno;
    } else {
        problem = forkProblem;
    }
    ::close(trouble[0]);
    if (problem != 0)
        return fail(ErrorKind::Io, command.front() + ": cannot be started: " + std::strerror(problem));
    return {};
}

}  // namespace

Result<std::vector<std::string>> LocalLauncher::start(const std::filesystem::path& project,
                                                      std::span<const JobRecord> jobs) {
    std::vector<std::string> launches;
    for (const JobRecord& job : jobs) {
        const auto folder = folderOf(project, job.id);
        std::error_code problem;
        std::filesystem::create_directories(folder, problem);
        if (problem)
            return fail(ErrorKind::Io, folder.string() + ": the job's folder cannot be made: " + problem.message());
        auto started = startDetached(
            {workerProgram().string(), "worker", "--project", project.string(), "--job", std::to_string(job.id)},
            workerLog(project, job.id));
        if (!started)
            return tl::unexpected(started.error());
        launches.emplace_back("local");
    }
    return launches;
}

Result<std::map<std::string, Launcher::Standing>> LocalLauncher::standings(std::span<const std::string> launches) {
    std::map<std::string, Standing> result;
    for (const std::string& launch : launches)
        result[launch] = {};  // the lease ends by itself
    return result;
}

Result<void> LocalLauncher::withdraw(const std::string&) {
    return {};  // it will find that there is nothing to claim
}

}  // namespace sqil
