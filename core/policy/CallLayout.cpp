#include "core/policy/CallLayout.h"

#include <ATen/ScalarOps.h>
#include <ATen/core/List.h>
#include <ATen/core/jit_type.h>
#include <stdexcept>

#include "core/policy/Operators.h"

namespace sqil {
namespace {

using Kind = ArgumentSource::Kind;

/// A number as Python passes it to an operator that takes a tensor: it does not decide the result's type.
at::Tensor wrappedNumber(const c10::IValue& number) {
    at::Tensor tensor = c10::scalar_to_tensor(number.toScalar());
    tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
    return tensor;
}

bool isNumber(const c10::IValue& value) {
    return value.isInt() || value.isDouble() || value.isBool() || value.isComplexDouble();
}

double asDouble(const c10::IValue& value) {
    return value.isDouble() ? value.toDouble() : static_cast<double>(value.isBool() ? value.toBool() : value.toInt());
}

std::int64_t asInteger(const c10::IValue& value) {
    if (value.isTensor())
        return value.toTensor().item<std::int64_t>();
    return value.isBool() ? value.toBool() : value.toInt();
}

c10::TypePtr withoutOptional(const c10::TypePtr& type) {
    if (const auto optional = type->cast<c10::OptionalType>())
        return optional->getElementType();
    return type;
}

/// Lays out one argument against the type that the schema wants. Throws std::runtime_error in words.
class Fitter {
public:
    explicit Fitter(const PolicyGraph& graph) : graph_(graph) {}

    ArgumentSource fit(const Argument& argument, const c10::Argument& wanted) const {
        const c10::TypePtr type = withoutOptional(wanted.type());
        if (const auto* constant = std::get_if<c10::IValue>(&argument.value))
            return constantFor(*constant, type, wanted);
        if (const auto* value = std::get_if<ValueId>(&argument.value))
            return valueFor(*value, type);
        return listFor(std::get<std::vector<Argument>>(argument.value), type, wanted);
    }

private:
    static ArgumentSource constant(c10::IValue value) {
        ArgumentSource source;
        source.constant = std::move(value);
        return source;
    }

    [[noreturn]] static void mismatch(const c10::Argument& wanted, const std::string& given) {
        throw std::runtime_error("argument \"" + wanted.name() + "\" is " + given + ", the operator takes " +
                                 wanted.type()->str());
    }

    ArgumentSource constantFor(const c10::IValue& value, const c10::TypePtr& type, const c10::Argument& wanted) const {
        if (value.isNone()) {
            if (wanted.type()->kind() != c10::TypeKind::OptionalType && type->kind() != c10::TypeKind::TensorType &&
                type->kind() != c10::TypeKind::GeneratorType)
                mismatch(wanted, "None");
            return constant(value);
        }
        switch (type->kind()) {
            case c10::TypeKind::TensorType:
                if (value.isTensor())
                    return constant(value);
                if (isNumber(value))
                    return constant(wrappedNumber(value));
                break;
            case c10::TypeKind::FloatType:
                if (value.isDouble() || value.isInt() || value.isBool())
                    return constant(asDouble(value));
                break;
            case c10::TypeKind::IntType:
            case c10::TypeKind::SymIntType:
                if (value.isInt() || value.isBool())
                    return constant(asInteger(value));
                break;
            case c10::TypeKind::BoolType:
                if (value.isBool() || value.isInt())
                    return constant(asInteger(value) != 0);
                break;
            case c10::TypeKind::NumberType:
                if (isNumber(value))
                    return constant(value);
                break;
            case c10::TypeKind::StringType:
                if (value.isString())
                    return constant(value);
                break;
            case c10::TypeKind::DeviceObjType:
                if (value.isDevice())
                    return constant(value);
                break;
            case c10::TypeKind::ListType:
                return constantListFor(value, type->expectRef<c10::ListType>().getElementType(), wanted);
            default:
                break;
        }
        mismatch(wanted, "of type " + value.tagKind());
    }

