// LocalGraph's understanding of ATen operators: which nodes become stages, and how.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/analysis/incremental/FirstConv.h"
#include "core/analysis/incremental/LocalGraph.h"
#include "core/analysis/incremental/MapStages.h"
#include "core/analysis/incremental/OperatorStage.h"
#include "core/policy/Operators.h"

namespace sqil {
namespace {

/// Written out densely, a convolution of more groups than this costs more than it gains.
constexpr std::int64_t mostGroups = 8;

std::vector<float> toVector(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.to(at::kFloat).contiguous();
    return {plain.const_data_ptr<float>(), plain.const_data_ptr<float>() + plain.numel()};
}

std::int64_t product(const std::vector<std::int64_t>& sizes, std::size_t first) {
    return std::accumulate(sizes.begin() + static_cast<std::ptrdiff_t>(first), sizes.end(), std::int64_t{1},
                           std::multiplies<>());
}

/// [out][in of a group][y][x] → [y][x][in][out], zeros between groups.
std::vector<float> denseWeights(const at::Tensor& weight, std::int64_t inChannels, std::int64_t groups) {
    const std::int64_t out = weight.size(0), in = weight.size(1), taps = weight.size(2) * weight.size(3);
    const std::vector<float> values = toVector(weight);
    std::vector<float> result(static_cast<std::size_t>(taps * inChannels * out), 0.0f);
    for (std::int64_t o = 0; o < out; ++o)
        for (std::int64_t c = 0; c < in; ++c)
            for (std::int64_t t = 0; t < taps; ++t)
                result[static_cast<std::size_t>((t * inChannels + o / (out / groups) * in + c) * out + o)] =
                    values[static_cast<std::size_t>((o * in + c) * taps + t)];
    return result;
}

void scaleColumns(std::vector<float>& weights, const std::vector<float>& factors) {
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] *= factors[i % factors.size()];
}

std::vector<double> ones(std::int64_t count) {
    return std::vector<double>(static_cast<std::size_t>(count), 1.0);
}

std::vector<PixelRange> everywhere(std::size_t places) {
    return std::vector<PixelRange>(places, PixelRange{0, 1});
}

}  // namespace

const std::map<std::string, LocalGraph::Handler, std::less<>>& LocalGraph::handlers() {
    static const auto table = [] {
        std::map<std::string, Handler, std::less<>> handlers;
        for (const char* name : {"conv2d", "convolution", "_convolution"})
            handlers[name] = &LocalGraph::handleConvolution;
        for (const char* name : {"linear", "addmm", "mm", "matmul"})
            handlers[name] = &LocalGraph::handleLinear;
        for (const char* name : {"batch_norm", "_native_batch_norm_legit_no_training"})
            handlers[name] = &LocalGraph::handleBatchNorm;
        // Every element by itself, from that element and constants alone.
        for (const char* name : {"leaky_relu",
                                 "elu",
                                 "selu",
                                 "celu",
                                 "gelu",
                                 "silu",
                                 "mish",
                                 "tanh",
                                 "sigmoid",
                                 "hardtanh",
                                 "relu6",
                                 "hardswish",
                                 "hardsigmoid",
                                 "softplus",
                                 "clamp",
                                 "clamp_min",
                                 "clamp_max",
                                 "abs",
                                 "exp",
                                 "sqrt",
                                 "square",
                                 "sin",
                                 "cos",
                                 "erf",
                                 "log1p",
                                 "log_sigmoid",
                                 "threshold",
                                 "round",
                                 "pow",
                                 "fake_quantize_per_tensor_affine",
                                 "fake_quantize_per_tensor_affine_cachemask"})
            handlers[name] = &LocalGraph::handleElementwise;
        for (const char* name : {"add", "sub", "rsub"})
            handlers[name] = &LocalGraph::handleSum;
        for (const char* name : {"mul", "div", "neg"})
            handlers[name] = &LocalGraph::handleProduct;
        for (const char* name : {"max_pool2d", "max_pool2d_with_indices"})
            handlers[name] = &LocalGraph::handleMaxPool;
        for (const char* name : {"adaptive_avg_pool2d", "_adaptive_avg_pool2d", "mean"})
            handlers[name] = &LocalGraph::handleGlobalPool;
        for (const char* name : {"flatten", "view", "reshape", "_unsafe_view", "squeeze", "unsqueeze", "unflatten"})
            handlers[name] = &LocalGraph::handleReshape;
        for (const char* name : {"dropout", "feature_dropout", "alpha_dropout", "alias", "detach", "contiguous",
                                 "clone", "to", "_to_copy", "lift_fresh_copy"})
            handlers[name] = &LocalGraph::handleIdentity;
        handlers["relu"] = &LocalGraph::handleRelu;
        handlers["cat"] = &LocalGraph::handleCat;
        handlers["avg_pool2d"] = &LocalGraph::handleAveragePool;
        std::map<std::string, Handler, std::less<>> qualified;
        for (const auto& [name, handler] : handlers)
            qualified["aten::" + name] = handler;
        return qualified;
    }();
    return table;
}

