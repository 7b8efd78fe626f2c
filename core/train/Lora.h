#pragma once
#include <string>
#include <vector>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/quant/QuantizedAssembly.h"
#include "core/quant/TrainableGraph.h"
#include "core/train/TrainSpec.h"

namespace sqil {

/// One linear layer with its adapter: W·x + scale·B·A·x.
struct AdaptedLayer {
    std::string weight;        ///< name of the weight's binding
    at::Tensor base;           ///< frozen, as the base has it: out×in, or in×out where the graph stores it so
    bool inputsFirst = false;  ///< in×out
    at::Tensor down, up;       ///< A: rank×in, B: out×rank; leaves
    double scale = 1;          ///< alpha/rank
};

/// A policy whose weights are frozen, with low-rank adapters on every linear layer (LoRA, Hu et al. 2021; QLoRA,
/// Dettmers et al. 2023, with a base in NF4). METHOD "QLoRA". A starts uniform in ±1/√in, a pure function of the seed;
/// B at 0.
struct AdaptedGraph {
    PolicyGraph training;    ///< with dropout in front of the adapters
    PolicyGraph evaluation;  ///< the same tensors, without
    std::vector<AdaptedLayer> layers;

    std::vector<TrainableTensor> trainable() const;
};

/// The spec must have adapters. The base is the policy as it is, quantized after training by the spec's QuantSpec
/// (adapters stand on the quantized weights), or with its linear layers in NF4 and the rest quantized after training;
/// activations are quantized by the QuantSpec wherever there is one.
Result<AdaptedGraph> addAdapters(const Policy& policy, Rollouts& rollouts, const TrainSpec& spec,
                                 const Progress& progress = {});

/// The adapters merged into their weights, and the whole quantized after training by the spec's QuantSpec (not at all
/// where there is none).
Result<QuantizedPolicy> mergeAdapters(const AdaptedGraph& adapted, const Policy& policy, Rollouts& rollouts,
                                      const TrainSpec& spec, const Progress& progress = {});

}  // namespace sqil
