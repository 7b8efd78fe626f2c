#include "core/quant/lowering/LowBitLowering.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/kernels/Operators.h"
#include "core/policy/Operators.h"
#include "core/quant/NodeArguments.h"
#include "core/quant/PendingNodes.h"
#include "core/quant/PostTraining.h"
#include "core/quant/lowering/LayerChoice.h"

namespace sqil {
namespace {

constexpr std::int64_t kNoWide = 0, kWideFloat = 2;

/// A convolution with what follows it and is computed in the same pass.
struct Chain {
    std::size_t last = 0;  ///< the node whose output it gives
    ValueId result = -1;
    ValueId residual = -1;  ///< what is added before the ReLU
    bool relu = false;
};

/// In which forms a value is wanted.
struct Wanted {
    std::vector<CodeFormat> codes;
    bool residual = false, floats = false;

    void add(const CodeFormat& format) {
        if (std::find(codes.begin(), codes.end(), format) == codes.end())
            codes.push_back(format);
    }
};

/// A value that lies in memory channels last, outside the original graph.
struct Forms {
    std::vector<std::pair<CodeFormat, ValueId>> codes;
    ValueId wide = -1;
    ValueId codesOf(const CodeFormat& format) const {
        for (const auto& [known, value] : codes)
            if (known == format)
                return value;
        return -1;
    }
};

class Lowering {
public:
    Lowering(PolicyGraph graph, const std::map<std::string, LayerRecipe>& recipe)
        : original_(graph), graph_(std::move(graph)), recipe_(recipe) {
        readers_.resize(original_.values.size());
        for (std::size_t index = 0; index < original_.nodes.size(); ++index)
            for (const Argument& argument : original_.nodes[index].arguments)
                forEachValueOf(argument, [&](ValueId value) {
                    auto& readers = readers_[static_cast<std::size_t>(value)];
                    if (readers.empty() || readers.back() != index)
                        readers.push_back(index);
                });
    }

    std::vector<LoweredLayer> run() {
        choose();
        followConvolutions();
        for (std::size_t index = 0; index < original_.nodes.size(); ++index)
            emitAt(index);
        pending_.insertInto(graph_);
        dropDead();
        return std::move(report_);
    }

    PolicyGraph takeGraph() { return std::move(graph_); }

private:
    const Node& node(std::size_t index) const { return original_.nodes[index]; }
    ValueId outputOf(std::size_t index) const { return node(index).outputs.empty() ? -1 : node(index).outputs[0]; }
    const std::vector<std::size_t>& readers(ValueId value) const { return readers_[static_cast<std::size_t>(value)]; }
    bool isOutput(ValueId value) const {
        return std::find(original_.outputs.begin(), original_.outputs.end(), value) != original_.outputs.end();
    }
    /// The one node that reads the value; −1 where there is another use.
    std::ptrdiff_t onlyReader(ValueId value) const {
        return readers(value).size() == 1 && !isOutput(value) ? static_cast<std::ptrdiff_t>(readers(value)[0]) : -1;
    }

    void choose() {
        for (const QuantizableLayer& layer : quantizableLayers(original_)) {
            LoweredLayer done;
            done.layer = layer.name;
            const at::Tensor& weight = original_.binding(layer.weight)->tensor;
            done.floatBytes = static_cast<std::int64_t>(weight.nbytes());
            done.multiplications = multiplicationsOf(original_, layer);
            const auto entry = recipe_.find(layer.name);
            if (entry == recipe_.end()) {
                done.reason = "the recipe does not name it";
            } else {
                done.weightBits = entry->second.weightBits;
                done.activationBits = entry->second.activationBits;
                auto chosen = chooseOperator(original_, layer, entry->second);
                if (chosen) {
                    done.target = chosen->packed.target;
                    done.packedBytes = chosen->packed.bytes();
                    chosen_.emplace(layer.node, std::move(*chosen));
                } else {
                    done.reason = chosen.error().message;
                }
            }
            report_.push_back(std::move(done));
        }
    }