std::int64_t LocalGraph::channelsOf(const LocalValue& value) const {
    if (!value.isInput())
        return maps_[static_cast<std::size_t>(value.map)].channels;
    return product(value.sizes, 1) / (value.sizes.back() * value.sizes[value.sizes.size() - 2]);
}

bool LocalGraph::channelsFirst(const LocalValue& value) const {
    if (value.sizes.size() == 4)
        return value.sizes[1] == channelsOf(value);
    return value.sizes.size() == 2 && !value.isInput() && value.sizes[1] == channelsOf(value);
}

bool LocalGraph::sameSizes(const Node& node, const LocalValue& value) const {
    const auto* sizes = sizesOf(node.outputs.front());
    return sizes && *sizes == value.sizes;
}

int LocalGraph::mapLike(int map) {
    const DeltaMap copy = maps_[static_cast<std::size_t>(map)];
    maps_.push_back(copy);
    return static_cast<int>(maps_.size() - 1);
}

/// The node's result is its argument, as far as Δ goes.
bool LocalGraph::pass(const Node& node, ValueId argument) {
    LocalValue value = locals_.at(argument);
    if (!exclusive(argument))
        value.draft = -1;
    define(node, std::move(value));
    return true;
}

bool LocalGraph::scaleBy(const Node& node, ValueId argument, const std::vector<float>& factors) {
    LocalValue value = locals_.at(argument);
    if (value.firstFeature != 0 || product(value.sizes, 1) % static_cast<std::int64_t>(factors.size()) != 0)
        return false;
    if (value.isInput()) {
        if (value.scale.empty())
            value.scale.assign(factors.size(), 1.0f);
        std::transform(factors.begin(), factors.end(), value.scale.begin(), value.scale.begin(), std::multiplies<>());
        define(node, std::move(value));
        return true;
    }
    StageDraft* draft = openDraft(value, argument);
    if (draft && draft->kind == StageDraft::Kind::PositionLinear) {
        const std::size_t row = draft->linear.weights.size() / factors.size();
        for (std::size_t i = 0; i < draft->linear.weights.size(); ++i)
            draft->linear.weights[i] *= factors[i / row];
    } else if (draft && draft->conv.residual < 0) {
        scaleColumns(draft->conv.weights, factors);
    } else {
        const int scaled = mapLike(value.map);
        value.draft = addStage(std::make_unique<ScaleStage>(node.name, value.map, scaled, factors));
        value.map = scaled;
    }
    define(node, std::move(value));
    return true;
}

