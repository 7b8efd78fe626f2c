#include "core/policy/TorchScriptFollower.h"

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "core/policy/FileProblem.h"
#include "core/policy/LayerNames.h"
#include "core/policy/Operators.h"
#include "core/policy/ScalarFunctions.h"

namespace sqil {
namespace {

namespace jit = torch::jit;

constexpr std::int64_t maximumUnrolledSteps = 10000;
constexpr int maximumNesting = 200;
// Calls within calls and loops within loops can be few lines and forever: these are far beyond any policy.
constexpr std::int64_t maximumSteps = 2'000'000;
constexpr std::size_t maximumNodes = 100'000;

struct Symbol;
using Symbols = std::vector<Symbol>;

/// What is known of a TorchScript value: a constant (also a module, by its object), a value of the
/// policy's graph, or a list or tuple of them.
struct Symbol {
    std::variant<c10::IValue, ValueId, std::shared_ptr<Symbols>> content;
    std::string path;  ///< of an attribute: "encoder.conv1"

    const c10::IValue* constant() const { return std::get_if<c10::IValue>(&content); }
    const ValueId* value() const { return std::get_if<ValueId>(&content); }
    const Symbols* items() const {
        const auto* list = std::get_if<std::shared_ptr<Symbols>>(&content);
        return list ? list->get() : nullptr;
    }
};

/// Operators of the TorchScript interpreter that are arithmetic on numbers, by what this program calls them.
const std::map<std::string, std::string>& numberOperators() {
    static const std::map<std::string, std::string> table{
        {"aten::add", "add"},     {"aten::sub", "sub"},       {"aten::mul", "mul"},     {"aten::floordiv", "floordiv"},
        {"aten::div", "truediv"}, {"aten::remainder", "mod"}, {"aten::neg", "neg"},     {"aten::eq", "eq"},
        {"aten::ne", "ne"},       {"aten::lt", "lt"},         {"aten::le", "le"},       {"aten::gt", "gt"},
        {"aten::ge", "ge"},       {"aten::__and__", "and"},   {"aten::__or__", "or"},   {"aten::__not__", "not"},
        {"aten::Int", "int"},     {"aten::Float", "float"},   {"aten::Bool", "bool"},   {"prim::min", "min"},
        {"prim::max", "max"},     {"aten::sqrt", "sqrt"},     {"aten::floor", "floor"}, {"aten::ceil", "ceil"},
        {"aten::pow", "pow"}};
    return table;
}

bool isNumberType(const c10::TypePtr& type) {
    switch (type->kind()) {
        case c10::TypeKind::IntType:
        case c10::TypeKind::FloatType:
        case c10::TypeKind::BoolType:
        case c10::TypeKind::NumberType:
            return true;
        default:
            return false;
    }
}

Value::Kind kindOf(const c10::TypePtr& type) {
    switch (type->kind()) {
        case c10::TypeKind::IntType:
            return Value::Kind::Integer;
        case c10::TypeKind::FloatType:
            return Value::Kind::Float;
        case c10::TypeKind::BoolType:
            return Value::Kind::Boolean;
        default:
            return Value::Kind::Tensor;
    }
}

bool isTensorList(const c10::TypePtr& type) {
    const auto list = type->cast<c10::ListType>();
    return list && list->getElementType()->kind() == c10::TypeKind::TensorType;
}

class Follower {
public:
    Follower(std::string file, const jit::Module& module) : file_(std::move(file)), module_(module) {}

    PolicyGraph follow() {
        const auto forward = module_.find_method("forward");
        if (!forward)
            refuse("it has no forward()");
        const auto held = forward->graph();
        jit::Graph& graph = *held;
        const auto inputs = graph.inputs();
        for (std::size_t index = 0; index < inputs.size(); ++index) {
            if (index == 0)
                known_[inputs[0]] = {c10::IValue(module_._ivalue()), ""};
            else
                addInput(inputs[index]);
        }
        run(graph.block(), 0);
        for (const jit::Value* output : graph.outputs())
            addOutputs(of(output));
        if (graph_.outputs.empty())
            refuse("forward() returns no tensor");
        removeUnusedNumbers();
        return std::move(graph_);
    }

private:
    [[noreturn]] void refuse(const std::string& what) const {
        unsupported(file_ + ": " + what + ". Save the policy with torch.export.save(), which resolves this.");
    }

