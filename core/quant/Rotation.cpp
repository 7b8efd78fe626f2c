#include "core/quant/Rotation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/policy/FileProblem.h"
#include "core/policy/Operators.h"
#include "core/policy/ShapePropagation.h"
#include "core/quant/Hadamard.h"
#include "core/quant/NodeArguments.h"
#include "core/quant/PendingNodes.h"
#include "core/quant/QuantizableLayers.h"

namespace sqil {
namespace {

constexpr std::int64_t kSmallestOrder = 4;  // smaller Hadamard matrices spread no outlier

/// A norm over the last dimension, however it is written.
struct Norm {
    std::set<std::size_t> nodes;     ///< that read its input
    std::size_t core = 0;            ///< the node that makes the normalized values
    std::optional<std::size_t> mul;  ///< a product with the weight behind it
    ValueId input = -1;
    ValueId output = -1;  ///< after the weight
    ValueId weight = -1, bias = -1;
    bool centres = false;  ///< LayerNorm
};

using Readers = std::optional<std::vector<const QuantizableLayer*>>;

struct Reader {
    std::size_t node = 0;
    const QuantizableLayer* layer = nullptr;  ///< null: anything but a linear layer
};

class StreamRotation {
public:
    StreamRotation(PolicyGraph& graph, const RotationOptions& options)
        : graph_(graph), options_(options), layers_(quantizableLayers(graph)) {
        for (const QuantizableLayer& layer : layers_)
            layerOfNode_[layer.node] = &layer;
    }

    Result<RotationReport> run() {
        findNorms();
        for (std::size_t i = 0; i < norms_.size(); ++i)
            if (!treated_.contains(i))
                if (auto done = rotateStreamOf(norms_[i]); !done)
                    return tl::unexpected(done.error());
        if (report_.norms == 0)
            return fail(ErrorKind::Unsupported,
                        "quarot rotates the residual stream of pre-norm transformer blocks, and this policy has none: "
                        "needed is an RMSNorm or LayerNorm over the last dimension (aten::rms_norm, aten::layer_norm, "
                        "or x·rsqrt(mean(x²) + ε)) whose output only linear layers read, of a width that is a multiple "
                        "of 4; use awq or smoothquant for this policy");
        pending_.insertInto(graph_);
        for (auto erased = erased_.rbegin(); erased != erased_.rend(); ++erased)
            std::erase_if(graph_.nodes, [&](const Node& node) { return node.name == *erased; });
        dropUnreadBindings(graph_, unread_);
        return report_;
    }

private:
    // What the graph is

    std::optional<std::size_t> indexOf(const Node* node) const {
        return node ? std::optional(static_cast<std::size_t>(node - graph_.nodes.data())) : std::nullopt;
    }
    std::int64_t rank(ValueId value) const {
        if (const Binding* binding = graph_.binding(value))
            return binding->tensor.dim();
        const auto& meta = graph_.values[static_cast<std::size_t>(value)].meta;
        return meta ? static_cast<std::int64_t>(meta->sizes.size()) : 0;
    }
    std::int64_t width(ValueId value) const {
        if (value < 0)
            return 0;
        if (const Binding* binding = graph_.binding(value))
            return binding->tensor.dim() > 0 ? binding->tensor.size(-1) : 0;
        const auto& meta = graph_.values[static_cast<std::size_t>(value)].meta;
        if (!meta || meta->sizes.empty())
            return 0;
        const auto* size = std::get_if<std::int64_t>(&meta->sizes.back());
        return size ? *size : 0;
    }
    bool isOutput(ValueId value) const {
        return std::find(graph_.outputs.begin(), graph_.outputs.end(), value) != graph_.outputs.end();
    }
    const QuantizableLayer* linearAt(std::size_t node) const {
        const auto found = layerOfNode_.find(node);
        if (found == layerOfNode_.end() || graph_.binding(found->second->weight)->tensor.dim() != 2)
            return nullptr;
        return found->second;
    }
    /// The layer's weight and bias can change without changing any other node.
    bool owns(const QuantizableLayer& layer) const {
        for (ValueId value = std::get<ValueId>(graph_.nodes[layer.node].arguments[layer.weightArgument].value);;) {
            if (!hasOneReader(graph_, value))
                return false;
            if (value == layer.weight)
                break;
            value = std::get<ValueId>(graph_.producer(value)->arguments.front().value);
        }
        const ValueId bias = biasOf(layer);
        return bias < 0 || (graph_.binding(bias) && hasOneReader(graph_, bias));
    }
    ValueId biasOf(const QuantizableLayer& layer) const {
        const Node& node = graph_.nodes[layer.node];
        return valueOf(node, node.target == "aten::addmm" ? "self" : "bias");
    }

