#pragma once
#include <memory>
#include <optional>
#include <vector>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

#include "core/base/Result.h"
#include "core/policy/PolicyGraph.h"
#include "core/policy/ScalarFunctions.h"

namespace sqil {

/// How one argument reaches the operator's stack.
struct ArgumentSource {
    enum class Kind {
        Constant,
        Value,           ///< as it is
        NumberAsTensor,  ///< a number where the operator takes a tensor
        IntegerAsFloat,  ///< an integer where the operator takes a float
        Tensors,         ///< lists, by what they hold
        OptionalTensors,
        Integers,
        Floats,
        Booleans,
    };
    Kind kind = Kind::Constant;
    c10::IValue constant;
    ValueId value = -1;
    std::vector<ArgumentSource> items;
};

/// A node's call with everything resolved that does not change from run to run: operator, order of
/// arguments, defaults, element types of lists.
class CallLayout {
public:
    /// Fills `stack` from `frame` (indexed by ValueId) and calls; the results replace the arguments.
    void call(const std::vector<c10::IValue>& frame, c10::Stack& stack) const;
    /// Puts the results where the node's outputs say. Throws where their number does not fit.
    void store(c10::Stack& stack, const std::vector<ValueId>& outputs, std::vector<c10::IValue>& frame) const;

private:
    friend Result<CallLayout> layOutCall(const PolicyGraph& graph, const Node& node);
    std::optional<c10::OperatorHandle> operator_;
    ScalarFunction function_ = nullptr;
    std::vector<ArgumentSource> arguments_;
    bool unpacksList_ = false;
};

/// Fails where the dispatcher does not know the operator, where a policy may not call it, or where
/// its arguments do not fit the schema; the error names node and operator.
Result<CallLayout> layOutCall(const PolicyGraph& graph, const Node& node);

}  // namespace sqil