    const Symbol& of(const jit::Value* value) const {
        const auto found = known_.find(value);
        if (found == known_.end())
            refuse("\"" + value->debugName() + "\" is used before it is computed");
        return found->second;
    }

    void addInput(const jit::Value* input) {
        if (input->type()->kind() != c10::TypeKind::TensorType)
            refuse("forward() takes \"" + input->debugName() + "\" of type " + input->type()->str() +
                   ", expected tensors");
        std::string name = input->debugName();
        if (const auto dot = name.find('.'); dot != std::string::npos)
            name.resize(dot);
        const ValueId value = newValue(name, std::nullopt);
        graph_.inputs.push_back(value);
        known_[input] = {value, ""};
    }

    void addOutputs(const Symbol& symbol) {
        if (const Symbols* items = symbol.items()) {
            for (const Symbol& item : *items)
                addOutputs(item);
        } else {
            const auto value = tensorValue(symbol);
            if (!value)
                refuse("forward() returns something that is no tensor");
            graph_.outputs.push_back(*value);
        }
    }

    /// The graph's value of a tensor; a constant tensor becomes a binding when it is first used.
    std::optional<ValueId> tensorValue(const Symbol& symbol) {
        if (const ValueId* value = symbol.value())
            return *value;
        if (const auto* constant = symbol.constant(); constant && constant->isTensor())
            return bind(constant->toTensor(), "constant", Binding::Kind::Constant);
        return std::nullopt;
    }

    ValueId newValue(const std::string& name, std::optional<TensorMeta> meta) {
        std::string unique = name;
        while (!names_.insert(unique).second)
            unique = name + "_" + std::to_string(++suffixes_[name]);
        Value value;
        value.name = std::move(unique);
        value.meta = std::move(meta);
        graph_.values.push_back(std::move(value));
        return static_cast<ValueId>(graph_.values.size() - 1);
    }

    ValueId bind(const at::Tensor& tensor, const std::string& name, Binding::Kind kind) {
        const auto [entry, isNew] = bound_.try_emplace(tensor.unsafeGetTensorImpl(), ValueId{-1});
        if (isNew) {
            std::string valueName = "p_" + name;
            std::replace(valueName.begin(), valueName.end(), '.', '_');
            TensorMeta meta{tensor.scalar_type(), {}, {}};
            for (const std::int64_t size : tensor.sizes())
                meta.sizes.emplace_back(size);
            entry->second = newValue(valueName, std::move(meta));
            Binding binding;
            binding.value = entry->second;
            binding.name =
                kind == Binding::Kind::Constant ? graph_.values[static_cast<std::size_t>(entry->second)].name : name;
            binding.kind = kind;
            binding.tensor = tensor.detach();
            binding.trainable = kind == Binding::Kind::Parameter;
            graph_.bindings.push_back(std::move(binding));
        }
        return entry->second;
    }

    /// Numbers that only a check on a branch not taken wanted (the rank that BatchNorm asserts).
    void removeUnusedNumbers() {
        std::vector<bool> used(graph_.values.size(), false);
        for (const ValueId output : graph_.outputs)
            used[static_cast<std::size_t>(output)] = true;
        std::vector<Node> kept;
        for (auto node = graph_.nodes.rbegin(); node != graph_.nodes.rend(); ++node) {
            const bool isNumber = node->target.starts_with("scalar::");
            if (isNumber && !used[static_cast<std::size_t>(node->outputs.front())])
                continue;
            for (const Argument& argument : node->arguments)
                forEachValueOf(argument, [&](ValueId value) { used[static_cast<std::size_t>(value)] = true; });
            kept.push_back(std::move(*node));
        }
        graph_.nodes.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
    }

