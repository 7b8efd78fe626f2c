#include "core/policy/StableBaselines3Card.h"

#include <array>
#include <span>
#include <string_view>

namespace sqil {
namespace {

struct Joint {
    std::string_view name;
    double torque;  ///< N·m at an action of 1: the gear of its motor
};

struct Robot {
    std::string_view name;
    double controlRateHz;  ///< 1 / (simulation step × steps an action)
    std::span<const Joint> joints;
};

// From the models that Gymnasium ships (envs/mujoco/assets/*.xml).
constexpr std::array halfCheetah{Joint{"back thigh", 120},  Joint{"back shin", 90},  Joint{"back foot", 60},
                                 Joint{"front thigh", 120}, Joint{"front shin", 60}, Joint{"front foot", 30}};
constexpr std::array walker{Joint{"right thigh", 100}, Joint{"right leg", 100}, Joint{"right foot", 100},
                            Joint{"left thigh", 100},  Joint{"left leg", 100},  Joint{"left foot", 100}};
constexpr std::array hopper{Joint{"thigh", 200}, Joint{"leg", 200}, Joint{"foot", 200}};
constexpr std::array swimmer{Joint{"first joint", 150}, Joint{"second joint", 150}};
constexpr std::array ant{Joint{"back right hip", 150},  Joint{"back right ankle", 150},
                         Joint{"front left hip", 150},  Joint{"front left ankle", 150},
                         Joint{"front right hip", 150}, Joint{"front right ankle", 150},
                         Joint{"back left hip", 150},   Joint{"back left ankle", 150}};

constexpr std::array robots{Robot{"HalfCheetah", 20, halfCheetah}, Robot{"Walker2d", 125, walker},
                            Robot{"Hopper", 125, hopper}, Robot{"Swimmer", 25, swimmer}, Robot{"Ant", 20, ant}};

const Robot* robotOf(const std::string& stem, const AgentDescription& agent) {
    if (agent.discrete)
        return nullptr;
    for (const Robot& robot : robots)
        if (stem.find(robot.name) != std::string::npos &&
            static_cast<std::int64_t>(robot.joints.size()) == agent.actions)
            return &robot;
    return nullptr;
}

}  // namespace

PolicyCard agentCard(const std::string& fileStem, const std::string& algorithm, const AgentDescription& agent) {
    PolicyCard card;
    card.name = fileStem;
    card.description = "The actor of a Stable-Baselines3 agent (" + algorithm +
                       "), acting as predict(deterministic=True) does. Normalization by VecNormalize, where the agent "
                       "was trained with it, is not part of the file.";
    CardInput input;
    input.name = input.key = "observation";
    card.inputs.push_back(std::move(input));
    card.head = agent.discrete ? ActionHead::Categorical : ActionHead::Deterministic;
    const Robot* robot = robotOf(fileStem, agent);
    if (robot)
        card.controlRateHz = robot->controlRateHz;
    for (std::int64_t i = 0; i < agent.actions; ++i) {
        if (robot)
            card.dimensions.push_back({std::string(robot->joints[static_cast<std::size_t>(i)].name), "N·m",
                                       robot->joints[static_cast<std::size_t>(i)].torque, 0.0});
        else
            card.dimensions.push_back({"action " + std::to_string(i), "", 1.0, 0.0});
    }
    return card;
}

}  // namespace sqil
