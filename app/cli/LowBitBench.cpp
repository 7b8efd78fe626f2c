#include "app/cli/LowBitBench.h"

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "core/base/AtomicFile.h"
#include "core/bench/KernelBench.h"
#include "core/bench/PolicyBench.h"
#include "core/project/Project.h"

namespace sqil::cli {
namespace {

using nlohmann::json;

/// Where a report goes.
struct Destination {
    std::string json, project;
};

struct KernelOptions {
    KernelBenchOptions bench;
    Destination to;
};

struct PolicyOptions {
    PolicyBenchOptions bench;
    std::string widths = "W8A8,W4A4,W4A8,W8A16,W4A16";
    Destination to;
};

void printInterval(const char* name, const json& numbers, const char* unit) {
    const std::string suffix = std::string(unit) == "ms" ? "_ms" : "";
    std::printf("  %-44s %10.3f %-2s  [%.3f, %.3f]\n", name, numbers.at("median" + suffix).get<double>(), unit,
                numbers.at("low" + suffix).get<double>(), numbers.at("high" + suffix).get<double>());
}

void printMachine(const json& report) {
    for (const auto& [name, value] : report.at("machine").items())
        std::cout << name << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
}

void printNotes(const json& report) {
    for (const auto& note : report.value("notes", json::array()))
        std::cout << "note: " << note.get<std::string>() << '\n';
}

void printKernels(const json& report) {
    for (const auto& entry : report.at("cases")) {
        std::cout << '\n' << entry.at("name").get<std::string>() << '\n';
        for (const auto& [way, times] : entry.at("ways").items())
            printInterval(way.c_str(), times, "ms");
        for (const auto& [name, ratio] : entry.at("ratios").items())
            printInterval(name.c_str(), ratio, "x");
        const json& share = entry.at("roof_share").at("best");
        std::printf("  at its best %.0f %% of the reading roof, %.0f %% of the arithmetic roof\n",
                    100 * share.at("of_reading").get<double>(), 100 * share.at("of_arithmetic").get<double>());
    }
}

void printPolicy(const json& report) {
    std::cout << '\n'
              << report.at("policy").get<std::string>() << ", " << report.at("parameters") << " parameters, batch 1\n";
    std::printf("  %-22s %9s %9s %9s %9s %9s %10s %10s %9s\n", "", "best ms", "p50 ms", "p90 ms", "p99 ms", "cold ms",
                "actions/s", "weights MB", "step MB");
    for (const auto& [name, way] : report.at("ways").items()) {
        const json& latency = way.at("latency_ms");
        std::printf("  %-22s %9.3f %9.3f %9.3f %9.3f %9.3f %10.1f %10.2f %9.2f\n", name.c_str(),
                    way.at("best_ms").get<double>(), latency.at("p50").get<double>(), latency.at("p90").get<double>(),
                    latency.at("p99").get<double>(), way.value("cold_ms", 0.0),
                    way.at("actions_per_second").get<double>(), way.value("weights_mb", 0.0),
                    way.value("step_mb", 0.0));
        for (const auto& layer : way.value("floating_point", json::array()))
            std::printf("    %s stays in floating point: %s (%.0f %% of the multiplications)\n",
                        layer.at("layer").get<std::string>().c_str(), layer.at("reason").get<std::string>().c_str(),
                        100 * layer.value("share_of_multiplications", 0.0));
    }
    for (const auto& [name, ratio] : report.at("ratios").items())
        printInterval(name.c_str(), ratio, "x");
}

void printChecks(const json& kernels) {
    for (const auto& kernel : kernels)
        std::printf("  %-28s %4d cases, %d differ%s\n", kernel.at("kernel").get<std::string>().c_str(),
                    kernel.at("cases").get<int>(), kernel.at("failures").get<int>(),
                    kernel.contains("first_failure")
                        ? (", first at " + kernel.at("first_failure").get<std::string>()).c_str()
                        : "");
}

void printCheck(const json& report) {
    printChecks(report.at("kernels"));
    const json cuda = report.value("cuda", json::object());
    if (cuda.contains("skipped"))
        std::cout << "CUDA skipped: " << cuda.at("skipped").get<std::string>() << '\n';
    if (cuda.contains("kernels")) {
        std::cout << "CUDA\n";
        printChecks(cuda.at("kernels"));
    }
    if (cuda.contains("error"))
        std::cout << "CUDA: " << cuda.at("error").get<std::string>() << '\n';
    std::cout << (report.at("passed").get<bool>() ? "every kernel agrees with its reference\n"
                                                  : "some kernels are wrong\n");
}

/// To the file or standard output ("-") as JSON, else as a table; and to the project.
void deliver(const json& report, const json& specification, const Destination& to, void (*print)(const json&)) {
    finishProgress();
    if (!to.project.empty()) {
        const bool exists = std::filesystem::exists(to.project);
        const auto project = valueOrThrow(exists ? Project::open(to.project) : Project::create(to.project));
        char time[32];
        const std::time_t seconds = std::time(nullptr);
        std::tm parts{};
        std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
        valueOrThrow(project->putResult({0, "benchmark", specification.dump(), report.dump(), time}));
    }
    if (to.json == "-") {
        std::cout << report.dump(1) << '\n';
        return;
    }
    if (!to.json.empty())
        valueOrThrow(writeTextFile(to.json, report.dump(1) + "\n"));
    printMachine(report);
    print(report);
    printNotes(report);
}

void addDestination(CLI::App& command, Destination& to) {
    command.add_option("--json", to.json, "Write the report here (-: standard output)");
    command.add_option("--project", to.project, "Keep the report in this project too");
}

void runKernels(const KernelOptions& options) {
    const json specification{{"benchmark", "kernels"}, {"threads", options.bench.threads}};
    deliver(valueOrThrow(benchKernels(options.bench, terminalProgress())), specification, options.to, printKernels);
}

void runPolicy(PolicyOptions& options) {
    options.bench.widths.clear();
    for (std::size_t start = 0; start <= options.widths.size();) {
        const auto comma = std::min(options.widths.find(',', start), options.widths.size());
        options.bench.widths.push_back(options.widths.substr(start, comma - start));
        start = comma + 1;
    }
    const json specification{{"benchmark", "policy"},
                             {"policy", options.bench.policy.string()},
                             {"rollouts", options.bench.rollouts.string()},
                             {"widths", options.widths},
                             {"threads", options.bench.threads}};
    deliver(valueOrThrow(benchPolicy(options.bench, terminalProgress())), specification, options.to, printPolicy);
}

}  // namespace

void addKernelBench(CLI::App& bench, const std::filesystem::path& scripts) {
    auto options = std::make_shared<KernelOptions>();
    options->bench.scripts = scripts;
    auto* kernels = bench.add_subcommand(
        "kernels",
        "The low-bit operators against LibTorch's and ONNX Runtime's, and against what the machine can do at most");
    kernels->add_option(
        "--python", options->bench.python,
        "Python with onnxruntime (scripts/setup.sh tests makes one); without it ONNX Runtime is left out");
    kernels->add_option("--scripts", options->bench.scripts, "Folder of kernel_reference.py");
    kernels->add_option("--seconds", options->bench.seconds, "Measuring time over all cases")->capture_default_str();
    kernels->add_option("--threads", options->bench.threads, "Of every way")->capture_default_str();
    addDestination(*kernels, options->to);
    kernels->footer("Example:\n  sqil bench kernels --python ~/.cache/sqil-studio/env/bin/python --json kernels.json");
    kernels->callback([options] { runKernels(*options); });
}

void addPolicyBench(CLI::App& bench, const std::filesystem::path& scripts, const std::filesystem::path& sample) {
    auto options = std::make_shared<PolicyOptions>();
    options->bench.scripts = scripts;
    options->bench.policy = sample / "policy.pt2";
    auto* policy = bench.add_subcommand(
        "policy", "One step of a policy end to end: latency, memory and energy at full precision and at each width");
    policy->add_option("--policy", options->bench.policy,
                       "Full-precision policy, or one quantized already; default: the sample's");
    policy->add_option("--rollouts", options->bench.rollouts,
                       "Recorded rollouts to calibrate and time it on; without them random inputs");
    policy->add_option("--widths", options->widths, "Bits of weights and activations")->capture_default_str();
    policy->add_option("--rate", options->bench.controlRate, "Control rate in Hz; default: the card's");
    policy->add_option("--onnx", options->bench.onnx, "A quantized ONNX model to time in turns with it");
    policy->add_option("--python", options->bench.python, "Python with onnxruntime, for --onnx");
    policy->add_option("--scripts", options->bench.scripts, "Folder of kernel_reference.py");
    policy->add_option("--seconds", options->bench.seconds, "Measuring time")->capture_default_str();
    policy->add_option("--threads", options->bench.threads, "Of every way")->capture_default_str();
    addDestination(*policy, options->to);
    policy->footer(
        "Examples:\n  sqil bench policy --rollouts resources/sample/rollouts.hdf5 --widths W8A8,W4A4 --json "
        "policy.json\n"
        "  sqil bench policy --policy policy-w4a4.pt2 --rollouts rollouts.hdf5 --project study.sqil");
    policy->callback([options] { runPolicy(*options); });
}

void verifyEveryKernel(const std::string& jsonPath) {
    const json report = verifyKernels();
    deliver(report, json{{"benchmark", "verify"}}, {jsonPath, ""}, printCheck);
    if (!report.at("passed").get<bool>())
        throw CommandFailed{
            {ErrorKind::Unsupported, "the low-bit kernels do not compute what they should on this processor"}};
}

}  // namespace sqil::cli