    void run(const jit::Block* block, int depth) {
        if (depth > maximumNesting)
            refuse("forward() nests too deeply");
        for (const jit::Node* node : block->nodes())
            step(node, depth);
    }

    void step(const jit::Node* node, int depth) {
        if (++steps_ > maximumSteps || graph_.nodes.size() > maximumNodes)
            refuse("forward() makes more steps than a policy has");
        const std::string kind = node->kind().toQualString();
        if (kind == "prim::Constant")
            known_[node->output()] = constantOf(node);
        else if (kind == "prim::GetAttr")
            known_[node->output()] = attribute(node);
        else if (kind == "prim::ListConstruct" || kind == "prim::TupleConstruct")
            known_[node->output()] = listOf(node->inputs());
        else if (kind == "prim::DictConstruct")
            known_[node->output()] = dictionaryOf(node);
        else if (kind == "prim::TupleUnpack" || kind == "prim::ListUnpack")
            unpack(node);
        else if (kind == "prim::TupleIndex" || kind == "aten::__getitem__")
            known_[node->output()] = item(node);
        else if (kind == "prim::CallMethod" || kind == "prim::CallFunction")
            enter(node, kind == "prim::CallMethod", depth);
        else if (kind == "prim::If")
            branch(node, depth);
        else if (kind == "prim::Loop")
            loop(node, depth);
        else if (kind == "prim::RaiseException")
            refuse("forward() always raises an exception");
        else if (kind == "prim::NumToTensor" || kind == "aten::ScalarImplicit" || kind == "aten::IntImplicit" ||
                 kind == "prim::unchecked_cast" || kind == "prim::data" || kind == "prim::unchecked_unwrap_optional" ||
                 kind == "aten::_unwrap_optional")
            known_[node->output()] = of(node->input(0));
        else if (kind == "aten::__is__" || kind == "aten::__isnot__")
            known_[node->output()] = identity(node, kind == "aten::__is__");
        else if (kind == "aten::len")
            known_[node->output()] = length(node);
        else if (kind == "aten::size" && node->inputs().size() == 1)
            known_[node->output()] = call("scalar::sizes", node, Value::Kind::IntegerList);
        else if (kind == "aten::dim")
            known_[node->output()] = call("scalar::rank", node, Value::Kind::Integer);
        else if (kind == "aten::append")
            append(node);
        else if (kind == "aten::warn")
            return;
        else if (isArithmetic(node, kind))
            known_[node->output()] = arithmetic(node, numberOperators().at(kind));
        else
            callOperator(node, kind);
    }

    Symbol constantOf(const jit::Node* node) const {
        if (node->output()->type()->kind() == c10::TypeKind::NoneType || !node->hasAttribute(c10::attr::value))
            return {c10::IValue(), ""};
        const auto constant = jit::toIValue(node->output());
        if (!constant)
            refuse("a constant of type " + node->output()->type()->str() + " cannot be read");
        return {*constant, ""};
    }

    Symbol attribute(const jit::Node* node) {
        const Symbol& owner = of(node->input());
        const auto* object = owner.constant();
        const std::string name = node->s(c10::attr::name);
        if (!object || !object->isObject())
            refuse("attribute \"" + name + "\" is taken of something that is no module");
        const std::string path = owner.path.empty() ? name : owner.path + "." + name;
        const c10::IValue value = object->toObject()->getAttr(name);
        if (!value.isTensor())
            return {value, path};
        const bool isParameter =
            value.toTensor().requires_grad() ||
            object->toObject()->type()->is_parameter(object->toObject()->type()->getAttributeSlot(name));
        return {bind(value.toTensor(), path, isParameter ? Binding::Kind::Parameter : Binding::Kind::Buffer), path};
    }

