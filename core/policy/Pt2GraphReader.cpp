#include "core/policy/Pt2GraphReader.h"

#include <limits>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <ATen/core/List.h>

#include "core/policy/FileProblem.h"
#include "core/policy/LayerNames.h"
#include "core/policy/Pt2Schema.h"
#include "core/policy/SymbolicExpression.h"

namespace sqil {
namespace {

constexpr int deepestSubgraph = 16;
// Far beyond any policy; look-ups that are linear in one times the other stay a matter of seconds.
constexpr std::size_t mostNodes = 200'000;
constexpr std::size_t mostTensors = 50'000;
constexpr std::string_view noModule = "_empty_nn_module_stack_from_metadata_hook";

/// The field of a union: {"as_int": 3} → ("as_int", 3).
std::pair<std::string, JsonView> choiceOf(const JsonView& choice) {
    choice.expectObject();
    if (choice.raw().size() != 1)
        choice.complain("expected exactly one of the schema's alternatives");
    const auto item = choice.raw().begin();
    return {item.key(), JsonView(item.value(), choice.place() + "." + item.key())};
}

template<class T, class Convert>
c10::IValue listOf(const JsonView& list, const Convert& convert) {
    c10::List<T> values;
    values.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        values.push_back(convert(list.item(i)));
    return values;
}

/// Values of one graph by the names its JSON uses; a subgraph that is inlined has its own.
using Scope = std::unordered_map<std::string, ValueId>;

class GraphReader {
public:
    GraphReader(const JsonView& program, const Pt2Tensors& tensors) : program_(program), tensors_(tensors) {}

    PolicyGraph read() {
        const JsonView module = program_["graph_module"];
        const JsonView graph = module["graph"];
        readRanges();
        Scope scope;
        readInputs(graph, module["signature"]["input_specs"], scope);
        readNodes(graph, scope, 0);
        readOutputs(graph, module["signature"]["output_specs"], scope);
        readCallingConvention(module);
        for (Node& node : graph_.nodes)
            node.module = layerName(graph_, node);
        graph_.removeInPlace();
        return std::move(graph_);
    }

private:
    void readRanges() {
        const JsonView ranges = program_["range_constraints"];
        ranges.expectObject();
        for (const auto& [symbol, value] : ranges.raw().items()) {
            const JsonView range(value, ranges.place() + "." + symbol);
            constexpr auto limits = std::numeric_limits<std::int64_t>();
            graph_.symbolRanges[symbol] = {range.has("min_val") ? range["min_val"].integer() : limits.min(),
                                           range.has("max_val") ? range["max_val"].integer() : limits.max()};
        }
    }

    // Sizes

    Dimension dimension(const JsonView& size) {
        const auto [kind, value] = choiceOf(size);
        if (kind == "as_int")
            return value.integer();
        if (kind != "as_expr")
            size.complain("expected as_int or as_expr");
        return expression(value);
    }

    std::string expression(const JsonView& expression) {
        const std::string notation = expression["expr_str"].text();
        std::string readable = readableExpression(notation);
        auto& form = graph_.record.symbolicForms[readable];
        form.notation = notation;
        if (expression.has("hint") && expression["hint"].has("as_int"))
            form.hint = expression["hint"]["as_int"].integer();
        return readable;
    }

    TensorMeta tensorMeta(const JsonView& json) {
        TensorMeta meta;
        const auto type = scalarTypeFromPt2(json["dtype"].integer());
        if (!type)
            json["dtype"].complain("an element type this program does not know");
        meta.type = *type;
        const JsonView sizes = json["sizes"], strides = json["strides"];
        for (std::size_t i = 0; i < sizes.size(); ++i)
            meta.sizes.push_back(dimension(sizes.item(i)));
        for (std::size_t i = 0; i < strides.size(); ++i)
            meta.strides.push_back(dimension(strides.item(i)));
        return meta;
    }

    // Values

    ValueId add(const std::string& name, Value value, Scope& scope, const JsonView& place) {
        if (scope.contains(name))
            place.complain("the name \"" + name + "\" is defined twice");
        value.name = uniqueName(name);
        graph_.values.push_back(std::move(value));
        const auto id = static_cast<ValueId>(graph_.values.size() - 1);
        scope.emplace(name, id);
        return id;
    }

    std::string uniqueName(const std::string& name) {
        if (names_.insert(name).second)
            return name;
        std::string unique;
        do
            unique = name + "_" + std::to_string(++suffix_);
        while (!names_.insert(unique).second);
        return unique;
    }

