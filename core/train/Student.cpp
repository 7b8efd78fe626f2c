#include "core/train/Student.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>

#include "core/policy/Preprocessing.h"

namespace sqil {
namespace {

/// CPU autocast for one forward pass. Its cache of converted weights must not outlive an optimizer's step.
class Autocast {
public:
    explicit Autocast(TrainPrecision precision) : on_(precision == TrainPrecision::BFloat16) {
        if (!on_)
            return;
        before_ = at::autocast::is_autocast_enabled(at::kCPU);
        at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
        at::autocast::set_autocast_enabled(at::kCPU, true);
    }
    ~Autocast() {
        if (!on_)
            return;
        at::autocast::set_autocast_enabled(at::kCPU, before_);
        at::autocast::clear_cache();
    }
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;

private:
    bool on_;
    bool before_ = false;
};

/// The losses' values of one run of the graph.
Result<at::Tensor> valuesOf(const Policy& policy, const GraphExecutor& executor, std::span<const at::Tensor> inputs,
                            TrainPrecision precision) {
    std::vector<at::Tensor> ready;
    for (std::size_t index = 0; index < inputs.size(); ++index) {
        const auto& meta = policy.graph().values[static_cast<std::size_t>(policy.graph().inputs[index])].meta;
        ready.push_back(meta ? convertedTo(inputs[index], meta->type) : inputs[index]);
    }
    auto outputs = [&] {
        const Autocast autocast(precision);
        return executor.run(ready);
    }();
    if (!outputs)
        return tl::unexpected(outputs.error());
    for (at::Tensor& output : *outputs)
        if (output.defined() && output.is_floating_point())
            output = output.to(at::kFloat);
    try {
        const std::int64_t batch = inputs.front().size(0);
        const at::Tensor& first = outputs->at(static_cast<std::size_t>(policy.card().outputs.at(0)));
        switch (policy.card().head) {
            case ActionHead::Categorical:
                return first.reshape({batch, -1});
            case ActionHead::TokenLogits:
                return first.reshape({batch, -1, first.size(-1)});
            default:
                break;
        }
        const at::Tensor values = policy.head(*outputs);
        if (values.size(0) != batch)
            return fail(ErrorKind::BadInput, "the policy gives " + std::to_string(values.size(0)) +
                                                 " rows for a batch of " + std::to_string(batch));
        return values;
    } catch (const c10::Error& error) {
        return fail(ErrorKind::BadInput,
                    std::string("the ") + std::string(nameOf(policy.card().head)) +
                        " head does not fit the policy's outputs: " + error.what_without_backtrace());
    }
}

at::Tensor paddedTo(const at::Tensor& input, std::int64_t rows) {
    std::vector<std::int64_t> sizes = input.sizes().vec();
    sizes[0] = rows - input.size(0);
    return at::cat({input, input.slice(0, input.size(0) - 1).expand(sizes)});
}

}  // namespace

Result<at::Tensor> headValues(const Policy& policy, const GraphExecutor& executor, std::span<const at::Tensor> inputs,
                              TrainPrecision precision) {
    const std::int64_t batch = inputs.front().size(0);
    const auto [smallest, largest] = policy.graph().batchRange();
    const bool fixed = !policy.graph().hasDynamicBatch();
    if (!fixed && batch >= smallest && batch <= largest)
        return valuesOf(policy, executor, inputs, precision);
    const std::int64_t part = fixed || batch > largest ? largest : smallest;
    std::vector<at::Tensor> results;
    for (std::int64_t first = 0; first < batch; first += part) {
        const std::int64_t rows = std::min(part, batch - first);
        const bool pad = rows < part && (fixed || rows < smallest);
        std::vector<at::Tensor> slices;
        for (const at::Tensor& input : inputs) {
            const at::Tensor slice = input.slice(0, first, first + rows);
            slices.push_back(pad ? paddedTo(slice, part) : slice);
        }
        auto values = valuesOf(policy, executor, slices, precision);
        if (!values)
            return values;
        results.push_back(values->slice(0, 0, rows));
    }
    return results.size() == 1 ? results.front() : at::cat(results);
}

}  // namespace sqil