    Symbol listOf(at::ArrayRef<const jit::Value*> values) const {
        auto items = std::make_shared<Symbols>();
        for (const jit::Value* value : values)
            items->push_back(of(value));
        return {std::move(items), ""};
    }

    /// A dictionary's values in order: forward()'s outputs by name become outputs by position.
    Symbol dictionaryOf(const jit::Node* node) const {
        auto items = std::make_shared<Symbols>();
        for (std::size_t index = 1; index < node->inputs().size(); index += 2)
            items->push_back(of(node->input(index)));
        return {std::move(items), ""};
    }

    /// A symbol's items, where it is a list or tuple of known length.
    std::optional<Symbols> itemsOf(const Symbol& symbol) const {
        if (const Symbols* items = symbol.items())
            return *items;
        const auto* constant = symbol.constant();
        if (!constant || !(constant->isList() || constant->isTuple()))
            return std::nullopt;
        Symbols items;
        if (constant->isTuple())
            for (const c10::IValue& entry : constant->toTupleRef().elements())
                items.push_back({entry, symbol.path});
        else
            for (const c10::IValue& entry : constant->toListRef())
                items.push_back({entry, symbol.path});
        return items;
    }

    void unpack(const jit::Node* node) {
        const jit::Value* source = node->input();
        if (pendingLists_.contains(source)) {  // the operator's list result is unpacked by the call itself
            const auto& outputs = pendingLists_.at(source);
            for (std::size_t index = 0; index < node->outputs().size(); ++index)
                known_[node->output(index)] = {outputs.at(index), ""};
            return;
        }
        if (isSizes(of(source))) {
            for (std::size_t index = 0; index < node->outputs().size(); ++index)
                known_[node->output(index)] = sizeAt(of(source), static_cast<std::int64_t>(index), node->output(index));
            return;
        }
        const auto items = itemsOf(of(source));
        if (!items || items->size() != node->outputs().size())
            refuse("a list whose length is not known before it runs is unpacked");
        for (std::size_t index = 0; index < items->size(); ++index)
            known_[node->output(index)] = (*items)[index];
    }

    bool isSizes(const Symbol& symbol) const {
        const ValueId* value = symbol.value();
        return value && graph_.values[static_cast<std::size_t>(*value)].kind == Value::Kind::IntegerList;
    }

    Symbol sizeAt(const Symbol& sizes, std::int64_t dimension, const jit::Value* result) {
        Node node;
        node.target = "scalar::item";
        node.arguments = {{"", *sizes.value()}, {"", c10::IValue(dimension)}};
        const ValueId value = addResult(result, Value::Kind::Integer);
        node.outputs = {value};
        add(std::move(node));
        return {value, ""};
    }

    Symbol item(const jit::Node* node) {
        const auto* position = of(node->input(1)).constant();
        if (pendingLists_.contains(node->input(0))) {
            if (position && position->isInt())
                return {pendingLists_.at(node->input(0)).at(static_cast<std::size_t>(position->toInt())), ""};
            refuse("an item is taken of a list of tensors by a number that is not known before it runs");
        }
        const Symbol& source = of(node->input(0));
        if (const auto items = itemsOf(source); items && position && position->isInt()) {
            const auto count = static_cast<std::int64_t>(items->size());
            const std::int64_t index = position->toInt() < 0 ? position->toInt() + count : position->toInt();
            if (index < 0 || index >= count)
                refuse("item " + std::to_string(position->toInt()) + " is taken of a list of " + std::to_string(count));
            return (*items)[static_cast<std::size_t>(index)];
        }
        if (isSizes(source))
            return call("scalar::item", node, Value::Kind::Integer);
        refuse("an item is taken of a list whose length is not known before it runs");
    }

    /// Lists are shared by those who hold them, as in Python.
    void append(const jit::Node* node) {
        const auto* list = std::get_if<std::shared_ptr<Symbols>>(&of(node->input(0)).content);
        if (!list)
            refuse("something is appended to a list whose length is not known before it runs");
        (*list)->push_back(of(node->input(1)));
        known_[node->output()] = of(node->input(0));
    }