    const ChosenLayer* convAt(std::size_t index) const {
        const auto found = chosen_.find(index);
        return found != chosen_.end() && found->second.kind == ChosenLayer::Kind::Conv ? &found->second : nullptr;
    }

    bool isConvResult(ValueId value) const {
        for (std::size_t index = 0; index < original_.nodes.size(); ++index)
            if (outputOf(index) == value)
                return convAt(index) != nullptr;
        return false;
    }

    bool sameSizes(ValueId a, ValueId b) const {
        const auto& one = original_.values[static_cast<std::size_t>(a)].meta;
        const auto& other = original_.values[static_cast<std::size_t>(b)].meta;
        return one && other && one->sizes == other->sizes && one->sizes.size() == 4;
    }

    /// The other operand of a plain sum that `value` goes into.
    ValueId otherOperand(const Node& sum, ValueId value) const {
        if (sum.target != "aten::add.Tensor" || numberOf(sum, "alpha").value_or(1) != 1)
            return -1;
        const ValueId first = valueOf(sum, "self"), second = valueOf(sum, "other");
        const ValueId other = first == value ? second : first;
        return first == second || other < 0 || !sameSizes(value, other) ? -1 : other;
    }

    /// What each convolution takes along, and which values lie channels last.
    void followConvolutions() {
        for (std::size_t index = 0; index < original_.nodes.size(); ++index) {
            if (convAt(index)) {
                const Chain chain = chainFrom(index);
                chains_[chain.last] = {index, chain};
                channelsLast_.insert(chain.result);
            } else if (isPool(index)) {
                channelsLast_.insert(outputOf(index));
            }
        }
    }

    Chain chainFrom(std::size_t index) {
        Chain chain{index, outputOf(index)};
        std::ptrdiff_t next = onlyReader(chain.result);
        if (next >= 0) {
            const ValueId other = otherOperand(node(static_cast<std::size_t>(next)), chain.result);
            const bool free = !sums_.contains(static_cast<std::size_t>(next));
            if (other >= 0 && free && (channelsLast_.contains(other) || isConvResult(other))) {
                sums_.insert(static_cast<std::size_t>(next));
                chain.residual = other;
                chain.last = static_cast<std::size_t>(next);
                chain.result = outputOf(chain.last);
                next = onlyReader(chain.result);
            }
        }
        if (next >= 0 && node(static_cast<std::size_t>(next)).target == "aten::relu") {
            chain.relu = true;
            chain.last = static_cast<std::size_t>(next);
            chain.result = outputOf(chain.last);
        }
        return chain;
    }

    bool isPool(std::size_t index) const {
        const Node& pool = node(index);
        if (pool.target != "aten::max_pool2d" || !channelsLast_.contains(valueOf(pool, "self")) ||
            booleanOf(pool, "ceil_mode").value_or(false))
            return false;
        const auto dilation =
            argumentOf(pool, "dilation") ? integersOf(pool, "dilation") : std::vector<std::int64_t>{1};
        return dilation && std::all_of(dilation->begin(), dilation->end(), [](auto d) { return d == 1; }) &&
               poolPair(pool, "kernel_size", {}) && poolPair(pool, "stride", poolPair(pool, "kernel_size", {})) &&
               poolPair(pool, "padding", std::vector<std::int64_t>{0, 0});
    }

    static std::optional<std::vector<std::int64_t>> poolPair(const Node& pool, const char* name,
                                                             std::optional<std::vector<std::int64_t>> standard) {
        if (!argumentOf(pool, name))
            return standard;
        auto numbers = integersOf(pool, name);
        if (numbers && numbers->empty())
            return standard;
        if (numbers && numbers->size() == 1)
            numbers->push_back(numbers->front());
        return numbers && numbers->size() == 2 ? numbers : std::nullopt;
    }

