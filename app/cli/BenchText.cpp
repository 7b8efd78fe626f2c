#include "app/cli/BenchText.h"

#include <cstdio>
#include <iostream>

namespace sqil::cli {
namespace {

using nlohmann::json;

void printInterval(const char* name, const json& numbers, const char* unit) {
    const std::string suffix = std::string(unit) == "ms" ? "_ms" : "";
    std::printf("  %-44s %10.3f %-2s  [%.3f, %.3f]\n", name, numbers.at("median" + suffix).get<double>(), unit,
                numbers.at("low" + suffix).get<double>(), numbers.at("high" + suffix).get<double>());
}

void printWays(const json& entry) {
    for (const auto& [way, times] : entry.at("ways").items())
        std::printf("  %-34s %10.2f ms   [%.2f, %.2f]\n", way.c_str(), times.at("median_ms").get<double>(),
                    times.at("low_ms").get<double>(), times.at("high_ms").get<double>());
    for (const auto& [name, ratio] : entry.at("ratios").items())
        std::printf("  %-34s %10.2f x    [%.2f, %.2f]\n", name.c_str(), ratio.at("median").get<double>(),
                    ratio.at("low").get<double>(), ratio.at("high").get<double>());
}

}  // namespace

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
        for (const auto& [way, times] : entry.at("ways").items()) {
            printInterval(way.c_str(), times, "ms");
            if (times.contains("warm_ms"))
                std::printf("    %.3f ms with its weights in the caches\n", times.at("warm_ms").get<double>());
        }
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
        if (way.contains("device_ms"))
            std::printf("    %.3f ms of it on the device%s\n", way.at("device_ms").get<double>(),
                        way.value("replayed", false) ? ", replayed" : "");
        if (way.contains("energy_mj"))
            std::printf("    %.3f mJ an action (%s)\n", way.at("energy_mj").get<double>(),
                        report.value("energy_from", "").c_str());
        for (const auto& layer : way.value("floating_point", json::array()))
            std::printf("    %s stays in floating point: %s (%.0f %% of the multiplications)\n",
                        layer.at("layer").get<std::string>().c_str(), layer.at("reason").get<std::string>().c_str(),
                        100 * layer.value("share_of_multiplications", 0.0));
    }
    const json ratios = report.value("ratios", json::object());
    for (const auto& [name, ratio] : ratios.items())
        printInterval(name.c_str(), ratio, "x");
}

static void printChecks(const json& kernels) {
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

void printSaliency(const json& report) {
    for (const auto& entry : report.at("cases")) {
        std::cout << '\n' << entry.at("name").get<std::string>() << ", " << entry.at("places") << " places a frame\n";
        printWays(entry);
        std::cout << "  agreement " << entry.at("agreement").dump() << '\n';
    }
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

}  // namespace sqil::cli