    /// Operators that treat every vector along the last dimension alike and leave it whole: their tensor inputs.
    std::vector<ValueId> tokenInputs(const Node& node) const {
        static const std::set<std::string, std::less<>> reshapes{
            "aten::view",        "aten::reshape",  "aten::contiguous", "aten::clone",  "aten::alias",
            "aten::detach",      "aten::to.dtype", "aten::_to_copy",   "aten::expand", "aten::flatten.using_ints",
            "aten::_unsafe_view"};
        static const std::set<std::string, std::less<>> alongOthers{"aten::select.int", "aten::slice.Tensor",
                                                                    "aten::unsqueeze", "aten::squeeze.dim"};
        if (node.outputs.size() != 1 || node.arguments.empty() || node.outputs.front() < 0)
            return {};
        const ValueId output = node.outputs.front();
        if (node.target == "aten::cat")
            return concatenated(node);
        const auto* input = std::get_if<ValueId>(&node.arguments.front().value);
        if (!input || width(*input) == 0 || width(*input) != width(output) || !sameType(*input, output))
            return {};
        const std::int64_t dimensions = rank(*input);
        const auto isLast = [&](std::int64_t dimension, std::int64_t of) {
            return (dimension < 0 ? dimension + of : dimension) == of - 1;
        };
        bool leavesLast = reshapes.contains(node.target);
        if (node.target == "aten::dropout")
            leavesLast = booleanOf(node, "train") == false;
        if (alongOthers.contains(node.target)) {
            const auto dimension = integerOf(node, "dim");
            const std::int64_t of = node.target == "aten::unsqueeze" ? dimensions + 1 : dimensions;
            leavesLast = dimension && !isLast(*dimension, of);
        }
        if (node.target == "aten::transpose.int") {
            const auto first = integerOf(node, "dim0"), second = integerOf(node, "dim1");
            leavesLast = first && second && !isLast(*first, dimensions) && !isLast(*second, dimensions);
        }
        if (node.target == "aten::permute" || node.target == "aten::mean.dim") {
            const auto list = integersOf(node, node.target == "aten::permute" ? "dims" : "dim");
            leavesLast = list && !list->empty();
            if (leavesLast && node.target == "aten::permute")
                leavesLast = isLast(list->back(), dimensions);
            else if (leavesLast)
                leavesLast = std::none_of(list->begin(), list->end(), [&](auto d) { return isLast(d, dimensions); });
        }
        return leavesLast ? std::vector{*input} : std::vector<ValueId>{};
    }
    bool sameType(ValueId a, ValueId b) const {
        const auto& first = graph_.values[static_cast<std::size_t>(a)].meta;
        const auto& second = graph_.values[static_cast<std::size_t>(b)].meta;
        return first && second && first->type == second->type;
    }
    std::vector<ValueId> concatenated(const Node& node) const {
        const std::int64_t dimensions = rank(node.outputs.front());
        const std::int64_t dimension = integerOf(node, "dim").value_or(0);
        std::vector<ValueId> inputs;
        if ((dimension < 0 ? dimension + dimensions : dimension) == dimensions - 1)
            return inputs;
        for (const Argument& argument : node.arguments)
            forEachValueOf(argument, [&](ValueId value) { inputs.push_back(value); });
        const bool alike = std::all_of(inputs.begin(), inputs.end(),
                                       [&](ValueId value) { return width(value) == width(node.outputs.front()); });
        return alike ? inputs : std::vector<ValueId>{};
    }
    /// The inputs through which a rotation of the last dimension passes to the node's output.
    std::vector<ValueId> linearInputs(const Node& node) const {
        if (node.target != "aten::add.Tensor")
            return tokenInputs(node);
        const ValueId self = valueOf(node, "self"), other = valueOf(node, "other");
        const std::int64_t d = width(node.outputs.front());
        return d > 0 && width(self) == d && width(other) == d ? std::vector{self, other} : std::vector<ValueId>{};
    }

