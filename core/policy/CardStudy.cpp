#include "core/policy/CardStudy.h"

#include <ATen/Functions.h>
#include <algorithm>

#include "core/base/AtomicFile.h"
#include "core/policy/CardChecks.h"
#include "core/policy/Policy.h"
#include "core/policy/Preprocessing.h"

namespace sqil {
namespace {

/// Steps come in batches: whatever the exporter has called that dimension, it is N.
std::string batchText(std::optional<TensorMeta> meta) {
    if (meta && !meta->sizes.empty() && std::holds_alternative<std::string>(meta->sizes[0]))
        meta->sizes[0] = std::string("N");
    return shapeText(meta);
}

std::vector<TensorText> textsOf(const PolicyGraph& graph, const std::vector<ValueId>& ids) {
    std::vector<TensorText> texts;
    for (const ValueId id : ids) {
        const Value& value = graph.values[static_cast<std::size_t>(id)];
        TensorText text{value.name, batchText(value.meta), value.meta ? typeText(value.meta->type) : "?", false};
        if (value.meta && value.meta->sizes.size() == 4) {
            const auto* channels = std::get_if<std::int64_t>(&value.meta->sizes[1]);
            text.isPicture = channels && (*channels == 1 || *channels == 3 || *channels == 4);
        }
        texts.push_back(std::move(text));
    }
    return texts;
}

std::vector<float> floatsOf(const at::Tensor& tensor) {
    const at::Tensor dense = tensor.to(at::kCPU, at::kFloat).contiguous();
    const float* data = dense.const_data_ptr<float>();
    return {data, data + dense.numel()};
}

std::string textOr(const std::map<std::string, std::string>& files, const std::string& name) {
    const auto found = files.find(name);
    return found == files.end() ? std::string() : found->second;
}

const CardInput* entryOf(const PolicyCard& card, const std::string& name) {
    const auto found = std::find_if(card.inputs.begin(), card.inputs.end(),
                                    [&](const CardInput& input) { return input.name == name; });
    return found == card.inputs.end() ? nullptr : &*found;
}

/// The recorded action at a step, as it is in the file; empty where there is none.
std::vector<float> recordedAction(Rollouts& rollouts, std::size_t episode, std::int64_t step) {
    std::vector<float> values;
    const auto block = rollouts.info().action ? rollouts.step(episode, "actions", step)
                                              : fail(ErrorKind::NotFound, "no actions are recorded");
    if (!block)
        return values;
    const auto take = [&](auto numbers) {
        for (const auto number : numbers)
            values.push_back(static_cast<float>(number));
    };
    switch (block->type) {
        case ValueType::UInt8:
        case ValueType::Bool:
            take(block->as<std::uint8_t>());
            break;
        case ValueType::Int32:
            take(block->as<std::int32_t>());
            break;
        case ValueType::Int64:
            take(block->as<std::int64_t>());
            break;
        case ValueType::Float32:
            take(block->as<float>());
            break;
        case ValueType::Float64:
            take(block->as<double>());
            break;
    }
    return values;
}

}  // namespace

struct CardStudy::State {
    std::filesystem::path path;
    PolicyFile file;
    std::shared_ptr<Rollouts> rollouts;
    std::vector<TensorText> inputs, outputs;

