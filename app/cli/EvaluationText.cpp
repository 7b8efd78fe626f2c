#include "app/cli/EvaluationText.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "core/sim/Statistics.h"

namespace sqil::cli {
namespace {

template<class... Values>
std::string format(const char* text, Values... values) {
    char line[512];
    std::snprintf(line, sizeof line, text, values...);
    return line;
}

}  // namespace

std::string textOf(const Evaluation& evaluation) {
    const auto successes = evaluation.successes();
    const auto returns = evaluation.returns();
    std::string text = format("%s, %zu episodes\n", evaluation.environment.c_str(), evaluation.episodes.size());
    if (!successes.empty()) {
        const auto count = static_cast<std::int64_t>(std::accumulate(successes.begin(), successes.end(), 0.0));
        const Interval rate = wilsonInterval(count, static_cast<std::int64_t>(successes.size()));
        text += format("success  %5.1f %%  [%.1f, %.1f]  %lld of %zu (Wilson, 95 %%)\n", 100 * rate.value,
                       100 * rate.low, 100 * rate.high, static_cast<long long>(count), successes.size());
    }
    const Interval mean = bootstrapMean(returns);
    text += format("return   %.1f  [%.1f, %.1f]  (bootstrap, 95 %%)", mean.value, mean.low, mean.high);
    if (const auto score = normalizedScore(evaluation.environment, mean.value))
        text += format(", D4RL-normalized %.1f", *score);
    text += format("\nsteps    %lld in %.1f s: %.0f a second\n", static_cast<long long>(evaluation.steps),
                   evaluation.seconds,
                   evaluation.seconds > 0 ? static_cast<double>(evaluation.steps) / evaluation.seconds : 0.0);
    const auto problems = std::count_if(evaluation.episodes.begin(), evaluation.episodes.end(),
                                        [](const EpisodeOutcome& episode) { return !episode.problem.empty(); });
    if (problems > 0)
        text += format("%lld episodes were ended by a problem\n", static_cast<long long>(problems));
    for (const std::string& incident : evaluation.incidents)
        text += "incident: " + incident + '\n';
    return text;
}

}  // namespace sqil::cli
