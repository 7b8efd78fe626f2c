#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/AnalysisReport.h"
#include "app/cli/Commands.h"
#include "core/base/AtomicFile.h"
#include "core/project/SeriesNames.h"
#include "core/quant/checkpoint/PackedCheckpoint.h"
#include "core/quant/checkpoint/PackedPolicy.h"
#include "core/quant/onnx/OnnxExport.h"

namespace sqil::cli {
namespace {

struct Options {
    std::filesystem::path project, out;
    std::string format = "csv";
    RecordId analysis = 0;
    double topPercent = 20;
    LargeGaps largeGaps;
};

AnalysisRecord chosenAnalysis(const Project& project, const Options& options) {
    const auto analyses = valueOrThrow(project.analyses());
    if (analyses.empty())
        throw CommandFailed{{ErrorKind::NotFound,
                             options.project.string() + ": has no analysis yet; `sqil analyze --project` makes one"}};
    if (options.analysis == 0)
        return analyses.back();
    std::string known;
    for (const auto& analysis : analyses) {
        if (analysis.id == options.analysis)
            return analysis;
        known += (known.empty() ? "" : ", ") + std::to_string(analysis.id);
    }
    throw CommandFailed{{ErrorKind::NotFound, options.project.string() + ": has no analysis " +
                                                  std::to_string(options.analysis) + "; it has " + known}};
}

AnalysisReport readReport(const Project& project, const AnalysisRecord& analysis, const Options& options) {
    AnalysisReport report;
    report.topPercent = options.topPercent;
    report.largeGaps = options.largeGaps;
    report.about = {{"format", "sqil-analysis"},
                    {"version", 1},
                    {"created_at", analysis.createdAt},
                    {"parameters", nlohmann::json::parse(analysis.parametersJson, nullptr, false)}};
    for (const auto& policy : valueOrThrow(project.policies())) {
        if (policy.id == analysis.policy)
            report.about["policy"] = policy.path.string();
        if (analysis.quantized && policy.id == *analysis.quantized)
            report.about["quantized"] = policy.path.string();
    }
    for (const auto& rollouts : valueOrThrow(project.rollouts()))
        if (rollouts.id == analysis.rollouts)
            report.about["rollouts"] = rollouts.path.string();
    for (const auto& [episode, sis] : valueOrThrow(project.seriesOfAll(analysis.id, series::kSis)))
        report.episodes.push_back({episode, valueOrThrow(project.series(analysis.id, episode)), {}});
    report.updateThreshold();
    return report;
}

/// A policy in a format of other programs.
Result<std::vector<std::string>> exportPolicy(const Options& options) {
    if (options.format == "onnx")
        return exportOnnx(options.project, options.out);
    if (options.format == "pt2")
        return exportPackedPolicy(options.project, options.out);
    return exportCheckpoint(options.project,
                            options.format == "awq" ? CheckpointFormat::Awq : CheckpointFormat::CompressedTensors,
                            options.out);
}

void deploy(const Options& options) {
    if (options.out.empty())
        throw CommandFailed{{ErrorKind::BadInput, "--format " + options.format + ": --out says where the policy goes"}};
    for (const std::string& note : valueOrThrow(exportPolicy(options)))
        std::cerr << "note: " << note << '\n';
}

void run(const Options& options) {
    if (options.format != "csv" && options.format != "json")
        return deploy(options);
    const auto project = valueOrThrow(Project::open(options.project));
    const auto report = readReport(*project, chosenAnalysis(*project, options), options);
    std::ostringstream text;
    if (options.format == "csv")
        report.writeCsv(text);
    else
        text << report.toJson().dump(1) << '\n';
    if (options.out.empty())
        std::cout << text.str();
    else
        valueOrThrow(writeTextFile(options.out, text.str()));
}

}  // namespace

void addExportCommand(CLI::App& program) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand(
        "export", "Numbers of an analysis in a project, as CSV or JSON; or a policy for deployment");
    command->add_option("project", options->project, "Project (.sqil); for the other formats: quantized policy (.pt2)")
        ->required();
    command->add_option("--analysis", options->analysis,
                        "Which one, by its number in `sqil info`; default: the newest");
    command
        ->add_option("--format", options->format,
                     "csv: one row a step; json: as `sqil analyze` writes it; onnx: a policy as ONNX Runtime runs it; "
                     "pt2: its weights as integers, for torch.export.load; compressed-tensors, awq: packed safetensors")
        ->check(CLI::IsMember({"csv", "json", "onnx", "pt2", "compressed-tensors", "awq"}))
        ->capture_default_str();
    command->add_option("--top", options->topPercent, "Critical states: the top p % of SIS")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    addLargeGapOptions(*command, options->largeGaps);
    command->add_option("--out", options->out, "File; default: standard output");
    command->footer(
        "Examples:\n  sqil export study.sqil --format csv --out study.csv\n  sqil export study.sqil --format json "
        "--analysis 2\n  sqil export policy-w8a8.pt2 --format onnx --out policy-w8a8.onnx");
    command->callback([options] { run(*options); });
}

}  // namespace sqil::cli
