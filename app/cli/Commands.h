#pragma once
#include "core/base/Result.h"

namespace CLI {
class App;
}

/// The commands of `sqil`. Each adds its options to the program and runs when it was named.
namespace sqil::cli {

/// What the shell sees. 2 is CLI11's own for wrong usage.
enum ExitCode {
    Success = 0,
    InternalError = 1,
    UsageError = 2,
    BadInput = 3,
    Unsupported = 4,
    IoError = 5,
    Cancelled = 130
};

ExitCode exitCodeOf(const Error& error);

/// Each adds a subcommand with its options and what it does when it is given.
void addInfoCommand(CLI::App& program);
void addAnalyzeCommand(CLI::App& program);
void addQuantizeCommand(CLI::App& program);
void addLayersCommand(CLI::App& program);
void addExportCommand(CLI::App& program);
void addBenchCommand(CLI::App& program);
void addEvaluateCommand(CLI::App& program);
void addCompareCommand(CLI::App& program);
void addTakeoverCommand(CLI::App& program);
void addTrainCommand(CLI::App& program);
void addJobsCommand(CLI::App& program);
void addWorkerCommand(CLI::App& program);

/// Ends a command with the error: main() prints it and exits with its code.
struct CommandFailed {
    Error error;
};

/// The value, or CommandFailed.
template<class T>
T valueOrThrow(Result<T>&& result) {
    if (!result)
        throw CommandFailed{std::move(result.error())};
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

}  // namespace sqil::cli
