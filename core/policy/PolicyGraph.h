#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include "core/base/Result.h"

namespace sqil {

/// Index into PolicyGraph::values. A value is written once, by an input, a binding or a node
/// (only in-place operators that write to views break this: PolicyGraph::removeInPlace()).
using ValueId = std::int32_t;

/// One dimension: a number, or an expression over symbols ("s40", "2*s40") where it is dynamic.
using Dimension = std::variant<std::int64_t, std::string>;

/// What the exporter knew of a tensor.
struct TensorMeta {
    at::ScalarType type = at::kFloat;
    std::vector<Dimension> sizes;
    std::vector<Dimension> strides;  ///< empty: contiguous
};

struct Value {
    enum class Kind { Tensor, Integer, Float, Boolean, IntegerList };
    std::string name;
    std::optional<TensorMeta> meta;  ///< none for numbers, and where the file does not say
    Kind kind = Kind::Tensor;
    std::optional<Dimension> number;  ///< what the exporter knew of an Integer, Float or Boolean
};

/// An operator's argument: a constant (numbers, strings, lists of them, None), a value of the
/// graph, or a list that mixes them (the tensors of aten::cat).
struct Argument {
    std::string name;  ///< as in the operator's schema; empty: positional
    std::variant<c10::IValue, ValueId, std::vector<Argument>> value;
};

/// One call of an ATen operator, or arithmetic on numbers of the graph (sizes): targets
/// "scalar::add", "scalar::floordiv", … (ScalarFunctions.h), which the executor evaluates itself.
struct Node {
    std::string name;    ///< unique in the graph
    std::string target;  ///< "aten::conv2d", "aten::flatten.using_ints"
    std::vector<Argument> arguments;
    std::vector<ValueId> outputs;  ///< −1 where the result is not used; a list-valued result is unpacked here
    bool unpacksList = false;      ///< the single result is a list, whose items are `outputs`
    std::string module;            ///< dotted path of the module it came from ("encoder.conv1"); may be empty
    std::map<std::string, std::string> metadata;  ///< the exporter's notes ("nn_module_stack", …), kept for writing
};

/// A tensor that is part of the policy.
struct Binding {
    enum class Kind { Parameter, Buffer, Constant };
    ValueId value = -1;
    std::string name;  ///< "encoder.conv1.weight"
    Kind kind = Kind::Parameter;
    bool persistent = true;
    at::Tensor tensor;
    bool trainable = true;  ///< requires_grad in the file; the tensor itself never records by reading it
};

/// How the exporter wrote a symbolic dimension, and its value in the exporter's example.
struct SymbolicForm {
    std::string notation;  ///< "Mul(Integer(2), Symbol('s40', positive=True, integer=True))"
    std::optional<std::int64_t> hint;
};

/// What the exporter recorded that running the graph does not need: kept, so that a file written
/// back is called from Python as the original was.
struct ExportRecord {
    struct Constant {
        std::size_t position = 0;  ///< among all of the user's inputs (outputs), tensors included
        std::string name;
        c10::IValue value;  ///< None, a number or a string
    };
    struct Mutation {
        enum class Kind { Buffer, Parameter, Input };
        Kind kind = Kind::Buffer;
        ValueId value = -1;  ///< the new contents, an output that forward() does not return
        std::string target;  ///< name of what takes them
    };
    std::vector<Constant> constantInputs;
    std::vector<Constant> constantOutputs;
    std::vector<Mutation> mutations;
    std::map<std::string, SymbolicForm> symbolicForms;  ///< by the text in Dimension
    std::string callingConvention;  ///< JSON: module_call_graph, guards_code, verifiers, …; empty: none
};

/// The ATen graph of an exported policy, whichever file it came from: plain data. Copies share
/// tensors; whoever changes a weight puts a new tensor into the binding.
struct PolicyGraph {
    std::vector<Value> values;
    std::vector<Node> nodes;  ///< in an order in which they can be run
    std::vector<Binding> bindings;
    std::vector<ValueId> inputs;   ///< the user's, in the order of forward()
    std::vector<ValueId> outputs;  ///< flattened
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> symbolRanges;  ///< "s40" → [1, 4096]
    ExportRecord record;

    const Binding* binding(ValueId value) const;  ///< null where the value is no binding
    Binding* binding(ValueId value);
    const Node* producer(ValueId value) const;                           ///< null for inputs and bindings
    std::vector<std::size_t> consumers(ValueId value) const;             ///< indices of nodes
    ValueId addValue(std::string name, std::optional<TensorMeta> meta);  ///< makes the name unique

    /// True where the first dimension of every input is the same symbol, or where the file says
    /// nothing of the inputs' shapes (TorchScript): any batch within batchRange() runs at once.
    bool hasDynamicBatch() const;
    /// Smallest and largest batch that a graph with a dynamic batch was exported for.
    std::pair<std::int64_t, std::int64_t> batchRange() const;
    /// The batch it was exported for where that is fixed (first dimension of the first input).
    std::int64_t exportedBatch() const;
    std::int64_t parameterCount() const;  ///< elements of all parameters; tied ones count once

    /// Replaces in-place operators ("aten::relu_") by those that return a new tensor, wherever
    /// nothing else sees the change. Readers do this: what is left in place writes to a view.
    void removeInPlace();
    /// Puts all bindings on `device`, and every device named in an argument with them. Error: its memory does not
    /// suffice; some bindings are there then. Packed weights: moveLowered() (core/quant/lowering).
    Result<void> moveTo(at::Device device);
};

}  // namespace sqil
