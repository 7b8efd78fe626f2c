#include "core/bench/TrainBench.h"

#include <ATen/ATen.h>

#include <array>
#include <numeric>
#include <thread>

#include "core/bench/Machine.h"
#include "core/bench/Samples.h"
#include "core/data/Rollouts.h"
#include "core/policy/GraphExecutor.h"
#include "core/policy/ThreadCount.h"
#include "core/quant/TrainableGraph.h"

namespace sqil {
namespace {

constexpr int leastRounds = 3;

/// The same quantizers as PyTorch has them.
void usePyTorchsQuantizers(PolicyGraph& graph) {
    const auto argument = [](const Node& node, std::size_t index) { return node.arguments.at(index); };
    for (Node& node : graph.nodes) {
        if (node.target != "sqil::learned_step_quantize")
            continue;
        const std::int64_t axis = std::get<c10::IValue>(argument(node, 4).value).toInt();
        const ValueId steps = std::get<ValueId>(argument(node, 1).value);
        Binding zeros;
        zeros.name = node.name + "_zero_point";
        zeros.value = graph.addValue(zeros.name, std::nullopt);
        zeros.kind = Binding::Kind::Buffer;
        zeros.tensor = at::zeros_like(graph.binding(steps)->tensor.detach());
        std::vector<Argument> arguments{
            {"self", argument(node, 0).value}, {"scale", steps}, {"zero_point", zeros.value}};
        if (axis >= 0)
            arguments.push_back({"axis", c10::IValue(axis)});
        arguments.push_back({"quant_min", argument(node, 2).value});
        arguments.push_back({"quant_max", argument(node, 3).value});
        arguments.push_back({"grad_factor", argument(node, 6).value});
        node.target = axis >= 0 ? "aten::_fake_quantize_learnable_per_channel_affine"
                                : "aten::_fake_quantize_learnable_per_tensor_affine";
        node.arguments = std::move(arguments);
        graph.bindings.push_back(std::move(zeros));
    }
}

/// One policy in training.
class Student {
public:
    static Result<Student> create(TrainableGraph graph) {
        auto executor = GraphExecutor::create(graph.file.graph);
        if (!executor)
            return tl::unexpected(executor.error());
        return Student(std::move(graph), std::move(*executor));
    }

