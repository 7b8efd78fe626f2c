#include "core/quant/lowering/LowBitLowering.h"

#include <ATen/ATen.h>

#include <map>
#include <set>

#include "core/kernels/Operators.h"
#include "core/quant/NodeArguments.h"
#include "core/quant/PostTraining.h"
#include "core/quant/lowering/ConvChains.h"
#include "core/quant/lowering/LayerChoice.h"
#include "core/quant/lowering/LoweredGraph.h"
#include "core/quant/lowering/ValueReaders.h"

namespace sqil {
namespace {

constexpr std::int64_t kNoWide = 0, kWideFloat = 2;

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

std::vector<Argument> codeArguments(const CodeFormat& format) {
    return {{"step", c10::IValue(format.step)},
            numberArgument("zero", format.zero),
            numberArgument("maximum", format.maximum)};
}
std::vector<Argument> noCodes() {
    return {{"step", c10::IValue(0.0)}, numberArgument("zero", 0), numberArgument("maximum", 255)};
}

/// Chooses an operator for every layer and puts it into the graph, its input and output in the forms that it takes and
/// its readers want.
class Lowering {
public:
    Lowering(PolicyGraph graph, const std::map<std::string, LayerRecipe>& recipe)
        : original_(graph), readers_(original_), graph_(std::move(graph)), recipe_(recipe) {}

    std::vector<LoweredLayer> run() {
        choose();
        chains_.emplace(original_, readers_, chosen_);
        for (std::size_t index = 0; index < original_.nodes.size(); ++index)
            emitAt(index);
        return std::move(report_);
    }

    PolicyGraph takeGraph() { return graph_.finish(); }

private:
    const Node& node(std::size_t index) const { return original_.nodes[index]; }

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

    void emitAt(std::size_t index) {
        if (const ConvChain* chain = chains_->endingAt(index))
            emitConv(chosen_.at(chain->first), *chain);
        else if (const auto window = chains_->poolAt(index))
            emitPool(index, *window);
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
        std::vector<Argument> arguments{{"input", graph_.current(value)}};
        append(arguments, codeArguments(format));
        const ValueId codes =
            graph_.add(before, "sqil::quantize_nhwc", graph_.nameOf(value) + "_codes", std::move(arguments));
        forms.codes.emplace_back(format, codes);
        return codes;
    }

    /// Makes floats of a channels-last value for those that read it as such.
    void addFloats(std::size_t before, ValueId value) {
        graph_.replace(value, graph_.add(before, "sqil::dequantize_nhwc", graph_.nameOf(value) + "_floats",
                                         {{"wide", forms_.at(value).wide}}));
    }

    void emitConv(const ChosenLayer& chosen, const ConvChain& chain) {
        const WantedForms wanted = chains_->wantedOf(chain.result);
        const ValueId source = valueOf(*original_.producer(chosen.layer.input), "self");
        const ValueId input = codesBefore(chain.last, source, chosen.input);
        const bool manyCodes = wanted.codes.size() > 1;
        const bool floats = wanted.floats || manyCodes;
        // Halves would do for the sum, but their rounding is enough to turn codes of few bits over.
        const std::int64_t wide = floats || wanted.residual ? kWideFloat : kNoWide;

        const PackedLayer& packed = chosen.packed;
        const std::string& stem = chosen.layer.name;
        std::vector<Argument> arguments{{"input", input},
                                        {"weight", graph_.bind(stem + ".packed", packed.weight)},
                                        {"scales", graph_.bind(stem + ".scales", packed.scales)},
                                        {"corrections", graph_.bind(stem + ".corrections", packed.corrections)},
                                        graph_.optional("bias", stem, packed.bias)};
        if (chain.residual >= 0)
            arguments.push_back({"residual", forms_.at(chain.residual).wide});
        else
            arguments.push_back({"residual", c10::IValue()});
        append(arguments, {numberArgument("outputs", packed.outputs),
                           numbersArgument("kernel", chosen.kernel),
                           numbersArgument("stride", chosen.stride),
                           numbersArgument("padding", chosen.padding),
                           numbersArgument("dilation", chosen.dilation),
                           numberArgument("input_zero", chosen.input.zero),
                           {"relu", c10::IValue(chain.relu)}});
        append(arguments, wanted.codes.empty() ? noCodes() : codeArguments(wanted.codes.front()));
        arguments.push_back(numberArgument("wide", wide));

        Forms& forms = forms_[chain.result];
        Node made;
        const ValueId codes = wanted.codes.empty() ? -1 : graph_.newValue(graph_.nameOf(chain.result) + "_codes");
        forms.wide = wide == kNoWide ? -1 : graph_.newValue(graph_.nameOf(chain.result) + "_wide");
        made.name = stem + "_packed";
        made.target = packed.target;
        made.arguments = std::move(arguments);
        made.outputs = {codes, forms.wide};
        made.module = node(chosen.layer.node).module;
        graph_.add(chain.last, std::move(made));
        if (codes >= 0)
            forms.codes.emplace_back(wanted.codes.front(), codes);
        if (floats)
            addFloats(chain.last, chain.result);
    }

