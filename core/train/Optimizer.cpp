#include "core/train/Optimizer.h"

#include <ATen/ATen.h>

namespace sqil {
namespace {

constexpr double kEpsilon = 1e-8;
constexpr double kLeastStep = 1e-8;  // as learnedStepQuantize() takes it

/// What one call of a fused kernel takes.
struct Group {
    std::vector<at::Tensor> tensors, gradients, first, second, counts;
};

}  // namespace

Optimizer::Optimizer(const TrainSpec& spec, std::vector<TrainableTensor> tensors)
    : kind_(spec.optimizer),
      stepSizeFactor_(spec.stepSizeFactor),
      weightDecay_(spec.weightDecay),
      beta1_(spec.beta1),
      beta2_(spec.beta2),
      momentum_(spec.momentum),
      tensors_(std::move(tensors)) {
    for (const TrainableTensor& trained : tensors_) {
        const at::Tensor values = trained.tensor.detach();
        moments_.push_back({at::zeros_like(values), kind_ == OptimizerKind::Sgd ? at::Tensor() : at::zeros_like(values),
                            at::zeros({}, at::TensorOptions().dtype(at::kFloat).device(values.device()))});
    }
}

double Optimizer::clipGradient(double largest) {
    const at::NoGradGuard noGradient;
    double squares = 0;
    for (const TrainableTensor& trained : tensors_)
        if (trained.tensor.grad().defined()) {
            const double norm = trained.tensor.grad().norm().item<double>();
            squares += norm * norm;
        }
    const double norm = std::sqrt(squares);
    if (largest > 0 && norm > largest && std::isfinite(norm))
        for (const TrainableTensor& trained : tensors_)
            if (trained.tensor.grad().defined())
                trained.tensor.grad().mul_(largest / norm);
    return norm;
}

void Optimizer::step(double learningRate) {
    const at::NoGradGuard noGradient;
    for (const bool quantizerSteps : {false, true}) {
        Group group, fresh;
        for (std::size_t index = 0; index < tensors_.size(); ++index) {
            const TrainableTensor& trained = tensors_[index];
            if ((trained.role != TrainableTensor::Role::Weight) != quantizerSteps || !trained.tensor.grad().defined())
                continue;
            Moments& moments = moments_[index];
            // SGD's momentum starts as the first gradient, in a call of its own.
            const bool isFresh = kind_ == OptimizerKind::Sgd && moments.count.item<double>() == 0;
            Group& into = isFresh ? fresh : group;
            moments.count.add_(1);
            into.tensors.push_back(trained.tensor);
            into.gradients.push_back(trained.tensor.grad().contiguous());
            into.first.push_back(moments.first);
            into.second.push_back(moments.second);
            into.counts.push_back(moments.count);
        }
        const double rate = learningRate * (quantizerSteps ? stepSizeFactor_ : 1);
        const double decay = quantizerSteps ? 0 : weightDecay_;
        for (const bool isFirst : {false, true}) {
            Group& now = isFirst ? fresh : group;
            if (now.tensors.empty())
                continue;
            if (kind_ == OptimizerKind::Adam)
                at::_fused_adam_(now.tensors, now.gradients, now.first, now.second, {}, now.counts, rate, beta1_,
                                 beta2_, decay, kEpsilon, false, false);
            else if (kind_ == OptimizerKind::AdamW)
                at::_fused_adamw_(now.tensors, now.gradients, now.first, now.second, {}, now.counts, rate, beta1_,
                                  beta2_, decay, kEpsilon, false, false);
            else
                at::_fused_sgd_(now.tensors, now.gradients, momentum_ > 0 ? now.first : std::vector<at::Tensor>(),
                                decay, momentum_, rate, 0, false, false, isFirst);
            if (quantizerSteps)
                for (const at::Tensor& tensor : now.tensors)
                    tensor.clamp_min_(kLeastStep);
        }
    }
}

void Optimizer::clearGradients() {
    for (const TrainableTensor& trained : tensors_)
        trained.tensor.mutable_grad() = at::Tensor();
}

std::map<std::string, at::Tensor> Optimizer::state() const {
    std::map<std::string, at::Tensor> state;
    for (std::size_t index = 0; index < tensors_.size(); ++index) {
        state["first/" + tensors_[index].name] = moments_[index].first;
        if (moments_[index].second.defined())
            state["second/" + tensors_[index].name] = moments_[index].second;
        state["count/" + tensors_[index].name] = moments_[index].count;
    }
    return state;
}

bool Optimizer::restore(const std::map<std::string, at::Tensor>& state) {
    const at::NoGradGuard noGradient;
    for (auto& [name, tensor] : this->state()) {
        const auto found = state.find(name);
        if (found == state.end() || found->second.sizes() != tensor.sizes() ||
            found->second.scalar_type() != tensor.scalar_type())
            return false;
        tensor.copy_(found->second);
    }
    return true;
}

}  // namespace sqil
