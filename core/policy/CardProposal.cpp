#include <algorithm>
#include <cctype>

#include "core/policy/CardChecks.h"
#include "core/policy/Policy.h"
#include "core/policy/Preprocessing.h"

namespace sqil {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// How well a key's name suits an input's: 3 the same, 2 but for case, 1 where one ends with the
/// other ("obs_agentview_image" is agentview_image of a dictionary "obs"), 0 not at all.
int likeness(const std::string& input, const std::string& key) {
    if (input == key)
        return 3;
    const std::string one = lower(input), other = lower(key);
    if (one == other)
        return 2;
    return one.ends_with("_" + other) || other.ends_with("_" + one) ? 1 : 0;
}

bool hasFloats(const std::optional<TensorMeta>& meta) {
    return !meta || c10::isFloatingType(meta->type);
}

/// The card's entry that turns this key into this input, where one can be made: `named` allows
/// resizing, which is too bold for a key that merely has the right number of channels.
std::optional<CardInput> entryFor(const Value& input, const KeySpec& key, bool named) {
    CardInput entry;
    entry.name = input.name;
    entry.key = key.name;
    if (!key.isImage()) {
        if (input.meta && !fits(key.shape, *input.meta))
            return std::nullopt;
        return entry;
    }
    entry.kind = InputKind::Image;
    entry.scale = hasFloats(input.meta) ? 1.0 / 255.0 : 1.0;
    entry.heightWidthChannel = true;
    if (!input.meta)
        return entry;
    if (fits(preprocessedShape(key, entry), *input.meta))
        return entry;
    if (fits(key.shape, *input.meta)) {  // a graph that takes pictures as they are stored
        entry.heightWidthChannel = false;
        return entry;
    }
    if (named && input.meta->sizes.size() == 4) {
        const auto* height = std::get_if<std::int64_t>(&input.meta->sizes[2]);
        const auto* width = std::get_if<std::int64_t>(&input.meta->sizes[3]);
        if (height && width && *height > 0 && *width > 0) {
            entry.resize = {*height, *width};
            if (fits(preprocessedShape(key, entry), *input.meta))
                return entry;
        }
    }
    return std::nullopt;
}

std::optional<CardInput> matchByName(const Value& input, const RolloutsInfo& rollouts) {
    for (int wanted = 3; wanted >= 1; --wanted) {
        const KeySpec* best = nullptr;
        for (const KeySpec& key : rollouts.observations)
            if (likeness(input.name, key.name) == wanted && (!best || key.name.size() > best->name.size()))
                if (entryFor(input, key, true))
                    best = &key;
        if (best)
            return entryFor(input, *best, true);
    }
    return std::nullopt;
}

std::string candidates(const Value& input, const RolloutsInfo& rollouts) {
    std::string names;
    for (const KeySpec& key : rollouts.observations)
        if (entryFor(input, key, false))
            names += (names.empty() ? "" : ", ") + key.name;
    return names.empty() ? "no key" : names;
}

/// The only key that fits and that no other input has taken.
std::optional<CardInput> matchByShape(const Value& input, const RolloutsInfo& rollouts,
                                      const std::vector<CardInput>& taken) {
    std::optional<CardInput> match;
    for (const KeySpec& key : rollouts.observations) {
        const bool free =
            std::none_of(taken.begin(), taken.end(), [&](const CardInput& t) { return t.key == key.name; });
        auto entry = free ? entryFor(input, key, false) : std::nullopt;
        if (entry && match)
            return std::nullopt;
        if (entry)
            match = std::move(entry);
    }
    return match;
}

std::int64_t fixedSize(const TensorMeta& meta, std::size_t dimension) {
    const auto* size = dimension < meta.sizes.size() ? std::get_if<std::int64_t>(&meta.sizes[dimension]) : nullptr;
    return size ? *size : -1;
}

bool contains(const std::string& text, const char* part) {
    return lower(text).find(part) != std::string::npos;
}

void proposeHead(const PolicyGraph& graph, const RolloutsInfo& rollouts, PolicyCard& card) {
    const Value& first = graph.values[graph.outputs.front()];
    const std::int64_t actions = rollouts.action ? rollouts.action->elements() : -1;
    if (graph.outputs.size() >= 2) {
        const Value& second = graph.values[graph.outputs[1]];
        if (contains(second.name, "std") || contains(second.name, "sigma") || contains(second.name, "logvar")) {
            card.head = ActionHead::Gaussian;
            card.outputs = {0, 1};
        } else if (contains(first.name, "alpha") && contains(second.name, "beta")) {
            card.head = ActionHead::Beta;
            card.outputs = {0, 1};
        }
    }
    if (first.meta && first.meta->sizes.size() == 3 && actions > 0 && fixedSize(*first.meta, 1) == actions &&
        fixedSize(*first.meta, 2) >= 16)
        card.head = ActionHead::TokenLogits;
    const bool wholeAction = rollouts.action && actions == 1 &&
                             (rollouts.action->type == ValueType::Int32 || rollouts.action->type == ValueType::Int64 ||
                              rollouts.action->type == ValueType::UInt8);
    if (wholeAction && first.meta && first.meta->sizes.size() == 2 && fixedSize(*first.meta, 1) > 1)
        card.head = ActionHead::Categorical;
}

void proposeDimensions(const PolicyGraph& graph, const RolloutsInfo& rollouts, PolicyCard& card) {
    const auto& meta = graph.values[graph.outputs[static_cast<std::size_t>(card.outputs.front())]].meta;
    std::int64_t count = rollouts.action ? rollouts.action->elements() : 0;
    if (meta && meta->sizes.size() >= 2) {
        count = 1;
        const std::size_t end = meta->sizes.size() - (card.head == ActionHead::TokenLogits ? 1 : 0);
        for (std::size_t i = 1; i < end; ++i)
            count *= std::max<std::int64_t>(fixedSize(*meta, i), 0);
    }
    if (count > 100'000)
        return;
    for (std::int64_t i = 0; i < count; ++i)
        card.dimensions.push_back({"action " + std::to_string(i), "", 1.0, 0.0});
}

/// `problems`: what keeps an input without a key, one line each.
PolicyCard propose(const PolicyGraph& graph, const RolloutsInfo& rollouts, std::string& problems) {
    PolicyCard card;
    card.inputs.resize(graph.inputs.size());
    std::vector<CardInput> taken;
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
        if (auto entry = matchByName(graph.values[graph.inputs[i]], rollouts)) {
            card.inputs[i] = *entry;
            taken.push_back(std::move(*entry));
        } else {
            open.push_back(i);
        }
    }
    for (const std::size_t i : open) {
        const Value& input = graph.values[graph.inputs[i]];
        auto entry = matchByShape(input, rollouts, taken);
        if (!entry) {
            problems +=
                "\n  input \"" + input.name + "\" (" + shapeText(input.meta) + "): fits " + candidates(input, rollouts);
            card.inputs[i].name = input.name;
            continue;
        }
        card.inputs[i] = *entry;
        taken.push_back(std::move(*entry));
    }
    if (!graph.outputs.empty()) {
        proposeHead(graph, rollouts, card);
        proposeDimensions(graph, rollouts, card);
    }
    return card;
}

}  // namespace

PolicyCard proposeWhatIsClear(const PolicyGraph& graph, const RolloutsInfo& rollouts) {
    std::string problems;
    return propose(graph, rollouts, problems);
}

Result<PolicyCard> proposeCard(const PolicyGraph& graph, const RolloutsInfo& rollouts) {
    std::string problems;
    PolicyCard card = propose(graph, rollouts, problems);
    if (!problems.empty()) {
        std::string keys;
        for (const KeySpec& key : rollouts.observations)
            keys += "\n  " + key.name + ": " + std::string(nameOf(key.type)) + " " + shapeText(key.shape);
        return fail(
            ErrorKind::BadInput,
            "no policy card is there, and it is not clear which recorded key feeds these inputs:" + problems +
                "\nThe rollouts record:" + (keys.empty() ? "\n  (none)" : keys) +
                "\nWrite a policy card (NAME.card.json beside the policy) that says which key feeds which input.");
    }
    return card;
}

}  // namespace sqil
