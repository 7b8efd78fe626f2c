#include "core/base/AtomicFile.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"

namespace sqil::kinds {
namespace {

using nlohmann::json;

std::vector<JobParameter> parameters() {
    const TakeoverSpec standard;
    std::vector<JobParameter> all{policyParameter("Full-precision policy"),
                                  {.name = "quantized",
                                   .help = "Quantized policy",
                                   .type = ParameterType::File,
                                   .group = "Files",
                                   .file = FileKind::Quantized,
                                   .required = true},
                                  cardParameter()};
    JobParameter rollouts = rolloutsParameter("Whose states set the threshold; not for random");
    rollouts.required = false;
    all.push_back(rollouts);
    all.push_back(choiceParameter("at",
                                  "critical (highest SIS), quiet (lowest SIS), gap (largest action gap) or random",
                                  "critical", "Takeover", {"critical", "quiet", "gap", "random"}));
    all.push_back(numberParameter("percent", "p: of the states", standard.percent, "Takeover", "%", 0, 100));
    append(all, environmentParameters());
    JobParameter record = reportParameter("record", "Write every step here (robomimic HDF5)");
    record.file = FileKind::Rollouts;
    all.push_back(record);
    all.push_back(reportParameter("out", "Write the whole report here (JSON)"));
    return all;
}

Result<json> run(const json& given, const JobContext& context) {
    auto options = takeoverOptions(given);
    if (!options)
        return tl::unexpected(options.error());
    const auto result = evaluateTakeover(options->files, options->takeover, options->evaluation, context.progress);
    if (!result)
        return tl::unexpected(result.error());
    json report = toJson(*result);
    report["at"] = nameOf(options->takeover.at);
    report["percent"] = options->takeover.percent;
    const auto out = outputPath(options->out, context, "takeover.json");
    if (auto written = writeTextFile(out, report.dump(1) + "\n"); !written)
        return tl::unexpected(written.error());
    if (auto kept = addResult(context, "takeover", given, report); !kept)
        return tl::unexpected(kept.error());
    json summary = summaryOf(result->evaluation);
    if (result->steps > 0)
        summary["taken_percent"] = 100.0 * static_cast<double>(result->taken) / static_cast<double>(result->steps);
    return json{{"outputs", {{"report", out.string()}}}, {"summary", summary}};
}

}  // namespace

JobKind takeover() {
    return {.name = "takeover",
            .title = "Take over",
            .purpose = "Roll a quantized policy out while the full-precision one acts at some of the states",
            .parameters = parameters(),
            .check = {},
            .run = run,
            .measured = false};
}

Result<TakeoverOptions> takeoverOptions(const json& given) {
    const Values values(*findJobKind("takeover"), given);
    auto at = parseTakeoverAt(values.text("at"));
    if (!at)
        return tl::unexpected(at.error());
    TakeoverOptions options;
    options.files = {values.path("policy"), values.path("quantized"), values.path("card")};
    options.takeover.at = *at;
    options.takeover.percent = values.real("percent");
    options.takeover.rollouts = values.path("rollouts");
    options.evaluation = evaluationSpec(values);
    options.evaluation.record = values.path("record");
    options.out = values.path("out");
    return options;
}

}  // namespace sqil::kinds