    ValueId addTensor(const std::string& name, const JsonView& graph, Scope& scope, const JsonView& place) {
        Value value;
        const JsonView metas = graph["tensor_values"];
        if (metas.has(name))
            value.meta = tensorMeta(metas[name]);
        return add(name, std::move(value), scope, place);
    }

    ValueId addNumber(const std::string& name, Value::Kind kind, const JsonView& graph, Scope& scope,
                      const JsonView& place) {
        Value value;
        value.kind = kind;
        const char* table = kind == Value::Kind::Integer ? "sym_int_values"
                            : kind == Value::Kind::Float ? "sym_float_values"
                                                         : "sym_bool_values";
        if (graph.has(table) && graph[table].has(name)) {
            const auto [form, content] = choiceOf(graph[table][name]);
            if (form == "as_expr")
                value.number = expression(content);
            else if (form == "as_int")
                value.number = content.integer();
        }
        return add(name, std::move(value), scope, place);
    }

    ValueId lookUp(const JsonView& name, const Scope& scope) const {
        const auto found = scope.find(name.text());
        if (found == scope.end())
            name.complain("nothing before this place defines \"" + name.text() + "\"");
        return found->second;
    }

    // Inputs and outputs

    void readInputs(const JsonView& graph, const JsonView& specs, Scope& scope) {
        const JsonView inputs = graph["inputs"];
        if (inputs.size() > mostTensors)
            inputs.complain("lists more than the " + std::to_string(mostTensors) + " tensors that a policy can have");
        if (inputs.size() != specs.size())
            specs.complain("lists " + std::to_string(specs.size()) + " inputs, but the graph has " +
                           std::to_string(inputs.size()));
        std::size_t position = 0;
        for (std::size_t i = 0; i < specs.size(); ++i) {
            const auto [kind, spec] = choiceOf(specs.item(i));
            if (kind == "parameter")
                bind(graph, scope, spec, spec["parameter_name"], Binding::Kind::Parameter, true, tensors_.weights);
            else if (kind == "buffer")
                bindBuffer(graph, scope, spec);
            else if (kind == "tensor_constant")
                bind(graph, scope, spec, spec["tensor_constant_name"], Binding::Kind::Constant, false,
                     tensors_.constants);
            else if (kind == "user_input")
                readUserInput(graph, scope, spec["arg"], position++);
            else if (kind == "constant_input")
                graph_.record.constantInputs.push_back(
                    {position++, spec["name"].text(), constantOf(choiceOf(spec["value"]))});
            else
                unsupported(spec.place() + ": an input of kind \"" + kind +
                            "\" (a custom object or a token of an effectful operator) cannot be run without its "
                            "Python code");
        }
    }

    void readUserInput(const JsonView& graph, Scope& scope, const JsonView& argument, std::size_t position) {
        const auto [kind, value] = choiceOf(argument);
        if (kind == "as_tensor")
            graph_.inputs.push_back(addTensor(value["name"].text(), graph, scope, value));
        else if (kind == "as_none" || kind == "as_int" || kind == "as_float" || kind == "as_bool" ||
                 kind == "as_string")
            graph_.record.constantInputs.push_back({position, "", constantOf({kind, value})});
        else
            unsupported(argument.place() + ": the policy takes an input of kind \"" + kind +
                        "\"; only tensors can be fed from rollouts");
    }

    void bindBuffer(const JsonView& graph, Scope& scope, const JsonView& spec) {
        const bool persistent = spec["persistent"].boolean();
        bind(graph, scope, spec, spec["buffer_name"], Binding::Kind::Buffer, persistent,
             persistent ? tensors_.weights : tensors_.constants);
    }

    void bind(const JsonView& graph, Scope& scope, const JsonView& spec, const JsonView& name, Binding::Kind kind,
              bool persistent, const std::map<std::string, StoredTensor>& tensors) {
        const auto stored = tensors.find(name.text());
        if (stored == tensors.end())
            name.complain("the archive stores no tensor of this name (" + name.text() + ")");
        Binding binding;
        binding.value = addTensor(spec["arg"]["name"].text(), graph, scope, spec["arg"]);
        binding.name = name.text();
        binding.kind = kind;
        binding.persistent = persistent;
        binding.tensor = stored->second.tensor;
        binding.trainable = stored->second.trainable;
        graph_.bindings.push_back(std::move(binding));
    }

