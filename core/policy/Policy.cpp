#include "core/policy/Policy.h"

#include <ATen/Functions.h>
#include <algorithm>

#include "core/base/AtomicFile.h"
#include "core/policy/CardChecks.h"
#include "core/policy/Preprocessing.h"
#include "core/policy/ShapePropagation.h"

namespace sqil {
namespace {

constexpr const char* cardInArchive = "policy.card.json";

at::Device deviceOf(const PolicyGraph& graph) {
    for (const Binding& binding : graph.bindings)
        if (binding.tensor.defined())
            return binding.tensor.device();
    return at::kCPU;
}

Result<PolicyCard> cardAt(const std::filesystem::path& path) {
    return readTextFile(path, 16 << 20).and_then([&](const std::string& text) {
        return parsePolicyCard(text, path.string());
    });
}

Result<PolicyCard> cardFor(const std::filesystem::path& path, const PolicyFile& file, const RolloutsInfo& rollouts,
                           const std::filesystem::path& cardPath) {
    if (!cardPath.empty())
        return cardAt(cardPath);
    std::filesystem::path beside = path;
    beside.replace_extension(".card.json");
    std::error_code ignored;
    if (std::filesystem::exists(beside, ignored))
        return cardAt(beside);
    if (const auto stored = file.extraFiles.find(cardInArchive); stored != file.extraFiles.end())
        return parsePolicyCard(stored->second, path.string() + ": " + cardInArchive);
    return proposeCard(file.graph, rollouts);
}

/// N×D of a batch of N: trailing dimensions side by side.
at::Tensor rows(const at::Tensor& output, std::int64_t batch) {
    const at::Tensor wide = output.to(at::kFloat);
    if (wide.dim() > 0 && wide.size(0) == batch)
        return wide.reshape({batch, -1});
    return wide.reshape({1, -1}).expand({batch, -1});  // a state-independent deviation
}

at::Tensor padded(const at::Tensor& input, std::int64_t batch) {
    const at::Tensor last = input.slice(0, input.size(0) - 1);
    std::vector<std::int64_t> sizes = input.sizes().vec();
    sizes[0] = batch - input.size(0);
    return at::cat({input, last.expand(sizes)});
}

}  // namespace

void declareInputsFrom(const RolloutsInfo& rollouts, const PolicyCard& card, PolicyGraph& graph) {
    std::vector<StepShape> steps;
    for (const ValueId value : graph.inputs) {
        const auto input = std::find_if(card.inputs.begin(), card.inputs.end(),
                                        [&](const CardInput& i) { return i.name == graph.values[value].name; });
        const KeySpec* key = input == card.inputs.end() ? nullptr : rollouts.observation(input->key);
        if (!key)
            return;  // checkCard() says what is missing
        const bool whole = key->type == ValueType::Int32 || key->type == ValueType::Int64;
        steps.push_back({preprocessedShape(*key, *input), whole});
    }
    declareInputs(graph, steps);
}

Policy::Policy(PolicyFile file, PolicyCard card, GraphExecutor executor)
    : file_(std::move(file)), card_(std::move(card)), executor_(std::move(executor)), device_(deviceOf(file_.graph)) {}

Result<std::shared_ptr<const Policy>> Policy::load(const std::filesystem::path& path, const RolloutsInfo& rollouts,
                                                   const std::filesystem::path& cardPath, at::Device device) {
    auto file = readPolicyFile(path);
    if (!file)
        return tl::unexpected(file.error());
    auto card = cardFor(path, *file, rollouts, cardPath);
    if (!card)
        return tl::unexpected(card.error());
    declareInputsFrom(rollouts, *card, file->graph);
    const bool noRollouts = rollouts.path.empty() && rollouts.observations.empty();
    if (auto checked = noRollouts ? checkCardAgainstGraph(*card, file->graph) : checkCard(*card, file->graph, rollouts);
        !checked)
        return fail(checked.error().kind, path.string() + ": " + checked.error().message);
    if (!device.is_cpu())
        if (auto moved = file->graph.moveTo(device); !moved)
            return fail(moved.error().kind, path.string() + ": " + moved.error().message);
    if (card->name.empty())
        card->name = path.stem().string();
    auto policy = create(std::move(*file), std::move(*card));
    if (!policy)
        return fail(policy.error().kind, path.string() + ": " + policy.error().message);
    return policy;
}

Result<std::shared_ptr<const Policy>> Policy::create(PolicyFile file, PolicyCard card) {
    if (auto checked = checkCardAgainstGraph(card, file.graph); !checked)
        return tl::unexpected(checked.error());
    auto executor = GraphExecutor::create(file.graph);
    if (!executor)
        return tl::unexpected(executor.error());
    return std::shared_ptr<const Policy>(new Policy(std::move(file), std::move(card), std::move(*executor)));
}

Result<std::vector<at::Tensor>> Policy::inputs(Rollouts& rollouts, std::size_t episode, std::int64_t first,
                                               std::int64_t count) const {
    return inputsFrom([&](const std::string& key) { return rollouts.range(episode, key, first, count); });
}

Result<std::vector<at::Tensor>> Policy::inputs(const std::map<std::string, StepBlock>& observations) const {
    return inputsFrom([&](const std::string& key) -> Result<StepBlock> {
        const auto found = observations.find(key);
        if (found == observations.end())
            return fail(ErrorKind::NotFound, "nothing is observed under the key \"" + key + "\"");
        return found->second;
    });
}

Result<std::vector<at::Tensor>> Policy::inputsFrom(
    const std::function<Result<StepBlock>(const std::string&)>& read) const {
    std::vector<at::Tensor> prepared;
    for (const ValueId value : graph().inputs) {
        const Value& wanted = graph().values[value];
        const auto input = std::find_if(card_.inputs.begin(), card_.inputs.end(),
                                        [&](const CardInput& i) { return i.name == wanted.name; });
        if (input == card_.inputs.end())
            return fail(ErrorKind::BadInput, "the card does not say what feeds the input \"" + wanted.name + "\"");
        auto block = read(input->key);
        if (!block)
            return tl::unexpected(block.error());
        auto tensor = preprocess(*block, *input, wanted.meta ? &*wanted.meta : nullptr);
        if (!tensor)
            return tl::unexpected(tensor.error());
        prepared.push_back(tensor->to(device_));
    }
    return prepared;
}

Result<at::Tensor> Policy::forwardBatch(std::span<const at::Tensor> inputs) const {
    std::vector<at::Tensor> ready;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto& meta = graph().values[graph().inputs[i]].meta;
        ready.push_back(meta ? convertedTo(inputs[i], meta->type) : inputs[i]);
    }
    return executor_.run(ready).and_then([&](const std::vector<at::Tensor>& outputs) -> Result<at::Tensor> {
        try {
            const std::int64_t batch = inputs.front().size(0);
            for (const int output : card_.outputs) {
                const at::Tensor& raw = outputs.at(static_cast<std::size_t>(output));
                if (card_.head != ActionHead::TokenLogits && raw.dim() > 0 && raw.size(0) != batch &&
                    output == card_.outputs.front())
                    return fail(ErrorKind::BadInput, "output " + std::to_string(output) + " has " +
                                                         std::to_string(raw.size(0)) + " rows for a batch of " +
                                                         std::to_string(batch));
            }
            return head(outputs);
        } catch (const c10::Error& error) {
            return fail(ErrorKind::BadInput,
                        std::string("the ") + std::string(nameOf(card_.head)) +
                            " head does not fit the policy's outputs: " + error.what_without_backtrace());
        }
    });
}

