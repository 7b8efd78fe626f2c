#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "core/analysis/PolicySummary.h"
#include "core/data/Rollouts.h"
#include "core/project/Project.h"

namespace sqil::cli {
namespace {

using nlohmann::json;

json toJson(const TensorSummary& tensor) {
    return {{"name", tensor.name}, {"type", tensor.type}, {"shape", tensor.shape}};
}

json policyJson(const PolicySummary& policy) {
    json result{{"kind", "policy"},
                {"format", policy.format},
                {"parameters", policy.parameters},
                {"operators", policy.operators},
                {"dynamic_batch", policy.dynamicBatch},
                {"inputs", json::array()},
                {"outputs", json::array()},
                {"layers", json::array()}};
    for (const auto& input : policy.inputs)
        result["inputs"].push_back(toJson(input));
    for (const auto& output : policy.outputs)
        result["outputs"].push_back(toJson(output));
    for (const auto& layer : policy.layers)
        result["layers"].push_back({{"name", layer.name},
                                    {"operator", layer.target},
                                    {"weight_shape", layer.weightShape},
                                    {"parameters", layer.parameters},
                                    {"first", layer.isFirst},
                                    {"last", layer.isLast}});
    result["card"] = policy.cardJson.empty() ? json(nullptr) : json::parse(policy.cardJson);
    result["quantization"] = policy.quantizationJson.empty() ? json(nullptr) : json::parse(policy.quantizationJson);
    return result;
}

json rolloutsJson(const RolloutsInfo& info) {
    json result{{"kind", "rollouts"},        {"format", info.format},         {"total_steps", info.totalSteps()},
                {"episodes", json::array()}, {"observations", json::array()}, {"attributes", info.attributes}};
    for (const auto& episode : info.episodes) {
        json entry{{"name", episode.name}, {"steps", episode.steps}, {"attributes", episode.attributes}};
        entry["success"] = episode.success ? json(*episode.success) : json(nullptr);
        entry["total_reward"] = episode.totalReward ? json(*episode.totalReward) : json(nullptr);
        result["episodes"].push_back(std::move(entry));
    }
    const auto key = [](const KeySpec& spec) {
        return json{{"key", spec.name}, {"type", nameOf(spec.type)}, {"shape", spec.shape}};
    };
    for (const auto& observation : info.observations)
        result["observations"].push_back(key(observation));
    result["action"] = info.action ? key(*info.action) : json(nullptr);
    return result;
}

json projectJson(const Project& project) {
    json result{
        {"kind", "project"}, {"policies", json::array()}, {"rollouts", json::array()}, {"analyses", json::array()}};
    for (const auto& policy : valueOrThrow(project.policies()))
        result["policies"].push_back({{"id", policy.id}, {"name", policy.name}, {"path", policy.path.string()}});
    for (const auto& rollouts : valueOrThrow(project.rollouts()))
        result["rollouts"].push_back({{"id", rollouts.id}, {"name", rollouts.name}, {"path", rollouts.path.string()}});
    for (const auto& analysis : valueOrThrow(project.analyses()))
        result["analyses"].push_back({{"id", analysis.id},
                                      {"policy", analysis.policy},
                                      {"quantized", analysis.quantized ? json(*analysis.quantized) : json(nullptr)},
                                      {"rollouts", analysis.rollouts},
                                      {"parameters", json::parse(analysis.parametersJson, nullptr, false)},
                                      {"created_at", analysis.createdAt}});
    return result;
}

json describe(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path))
        throw CommandFailed{{ErrorKind::NotFound, path.string() + ": there is no such file"}};
    const std::string extension = path.extension().string();
    if (extension == ".sqil")
        return projectJson(*valueOrThrow(Project::open(path)));
    if (extension == ".pt2" || extension == ".pt" || extension == ".zip")
        return policyJson(valueOrThrow(summarizePolicy(path)));
    return rolloutsJson(valueOrThrow(Rollouts::open(path))->info());
}

std::string shapeText(const json& shape) {
    std::string text;
    for (const auto& size : shape)
        text += (text.empty() ? "" : "×") + (size.is_string() ? size.get<std::string>() : size.dump());
    return text.empty() ? "scalar" : text;
}

void printTensors(const char* title, const json& tensors) {
    std::cout << title << '\n';
    for (const auto& tensor : tensors)
        std::cout << "  " << tensor.at("name").get<std::string>() << "  " << tensor.at("type").get<std::string>()
                  << "  " << (tensor.at("type") == "" ? "shape not in the file" : shapeText(tensor.at("shape")))
                  << '\n';
}

void printPolicy(const json& policy) {
    std::cout << "policy, " << policy.at("format").get<std::string>() << ", " << policy.at("parameters")
              << " parameters, " << policy.at("operators") << " operators, "
              << (policy.at("dynamic_batch").get<bool>() ? "any batch size" : "fixed batch size") << '\n';
    printTensors("inputs", policy.at("inputs"));
    printTensors("outputs", policy.at("outputs"));
    std::cout << "layers that can be quantized\n";
    for (const auto& layer : policy.at("layers"))
        std::cout << "  " << layer.at("name").get<std::string>() << "  " << layer.at("operator").get<std::string>()
                  << "  " << shapeText(layer.at("weight_shape")) << (layer.at("first").get<bool>() ? "  first" : "")
                  << (layer.at("last").get<bool>() ? "  last" : "") << '\n';
    if (!policy.at("quantization").is_null())
        std::cout << "quantized: " << policy.at("quantization").at("spec").dump() << '\n';
}

void printRollouts(const json& rollouts) {
    std::cout << "rollouts, " << rollouts.at("format").get<std::string>() << ", " << rollouts.at("episodes").size()
              << " episodes, " << rollouts.at("total_steps") << " steps\nobservations\n";
    for (const auto& key : rollouts.at("observations"))
        std::cout << "  " << key.at("key").get<std::string>() << "  " << key.at("type").get<std::string>() << "  "
                  << shapeText(key.at("shape")) << '\n';
    if (!rollouts.at("action").is_null())
        std::cout << "actions  " << shapeText(rollouts.at("action").at("shape")) << '\n';
    std::cout << "episodes\n";
    for (const auto& episode : rollouts.at("episodes"))
        std::cout << "  " << episode.at("name").get<std::string>() << "  " << episode.at("steps") << " steps"
                  << (episode.at("success").is_null()     ? ""
                      : episode.at("success").get<bool>() ? "  success"
                                                          : "  failure")
                  << '\n';
}

void printProject(const json& project) {
    for (const char* kind : {"policies", "rollouts"}) {
        std::cout << kind << '\n';
        for (const auto& entry : project.at(kind))
            std::cout << "  " << entry.at("name").get<std::string>() << "  " << entry.at("path").get<std::string>()
                      << '\n';
    }
    std::cout << project.at("analyses").size() << " analyses\n";
}

struct Options {
    std::filesystem::path file;
    bool json = false;
};

void run(const Options& options) {
    const json description = describe(options.file);
    if (options.json) {
        std::cout << description.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
        return;
    }
    const auto kind = description.at("kind").get<std::string>();
    if (kind == "policy")
        printPolicy(description);
    else if (kind == "rollouts")
        printRollouts(description);
    else
        printProject(description);
}

}  // namespace

void addInfoCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand("info", "What is in a policy, a rollout file or a project");
    command->add_option("file", options->file, "Policy (.pt2, .pt, .zip), rollouts (.hdf5) or project (.sqil)")
        ->required();
    command->add_flag("--json", options->json, "For machines");
    command->footer("Examples:\n  sqil info policy.pt2\n  sqil info rollouts.hdf5 --json");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
