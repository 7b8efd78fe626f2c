#include "core/base/AtomicFile.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::kinds {
namespace {

using nlohmann::json;

JobParameter secondsParameter(double standard) {
    return numberParameter("seconds", "Measuring time", standard, "Measurement", "s", 0.1, 1e5);
}

JobParameter threadsParameter(int standard) {
    return wholeParameter("threads", "Of every way", standard, "Measurement", "threads", 1, 1024);
}

/// The report into a file and the project; its ratios are the summary.
Result<json> keep(const json& report, const JobContext& context, const json& given, const std::string& path,
                  const char* kind, json summary) {
    const auto out = outputPath(path == "-" ? "" : path, context, "benchmark.json");
    if (auto written = writeTextFile(out, report.dump(1) + "\n"); !written)
        return tl::unexpected(written.error());
    json specification = given;
    specification["benchmark"] = kind;
    if (auto kept = addResult(context, "benchmark", specification, report); !kept)
        return tl::unexpected(kept.error());
    return json{{"outputs", {{"report", out.string()}}}, {"summary", std::move(summary)}};
}

void addRatios(const json& entry, const std::string& prefix, json& summary) {
    for (const auto& [name, ratio] : entry.at("ratios").items())
        summary[prefix + name] = ratio.at("median");
}

Result<json> runTrain(const json& given, const JobContext& context) {
    const auto report = sqil::benchTrain(trainBenchOptions(given), context.progress);
    if (!report)
        return tl::unexpected(report.error());
    json summary;
    addRatios(*report, "", summary);
    return keep(*report, context, given, given.value("json", ""), "train", std::move(summary));
}

Result<json> runSaliency(const json& given, const JobContext& context) {
    SaliencyBenchOptions options = saliencyBenchOptions(given);
    if (options.policies.empty())
        options.policies = context.folder;
    const auto report = sqil::benchSaliency(options, context.progress);
    if (!report)
        return tl::unexpected(report.error());
    json summary = json::object();
    for (const json& entry : report->at("cases"))
        addRatios(entry, entry.at("name").get<std::string>() + ": ", summary);
    return keep(*report, context, given, given.value("json", ""), "saliency", std::move(summary));
}

}  // namespace

JobKind benchTrain() {
    const TrainBenchOptions standard;
    JobParameter policy = policyParameter("Full-precision policy; default: the sample's");
    JobParameter rollouts = rolloutsParameter("Recorded rollouts; default: the sample's");
    JobKind kind{.name = "bench-train",
                 .title = "Benchmark training",
                 .purpose =
                     "One training step: quantized against full precision, and against PyTorch's own fake "
                     "quantizers",
                 .parameters = {policy, rollouts, bitParameter("weights", "Bits of the weights", 4),
                                bitParameter("activations", "Bits of the activations", 4),
                                wholeParameter("batch", "Recorded steps in a training step", standard.batch,
                                               "Measurement", "recorded steps", 1, 1 << 20),
                                secondsParameter(standard.seconds), threadsParameter(standard.threads),
                                reportParameter("json", "Write the report here (-: standard output)")},
                 .check = {},
                 .run = runTrain,
                 .measured = false};
    return kind;
}

JobKind benchSaliency() {
    const SaliencyBenchOptions standard;
    JobParameter policy = policyParameter("A policy of your own beside the two standard ones");
    policy.required = false;
    JobParameter python{.name = "python",
                        .help =
                            "Python with PyTorch and SciPy (scripts/setup.sh tests makes one); without it there is "
                            "no reference",
                        .type = ParameterType::File,
                        .group = "Reference",
                        .file = FileKind::Program};
    JobParameter scripts{.name = "scripts",
                         .help = "Folder of saliency_reference.py",
                         .type = ParameterType::Folder,
                         .group = "Reference",
                         .advanced = true};
    JobParameter policies{.name = "policies",
                          .help = "Where the benchmark's policies are kept",
                          .type = ParameterType::Folder,
                          .group = "Reference",
                          .advanced = true};
    return {.name = "bench-saliency",
            .title = "Benchmark saliency",
            .purpose = "Saliency of one frame: this engine against the published loop and batched PyTorch",
            .parameters = {policy, secondsParameter(standard.seconds), threadsParameter(standard.threads), python,
                           scripts, policies, reportParameter("json", "Write the report here (-: standard output)")},
            .check = {},
            .run = runSaliency,
            .measured = false};
}

TrainBenchOptions trainBenchOptions(const json& given) {
    const Values values(*findJobKind("bench-train"), given);
    TrainBenchOptions options;
    options.policy = values.path("policy");
    options.rollouts = values.path("rollouts");
    options.spec.weightBits = values.integer("weights");
    options.spec.activationBits = values.integer("activations");
    options.batch = values.integer("batch");
    options.seconds = values.real("seconds");
    options.threads = values.integer("threads");
    return options;
}

SaliencyBenchOptions saliencyBenchOptions(const json& given) {
    const Values values(*findJobKind("bench-saliency"), given);
    SaliencyBenchOptions options;
    options.python = values.path("python");
    options.scripts = values.path("scripts");
    options.policies = values.path("policies");
    options.samplePolicy = values.path("policy");
    options.seconds = values.real("seconds");
    options.threads = values.integer("threads");
    return options;
}

}  // namespace sqil::kinds