    /// The forms that the readers of a channels-last value want.
    Wanted wantedOf(ValueId value) const {
        Wanted wanted;
        wanted.floats = isOutput(value);
        for (const std::size_t reader : readers(value)) {
            if (const auto chain = chainOfSum(reader); chain && chain->residual == value) {
                wanted.residual = true;
            } else if (channelsLast_.contains(outputOf(reader)) && isPool(reader)) {
                const Wanted further = wantedOf(outputOf(reader));
                if (!codesFromWide(outputOf(reader), further))
                    for (const CodeFormat& format : further.codes)
                        wanted.add(format);
                wanted.residual = wanted.residual || further.residual;
                wanted.floats = wanted.floats || further.floats;
            } else if (const auto format = codeFormatOf(node(reader))) {
                const ValueId quantized = outputOf(reader);
                bool others = isOutput(quantized);
                for (const std::size_t user : readers(quantized)) {
                    const ChosenLayer* conv = convAt(user);
                    if (conv && conv->layer.input == quantized)
                        wanted.add(*format);
                    else
                        others = true;
                }
                wanted.floats = wanted.floats || others;
            } else {
                wanted.floats = true;
            }
        }
        return wanted;
    }

    /// Where a pooled value is wanted wide too, its codes are made of that: what is pooled then need not be written
    /// twice, and a quarter of it is quantized. Quantized rows are padded to eight.
    bool codesFromWide(ValueId pooled, const Wanted& wanted) const {
        const auto& meta = original_.values[static_cast<std::size_t>(pooled)].meta;
        if (!(wanted.residual || wanted.floats) || !meta || meta->sizes.size() != 4)
            return false;
        const auto* channels = std::get_if<std::int64_t>(&meta->sizes[1]);
        return channels && *channels % 8 == 0;
    }

    const Chain* chainOfSum(std::size_t sum) const {
        for (const auto& [last, chain] : chains_)
            if (chain.second.residual >= 0 &&
                (last == sum || (chain.second.relu && onlyReader(outputOf(sum)) == static_cast<std::ptrdiff_t>(last))))
                return &chain.second;
        return nullptr;
    }

    ValueId newValue(const std::string& name) { return graph_.addValue(name, std::nullopt); }

    ValueId addNode(std::size_t before, const std::string& target, const std::string& name,
                    std::vector<Argument> arguments) {
        Node made;
        const ValueId value = newValue(name);
        made.name = graph_.values[static_cast<std::size_t>(value)].name;
        made.target = target;
        made.arguments = std::move(arguments);
        made.outputs = {value};
        made.module = node(before).module;
        pending_.add(before, std::move(made));
        return value;
    }

    /// The value that now stands for an original one.
    ValueId current(ValueId value) const {
        const auto found = replaced_.find(value);
        return found == replaced_.end() ? value : found->second;
    }

    void replace(ValueId value, ValueId by) {
        replaced_[value] = by;
        replaceReads(graph_, value, by);
    }

    std::string nameOf(ValueId value) const { return original_.values[static_cast<std::size_t>(value)].name; }

    ValueId bind(const std::string& name, const at::Tensor& tensor) {
        return addBinding(graph_, name, Binding::Kind::Buffer, tensor);
    }

    Argument optional(const char* name, const std::string& stem, const at::Tensor& tensor) {
        if (!tensor.defined())
            return {name, c10::IValue()};
        return {name, bind(stem + "." + name, tensor)};
    }

    static Argument number(const char* name, std::int64_t value) { return {name, c10::IValue(value)}; }
    static Argument numbers(const char* name, const std::vector<std::int64_t>& values) {
        return {name, c10::IValue(values)};
    }
    static std::vector<Argument> codeArguments(const CodeFormat& format) {
        return {{"step", c10::IValue(format.step)}, number("zero", format.zero), number("maximum", format.maximum)};
    }
    static std::vector<Argument> noCodes() {
        return {{"step", c10::IValue(0.0)}, number("zero", 0), number("maximum", 255)};
    }
    static void append(std::vector<Argument>& to, std::vector<Argument> more) {
        to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }

    void emitAt(std::size_t index) {
        if (const auto chain = chains_.find(index); chain != chains_.end())
            emitConv(chosen_.at(chain->second.first), chain->second.second);
        else if (channelsLast_.contains(outputOf(index)) && isPool(index))
            emitPool(index);
        if (const auto found = chosen_.find(index); found != chosen_.end()) {
            if (found->second.kind == ChosenLayer::Kind::FloatLinear)
                emitFloatLinear(found->second);
            else if (found->second.kind == ChosenLayer::Kind::IntegerLinear)
                emitIntegerLinear(found->second);
        }
    }

