#include "core/quant/LayerInputs.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/quant/Calibration.h"
#include "core/quant/NodeArguments.h"

namespace sqil {
namespace {

constexpr std::int64_t kMostRows = 4096, kFewestRows = 256;
constexpr std::int64_t kMostNumbers = std::int64_t{1} << 22;
constexpr double kGoldenRatio = 0.6180339887498949;

std::int64_t product(const std::vector<std::int64_t>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), std::int64_t{1}, std::multiplies<>());
}

/// A list argument of a convolution with one entry a spatial dimension; a single entry counts for all.
std::optional<std::vector<std::int64_t>> perDimension(const Node& node, const char* name, std::size_t dimensions,
                                                      std::int64_t whenLeftOut) {
    if (!argumentOf(node, name))
        return std::vector<std::int64_t>(dimensions, whenLeftOut);
    auto numbers = integersOf(node, name);
    if (!numbers || (numbers->size() != 1 && numbers->size() != dimensions))
        return std::nullopt;
    if (numbers->size() == 1)
        numbers->resize(dimensions, numbers->front());
    return numbers;
}

/// "same" and "valid", else plain numbers.
bool readPadding(const Node& node, LayerGeometry& geometry) {
    const std::size_t dimensions = geometry.kernel.size();
    const Argument* argument = argumentOf(node, "padding");
    const auto* constant = argument ? std::get_if<c10::IValue>(&argument->value) : nullptr;
    if (constant && constant->isString()) {
        geometry.paddingBefore.assign(dimensions, 0);
        geometry.paddingAfter.assign(dimensions, 0);
        for (std::size_t d = 0; d < dimensions && constant->toStringRef() == "same"; ++d) {
            const std::int64_t total = geometry.dilation[d] * (geometry.kernel[d] - 1);
            geometry.paddingBefore[d] = total / 2;
            geometry.paddingAfter[d] = total - total / 2;
        }
        return true;
    }
    const auto padding = perDimension(node, "padding", dimensions, 0);
    if (!padding)
        return false;
    geometry.paddingBefore = geometry.paddingAfter = *padding;
    return true;
}

/// Places spread over [0, total) without the regular stride that would always meet the same column of an image.
at::Tensor spreadPlaces(std::int64_t total, std::int64_t count, std::int64_t first) {
    if (count >= total)
        return at::arange(total, at::kLong);
    at::Tensor places = at::empty({count}, at::kLong);
    auto* place = places.mutable_data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < count; ++i) {
        const double turn = static_cast<double>(first + i) * kGoldenRatio;
        place[i] =
            std::min(total - 1, static_cast<std::int64_t>((turn - std::floor(turn)) * static_cast<double>(total)));
    }
    return places;
}

/// Rows at the given places of a tensor whose first `leading` dimensions are places.
at::Tensor rowsAt(const at::Tensor& values, std::int64_t leading, at::Tensor places) {
    c10::List<std::optional<at::Tensor>> indices;
    std::vector<at::Tensor> reversed;
    for (std::int64_t d = leading - 1; d >= 0; --d) {
        reversed.push_back(at::remainder(places, values.size(d)));
        places = at::floor_divide(places, values.size(d));
    }
    for (auto index = reversed.rbegin(); index != reversed.rend(); ++index)
        indices.push_back(*index);
    return at::index(values, indices).flatten(1);
}

at::Tensor linearRows(const at::Tensor& input, std::int64_t count, std::int64_t first) {
    const at::Tensor flat = input.reshape({-1, input.size(-1)});
    return flat.index_select(0, spreadPlaces(flat.size(0), count, first)).unsqueeze(0);
}

at::Tensor convolutionRows(const at::Tensor& input, const LayerGeometry& geometry, std::int64_t count,
                           std::int64_t first) {
    const auto dimensions = static_cast<std::int64_t>(geometry.kernel.size());
    std::vector<std::int64_t> padding;
    for (std::size_t d = geometry.kernel.size(); d-- > 0;) {
        padding.push_back(geometry.paddingBefore[d]);
        padding.push_back(geometry.paddingAfter[d]);
    }
    at::Tensor windows = at::constant_pad_nd(input, padding);
    for (std::int64_t d = 0; d < dimensions; ++d) {
        const auto i = static_cast<std::size_t>(d);
        windows = windows.unfold(2 + d, (geometry.kernel[i] - 1) * geometry.dilation[i] + 1, geometry.stride[i]);
    }
    for (std::int64_t d = 0; d < dimensions; ++d) {
        const std::int64_t axis = windows.dim() - dimensions + d;
        windows = windows.slice(axis, 0, windows.size(axis), geometry.dilation[static_cast<std::size_t>(d)]);
    }
    windows = windows.movedim(1, 1 + dimensions);  // batch × places × channels × kernel
    std::int64_t total = 1;
    for (std::int64_t d = 0; d <= dimensions; ++d)
        total *= windows.size(d);
    const at::Tensor rows = rowsAt(windows, 1 + dimensions, spreadPlaces(total, count, first));
    return rows.reshape({rows.size(0), geometry.groups, -1}).transpose(0, 1);
}