bool LocalGraph::convolve(const Node& node, ValueId argument, ConvSpec spec) {
    const bool patches = image_.perturbation->places().patch > 0;
    const LocalValue source = locals_.at(argument);
    const bool first = source.isInput() && !patches;
    StageDraft draft;
    draft.kind = StageDraft::Kind::Conv;
    std::vector<PixelRange> rows, columns;
    if (first) {
        for (std::int64_t i = 0; i < image_.perturbation->rows().places(); ++i)
            rows.push_back(spec.y.reached(image_.perturbation->rows().reach(i)));
        for (std::int64_t j = 0; j < image_.perturbation->columns().places(); ++j)
            columns.push_back(spec.x.reached(image_.perturbation->columns().reach(j)));
    } else {
        spec.in = written(argument).map;
        rows = spec.y.reached(maps_[static_cast<std::size_t>(spec.in)].rows);
        columns = spec.x.reached(maps_[static_cast<std::size_t>(spec.in)].columns);
    }
    spec.out = addMap(spec.outChannels, spec.y.out, spec.x.out, std::move(rows), std::move(columns));
    if (first && FirstConv::applies(maps_[static_cast<std::size_t>(spec.out)])) {
        draft.kind = StageDraft::Kind::FirstConv;
        if (!source.scale.empty())  // the scale of D's channels goes into the weights that read them
            for (std::size_t i = 0; i < spec.weights.size(); ++i)
                spec.weights[i] *= source.scale[i / static_cast<std::size_t>(spec.outChannels) % source.scale.size()];
    } else if (first) {
        spec.in = written(argument).map;
    }
    draft.writes = spec.out;
    LocalValue value;
    value.map = spec.out;
    draft.conv = std::move(spec);
    value.draft = addDraft(std::move(draft));
    define(node, std::move(value));
    return true;
}

bool LocalGraph::handleConvolution(const Node& node, const NodeArguments& arguments) {
    const auto argument = arguments.value("input"), weightId = arguments.value("weight");
    const LocalValue* value = localArgument(arguments, "input");
    if (!value || !weightId || !channelsFirst(*value) || value->sizes.size() != 4 || arguments.flag("transposed"))
        return false;
    const auto weight = constantTensor(*weightId);
    const auto stride = arguments.pair("stride"), dilation = arguments.pair("dilation");
    const std::int64_t groups = arguments.integer("groups").value_or(1);
    if (!weight || weight->dim() != 4 || !stride || !dilation || groups < 1 || groups > mostGroups ||
        weight->size(1) * groups != value->sizes[1] || weight->size(0) % groups != 0)
        return false;
    auto padding = arguments.pair("padding");
    if (const auto named = arguments.constant("padding"); named && named->isString()) {
        if (named->toStringRef() != "same" && named->toStringRef() != "valid")
            return false;
        const bool same = named->toStringRef() == "same";
        padding = std::vector<std::int64_t>{same ? (*dilation)[0] * (weight->size(2) - 1) / 2 : 0,
                                            same ? (*dilation)[1] * (weight->size(3) - 1) / 2 : 0};
    }
    if (!padding)
        return false;
    const auto& out = *sizesOf(node.outputs.front());
    ConvSpec spec;
    spec.name = node.name;
    spec.y = {weight->size(2), (*stride)[0], (*padding)[0], (*dilation)[0], value->sizes[2], out[2]};
    spec.x = {weight->size(3), (*stride)[1], (*padding)[1], (*dilation)[1], value->sizes[3], out[3]};
    spec.inChannels = value->sizes[1];
    spec.outChannels = weight->size(0);
    spec.weights = denseWeights(*weight, spec.inChannels, groups);
    return convolve(node, *argument, std::move(spec));
}

