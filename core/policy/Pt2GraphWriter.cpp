#include "core/policy/Pt2GraphWriter.h"

#include <cctype>
#include <cmath>
#include <limits>
#include <set>

#include <ATen/core/List.h>

#include "core/policy/FileProblem.h"
#include "core/policy/Operators.h"
#include "core/policy/Pt2Schema.h"
#include "core/policy/ShapePropagation.h"
#include "core/policy/SizeLowering.h"

namespace sqil {
namespace {

constexpr int positional = 1, keyword = 2;

Json choice(const char* kind, Json value) {
    return Json{{kind, std::move(value)}};
}
Json named(const std::string& name) {
    return Json{{"name", name}};
}
Json tensorNamed(const std::string& name) {
    return choice("as_tensor", named(name));
}

/// JSON has no infinities; the schema writes them as words.
Json number(double value) {
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "Infinity" : "-Infinity";
    return value;
}

/// torch.fx names are Python identifiers.
std::string identifier(const std::string& name) {
    static const std::set<std::string> keywords{
        "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
        "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
        "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
        "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
    std::string result;
    for (const char c : name)
        result += std::isalnum(static_cast<unsigned char>(c)) || c == '_' ? c : '_';
    if (result.empty() || std::isdigit(static_cast<unsigned char>(result.front())) || keywords.contains(result))
        result = "_" + result;
    return result;
}

/// A size as the schema has it: {"as_int": 3}, or an expression with the exporter's example.
class SizeNotation {
public:
    explicit SizeNotation(const PolicyGraph& graph) : graph_(graph) {}

    Json size(const Dimension& dimension) const {
        if (const auto* number = std::get_if<std::int64_t>(&dimension))
            return choice("as_int", *number);
        return expression(formOf(std::get<std::string>(dimension)));
    }

    static Json expression(const SymbolicForm& form) {
        Json json{{"expr_str", form.notation}, {"hint", nullptr}};
        if (form.hint)
            json["hint"] = choice("as_int", *form.hint);
        return choice("as_expr", std::move(json));
    }

    SymbolicForm formOf(const std::string& text) const {
        const auto known = graph_.record.symbolicForms.find(text);
        if (known != graph_.record.symbolicForms.end())
            return known->second;
        if (graph_.symbolRanges.contains(text))
            return {"Symbol('" + text + "', positive=True, integer=True)", std::nullopt};
        unsupported("the size \"" + text + "\" is not one that the graph knows");
    }

    Json sizes(const std::vector<Dimension>& dimensions) const {
        Json list = Json::array();
        for (const Dimension& dimension : dimensions)
            list.push_back(size(dimension));
        return list;
    }

    /// Strides of a contiguous tensor: products of the sizes to the right.
    Json contiguous(const std::vector<Dimension>& sizes) const {
        Json strides = Json::array();
        for (std::size_t i = 0; i < sizes.size(); ++i)
            strides.push_back(product(sizes, i + 1));
        return strides;
    }

private:
    Json product(const std::vector<Dimension>& sizes, std::size_t first) const {
        std::int64_t factor = 1;
        std::vector<SymbolicForm> symbols;
        for (std::size_t i = first; i < sizes.size(); ++i) {
            if (const auto* number = std::get_if<std::int64_t>(&sizes[i]))
                factor *= std::max<std::int64_t>(*number, 1);
            else
                symbols.push_back(formOf(std::get<std::string>(sizes[i])));
        }
        if (symbols.empty())
            return choice("as_int", factor);
        SymbolicForm form{"", factor};
        for (const SymbolicForm& symbol : symbols) {
            form.notation += (form.notation.empty() ? "" : ", ") + symbol.notation;
            form.hint = form.hint && symbol.hint ? std::optional(*form.hint * *symbol.hint) : std::nullopt;
        }
        if (factor != 1)
            form.notation = "Integer(" + std::to_string(factor) + "), " + form.notation;
        if (factor != 1 || symbols.size() > 1)
            form.notation = "Mul(" + form.notation + ")";
        return expression(form);
    }

    const PolicyGraph& graph_;
};

Json metaJson(at::ScalarType type, Json sizes, Json strides, std::int64_t offset, bool trainable) {
    const auto number = scalarTypeToPt2(type);
    if (!number)
        unsupported(std::string("the element type ") + c10::toString(type) + " cannot be stored in a .pt2 file");
    return {{"dtype", *number},
            {"sizes", std::move(sizes)},
            {"requires_grad", trainable},
            {"device", {{"type", "cpu"}, {"index", nullptr}}},
            {"strides", std::move(strides)},
            {"storage_offset", choice("as_int", offset)},
            {"layout", *layoutToPt2(at::kStrided)}};
}

class GraphWriter {
public:
    explicit GraphWriter(PolicyGraph graph) : graph_(std::move(graph)), notation_(graph_) {}

    Json write() {
        inferShapes(graph_);
        lowerSizes(graph_);
        nameValues();
        Json graph{{"inputs", Json::array()},
                   {"outputs", Json::array()},
                   {"nodes", Json::array()},
                   {"tensor_values", Json::object()},
                   {"sym_int_values", Json::object()},
                   {"sym_bool_values", Json::object()},
                   {"is_single_tensor_return", false},
                   {"custom_obj_values", Json::object()},
                   {"sym_float_values", Json::object()}};
        Json signature{{"input_specs", Json::array()}, {"output_specs", Json::array()}};
        writeInputs(graph, signature["input_specs"]);
        for (const Node& node : graph_.nodes)
            graph["nodes"].push_back(nodeJson(node));
        writeOutputs(graph, signature["output_specs"]);
        for (std::size_t i = 0; i < graph_.values.size(); ++i)
            if (used_[i])
                writeValue(static_cast<ValueId>(i), graph);
        return program(std::move(graph), std::move(signature));
    }

private:
    // Names

    void nameValues() {
        names_.assign(graph_.values.size(), "");
        used_.assign(graph_.values.size(), false);
        // Inputs first: their names are the policy's interface.
        for (const ValueId input : graph_.inputs)
            name(input, graph_.values[input].name);
        for (const Binding& binding : graph_.bindings)
            name(binding.value, graph_.values[binding.value].name);
        for (const Node& node : graph_.nodes)
            for (const ValueId output : node.outputs)
                if (output >= 0)
                    name(output, graph_.values[output].name);
    }

    void name(ValueId value, const std::string& wanted) {
        if (used_[value])
            return;
        used_[value] = true;
        names_[value] = unique(identifier(wanted));
    }

    std::string unique(const std::string& wanted) {
        std::string candidate = wanted;
        for (std::uint64_t suffix = 1; !taken_.insert(candidate).second; ++suffix)
            candidate = wanted + "_" + std::to_string(suffix);
        return candidate;
    }

    // Values

    void writeValue(ValueId id, Json& graph) {
        const Value& value = graph_.values[id];
        const std::string& name = names_[id];
        switch (value.kind) {
            case Value::Kind::Tensor:
                graph["tensor_values"][name] = tensorJson(id);
                break;
            case Value::Kind::Integer:
                graph["sym_int_values"][name] = numberJson(value, "as_int");
                break;
            case Value::Kind::Float:
                graph["sym_float_values"][name] = numberJson(value, "as_float");
                break;
            case Value::Kind::Boolean:
                graph["sym_bool_values"][name] = numberJson(value, "as_bool");
                break;
            case Value::Kind::IntegerList:
                unsupported("the value \"" + value.name + "\" is a list of numbers, which a .pt2 file cannot hold");
        }
    }

    Json tensorJson(ValueId id) {
        const Value& value = graph_.values[id];
        const Binding* binding = graph_.binding(id);
        if (binding)
            return pt2TensorMeta(binding->tensor.scalar_type(), binding->tensor.sizes(), binding->tensor.strides(), 0,
                                 isTrainable(*binding));
        if (!value.meta)
            unsupported("the shape of the value \"" + value.name + "\" is not known");
        const TensorMeta& meta = *value.meta;
        const bool strided = meta.strides.size() == meta.sizes.size();
        return metaJson(meta.type, notation_.sizes(meta.sizes),
                        strided ? notation_.sizes(meta.strides) : notation_.contiguous(meta.sizes), 0, false);
    }

    static bool isTrainable(const Binding& binding) {
        return binding.kind == Binding::Kind::Parameter && binding.trainable && binding.tensor.is_floating_point();
    }

    Json numberJson(const Value& value, const char* plain) {
        if (!value.number)
            unsupported("the number \"" + value.name +
                        "\" is read out of a tensor's contents; torch.export's format needs a symbol for it");
        if (const auto* text = std::get_if<std::string>(&*value.number))
            return SizeNotation::expression(notation_.formOf(*text));
        return choice(plain, std::get<std::int64_t>(*value.number));
    }

    // Inputs and outputs

    void writeInputs(Json& graph, Json& specs) {
        for (const Binding& binding : graph_.bindings) {
            const std::string& value = names_[binding.value];
            graph["inputs"].push_back(tensorNamed(value));
            switch (binding.kind) {
                case Binding::Kind::Parameter:
                    specs.push_back(choice("parameter", {{"arg", named(value)}, {"parameter_name", binding.name}}));
                    break;
                case Binding::Kind::Buffer:
                    specs.push_back(choice(
                        "buffer",
                        {{"arg", named(value)}, {"buffer_name", binding.name}, {"persistent", binding.persistent}}));
                    break;
                case Binding::Kind::Constant:
                    specs.push_back(
                        choice("tensor_constant", {{"arg", named(value)}, {"tensor_constant_name", binding.name}}));
                    break;
            }
        }
        merge(graph_.record.constantInputs, graph_.inputs.size(),
              [&](const ExportRecord::Constant* constant, std::size_t i) {
                  if (constant) {
                      const Json value = constantJson(constant->value, nullptr);
                      graph["inputs"].push_back(value);
                      specs.push_back(
                          choice("constant_input", {{"name", unique(identifier(constant->name))}, {"value", value}}));
                  } else {
                      const Json value = tensorNamed(names_[graph_.inputs[i]]);
                      graph["inputs"].push_back(value);
                      specs.push_back(choice("user_input", {{"arg", value}}));
                  }
              });
    }

    void writeOutputs(Json& graph, Json& specs) {
        for (const auto& mutation : graph_.record.mutations) {
            const Json value = named(names_[mutation.value]);
            graph["outputs"].push_back(choice("as_tensor", value));
            switch (mutation.kind) {
                case ExportRecord::Mutation::Kind::Buffer:
                    specs.push_back(choice("buffer_mutation", {{"arg", value}, {"buffer_name", mutation.target}}));
                    break;
                case ExportRecord::Mutation::Kind::Parameter:
                    specs.push_back(
                        choice("parameter_mutation", {{"arg", value}, {"parameter_name", mutation.target}}));
                    break;
                case ExportRecord::Mutation::Kind::Input:
                    specs.push_back(
                        choice("user_input_mutation", {{"arg", value}, {"user_input_name", mutation.target}}));
                    break;
            }
        }
        merge(graph_.record.constantOutputs, graph_.outputs.size(),
              [&](const ExportRecord::Constant* constant, std::size_t i) {
                  const Json value =
                      constant ? constantJson(constant->value, nullptr) : tensorNamed(names_[graph_.outputs[i]]);
                  graph["outputs"].push_back(value);
                  specs.push_back(choice("user_output", {{"arg", value}}));
              });
    }

    /// Visits constants at their recorded positions and tensors in between.
    template<class Visit>
    static void merge(const std::vector<ExportRecord::Constant>& constants, std::size_t tensors, const Visit& visit) {
        std::size_t nextConstant = 0, nextTensor = 0;
        for (std::size_t position = 0; position < constants.size() + tensors; ++position) {
            const bool constantHere = nextConstant < constants.size() &&
                                      (constants[nextConstant].position == position || nextTensor == tensors);
            if (constantHere)
                visit(&constants[nextConstant++], 0);
            else
                visit(nullptr, nextTensor++);
        }
    }

    // Nodes

    Json nodeJson(const Node& node) {
        const auto target = targetToPt2(node.target);
        if (!target)
            unsupported("node \"" + node.name + "\": " + node.target + " cannot be written to a .pt2 file");
        Json json{{"target", *target},
                  {"inputs", Json::array()},
                  {"outputs", outputsJson(node)},
                  {"metadata", metadataJson(node)},
                  {"is_hop_single_tensor_return", nullptr}};
        const bool named = node.outputs.size() == 1 && !node.unpacksList && node.outputs.front() >= 0;
        json["name"] = named ? names_[node.outputs.front()] : unique(identifier(node.name));
        if (node.target.starts_with("scalar::"))
            writeNumbers(node, json["inputs"]);
        else
            writeArguments(node, json["inputs"]);
        return json;
    }

    static Json metadataJson(const Node& node) {
        Json json = Json::object();
        for (const auto& [key, value] : node.metadata)
            json[key] = value;
        if (!json.contains("nn_module_stack"))
            json["nn_module_stack"] =
                "L__self__,,torch.nn.Module" +
                (node.module.empty() ? ""
                                     : ";L__self__" + identifier(node.module) + "," + node.module + ",torch.nn.Module");
        if (!json.contains("torch_fn")) {
            const std::string name = identifier(node.target.substr(node.target.find("::") + 2));
            json["torch_fn"] = name + "_1;function." + name;
        }
        return json;
    }

    Json outputsJson(const Node& node) {
        Json outputs = Json::array();
        Json items = Json::array();
        for (std::size_t i = 0; i < node.outputs.size(); ++i) {
            const ValueId output = node.outputs[i];
            if (output < 0 && node.unpacksList)
                unsupported("node \"" + node.name + "\": an item of its list is not named");
            if (output < 0)
                outputs.push_back(choice("as_none", true));
            else if (node.unpacksList)
                items.push_back(named(names_[output]));
            else
                outputs.push_back(valueJson(output));
        }
        if (node.unpacksList)
            outputs.push_back(choice("as_tensors", items));
        return outputs;
    }

    Json valueJson(ValueId id) {
        const std::string& name = names_[id];
        if (name.empty())
            unsupported("the value \"" + graph_.values[id].name + "\" is used before a node makes it");
        switch (graph_.values[id].kind) {
            case Value::Kind::Integer:
                return choice("as_sym_int", {{"as_name", name}});
            case Value::Kind::Float:
                return choice("as_sym_float", {{"as_name", name}});
            case Value::Kind::Boolean:
                return choice("as_sym_bool", {{"as_name", name}});
            default:
                return tensorNamed(name);
        }
    }

    void writeNumbers(const Node& node, Json& inputs) {
        const bool unary = node.arguments.size() == 1;
        for (std::size_t i = 0; i < node.arguments.size(); ++i)
            inputs.push_back({{"name", unary || i == 0 ? "a"
                                       : i == 1        ? "b"
                                                       : "c"},
                              {"arg", argumentJson(node.arguments[i], nullptr)},
                              {"kind", positional}});
    }

    /// In the schema's order; by position as long as none is left out, then by keyword.
    void writeArguments(const Node& node, Json& inputs) {
        const auto handle = findOperator(node.target);
        if (!handle)
            unsupported("node \"" + node.name + "\": PyTorch's dispatcher has no operator " + node.target);
        const auto& schema = handle->schema();
        std::vector<const Argument*> given(schema.arguments().size(), nullptr);
        for (std::size_t i = 0; i < node.arguments.size(); ++i)
            if (const auto index = schemaIndex(schema, node.arguments[i], i))
                given[*index] = &node.arguments[i];
        bool skipped = false;
        for (std::size_t i = 0; i < given.size(); ++i) {
            const c10::Argument& wanted = schema.arguments()[i];
            skipped = skipped || !given[i] || wanted.kwarg_only();
            if (given[i])
                inputs.push_back({{"name", wanted.name()},
                                  {"arg", argumentJson(*given[i], wanted.real_type())},
                                  {"kind", skipped ? keyword : positional}});
        }
    }

    Json argumentJson(const Argument& argument, c10::TypePtr type) {
        if (type)
            if (const auto optional = type->cast<c10::OptionalType>())
                type = optional->getElementType();
        if (const auto* value = std::get_if<ValueId>(&argument.value))
            return valueJson(*value);
        if (const auto* constant = std::get_if<c10::IValue>(&argument.value))
            return constantJson(*constant, type);
        return listJson(std::get<std::vector<Argument>>(argument.value), type);
    }

    Json listJson(const std::vector<Argument>& items, const c10::TypePtr& type) {
        c10::TypePtr element = type && type->kind() == c10::TypeKind::ListType
                                   ? type->expectRef<c10::ListType>().getElementType()
                                   : nullptr;
        const bool optional = element && element->kind() == c10::TypeKind::OptionalType;
        const bool tensors = optional || (element && element->kind() == c10::TypeKind::TensorType);
        if (!tensors)
            return numbersJson(items, element);
        bool gaps = false;
        for (const Argument& item : items)
            gaps = gaps || !std::holds_alternative<ValueId>(item.value);
        Json list = Json::array();
        for (const Argument& item : items) {
            const auto* value = std::get_if<ValueId>(&item.value);
            if (gaps)
                list.push_back(value ? tensorNamed(names_[*value]) : choice("as_none", true));
            else
                list.push_back(named(names_[*value]));
        }
        return choice(gaps ? "as_optional_tensors" : "as_tensors", std::move(list));
    }

    Json numbersJson(const std::vector<Argument>& items, const c10::TypePtr& element) {
        const c10::TypeKind kind = element ? element->kind() : c10::TypeKind::SymIntType;
        const char* plain = kind == c10::TypeKind::FloatType  ? "float"
                            : kind == c10::TypeKind::BoolType ? "bool"
                                                              : "int";
        bool fixed = true;
        for (const Argument& item : items)
            fixed = fixed && std::holds_alternative<c10::IValue>(item.value);
        Json list = Json::array();
        const std::string single = std::string("as_") + plain;
        for (const Argument& item : items) {
            if (const auto* value = std::get_if<ValueId>(&item.value)) {
                list.push_back({{"as_name", names_[*value]}});
                continue;
            }
            const auto* constant = std::get_if<c10::IValue>(&item.value);
            if (!constant)
                unsupported("a list of lists of numbers cannot be written to a .pt2 file");
            const Json value = constantJson(*constant, element).front();
            list.push_back(fixed ? value : Json{{single, value}});
        }
        return choice(((fixed ? "as_" : "as_sym_") + std::string(plain) + "s").c_str(), std::move(list));
    }

    static Json constantJson(const c10::IValue& value, const c10::TypePtr& type) {
        const c10::TypeKind kind = type ? type->kind() : c10::TypeKind::AnyType;
        if (value.isNone())
            return choice("as_none", true);
        if (value.isInt() && kind == c10::TypeKind::ScalarTypeType)
            return enumeration("as_scalar_type", scalarTypeToPt2(static_cast<at::ScalarType>(value.toInt())));
        if (value.isInt() && kind == c10::TypeKind::LayoutType)
            return enumeration("as_layout", layoutToPt2(static_cast<at::Layout>(value.toInt())));
        if (value.isInt() && kind == c10::TypeKind::MemoryFormatType)
            return enumeration("as_memory_format", memoryFormatToPt2(static_cast<at::MemoryFormat>(value.toInt())));
        if (value.isInt() && kind == c10::TypeKind::FloatType)
            return choice("as_float", static_cast<double>(value.toInt()));
        if (value.isInt())
            return choice("as_int", value.toInt());
        if (value.isBool())
            return choice("as_bool", value.toBool());
        if (value.isDouble())
            return choice("as_float", number(value.toDouble()));
        if (value.isComplexDouble())
            return choice("as_complex", {{"real", number(value.toComplexDouble().real())},
                                         {"imag", number(value.toComplexDouble().imag())}});
        if (value.isString())
            return choice("as_string", value.toStringRef());
        if (value.isDevice())
            return choice("as_device", {{"type", "cpu"}, {"index", nullptr}});
        if (value.isList())
            return constantListJson(value, type);
        unsupported("a constant of type " + value.tagKind() + " cannot be written to a .pt2 file");
    }

    static Json constantListJson(const c10::IValue& value, const c10::TypePtr& type) {
        c10::TypePtr element = type && type->kind() == c10::TypeKind::ListType
                                   ? type->expectRef<c10::ListType>().getElementType()
                                   : nullptr;
        const char* kind = value.isDoubleList() || (element && element->kind() == c10::TypeKind::FloatType)
                               ? "as_floats"
                           : value.isBoolList()                                      ? "as_bools"
                           : element && element->kind() == c10::TypeKind::StringType ? "as_strings"
                                                                                     : "as_ints";
        if (element && (element->kind() == c10::TypeKind::TensorType || element->kind() == c10::TypeKind::OptionalType))
            kind = "as_tensors";
        Json list = Json::array();
        for (const c10::IValue& item : value.toListRef())
            list.push_back(constantJson(item, element).front());
        return choice(kind, std::move(list));
    }

    static Json enumeration(const char* kind, std::optional<std::int64_t> number) {
        if (!number)
            unsupported(std::string("a constant (") + kind + ") that a .pt2 file cannot hold");
        return choice(kind, *number);
    }

    // The program around the graph

    Json program(Json graph, Json signature) const {
        Json kept = graph_.record.callingConvention.empty()
                        ? ownConvention()
                        : parseJson(graph_.record.callingConvention, "the policy's calling convention");
        Json module{{"graph", std::move(graph)},
                    {"signature", std::move(signature)},
                    {"module_call_graph", kept["module_call_graph"]},
                    {"metadata", kept.value("metadata", Json::object())},
                    {"treespec_namedtuple_fields", kept.value("treespec_namedtuple_fields", Json::object())}};
        Json ranges = Json::object();
        for (const auto& [symbol, range] : graph_.symbolRanges) {
            constexpr auto limits = std::numeric_limits<std::int64_t>();
            Json& json = ranges[symbol];
            json["min_val"] = range.first == limits.min() ? Json() : Json(range.first);
            json["max_val"] = range.second == limits.max() ? Json() : Json(range.second);
        }
        return {{"graph_module", std::move(module)},
                {"opset_version", kept.value("opset_version", Json{{"aten", 10}})},
                {"range_constraints", std::move(ranges)},
                {"schema_version", {{"major", pt2SchemaMajor}, {"minor", pt2SchemaMinor}}},
                {"verifiers", kept.value("verifiers", Json::array({"TRAINING"}))},
                {"torch_version", "2.11.0"},
                {"guards_code", kept.value("guards_code", Json::array())}};
    }

    /// A graph that torch.export did not make is called with its inputs in order, and returns its
    /// output, or a tuple of them.
    Json ownConvention() const {
        const Json leaf{{"type", nullptr}, {"context", nullptr}, {"children_spec", Json::array()}};
        const auto tupleOf = [&](std::size_t count) {
            Json tuple{{"type", "builtins.tuple"}, {"context", "null"}, {"children_spec", Json::array()}};
            for (std::size_t i = 0; i < count; ++i)
                tuple["children_spec"].push_back(leaf);
            return tuple;
        };
        Json call{{"type", "builtins.tuple"}, {"context", "null"}, {"children_spec", Json::array()}};
        call["children_spec"].push_back(tupleOf(graph_.inputs.size()));
        call["children_spec"].push_back(
            {{"type", "builtins.dict"}, {"context", "[]"}, {"children_spec", Json::array()}});
        const Json result = graph_.outputs.size() == 1 ? leaf : tupleOf(graph_.outputs.size());
        Json names = Json::array();
        for (const ValueId input : graph_.inputs)
            names.push_back(names_[input]);
        const Json signature{{"inputs", Json::array()},
                             {"outputs", Json::array()},
                             {"in_spec", Json::array({1, call}).dump()},
                             {"out_spec", Json::array({1, result}).dump()},
                             {"forward_arg_names", names}};
        return {{"module_call_graph", Json::array({Json{{"fqn", ""}, {"signature", signature}}})}};
    }

    PolicyGraph graph_;
    SizeNotation notation_;
    std::vector<std::string> names_;
    std::vector<bool> used_;
    std::set<std::string> taken_;
};

}  // namespace

Json pt2TensorMeta(at::ScalarType type, at::IntArrayRef sizes, at::IntArrayRef strides, std::int64_t offset,
                   bool trainable) {
    const auto list = [](at::IntArrayRef numbers) {
        Json json = Json::array();
        for (const std::int64_t number : numbers)
            json.push_back(choice("as_int", number));
        return json;
    };
    return metaJson(type, list(sizes), list(strides), offset, trainable);
}

Json pt2GraphJson(PolicyGraph graph) {
    return GraphWriter(std::move(graph)).write();
}

}  // namespace sqil