    void emitPool(std::size_t index, const PoolWindow& pooling) {
        const ValueId from = valueOf(node(index), "self"), to = outputOf(node(index));
        const WantedForms wanted = chains_->wantedOf(to);
        const std::vector<Argument> window{numbersArgument("kernel", pooling.kernel),
                                           numbersArgument("stride", pooling.stride),
                                           numbersArgument("padding", pooling.padding)};
        const auto pooled = [&](ValueId input, const char* suffix) {
            std::vector<Argument> arguments{{"input", input}};
            append(arguments, window);
            return graph_.add(index, "sqil::max_pool2d_nhwc", graph_.nameOf(to) + suffix, std::move(arguments));
        };
        Forms forms;
        if (wanted.residual || wanted.floats)
            forms.wide = pooled(forms_.at(from).wide, "_wide");
        for (const CodeFormat& format : wanted.codes) {
            if (!chains_->codesFromWide(to, wanted)) {
                forms.codes.emplace_back(format, pooled(codesBefore(index, from, format), "_codes"));
                continue;
            }
            std::vector<Argument> arguments{{"input", forms.wide}};
            append(arguments, codeArguments(format));
            forms.codes.emplace_back(
                format, graph_.add(index, "sqil::quantize_rows", graph_.nameOf(to) + "_codes", std::move(arguments)));
        }
        forms_[to] = std::move(forms);
        if (wanted.floats)
            addFloats(index, to);
    }

    void emitFloatLinear(const ChosenLayer& chosen) {
        const PackedLayer& packed = chosen.packed;
        const std::string& stem = chosen.layer.name;
        std::vector<Argument> arguments{{"input", graph_.current(chosen.layer.input)},
                                        {"weight", graph_.bind(stem + ".packed", packed.weight)},
                                        {"scales", graph_.bind(stem + ".scales", packed.scales)},
                                        graph_.optional("zeros", stem, packed.zeros),
                                        graph_.optional("bias", stem, packed.bias)};
        if (packed.target == "sqil::linear_w4a16")
            arguments.push_back(graph_.optional("table", stem, packed.table));
        arguments.push_back(numberArgument("outputs", packed.outputs));
        arguments.push_back(numberArgument("group_size", packed.groupSize));
        const ValueId result = outputOf(node(chosen.layer.node));
        graph_.replace(result, graph_.add(chosen.layer.node, packed.target, stem + "_packed", std::move(arguments)));
    }

    /// The quantizer that is all that reads the value, for linear layers alone.
    std::optional<std::pair<std::size_t, CodeFormat>> onlyLinearCodes(ValueId value) const {
        const std::ptrdiff_t reader = readers_.onlyOf(value);
        if (reader < 0)
            return std::nullopt;
        const auto quantizer = static_cast<std::size_t>(reader);
        const auto format = codeFormatOf(node(quantizer));
        if (!format || readers_.isOutput(outputOf(node(quantizer))))
            return std::nullopt;
        for (const std::size_t user : readers_.of(outputOf(node(quantizer)))) {
            const auto found = chosen_.find(user);
            if (found == chosen_.end() || found->second.kind != ChosenLayer::Kind::IntegerLinear ||
                found->second.layer.input != outputOf(node(quantizer)))
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
            std::vector<Argument> arguments{{"input", graph_.current(source)}};
            append(arguments, codeArguments(chosen.input));
            input = graph_.add(index, "sqil::quantize_rows", graph_.nameOf(source) + "_codes", std::move(arguments));
        }
        ValueId result = outputOf(node(index));
        bool relu = false;
        if (const std::ptrdiff_t next = readers_.onlyOf(result);
            next >= 0 && node(static_cast<std::size_t>(next)).target == "aten::relu") {
            relu = true;
            result = outputOf(node(static_cast<std::size_t>(next)));
        }
        const auto codes = onlyLinearCodes(result);
        std::vector<Argument> arguments{{"input", input},
                                        {"weight", graph_.bind(stem + ".packed", packed.weight)},
                                        {"scales", graph_.bind(stem + ".scales", packed.scales)},
                                        {"corrections", graph_.bind(stem + ".corrections", packed.corrections)},
                                        graph_.optional("bias", stem, packed.bias),
                                        numberArgument("inputs", packed.inputs),
                                        numberArgument("outputs", packed.outputs),
                                        numberArgument("group_size", packed.groupSize),
                                        {"relu", c10::IValue(relu)}};
        append(arguments, codes ? codeArguments(codes->second) : noCodes());
        const ValueId made = graph_.add(index, packed.target, stem + "_packed", std::move(arguments));
        if (codes)
            rowCodes_[outputOf(node(codes->first))] = made;
        else
            graph_.replace(result, made);
    }

    const PolicyGraph original_;
    const ValueReaders readers_;
    LoweredGraph graph_;
    const std::map<std::string, LayerRecipe>& recipe_;
    std::map<std::size_t, ChosenLayer> chosen_;  ///< by node
    std::optional<ConvChains> chains_;
    std::map<ValueId, Forms> forms_;       ///< by original value
    std::map<ValueId, ValueId> rowCodes_;  ///< by the original quantizer's output
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
