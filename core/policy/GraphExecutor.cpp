#include "core/policy/GraphExecutor.h"

#include <ATen/Functions.h>
#include <ATen/ScalarOps.h>
#include <algorithm>
#include <limits>
#include <sstream>

#include "core/policy/AliasSets.h"
#include "core/policy/CallLayout.h"
#include "core/policy/DeviceMemory.h"
#include "core/policy/Operators.h"
#include "core/policy/ScalarFunctions.h"

namespace sqil {
namespace {

using Frame = std::vector<c10::IValue>;

std::string describe(const c10::IValue& value) {
    if (!value.isTensor())
        return value.isNone() ? "None" : value.tagKind();
    const at::Tensor& tensor = value.toTensor();
    if (!tensor.defined())
        return "no tensor";
    std::ostringstream text;
    text << c10::toString(tensor.scalar_type()) << tensor.sizes();
    if (!tensor.is_cpu())
        text << " on " << tensor.device();
    return text.str();
}

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

/// One node, ready to be called.
struct Step {
    const Node* node = nullptr;
    CallLayout layout;
    std::vector<ValueId> uses;    ///< values it reads, each once
    std::vector<ValueId> writes;  ///< values it changes in place
};

/// Which steps run, and how often each value is still needed.
struct Plan {
    std::vector<std::int32_t> steps;
    std::vector<std::int32_t> uses;      ///< by value
    std::vector<std::int32_t> bindings;  ///< indices of the graph's bindings that are read
};

}  // namespace

struct GraphExecutor::Program {
    PolicyGraph graph;
    std::vector<Step> steps;
    std::vector<bool> changed;         ///< values whose memory a step writes to: what is given is copied first
    std::vector<std::int32_t> madeBy;  ///< step that computes each value; −1: an input or a binding
    AliasSets aliases{0};
    bool hasWrites = false;
    std::vector<bool> bound;
    Plan all;

