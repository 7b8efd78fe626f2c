#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/LowBitBench.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/bench/SaliencyBench.h"
#include "core/bench/TrainBench.h"

namespace sqil::cli {
namespace {

using nlohmann::json;

struct Options {
    SaliencyBenchOptions bench;
    std::string json;
};

struct TrainOptions {
    TrainBenchOptions bench;
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

void addTrainBench(CLI::App& bench) {
    auto options = std::make_shared<TrainOptions>();
    options->bench.policy = checkout() / "resources" / "sample" / "policy.pt2";
    options->bench.rollouts = checkout() / "resources" / "sample" / "rollouts.hdf5";
    options->bench.spec.activationBits = 4;
    auto* train = bench.add_subcommand(
        "train", "One training step: quantized against full precision, and against PyTorch's own fake quantizers");
    train->add_option("--policy", options->bench.policy, "Full-precision policy; default: the sample's");
    train->add_option("--rollouts", options->bench.rollouts, "Recorded rollouts; default: the sample's");
    train->add_option("--weights", options->bench.spec.weightBits, "Bits of the weights")->capture_default_str();
    train->add_option("--activations", options->bench.spec.activationBits, "Bits of the activations")
        ->capture_default_str();
    train->add_option("--batch", options->bench.batch, "Recorded steps in a training step")->capture_default_str();
    train->add_option("--seconds", options->bench.seconds, "Measuring time")->capture_default_str();
    train->add_option("--threads", options->bench.threads, "Of every way")->capture_default_str();
    train->add_option("--json", options->json, "Write the report here (-: standard output)");
    train->footer("Example:\n  sqil bench train --weights 4 --activations 4 --json report.json");
    train->callback([options] {
        deliver(valueOrThrow(benchTrain(options->bench, terminalProgress())), options->json, printTrain);
    });
}

}  // namespace

void addBenchCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    options->bench.scripts = checkout() / "tests" / "reference";
    options->bench.samplePolicy = checkout() / "resources" / "sample" / "policy.pt2";
    options->bench.policies = std::filesystem::temp_directory_path() / "sqil-bench";
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
            throw CLI::RequiredError("saliency, train, kernels, policy or --verify");
    });
    command->footer(
        "Examples:\n  sqil bench --verify\n  sqil bench policy --rollouts rollouts.hdf5 --policy policy.pt2\n  sqil "
        "bench "
        "saliency --python ~/.cache/sqil-studio/env/bin/python --json report.json");
    auto* saliency = command->add_subcommand(
        "saliency", "Saliency of one frame: this engine against the published loop and batched PyTorch");
    saliency->add_option(
        "--python", options->bench.python,
        "Python with PyTorch and SciPy (scripts/setup.sh tests makes one); without it there is no reference");
    saliency->add_option("--scripts", options->bench.scripts, "Folder of saliency_reference.py");
    saliency->add_option("--policies", options->bench.policies, "Where the benchmark's policies are kept")
        ->capture_default_str();
    saliency->add_option("--policy", options->bench.samplePolicy, "A policy of your own beside the two standard ones");
    saliency->add_option("--seconds", options->bench.seconds, "Measuring time over all cases")->capture_default_str();
    saliency->add_option("--threads", options->bench.threads, "Of every way")->capture_default_str();
    saliency->add_option("--json", options->json, "Write the report here (-: standard output)");
    saliency->footer(
        "Examples:\n  sqil bench saliency --python ~/.cache/sqil-studio/env/bin/python --seconds 120 --json "
        "report.json");
    saliency->callback([options] {
        deliver(valueOrThrow(benchSaliency(options->bench, terminalProgress())), options->json, printSaliency);
    });
    addTrainBench(*command);
    addKernelBench(*command, options->bench.scripts);
    addPolicyBench(*command, options->bench.scripts, checkout() / "resources" / "sample");
}

}  // namespace sqil::cli
