#include "core/base/AtomicFile.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/sim/EvaluateFile.h"
#include "core/sim/Statistics.h"

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

/// Success and return over the episodes so far, with their intervals, as each ends.
class RunningScore {
public:
    explicit RunningScore(const JobContext& context) : metrics_(context.metrics) {}

    void operator()(const EpisodeOutcome& outcome) {
        if (!metrics_)
            return;
        ++episodes_;
        sum_ += outcome.episodeReturn;
        json told{{"step", episodes_}, {"return", sum_ / static_cast<double>(episodes_)}};
        if (outcome.success) {
            ++judged_;
            successes_ += *outcome.success;
        }
        if (judged_ > 0) {
            const Interval interval = wilsonInterval(successes_, judged_);
            told["success"] = interval.value;
            told["success_low"] = interval.low;
            told["success_high"] = interval.high;
        }
        metrics_(told);
    }

private:
    std::function<void(const json&)> metrics_;
    std::int64_t episodes_ = 0, judged_ = 0, successes_ = 0;
    double sum_ = 0;
};

Result<json> run(const json& given, const JobContext& context) {
    auto options = evaluateOptions(given);
    if (!options)
        return tl::unexpected(options.error());
    const auto evaluation = evaluatePolicyFile(options->policy, options->card, options->evaluation, context.progress,
                                               RunningScore(context));
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
