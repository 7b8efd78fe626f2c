#include "core/jobs/kinds/Common.h"

#include <cmath>
#include <iterator>
#include <numeric>

#include "core/analysis/AnalysisStore.h"
#include "core/analysis/PolicySummary.h"
#include "core/sim/Statistics.h"

namespace sqil::kinds {

using nlohmann::json;

std::vector<std::string> Values::texts(const char* name) const {
    std::vector<std::string> result;
    for (const json& one : kind_.value(given_, name))
        result.push_back(textOf(one));
    return result;
}

JobParameter policyParameter(std::string help) {
    return {.name = "policy",
            .help = std::move(help),
            .type = ParameterType::File,
            .group = "Files",
            .file = FileKind::Policy,
            .required = true};
}

JobParameter cardParameter() {
    return {.name = "card",
            .help = "Policy card; default: NAME.card.json beside the policy, or the archive's",
            .type = ParameterType::File,
            .group = "Files",
            .file = FileKind::Card,
            .advanced = true};
}

JobParameter rolloutsParameter(std::string help) {
    return {.name = "rollouts",
            .help = std::move(help),
            .type = ParameterType::File,
            .group = "Files",
            .file = FileKind::Rollouts,
            .required = true};
}

JobParameter reportParameter(std::string name, std::string help) {
    return {.name = std::move(name),
            .help = std::move(help),
            .type = ParameterType::File,
            .group = "Files",
            .file = FileKind::Report,
            .isOutput = true,
            .advanced = true};
}

JobParameter wholeParameter(std::string name, std::string help, std::int64_t standard, std::string group,
                            std::string unit, double least, double most) {
    return {.name = std::move(name),
            .help = std::move(help),
            .type = ParameterType::Whole,
            .standard = standard,
            .group = std::move(group),
            .unit = std::move(unit),
            .least = least,
            .most = most};
}

JobParameter numberParameter(std::string name, std::string help, double standard, std::string group, std::string unit,
                             std::optional<double> least, std::optional<double> most) {
    return {.name = std::move(name),
            .help = std::move(help),
            .type = ParameterType::Number,
            .standard = standard,
            .group = std::move(group),
            .unit = std::move(unit),
            .least = least,
            .most = most};
}

JobParameter choiceParameter(std::string name, std::string help, std::string standard, std::string group,
                             std::vector<std::string> choices) {
    return {.name = std::move(name),
            .help = std::move(help),
            .type = ParameterType::Choice,
            .standard = std::move(standard),
            .group = std::move(group),
            .choices = std::move(choices)};
}

JobParameter flagParameter(std::string name, std::string help, std::string group) {
    return {.name = std::move(name),
            .help = std::move(help),
            .type = ParameterType::Flag,
            .standard = false,
            .group = std::move(group)};
}

JobParameter textParameter(std::string name, std::string help, std::string group) {
    return {.name = std::move(name), .help = std::move(help), .type = ParameterType::Text, .group = std::move(group)};
}

JobParameter advanced(JobParameter parameter) {
    parameter.advanced = true;
    return parameter;
}

JobParameter required(JobParameter parameter) {
    parameter.required = true;
    return parameter;
}

void append(std::vector<JobParameter>& to, std::vector<JobParameter> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

JobParameter bitParameter(std::string name, std::string help, int standard) {
    return {.name = std::move(name),
            .help = std::move(help),
            .type = ParameterType::Whole,
            .standard = standard,
            .group = "Quantization",
            .unit = "bits",
            .choices = {"2", "3", "4", "5", "6", "7", "8", "16"}};
}

std::vector<JobParameter> bitParameters(int activationBits) {
    const std::string group = "Quantization";
    return {bitParameter("weights", "Bits of the weights, 2 to 8 (16: floating point)", 4),
            bitParameter("activations", "Bits of the activations, 2 to 8 (16: floating point)", activationBits),
            choiceParameter("granularity", "Weights share a step per tensor, channel or group", "channel", group,
                            {"tensor", "channel", "group"}),
            advanced(wholeParameter("group_size", "Inputs that share a step, with --granularity group", 128, group,
                                    "inputs", 1, 1 << 20)),
            advanced(flagParameter("quantize_ends",
                                   "First and last layers at the same bits as the rest, instead of 8 when both weights "
                                   "(≤ 4) and activations are quantized",
                                   group))};
}

Result<void> applyBits(const Values& values, QuantSpec& spec) {
    auto granularity = parseGranularity(values.text("granularity"));
    if (!granularity)
        return tl::unexpected(granularity.error());
    spec.weightBits = values.integer("weights");
    spec.activationBits = values.integer("activations");
    spec.granularity = *granularity;
    spec.groupSize = values.integer("group_size");
    spec.firstLastAt8 = !values.flag("quantize_ends");
    return {};
}

std::vector<JobParameter> environmentParameters() {
    const std::string group = "Simulator";
    const EvaluationSpec standard;
    return {required(textParameter("env",
                                   "metaworld/TASK, gym/ID, dm_control/DOMAIN-TASK, ale/ID, libero/SUITE-NUMBER, or "
                                   "python/MODULE:FUNCTION for an environment of your own",
                                   group)),
            wholeParameter("episodes", "How many are rolled out", standard.episodes, group, "episodes", 1, 1e9),
            wholeParameter("seed", "Of the first episode; the next ones count up", 1, group, "", 0, 9e15),
            wholeParameter("workers", "Simulator processes", standard.environment.workers, group, "processes", 1, 1024),
            advanced(wholeParameter("max_steps", "Of an episode; 0: the environment's own limit", 0, group, "steps", 0,
                                    1e9)),
            advanced(textParameter("env_settings", "JSON object for the environment, such as {\"size\": 128}", group)),
            advanced({.name = "python",
                      .help = "Python with the simulator; default: $SQIL_PYTHON, the environment of scripts/setup.sh, "
                              "python3",
                      .type = ParameterType::File,
                      .group = group,
                      .file = FileKind::Program})};
}

EvaluationSpec evaluationSpec(const Values& values) {
    EvaluationSpec spec;
    spec.environment.name = values.text("env");
    spec.environment.workers = values.integer("workers");
    spec.environment.settings = values.text("env_settings");
    spec.environment.python = values.path("python");
    spec.episodes = values.whole("episodes");
    spec.seed = static_cast<std::uint64_t>(values.whole("seed"));
    spec.maximumSteps = values.whole("max_steps");
    return spec;
}

json summaryOf(const Evaluation& evaluation) {
    json summary{{"episodes", evaluation.episodes.size()}, {"seconds", evaluation.seconds}};
    const auto add = [&](const std::string& name, const Interval& interval) {
        if (!std::isfinite(interval.value))
            return;
        summary[name] = interval.value;
        summary[name + "_low"] = interval.low;
        summary[name + "_high"] = interval.high;
    };
    if (const auto successes = evaluation.successes(); !successes.empty())
        add("success", wilsonInterval(std::llround(std::accumulate(successes.begin(), successes.end(), 0.0)),
                                      static_cast<std::int64_t>(successes.size())));
    const auto returns = evaluation.returns();
    add("return", bootstrapMean(returns));
    return summary;
}

std::filesystem::path outputPath(const std::filesystem::path& given, const JobContext& context, const char* name) {
    return given.empty() ? context.folder / name : given;
}

Result<RecordId> addPolicy(const JobContext& context, const std::filesystem::path& file, const std::string& name,
                           const std::filesystem::path& parent) {
    auto project = Project::open(context.project);
    if (!project)
        return tl::unexpected(project.error());
    auto summary = summarizePolicy(file);
    if (!summary)
        return tl::unexpected(summary.error());
    auto known = (*project)->policies();
    if (!known)
        return tl::unexpected(known.error());
    if (const auto there = findPolicy(*known, file))
        return *there;
    std::error_code ignored;
    PolicyRecord record;
    record.name = name;
    record.path = std::filesystem::weakly_canonical(file, ignored);
    record.quantizationJson = summary->quantizationJson;
    record.parent = findPolicy(*known, parent);
    if (!record.parent) {
        auto added = (*project)->addPolicy({.name = parent.stem().string(),
                                            .path = std::filesystem::weakly_canonical(parent, ignored),
                                            .cardJson = {},
                                            .quantizationJson = {},
                                            .parent = {}});
        if (!added)
            return added;
        record.parent = *added;
    }
    return (*project)->addPolicy(record);
}

Result<void> addResult(const JobContext& context, const std::string& kind, const json& specification,
                       const json& result) {
    auto project = Project::open(context.project);
    if (!project)
        return tl::unexpected(project.error());
    return (*project)
        ->putResult({.kind = kind, .specificationJson = specification.dump(), .resultJson = result.dump()})
        .map([](RecordId) {});
}

void log(const JobContext& context, LogLevel level, const std::string& text) {
    if (context.log)
        context.log(level, text);
}

}  // namespace sqil::kinds