    void findNorms() {
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
            if (auto norm = normAt(i))
                norms_.push_back(std::move(*norm));
    }

    std::optional<Norm> normAt(std::size_t index) const {
        const Node& node = graph_.nodes[index];
        Norm norm;
        norm.core = index;
        norm.nodes = {index};
        if (node.target == "aten::layer_norm" || node.target == "aten::rms_norm") {
            const auto shape = integersOf(node, "normalized_shape");
            norm.input = valueOf(node, "input");
            norm.weight = valueOf(node, "weight");
            norm.bias = valueOf(node, "bias");
            norm.output = node.outputs.front();
            norm.centres = node.target == "aten::layer_norm";
            const bool overLast = shape && shape->size() == 1 && width(norm.input) == shape->front();
            return overLast && isVector(norm.weight, shape->front()) && isVector(norm.bias, shape->front())
                       ? std::optional(norm)
                       : std::nullopt;
        }
        return node.target == "aten::mul.Tensor" ? writtenOutNorm(index) : std::nullopt;
    }
    bool isVector(ValueId value, std::int64_t size) const {
        return value < 0 || (graph_.binding(value) && graph_.binding(value)->tensor.numel() == size);
    }

    /// x · rsqrt(mean(x², −1, keepdim) + ε), and the product with a weight behind it.
    std::optional<Norm> writtenOutNorm(std::size_t index) const {
        const Node& node = graph_.nodes[index];
        ValueId input = valueOf(node, "self"), factor = valueOf(node, "other");
        const Node* root = graph_.producer(factor);
        if (!root || root->target != "aten::rsqrt") {
            std::swap(input, factor);
            root = graph_.producer(factor);
        }
        if (!root || root->target != "aten::rsqrt" || !hasOneReader(graph_, factor))
            return std::nullopt;
        const Node* sum = graph_.producer(valueOf(*root, "self"));
        const Node* mean =
            sum && sum->target.starts_with("aten::add.") ? graph_.producer(valueOf(*sum, "self")) : nullptr;
        if (!mean || mean->target != "aten::mean.dim" || booleanOf(*mean, "keepdim") != true)
            return std::nullopt;
        const auto along = integersOf(*mean, "dim");
        if (!along || along->size() != 1 || (along->front() != -1 && along->front() != rank(input) - 1))
            return std::nullopt;
        const Node* square = graph_.producer(valueOf(*mean, "self"));
        const bool squares = square && valueOf(*square, "self") == input &&
                             ((square->target == "aten::pow.Tensor_Scalar" && numberOf(*square, "exponent") == 2.0) ||
                              (square->target == "aten::mul.Tensor" && valueOf(*square, "other") == input) ||
                              square->target == "aten::square");
        if (!squares || width(input) == 0)
            return std::nullopt;
        Norm norm;
        norm.core = index;
        norm.nodes = {index, *indexOf(square)};
        norm.input = input;
        norm.output = node.outputs.front();
        if (!isOutput(norm.output)) {
            const auto readers = graph_.consumers(norm.output);
            if (readers.size() == 1 && graph_.nodes[readers.front()].target == "aten::mul.Tensor") {
                const Node& mul = graph_.nodes[readers.front()];
                const ValueId self = valueOf(mul, "self"), other = valueOf(mul, "other");
                const ValueId weight = self == norm.output ? other : self;
                if (weight >= 0 && graph_.binding(weight) && isVector(weight, width(input)) && self != other) {
                    norm.mul = readers.front();
                    norm.weight = weight;
                    norm.output = mul.outputs.front();
                }
            }
        }
        return norm;
    }