    ArgumentSource constantListFor(const c10::IValue& value, const c10::TypePtr& element,
                                   const c10::Argument& wanted) const {
        // A single number stands for a list of equal ones where the schema gives the length: int[2] stride.
        if (isNumber(value) && wanted.N()) {
            std::vector<Argument> repeated(static_cast<std::size_t>(*wanted.N()), Argument{"", value});
            return listFor(repeated, withoutOptional(wanted.type()), wanted);
        }
        if (value.isList()) {
            std::vector<Argument> items;
            for (const c10::IValue& item : value.toListRef())
                items.push_back({"", item});
            return listFor(items, withoutOptional(wanted.type()), wanted);
        }
        mismatch(wanted, "of type " + value.tagKind());
    }

    ArgumentSource valueFor(ValueId value, const c10::TypePtr& type) const {
        ArgumentSource source;
        source.value = value;
        source.kind = Kind::Value;
        const Value::Kind kind = graph_.values.at(value).kind;
        if (type->kind() == c10::TypeKind::TensorType && kind != Value::Kind::Tensor)
            source.kind = Kind::NumberAsTensor;
        else if (type->kind() == c10::TypeKind::FloatType && kind != Value::Kind::Float)
            source.kind = Kind::IntegerAsFloat;
        return source;
    }

    static Kind listKind(const c10::TypePtr& element, const c10::Argument& wanted) {
        switch (element->kind()) {
            case c10::TypeKind::TensorType:
                return Kind::Tensors;
            case c10::TypeKind::OptionalType:
                if (element->expectRef<c10::OptionalType>().getElementType()->kind() == c10::TypeKind::TensorType)
                    return Kind::OptionalTensors;
                break;
            case c10::TypeKind::IntType:
            case c10::TypeKind::SymIntType:
                return Kind::Integers;
            case c10::TypeKind::FloatType:
                return Kind::Floats;
            case c10::TypeKind::BoolType:
                return Kind::Booleans;
            default:
                break;
        }
        mismatch(wanted, "a list");
    }

    ArgumentSource listFor(const std::vector<Argument>& items, const c10::TypePtr& type,
                           const c10::Argument& wanted) const {
        if (type->kind() != c10::TypeKind::ListType)
            mismatch(wanted, "a list");
        const c10::TypePtr element = type->expectRef<c10::ListType>().getElementType();
        if (element->kind() == c10::TypeKind::NumberType || element->kind() == c10::TypeKind::StringType)
            return plainList(items, element, wanted);
        ArgumentSource source;
        source.kind = listKind(element, wanted);
        bool fixed = source.kind == Kind::Integers || source.kind == Kind::Floats || source.kind == Kind::Booleans;
        for (const Argument& item : items) {
            source.items.push_back(itemFor(item, source.kind, wanted));
            fixed = fixed && source.items.back().kind == Kind::Constant;
        }
        return fixed ? fixedList(source) : source;
    }

    ArgumentSource itemFor(const Argument& item, Kind kind, const c10::Argument& wanted) const {
        ArgumentSource source;
        if (const auto* value = std::get_if<ValueId>(&item.value)) {
            source.kind = Kind::Value;
            source.value = *value;
            const bool tensors = kind == Kind::Tensors || kind == Kind::OptionalTensors;
            if (tensors && graph_.values.at(*value).kind != Value::Kind::Tensor)
                source.kind = Kind::NumberAsTensor;
            return source;
        }
        const auto* constant = std::get_if<c10::IValue>(&item.value);
        const bool fits =
            constant && ((kind == Kind::OptionalTensors && (constant->isNone() || constant->isTensor())) ||
                         (kind == Kind::Tensors && constant->isTensor()) ||
                         (kind == Kind::Integers && (constant->isInt() || constant->isBool())) ||
                         (kind == Kind::Floats && (constant->isInt() || constant->isDouble())) ||
                         (kind == Kind::Booleans && constant->isBool()));
        if (!fits)
            mismatch(wanted, "a list that holds something else");
        source.constant = *constant;
        return source;
    }

