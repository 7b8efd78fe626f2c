#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/analysis/Perturbation.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"

namespace sqil {

/// S(s, k) of one input of the policy at every place k, for one step.
struct ModalitySaliency {
    std::string input;      ///< name of the graph's input
    std::int64_t rows = 1;  ///< grid of places: 1 × dimensions for a state vector
    std::int64_t columns = 0;
    std::vector<float> scores;  ///< row-major, rows·columns; S = ½‖π(s) − π(φ(s, k))‖²
};

/// S of one step under one policy. SIS(s) is the mean of all scores.
struct StepSaliency {
    std::vector<ModalitySaliency> modalities;
    std::vector<float> headOutput;  ///< π(s)
    double sis() const;
    static double sisOf(const ModalitySaliency& modality);
};

/// Computes saliency of one policy. Perturbed inputs are never written out where that can be
/// avoided: blur and blend are fused, the first layer's linearity is used, and only what a local change can
/// reach is recomputed in convolution layers; a graph whose structure allows none of it is run in batches.
/// Immutable after creation; step() may be called from several threads.
class SaliencyEngine {
public:
    enum class Method { Auto, Batched };  ///< Batched: every perturbed input through the whole graph

    /// `perturbations`: at most one image kind and `state`; inputs of the policy that no listed
    /// perturbation applies to are left alone. `stateMean`, `stateStd`: per input name, needed
    /// by `state` (see stateStatistics()).
    struct StateStatistics {
        std::string input;
        std::vector<float> mean, std;
    };
    static Result<SaliencyEngine> create(std::shared_ptr<const Policy> policy,
                                         std::vector<PerturbationSpec> perturbations,
                                         std::vector<StateStatistics> statistics = {}, Method method = Method::Auto);
    SaliencyEngine(SaliencyEngine&&) noexcept;
    SaliencyEngine& operator=(SaliencyEngine&&) noexcept;
    ~SaliencyEngine();

    /// `inputs`: the policy's, batch 1. A non-finite input is an error that names the input.
    Result<StepSaliency> step(std::span<const at::Tensor> inputs) const;

    /// The input as perturbed at one place (1×C×H×W or 1×D): for tests and for showing it.
    Result<at::Tensor> perturbed(std::span<const at::Tensor> inputs, std::size_t input, std::int64_t place) const;

    /// In words, which parts of the graph are recomputed locally and which in full.
    std::string explain() const;

private:
    struct Plan;
    explicit SaliencyEngine(std::unique_ptr<const Plan> plan);
    std::unique_ptr<const Plan> plan_;
};

/// Mean and standard deviation of every state input over the data set (population, as NumPy's std).
Result<std::vector<SaliencyEngine::StateStatistics>> stateStatistics(const Policy& policy, Rollouts& rollouts);

/// An engine for these perturbations, with the data set's statistics where one of them needs them.
Result<SaliencyEngine> saliencyEngine(std::shared_ptr<const Policy> policy, Rollouts& rollouts,
                                      const std::vector<PerturbationSpec>& perturbations);

}  // namespace sqil