/// Every element of the kernel makes an output of its own from the channels of one place.
at::Tensor transposedRows(const at::Tensor& input, const LayerGeometry& geometry, std::int64_t count,
                          std::int64_t first) {
    const std::int64_t elements = product(geometry.kernel);
    const at::Tensor flat = input.movedim(1, -1).reshape({-1, geometry.channels});
    const std::int64_t places = std::max<std::int64_t>(1, count / elements);
    const at::Tensor chosen = flat.index_select(0, spreadPlaces(flat.size(0), places, first));
    const at::Tensor kernel = at::eye(elements, chosen.options());
    return (chosen.reshape({-1, 1, geometry.channels, 1}) * kernel.reshape({1, elements, 1, elements}))
        .reshape({1, -1, geometry.channels * elements});
}

at::Tensor rowsOf(const at::Tensor& input, const LayerGeometry& geometry, std::int64_t count, std::int64_t first) {
    switch (geometry.kind) {
        case LayerGeometry::Kind::Linear:
            return linearRows(input, count, first);
        case LayerGeometry::Kind::Convolution:
            return convolutionRows(input, geometry, count, first);
        default:
            return transposedRows(input, geometry, count, first);
    }
}

/// Gathers one layer's inputs step by step.
struct Gathering {
    LayerInputs inputs;
    std::vector<at::Tensor> rows;
    at::Tensor magnitudes;  ///< sums, double
    std::int64_t places = 0;
    std::int64_t rowsOfStep = 1;

    void add(const at::Tensor& activation, std::int64_t step) {
        const auto& geometry = inputs.geometry;
        at::Tensor input = activation.detach().to(at::kFloat);
        if (geometry.kind != LayerGeometry::Kind::Linear &&
            input.dim() == static_cast<std::int64_t>(geometry.kernel.size()) + 1)
            input = input.unsqueeze(0);
        const std::int64_t axis = geometry.kind == LayerGeometry::Kind::Linear ? input.dim() - 1 : 1;
        const at::Tensor channels = input.movedim(axis, 0).reshape({geometry.channels, -1});
        const at::Tensor sums = channels.abs().sum(1, false, at::kDouble);
        const at::Tensor low = channels.amin(1), high = channels.amax(1);
        magnitudes = magnitudes.defined() ? magnitudes + sums : sums;
        inputs.minimum = inputs.minimum.defined() ? at::minimum(inputs.minimum, low) : low;
        inputs.maximum = inputs.maximum.defined() ? at::maximum(inputs.maximum, high) : high;
        places += channels.size(1);
        rows.push_back(rowsOf(input, geometry, rowsOfStep, step * rowsOfStep));
    }

    LayerInputs finished() {
        inputs.meanMagnitude = (magnitudes / static_cast<double>(places)).to(at::kFloat);
        inputs.rows = at::cat(rows, 1).contiguous();
        rows.clear();
        return std::move(inputs);
    }
};

bool sameGeometry(const LayerGeometry& a, const LayerGeometry& b) {
    return a.kind == b.kind && a.channels == b.channels && a.groups == b.groups && a.kernel == b.kernel &&
           a.stride == b.stride && a.dilation == b.dilation && a.paddingBefore == b.paddingBefore &&
           a.paddingAfter == b.paddingAfter;
}

std::int64_t columnsOf(const LayerGeometry& geometry) {
    return geometry.channels * product(geometry.kernel);
}

}  // namespace