    void readOutputs(const JsonView& graph, const JsonView& specs, const Scope& scope) {
        const JsonView outputs = graph["outputs"];
        if (outputs.size() != specs.size())
            specs.complain("lists " + std::to_string(specs.size()) + " outputs, but the graph has " +
                           std::to_string(outputs.size()));
        std::size_t position = 0;
        for (std::size_t i = 0; i < specs.size(); ++i) {
            const auto [role, spec] = choiceOf(specs.item(i));
            const auto [kind, value] = choiceOf(outputs.item(i));
            if (role == "user_output" || role == "loss_output")
                readUserOutput(kind, value, position++, scope);
            else if (role == "buffer_mutation")
                addMutation(ExportRecord::Mutation::Kind::Buffer, value, spec["buffer_name"], scope);
            else if (role == "parameter_mutation")
                addMutation(ExportRecord::Mutation::Kind::Parameter, value, spec["parameter_name"], scope);
            else if (role == "user_input_mutation")
                addMutation(ExportRecord::Mutation::Kind::Input, value, spec["user_input_name"], scope);
            else
                unsupported(spec.place() + ": an output of kind \"" + role +
                            "\" is not that of a policy; export the "
                            "forward pass alone");
        }
        if (graph_.outputs.empty())
            outputs.complain("the policy returns no tensor");
    }

    void readUserOutput(const std::string& kind, const JsonView& value, std::size_t position, const Scope& scope) {
        if (kind == "as_tensor")
            graph_.outputs.push_back(lookUp(value["name"], scope));
        else if (kind.starts_with("as_sym"))
            unsupported(value.place() +
                        ": the policy returns a number that depends on its input's size; return tensors");
        else
            graph_.record.constantOutputs.push_back({position, "", constantOf({kind, value})});
    }

    void addMutation(ExportRecord::Mutation::Kind kind, const JsonView& value, const JsonView& target,
                     const Scope& scope) {
        graph_.record.mutations.push_back({kind, lookUp(value["name"], scope), target.text()});
    }

    void readCallingConvention(const JsonView& module) {
        Json kept = Json::object();
        kept["module_call_graph"] = module["module_call_graph"].raw();
        for (const char* field : {"metadata", "treespec_namedtuple_fields"})
            if (module.has(field))
                kept[field] = module[field].raw();
        for (const char* field : {"opset_version", "verifiers", "guards_code"})
            if (program_.has(field))
                kept[field] = program_[field].raw();
        graph_.record.callingConvention = kept.dump(-1, ' ', false, Json::error_handler_t::replace);
    }

    // Nodes

    void readNodes(const JsonView& graph, Scope& scope, int depth) {
        const JsonView nodes = graph["nodes"];
        if (graph_.nodes.size() + nodes.size() > mostNodes)
            nodes.complain("lists more than the " + std::to_string(mostNodes) + " nodes that a policy can have");
        for (std::size_t i = 0; i < nodes.size(); ++i)
            readNode(nodes.item(i), graph, scope, depth);
    }

    void readNode(const JsonView& json, const JsonView& graph, Scope& scope, int depth) {
        const std::string target = json["target"].text();
        if (target.starts_with("torch.ops.higher_order.")) {
            readHigherOrder(json, target.substr(23), graph, scope, depth);
            return;
        }
        Node node;
        node.name = uniqueNodeName(json);
        const auto operatorName = targetFromPt2(target);
        if (!operatorName)
            unsupported(json.place() + " (" + node.name + "): calls \"" + target +
                        "\", which is Python code and not an operator of PyTorch's dispatcher");
        node.target = *operatorName;
        const JsonView inputs = json["inputs"];
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            // Numbers' functions are called by position; so are all arguments without a name.
            const JsonView input = inputs.item(i);
            Argument argument = argumentOf(input["arg"], scope);
            argument.name = node.target.starts_with("scalar::") ? "" : input["name"].text();
            node.arguments.push_back(std::move(argument));
        }
        readNodeOutputs(json["outputs"], node, graph, scope);
        readMetadata(json, node);
        graph_.nodes.push_back(std::move(node));
    }

    std::string uniqueNodeName(const JsonView& json) {
        std::string name = json.has("name") ? json["name"].text() : "";
        if (name.empty())
            name = "node";
        if (nodeNames_.insert(name).second)
            return name;
        std::string unique;
        do
            unique = name + "_" + std::to_string(++suffix_);
        while (!nodeNames_.insert(unique).second);
        return unique;
    }

