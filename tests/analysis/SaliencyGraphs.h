#pragma once
#include <memory>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "core/policy/Policy.h"

namespace sqil::test {

/// Puts policies together node by node, with random seeded weights; shapes are N×….
class GraphMaker {
public:
    explicit GraphMaker(std::uint64_t seed) { at::manual_seed(seed); }

    ValueId input(const std::string& name, const std::vector<std::int64_t>& item) {
        std::vector<Dimension> sizes{std::string("s0")};
        sizes.insert(sizes.end(), item.begin(), item.end());
        const ValueId id = graph_.addValue(name, TensorMeta{at::kFloat, sizes, {}});
        graph_.inputs.push_back(id);
        return id;
    }
    ValueId constant(const at::Tensor& tensor) {
        const std::string name = "weight" + std::to_string(graph_.bindings.size());
        const ValueId id = graph_.addValue(name, std::nullopt);
        graph_.bindings.push_back({id, name, Binding::Kind::Parameter, true, tensor});
        return id;
    }
    ValueId node(const std::string& target, std::vector<Argument> arguments) {
        Node node;
        node.name = "node" + std::to_string(graph_.nodes.size());
        node.target = "aten::" + target;
        node.arguments = std::move(arguments);
        const ValueId id = graph_.addValue(node.name, std::nullopt);
        node.outputs = {id};
        graph_.nodes.push_back(std::move(node));
        return id;
    }
    static Argument list(const std::vector<ValueId>& values) {
        std::vector<Argument> items;
        for (const ValueId value : values)
            items.push_back({"", value});
        return {"", items};
    }
    static Argument of(ValueId value) { return {"", value}; }
    static Argument ints(std::vector<std::int64_t> values) {
        return {"", c10::IValue(c10::List<std::int64_t>(values))};
    }
    template<class T>
    static Argument with(T value) {
        return {"", c10::IValue(value)};
    }

    ValueId conv(ValueId from, std::int64_t in, std::int64_t out, std::vector<std::int64_t> kernel,
                 std::int64_t stride = 1, std::int64_t padding = 0, std::int64_t dilation = 1,
                 std::int64_t groups = 1) {
        const double scale = 1.4 / std::sqrt(static_cast<double>(in / groups * kernel[0] * kernel[1]));
        const ValueId weight = constant(at::randn({out, in / groups, kernel[0], kernel[1]}) * scale);
        return node("conv2d", {of(from), of(weight), of(constant(at::randn({out}) * 0.1)), ints({stride, stride}),
                               ints({padding, padding}), ints({dilation, dilation}), with<std::int64_t>(groups)});
    }
    ValueId relu(ValueId from) { return node("relu", {of(from)}); }
    ValueId add(ValueId one, ValueId other) { return node("add.Tensor", {of(one), of(other)}); }
    ValueId flatten(ValueId from) { return node("flatten.using_ints", {of(from), with<std::int64_t>(1)}); }
    ValueId batchNorm(ValueId from, std::int64_t channels) {
        return node("batch_norm",
                    {of(from), of(constant(at::rand({channels}) + 0.5)), of(constant(at::randn({channels}) * 0.2)),
                     of(constant(at::randn({channels}) * 0.2)), of(constant(at::rand({channels}) + 0.5)), with(false),
                     with(0.1), with(1e-5), with(false)});
    }
    ValueId linear(ValueId from, std::int64_t in, std::int64_t out) {
        return node("linear", {of(from), of(constant(at::randn({out, in}) / std::sqrt(static_cast<double>(in)) * 1.4)),
                               of(constant(at::randn({out}) * 0.1))});
    }
    /// Features of a value when it is flattened, by running the graph so far.
    std::int64_t features(ValueId value) const { return valueOf(value).numel(); }
    std::vector<std::int64_t> sizes(ValueId value) const { return valueOf(value).sizes().vec(); }

    std::shared_ptr<const Policy> policy(std::vector<ValueId> outputs, ActionHead head = ActionHead::Deterministic) {
        PolicyFile file{graph_, {}};
        PolicyCard card;
        card.head = head;
        card.outputs.clear();
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            file.graph.values[static_cast<std::size_t>(outputs[i])].meta =
                TensorMeta{at::kFloat, {std::string("s0"), features(outputs[i])}, {}};
            card.outputs.push_back(static_cast<int>(i));
        }
        file.graph.outputs = outputs;
        for (const ValueId id : graph_.inputs) {
            const Value& value = graph_.values[static_cast<std::size_t>(id)];
            CardInput input;
            input.name = input.key = value.name;
            input.kind = value.meta->sizes.size() > 2 ? InputKind::Image : InputKind::State;
            card.inputs.push_back(input);
        }
        card.dimensions.resize(static_cast<std::size_t>(features(outputs.front())));
        auto made = Policy::create(std::move(file), std::move(card));
        if (!made)
            qWarning("%s", made.error().message.c_str());
        return made ? *made : nullptr;
    }

private:
    at::Tensor valueOf(ValueId value) const {
        auto executor = GraphExecutor::create(graph_);
        if (!executor)
            qFatal("%s", executor.error().message.c_str());
        std::vector<std::pair<ValueId, at::Tensor>> known;
        for (const ValueId id : graph_.inputs) {
            std::vector<std::int64_t> sizes{1};
            const auto& meta = *graph_.values[static_cast<std::size_t>(id)].meta;
            for (std::size_t d = 1; d < meta.sizes.size(); ++d)
                sizes.push_back(std::get<std::int64_t>(meta.sizes[d]));
            known.emplace_back(id, at::zeros(sizes));
        }
        const ValueId wanted[] = {value};
        auto result = executor->evaluate(known, wanted);
        if (!result)
            qFatal("%s", result.error().message.c_str());
        return (*result)[0];
    }

    PolicyGraph graph_;
};

}  // namespace sqil::test
