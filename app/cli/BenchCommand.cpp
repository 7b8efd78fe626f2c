#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/BenchText.h"
#include "app/cli/Commands.h"
#include "app/cli/JobOptions.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/bench/KernelBench.h"
#include "core/bench/LargeProject.h"
#include "core/bench/ReportStore.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::cli {
namespace {

using nlohmann::json;

std::unique_ptr<Project> openOrCreate(const std::filesystem::path& path) {
    return valueOrThrow(std::filesystem::exists(path) ? Project::open(path) : Project::create(path));
}

/// To the file, to standard output ("-"), or as a table.
void deliver(const json& report, const std::string& path, void (*print)(const json&)) {
    finishProgress();
    if (path == "-") {
        std::cout << report.dump(1) << '\n';
        return;
    }
    if (!path.empty())
        valueOrThrow(writeTextFile(path, report.dump(1) + "\n"));
    printMachine(report);
    print(report);
    printNotes(report);
}

struct BenchOptions {
    std::shared_ptr<JobOptions> job;
    std::filesystem::path project;
    std::string device = "cpu";
};

/// One kind of benchmark: its options are those of the job.
void addBench(CLI::App& bench, const char* kind, const std::string& examples, void (*print)(const json&)) {
    const JobKind* known = findJobKind(kind);
    auto* command = bench.add_subcommand(known->name.substr(std::string("bench-").size()), known->purpose);
    auto options = std::make_shared<BenchOptions>();
    options->job = addJobOptions(*command, kind, /*requireAll=*/false);
    command->add_option("--project", options->project, "Keep the report in this project too (made if missing)");
    if (known->usesGpu)
        command->add_option("--device", options->device, "cpu or cuda:0")->capture_default_str();
    command->footer(examples);
    command->callback([options, print] {
        JobContext context;
        context.folder = std::filesystem::temp_directory_path() / "sqil-bench";
        context.progress = terminalProgress();
        context.device = options->device;
        const json& parameters = options->job->parameters;
        const json report = valueOrThrow(kinds::measure(options->job->kind->name, parameters, context));
        if (!options->project.empty())
            valueOrThrow(keepReport(*openOrCreate(options->project), report));
        deliver(report, parameters.value("json", ""), print);
    });
}

struct ImportOptions {
    std::vector<std::filesystem::path> files;
    std::filesystem::path project;
};

void addImport(CLI::App& bench) {
    auto options = std::make_shared<ImportOptions>();
    auto* import = bench.add_subcommand("import", "Reports of other machines into a project, to be compared there");
    import->add_option("files", options->files, "Reports that `sqil bench … --json` has written")->required();
    import->add_option("--project", options->project, "Where they are kept (made if missing)")->required();
    import->footer("Example:\n  sqil bench import laptop.json jetson.json --project study.sqil");
    import->callback([options] {
        std::vector<json> reports;  // all are read before any is kept
    for (const auto& file : options->files)
        for (json& report : valueOrThrow(readReports(file)))
            reports.push_back(std::move(report));
    const auto project = openOrCreate(options->project);
    for (const json& report : reports)
        valueOrThrow(keepReport(*project, report));
    std::cout << reports.size() << (reports.size() == 1 ? " report" : " reports") << " in " << options->project.string()
              << '\n';
});
}  // namespace

struct ProjectOptions {
    std::filesystem::path out;
    LargeProjectSize size;
};

void addProjectBench(CLI::App& bench) {
    auto options = std::make_shared<ProjectOptions>();
    auto* project = bench.add_subcommand("project", "Make a project of a million steps, to measure the window with");
    project->add_option("--out", options->out, "Folder for the project, its rollouts and its policies")->required();
    project->add_option("--episodes", options->size.episodes, "Number of episodes")->capture_default_str();
    project->add_option("--steps", options->size.steps, "Steps of each")->capture_default_str();
    project->footer("Example:\n  sqil bench project --out /tmp/large && sqil-studio /tmp/large/large.sqil");
    project->callback([options] {
        const auto path = valueOrThrow(makeLargeProject(options->out, options->size, terminalProgress()));
        finishProgress();
        std::cout << path.string() << '\n';
    });
}

void verifyEveryKernel(const std::string& jsonPath) {
    const json report = verifyKernels();
    deliver(report, jsonPath, printCheck);
    if (!report.at("passed").get<bool>())
        throw CommandFailed{
            {ErrorKind::Unsupported, "the low-bit kernels do not compute what they should on this processor"}};
}

}  // namespace sqil::cli

void addBenchCommand(CLI::App& program) {
    auto* command =
        program.add_subcommand("bench", "Benchmarks, always as a ratio against the alternatives in the same run");
    command->require_subcommand(0, 1);
    auto verify = std::make_shared<bool>(false);
    auto verifyJson = std::make_shared<std::string>();
    command->add_flag("--verify", *verify, "Check every low-bit kernel against its scalar reference on this machine");
    command->add_option("--json", *verifyJson, "With --verify: write the report here (-: standard output)");
    command->callback([command, verify, verifyJson] {
        if (*verify)
            verifyEveryKernel(*verifyJson);
        else if (command->get_subcommands().empty())
            throw CLI::RequiredError("policy, kernels, rollouts, train, saliency, project, import or --verify");
    });
    command->footer(
        "Examples:\n  sqil bench --verify\n  sqil bench policy --rollouts rollouts.hdf5 --policy policy.pt2\n"
        "  sqil bench saliency --python ~/.cache/sqil-studio/env/bin/python --json report.json");
    addBench(*command, "bench-policy",
             "Examples:\n  sqil bench policy --rollouts resources/sample/rollouts.hdf5 --widths W8A8,W4A4 --json "
             "policy.json\n"
             "  sqil bench policy --policy policy-w4a4.pt2 --rollouts rollouts.hdf5 --project study.sqil",
             printPolicy);
    addBench(*command, "bench-kernels",
             "Example:\n  sqil bench kernels --python ~/.cache/sqil-studio/env/bin/python --json kernels.json",
             printKernels);
    addBench(*command, "bench-rollouts",
             "Example:\n  sqil bench rollouts --policy HalfCheetah-v3.zip --env gym/HalfCheetah-v5 --python "
             "~/.cache/sqil-studio/env/bin/python --json report.json",
             printRollouts);
    addBench(*command, "bench-train", "Example:\n  sqil bench train --weights 4 --activations 4 --json report.json",
             printTrain);
    addBench(*command, "bench-saliency",
             "Examples:\n  sqil bench saliency --python ~/.cache/sqil-studio/env/bin/python --seconds 120 --json "
             "report.json",
             printSaliency);
    addProjectBench(*command);
    addImport(*command);
}

}  // namespace sqil::cli