std::optional<LayerGeometry> geometryOf(const PolicyGraph& graph, const QuantizableLayer& layer) {
    const Node& node = graph.nodes[layer.node];
    const at::Tensor& weight = graph.binding(layer.weight)->tensor;
    LayerGeometry geometry;
    if (node.target.find("conv") == std::string::npos) {
        if (weight.dim() != 2)
            return std::nullopt;
        geometry.channels = weight.size(1 - layer.outputAxis);
        return geometry;
    }
    const std::size_t dimensions = static_cast<std::size_t>(weight.dim() - 2);
    const bool transposed = layer.outputAxis == 1;
    const auto stride = perDimension(node, "stride", dimensions, 1);
    const auto dilation = perDimension(node, "dilation", dimensions, 1);
    if (dimensions == 0 || !stride || !dilation || (argumentOf(node, "groups") && !integerOf(node, "groups")))
        return std::nullopt;
    geometry.kind = transposed ? LayerGeometry::Kind::TransposedConvolution : LayerGeometry::Kind::Convolution;
    geometry.kernel = weight.sizes().slice(2).vec();
    geometry.stride = *stride;
    geometry.dilation = *dilation;
    geometry.groups = integerOf(node, "groups").value_or(1);
    geometry.channels = transposed ? weight.size(0) : weight.size(1) * geometry.groups;
    if (geometry.groups < 1 || (transposed && geometry.groups != 1) || weight.size(0) % geometry.groups != 0 ||
        (!transposed && !readPadding(node, geometry)))
        return std::nullopt;
    const auto isPositive = [](std::int64_t number) { return number > 0; };
    if (!std::all_of(geometry.stride.begin(), geometry.stride.end(), isPositive) ||
        !std::all_of(geometry.dilation.begin(), geometry.dilation.end(), isPositive))
        return std::nullopt;
    return geometry;
}

at::Tensor weightMatrix(const at::Tensor& weight, const QuantizableLayer& layer, const LayerGeometry& geometry) {
    const at::Tensor matrix = weight.detach().to(at::kFloat).movedim(layer.outputAxis, 0).flatten(1);
    return matrix.reshape({geometry.groups, -1, matrix.size(1)});
}

at::Tensor channelsOnWeight(const at::Tensor& perChannel, const at::Tensor& weight, const QuantizableLayer& layer,
                            const LayerGeometry& geometry) {
    const std::int64_t ofGroup = geometry.channels / geometry.groups;
    const std::int64_t outputs = weight.size(layer.outputAxis);
    at::Tensor matrix = perChannel.reshape({geometry.groups, 1, ofGroup})
                            .expand({geometry.groups, outputs / geometry.groups, ofGroup})
                            .reshape({outputs, ofGroup});
    for (std::int64_t d = 2; d < weight.dim(); ++d)
        matrix = matrix.unsqueeze(-1);
    return matrix.movedim(0, layer.outputAxis);
}

at::Tensor channelsOnRows(const at::Tensor& perChannel, const LayerGeometry& geometry) {
    return perChannel.reshape({geometry.groups, 1, -1, 1})
        .expand({geometry.groups, 1, geometry.channels / geometry.groups, product(geometry.kernel)})
        .reshape({geometry.groups, 1, -1});
}

Result<std::map<std::string, LayerInputs>> observeLayerInputs(const Policy& policy, Rollouts& rollouts,
                                                              const std::vector<QuantizableLayer>& layers, int steps,
                                                              const Progress& progress) {
    const at::NoGradGuard noGradient;
    const std::int64_t count = std::clamp<std::int64_t>(rollouts.info().totalSteps(), 1, steps);
    std::vector<ValueId> values;        // one for each of `gatherings`
    std::vector<Gathering> gatherings;  // layers that read the same value alike share one
    std::map<std::string, std::size_t> gatheringOf;
    for (const QuantizableLayer& layer : layers) {
        const auto geometry = geometryOf(policy.graph(), layer);
        if (!geometry)
            continue;
        std::size_t index = 0;
        while (index < values.size() &&
               !(values[index] == layer.input && sameGeometry(gatherings[index].inputs.geometry, *geometry)))
            ++index;
        if (index == values.size()) {
            Gathering gathering;
            gathering.inputs.geometry = *geometry;
            const std::int64_t rows = std::clamp(kMostNumbers / columnsOf(*geometry), kFewestRows, kMostRows);
            gathering.rowsOfStep = std::max<std::int64_t>(1, (rows + count - 1) / count);
            values.push_back(layer.input);
            gatherings.push_back(std::move(gathering));
        }
        gatheringOf.emplace(layer.name, index);
    }

    std::map<std::string, LayerInputs> observed;
    if (values.empty())
        return observed;
    std::int64_t step = 0;
    const auto done =
        visitActivations(policy, rollouts, values, steps, progress, [&](std::span<const at::Tensor> read) {
            for (std::size_t index = 0; index < gatherings.size(); ++index)
                gatherings[index].add(read[index], step);
            ++step;
        });
    if (!done)
        return tl::unexpected(done.error());
    std::vector<LayerInputs> finished;
    for (Gathering& gathering : gatherings)
        finished.push_back(gathering.finished());
    for (const auto& [name, index] : gatheringOf)
        observed.emplace(name, finished[index]);
    return observed;
}

}  // namespace sqil