    Result<void> build();
    Result<Plan> plan(const std::vector<bool>& known, std::span<const ValueId> wanted) const;
    void place(Frame& frame, ValueId value, const at::Tensor& tensor) const;
    Result<std::vector<at::Tensor>> execute(const Plan& plan, Frame& frame, std::span<const ValueId> wanted) const;
    std::string describeFailure(const Step& step, const Frame& frame) const;
    Error failure(const Step& step, const Frame& frame, const c10::Error& error) const;
};

Result<void> GraphExecutor::Program::build() {
    const std::size_t count = graph.values.size();
    aliases = AliasSets(count);
    changed.assign(count, false);
    bound.assign(count, false);
    for (const Binding& binding : graph.bindings)
        bound[binding.value] = true;
    std::vector<ValueId> written;
    steps.reserve(graph.nodes.size());
    for (const Node& node : graph.nodes) {
        Step step;
        step.node = &node;
        auto layout = layOutCall(graph, node);
        if (!layout)
            return tl::unexpected(layout.error());
        step.layout = std::move(*layout);
        for (const Argument& argument : node.arguments)
            forEachValueOf(argument, [&](ValueId value) { step.uses.push_back(value); });
        std::sort(step.uses.begin(), step.uses.end());
        step.uses.erase(std::unique(step.uses.begin(), step.uses.end()), step.uses.end());
        const NodeEffects effects = effectsOf(node);
        for (const auto& [output, argument] : effects.aliases)
            aliases.join(output, argument);
        step.writes = effects.writes;
        written.insert(written.end(), step.writes.begin(), step.writes.end());
        steps.push_back(std::move(step));
    }
    hasWrites = !written.empty();
    aliases.flatten();
    std::vector<bool> writtenSets(count, false);
    for (const ValueId target : written)
        writtenSets[static_cast<std::size_t>(aliases.rootOf(target))] = true;
    for (std::size_t value = 0; value < count; ++value)
        changed[value] = writtenSets[static_cast<std::size_t>(aliases.rootOf(static_cast<ValueId>(value)))];
    madeBy.assign(count, -1);
    for (std::size_t i = 0; i < steps.size(); ++i)
        for (const ValueId output : steps[i].node->outputs)
            if (output >= 0)
                madeBy[static_cast<std::size_t>(output)] = static_cast<std::int32_t>(i);

    std::vector<bool> known(count, false);
    for (const ValueId input : graph.inputs)
        known[input] = true;
    auto planned = plan(known, graph.outputs);
    if (!planned)
        return tl::unexpected(planned.error());
    all = std::move(*planned);
    return {};
}

Result<Plan> GraphExecutor::Program::plan(const std::vector<bool>& known, std::span<const ValueId> wanted) const {
    Plan plan;
    plan.uses.assign(graph.values.size(), 0);
    std::vector<bool> needed(graph.values.size(), false);
    // Of values that share memory: the step after which writes to it matter. None does, at first.
    std::vector<std::int32_t> writesMatterAfter(hasWrites ? graph.values.size() : 0,
                                                std::numeric_limits<std::int32_t>::max());
    const auto need = [&](ValueId value) {
        ++plan.uses[value];
        if (hasWrites) {
            std::int32_t& after = writesMatterAfter[aliases.rootOf(value)];
            after = std::min(after, known[value] ? madeBy[value] : -1);
        }
        if (!known[value])
            needed[value] = true;
    };
    for (const ValueId value : wanted)
        need(value);
    for (std::size_t i = steps.size(); i-- > 0;) {
        const Step& step = steps[i];
        const auto gives = [&](ValueId output) { return output >= 0 && needed[output]; };
        const auto changes = [&](ValueId value) {
            return static_cast<std::int32_t>(i) > writesMatterAfter[aliases.rootOf(value)];
        };
        if (!std::any_of(step.node->outputs.begin(), step.node->outputs.end(), gives) &&
            !std::any_of(step.writes.begin(), step.writes.end(), changes))
            continue;
        plan.steps.push_back(static_cast<std::int32_t>(i));
        for (const ValueId output : step.node->outputs)
            if (output >= 0)
                needed[output] = false;
        for (const ValueId value : step.uses)
            need(value);
    }
    std::reverse(plan.steps.begin(), plan.steps.end());
    for (std::size_t i = 0; i < graph.bindings.size(); ++i)
        if (needed[graph.bindings[i].value]) {
            needed[graph.bindings[i].value] = false;
            plan.bindings.push_back(static_cast<std::int32_t>(i));
        }
    for (std::size_t value = 0; value < needed.size(); ++value)
        if (needed[value])
            return fail(ErrorKind::BadInput,
                        "the value \"" + graph.values[value].name +
                            "\" is needed, but neither given nor computed by a node before its use");
    return plan;
}

void GraphExecutor::Program::place(Frame& frame, ValueId value, const at::Tensor& tensor) const {
    if (graph.values[value].kind == Value::Kind::Tensor)
        frame[value] = changed[value] ? tensor.clone() : tensor;
    else if (graph.values[value].kind == Value::Kind::Float)
        frame[value] = tensor.item<double>();
    else
        frame[value] = tensor.item<std::int64_t>();
}

std::string GraphExecutor::Program::describeFailure(const Step& step, const Frame& frame) const {
    const Node& node = *step.node;
    std::string message = "node \"" + node.name + "\" (" + node.target + ")";
    if (!node.module.empty())
        message += " of module " + node.module;
    message += " failed";
    std::string shapes;
    for (const Argument& argument : node.arguments)
        forEachValueOf(argument, [&](ValueId value) {
            shapes += (shapes.empty() ? "" : ", ") + graph.values[value].name + ": " + describe(frame[value]);
        });
    if (!shapes.empty())
        message += " on " + shapes;
    return message;
}

Error GraphExecutor::Program::failure(const Step& step, const Frame& frame, const c10::Error& error) const {
    at::Device device(at::kCPU);
    for (const ValueId value : step.uses)
        if (frame[value].isTensor() && frame[value].toTensor().defined() && !frame[value].toTensor().is_cpu())
            device = frame[value].toTensor().device();
    Error failed = deviceError(error, device, describeFailure(step, frame));
    if (failed.kind != ErrorKind::Io)  // an operator that does not take what it is given
        failed.kind = ErrorKind::BadInput;
    return failed;
}

Result<std::vector<at::Tensor>> GraphExecutor::Program::execute(const Plan& plan, Frame& frame,
                                                                std::span<const ValueId> wanted) const {
    for (const std::int32_t index : plan.bindings) {
        const Binding& binding = graph.bindings[index];
        frame[binding.value] = changed[binding.value] ? binding.tensor.clone() : binding.tensor;
    }
    std::vector<std::int32_t> left = plan.uses;
    c10::Stack stack;
    stack.reserve(32);
    for (const std::int32_t index : plan.steps) {
        const Step& step = steps[index];
        try {
            stack.clear();
            step.layout.call(frame, stack);
            step.layout.store(stack, step.node->outputs, frame);
        } catch (const c10::Error& error) {
            return tl::unexpected(failure(step, frame, error));
        } catch (const std::exception& error) {
            return fail(ErrorKind::BadInput, describeFailure(step, frame) + ": " + firstLine(error.what()));
        }
        for (const ValueId value : step.uses)
            if (--left[value] == 0)
                frame[value] = c10::IValue();
        for (const ValueId output : step.node->outputs)
            if (output >= 0 && left[output] == 0)
                frame[output] = c10::IValue();
    }
    std::vector<at::Tensor> results;
    results.reserve(wanted.size());
    for (const ValueId value : wanted) {
        const c10::IValue& result = frame[value];
        if (result.isTensor() && result.toTensor().defined())
            results.push_back(result.toTensor());
        else if (result.isScalar())
            results.push_back(c10::scalar_to_tensor(result.toScalar()));
        else
            return fail(ErrorKind::BadInput, "the value \"" + graph.values[value].name + "\" is " + describe(result) +
                                                 ", where a tensor was expected");
    }
    return results;
}

Result<GraphExecutor> GraphExecutor::create(const PolicyGraph& graph) {
    auto program = std::make_unique<Program>();
    program->graph = graph;
    if (auto built = program->build(); !built)
        return tl::unexpected(built.error());
    return GraphExecutor(std::move(program));
}

GraphExecutor::GraphExecutor(std::unique_ptr<const Program> program) : program_(std::move(program)) {}
GraphExecutor::GraphExecutor(GraphExecutor&&) noexcept = default;
GraphExecutor& GraphExecutor::operator=(GraphExecutor&&) noexcept = default;
GraphExecutor::~GraphExecutor() = default;

Result<std::vector<at::Tensor>> GraphExecutor::run(std::span<const at::Tensor> inputs) const {
    const PolicyGraph& graph = program_->graph;
    if (inputs.size() != graph.inputs.size())
        return fail(ErrorKind::BadInput, "the policy takes " + std::to_string(graph.inputs.size()) + " inputs, " +
                                             std::to_string(inputs.size()) + " were given");
    Frame frame(graph.values.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (!inputs[i].defined())
            return fail(ErrorKind::BadInput, "input \"" + graph.values[graph.inputs[i]].name + "\" is not given");
        program_->place(frame, graph.inputs[i], inputs[i]);
    }
    return program_->execute(program_->all, frame, graph.outputs);
}

Result<std::vector<at::Tensor>> GraphExecutor::evaluate(std::span<const std::pair<ValueId, at::Tensor>> known,
                                                        std::span<const ValueId> wanted) const {
    const auto count = static_cast<ValueId>(program_->graph.values.size());
    std::vector<bool> given(count, false);
    Frame frame(count);
    for (const auto& [value, tensor] : known) {
        if (value < 0 || value >= count || !tensor.defined())
            return fail(ErrorKind::BadInput, "a given value is not one of the graph's, or has no tensor");
        given[value] = true;
        try {
            program_->place(frame, value, tensor);
        } catch (const c10::Error& error) {
            return fail(ErrorKind::BadInput, "the given value \"" + program_->graph.values[value].name +
                                                 "\" does not fit: " + firstLine(error.what_without_backtrace()));
        }
    }
    for (const ValueId value : wanted)
        if (value < 0 || value >= count)
            return fail(ErrorKind::BadInput, "a wanted value is not one of the graph's");
    auto plan = program_->plan(given, wanted);
    if (!plan)
        return tl::unexpected(plan.error());
    return program_->execute(*plan, frame, wanted);
}

}  // namespace sqil
