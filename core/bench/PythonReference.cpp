#include "core/bench/PythonReference.h"

#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sqil {
namespace {

struct Child {
    int process = -1, to = -1, from = -1;
};

Result<Child> launch(const std::filesystem::path& python, const std::filesystem::path& script,
                     const std::filesystem::path& argument) {
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) != 0)
        return fail(ErrorKind::Io, std::string("cannot make a pipe: ") + std::strerror(errno));
    if (pipe2(output, O_CLOEXEC) != 0) {
        close(input[0]);
        close(input[1]);
        return fail(ErrorKind::Io, std::string("cannot make a pipe: ") + std::strerror(errno));
    }
    // Everything the child needs is ready before fork(): other threads may hold locks then.
    const std::string program = python.string(), file = script.string(), folder = argument.string();
    char* const arguments[] = {const_cast<char*>(program.c_str()), const_cast<char*>(file.c_str()),
                               const_cast<char*>(folder.c_str()), nullptr};
    const pid_t process = fork();
    if (process == 0) {
        dup2(input[0], STDIN_FILENO);
        dup2(output[1], STDOUT_FILENO);
        execvp(arguments[0], arguments);
        _exit(127);
    }
    close(input[0]);
    close(output[1]);
    if (process < 0) {
        close(input[1]);
        close(output[0]);
        return fail(ErrorKind::Io, std::string("cannot start ") + program + ": " + std::strerror(errno));
    }
    return Child{process, input[1], output[0]};
}

int waitFor(int process) {
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Result<std::unique_ptr<PythonReference>> PythonReference::start(const std::filesystem::path& python,
                                                                const std::filesystem::path& script,
                                                                const std::filesystem::path& folder) {
    auto child = launch(python, script, folder);
    if (!child)
        return tl::unexpected(child.error());
    std::unique_ptr<PythonReference> reference(new PythonReference(child->process, child->to, child->from));
    auto greeting = reference->readLine();
    if (!greeting)
        return fail(greeting.error().kind, "the Python reference (" + python.string() + " " + script.string() +
                                               ") did not start: " + greeting.error().message);
    reference->greeting_ = std::move(*greeting);
    return reference;
}

PythonReference::~PythonReference() {
    close(to_);  // end of its input: the script ends
    close(from_);
    kill(process_, SIGTERM);
    waitFor(process_);
}

Result<nlohmann::json> PythonReference::readLine() {
    char part[4096];
    for (;;) {
        if (const auto end = pending_.find('\n'); end != std::string::npos) {
            const std::string line = pending_.substr(0, end);
            pending_.erase(0, end + 1);
            try {
                return nlohmann::json::parse(line);
            } catch (const nlohmann::json::exception& problem) {
                return fail(ErrorKind::BadInput, std::string("its answer is not JSON: ") + problem.what());
            }
        }
        const ssize_t count = read(from_, part, sizeof part);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail(ErrorKind::Io, "it ended without an answer; its messages are above");
        pending_.append(part, static_cast<std::size_t>(count));
    }
}

Result<nlohmann::json> PythonReference::ask(const std::string& command) {
    const std::string line = command + "\n";
    struct sigaction ignore {
    }, before{};
    ignore.sa_handler = SIG_IGN;  // a dead reference is an error here, not the end of this program
    sigaction(SIGPIPE, &ignore, &before);
    const ssize_t written = write(to_, line.data(), line.size());
    sigaction(SIGPIPE, &before, nullptr);
    if (written != static_cast<ssize_t>(line.size()))
        return fail(ErrorKind::Io, std::string("the Python reference does not listen: ") + std::strerror(errno));
    return readLine();
}

Result<void> runPython(const std::filesystem::path& python, const std::filesystem::path& script,
                       const std::filesystem::path& argument) {
    auto child = launch(python, script, argument);
    if (!child)
        return tl::unexpected(child.error());
    close(child->to);
    char ignored[4096];
    for (ssize_t count = 1; count > 0 || (count < 0 && errno == EINTR);)
        count = read(child->from, ignored, sizeof ignored);
    close(child->from);
    if (const int status = waitFor(child->process); status != 0)
        return fail(ErrorKind::Io, python.string() + " " + script.string() + " failed (exit status " +
                                       std::to_string(status) + "); its messages are above");
    return {};
}

}  // namespace sqil
