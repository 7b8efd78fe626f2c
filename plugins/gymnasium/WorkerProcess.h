#pragma once
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "core/base/Result.h"

namespace sqil {

/// A Python process that runs sqil_worker.py, a socket to it and memory shared with it. Killed with the object, and by
/// the kernel when this program ends.
class WorkerProcess {
public:
    static Result<WorkerProcess> start(const std::filesystem::path& python, int slots, const std::string& environment,
                                       const std::string& settings);
    WorkerProcess(WorkerProcess&& other) noexcept;
    WorkerProcess& operator=(WorkerProcess&& other) noexcept;
    ~WorkerProcess();

    int socket() const { return socket_; }
    std::span<std::byte> memory() const { return {memory_, memorySize_}; }

    /// Makes the shared memory `bytes` long.
    Result<void> share(std::size_t bytes);
    Result<void> send(std::span<const std::byte> bytes);
    /// Exactly as many bytes as asked for. Errors: Io where the process has ended; Cancelled past the deadline.
    Result<void> receive(std::span<std::byte> bytes, std::chrono::steady_clock::time_point deadline);
    Result<std::string> receiveLine(std::chrono::steady_clock::time_point deadline);

    /// How it ended, with the last of what it wrote; kills it where it still runs.
    std::string lastWords();

private:
    WorkerProcess() = default;
    void stop();

    int process_ = -1, socket_ = -1, memoryFile_ = -1, messages_ = -1;
    std::byte* memory_ = nullptr;
    std::size_t memorySize_ = 0;
};

}  // namespace sqil