    /// The linear layers behind a norm, when nothing else reads it.
    Readers readersOf(const Norm& norm) const {
        std::vector<const QuantizableLayer*> readers;
        std::vector<ValueId> open{norm.output};
        while (!open.empty()) {
            const ValueId value = open.back();
            open.pop_back();
            if (isOutput(value))
                return std::nullopt;
            for (const std::size_t index : graph_.consumers(value)) {
                const QuantizableLayer* layer = linearAt(index);
                if (layer && layer->input == value && owns(*layer)) {
                    readers.push_back(layer);
                } else if (const auto inputs = tokenInputs(graph_.nodes[index]);
                           inputs.size() == 1 && inputs.front() == value) {
                    open.push_back(graph_.nodes[index].outputs.front());
                } else {
                    return std::nullopt;
                }
            }
        }
        return readers.empty() ? std::nullopt : std::optional(readers);
    }

    std::set<ValueId> streamOf(ValueId seed) const {
        std::set<ValueId> stream{seed};
        std::vector<ValueId> open{seed};
        const auto add = [&](ValueId value) {
            if (stream.insert(value).second)
                open.push_back(value);
        };
        while (!open.empty()) {
            const ValueId value = open.back();
            open.pop_back();
            if (const Node* producer = graph_.producer(value))
                for (const ValueId input : linearInputs(*producer))
                    add(input);
            for (const std::size_t index : graph_.consumers(value)) {
                const auto inputs = linearInputs(graph_.nodes[index]);
                if (std::find(inputs.begin(), inputs.end(), value) != inputs.end())
                    add(graph_.nodes[index].outputs.front());
            }
        }
        return stream;
    }

    // What becomes of it

    Result<void> rotateStreamOf(const Norm& seed) {
        const std::int64_t d = width(seed.input);
        const std::set<ValueId> stream = streamOf(seed.input);
        std::vector<std::pair<const Norm*, Readers>> norms;
        std::set<const QuantizableLayer*> readers;
        bool centres = false, usable = false, allCentre = true;
        for (std::size_t i = 0; i < norms_.size(); ++i)
            if (stream.contains(norms_[i].input)) {
                treated_.insert(i);
                norms.emplace_back(&norms_[i], readersOf(norms_[i]));
                const bool absorbs = norms.back().second.has_value();
                if (absorbs)
                    readers.insert(norms.back().second->begin(), norms.back().second->end());
                usable = usable || absorbs;
                centres = centres || (absorbs && norms_[i].centres);
                allCentre = allCentre && norms_[i].centres;
            }
        if (!usable || largestHadamardOrder(d) < kSmallestOrder)
            return {};
        if (centres && (!allCentre || hasOtherReaders(stream)))
            return fail(ErrorKind::Unsupported,
                        "quarot: the residual stream \"" + graph_.values[static_cast<std::size_t>(seed.input)].name +
                            "\" has a LayerNorm, and readers that see its mean: all readers of a centred stream must "
                            "be LayerNorms");
        rotation_ = hadamardRotation(d, options_.randomized, options_.seed);
        // Row vectors: x → x·(1 − 11ᵀ/d)·Q.
        entry_ = centres ? at::matmul(at::eye(d, at::kDouble) - 1.0 / static_cast<double>(d), rotation_) : rotation_;
        rotatedAs_.clear();
        unrotatedAs_.clear();
        const std::vector<Reader> others = otherReaders(stream);
        for (const Reader& reader : others)
            readers.insert(reader.layer);
        for (const ValueId value : stream)
            if (isSource(value))
                rotateSource(value, stream, readers);
        for (const auto& [norm, layersBehind] : norms)
            absorb(*norm, layersBehind);
        for (const Reader& reader : others)
            unrotate(reader, stream);
        for (ValueId& output : graph_.outputs)
            if (stream.contains(output))
                output = unrotated(output);
        return {};
    }

