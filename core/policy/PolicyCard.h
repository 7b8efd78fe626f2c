#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

enum class InputKind { Image, State };

/// How a rollout key becomes one input of the graph.
struct CardInput {
    std::string name;  ///< of the graph's input
    std::string key;   ///< of the rollouts' observation
    InputKind kind = InputKind::State;
    double scale = 1.0;                               ///< value·scale, before mean and std (1/255 for stored bytes)
    bool heightWidthChannel = false;                  ///< stored H×W×C, wanted C×H×W
    std::optional<std::vector<std::int64_t>> resize;  ///< {height, width}: bilinear, antialiased
    std::vector<double> mean;                         ///< per channel or per dimension; empty: 0
    std::vector<double> std;                          ///< likewise; empty: 1
};

/// What the policy's output is: π(s) of the analysis and the action are read off it.
enum class ActionHead {
    Deterministic,  ///< one vector output: the action, normalized
    Categorical,    ///< one output: logits over actions
    Gaussian,       ///< two outputs: mean, log standard deviation
    Beta,           ///< two outputs: alpha, beta (on [0, 1], mapped to [−1, 1])
    TokenLogits,    ///< one output N×D×V: logits of each action dimension's token
};

struct ActionDimension {
    std::string name;    ///< "dx"
    std::string unit;    ///< "m", "rad", "" for a pure number
    double scale = 1.0;  ///< normalized·scale + offset is in `unit`
    double offset = 0.0;
};

/// What the graph itself does not say. JSON beside the policy (NAME.card.json) or in its archive.
struct PolicyCard {
    std::string name;
    std::string description;
    std::vector<CardInput> inputs;
    ActionHead head = ActionHead::Deterministic;
    std::vector<int> outputs{0};  ///< which of the graph's outputs the head reads
    std::vector<ActionDimension> dimensions;
    double controlRateHz = 0.0;  ///< 0: not known
};

std::string_view nameOf(ActionHead head);  ///< "deterministic", "categorical", …

Result<PolicyCard> parsePolicyCard(std::string_view json, std::string_view origin);
std::string toJson(const PolicyCard& card);

}  // namespace sqil
