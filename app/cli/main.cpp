#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "core/base/FreedMemory.h"
#include "plugins/Plugins.h"

namespace sqil::cli {

ExitCode exitCodeOf(const Error& error) {
    switch (error.kind) {
        case ErrorKind::BadInput:
        case ErrorKind::NotFound:
            return BadInput;
        case ErrorKind::Unsupported:
            return Unsupported;
        case ErrorKind::Io:
            return IoError;
        case ErrorKind::Cancelled:
            return Cancelled;
    }
    return InternalError;
}

}  // namespace sqil::cli

int main(int argc, char** argv) {
    using namespace sqil::cli;
    sqil::keepFreedMemory();
    sqil::registerPlugins();

    CLI::App program{"Analysis of quantized robot policies: saliency, SIS, action gap, quantization.", "sqil"};
    program.set_version_flag("--version", SQIL_VERSION);
    program.require_subcommand(1);
    program.footer(
        "Exit codes: 0 done, 2 wrong usage, 3 bad or missing input, 4 not supported, 5 the system refused, 130 "
        "cancelled.\n"
        "`sqil COMMAND --help` shows a command's options and examples.");
    addInfoCommand(program);
    addAnalyzeCommand(program);
    addQuantizeCommand(program);
    addLayersCommand(program);
    addExportCommand(program);
    addEvaluateCommand(program);
    addCompareCommand(program);
    addTakeoverCommand(program);
    addBenchCommand(program);
    addTrainCommand(program);
    addJobsCommand(program);
    addWorkerCommand(program);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        const int code = program.exit(problem);
        return code == 0 ? Success : UsageError;
    } catch (const CommandFailed& failure) {
        finishProgress();
        std::cerr << "sqil: " << failure.error.message << '\n';
        return exitCodeOf(failure.error);
    } catch (const std::exception& problem) {
        finishProgress();
        std::cerr << "sqil: internal error: " << problem.what() << '\n';
        return InternalError;
    }
    finishProgress();
    return Success;
}