bool LocalGraph::handleLinear(const Node& node, const NodeArguments& arguments) {
    const bool linear = node.target.starts_with("aten::linear"), addmm = node.target.starts_with("aten::addmm");
    const char* from = linear ? "input" : addmm ? "mat1" : "self";
    const char* matrix = linear ? "weight" : node.target.starts_with("aten::matmul") ? "other" : "mat2";
    const auto argument = arguments.value(from), weightId = arguments.value(matrix);
    if (!argument || !weightId || !local(*argument) || (addmm && arguments.number("alpha").value_or(0) != 1))
        return false;
    auto weight = constantTensor(*weightId);
    if (!weight || weight->dim() != 2 || local(*argument)->sizes.size() != 2)
        return false;
    if (!linear)
        weight = weight->t();
    const LocalValue value = written(*argument);
    const DeltaMap& map = maps_[static_cast<std::size_t>(value.map)];
    const std::int64_t features = map.channels * map.height * map.width;
    if (weight->size(1) != value.sizes[1] || value.firstFeature + features > value.sizes[1])
        return false;
    const at::Tensor columns = weight->slice(1, value.firstFeature, value.firstFeature + features);
    StageDraft draft;
    const std::size_t rows = map.rows.size(), places = map.columns.size();
    const int out = addMap(weight->size(0), 1, 1, everywhere(rows), everywhere(places));
    const DeltaMap& in = maps_[static_cast<std::size_t>(value.map)];
    if (in.height == 1 && in.width == 1) {
        draft.kind = StageDraft::Kind::Conv;
        draft.conv.name = node.name;
        draft.conv.in = value.map;
        draft.conv.out = out;
        draft.conv.inChannels = in.channels;
        draft.conv.outChannels = weight->size(0);
        draft.conv.weights = toVector(columns.t());
    } else {
        draft.kind = StageDraft::Kind::PositionLinear;
        draft.linear = {node.name,       value.map,         out, in.channels, in.height, in.width,
                        weight->size(0), toVector(columns), -1};
    }
    draft.writes = out;
    LocalValue result;
    result.map = out;
    result.draft = addDraft(std::move(draft));
    define(node, std::move(result));
    return true;
}

bool LocalGraph::handleBatchNorm(const Node& node, const NodeArguments& arguments) {
    const auto argument = arguments.value("input"), variance = arguments.value("running_var");
    const LocalValue* value = localArgument(arguments, "input");
    const auto epsilon = arguments.number("eps");
    if (!value || !variance || !epsilon || arguments.flag("training") || !channelsFirst(*value))
        return false;
    const auto spread = constantTensor(*variance);
    if (!spread || spread->numel() != channelsOf(*value))
        return false;
    at::Tensor factors = (spread->to(at::kDouble) + *epsilon).rsqrt();
    if (const auto weightId = arguments.value("weight")) {
        const auto weight = constantTensor(*weightId);
        if (!weight || weight->numel() != factors.numel())
            return false;
        factors = factors * weight->to(at::kDouble);
    }
    return scaleBy(node, *argument, toVector(factors));
}

bool LocalGraph::handleRelu(const Node& node, const NodeArguments& arguments) {
    const auto argument = arguments.value("self");
    if (!argument || !local(*argument) || local(*argument)->firstFeature != 0)
        return false;
    LocalValue value = written(*argument);
    if (product(value.sizes, 1) != maps_[static_cast<std::size_t>(value.map)].channels *
                                       maps_[static_cast<std::size_t>(value.map)].height *
                                       maps_[static_cast<std::size_t>(value.map)].width)
        return false;
    const int base = baseOf(*argument, value.map);
    if (StageDraft* draft = openDraft(value, *argument)) {
        (draft->kind == StageDraft::Kind::PositionLinear ? draft->linear.reluBase : draft->conv.reluBase) = base;
    } else {
        const int out = mapLike(value.map);
        value.draft = addStage(std::make_unique<ReluStage>(node.name, value.map, out, base));
        value.map = out;
    }
    define(node, std::move(value));
    return true;
}

bool LocalGraph::handleElementwise(const Node& node, const NodeArguments& arguments) {
    const auto argument = arguments.value(arguments.firstName());
    if (!argument || !local(*argument) || !sameSizes(node, *local(*argument)) || local(*argument)->firstFeature != 0)
        return false;
    bool constants = true;
    int seen = 0;
    for (const Argument& other : node.arguments)
        forEachValueOf(other, [&](ValueId id) {
            if (id == *argument) {
                ++seen;
                return;
            }
            const auto value = constantTensor(id);
            constants = constants && value && value->numel() == 1;
        });
    if (!constants || seen != 1)
        return false;
    LocalValue value = written(*argument);
    const DeltaMap& map = maps_[static_cast<std::size_t>(value.map)];
    if (product(value.sizes, 1) != map.channels * map.height * map.width)
        return false;
    const int base = baseOf(*argument, value.map), out = mapLike(value.map);
    value.draft = addStage(std::make_unique<OperatorStage>(node.name + " (" + node.target + ")", policy_.executor(),
                                                           *argument, node.outputs.front(), value.map, out, base));
    value.map = out;
    define(node, std::move(value));
    return true;
}