    /// Codes of a value in front of a convolution: what made it gives them, or its floats are quantized.
    ValueId codesBefore(std::size_t before, ValueId value, const CodeFormat& format) {
        Forms& forms = forms_[value];
        if (const ValueId known = forms.codesOf(format); known >= 0)
            return known;
        std::vector<Argument> arguments{{"input", current(value)}};
        append(arguments, codeArguments(format));
        const ValueId codes = addNode(before, "sqil::quantize_nhwc", nameOf(value) + "_codes", std::move(arguments));
        forms.codes.emplace_back(format, codes);
        return codes;
    }

    /// Makes floats of a channels-last value for those that read it as such.
    void addFloats(std::size_t before, ValueId value) {
        replace(value,
                addNode(before, "sqil::dequantize_nhwc", nameOf(value) + "_floats", {{"wide", forms_.at(value).wide}}));
    }

    void emitConv(const ChosenLayer& chosen, const Chain& chain) {
        const Wanted wanted = wantedOf(chain.result);
        const ValueId source = valueOf(*original_.producer(chosen.layer.input), "self");
        const ValueId input = codesBefore(chain.last, source, chosen.input);
        const bool manyCodes = wanted.codes.size() > 1;
        const bool floats = wanted.floats || manyCodes;
        // Halves would do for the sum, but their rounding is enough to turn codes of few bits over.
        const std::int64_t wide = floats || wanted.residual ? kWideFloat : kNoWide;

        const PackedLayer& packed = chosen.packed;
        const std::string& stem = chosen.layer.name;
        std::vector<Argument> arguments{{"input", input},
                                        {"weight", bind(stem + ".packed", packed.weight)},
                                        {"scales", bind(stem + ".scales", packed.scales)},
                                        {"corrections", bind(stem + ".corrections", packed.corrections)},
                                        optional("bias", stem, packed.bias)};
        if (chain.residual >= 0)
            arguments.push_back({"residual", forms_.at(chain.residual).wide});
        else
            arguments.push_back({"residual", c10::IValue()});
        append(arguments, {number("outputs", packed.outputs),
                           numbers("kernel", chosen.kernel),
                           numbers("stride", chosen.stride),
                           numbers("padding", chosen.padding),
                           numbers("dilation", chosen.dilation),
                           number("input_zero", chosen.input.zero),
                           {"relu", c10::IValue(chain.relu)}});
        append(arguments, wanted.codes.empty() ? noCodes() : codeArguments(wanted.codes.front()));
        arguments.push_back(number("wide", wide));

        Forms& forms = forms_[chain.result];
        Node made;
        const ValueId codes = wanted.codes.empty() ? -1 : newValue(nameOf(chain.result) + "_codes");
        forms.wide = wide == kNoWide ? -1 : newValue(nameOf(chain.result) + "_wide");
        made.name = stem + "_packed";
        made.target = packed.target;
        made.arguments = std::move(arguments);
        made.outputs = {codes, forms.wide};
        made.module = node(chosen.layer.node).module;
        pending_.add(chain.last, std::move(made));
        if (codes >= 0)
            forms.codes.emplace_back(wanted.codes.front(), codes);
        if (floats)
            addFloats(chain.last, chain.result);
    }