    bool isSource(ValueId value) const {
        const Node* producer = graph_.producer(value);
        return !producer || linearInputs(*producer).empty();
    }
    bool isNormNode(std::size_t index) const {
        return std::any_of(norms_.begin(), norms_.end(), [&](const Norm& norm) { return norm.nodes.contains(index); });
    }
    static bool readsOnlySizes(const Node& node) {
        return node.target.starts_with("aten::sym_") || node.target == "scalar::sizes" || node.target == "scalar::rank";
    }
    bool isInside(std::size_t index, const std::set<ValueId>& stream) const {
        const auto inputs = linearInputs(graph_.nodes[index]);
        return !inputs.empty() && stream.contains(inputs.front());
    }
    /// Nodes that read the stream and are neither of it nor norms, each once.
    std::vector<Reader> otherReaders(const std::set<ValueId>& stream) const {
        std::map<std::size_t, Reader> found;
        for (const ValueId value : stream)
            for (const std::size_t index : graph_.consumers(value))
                if (!isInside(index, stream) && !isNormNode(index) && !readsOnlySizes(graph_.nodes[index]))
                    found[index] = {index, linearAt(index)};
        std::vector<Reader> readers;
        for (const auto& [index, reader] : found)
            readers.push_back(reader);
        return readers;
    }
    bool hasOtherReaders(const std::set<ValueId>& stream) const {
        return !otherReaders(stream).empty() ||
               std::any_of(stream.begin(), stream.end(), [&](ValueId value) { return isOutput(value); });
    }

    /// Multiplies the weight, seen as outputs × inputs, from the left by leftᵀ or from the right.
    void transform(const QuantizableLayer& layer, const at::Tensor& left, const at::Tensor& right) {
        at::Tensor& weight = graph_.binding(layer.weight)->tensor;
        at::Tensor matrix = weight.detach().to(at::kDouble).movedim(layer.outputAxis, 0);
        if (left.defined())
            matrix = at::matmul(left.t(), matrix);
        if (right.defined())
            matrix = at::matmul(matrix, right);
        weight = matrix.movedim(0, layer.outputAxis).to(weight.scalar_type()).contiguous();
        if (std::find(report_.rotatedLayers.begin(), report_.rotatedLayers.end(), layer.name) ==
            report_.rotatedLayers.end())
            report_.rotatedLayers.push_back(layer.name);
    }

    void multiplyLast(ValueId binding, const at::Tensor& matrix) {
        at::Tensor& tensor = graph_.binding(binding)->tensor;
        tensor = at::matmul(tensor.detach().to(at::kDouble), matrix).to(tensor.scalar_type()).contiguous();
    }

    void rotateSource(ValueId value, const std::set<ValueId>& stream,
                      const std::set<const QuantizableLayer*>& readers) {
        if (graph_.binding(value) && hasOneReader(graph_, value)) {
            multiplyLast(value, entry_);
            return;
        }
        const Node* producer = graph_.producer(value);
        const QuantizableLayer* layer = producer ? linearAt(*indexOf(producer)) : nullptr;
        // Other nodes than the stream's may read the value: they are served through unrotated().
        if (layer && owns(*layer)) {
            transform(*layer, entry_, {});
            if (const ValueId bias = biasOf(*layer); bias >= 0)
                multiplyLast(bias, entry_);
            // What a layer reads off the stream itself is rotated already.
            if (!layer->isFirst && !readers.contains(layer))
                addOnlineHadamard(*layer);
            return;
        }
        if (producer && producer->target == "aten::embedding")
            if (const ValueId table = valueOf(*producer, "weight");
                table >= 0 && graph_.binding(table) && hasOneReader(graph_, table)) {
                multiplyLast(table, entry_);
                return;
            }
        const std::size_t before = producer ? *indexOf(producer) + 1 : 0;
        const ValueId rotated = addProduct(value, entry_, "rotation", before);
        rotatedAs_[value] = rotated;
        for (std::size_t index = 0; index < graph_.nodes.size(); ++index)
            if (isInside(index, stream) || isNormNode(index))
                redirect(graph_.nodes[index], value, rotated);
        ++report_.explicitRotations;
    }

    void addOnlineHadamard(const QuantizableLayer& layer) {
        const at::Tensor& weight = graph_.binding(layer.weight)->tensor;
        const std::int64_t inputs = weight.size(1 - layer.outputAxis);
        if (largestHadamardOrder(inputs) < kSmallestOrder)
            return;
        const at::Tensor hadamard = hadamardRotation(inputs, /*randomized=*/false, 0);
        transform(layer, {}, hadamard);
        Node& node = graph_.nodes[layer.node];
        const ValueId input = std::get<ValueId>(node.arguments[layer.inputArgument].value);
        const ValueId product = addProduct(input, hadamard, "hadamard", layer.node);
        graph_.nodes[layer.node].arguments[layer.inputArgument].value = product;
        ++report_.onlineHadamards;
    }