std::optional<std::vector<float>> LocalGraph::channelFactors(const NodeArguments& arguments, std::string_view name,
                                                             const LocalValue& value) const {
    const auto channels = static_cast<std::size_t>(channelsOf(value));
    if (const auto number = arguments.number(name))
        return std::vector<float>(channels, static_cast<float>(*number));
    const auto id = arguments.value(name);
    const auto tensor = id ? constantTensor(*id) : std::nullopt;
    if (!tensor || !tensor->defined())
        return std::nullopt;
    if (tensor->numel() == 1)
        return std::vector<float>(channels, tensor->item<float>());
    if (!channelsFirst(value) || tensor->dim() > static_cast<std::int64_t>(value.sizes.size()) ||
        tensor->numel() != static_cast<std::int64_t>(channels))
        return std::nullopt;
    // Broadcasting aligns the last dimensions: C×1×1 or 1×C×1×1 over an image, C or 1×C over features.
    const auto fromLast = static_cast<std::int64_t>(value.sizes.size()) - 1;
    if (tensor->dim() < fromLast || tensor->size(tensor->dim() - fromLast) != static_cast<std::int64_t>(channels))
        return std::nullopt;
    return toVector(tensor->flatten());
}

bool LocalGraph::addResidual(const Node& node, ValueId one, ValueId other) {
    const LocalValue sum = locals_.at(one), residual = locals_.at(other);
    StageDraft* draft = openDraft(sum, one);
    if (!draft || draft->kind != StageDraft::Kind::Conv || draft->conv.residual >= 0)
        return false;
    for (int later = sum.draft + 1; later < static_cast<int>(drafts_.size()); ++later)
        if (drafts_[static_cast<std::size_t>(later)].writes == residual.map)
            return false;  // not computed yet when the convolution runs
    const DeltaMap& out = maps_[static_cast<std::size_t>(sum.map)];
    const DeltaMap& added = maps_[static_cast<std::size_t>(residual.map)];
    const auto inside = [](const std::vector<PixelRange>& inner, const std::vector<PixelRange>& outer) {
        for (std::size_t i = 0; i < inner.size(); ++i)
            if (hull(inner[i], outer[i]) != outer[i])
                return false;
        return true;
    };
    if (added.stride != out.stride || !inside(added.rows, out.rows) || !inside(added.columns, out.columns))
        return false;
    draft->conv.residual = residual.map;
    define(node, sum);
    return true;
}

bool LocalGraph::combine(const Node& node, std::vector<std::pair<ValueId, float>> terms) {
    std::vector<CombineStage::Part> parts;
    std::vector<PixelRange> rows, columns;
    for (const auto& [id, factor] : terms) {
        const LocalValue& value = written(id);
        const DeltaMap& map = maps_[static_cast<std::size_t>(value.map)];
        const DeltaMap& first = maps_[static_cast<std::size_t>(locals_.at(terms.front().first).map)];
        if (!sameSizes(node, value) || map.channels != first.channels || map.height != first.height ||
            map.width != first.width || value.firstFeature != 0)
            return false;
        parts.push_back({value.map, factor, 0});
        rows.resize(map.rows.size());
        columns.resize(map.columns.size());
        std::transform(rows.begin(), rows.end(), map.rows.begin(), rows.begin(), hull);
        std::transform(columns.begin(), columns.end(), map.columns.begin(), columns.begin(), hull);
    }
    const bool plainSum =
        terms.size() == 2 && terms[0].second == 1 && terms[1].second == 1 && terms[0].first != terms[1].first;
    if (plainSum &&
        (addResidual(node, terms[0].first, terms[1].first) || addResidual(node, terms[1].first, terms[0].first)))
        return true;
    const DeltaMap like = maps_[static_cast<std::size_t>(parts.front().map)];
    LocalValue value;
    value.map = addMap(like.channels, like.height, like.width, std::move(rows), std::move(columns));
    value.draft = addStage(std::make_unique<CombineStage>(node.name, std::move(parts), value.map));
    define(node, std::move(value));
    return true;
}

