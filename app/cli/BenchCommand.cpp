#include <cstdio>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/JobOptions.h"
#include "app/cli/LowBitBench.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/bench/LargeProject.h"
#include "core/bench/RolloutBench.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::cli {
namespace {

using nlohmann::json;

struct RolloutOptions {
    RolloutBenchOptions bench;
    std::string json;
};

/// The folder of the reference scripts in a checkout that holds this program, for the default of --scripts.
std::filesystem::path checkout() {
    std::error_code ignored;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return program.parent_path() / ".." / ".." / "..";
}

void printWays(const json& entry) {
    for (const auto& [way, times] : entry.at("ways").items())
        std::printf("  %-34s %10.2f ms   [%.2f, %.2f]\n", way.c_str(), times.at("median_ms").get<double>(),
                    times.at("low_ms").get<double>(), times.at("high_ms").get<double>());
    for (const auto& [name, ratio] : entry.at("ratios").items())
        std::printf("  %-34s %10.2f x    [%.2f, %.2f]\n", name.c_str(), ratio.at("median").get<double>(),
                    ratio.at("low").get<double>(), ratio.at("high").get<double>());
}

void printSaliency(const json& report) {
    for (const auto& entry : report.at("cases")) {
        std::cout << '\n' << entry.at("name").get<std::string>() << ", " << entry.at("places") << " places a frame\n";
        printWays(entry);
        std::cout << "  agreement " << entry.at("agreement").dump() << '\n';
    }
    for (const auto& note : report.value("notes", json::array()))
        std::cout << "note: " << note.get<std::string>() << '\n';
}

void printTrain(const json& report) {
    std::cout << '\n'
              << report.at("policy").get<std::string>() << ", " << report.at("quantization").get<std::string>()
              << ", one training step of batch " << report.at("batch") << '\n';
    printWays(report);
}

void printRollouts(const json& report) {
    std::cout << '\n'
              << report.at("policy").get<std::string>() << " in " << report.at("environment").get<std::string>() << ", "
              << report.at("workers") << " workers of " << report.at("environments_a_worker") << " environments\n";
    for (const auto& [way, rates] : report.at("ways").items())
        std::printf("  %-34s %10.0f steps a second   [%.0f, %.0f]\n", way.c_str(),
                    rates.at("median_steps_per_second").get<double>(), rates.at("low_steps_per_second").get<double>(),
                    rates.at("high_steps_per_second").get<double>());
    for (const auto& [name, ratio] : report.at("ratios").items())
        std::printf("  %-34s %10.2f x   [%.2f, %.2f]\n", name.c_str(), ratio.at("median").get<double>(),
                    ratio.at("low").get<double>(), ratio.at("high").get<double>());
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
    for (const auto& [name, value] : report.at("machine").items())
        std::cout << name << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
    print(report);
}

/// What the checkout offers where nothing is given.
std::filesystem::path orElse(const std::filesystem::path& given, const std::filesystem::path& standard) {
    return given.empty() ? standard : given;
}

void runTrainBench(const json& parameters) {
    TrainBenchOptions options = kinds::trainBenchOptions(parameters);
    options.policy = orElse(options.policy, checkout() / "resources" / "sample" / "policy.pt2");
    options.rollouts = orElse(options.rollouts, checkout() / "resources" / "sample" / "rollouts.hdf5");
    deliver(valueOrThrow(benchTrain(options, terminalProgress())), parameters.value("json", ""), printTrain);
}

void runSaliencyBench(const json& parameters) {
    SaliencyBenchOptions options = kinds::saliencyBenchOptions(parameters);
    options.scripts = orElse(options.scripts, checkout() / "tests" / "reference");
    options.samplePolicy = orElse(options.samplePolicy, checkout() / "resources" / "sample" / "policy.pt2");
    options.policies = orElse(options.policies, std::filesystem::temp_directory_path() / "sqil-bench");
    deliver(valueOrThrow(benchSaliency(options, terminalProgress())), parameters.value("json", ""), printSaliency);
}

void addTrainBench(CLI::App& bench) {
    auto* train = bench.add_subcommand(
        "train", "One training step: quantized against full precision, and against PyTorch's own fake quantizers");
    const auto job = addJobOptions(*train, "bench-train", /*requireAll=*/false);
    train->footer("Example:\n  sqil bench train --weights 4 --activations 4 --json report.json");
    train->callback([job] { runTrainBench(job->parameters); });
}

void addRolloutBench(CLI::App& bench) {
    auto options = std::make_shared<RolloutOptions>();
    options->bench.scripts = checkout() / "tests" / "reference";
    options->bench.worker = checkout() / "plugins" / "gymnasium" / "sqil_worker.py";
    auto* rollouts = bench.add_subcommand(
        "rollouts", "Steps a second in a simulator: this program against plain Python loops with PyTorch");
    rollouts->add_option("--policy", options->bench.policy, "Policy (.pt2, .pt, .zip)")->required();
    rollouts->add_option("--env", options->bench.environment, "As of `sqil evaluate`")->capture_default_str();
    rollouts
        ->add_option("--python", options->bench.python,
                     "Python with PyTorch and the simulator (scripts/setup.sh tests makes one)")
        ->required();
    rollouts->add_option("--scripts", options->bench.scripts, "Folder of rollouts_reference.py");
    rollouts->add_option("--worker", options->bench.worker, "sqil_worker.py: makes the environment of every way");
    rollouts->add_option("--cores", options->bench.cores, "Of every way")->capture_default_str();
    rollouts->add_option("--slots", options->bench.slots, "Environments a worker; 0: as `sqil evaluate` chooses")
        ->capture_default_str();
    rollouts->add_option("--steps", options->bench.steps, "Of an episode, at most")->capture_default_str();
    rollouts->add_option("--seconds", options->bench.seconds, "Measuring time")->capture_default_str();
    rollouts->add_option("--json", options->json, "Write the report here (-: standard output)");
    rollouts->footer(
        "Example:\n  sqil bench rollouts --policy HalfCheetah-v3.zip --env gym/HalfCheetah-v5 --python "
        "~/.cache/sqil-studio/env/bin/python --json report.json");
    rollouts->callback([options] {
        deliver(valueOrThrow(benchRollouts(options->bench, terminalProgress())), options->json, printRollouts);
    });
}

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

}  // namespace

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
            throw CLI::RequiredError("saliency, train, rollouts, kernels, policy, project or --verify");
    });
    command->footer(
        "Examples:\n  sqil bench --verify\n  sqil bench policy --rollouts rollouts.hdf5 --policy policy.pt2\n"
        "  sqil bench saliency --python ~/.cache/sqil-studio/env/bin/python --json report.json");
    auto* saliency = command->add_subcommand(
        "saliency", "Saliency of one frame: this engine against the published loop and batched PyTorch");
    const auto job = addJobOptions(*saliency, "bench-saliency");
    saliency->footer(
        "Examples:\n  sqil bench saliency --python ~/.cache/sqil-studio/env/bin/python --seconds 120 --json "
        "report.json");
    saliency->callback([job] { runSaliencyBench(job->parameters); });
    addTrainBench(*command);
    addProjectBench(*command);
    addRolloutBench(*command);
    addKernelBench(*command, checkout() / "tests" / "reference");
    addPolicyBench(*command, checkout() / "tests" / "reference", checkout() / "resources" / "sample");
}

}  // namespace sqil::cli