    void readNodeOutputs(const JsonView& outputs, Node& node, const JsonView& graph, Scope& scope) {
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const auto [kind, value] = choiceOf(outputs.item(i));
            if (kind == "as_tensor") {
                node.outputs.push_back(addTensor(value["name"].text(), graph, scope, value));
            } else if (kind == "as_none") {
                node.outputs.push_back(-1);
            } else if (kind == "as_sym_int") {
                node.outputs.push_back(addNumber(value["as_name"].text(), Value::Kind::Integer, graph, scope, value));
            } else if (kind == "as_sym_float") {
                node.outputs.push_back(addNumber(value["as_name"].text(), Value::Kind::Float, graph, scope, value));
            } else if (kind == "as_sym_bool") {
                node.outputs.push_back(addNumber(value["as_name"].text(), Value::Kind::Boolean, graph, scope, value));
            } else if (kind == "as_tensors" && outputs.size() == 1) {
                node.unpacksList = true;
                for (std::size_t item = 0; item < value.size(); ++item)
                    node.outputs.push_back(addTensor(value.item(item)["name"].text(), graph, scope, value.item(item)));
            } else {
                unsupported(value.place() + " (node " + node.name + ", " + node.target + "): a result of kind \"" +
                            kind + "\" beside others");
            }
        }
    }

    static void readMetadata(const JsonView& json, Node& node) {
        if (!json.has("metadata"))
            return;
        const JsonView metadata = json["metadata"];
        metadata.expectObject();
        for (const auto& [key, value] : metadata.raw().items())
            if (value.is_string())
                node.metadata[key] = value.get<std::string>();
        const auto stack = node.metadata.find("nn_module_stack");
        if (stack != node.metadata.end() && !stack->second.starts_with(noModule))
            node.module = modulePath(stack->second);
    }

    // Arguments

    Argument argumentOf(const JsonView& json, const Scope& scope) {
        const auto choice = choiceOf(json);
        const auto& [kind, value] = choice;
        Argument argument;
        if (kind == "as_tensor")
            argument.value = lookUp(value["name"], scope);
        else if (kind == "as_tensors")
            argument.value = items(value, [&](const JsonView& item) { return lookUp(item["name"], scope); });
        else if (kind == "as_optional_tensors")
            argument.value = items(value, [&](const JsonView& item) { return optionalTensor(item, scope); });
        else if (kind == "as_optional_tensor")
            argument.value = plain(optionalTensor(value, scope));
        else if (kind == "as_sym_int" || kind == "as_sym_float" || kind == "as_sym_bool")
            argument.value = plain(number(value, scope));
        else if (kind == "as_sym_ints" || kind == "as_sym_floats" || kind == "as_sym_bools")
            argument.value = items(value, [&](const JsonView& item) { return number(item, scope); });
        else
            argument.value = constantOf(choice);
        return argument;
    }

    using Leaf = std::variant<c10::IValue, ValueId>;

    static std::variant<c10::IValue, ValueId, std::vector<Argument>> plain(Leaf leaf) {
        if (auto* value = std::get_if<ValueId>(&leaf))
            return *value;
        return std::get<c10::IValue>(std::move(leaf));
    }

    template<class Read>
    std::vector<Argument> items(const JsonView& list, const Read& read) {
        std::vector<Argument> arguments;
        for (std::size_t i = 0; i < list.size(); ++i)
            arguments.push_back({"", plain(Leaf(read(list.item(i))))});
        return arguments;
    }

    Leaf optionalTensor(const JsonView& json, const Scope& scope) {
        const auto [kind, value] = choiceOf(json);
        if (kind == "as_none")
            return c10::IValue();
        if (kind != "as_tensor")
            json.complain("expected a tensor or none");
        return lookUp(value["name"], scope);
    }

    Leaf number(const JsonView& json, const Scope& scope) {
        const auto choice = choiceOf(json);
        if (choice.first == "as_name")
            return lookUp(choice.second, scope);
        return constantOf(choice);
    }

