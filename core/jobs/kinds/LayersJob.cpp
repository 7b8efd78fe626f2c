#include <algorithm>

#include "core/analysis/layers/LayerReport.h"
#include "core/base/AtomicFile.h"
#include "core/data/Rollouts.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::kinds {
namespace {

using nlohmann::json;

/// How layers are quantized is said as `quantize` says it.
std::vector<JobParameter> parameters() {
    JobParameter quantized{.name = "quantized",
                           .help =
                               "Quantized policy whose layers are looked at; without it, those that the settings "
                               "below make",
                           .type = ParameterType::File,
                           .group = "Files",
                           .file = FileKind::Quantized};
    std::vector<JobParameter> all{policyParameter("Full-precision policy (.pt2, .pt)"), quantized, cardParameter(),
                                  rolloutsParameter("Recorded rollouts (.hdf5)")};
    const std::string group = "Blame";
    all.push_back(wholeParameter("steps", "Recorded steps, spread over the data set", LayersOptions{}.steps, group,
                                 "recorded steps", 1, 1e7));
    all.push_back(numberParameter(
        "budget", "Also suggest low weight bits for every layer, with a mean gap of at most this; 0: none", 0, group,
        "normalized gap", 0, {}));
    for (JobParameter& parameter : quantize().parameters)
        if (parameter.group != "Files")
            all.push_back(std::move(parameter));
    JobParameter out = reportParameter("out", "Write the policy at these widths (with --budget: those suggested)");
    out.file = FileKind::Quantized;
    all.push_back(out);
    return all;
}

Result<BlameReport> blameOf(LayerSensitivity& sensitivity, const std::vector<LayerBits>& bits,
                            const LayersOptions& options, Project* project, const Progress& progress) {
    const auto computed = [&] { return sensitivity.blame(bits, options.steps, BlameRuns::AloneAndAllBut, progress); };
    if (!project)
        return computed();
    const std::string specification =
        blameSpecification(options.policies, options.rollouts, sensitivity, bits, options.steps);
    const auto known = project->result(kBlameResult, specification);
    if (!known)
        return tl::unexpected(known.error());
    if (*known)
        if (auto report = parseBlameReport((*known)->resultJson, sensitivity.layers()))
            return *report;
    auto report = computed();
    if (!report)
        return report;
    if (auto put = project->putResult({0, kBlameResult, specification, toJson(*report, sensitivity.layers()), {}});
        !put)
        return tl::unexpected(put.error());
    return report;
}

json reportOf(const LayersAnswer& answer, const LayersOptions& options, const LayerSensitivity& sensitivity) {
    json report = json::parse(toJson(answer.blame, answer.layers));
    report["policy"] = options.policies.policy.string();
    report["rollouts"] = options.rollouts.string();
    report["recipe"] = json::parse(sensitivity.specJson());
    if (!options.policies.quantized.empty())
        report["quantized"] = options.policies.quantized.string();
    if (!answer.suggestion)
        return report;
    report["suggestion"] = {{"budget", options.budget},
                            {"gap", answer.suggestion->gap},
                            {"mean_weight_bits", answer.suggestion->meanWeightBits},
                            {"layers", json::object()}};
    for (std::size_t index = 0; index < answer.layers.size(); ++index)
        report["suggestion"]["layers"][answer.layers[index].name] = {answer.suggestion->bits[index].weights,
                                                                     answer.suggestion->bits[index].activations};
    return report;
}

Result<json> run(const json& given, const JobContext& context) {
    auto options = layersOptions(given);
    if (!options)
        return tl::unexpected(options.error());
    if (options->budget > 0)
        options->out = outputPath(options->out, context, "suggested.pt2");
    auto project = Project::open(context.project);
    if (!project)
        return tl::unexpected(project.error());
    const auto answer = blameLayers(*options, project->get(), context.progress);
    if (!answer)
        return tl::unexpected(answer.error());
    const auto path = context.folder / "layers.json";
    if (auto written = writeTextFile(path, answer->report.dump(1) + "\n"); !written)
        return tl::unexpected(written.error());
    json result{{"outputs", {{"report", path.string()}}},
                {"summary", {{"layers", answer->layers.size()}, {"gap_of_all", answer->blame.gap}}}};
    const auto worst = std::ranges::max_element(answer->blame.layers, {}, &LayerBlame::alone);
    if (worst != answer->blame.layers.end()) {
        const auto index = static_cast<std::size_t>(worst - answer->blame.layers.begin());
        result["summary"]["most_to_blame"] = answer->layers[index].name;
        result["summary"]["its_gap_alone"] = worst->alone;
    }
    if (answer->suggestion) {
        result["summary"]["suggested_gap"] = answer->suggestion->gap;
        result["summary"]["suggested_mean_weight_bits"] = answer->suggestion->meanWeightBits;
    }
    if (!options->out.empty()) {
        auto added = addPolicy(context, options->out, "mixed widths", options->policies.policy);
        if (!added)
            return tl::unexpected(added.error());
        result["outputs"]["policy"] = options->out.string();
        result["policy"] = *added;
    }
    return result;
}

}  // namespace

JobKind layers() {
    return {.name = "layers",
            .title = "Layers",
            .purpose = "Which layers are to blame for the action gap: each quantized alone, and all but each",
            .parameters = parameters(),
            .check = [](const json& given) { return layersOptions(given).map([](const auto&) {}); },
            .run = run,
            .measured = false};
}

Result<LayersOptions> layersOptions(const json& given) {
    const Values values(*findJobKind("layers"), given);
    LayersOptions options;
    options.policies = {values.path("policy"), values.path("quantized"), values.path("card")};
    options.rollouts = values.path("rollouts");
    options.out = values.path("out");
    options.steps = values.whole("steps");
    options.budget = values.real("budget");
    if (!options.policies.quantized.empty())
        for (const JobParameter& parameter : findJobKind("quantize")->parameters)
            if (parameter.group != "Files" && values.isGiven(parameter.name.c_str()))
                return fail(ErrorKind::BadInput, parameter.name + ": the quantized policy has its own; leave it out");
    auto quantization = quantizeOptions(given);
    if (!quantization)
        return tl::unexpected(quantization.error());
    options.spec = std::move(quantization->spec);
    return options;
}

Result<LayersAnswer> blameLayers(const LayersOptions& options, Project* project, const Progress& progress) {
    auto rollouts = Rollouts::open(options.rollouts);
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    auto sensitivity = LayerSensitivity::open(options.policies, *rollouts, options.spec, progress);
    if (!sensitivity)
        return tl::unexpected(sensitivity.error());
    std::vector<LayerBits> bits = (*sensitivity)->recipeBits();
    auto blame = blameOf(**sensitivity, bits, options, project, progress);
    if (!blame)
        return tl::unexpected(blame.error());
    LayersAnswer answer{(*sensitivity)->layers(), std::move(*blame), std::nullopt, {}};
    if (options.budget > 0) {
        auto suggestion = suggestBits(**sensitivity, bits, options.budget, options.steps, progress);
        if (!suggestion)
            return tl::unexpected(suggestion.error());
        answer.suggestion = std::move(*suggestion);
        bits = answer.suggestion->bits;
    }
    if (!options.out.empty())
        if (auto saved = (*sensitivity)->save(bits, options.out, progress); !saved)
            return tl::unexpected(saved.error());
    answer.report = reportOf(answer, options, **sensitivity);
    return answer;
}

}  // namespace sqil::kinds
