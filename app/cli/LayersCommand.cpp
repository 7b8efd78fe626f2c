#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/JobOptions.h"
#include "app/cli/ProgressBar.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::cli {
namespace {

struct Options {
    std::shared_ptr<JobOptions> job;
    std::filesystem::path project;
    bool json = false;
};

std::string widthText(LayerBits bits) {
    return "W" + std::to_string(bits.weights) + "A" + std::to_string(bits.activations);
}

void printTable(const BlameReport& report, const std::vector<SensitiveLayer>& layers) {
    std::size_t width = 5;
    for (const auto& layer : layers)
        width = std::max(width, layer.name.size());
    const auto column = static_cast<int>(width) + 2;
    std::cout << std::left << std::setw(column) << "layer" << std::setw(26) << "operator" << std::right << std::setw(10)
              << "weights" << std::setw(8) << "bits" << std::setw(12) << "alone" << std::setw(12) << "all but"
              << std::setw(14) << "weight error" << '\n';
    for (std::size_t index = 0; index < layers.size(); ++index) {
        const LayerBlame& blame = report.layers[index];
        std::cout << std::left << std::setw(column) << layers[index].name << std::setw(26) << layers[index].target
                  << std::right << std::setw(10) << layers[index].parameters << std::setw(8) << widthText(blame.bits)
                  << std::setw(12) << std::setprecision(4) << std::defaultfloat << blame.alone << std::setw(12)
                  << blame.allBut << std::setw(12) << std::fixed << std::setprecision(2)
                  << blame.relativeWeightError * 100 << " %\n"
                  << std::defaultfloat;
    }
    std::cout << std::setprecision(4) << "mean action gap over " << report.steps
              << " steps, all layers quantized: " << report.gap << " (normalized units)\n";
    const auto worst = std::max_element(report.layers.begin(), report.layers.end(),
                                        [](const auto& one, const auto& other) { return one.alone < other.alone; });
    if (worst != report.layers.end() && worst->alone > 0)
        std::cout << "most to blame: " << layers[static_cast<std::size_t>(worst - report.layers.begin())].name
                  << ", which alone makes a gap of " << worst->alone << '\n';
}

void printSuggestion(const BitSuggestion& suggestion, const std::vector<SensitiveLayer>& layers) {
    std::cout << "within the budget: mean gap " << std::setprecision(4) << suggestion.gap << " at "
              << std::setprecision(3) << suggestion.meanWeightBits << " bits a weight\n ";
    for (std::size_t index = 0; index < layers.size(); ++index)
        std::cout << " --layer " << layers[index].name << '=' << suggestion.bits[index].weights << '/'
                  << suggestion.bits[index].activations;
    std::cout << '\n';
}

void run(const Options& options) {
    const auto given = valueOrThrow(kinds::layersOptions(options.job->parameters));
    std::unique_ptr<Project> project;
    if (!options.project.empty())
        project = valueOrThrow(std::filesystem::exists(options.project) ? Project::open(options.project)
                                                                        : Project::create(options.project));
    const auto answer = valueOrThrow(kinds::blameLayers(given, project.get(), terminalProgress()));
    finishProgress();
    if (options.json) {
        std::cout << answer.report.dump(1) << '\n';
        return;
    }
    printTable(answer.blame, answer.layers);
    if (answer.suggestion)
        printSuggestion(*answer.suggestion, answer.layers);
    if (!given.out.empty())
        std::cout << "written: " << given.out.string() << '\n';
}

}  // namespace

void addLayersCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "layers", "Which layers are to blame for the action gap: each quantized alone, and all but each");
    options->job = addJobOptions(*command, "layers");
    command->add_option("--project", options->project, "Keep the numbers in this project (made if missing)");
    command->add_flag("--json", options->json, "For machines");
    auto* quantized = command->get_option("--quantized");
    for (const char* name : {"--method", "--weights", "--activations", "--granularity", "--layer"})
        command->get_option(name)->excludes(quantized);
    command->footer(
        "A layer's blame is the mean action gap to the full-precision policy, in normalized units.\n"
        "Examples:\n"
        "  sqil layers --policy P.pt2 --quantized Q.pt2 --rollouts R.hdf5\n"
        "  sqil layers --policy P.pt2 --weights 4 --activations 4 --rollouts R.hdf5 --budget 0.05 --out MIXED.pt2");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
