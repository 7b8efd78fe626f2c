#include "core/policy/StableBaselines3Spaces.h"

#include <cmath>
#include <cstdlib>

#include "core/policy/FileProblem.h"

namespace sqil {
namespace {

constexpr std::int64_t mostActions = 4096;
constexpr std::int64_t mostObserved = std::int64_t{1} << 20;

/// "Box" of "<class 'gymnasium.spaces.box.Box'>".
std::string className(const std::string& text) {
    const std::size_t end = text.find_last_of('\''), dot = text.rfind('.', end);
    if (end == std::string::npos || dot == std::string::npos || dot > end)
        return text;
    return text.substr(dot + 1, end - dot - 1);
}

/// Gym before 0.22 has "shape", later ones "_shape".
std::vector<std::int64_t> shapeOf(const JsonView& space) {
    const JsonView shape = space.has("_shape") ? space["_shape"] : space["shape"];
    std::vector<std::int64_t> sizes;
    std::int64_t elements = 1;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::int64_t size = shape.item(i).integer();
        if (size < 1 || size > mostObserved || elements > mostObserved / size)
            shape.complain("expected sizes from 1, and at most " + std::to_string(mostObserved) + " numbers in all");
        elements *= size;
        sizes.push_back(size);
    }
    return sizes;
}

/// NumPy's text of an array, "[-1.  0.5\n 1. ]"; `count` numbers.
std::vector<double> bounds(const JsonView& json, std::int64_t count) {
    const std::string text = json.text();
    if (text.find("...") != std::string::npos)
        unsupported(json.place() + ": is abridged; actions of so many dimensions are not read");
    std::vector<double> values;
    const char* at = text.c_str();
    while (*at) {
        char* end = nullptr;
        const double value = std::strtod(at, &end);
        if (end == at) {
            ++at;
            continue;
        }
        if (!std::isfinite(value))
            json.complain("expected finite bounds of the actions");
        values.push_back(value);
        at = end;
    }
    if (values.size() == 1 && count > 1)
        values.resize(static_cast<std::size_t>(count), values.front());
    if (static_cast<std::int64_t>(values.size()) != count)
        json.complain("expected " + std::to_string(count) + " numbers, found " + std::to_string(values.size()));
    return values;
}

void describeActions(const JsonView& space, AgentDescription& agent) {
    const std::string kind = className(space[":type:"].text());
    if (kind == "Discrete") {
        agent.discrete = true;
        const JsonView count = space["n"];
        // A Python integer, or NumPy's as text.
        agent.actions = count.raw().is_string() ? std::strtoll(count.text().c_str(), nullptr, 10) : count.integer();
        if (agent.actions < 2 || agent.actions > mostActions)
            count.complain("expected 2 to " + std::to_string(mostActions) + " actions");
        return;
    }
    if (kind != "Box")
        unsupported(space.place() + ": the actions are a " + kind +
                    "; agents with one vector of actions (Box) or one choice (Discrete) are read");
    const auto shape = shapeOf(space);
    if (shape.size() != 1 || shape.front() > mostActions)
        unsupported(space.place() + ": expected one vector of at most " + std::to_string(mostActions) + " actions");
    agent.actions = shape.front();
    agent.low = bounds(space["low"], agent.actions);
    agent.high = bounds(space["high"], agent.actions);
    for (std::size_t i = 0; i < agent.low.size(); ++i)
        if (agent.low[i] >= agent.high[i])
            space["low"].complain("is not below the upper bound in dimension " + std::to_string(i));
}

}  // namespace

AgentDescription describeAgent(const JsonView& json) {
    AgentDescription agent;
    const JsonView observations = json["observation_space"];
    const std::string kind = className(observations[":type:"].text());
    if (kind != "Box")
        unsupported(observations.place() + ": the agent observes a " + kind +
                    "; agents that see one vector (Box) are "
                    "read. Export others with torch.export.save().");
    agent.observationShape = shapeOf(observations);
    if (agent.observationShape.empty())
        observations.complain("the agent observes nothing");
    if (observations.has("dtype") && observations["dtype"].text() == "uint8")
        unsupported(observations.place() +
                    ": the agent sees images; agents that see one vector are read. Export others with "
                    "torch.export.save().");
    describeActions(json["action_space"], agent);
    if (json.has("use_sde") && json["use_sde"].raw().is_boolean())
        agent.squashed = json["use_sde"].boolean();
    if (!json.has("policy_kwargs"))
        return agent;
    const JsonView settings = json["policy_kwargs"];
    if (settings.has("activation_fn"))
        agent.activation = className(settings["activation_fn"].text());
    if (settings.has("clip_mean"))
        agent.clipMean = settings["clip_mean"].number();
    agent.squashed = agent.squashed && settings.has("squash_output") && settings["squash_output"].boolean();
    return agent;
}

}  // namespace sqil