    static c10::IValue constantOf(const std::pair<std::string, JsonView>& choice) {
        const auto& [kind, value] = choice;
        if (kind == "as_none")
            return {};
        if (kind == "as_int")
            return value.integer();
        if (kind == "as_float")
            return value.number();
        if (kind == "as_bool")
            return value.boolean();
        if (kind == "as_string")
            return value.text();
        if (kind == "as_ints")
            return listOf<std::int64_t>(value, [](const JsonView& item) { return item.integer(); });
        if (kind == "as_floats")
            return listOf<double>(value, [](const JsonView& item) { return item.number(); });
        if (kind == "as_bools")
            return listOf<bool>(value, [](const JsonView& item) { return item.boolean(); });
        if (kind == "as_strings")
            return listOf<std::string>(value, [](const JsonView& item) { return item.text(); });
        if (kind == "as_complex")
            return c10::complex<double>(value["real"].number(), value["imag"].number());
        if (kind == "as_scalar_type")
            return enumeration(value, scalarTypeFromPt2(value.integer()));
        if (kind == "as_layout")
            return enumeration(value, layoutFromPt2(value.integer()));
        if (kind == "as_memory_format")
            return enumeration(value, memoryFormatFromPt2(value.integer()));
        if (kind == "as_device")
            return c10::Device(c10::kCPU);  // weights are read to the CPU whatever they were exported on
        unsupported(value.place() + ": an argument of kind \"" + kind +
                    "\" (a custom object, a nested list or a Python callable)");
    }

    template<class T>
    static c10::IValue enumeration(const JsonView& json, std::optional<T> value) {
        if (!value)
            json.complain("a number that the schema does not define");
        return static_cast<std::int64_t>(*value);
    }

    // Higher-order operators: those that only wrap a subgraph are replaced by its nodes.

    void readHigherOrder(const JsonView& json, const std::string& target, const JsonView& outer, Scope& scope,
                         int depth) {
        const std::string where = json.place() + ": torch.ops.higher_order." + target;
        const JsonView inputs = json["inputs"];
        const auto isOff = [&](std::size_t i) {
            return inputs.size() > i && inputs.item(i)["arg"].has("as_bool") &&
                   !inputs.item(i)["arg"]["as_bool"].boolean();
        };
        std::size_t graphAt = 0;
        if (target == "wrap_with_set_grad_enabled")
            graphAt = 1;  // (enabled, graph, operands…)
        else if (target == "wrap_with_autocast" && isOff(2))
            graphAt = 4;  // (device, dtype, enabled, cache, graph, operands…): autocast turned off changes nothing
        else
            unsupported(where + ": control flow or a wrapped subgraph inside the policy cannot be run" +
                        (target == "wrap_with_autocast"
                             ? " (export it without autocast, in the element type it shall use)"
                             : "; export the branch that the robot uses"));
        if (depth >= deepestSubgraph)
            badFile(where + ": subgraphs are nested too deeply");
        if (inputs.size() <= graphAt)
            inputs.complain("the subgraph is missing");
        const JsonView graph = inputs.item(graphAt)["arg"]["as_graph"]["graph"];
        const JsonView parameters = graph["inputs"];
        if (inputs.size() - graphAt - 1 != parameters.size())
            parameters.complain("the subgraph is called with another number of values than it takes");
        Scope inner;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const auto [kind, parameter] = choiceOf(parameters.item(i));
            const auto passed = choiceOf(inputs.item(graphAt + 1 + i)["arg"]);
            inner[nameOf(kind, parameter).text()] = lookUp(nameOf(passed.first, passed.second), scope);
        }
        readNodes(graph, inner, depth + 1);
        const JsonView results = graph["outputs"], outputs = json["outputs"];
        const auto names = outputNames(outputs);
        if (results.size() != names.size())
            outputs.complain("not as many results as the subgraph has");
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto [kind, result] = choiceOf(results.item(i));
            if (!scope.emplace(names[i], lookUp(nameOf(kind, result), inner)).second)
                outputs.complain("the name \"" + names[i] + "\" is defined twice");
        }
    }

    static JsonView nameOf(const std::string& kind, const JsonView& value) {
        if (kind == "as_tensor")
            return value["name"];
        if (kind.starts_with("as_sym"))
            return value["as_name"];
        unsupported(value.place() + ": a subgraph that takes or gives anything but tensors and sizes");
    }

    static std::vector<std::string> outputNames(const JsonView& outputs) {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const auto [kind, value] = choiceOf(outputs.item(i));
            if (kind == "as_tensors")
                for (std::size_t item = 0; item < value.size(); ++item)
                    names.push_back(value.item(item)["name"].text());
            else
                names.push_back(nameOf(kind, value).text());
        }
        return names;
    }

    JsonView program_;
    const Pt2Tensors& tensors_;
    PolicyGraph graph_;
    std::unordered_set<std::string> names_, nodeNames_;
    std::uint64_t suffix_ = 0;
};

}  // namespace

PolicyGraph readPt2Graph(const JsonView& program, const Pt2Tensors& tensors) {
    return GraphReader(program, tensors).read();
}

}  // namespace sqil