bool LocalGraph::handleSum(const Node& node, const NodeArguments& arguments) {
    const auto one = arguments.value("self"), other = arguments.value("other");
    const double alpha = arguments.constant("alpha") ? arguments.number("alpha").value_or(0) : 1;
    if (alpha == 0)
        return false;
    double ofOne = 1, ofOther = alpha;
    if (node.target.starts_with("aten::sub"))
        ofOther = -alpha;
    if (node.target.starts_with("aten::rsub"))
        ofOne = -alpha, ofOther = 1;
    const bool first = one && local(*one), second = other && local(*other);
    if (first && second)
        return combine(node, {{*one, static_cast<float>(ofOne)}, {*other, static_cast<float>(ofOther)}});
    if (!first && !second)
        return false;
    const ValueId changing = first ? *one : *other;
    const double factor = first ? ofOne : ofOther;
    if (!sameSizes(node, *local(changing)))
        return false;
    if (factor == 1)
        return pass(node, changing);
    return scaleBy(
        node, changing,
        std::vector<float>(static_cast<std::size_t>(channelsOf(*local(changing))), static_cast<float>(factor)));
}

bool LocalGraph::handleProduct(const Node& node, const NodeArguments& arguments) {
    const auto one = arguments.value("self"), other = arguments.value("other");
    const bool first = one && local(*one), second = other && local(*other),
               quotient = node.target.starts_with("aten::div");
    if (first == second || (quotient && (second || arguments.constant("rounding_mode"))))
        return false;
    const ValueId changing = first ? *one : *other;
    const LocalValue& value = *local(changing);
    if (!sameSizes(node, value))
        return false;
    if (node.target.starts_with("aten::neg"))
        return scaleBy(node, changing, std::vector<float>(static_cast<std::size_t>(channelsOf(value)), -1.0f));
    auto factors = channelFactors(arguments, first ? "other" : "self", value);
    if (!factors)
        return false;
    if (quotient)
        for (float& factor : *factors)
            factor = static_cast<float>(1.0 / factor);
    if (!std::all_of(factors->begin(), factors->end(), [](float factor) { return std::isfinite(factor); }))
        return false;
    return scaleBy(node, changing, *factors);
}

/// A flattened map beside features that do not change: only its place in the longer vector matters.
bool LocalGraph::catFeatures(const Node& node, const std::vector<ValueId>& parts) {
    std::int64_t first = 0;
    std::optional<LocalValue> found;
    for (const ValueId part : parts) {
        if (local(part)) {
            if (found)
                return false;
            found = written(part);
            found->firstFeature += first;
        }
        const auto* sizes = sizesOf(part);
        const auto constant = sizes ? std::nullopt : constantTensor(part);
        if (sizes ? sizes->size() != 2 : !constant || constant->dim() != 2)
            return false;
        first += sizes ? (*sizes)[1] : constant->size(1);
    }
    found->draft = -1;
    define(node, std::move(*found));
    return true;
}

