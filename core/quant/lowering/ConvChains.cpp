#include "core/quant/lowering/ConvChains.h"

#include "core/quant/NodeArguments.h"

namespace sqil {
namespace {

std::optional<std::vector<std::int64_t>> poolPair(const Node& pool, const char* name,
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

}  // namespace

void WantedForms::add(const CodeFormat& format) {
    if (std::find(codes.begin(), codes.end(), format) == codes.end())
        codes.push_back(format);
}

ConvChains::ConvChains(const PolicyGraph& graph, const ValueReaders& readers,
                       const std::map<std::size_t, ChosenLayer>& chosen)
    : graph_(graph), readers_(readers), chosen_(chosen) {
    for (std::size_t index = 0; index < graph_.nodes.size(); ++index) {
        if (convAt(index)) {
            const ConvChain chain = chainFrom(index);
            chains_[chain.last] = chain;
            channelsLast_.insert(chain.result);
        } else if (poolAt(index)) {
            channelsLast_.insert(outputOf(node(index)));
        }
    }
}

const ConvChain* ConvChains::endingAt(std::size_t node) const {
    const auto found = chains_.find(node);
    return found == chains_.end() ? nullptr : &found->second;
}

const ChosenLayer* ConvChains::convAt(std::size_t index) const {
    const auto found = chosen_.find(index);
    return found != chosen_.end() && found->second.kind == ChosenLayer::Kind::Conv ? &found->second : nullptr;
}

bool ConvChains::isConvResult(ValueId value) const {
    for (std::size_t index = 0; index < graph_.nodes.size(); ++index)
        if (outputOf(node(index)) == value)
            return convAt(index) != nullptr;
    return false;
}

bool ConvChains::sameSizes(ValueId a, ValueId b) const {
    const auto& one = graph_.values[static_cast<std::size_t>(a)].meta;
    const auto& other = graph_.values[static_cast<std::size_t>(b)].meta;
    return one && other && one->sizes == other->sizes && one->sizes.size() == 4;
}

/// The other operand of a plain sum that `value` goes into.
ValueId ConvChains::otherOperand(const Node& sum, ValueId value) const {
    if (sum.target != "aten::add.Tensor" || numberOf(sum, "alpha").value_or(1) != 1)
        return -1;
    const ValueId first = valueOf(sum, "self"), second = valueOf(sum, "other");
    const ValueId other = first == value ? second : first;
    return first == second || other < 0 || !sameSizes(value, other) ? -1 : other;
}

ConvChain ConvChains::chainFrom(std::size_t index) {
    ConvChain chain{index, index, outputOf(node(index))};
    std::ptrdiff_t next = readers_.onlyOf(chain.result);
    if (next >= 0) {
        const ValueId other = otherOperand(node(static_cast<std::size_t>(next)), chain.result);
        const bool free = !sums_.contains(static_cast<std::size_t>(next));
        if (other >= 0 && free && (channelsLast_.contains(other) || isConvResult(other))) {
            sums_.insert(static_cast<std::size_t>(next));
            chain.residual = other;
            chain.last = static_cast<std::size_t>(next);
            chain.result = outputOf(node(chain.last));
            next = readers_.onlyOf(chain.result);
        }
    }
    if (next >= 0 && node(static_cast<std::size_t>(next)).target == "aten::relu") {
        chain.relu = true;
        chain.last = static_cast<std::size_t>(next);
        chain.result = outputOf(node(chain.last));
    }
    return chain;
}

std::optional<PoolWindow> ConvChains::poolAt(std::size_t index) const {
    const Node& pool = node(index);
    if (pool.target != "aten::max_pool2d" || !channelsLast_.contains(valueOf(pool, "self")) ||
        booleanOf(pool, "ceil_mode").value_or(false))
        return std::nullopt;
    const auto dilation = argumentOf(pool, "dilation") ? integersOf(pool, "dilation") : std::vector<std::int64_t>{1};
    const auto kernel = poolPair(pool, "kernel_size", {}), stride = poolPair(pool, "stride", kernel),
               padding = poolPair(pool, "padding", std::vector<std::int64_t>{0, 0});
    if (!dilation || !std::all_of(dilation->begin(), dilation->end(), [](auto d) { return d == 1; }) || !kernel ||
        !stride || !padding)
        return std::nullopt;
    return PoolWindow{*kernel, *stride, *padding};
}

WantedForms ConvChains::wantedOf(ValueId value) const {
    WantedForms wanted;
    wanted.floats = readers_.isOutput(value);
    for (const std::size_t reader : readers_.of(value)) {
        if (const auto chain = chainOfSum(reader); chain && chain->residual == value) {
            wanted.residual = true;
        } else if (poolAt(reader)) {
            const WantedForms further = wantedOf(outputOf(node(reader)));
            if (!codesFromWide(outputOf(node(reader)), further))
                for (const CodeFormat& format : further.codes)
                    wanted.add(format);
            wanted.residual = wanted.residual || further.residual;
            wanted.floats = wanted.floats || further.floats;
        } else if (const auto format = codeFormatOf(node(reader))) {
            const ValueId quantized = outputOf(node(reader));
            bool others = readers_.isOutput(quantized);
            for (const std::size_t user : readers_.of(quantized)) {
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

bool ConvChains::codesFromWide(ValueId pooled, const WantedForms& wanted) const {
    const auto& meta = graph_.values[static_cast<std::size_t>(pooled)].meta;
    if (!(wanted.residual || wanted.floats) || !meta || meta->sizes.size() != 4)
        return false;
    const auto* channels = std::get_if<std::int64_t>(&meta->sizes[1]);
    return channels && *channels % 8 == 0;
}

const ConvChain* ConvChains::chainOfSum(std::size_t sum) const {
    for (const auto& [last, chain] : chains_)
        if (chain.residual >= 0 &&
            (last == sum || (chain.relu && readers_.onlyOf(outputOf(node(sum))) == static_cast<std::ptrdiff_t>(last))))
            return &chain;
    return nullptr;
}

}  // namespace sqil
