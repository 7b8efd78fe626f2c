#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "app/cli/QuantOptions.h"
#include "core/analysis/layers/LayerReport.h"

namespace sqil::cli {
namespace {

struct Options {
    PolicyPaths policies;
    std::filesystem::path rollouts, project, out;
    QuantOptions quantization;
    std::int64_t steps = 64;
    double budget = 0;
    bool json = false;
};

BlameReport blameOf(LayerSensitivity& sensitivity, const std::vector<LayerBits>& bits, const Options& options) {
    if (options.project.empty())
        return valueOrThrow(sensitivity.blame(bits, options.steps, BlameRuns::AloneAndAllBut, terminalProgress()));
    const auto project = valueOrThrow(std::filesystem::exists(options.project) ? Project::open(options.project)
                                                                               : Project::create(options.project));
    const std::string specification =
        blameSpecification(options.policies, options.rollouts, sensitivity, bits, options.steps);
    if (const auto known = valueOrThrow(project->result(kBlameResult, specification)))
        if (auto report = parseBlameReport(known->resultJson, sensitivity.layers()))
            return *report;
    BlameReport report =
        valueOrThrow(sensitivity.blame(bits, options.steps, BlameRuns::AloneAndAllBut, terminalProgress()));
    valueOrThrow(project->putResult({0, kBlameResult, specification, toJson(report, sensitivity.layers()), {}}));
    return report;
}

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
    const auto rollouts = valueOrThrow(Rollouts::open(options.rollouts));
    const auto sensitivity = valueOrThrow(
        LayerSensitivity::open(options.policies, rollouts, options.quantization.resolved(), terminalProgress()));
    std::vector<LayerBits> bits = sensitivity->recipeBits();
    const BlameReport report = blameOf(*sensitivity, bits, options);
    std::optional<BitSuggestion> suggestion;
    if (options.budget > 0) {
        suggestion = valueOrThrow(suggestBits(*sensitivity, bits, options.budget, options.steps, terminalProgress()));
        bits = suggestion->bits;
    }
    if (!options.out.empty())
        valueOrThrow(sensitivity->save(bits, options.out, terminalProgress()));
    finishProgress();
    if (options.json) {
        auto json = nlohmann::json::parse(toJson(report, sensitivity->layers()));
        json["policy"] = options.policies.policy.string();
        json["rollouts"] = options.rollouts.string();
        json["recipe"] = nlohmann::json::parse(sensitivity->specJson());
        if (!options.policies.quantized.empty())
            json["quantized"] = options.policies.quantized.string();
        if (suggestion) {
            json["suggestion"] = {{"budget", options.budget},
                                  {"gap", suggestion->gap},
                                  {"mean_weight_bits", suggestion->meanWeightBits},
                                  {"layers", nlohmann::json::object()}};
            for (std::size_t index = 0; index < bits.size(); ++index)
                json["suggestion"]["layers"][sensitivity->layers()[index].name] = {bits[index].weights,
                                                                                   bits[index].activations};
        }
        std::cout << json.dump(1) << '\n';
        return;
    }
    printTable(report, sensitivity->layers());
    if (suggestion)
        printSuggestion(*suggestion, sensitivity->layers());
    if (!options.out.empty())
        std::cout << "written: " << options.out.string() << '\n';
}

}  // namespace

void addLayersCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "layers", "Which layers are to blame for the action gap: each quantized alone, and all but each");
    command->add_option("--policy", options->policies.policy, "Full-precision policy (.pt2, .pt)")->required();
    command->add_option("--rollouts", options->rollouts, "Recorded rollouts (.hdf5)")->required();
    auto* quantized = command->add_option("--quantized", options->policies.quantized,
                                          "Quantized policy whose layers are looked at; without it, those that the "
                                          "options below make");
    command->add_option("--card", options->policies.card,
                        "Policy card; default: NAME.card.json beside the policy, or the archive's");
    command->add_option("--steps", options->steps, "Recorded steps, spread over the data set")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command
        ->add_option("--budget", options->budget,
                     "Also suggest low weight bits for every layer, with a mean gap of at most this")
        ->check(CLI::PositiveNumber);
    command->add_option("--out", options->out, "Write the policy at these widths (with --budget: those suggested)");
    command->add_option("--project", options->project, "Keep the numbers in this project (made if missing)");
    command->add_flag("--json", options->json, "For machines");
    options->quantization.addTo(*command);
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