    void absorb(const Norm& norm, const Readers& readers) {
        if (!readers) {
            const ValueId input = currentInput(norm);
            const ValueId plain = unrotated(norm.input);
            for (const std::size_t index : norm.nodes)
                redirect(graph_.nodes[index], input, plain);
            return;
        }
        const at::Tensor weight = vectorOf(norm.weight), bias = vectorOf(norm.bias);
        for (const QuantizableLayer* layer : *readers) {
            if (bias.defined())
                addToBias(*layer, bias);
            transform(*layer, {}, weight.defined() ? at::matmul(at::diag(weight), rotation_) : rotation_);
        }
        ++report_.norms;
        unread_.insert(unread_.end(), {norm.weight, norm.bias});
        Node& core = graph_.nodes[norm.core];
        if (norm.mul) {
            erased_.push_back(graph_.nodes[*norm.mul].name);
            replaceReads(graph_, norm.output, core.outputs.front());
            for (Argument& argument : graph_.nodes[*norm.mul].arguments)
                if (const auto* value = std::get_if<ValueId>(&argument.value); value && *value == norm.weight)
                    argument.value = core.outputs.front();
        } else if (core.target == "aten::layer_norm" || core.target == "aten::rms_norm") {
            const auto epsilon = core.target == "aten::layer_norm" ? std::optional(numberOf(core, "eps").value_or(1e-5))
                                                                   : numberOf(core, "eps");
            Argument input = *argumentOf(core, "input"), shape = *argumentOf(core, "normalized_shape");
            input.name = "input";
            shape.name = "normalized_shape";
            core.target = "aten::rms_norm";
            core.arguments = {
                input, shape, {"weight", c10::IValue()}, {"eps", epsilon ? c10::IValue(*epsilon) : c10::IValue()}};
        }
    }
    ValueId currentInput(const Norm& norm) const {
        const auto found = rotatedAs_.find(norm.input);
        return found == rotatedAs_.end() ? norm.input : found->second;
    }
    at::Tensor vectorOf(ValueId value) const {
        return value < 0 ? at::Tensor() : graph_.binding(value)->tensor.detach().to(at::kDouble).flatten();
    }

    /// b + W·β; matrix products without a bias of their own get a sum behind them.
    void addToBias(const QuantizableLayer& layer, const at::Tensor& beta) {
        const at::Tensor& weight = graph_.binding(layer.weight)->tensor;
        const at::Tensor shift = at::matmul(weight.detach().to(at::kDouble).movedim(layer.outputAxis, 0), beta);
        if (const ValueId bias = biasOf(layer); bias >= 0) {
            at::Tensor& tensor = graph_.binding(bias)->tensor;
            tensor = (tensor.detach().to(at::kDouble) + shift).to(tensor.scalar_type());
            return;
        }
        const ValueId added =
            addBinding(graph_, layer.name + ".bias", Binding::Kind::Parameter, shift.to(weight.scalar_type()));
        Node& node = graph_.nodes[layer.node];
        if (node.target == "aten::linear") {
            setValue(node, "bias", added);
            return;
        }
        const ValueId output = node.outputs.front();
        const auto meta = graph_.values[static_cast<std::size_t>(output)].meta;
        const ValueId product =
            graph_.addValue(graph_.values[static_cast<std::size_t>(output)].name + "_product", meta);
        node.outputs.front() = product;
        Node sum;
        sum.name = graph_.values[static_cast<std::size_t>(product)].name + "_sum";
        sum.target = "aten::add.Tensor";
        sum.arguments = {{"self", product}, {"other", added}};
        sum.outputs = {output};
        sum.module = node.module;
        pending_.add(layer.node + 1, std::move(sum));
    }

    void unrotate(const Reader& reader, const std::set<ValueId>& stream) {
        const QuantizableLayer* layer = reader.layer;
        if (layer && stream.contains(layer->input) && !rotatedAs_.contains(layer->input) && owns(*layer)) {
            transform(*layer, {}, rotation_);
            return;
        }
        std::vector<ValueId> read;
        for (const Argument& argument : graph_.nodes[reader.node].arguments)
            forEachValueOf(argument, [&](ValueId value) {
                if (stream.contains(value))
                    read.push_back(value);
            });
        for (const ValueId value : read)
            redirect(graph_.nodes[reader.node], value, unrotated(value));
    }

