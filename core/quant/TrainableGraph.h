#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/quant/PostTraining.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

/// One tensor that training changes. Leaves: the optimizer writes into them in place
/// (under NoGradGuard), so that executors made from the graph see every change.
struct TrainableTensor {
    enum class Role { Weight, WeightStep, ActivationStep };
    std::string name;   ///< of the binding: "encoder.0.weight", "encoder.0.weight_step", "encoder.0.activation_step"
    at::Tensor tensor;  ///< float32, requires_grad
    Role role = Role::Weight;
};

/// How one layer of a TrainableGraph is quantized.
struct TrainableLayer {
    std::string layer;
    int weightBits = 16;      ///< 16: in floating point
    int activationBits = 16;  ///< likewise
    std::int64_t outputAxis = 0;
    bool activationSigned = true;
    ValueId weight = -1;             ///< the binding with the weight in floating point
    ValueId weightStep = -1;         ///< the binding with its steps; −1: not quantized
    ValueId activationStep = -1;     ///< likewise; layers that read the same value share it
    std::vector<std::string> notes;  ///< what was done to it before training: see LayerQuantization
};

/// A policy's graph whose weights and quantizer steps can be trained: a copy (no tensor is shared
/// with the policy) with sqil::learned_step_quantize nodes on the weights and activations of its
/// quantized layers. Run it with GraphExecutor under gradients. METHOD "Quantizer", LSQ.
struct TrainableGraph {
    PolicyFile file;   ///< graph, extra files; run by GraphExecutor::create(file.graph)
    PolicyFile plain;  ///< the policy as training starts from it, without quantizers: exportTrained() puts the trained
                       ///< weights into it
    std::optional<QuantSpec> spec;  ///< none: full precision (recipe `fp`)
    std::vector<TrainableLayer> layers;

    /// Every parameter of floating point that the file calls trainable, then all steps; a fixed order.
    std::vector<TrainableTensor> trainable() const;
};

/// Without `spec` the graph is trainable in full precision. With it, layers and bits are chosen as quantizePolicy()
/// does, and weights and their steps start as the method `start` has them (TrainingStart); activation steps start at
/// the searched step over the recorded steps of `rollouts`, and stay there for the policy's own inputs at 8 bits and
/// more. Errors as quantizePolicy()'s.
Result<TrainableGraph> makeTrainable(const Policy& policy, Rollouts& rollouts, const std::optional<QuantSpec>& spec,
                                     QuantMethod start = QuantMethod::Ptq, const Progress& progress = {});

/// The trained graph as a plain policy: weights at their quantized values, activation quantizers as
/// aten::fake_quantize nodes, bits and steps in the archive's kQuantizationFile with `method`
/// ("qat", "sqil", …) as its recipe. Runs to the trained graph's outputs within float rounding.
Result<QuantizedPolicy> exportTrained(const TrainableGraph& trained, const std::string& method);

}  // namespace sqil