    void emitPool(std::size_t index) {
        const Node& pool = node(index);
        const ValueId from = valueOf(pool, "self"), to = outputOf(index);
        const Wanted wanted = wantedOf(to);
        const auto kernel = poolPair(pool, "kernel_size", {});
        const std::vector<Argument> window{
            numbers("kernel", *kernel), numbers("stride", *poolPair(pool, "stride", kernel)),
            numbers("padding", *poolPair(pool, "padding", std::vector<std::int64_t>{0, 0}))};
        const auto pooled = [&](ValueId input, const char* suffix) {
            std::vector<Argument> arguments{{"input", input}};
            append(arguments, window);
            return addNode(index, "sqil::max_pool2d_nhwc", nameOf(to) + suffix, std::move(arguments));
        };
        Forms forms;
        if (wanted.residual || wanted.floats)
            forms.wide = pooled(forms_.at(from).wide, "_wide");
        for (const CodeFormat& format : wanted.codes) {
            if (!codesFromWide(to, wanted)) {
                forms.codes.emplace_back(format, pooled(codesBefore(index, from, format), "_codes"));
                continue;
            }
            std::vector<Argument> arguments{{"input", forms.wide}};
            append(arguments, codeArguments(format));
            forms.codes.emplace_back(
                format, addNode(index, "sqil::quantize_rows", nameOf(to) + "_codes", std::move(arguments)));
        }
        forms_[to] = std::move(forms);
        if (wanted.floats)
            addFloats(index, to);
    }

    void emitFloatLinear(const ChosenLayer& chosen) {
        const PackedLayer& packed = chosen.packed;
        const std::string& stem = chosen.layer.name;
        std::vector<Argument> arguments{{"input", current(chosen.layer.input)},
                                        {"weight", bind(stem + ".packed", packed.weight)},
                                        {"scales", bind(stem + ".scales", packed.scales)},
                                        optional("zeros", stem, packed.zeros),
                                        optional("bias", stem, packed.bias)};
        if (packed.target == "sqil::linear_w4a16")
            arguments.push_back(optional("table", stem, packed.table));
        arguments.push_back(number("outputs", packed.outputs));
        arguments.push_back(number("group_size", packed.groupSize));
        const ValueId result = outputOf(chosen.layer.node);
        replace(result, addNode(chosen.layer.node, packed.target, stem + "_packed", std::move(arguments)));
    }

    /// The quantizer that is all that reads the value, for linear layers alone.
    std::optional<std::pair<std::size_t, CodeFormat>> onlyLinearCodes(ValueId value) const {
        const std::ptrdiff_t reader = onlyReader(value);
        if (reader < 0)
            return std::nullopt;
        const auto quantizer = static_cast<std::size_t>(reader);
        const auto format = codeFormatOf(node(quantizer));
        if (!format || isOutput(outputOf(quantizer)))
            return std::nullopt;
        for (const std::size_t user : readers(outputOf(quantizer))) {
            const auto found = chosen_.find(user);
            if (found == chosen_.end() || found->second.kind != ChosenLayer::Kind::IntegerLinear ||
                found->second.layer.input != outputOf(quantizer))
                return std::nullopt;
        }
        return std::pair(quantizer, *format);
    }

    void emitIntegerLinear(const ChosenLayer& chosen) {
        const std::size_t index = chosen.layer.node;
        const PackedLayer& packed = chosen.packed;
        const std::string& stem = chosen.layer.name;
        auto& input = rowCodes_.try_emplace(chosen.layer.input, -1).first->second;
        if (input < 0) {
            const ValueId source = valueOf(*original_.producer(chosen.layer.input), "self");
            std::vector<Argument> arguments{{"input", current(source)}};
            append(arguments, codeArguments(chosen.input));
            input = addNode(index, "sqil::quantize_rows", nameOf(source) + "_codes", std::move(arguments));
        }
        ValueId result = outputOf(index);
        bool relu = false;
        if (const std::ptrdiff_t next = onlyReader(result);
            next >= 0 && node(static_cast<std::size_t>(next)).target == "aten::relu") {
            relu = true;
            result = outputOf(static_cast<std::size_t>(next));
        }
        const auto codes = onlyLinearCodes(result);
        std::vector<Argument> arguments{{"input", input},
                                        {"weight", bind(stem + ".packed", packed.weight)},
                                        {"scales", bind(stem + ".scales", packed.scales)},
                                        {"corrections", bind(stem + ".corrections", packed.corrections)},
                                        optional("bias", stem, packed.bias),
                                        number("inputs", packed.inputs),
                                        number("outputs", packed.outputs),
                                        number("group_size", packed.groupSize),
                                        {"relu", c10::IValue(relu)}};
        append(arguments, codes ? codeArguments(codes->second) : noCodes());
        const ValueId made = addNode(index, packed.target, stem + "_packed", std::move(arguments));
        if (codes)
            rowCodes_[outputOf(codes->first)] = made;
        else
            replace(result, made);
    }