    Symbol identity(const jit::Node* node, bool same) const {
        const auto* first = of(node->input(0)).constant();
        const auto* second = of(node->input(1)).constant();
        const bool bothNone = first && second && first->isNone() && second->isNone();
        return {c10::IValue(bothNone == same), ""};
    }

    Symbol length(const jit::Node* node) {
        if (const auto items = itemsOf(of(node->input())))
            return {c10::IValue(static_cast<std::int64_t>(items->size())), ""};
        // len(x.size()) is the rank of x.
        const jit::Node* source = node->input()->node();
        if (std::string(source->kind().toQualString()) == "aten::size")
            return call("scalar::rank", source, Value::Kind::Integer);
        refuse("the length of a list is not known before it runs");
    }

    /// Goes on inside a method or function: its inputs are what it is called with.
    void enter(const jit::Node* node, bool isMethod, int depth) {
        jit::Function* function = nullptr;
        if (isMethod) {
            const auto* object = of(node->input(0)).constant();
            if (object && object->isObject())
                function = object->toObject()->type()->findMethod(node->s(c10::attr::name));
        } else if (const auto type = node->input(0)->type()->cast<c10::FunctionType>()) {
            function = type->function();
        }
        jit::GraphFunction* called = function ? jit::tryToGraphFunction(*function) : nullptr;
        if (!called)
            refuse("forward() calls something that is no TorchScript");
        const auto graph = called->graph();
        const std::size_t first = isMethod ? 0 : 1;
        if (graph->inputs().size() != node->inputs().size() - first ||
            graph->outputs().size() != node->outputs().size())
            refuse("forward() calls " + function->name() + " with other arguments than it takes");
        Symbols arguments;
        for (std::size_t index = first; index < node->inputs().size(); ++index)
            arguments.push_back(of(node->input(index)));
        for (std::size_t index = 0; index < arguments.size(); ++index)
            known_[graph->inputs()[index]] = arguments[index];
        run(graph->block(), depth + 1);
        for (std::size_t index = 0; index < node->outputs().size(); ++index)
            known_[node->output(index)] = of(graph->outputs()[index]);
    }

    static bool onlyRaises(const jit::Block* block) {
        for (const jit::Node* node : block->nodes())
            if (std::string(node->kind().toQualString()) == "prim::RaiseException")
                return true;
        return false;
    }

    void branch(const jit::Node* node, int depth) {
        const jit::Block* whenTrue = node->blocks().at(0);
        const jit::Block* whenFalse = node->blocks().at(1);
        const jit::Block* taken = nullptr;
        const auto* condition = of(node->input()).constant();
        if (condition && condition->isBool())
            taken = condition->toBool() ? whenTrue : whenFalse;
        else if (onlyRaises(whenTrue) != onlyRaises(whenFalse))
            taken = onlyRaises(whenTrue) ? whenFalse : whenTrue;
        if (!taken)
            refuse("forward() branches on a value that is computed as it runs (prim::If)");
        run(taken, depth + 1);
        for (std::size_t index = 0; index < node->outputs().size(); ++index)
            known_[node->output(index)] = of(taken->outputs()[index]);
    }