    const TensorMeta* wanted(const std::string& name) const {
        for (const ValueId id : file.graph.inputs)
            if (const Value& value = file.graph.values[static_cast<std::size_t>(id)]; value.name == name)
                return value.meta ? &*value.meta : nullptr;
        return nullptr;
    }
};

CardStudy::CardStudy(std::unique_ptr<State> state) : state_(std::move(state)) {}
CardStudy::~CardStudy() = default;

Result<std::unique_ptr<CardStudy>> CardStudy::open(const std::filesystem::path& policy,
                                                   std::shared_ptr<Rollouts> rollouts) {
    auto file = readPolicyFile(policy);
    if (!file)
        return tl::unexpected(file.error());
    auto state = std::make_unique<State>();
    state->path = policy;
    state->file = std::move(*file);
    state->rollouts = std::move(rollouts);
    state->inputs = textsOf(state->file.graph, state->file.graph.inputs);
    state->outputs = textsOf(state->file.graph, state->file.graph.outputs);
    return std::unique_ptr<CardStudy>(new CardStudy(std::move(state)));
}

const std::vector<TensorText>& CardStudy::inputs() const {
    return state_->inputs;
}
const std::vector<TensorText>& CardStudy::outputs() const {
    return state_->outputs;
}
const RolloutsInfo& CardStudy::rollouts() const {
    return state_->rollouts->info();
}

std::optional<PolicyCard> CardStudy::ownCard() const {
    std::filesystem::path beside = state_->path;
    beside.replace_extension(".card.json");
    std::string text = textOr(state_->file.extraFiles, "policy.card.json");
    if (auto read = readTextFile(beside, 16 << 20))
        text = *read;
    if (text.empty())
        return std::nullopt;
    auto card = parsePolicyCard(text, beside.string());
    return card ? std::optional(std::move(*card)) : std::nullopt;
}

PolicyCard CardStudy::proposal() const {
    PolicyCard card = proposeWhatIsClear(state_->file.graph, rollouts());
    if (card.name.empty())
        card.name = state_->path.stem().string();
    return card;
}

CardVerdict CardStudy::check(const PolicyCard& card) const {
    CardVerdict verdict;
    for (const TensorText& wanted : state_->inputs) {
        InputVerdict& input = verdict.inputs.emplace_back();
        const CardInput* entry = entryOf(card, wanted.name);
        const KeySpec* key = entry ? rollouts().observation(entry->key) : nullptr;
        if (!entry || entry->key.empty()) {
            input.problem = "choose the key that feeds it";
            continue;
        }
        if (!key) {
            input.problem = "the rollouts have no key \"" + entry->key + "\"";
            continue;
        }
        input.recorded = std::string(nameOf(key->type)) + " " + shapeText(key->shape);
        const auto shape = preprocessedShape(*key, *entry);
        if (shape.empty() && !key->shape.empty()) {
            input.problem = entry->resize ? "only a picture can be resized" : "this key cannot be prepared so";
            continue;
        }
        input.becomes = shapeText(shape);
        const TensorMeta* meta = state_->wanted(wanted.name);
        if (meta && !fits(shape, *meta))
            input.problem = input.becomes + " a step does not fit " + wanted.shape;
        else if (std::string problem = channelProblem(*entry, shape); !problem.empty())
            input.problem = std::move(problem);
    }
    if (auto checked = checkCardAgainstGraph(card, state_->file.graph); !checked)
        verdict.problem = checked.error().message;
    for (const InputVerdict& input : verdict.inputs)
        if (verdict.problem.empty() && !input.problem.empty())
            verdict.problem = "not every input is fed";
    if (verdict.problem.empty())
        if (auto checked = checkCard(card, state_->file.graph, rollouts()); !checked)
            verdict.problem = checked.error().message;
    return verdict;
}

Result<CardPreview> CardStudy::preview(const PolicyCard& card, std::size_t episode, std::int64_t step) const {
    CardPreview preview;
    for (const TensorText& wanted : state_->inputs) {
        const CardInput* entry = entryOf(card, wanted.name);
        InputPreview& input = preview.inputs.emplace_back();
        input.name = wanted.name;
        if (!entry || !rollouts().observation(entry->key))
            continue;  // check() says so
        const auto block = state_->rollouts->step(episode, entry->key, step);
        if (!block)
            return tl::unexpected(block.error());
        const auto prepared = preprocess(*block, *entry, state_->wanted(wanted.name));
        if (!prepared)
            continue;  // check() says why
        input.shape = prepared->sizes().slice(1).vec();
        input.values = floatsOf(*prepared);
        if (entry->kind == InputKind::Image) {
            CardInput plain = *entry;
            plain.mean.clear();
            plain.std.clear();
            if (const auto picture = preprocess(*block, plain, state_->wanted(wanted.name)))
                input.picture = floatsOf(*picture);
        }
    }
    preview.recorded = recordedAction(*state_->rollouts, episode, step);
    if (!check(card).problem.empty())
        return preview;  // nothing to run yet
    PolicyFile file = state_->file;
    declareInputsFrom(rollouts(), card, file.graph);
    const auto policy = Policy::create(std::move(file), card);
    if (!policy)
        return tl::unexpected(policy.error());
    const auto inputs = (*policy)->inputs(*state_->rollouts, episode, step, 1);
    if (!inputs)
        return tl::unexpected(inputs.error());
    const at::NoGradGuard quiet;
    const auto output = (*policy)->forward(*inputs);
    if (!output)
        return tl::unexpected(output.error());
    preview.action = floatsOf((*policy)->action(*output));
    return preview;
}

}  // namespace sqil