    /// The stream's value as it was: itself where its rotation is a node of its own.
    ValueId unrotated(ValueId value) {
        if (rotatedAs_.contains(value))
            return value;
        const auto [entry, isNew] = unrotatedAs_.try_emplace(value, ValueId{-1});
        if (isNew) {
            const Node* producer = graph_.producer(value);
            entry->second = addProduct(value, rotation_.t(), "rotation_back", producer ? *indexOf(producer) + 1 : 0);
            ++report_.explicitRotations;
        }
        return entry->second;
    }

    /// value · matrix over the last dimension; no layer of the policy, so a tensordot and no matmul.
    ValueId addProduct(ValueId value, const at::Tensor& matrix, const std::string& what, std::size_t before) {
        const std::string source = graph_.values[static_cast<std::size_t>(value)].name;
        auto meta = graph_.values[static_cast<std::size_t>(value)].meta;
        if (meta)
            meta->strides.clear();
        const at::ScalarType type = meta ? meta->type : at::kFloat;
        const ValueId constant = constantFor(matrix, type, what);
        const ValueId output = graph_.addValue(source + "_" + what, meta);
        Node node;
        node.name = graph_.values[static_cast<std::size_t>(output)].name;
        node.target = "aten::tensordot";
        node.arguments = {{"self", value},
                          {"other", constant},
                          {"dims_self", c10::IValue(std::vector<std::int64_t>{-1})},
                          {"dims_other", c10::IValue(std::vector<std::int64_t>{0})}};
        node.outputs = {output};
        if (before < graph_.nodes.size())
            node.module = graph_.nodes[before].module;
        pending_.add(before, std::move(node));
        return output;
    }

    /// One buffer for equal matrices.
    ValueId constantFor(const at::Tensor& matrix, at::ScalarType type, const std::string& what) {
        at::Tensor tensor = matrix.to(type).contiguous();
        for (const Binding& binding : graph_.bindings)
            if (binding.name.starts_with("sqil_") && binding.tensor.scalar_type() == type &&
                binding.tensor.sizes() == tensor.sizes() && at::equal(binding.tensor.cpu(), tensor))
                return binding.value;
        if (!graph_.bindings.empty())
            tensor = tensor.to(graph_.bindings.front().tensor.device());
        return addBinding(graph_, "sqil_" + what + "_" + std::to_string(matrix.size(0)), Binding::Kind::Buffer, tensor);
    }

    static void redirect(Node& node, ValueId from, ValueId to) {
        const auto visit = [&](auto&& self, Argument& argument) -> void {
            if (auto* value = std::get_if<ValueId>(&argument.value)) {
                if (*value == from)
                    *value = to;
            } else if (auto* list = std::get_if<std::vector<Argument>>(&argument.value)) {
                for (Argument& item : *list)
                    self(self, item);
            }
        };
        for (Argument& argument : node.arguments)
            visit(visit, argument);
    }

    PolicyGraph& graph_;
    RotationOptions options_;
    std::vector<QuantizableLayer> layers_;
    std::map<std::size_t, const QuantizableLayer*> layerOfNode_;
    std::vector<Norm> norms_;
    std::set<std::size_t> treated_;  ///< norms
    at::Tensor rotation_, entry_;    ///< of the stream at hand
    std::map<ValueId, ValueId> rotatedAs_, unrotatedAs_;
    PendingNodes pending_;
    std::vector<std::string> erased_;
    std::vector<ValueId> unread_;
    RotationReport report_;
};

}  // namespace

Result<RotationReport> rotateResidualStreams(PolicyGraph& graph, const RotationOptions& options) {
    const at::NoGradGuard noGradient;
    PolicyGraph rotated = graph;
    try {
        inferShapes(rotated);
    } catch (const FileProblem& problem) {
        return fail(problem.error().kind, "quarot: " + problem.error().message);
    }
    auto report = StreamRotation(rotated, options).run();
    if (report)
        graph = std::move(rotated);
    return report;
}

}  // namespace sqil
