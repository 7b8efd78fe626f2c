#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/sim/Actor.h"
#include "core/sim/Environment.h"

namespace sqil {

/// What is rolled out. Episode i has seed `seed` + i whichever worker runs it, so that policies are compared on the
/// same episodes.
struct EvaluationSpec {
    EnvironmentOptions environment;
    std::int64_t episodes = 100;
    std::uint64_t seed = 1;
    std::int64_t maximumSteps = 0;       ///< of an episode; 0: the environment's own limit
    std::int64_t stepsAfterSuccess = 0;  ///< an episode goes on for so many steps after its success
    /// Noise on what is executed, of a standard deviation drawn for every episode from [0, this], in the action's units
    /// and correlated over about five steps; the record holds the undisturbed action. Widens the states that a policy
    /// is trained on. 0: none.
    double disturbance = 0;
    std::filesystem::path record;  ///< robomimic HDF5 with every step; empty: none
    std::string policyName;        ///< for the records
};

struct EpisodeOutcome {
    std::uint64_t seed = 0;
    std::int64_t steps = 0;
    double episodeReturn = 0;
    std::optional<bool> success;  ///< at any step; none where the simulator does not say
    std::string problem;          ///< why it was ended early (a reward or an action that is not finite)
};

struct Evaluation {
    std::string environment;
    std::vector<EpisodeOutcome> episodes;  ///< in the order of their seeds
    double seconds = 0;                    ///< of rolling out, without starting the workers
    std::int64_t steps = 0;
    std::vector<std::string> incidents;  ///< crashes and hangs of workers; their episodes were repeated
    std::string versionsJson;

    std::vector<double> returns() const;
    std::vector<double> successes() const;  ///< 1 or 0 an episode; empty where success is not known
};

/// Told of each episode as it ends; on the thread that evaluates.
using EpisodeEnded = std::function<void(const EpisodeOutcome&)>;

/// Rolls the actor out in closed loop. Batches always have the same size, so that an episode's result does not depend
/// on which others run beside it. Errors: the environment's, the actor's; an episode that lost its worker three times;
/// a record that cannot be written. A record appears only when all episodes are done.
Result<Evaluation> evaluate(Actor& actor, VectorEnvironment& environment, const EvaluationSpec& spec,
                            const Progress& progress = {}, const EpisodeEnded& ended = {});

/// Opens the spec's environments: no more workers than episodes.
Result<std::unique_ptr<VectorEnvironment>> openEnvironment(const EvaluationSpec& spec, const Progress& progress);

/// What an environment observes, as a policy is matched with recorded rollouts.
RolloutsInfo observedBy(const EnvironmentInfo& environment);

/// {"environment", "episodes": n, "success": {"successes", "rate", "low", "high"}, "return": {"mean", "low", "high"},
///  "normalized_score", "steps_per_second", "outcomes": […], "incidents", "versions"}
nlohmann::json toJson(const Evaluation& evaluation);
Result<Evaluation> parseEvaluation(const nlohmann::json& json);

}  // namespace sqil
