#include "core/analysis/incremental/LocalGraph.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/analysis/incremental/FirstConv.h"
#include "core/analysis/incremental/MapStages.h"
#include "core/analysis/incremental/WinogradConv.h"
#include "core/policy/Operators.h"

namespace sqil {
namespace {

/// A node that reads only the shape of its arguments: its results are numbers, or (an assertion) none.
bool readsShapeOnly(const PolicyGraph& graph, const Node& node) {
    return std::all_of(node.outputs.begin(), node.outputs.end(), [&](ValueId output) {
        return output < 0 || graph.values[static_cast<std::size_t>(output)].kind != Value::Kind::Tensor;
    });
}

}  // namespace

std::vector<int> StageDraft::reads() const {
    switch (kind) {
        case Kind::FirstConv:
            return {};
        case Kind::Conv:
            return conv.residual < 0 ? std::vector{conv.in} : std::vector{conv.in, conv.residual};
        case Kind::PositionLinear:
            return {linear.in};
        case Kind::Ready:
            break;
    }
    return ready->reads();
}

LocalGraph::LocalGraph(const Policy& policy, const PerturbedImage& image, const DeltaKernels& kernels, int threads)
    : policy_(policy), graph_(policy.graph()), image_(image), kernels_(kernels), threads_(threads) {}

const std::vector<std::int64_t>* LocalGraph::sizesOf(ValueId value) const {
    const auto& sizes = sizes_[static_cast<std::size_t>(value)];
    return sizes.empty() ? nullptr : &sizes;
}

LocalValue* LocalGraph::local(ValueId value) {
    const auto found = locals_.find(value);
    return found == locals_.end() ? nullptr : &found->second;
}

LocalValue* LocalGraph::localArgument(const NodeArguments& arguments, std::string_view name) {
    const auto id = arguments.value(name);
    return id ? local(*id) : nullptr;
}

std::vector<ValueId> LocalGraph::localArguments(const Node& node) const {
    std::vector<ValueId> result;
    for (const Argument& argument : node.arguments)
        forEachValueOf(argument, [&](ValueId value) {
            if (locals_.contains(value))
                result.push_back(value);
        });
    return result;
}

std::optional<at::Tensor> LocalGraph::constantTensor(ValueId value) const {
    if (ofInputs_[static_cast<std::size_t>(value)])
        return std::nullopt;
    const ValueId wanted[] = {value};
    auto result = policy_.executor().evaluate({}, wanted);
    return result ? std::optional((*result)[0]) : std::nullopt;
}

void LocalGraph::countUses() {
    uses_.assign(graph_.values.size(), 0);
    for (const Node& node : graph_.nodes)
        if (!readsShapeOnly(graph_, node))
            for (const Argument& argument : node.arguments)
                forEachValueOf(argument, [&](ValueId value) { ++uses_[static_cast<std::size_t>(value)]; });
    for (const ValueId output : graph_.outputs)
        ++uses_[static_cast<std::size_t>(output)];
}

void LocalGraph::markDependents() {
    ofInputs_.assign(graph_.values.size(), false);
    for (const ValueId input : graph_.inputs)
        ofInputs_[static_cast<std::size_t>(input)] = true;
    for (const Node& node : graph_.nodes) {
        bool depends = false;
        for (const Argument& argument : node.arguments)
            forEachValueOf(argument,
                           [&](ValueId value) { depends = depends || ofInputs_[static_cast<std::size_t>(value)]; });
        for (const ValueId output : node.outputs)
            if (output >= 0)
                ofInputs_[static_cast<std::size_t>(output)] = depends;
    }
}

Result<void> LocalGraph::build(std::span<const at::Tensor> inputs) {
    countUses();
    markDependents();
    rest_.assign(graph_.values.size(), false);
    sizes_.assign(graph_.values.size(), {});
    std::vector<std::pair<ValueId, at::Tensor>> known;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        known.emplace_back(graph_.inputs[i], inputs[i]);
    std::vector<ValueId> wanted;
    for (const Node& node : graph_.nodes)
        for (const ValueId output : node.outputs)
            if (output >= 0 && ofInputs_[static_cast<std::size_t>(output)] &&
                graph_.values[static_cast<std::size_t>(output)].kind == Value::Kind::Tensor)
                wanted.push_back(output);
    auto values = policy_.executor().evaluate(known, wanted);
    if (!values)
        return tl::unexpected(values.error());
    for (std::size_t i = 0; i < wanted.size(); ++i)
        sizes_[static_cast<std::size_t>(wanted[i])] = (*values)[i].sizes().vec();
    for (std::size_t i = 0; i < inputs.size(); ++i)
        sizes_[static_cast<std::size_t>(graph_.inputs[i])] = inputs[i].sizes().vec();

    const ValueId input = graph_.inputs[image_.input];
    LocalValue perturbed;
    perturbed.sizes = sizes_[static_cast<std::size_t>(input)];
    locals_.emplace(input, std::move(perturbed));
    for (const Node& node : graph_.nodes)
        visit(node);
    return {};
}

void LocalGraph::visit(const Node& node) {
    bool usesRest = false;
    for (const Argument& argument : node.arguments)
        forEachValueOf(argument, [&](ValueId value) { usesRest = usesRest || rest_[static_cast<std::size_t>(value)]; });
    const std::vector<ValueId> used = localArguments(node);
    if (used.empty() && !usesRest)
        return;
    if (readsShapeOnly(graph_, node)) {
        shapeSources_.insert(used.begin(), used.end());
        return;
    }
    const std::string_view target = node.target;
    const std::string_view name =
        target.substr(0, target.find('.', target.find("::") == target.npos ? 0 : target.find("::")));
    const auto handler = handlers().find(name);
    const std::vector<std::int64_t>* sizes =
        node.outputs.empty() || node.outputs.front() < 0 ? nullptr : sizesOf(node.outputs.front());
    const bool known = !usesRest && handler != handlers().end() && sizes && !node.unpacksList;
    if (known && (this->*handler->second)(node, NodeArguments(node)))
        return;
    restNodes_.push_back(&node);
    for (const ValueId output : node.outputs)
        if (output >= 0)
            rest_[static_cast<std::size_t>(output)] = true;
}

int LocalGraph::addMap(std::int64_t channels, std::int64_t height, std::int64_t width, std::vector<PixelRange> rows,
                       std::vector<PixelRange> columns, bool padded) {
    DeltaMap map;
    map.channels = channels;
    map.stride = padded ? paddedTo(kernels_.vector, channels) : channels;
    map.height = height;
    map.width = width;
    map.rows = std::move(rows);
    map.columns = std::move(columns);
    maps_.push_back(std::move(map));
    return static_cast<int>(maps_.size() - 1);
}

int LocalGraph::baseOf(ValueId value, int map) {
    const DeltaMap& wanted = maps_[static_cast<std::size_t>(map)];
    for (std::size_t i = 0; i < bases_.size(); ++i) {
        const DeltaMap& stored = maps_[static_cast<std::size_t>(bases_[i].map)];
        if (bases_[i].value == value && stored.stride == wanted.stride && stored.height == wanted.height)
            return static_cast<int>(i);
    }
    bases_.push_back({value, map});
    return static_cast<int>(bases_.size() - 1);
}

int LocalGraph::addDraft(StageDraft draft) {
    drafts_.push_back(std::move(draft));
    return static_cast<int>(drafts_.size() - 1);
}

int LocalGraph::addStage(std::unique_ptr<Stage> stage) {
    StageDraft draft;
    draft.writes = stage->writes();
    draft.ready = std::move(stage);
    return addDraft(std::move(draft));
}

void LocalGraph::define(const Node& node, LocalValue value) {
    value.sizes = *sizesOf(node.outputs.front());
    locals_[node.outputs.front()] = std::move(value);
    // Further outputs (an index, a mask) are not followed; who reads them ends the local part.
    for (std::size_t i = 1; i < node.outputs.size(); ++i)
        if (node.outputs[i] >= 0)
            rest_[static_cast<std::size_t>(node.outputs[i])] = true;
}

LocalValue& LocalGraph::written(ValueId id) {
    LocalValue& value = locals_.at(id);
    if (!value.isInput())
        return value;
    const auto& perturbation = *image_.perturbation;
    std::vector<PixelRange> rows, columns;
    for (std::int64_t i = 0; i < perturbation.rows().places(); ++i)
        rows.push_back(perturbation.rows().reach(i));
    for (std::int64_t j = 0; j < perturbation.columns().places(); ++j)
        columns.push_back(perturbation.columns().reach(j));
    const std::int64_t height = perturbation.rows().pixels(), width = perturbation.columns().pixels();
    std::int64_t channels = 1;
    for (std::size_t d = 1; d + 2 < value.sizes.size(); ++d)
        channels *= value.sizes[d];
    value.map = addMap(channels, height, width, rows, columns, false);
    value.draft = addStage(std::make_unique<InputStage>(value.map, image_.perturbation));
    if (!value.scale.empty()) {
        const int scaled = addMap(channels, height, width, rows, columns, false);
        value.draft = addStage(std::make_unique<ScaleStage>("normalization", value.map, scaled, value.scale));
        value.map = scaled;
    }
    return value;
}

/// The stage that computes the value, where nobody else reads the value and the stage can take more.
StageDraft* LocalGraph::openDraft(const LocalValue& value, ValueId id) {
    if (value.draft < 0 || !exclusive(id))
        return nullptr;
    StageDraft& draft = drafts_[static_cast<std::size_t>(value.draft)];
    const bool closed =
        draft.kind == StageDraft::Kind::PositionLinear ? draft.linear.reluBase >= 0 : draft.conv.reluBase >= 0;
    return draft.kind == StageDraft::Kind::Ready || closed ? nullptr : &draft;
}

std::unique_ptr<Stage> LocalGraph::stageOf(StageDraft& draft) {
    switch (draft.kind) {
        case StageDraft::Kind::FirstConv:
            return std::make_unique<FirstConv>(kernels_, std::move(draft.conv), image_.perturbation);
        case StageDraft::Kind::PositionLinear:
            return std::make_unique<PositionLinear>(kernels_, std::move(draft.linear), threads_);
        case StageDraft::Kind::Ready:
            return std::move(draft.ready);
        case StageDraft::Kind::Conv:
            break;
    }
    const DeltaMap& in = maps_[static_cast<std::size_t>(draft.conv.in)];
    const DeltaMap& out = maps_[static_cast<std::size_t>(draft.conv.out)];
    if (WinogradConv::applies(draft.conv, in, kernels_) && WinogradConv::pays(draft.conv, in, out))
        return std::make_unique<WinogradConv>(kernels_, std::move(draft.conv), threads_);
    return std::make_unique<DirectConv>(kernels_, std::move(draft.conv));
}

/// Which stages some frontier value needs.
void LocalGraph::keepNeeded(LocalPlan& plan, std::vector<bool>& neededDrafts) const {
    std::vector<bool> neededMaps(maps_.size(), false);
    for (const auto& frontier : plan.frontier)
        neededMaps[static_cast<std::size_t>(frontier.map)] = true;
    neededDrafts.assign(drafts_.size(), false);
    for (std::size_t i = drafts_.size(); i-- > 0;)
        if (neededMaps[static_cast<std::size_t>(drafts_[i].writes)]) {
            neededDrafts[i] = true;
            for (const int map : drafts_[i].reads())
                neededMaps[static_cast<std::size_t>(map)] = true;
        }
}

Result<LocalPlan> LocalGraph::finish() {
    LocalPlan plan;
    std::vector<bool> needed(graph_.values.size(), false);
    for (const int output : policy_.card().outputs) {
        plan.outputs.push_back(graph_.outputs.at(static_cast<std::size_t>(output)));
        needed[static_cast<std::size_t>(plan.outputs.back())] = true;
        plan.needsRest = plan.needsRest || rest_[static_cast<std::size_t>(plan.outputs.back())];
    }
    for (auto node = restNodes_.rbegin(); node != restNodes_.rend(); ++node) {
        const auto& outputs = (*node)->outputs;
        if (!std::any_of(outputs.begin(), outputs.end(),
                         [&](ValueId o) { return o >= 0 && needed[static_cast<std::size_t>(o)]; }))
            continue;
        plan.restNodes.push_back((*node)->name);
        for (const Argument& argument : (*node)->arguments)
            forEachValueOf(argument, [&](ValueId value) { needed[static_cast<std::size_t>(value)] = true; });
    }
    std::reverse(plan.restNodes.begin(), plan.restNodes.end());
    for (ValueId id = 0; id < static_cast<ValueId>(graph_.values.size()); ++id)
        if (needed[static_cast<std::size_t>(id)] && local(id)) {
            const LocalValue& value = written(id);
            std::vector<std::int64_t> sizes = value.sizes;
            sizes[0] = 1;
            plan.frontier.push_back({id, value.map, value.firstFeature, std::move(sizes)});
        }
    for (const ValueId source : shapeSources_)
        if (!needed[static_cast<std::size_t>(source)])
            plan.standIns.push_back(source);
    if (plan.frontier.empty())
        return fail(ErrorKind::Unsupported, "the action does not depend on the image");

    std::vector<bool> neededDrafts;
    keepNeeded(plan, neededDrafts);
    bool gains = false;
    for (std::size_t i = 0; i < drafts_.size(); ++i)
        if (neededDrafts[i]) {
            gains = gains || drafts_[i].kind != StageDraft::Kind::Ready;
            plan.stages.push_back(stageOf(drafts_[i]));
        }
    if (!gains)
        return fail(ErrorKind::Unsupported, plan.restNodes.empty() ? "no convolution or linear layer reads the image"
                                                                   : "the image goes into \"" + plan.restNodes.front() +
                                                                         "\", which is not local");
    plan.maps = maps_;
    plan.bases = bases_;
    return plan;
}

}  // namespace sqil
