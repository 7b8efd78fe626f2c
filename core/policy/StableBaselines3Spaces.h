#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/policy/JsonText.h"

namespace sqil {

/// What the JSON of a Stable-Baselines3 agent says of itself in plain text, beside its pickles.
struct AgentDescription {
    std::vector<std::int64_t> observationShape;
    std::int64_t actions = 0;  ///< dimensions, or how many there are to choose from
    bool discrete = false;
    std::vector<double> low, high;  ///< of the action space; one a dimension, empty where discrete
    std::string activation;         ///< class name ("ReLU"); empty: the algorithm's own
    double clipMean = 2.0;          ///< of SAC's mean under state-dependent exploration
    bool squashed = false;          ///< PPO's actions under it
};

/// `json` is the file "data" in the archive. Throws FileProblem.
AgentDescription describeAgent(const JsonView& json);

}  // namespace sqil
