#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/bench/SaliencyBench.h"

namespace sqil::cli {
namespace {

using nlohmann::json;

struct Options {
    SaliencyBenchOptions bench;
    std::string json;
};

/// The folder of the reference scripts in a checkout that holds this program, for the default of --scripts.
std::filesystem::path checkout() {
    std::error_code ignored;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return program.parent_path() / ".." / ".." / "..";
}

void printTable(const json& report) {
    const auto& machine = report.at("machine");
    for (const auto& [name, value] : machine.items())
        std::cout << name << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
    for (const auto& entry : report.at("cases")) {
        std::cout << '\n' << entry.at("name").get<std::string>() << ", " << entry.at("places") << " places a frame\n";
        for (const auto& [way, times] : entry.at("ways").items())
            std::printf("  %-24s %10.2f ms   [%.2f, %.2f]\n", way.c_str(), times.at("median_ms").get<double>(),
                        times.at("low_ms").get<double>(), times.at("high_ms").get<double>());
        for (const auto& [name, ratio] : entry.at("ratios").items())
            std::printf("  %-24s %10.2f x    [%.2f, %.2f]\n", name.c_str(), ratio.at("median").get<double>(),
                        ratio.at("low").get<double>(), ratio.at("high").get<double>());
        std::cout << "  agreement " << entry.at("agreement").dump() << '\n';
    }
    for (const auto& note : report.value("notes", json::array()))
        std::cout << "note: " << note.get<std::string>() << '\n';
}

void run(const Options& options) {
    const json report = valueOrThrow(benchSaliency(options.bench, terminalProgress()));
    finishProgress();
    if (options.json == "-")
        std::cout << report.dump(1) << '\n';
    else if (!options.json.empty())
        valueOrThrow(writeTextFile(options.json, report.dump(1) + "\n"));
    if (options.json != "-")
        printTable(report);
}

}  // namespace

void addBenchCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    options->bench.scripts = checkout() / "tests" / "reference";
    options->bench.samplePolicy = checkout() / "resources" / "sample" / "policy.pt2";
    options->bench.policies = std::filesystem::temp_directory_path() / "sqil-bench";
    auto* command =
        program.add_subcommand("bench", "Benchmarks, always as a ratio against the alternatives in the same run");
    command->require_subcommand(1);
    command->footer("Examples:\n  sqil bench saliency --python ~/.cache/sqil-studio/env/bin/python --json report.json");
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
    saliency->callback([options] { run(*options); });
}

}  // namespace sqil::cli