    void loop(const jit::Node* node, int depth) {
        const auto* count = of(node->input(0)).constant();
        const auto* goesOn = of(node->input(1)).constant();
        const jit::Block* body = node->blocks().at(0);
        if (!count || !count->isInt() || !goesOn || !goesOn->isBool() || count->toInt() > maximumUnrolledSteps)
            refuse("forward() loops as often as a value says that is computed as it runs (prim::Loop)");
        Symbols carried;
        for (std::size_t index = 2; index < node->inputs().size(); ++index)
            carried.push_back(of(node->input(index)));
        bool running = goesOn->toBool();
        for (std::int64_t iteration = 0; running && iteration < count->toInt(); ++iteration) {
            known_[body->inputs()[0]] = {c10::IValue(iteration), ""};
            for (std::size_t index = 0; index < carried.size(); ++index)
                known_[body->inputs()[index + 1]] = carried[index];
            run(body, depth + 1);
            const auto* next = of(body->outputs()[0]).constant();
            if (!next || !next->isBool())
                refuse("forward() ends a loop on a value that is computed as it runs (prim::Loop)");
            running = next->toBool();
            for (std::size_t index = 0; index < carried.size(); ++index)
                carried[index] = of(body->outputs()[index + 1]);
        }
        for (std::size_t index = 0; index < carried.size(); ++index)
            known_[node->output(index)] = carried[index];
    }

    bool isArithmetic(const jit::Node* node, const std::string& kind) const {
        if (!numberOperators().contains(kind) || node->outputs().size() != 1)
            return false;
        if (kind == "aten::Int" || kind == "aten::Float" || kind == "aten::Bool")
            return true;
        if (isNumberType(node->output()->type()))
            return true;
        // Traces do their arithmetic on sizes with tensors (prim::NumToTensor): numbers here.
        for (const jit::Value* input : node->inputs()) {
            const Symbol& symbol = of(input);
            if (const ValueId* value = symbol.value();
                value && graph_.values[static_cast<std::size_t>(*value)].kind == Value::Kind::Tensor)
                return false;
            if (symbol.constant() && symbol.constant()->isTensor() && symbol.constant()->toTensor().dim() > 0)
                return false;
        }
        return true;
    }

    static c10::IValue asNumber(const c10::IValue& constant) {
        return constant.isTensor() && constant.toTensor().numel() == 1 ? c10::IValue(constant.toTensor().item())
                                                                       : constant;
    }

    Symbol arithmetic(const jit::Node* node, const std::string& name) {
        std::vector<c10::IValue> constants;
        for (const jit::Value* input : node->inputs())
            if (const auto* constant = of(input).constant())
                constants.push_back(asNumber(*constant));
        // aten::add and aten::sub of traces carry a factor for the second operand, which is 1.
        const std::size_t used =
            name == "add" || name == "sub" ? std::min<std::size_t>(2, node->inputs().size()) : node->inputs().size();
        if (constants.size() == node->inputs().size()) {
            constants.resize(used);
            const ScalarFunction function = findScalarFunction("scalar::" + name);
            try {
                return {function(constants), ""};
            } catch (const std::runtime_error& problem) {
                refuse("arithmetic on constants fails: " + std::string(problem.what()));
            }
        }
        const Value::Kind kind = node->output()->type()->kind() == c10::TypeKind::TensorType
                                     ? Value::Kind::Integer
                                     : kindOf(node->output()->type());
        return call("scalar::" + name, node, kind, used);
    }

    /// A node on numbers that the executor evaluates itself.
    Symbol call(const std::string& target, const jit::Node* source, Value::Kind kind,
                std::size_t arguments = SIZE_MAX) {
        Node node;
        node.target = target;
        for (std::size_t index = 0; index < std::min(arguments, source->inputs().size()); ++index)
            node.arguments.push_back(argumentOf("", of(source->input(index))));
        const ValueId result = addResult(source->output(), kind);
        node.outputs = {result};
        add(std::move(node));
        return {result, ""};
    }

    Argument argumentOf(const std::string& name, const Symbol& symbol) {
        if (const Symbols* items = symbol.items()) {
            std::vector<Argument> list;
            for (const Symbol& entry : *items)
                list.push_back(argumentOf("", entry));
            return {name, std::move(list)};
        }
        if (const auto* constant = symbol.constant(); constant && !constant->isTensor()) {
            if (constant->isObject())
                refuse("a module is passed to an operator");
            return {name, *constant};
        }
        return {name, *tensorValue(symbol)};
    }