bool LocalGraph::handleCat(const Node& node, const NodeArguments& arguments) {
    const std::vector<ValueId> parts = arguments.values("tensors");
    const auto& out = *sizesOf(node.outputs.front());
    const auto dimension = arguments.integer("dim");
    if (parts.empty() || !dimension ||
        (*dimension + static_cast<std::int64_t>(out.size())) % static_cast<std::int64_t>(out.size()) != 1)
        return false;
    if (out.size() == 2)
        for (const ValueId part : parts)
            if (const LocalValue* value = local(part); value && (value->firstFeature != 0 || !channelsFirst(*value)))
                return catFeatures(node, parts);
    if (out.size() != 2 && out.size() != 4)
        return false;
    std::vector<CombineStage::Part> pieces;
    std::vector<PixelRange> rows, columns;
    std::int64_t first = 0;
    for (const ValueId part : parts) {
        std::int64_t channels = 0;
        if (local(part)) {
            const LocalValue& value = written(part);
            const DeltaMap& map = maps_[static_cast<std::size_t>(value.map)];
            if (!channelsFirst(value) || value.firstFeature != 0)
                return false;
            channels = map.channels;
            pieces.push_back({value.map, 1, first});
            rows.resize(map.rows.size());
            columns.resize(map.columns.size());
            std::transform(rows.begin(), rows.end(), map.rows.begin(), rows.begin(), hull);
            std::transform(columns.begin(), columns.end(), map.columns.begin(), columns.begin(), hull);
        } else if (const auto* sizes = sizesOf(part)) {
            channels = sizes->size() == out.size() ? (*sizes)[1] : -1;
        } else if (const auto constant = constantTensor(part)) {
            channels = constant->dim() == static_cast<std::int64_t>(out.size()) ? constant->size(1) : -1;
        }
        if (channels < 0)
            return false;
        first += channels;
    }
    if (first != out[1])
        return false;
    LocalValue value;
    value.map = out.size() == 4 ? addMap(out[1], out[2], out[3], std::move(rows), std::move(columns))
                                : addMap(out[1], 1, 1, std::move(rows), std::move(columns));
    value.draft = addStage(std::make_unique<CombineStage>(node.name, std::move(pieces), value.map));
    define(node, std::move(value));
    return true;
}

bool LocalGraph::handleMaxPool(const Node& node, const NodeArguments& arguments) {
    const auto argument = arguments.value("self");
    const auto kernel = arguments.pair("kernel_size"), padding = arguments.pair("padding"),
               dilation = arguments.pair("dilation");
    auto stride = arguments.integers("stride");
    const LocalValue* source = localArgument(arguments, "self");
    if (!source || !channelsFirst(*source) || source->sizes.size() != 4 || !kernel || !padding || !dilation)
        return false;
    stride = !stride || stride->empty() ? kernel : arguments.pair("stride");
    const auto& out = *sizesOf(node.outputs.front());
    const WindowAxis y{(*kernel)[0], (*stride)[0], (*padding)[0], (*dilation)[0], source->sizes[2], out[2]};
    const WindowAxis x{(*kernel)[1], (*stride)[1], (*padding)[1], (*dilation)[1], source->sizes[3], out[3]};
    const LocalValue value = written(*argument);
    const DeltaMap in = maps_[static_cast<std::size_t>(value.map)];
    LocalValue result;
    result.map = addMap(in.channels, out[2], out[3], y.reached(in.rows), x.reached(in.columns));
    const int inBase = baseOf(*argument, value.map), outBase = baseOf(node.outputs.front(), result.map);
    result.draft = addStage(std::make_unique<MaxPoolStage>(node.name, value.map, result.map, y, x, inBase, outBase));
    define(node, std::move(result));
    return true;
}

bool LocalGraph::handleAveragePool(const Node& node, const NodeArguments& arguments) {
    const auto argument = arguments.value("self");
    const auto kernel = arguments.pair("kernel_size"), padding = arguments.pair("padding");
    auto stride = arguments.integers("stride");
    const LocalValue* source = localArgument(arguments, "self");
    if (!source || !channelsFirst(*source) || source->sizes.size() != 4 || !kernel || !padding)
        return false;
    stride = !stride || stride->empty() ? kernel : arguments.pair("stride");
    const auto& out = *sizesOf(node.outputs.front());
    const WindowAxis y{(*kernel)[0], (*stride)[0], (*padding)[0], 1, source->sizes[2], out[2]};
    const WindowAxis x{(*kernel)[1], (*stride)[1], (*padding)[1], 1, source->sizes[3], out[3]};
    const bool padded = arguments.flag("count_include_pad");
    const auto divisors = [padded](const WindowAxis& axis) {
        std::vector<double> result;
        for (std::int64_t o = 0; o < axis.out; ++o) {
            const std::int64_t begin = axis.input(o, 0), end = std::min(begin + axis.kernel, axis.in + axis.padding);
            result.push_back(static_cast<double>(padded ? end - begin : axis.taps(o, {0, axis.in}).size()));
        }
        return result;
    };
    std::vector<double> divisorY = divisors(y), divisorX = divisors(x);
    if (const auto fixed = arguments.integer("divisor_override")) {
        divisorY.assign(divisorY.size(), static_cast<double>(*fixed));
        divisorX = ones(x.out);
    }
    const LocalValue value = written(*argument);
    const DeltaMap in = maps_[static_cast<std::size_t>(value.map)];
    LocalValue result;
    result.map = addMap(in.channels, out[2], out[3], y.reached(in.rows), x.reached(in.columns));
    result.draft = addStage(std::make_unique<AveragePoolStage>(node.name, value.map, result.map, y, x,
                                                               std::move(divisorY), std::move(divisorX)));
    define(node, std::move(result));
    return true;
}

