#include "core/train/Ranks.h"

#include <csignal>
#include <cstddef>
#include <cstring>
#include <string>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sqil {
namespace {

std::string processName(int rank) {
    return rank == 0 ? "the leading process" : "the process of rank " + std::to_string(rank);
}

Result<void> ended(int rank) {
    return fail(ErrorKind::Io, processName(rank) + " has ended; its message is above");
}

bool sendAll(int socket, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

bool receiveAll(int socket, std::span<std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = recv(socket, bytes.data(), bytes.size(), 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

Result<std::unique_ptr<Ranks>> Ranks::fork(int count) {
    if (count < 1 || count > kMost)
        return fail(ErrorKind::BadInput,
                    "ranks: " + std::to_string(count) + "; expected 1 to " + std::to_string(kMost));
    std::unique_ptr<Ranks> ranks(new Ranks(0, count));
    const pid_t leader = getpid();
    for (int rank = 1; rank < count; ++rank) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return fail(ErrorKind::Io, std::string("cannot make a socket: ") + std::strerror(errno));
        const pid_t process = ::fork();
        if (process == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != leader)
                _exit(1);  // it ended before the line above
            std::signal(SIGINT, SIG_IGN);
            close(pair[0]);
            for (const int other : ranks->sockets_)
                close(other);
            ranks->sockets_ = {pair[1]};
            ranks->processes_.clear();
            ranks->rank_ = rank;
            return ranks;
        }
        close(pair[1]);
        ranks->sockets_.push_back(pair[0]);
        if (process < 0)
            return fail(ErrorKind::Io, std::string("cannot start another process: ") + std::strerror(errno));
        ranks->processes_.push_back(process);
    }
    return ranks;
}

Ranks::~Ranks() {
    for (const int socket : sockets_)
        close(socket);
    for (const int process : processes_) {
        kill(process, SIGKILL);
        while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
}

Result<void> Ranks::sum(std::span<float> values) const {
    const auto bytes = std::as_writable_bytes(values);
    if (!leads()) {
        if (!sendAll(sockets_[0], bytes) || !receiveAll(sockets_[0], bytes))
            return ended(0);
        return {};
    }
    std::vector<float> others(values.size());
    for (std::size_t i = 0; i < sockets_.size(); ++i) {
        if (!receiveAll(sockets_[i], std::as_writable_bytes(std::span(others))))
            return ended(static_cast<int>(i) + 1);
        for (std::size_t v = 0; v < values.size(); ++v)
            values[v] += others[v];
    }
    for (std::size_t i = 0; i < sockets_.size(); ++i)
        if (!sendAll(sockets_[i], bytes))
            return ended(static_cast<int>(i) + 1);
    return {};
}

Result<bool> Ranks::leadersAnswer(bool answer) const {
    std::byte told{answer};
    if (!leads()) {
        if (!receiveAll(sockets_[0], {&told, 1}))
            return ended(0).map([] { return false; });
        return told != std::byte{0};
    }
    for (std::size_t i = 0; i < sockets_.size(); ++i)
        if (!sendAll(sockets_[i], {&told, 1}))
            return ended(static_cast<int>(i) + 1).map([] { return false; });
    return answer;
}

}  // namespace sqil