    ValueId addResult(const jit::Value* result, Value::Kind kind) {
        const ValueId value =
            newValue(result->hasDebugName() ? "v_" + cleaned(result->debugName()) : "v", std::nullopt);
        graph_.values[static_cast<std::size_t>(value)].kind = kind;
        return value;
    }

    static std::string cleaned(std::string name) {
        for (char& character : name)
            if (!std::isalnum(static_cast<unsigned char>(character)))
                character = '_';
        return name;
    }

    void add(Node node) {
        node.name = node.outputs.empty() || node.outputs.front() < 0
                        ? "call_" + std::to_string(graph_.nodes.size())
                        : graph_.values[static_cast<std::size_t>(node.outputs.front())].name;
        node.module = layerName(graph_, node);
        graph_.nodes.push_back(std::move(node));
    }

    void callOperator(const jit::Node* source, const std::string& kind) {
        const c10::FunctionSchema* schema = source->maybeSchema();
        std::string target = schema && !schema->overload_name().empty() ? kind + "." + schema->overload_name() : kind;
        if (target == "aten::size.int")
            target = "aten::sym_size.int";  // torch.export's name for the same
        if (!schema || !findOperator(target))
            refuse("forward() uses " + target + ", which is no operator of ATen");
        if (const std::string reason = refusal(target); !reason.empty())
            refuse("forward() uses " + target + ", which " + reason);
        Node node;
        node.target = target;
        for (std::size_t index = 0; index < source->inputs().size(); ++index)
            node.arguments.push_back(argumentOf(schema->arguments().at(index).name(), of(source->input(index))));
        if (source->outputs().size() == 1 && isTensorList(source->output()->type()))
            addListResult(source->output(), node);
        else
            for (const jit::Value* output : source->outputs()) {
                node.outputs.push_back(addResult(output, kindOf(output->type())));
                known_[output] = {node.outputs.back(), ""};
            }
        add(std::move(node));
    }

    /// How many items of a list a use of it shows there are: `a, b = list`, `list[1]`. 0: it does not say.
    static std::size_t itemsWanted(const jit::Use& use) {
        const std::string kind = use.user->kind().toQualString();
        if (kind == "prim::ListUnpack")
            return use.user->outputs().size();
        if (kind != "aten::__getitem__" || use.offset != 0)
            return 0;
        const auto position = jit::toIValue(use.user->input(1));
        const bool plain = position && position->isInt() && position->toInt() >= 0 && position->toInt() < 10000;
        return plain ? static_cast<std::size_t>(position->toInt()) + 1 : 0;
    }

    /// A list of tensors is unpacked by the node that makes it: its length must show in the code.
    void addListResult(const jit::Value* list, Node& node) {
        std::size_t count = 0;
        for (const jit::Use& use : list->uses())
            count = std::max(count, itemsWanted(use));
        const bool allKnown = std::all_of(list->uses().begin(), list->uses().end(),
                                          [](const jit::Use& use) { return itemsWanted(use) > 0; });
        if (count == 0 || !allKnown)
            refuse(node.target + " gives a list of tensors whose length is not known before it runs");
        for (std::size_t index = 0; index < count; ++index)
            node.outputs.push_back(addResult(list, Value::Kind::Tensor));
        node.unpacksList = true;
        pendingLists_[list] = node.outputs;
    }

    std::string file_;
    const jit::Module& module_;
    PolicyGraph graph_;
    std::unordered_map<const jit::Value*, Symbol> known_;
    std::unordered_map<const jit::Value*, std::vector<ValueId>> pendingLists_;
    std::unordered_map<const c10::TensorImpl*, ValueId> bound_;
    std::unordered_set<std::string> names_;
    std::unordered_map<std::string, int> suffixes_;
    std::int64_t steps_ = 0;
};

}  // namespace

PolicyGraph followTorchScript(const std::string& file, const torch::jit::Module& module) {
    return Follower(file, module).follow();
}

}  // namespace sqil