bool LocalGraph::handleGlobalPool(const Node& node, const NodeArguments& arguments) {
    const auto argument = arguments.value("self");
    const LocalValue* source = localArgument(arguments, "self");
    if (!source || !channelsFirst(*source) || source->sizes.size() != 4)
        return false;
    const auto& out = *sizesOf(node.outputs.front());
    std::int64_t rows = 1, columns = 1;
    if (node.target.starts_with("aten::mean")) {
        auto dimensions = arguments.integers("dim");
        if (!dimensions || dimensions->size() != 2)
            return false;
        for (std::int64_t& dimension : *dimensions)
            dimension = (dimension + 4) % 4;
        std::sort(dimensions->begin(), dimensions->end());
        if (*dimensions != std::vector<std::int64_t>{2, 3})
            return false;
    } else {
        rows = out[2];
        columns = out[3];
    }
    if (rows < 1 || columns < 1 || source->sizes[2] % rows != 0 || source->sizes[3] % columns != 0)
        return false;
    const std::int64_t height = source->sizes[2] / rows, width = source->sizes[3] / columns;
    const WindowAxis y{height, height, 0, 1, source->sizes[2], rows}, x{width, width, 0, 1, source->sizes[3], columns};
    const LocalValue value = written(*argument);
    const DeltaMap in = maps_[static_cast<std::size_t>(value.map)];
    LocalValue result;
    result.map = addMap(in.channels, rows, columns, y.reached(in.rows), x.reached(in.columns));
    std::vector<double> divisorY(static_cast<std::size_t>(rows), static_cast<double>(height));
    std::vector<double> divisorX(static_cast<std::size_t>(columns), static_cast<double>(width));
    result.draft = addStage(std::make_unique<AveragePoolStage>(node.name, value.map, result.map, y, x,
                                                               std::move(divisorY), std::move(divisorX)));
    define(node, std::move(result));
    return true;
}

bool LocalGraph::handleReshape(const Node& node, const NodeArguments& arguments) {
    const auto argument = arguments.value("self");
    if (!argument || !local(*argument))
        return false;
    const auto& out = *sizesOf(node.outputs.front());
    if (local(*argument)->sizes == out)
        return pass(node, *argument);
    if (out.size() < 2 || out[0] != local(*argument)->sizes[0])
        return false;
    const LocalValue& value = written(*argument);
    const DeltaMap& map = maps_[static_cast<std::size_t>(value.map)];
    const std::int64_t features = map.channels * map.height * map.width;
    const bool whole = value.firstFeature == 0 && product(value.sizes, 1) == features;
    const bool vector = out.size() == 2 && out[1] == features;
    const bool pixel =
        out.size() == 4 && map.height == 1 && map.width == 1 && out[1] == map.channels && out[2] == 1 && out[3] == 1;
    return whole && (vector || pixel) && pass(node, *argument);
}

bool LocalGraph::handleIdentity(const Node& node, const NodeArguments& arguments) {
    const auto argument = arguments.value(arguments.firstName());
    if (!argument || !local(*argument) || !sameSizes(node, *local(*argument)) || arguments.flag("train"))
        return false;
    if (const auto type = arguments.constant("dtype");
        type && (!type->isInt() || type->toInt() != static_cast<std::int64_t>(at::kFloat)))
        return false;
    if (node.target == "aten::to.other")
        return false;
    return pass(node, *argument);
}

}  // namespace sqil
