#include "core/policy/CardChecks.h"

#include <algorithm>

#include "core/policy/Policy.h"
#include "core/policy/Preprocessing.h"

namespace sqil {
namespace {

const CardInput* cardInput(const PolicyCard& card, const std::string& name) {
    const auto found =
        std::find_if(card.inputs.begin(), card.inputs.end(), [&](const CardInput& i) { return i.name == name; });
    return found == card.inputs.end() ? nullptr : &*found;
}

std::string inputNames(const PolicyGraph& graph) {
    std::string names;
    for (const ValueId input : graph.inputs)
        names += (names.empty() ? "" : ", ") + graph.values[input].name;
    return names;
}

/// "  robot0_eef_pos: float32 3": one line a key.
std::string keyList(const RolloutsInfo& rollouts) {
    std::string lines;
    for (const KeySpec& key : rollouts.observations)
        lines += "\n  " + key.name + ": " + std::string(nameOf(key.type)) + " " + shapeText(key.shape);
    return lines.empty() ? "\n  (none)" : lines;
}

/// How many actions one row of the head stands for; none where the file does not say.
std::optional<std::int64_t> actionSize(const PolicyCard& card, const PolicyGraph& graph) {
    const auto& meta = graph.values[graph.outputs[static_cast<std::size_t>(card.outputs.front())]].meta;
    if (!meta || meta->sizes.size() < 2)
        return std::nullopt;
    std::int64_t count = 1;
    const std::size_t end = meta->sizes.size() - (card.head == ActionHead::TokenLogits ? 1 : 0);
    for (std::size_t i = 1; i < end; ++i) {
        const auto* size = std::get_if<std::int64_t>(&meta->sizes[i]);
        if (!size)
            return std::nullopt;
        count *= *size;
    }
    return count;
}

}  // namespace

std::string channelProblem(const CardInput& input, const std::vector<std::int64_t>& shape) {
    const bool picture = input.kind == InputKind::Image && shape.size() == 3;
    const std::int64_t channels = shape.empty() ? 1 : picture ? shape.front() : shape.back();
    for (const auto* values : {&input.mean, &input.std})
        if (values->size() > 1 && static_cast<std::int64_t>(values->size()) != channels)
            return "mean and std have " + std::to_string(values->size()) + " values, the input has " +
                   std::to_string(channels) + (picture ? " channels" : " dimensions");
    return "";
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const std::int64_t size : shape)
        text += (text.empty() ? "" : "×") + std::to_string(size);
    return text.empty() ? "scalar" : text;
}

std::string shapeText(const std::optional<TensorMeta>& meta) {
    if (!meta)
        return "?";
    std::string text;
    for (const Dimension& size : meta->sizes) {
        const auto* number = std::get_if<std::int64_t>(&size);
        text += (text.empty() ? "" : "×") + (number ? std::to_string(*number) : std::get<std::string>(size));
    }
    return text.empty() ? "scalar" : text;
}

Result<void> checkCardAgainstGraph(const PolicyCard& card, const PolicyGraph& graph) {
    for (const ValueId input : graph.inputs)
        if (!cardInput(card, graph.values[input].name))
            return fail(ErrorKind::BadInput, "the card does not say what feeds the policy's input \"" +
                                                 graph.values[input].name + "\" (" +
                                                 shapeText(graph.values[input].meta) + ")");
    for (const CardInput& input : card.inputs) {
        const bool known = std::any_of(graph.inputs.begin(), graph.inputs.end(),
                                       [&](ValueId value) { return graph.values[value].name == input.name; });
        if (!known)
            return fail(ErrorKind::BadInput,
                        "the card names an input \"" + input.name + "\", the policy's are: " + inputNames(graph));
    }
    const bool two = card.head == ActionHead::Gaussian || card.head == ActionHead::Beta;
    if (card.outputs.size() != (two ? 2u : 1u))
        return fail(ErrorKind::BadInput, "a " + std::string(nameOf(card.head)) + " head reads " +
                                             (two ? "two outputs" : "one output") + " of the policy, the card names " +
                                             std::to_string(card.outputs.size()));
    for (const int output : card.outputs)
        if (output < 0 || static_cast<std::size_t>(output) >= graph.outputs.size())
            return fail(ErrorKind::BadInput, "the card reads output " + std::to_string(output) +
                                                 ", but the policy has " + std::to_string(graph.outputs.size()) +
                                                 ", counted from 0");
    const auto actions = actionSize(card, graph);
    if (!card.dimensions.empty() && actions && *actions != static_cast<std::int64_t>(card.dimensions.size()))
        return fail(ErrorKind::BadInput, "the card names " + std::to_string(card.dimensions.size()) +
                                             " action dimensions, the policy's output has " + std::to_string(*actions));
    return {};
}

Result<void> checkCard(const PolicyCard& card, const PolicyGraph& graph, const RolloutsInfo& rollouts) {
    if (auto checked = checkCardAgainstGraph(card, graph); !checked)
        return checked;
    std::string problems;
    bool bad = false;
    for (const ValueId value : graph.inputs) {
        const Value& wanted = graph.values[value];
        const CardInput& input = *cardInput(card, wanted.name);
        const KeySpec* key = rollouts.observation(input.key);
        std::string line =
            "\n  input \"" + wanted.name + "\" wants " + shapeText(wanted.meta) + ", key \"" + input.key + "\" ";
        if (!key) {
            bad = true;
            problems += line + "is not in the rollouts";
            continue;
        }
        const auto shape = preprocessedShape(*key, input);
        line += "gives " + shapeText(shape) + " a step (recorded: " + std::string(nameOf(key->type)) + " " +
                shapeText(key->shape) + ")";
        const std::string channels = channelProblem(input, shape);
        const bool wrong = (wanted.meta && !fits(shape, *wanted.meta)) || !channels.empty() ||
                           (input.resize && (input.kind != InputKind::Image || shape.size() != 3));
        bad = bad || wrong;
        problems += line + (wrong ? ": does not fit" : ": fits") + (channels.empty() ? "" : "; " + channels);
    }
    if (bad)
        return fail(ErrorKind::BadInput, "the policy's inputs do not fit the rollouts:" + problems +
                                             "\nThe rollouts record:" + keyList(rollouts) +
                                             "\nEdit the policy card so that each input names a key that fits.");
    return {};
}

std::string typeText(at::ScalarType type) {
    switch (type) {
        case at::kFloat:
            return "float32";
        case at::kDouble:
            return "float64";
        case at::kHalf:
            return "float16";
        case at::kBFloat16:
            return "bfloat16";
        case at::kByte:
            return "uint8";
        case at::kChar:
            return "int8";
        case at::kInt:
            return "int32";
        case at::kLong:
            return "int64";
        case at::kBool:
            return "bool";
        default:
            return c10::toString(type);
    }
}

}  // namespace sqil
