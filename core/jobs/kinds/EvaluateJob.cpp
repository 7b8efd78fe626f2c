#include "core/base/AtomicFile.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/sim/EvaluateFile.h"

namespace sqil::kinds {
namespace {

using nlohmann::json;

std::vector<JobParameter> parameters() {
    const std::string group = "Simulator";
    const EvaluationSpec standard;
    std::vector<JobParameter> all{policyParameter("Policy (.pt2, .pt, .zip)"), cardParameter()};
    append(all, environmentParameters());
    all.push_back(
        advanced(wholeParameter("slots", "Environments in each worker; 0: 1 where cameras are rendered, else 16",
                                standard.environment.slots, group, "environments", 0, 4096)));
    all.push_back(
        advanced(wholeParameter("steps_after_success", "An episode goes on for so many steps after its success",
                                standard.stepsAfterSuccess, group, "steps", 0, 1e9)));
    all.push_back(
        advanced(numberParameter("timeout", "Seconds after which a worker that gives no answer is started again",
                                 standard.environment.timeoutSeconds, group, "s", 0.1, 1e6)));
    all.push_back(advanced(numberParameter(
        "disturb", "Noise on the executed actions, up to this deviation; the record holds the undisturbed ones", 0,
        group, "action's units", 0, {})));
    JobParameter record = reportParameter("record", "Write every step here (robomimic HDF5)");
    record.file = FileKind::Rollouts;
    all.push_back(record);
    all.push_back(reportParameter("out", "Write the whole report here (JSON)"));
    return all;
}

Result<json> run(const json& given, const JobContext& context) {
    auto options = evaluateOptions(given);
    if (!options)
        return tl::unexpected(options.error());
    const auto evaluation = evaluatePolicyFile(options->policy, options->card, options->evaluation, context.progress);
    if (!evaluation)
        return tl::unexpected(evaluation.error());
    for (const std::string& incident : evaluation->incidents)
        log(context, LogLevel::Warning, incident);
    json report = toJson(*evaluation);
    report["policy"] = options->policy.string();
    const auto out = outputPath(options->out, context, "evaluation.json");
    if (auto written = writeTextFile(out, report.dump(1) + "\n"); !written)
        return tl::unexpected(written.error());
    if (auto kept = addResult(context, "evaluation", given, report); !kept)
        return tl::unexpected(kept.error());
    const json summary = summaryOf(*evaluation);
    if (context.metrics)
        context.metrics({{"step", evaluation->episodes.size()},
                         {"success", summary.value("success", json())},
                         {"return", summary.value("return", json())}});
    json outputs{{"report", out.string()}};
    if (!options->evaluation.record.empty())
        outputs["rollouts"] = options->evaluation.record.string();
    return json{{"outputs", outputs}, {"summary", summary}};
}

}  // namespace

JobKind evaluate() {
    return {.name = "evaluate",
            .title = "Evaluate",
            .purpose = "Roll a policy out in a simulator: success and return with 95 % intervals",
            .parameters = parameters(),
            .check = {},
            .run = run};
}

Result<EvaluateOptions> evaluateOptions(const json& given) {
    const Values values(*findJobKind("evaluate"), given);
    EvaluateOptions options{values.path("policy"), values.path("card"), values.path("out"), evaluationSpec(values)};
    options.evaluation.environment.slots = values.integer("slots");
    options.evaluation.environment.timeoutSeconds = values.real("timeout");
    options.evaluation.stepsAfterSuccess = values.whole("steps_after_success");
    options.evaluation.disturbance = values.real("disturb");
    options.evaluation.record = values.path("record");
    return options;
}

}  // namespace sqil::kinds