    static ArgumentSource plainList(const std::vector<Argument>& items, const c10::TypePtr& element,
                                    const c10::Argument& wanted) {
        c10::impl::GenericList list(element);
        for (const Argument& item : items) {
            const auto* value = std::get_if<c10::IValue>(&item.value);
            if (!value || (element->kind() == c10::TypeKind::StringType ? !value->isString() : !isNumber(*value)))
                mismatch(wanted, "a list that holds something else");
            list.push_back(*value);
        }
        return constant(list);
    }

    static ArgumentSource fixedList(const ArgumentSource& source) {
        if (source.kind == Kind::Integers) {
            c10::List<std::int64_t> list;
            for (const auto& item : source.items)
                list.push_back(asInteger(item.constant));
            return constant(list);
        }
        if (source.kind == Kind::Floats) {
            c10::List<double> list;
            for (const auto& item : source.items)
                list.push_back(asDouble(item.constant));
            return constant(list);
        }
        c10::List<bool> list;
        for (const auto& item : source.items)
            list.push_back(item.constant.toBool());
        return constant(list);
    }

    const PolicyGraph& graph_;
};

const c10::IValue& valueOf(const ArgumentSource& source, const std::vector<c10::IValue>& frame) {
    return source.kind == Kind::Constant ? source.constant : frame[source.value];
}

at::Tensor tensorOf(const ArgumentSource& source, const std::vector<c10::IValue>& frame) {
    const c10::IValue& value = valueOf(source, frame);
    return source.kind == Kind::NumberAsTensor && !value.isTensor() ? wrappedNumber(value) : value.toTensor();
}

c10::IValue listOf(const ArgumentSource& source, const std::vector<c10::IValue>& frame) {
    switch (source.kind) {
        case Kind::Tensors: {
            c10::List<at::Tensor> list;
            list.reserve(source.items.size());
            for (const auto& item : source.items)
                list.push_back(tensorOf(item, frame));
            return list;
        }
        case Kind::OptionalTensors: {
            c10::List<std::optional<at::Tensor>> list;
            list.reserve(source.items.size());
            for (const auto& item : source.items) {
                const bool none = valueOf(item, frame).isNone();
                list.push_back(none ? std::nullopt : std::optional(tensorOf(item, frame)));
            }
            return list;
        }
        case Kind::Integers: {
            c10::List<std::int64_t> list;
            list.reserve(source.items.size());
            for (const auto& item : source.items)
                list.push_back(asInteger(valueOf(item, frame)));
            return list;
        }
        case Kind::Floats: {
            c10::List<double> list;
            for (const auto& item : source.items)
                list.push_back(asDouble(valueOf(item, frame)));
            return list;
        }
        default: {
            c10::List<bool> list;
            for (const auto& item : source.items)
                list.push_back(asInteger(valueOf(item, frame)) != 0);
            return list;
        }
    }
}

}  // namespace

void CallLayout::call(const std::vector<c10::IValue>& frame, c10::Stack& stack) const {
    for (const ArgumentSource& source : arguments_) {
        switch (source.kind) {
            case Kind::Constant:
                stack.push_back(source.constant);
                break;
            case Kind::Value:
                stack.push_back(frame[source.value]);
                break;
            case Kind::NumberAsTensor:
                stack.emplace_back(tensorOf(source, frame));
                break;
            case Kind::IntegerAsFloat: {
                const c10::IValue& value = frame[source.value];
                stack.emplace_back(value.isInt() || value.isBool() ? c10::IValue(asDouble(value)) : value);
                break;
            }
            default:
                stack.push_back(listOf(source, frame));
                break;
        }
    }
    if (operator_) {
        operator_->callBoxed(&stack);
    } else {
        c10::IValue result = function_(stack);
        stack.clear();
        stack.push_back(std::move(result));
    }
}

void CallLayout::store(c10::Stack& stack, const std::vector<ValueId>& outputs, std::vector<c10::IValue>& frame) const {
    const auto put = [&](ValueId value, c10::IValue result) {
        if (value >= 0)
            frame[value] = std::move(result);
    };
    if (unpacksList_) {
        const auto& list = stack.at(0).toListRef();
        if (list.size() < outputs.size())
            throw std::runtime_error("the result has " + std::to_string(list.size()) + " items, " +
                                     std::to_string(outputs.size()) + " are used");
        for (std::size_t i = 0; i < outputs.size(); ++i)
            put(outputs[i], list[i]);
        return;
    }
    if (stack.size() < outputs.size())
        throw std::runtime_error("fewer results than the graph uses");
    for (std::size_t i = 0; i < outputs.size(); ++i)
        put(outputs[i], std::move(stack[i]));
}

Result<CallLayout> layOutCall(const PolicyGraph& graph, const Node& node) {
    const std::string where = "node \"" + node.name + "\"" + (node.module.empty() ? "" : " of module " + node.module);
    CallLayout layout;
    layout.unpacksList_ = node.unpacksList;
    for (const Argument& argument : node.arguments) {
        bool known = true;
        forEachValueOf(argument, [&](ValueId value) {
            known = known && value >= 0 && value < static_cast<ValueId>(graph.values.size());
        });
        if (!known)
            return fail(ErrorKind::BadInput,
                        where + ": argument \"" + argument.name + "\" names a value that is not there");
    }
    if (node.target.starts_with("scalar::")) {
        layout.function_ = findScalarFunction(node.target);
        if (!layout.function_)
            return fail(ErrorKind::Unsupported, where + ": there is no function \"" + node.target + "\"");
        for (const Argument& argument : node.arguments) {
            ArgumentSource source;
            if (const auto* value = std::get_if<ValueId>(&argument.value)) {
                source.kind = Kind::Value;
                source.value = *value;
            } else if (const auto* constant = std::get_if<c10::IValue>(&argument.value)) {
                source.constant = *constant;
            } else {
                return fail(ErrorKind::BadInput, where + ": " + node.target + " takes no list");
            }
            layout.arguments_.push_back(std::move(source));
        }
        return layout;
    }
    if (const std::string reason = refusal(node.target); !reason.empty())
        return fail(ErrorKind::Unsupported, where + ": the operator " + node.target + " " + reason);
    layout.operator_ = findOperator(node.target);
    if (!layout.operator_)
        return fail(ErrorKind::Unsupported,
                    where + ": PyTorch's dispatcher has no operator " + node.target +
                        ". If it is a custom operator, export the policy without it or load the plugin that has it.");

    const auto& schema = layout.operator_->schema();
    std::vector<const Argument*> given(schema.arguments().size(), nullptr);
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
        const auto index = schemaIndex(schema, node.arguments[i], i);
        if (!index || given[*index])
            return fail(ErrorKind::BadInput,
                        where + ": " + node.target + " does not take the argument " +
                            (node.arguments[i].name.empty() ? "number " + std::to_string(i)
                                                            : "\"" + node.arguments[i].name + "\"") +
                            (index ? " twice" : ""));
        given[*index] = &node.arguments[i];
    }
    try {
        const Fitter fitter(graph);
        for (std::size_t i = 0; i < given.size(); ++i) {
            const c10::Argument& wanted = schema.arguments()[i];
            if (given[i]) {
                layout.arguments_.push_back(fitter.fit(*given[i], wanted));
            } else if (wanted.default_value()) {
                ArgumentSource source;
                source.constant = *wanted.default_value();
                layout.arguments_.push_back(std::move(source));
            } else {
                throw std::runtime_error("argument \"" + wanted.name() + "\" is missing");
            }
        }
    } catch (const std::exception& problem) {
        return fail(ErrorKind::BadInput, where + " (" + node.target + "): " + problem.what());
    }
    const std::size_t returned = schema.returns().size();
    const bool returnsList = returned == 1 && schema.returns()[0].type()->kind() == c10::TypeKind::ListType;
    if ((node.unpacksList && !returnsList) || (!node.unpacksList && node.outputs.size() > returned))
        return fail(ErrorKind::BadInput, where + ": " + node.target + " does not have the results that the graph uses");
    return layout;
}

}  // namespace sqil