Result<at::Tensor> Policy::forwardInParts(std::span<const at::Tensor> inputs, std::int64_t part, bool pad) const {
    const std::int64_t batch = inputs.front().size(0);
    std::vector<at::Tensor> results;
    for (std::int64_t start = 0; start < batch; start += part) {
        const std::int64_t rowsHere = std::min(part, batch - start);
        std::vector<at::Tensor> slice;
        for (const at::Tensor& input : inputs) {
            at::Tensor rowsOfInput = input.slice(0, start, start + rowsHere);
            slice.push_back(pad && rowsHere < part ? padded(rowsOfInput, part) : rowsOfInput);
        }
        auto result = forwardBatch(slice);
        if (!result)
            return result;
        results.push_back(result->slice(0, 0, rowsHere));
    }
    return results.size() == 1 ? results.front() : at::cat(results);
}

Result<at::Tensor> Policy::forward(std::span<const at::Tensor> inputs) const {
    if (inputs.size() != graph().inputs.size() || inputs.empty())
        return fail(ErrorKind::BadInput, "the policy takes " + std::to_string(graph().inputs.size()) + " inputs, " +
                                             std::to_string(inputs.size()) + " were given");
    for (std::size_t i = 0; i < inputs.size(); ++i)
        if (!inputs[i].defined() || inputs[i].dim() == 0 || inputs[i].size(0) != inputs[0].size(0) ||
            inputs[i].size(0) == 0)
            return fail(ErrorKind::BadInput, "input \"" + graph().values[graph().inputs[i]].name +
                                                 "\" does not have the same, non-zero number of rows as the first one");
    const std::int64_t batch = inputs.front().size(0);
    const auto [smallest, largest] = graph().batchRange();
    if (!graph().hasDynamicBatch())
        return forwardInParts(inputs, largest, true);
    if (batch > largest)
        return forwardInParts(inputs, largest, smallest > 1);
    if (batch < smallest)
        return forwardInParts(inputs, smallest, true);
    auto result = forwardBatch(inputs);
    // A traced TorchScript graph may have its batch of 1 baked in without saying so.
    const bool shapesKnown = graph().values[graph().inputs.front()].meta.has_value();
    if (!result && !shapesKnown && batch > 1)
        if (auto single = forwardInParts(inputs, 1, false))
            return single;
    return result;
}

at::Tensor Policy::head(std::span<const at::Tensor> outputs) const {
    const auto output = [&](std::size_t i) { return outputs[static_cast<std::size_t>(card_.outputs.at(i))]; };
    const std::int64_t batch = output(0).dim() > 0 ? output(0).size(0) : 1;
    switch (card_.head) {
        case ActionHead::Categorical:
            return at::softmax(rows(output(0), batch), -1);
        case ActionHead::Gaussian:
            return at::cat({rows(output(0), batch), rows(output(1), batch).exp()}, 1);
        case ActionHead::Beta:
            return at::cat({rows(output(0), batch), rows(output(1), batch)}, 1);
        case ActionHead::TokenLogits:
            return rows(at::softmax(output(0).to(at::kFloat), -1), batch);
        case ActionHead::Deterministic:
            break;
    }
    return rows(output(0), batch);
}

at::Tensor Policy::action(const at::Tensor& headOutput) const {
    if (card_.head != ActionHead::Gaussian && card_.head != ActionHead::Beta)
        return headOutput;
    const auto halves = headOutput.chunk(2, 1);
    if (card_.head == ActionHead::Gaussian)
        return halves[0];
    return halves[0] / (halves[0] + halves[1]) * 2 - 1;  // the mean α/(α+β), from [0, 1] to [−1, 1]
}

}  // namespace sqil
