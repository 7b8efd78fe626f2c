#pragma once
#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/quant/TrainableGraph.h"
#include "core/train/TrainSpec.h"

namespace sqil {

/// Adam, AdamW or SGD with momentum over LibTorch's fused CPU kernels, in place. Quantizer steps have their own
/// learning rate, no weight decay, and stay positive. The state is plain tensors.
class Optimizer {
public:
    Optimizer(const TrainSpec& spec, std::vector<TrainableTensor> tensors);

    /// The norm of the whole gradient; where it exceeds `largest` (> 0), the gradient is scaled down to it.
    double clipGradient(double largest);
    /// One step at this learning rate, with the tensors' gradients; tensors without one stay as they are.
    void step(double learningRate);
    void clearGradients();

    /// Moments and counts by name, as they are (not copies).
    std::map<std::string, at::Tensor> state() const;
    /// Takes over a state() of an optimizer over the same tensors; false where a tensor is missing or has another
    /// shape.
    bool restore(const std::map<std::string, at::Tensor>& state);

private:
    struct Moments {
        at::Tensor first, second, count;
    };
    OptimizerKind kind_;
    double stepSizeFactor_, weightDecay_, beta1_, beta2_, momentum_;
    std::vector<TrainableTensor> tensors_;
    std::vector<Moments> moments_;
};

}  // namespace sqil
