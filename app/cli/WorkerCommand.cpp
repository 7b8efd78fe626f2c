#include <cstdlib>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/cli/Commands.h"
#include "core/jobs/Worker.h"

namespace sqil::cli {

void addWorkerCommand(CLI::App& program) {
    struct Options {
        std::filesystem::path project;
        RecordId job = 0;
    };
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand("worker", "Run one queued job of a project: what the job panel starts");
    command->add_option("--project", options->project, "Project (.sqil)")->required();
    command->add_option("--job", options->job, "Number of the job")->required();
    command->footer("Example:\n  sqil worker --project study.sqil --job 7");
    command->callback([options] {
        if (const int status = runWorker(std::filesystem::absolute(options->project), options->job); status != 0)
            throw CommandFailed{{ErrorKind::Io, "the worker did not end in order"}};
    });
}

}  // namespace sqil::cli