    Result<void> step(const Policy& policy, std::span<const at::Tensor> inputs, const at::Tensor& wanted) {
        auto outputs = executor_.run(inputs);
        if (!outputs)
            return tl::unexpected(outputs.error());
        const at::Tensor loss = (policy.head(*outputs) - wanted).square().mean();
        loss.backward();
        const at::NoGradGuard none;
        std::vector<at::Tensor> gradients;
        for (const at::Tensor& tensor : tensors_)
            gradients.push_back(tensor.grad());
        for (const at::Tensor& count : counts_)
            count.add_(1);
        at::_fused_adam_(tensors_, gradients, means_, squares_, {}, counts_, 1e-4, 0.9, 0.999, 0.0, 1e-8, false, false);
        for (const at::Tensor& tensor : tensors_)
            tensor.mutable_grad() = at::Tensor();
        return {};
    }

private:
    Student(TrainableGraph graph, GraphExecutor executor) : graph_(std::move(graph)), executor_(std::move(executor)) {
        for (const TrainableTensor& trained : graph_.trainable()) {
            tensors_.push_back(trained.tensor);
            means_.push_back(at::zeros_like(trained.tensor.detach()));
            squares_.push_back(at::zeros_like(trained.tensor.detach()));
            counts_.push_back(at::zeros({}, at::TensorOptions().dtype(at::kFloat)));
        }
    }
    TrainableGraph graph_;
    GraphExecutor executor_;
    std::vector<at::Tensor> tensors_, means_, squares_, counts_;
};

struct Way {
    const char* name;
    Student student;
    std::vector<double> seconds;
};

Result<std::vector<Way>> waysOf(const Policy& policy, Rollouts& rollouts, const QuantSpec& spec) {
    std::vector<Way> ways;
    for (const char* name : {"full_precision", "quantized", "pytorch"}) {
        const bool isPlain = ways.empty();
        auto graph = makeTrainable(policy, rollouts, isPlain ? std::optional<QuantSpec>() : spec);
        if (!graph)
            return tl::unexpected(graph.error());
        if (std::string_view(name) == "pytorch")
            usePyTorchsQuantizers(graph->file.graph);
        auto student = Student::create(std::move(*graph));
        if (!student)
            return tl::unexpected(student.error());
        ways.push_back({name, std::move(*student), {}});
    }
    return ways;
}

Result<std::vector<at::Tensor>> batchOf(const Policy& policy, Rollouts& rollouts, int batch) {
    for (std::size_t episode = 0; episode < rollouts.info().episodes.size(); ++episode) {
        const std::int64_t steps = rollouts.info().episodes[episode].steps;
        if (steps < 1)
            continue;
        auto inputs = policy.inputs(rollouts, episode, 0, std::min<std::int64_t>(batch, steps));
        if (!inputs)
            return inputs;
        for (at::Tensor& input : *inputs)
            input = at::cat(std::vector<at::Tensor>(static_cast<std::size_t>(batch / input.size(0) + 1), input))
                        .slice(0, 0, batch);
        return inputs;
    }
    return fail(ErrorKind::BadInput, rollouts.info().path.string() + ": no episode has a step to train on");
}

}  // namespace

Result<nlohmann::json> benchTrain(const TrainBenchOptions& options, const Progress& progress) {
    if (options.threads < 1 || options.batch < 1)
        return fail(ErrorKind::BadInput, "threads and batch must be 1 or more");
    if (options.spec.granularity == Granularity::Group)
        return fail(ErrorKind::Unsupported, "PyTorch has no learnable quantizer with groups to compare with");
    const ThreadCount threads(options.threads);
    auto rollouts = Rollouts::open(options.rollouts);
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    auto policy = Policy::load(options.policy, (*rollouts)->info());
    if (!policy)
        return tl::unexpected(policy.error());
    auto inputs = batchOf(**policy, **rollouts, options.batch);
    if (!inputs)
        return tl::unexpected(inputs.error());
    auto wanted = [&] {
        const at::NoGradGuard none;
        return (*policy)->forward(*inputs);
    }();
    if (!wanted)
        return tl::unexpected(wanted.error());
    auto ways = waysOf(**policy, **rollouts, options.spec);
    if (!ways)
        return tl::unexpected(ways.error());

    const double end = now() + options.seconds;
    for (int round = -2; round < leastRounds || now() < end; ++round)
        for (Way& way : *ways) {
            if (!report(progress, way.name, round + 2, 0))
                return fail(ErrorKind::Cancelled, "the benchmark was stopped");
            const double start = now();
            if (auto stepped = way.student.step(**policy, *inputs, *wanted); !stepped)
                return tl::unexpected(stepped.error());
            if (round >= 0)  // the first rounds warm up
                way.seconds.push_back(now() - start);
        }

    nlohmann::json result{{"benchmark", "train"},
                          {"machine", describeMachine(options.threads)},
                          {"policy", options.policy.filename().string()},
                          {"parameters", (*policy)->graph().parameterCount()},
                          {"quantization", shortName(options.spec)},
                          {"batch", options.batch},
                          {"rounds", ways->front().seconds.size()}};
    const std::vector<double>& plain = ways->front().seconds;
    for (const Way& way : *ways) {
        std::vector<double> milliseconds = way.seconds, ratios = way.seconds;
        for (std::size_t i = 0; i < ratios.size(); ++i) {
            milliseconds[i] *= 1e3;
            ratios[i] /= plain[i];
        }
        result["ways"][way.name] = toJson(medianOf(milliseconds), "_ms");
        if (&way != &ways->front())
            result["ratios"][std::string(way.name) + "_over_full_precision"] = toJson(medianOf(ratios), "");
    }
    return result;
}

}  // namespace sqil