    /// Nodes that nothing reads any more, and the weights that only they read.
    void dropDead() {
        std::vector<char> needed(graph_.values.size(), 0);
        for (const ValueId output : graph_.outputs)
            needed[static_cast<std::size_t>(output)] = 1;
        for (const auto& mutation : graph_.record.mutations)
            if (mutation.value >= 0)
                needed[static_cast<std::size_t>(mutation.value)] = 1;
        std::vector<Node> kept;
        for (std::size_t index = graph_.nodes.size(); index-- > 0;) {
            Node& candidate = graph_.nodes[index];
            const bool used = std::any_of(candidate.outputs.begin(), candidate.outputs.end(), [&](ValueId output) {
                return output >= 0 && needed[static_cast<std::size_t>(output)];
            });
            if (!used && effectsOf(candidate).writes.empty())
                continue;
            for (const Argument& argument : candidate.arguments)
                forEachValueOf(argument, [&](ValueId value) { needed[static_cast<std::size_t>(value)] = 1; });
            kept.push_back(std::move(candidate));
        }
        std::reverse(kept.begin(), kept.end());
        graph_.nodes = std::move(kept);
        std::vector<ValueId> all;
        for (const Binding& binding : graph_.bindings)
            all.push_back(binding.value);
        dropUnreadBindings(graph_, all);
    }

    const PolicyGraph original_;
    PolicyGraph graph_;
    const std::map<std::string, LayerRecipe>& recipe_;
    std::vector<std::vector<std::size_t>> readers_;                ///< by value, of the original graph
    std::map<std::size_t, ChosenLayer> chosen_;                    ///< by node
    std::map<std::size_t, std::pair<std::size_t, Chain>> chains_;  ///< by last node: the convolution, and what follows
    std::set<std::size_t> sums_;                                   ///< taken along by a convolution
    std::set<ValueId> channelsLast_;
    std::map<ValueId, Forms> forms_;       ///< by original value
    std::map<ValueId, ValueId> rowCodes_;  ///< by the original quantizer's output
    std::map<ValueId, ValueId> replaced_;
    PendingNodes pending_;
    std::vector<LoweredLayer> report_;
};

std::int64_t bytesOf(const PolicyGraph& graph) {
    std::int64_t bytes = 0;
    std::set<const void*> counted;
    for (const Binding& binding : graph.bindings)
        if (binding.tensor.defined() && counted.insert(binding.tensor.const_data_ptr()).second)
            bytes += static_cast<std::int64_t>(binding.tensor.nbytes());
    return bytes;
}

}  // namespace

Result<LoweredPolicy> lowerPolicy(const PolicyFile& quantized) {
    const at::NoGradGuard noGradient;
    const auto text = quantized.extraFiles.find(kQuantizationFile);
    if (text == quantized.extraFiles.end())
        return fail(ErrorKind::BadInput,
                    "the policy is not quantized: it has no recipe to pack low-bit operators from (`sqil quantize` or "
                    "`sqil train` makes one)");
    const auto recipe = parseRecipe(text->second);
    if (!recipe)
        return tl::unexpected(recipe.error());
    registerLowBitOperators();
    try {
        Lowering lowering(quantized.graph, *recipe);
        LoweredPolicy result;
        result.layers = lowering.run();
        result.floatBytes = bytesOf(quantized.graph);
        result.file.extraFiles = quantized.extraFiles;
        result.file.graph = lowering.takeGraph();
        result.packedBytes = bytesOf(result.file.graph);
        return result;
    } catch (const c10::Error& error) {
        return fail(ErrorKind::BadInput, "the policy's weights do not fit its quantization recipe: " +
                                             std::string(error.what_without_backtrace()));
    }
}

}  // namespace sqil
