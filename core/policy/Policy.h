#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/policy/GraphExecutor.h"
#include "core/policy/PolicyCard.h"
#include "core/policy/PolicyFile.h"

namespace sqil {

/// Proposes a card from the graph's signature and the rollouts' keys: an input named like an
/// observation key takes it (or the only key of the same shape); stored H×W×C bytes become
/// channel-first floats in [0, 1] where the graph wants floats; one vector output is a
/// deterministic head. Where an input finds no key the error lists what fits what.
Result<PolicyCard> proposeCard(const PolicyGraph& graph, const RolloutsInfo& rollouts);

/// The error lists, for each input, the shape wanted and the key's own.
Result<void> checkCard(const PolicyCard& card, const PolicyGraph& graph, const RolloutsInfo& rollouts);

/// A graph with its card, ready to run. Immutable; may be used from several threads.
class Policy {
public:
    /// Reads the file and its card: `cardPath` if not empty, else NAME.card.json beside the file,
    /// else the one in the archive, else one proposed from `rollouts`. The card is checked
    /// against both; against the graph alone where `rollouts` is empty.
    static Result<std::shared_ptr<const Policy>> load(const std::filesystem::path& path, const RolloutsInfo& rollouts,
                                                      const std::filesystem::path& cardPath = {},
                                                      at::Device device = at::kCPU);
    /// The policy runs on the device that the graph's tensors are on (PolicyGraph::moveTo()).
    static Result<std::shared_ptr<const Policy>> create(PolicyFile file, PolicyCard card);

    const PolicyGraph& graph() const { return file_.graph; }
    const PolicyFile& file() const { return file_; }
    const PolicyCard& card() const { return card_; }
    const GraphExecutor& executor() const { return executor_; }
    at::Device device() const { return device_; }

    /// Recorded steps [first, first + count) as the graph's inputs, in order: float32, preprocessed
    /// as the card says, on the policy's device. forward() converts them where the graph wants
    /// another element type (whole numbers are rounded).
    Result<std::vector<at::Tensor>> inputs(Rollouts& rollouts, std::size_t episode, std::int64_t first,
                                           std::int64_t count) const;

    /// The same for observations that are recorded nowhere: blocks of N steps by key.
    Result<std::vector<at::Tensor>> inputs(const std::map<std::string, StepBlock>& observations) const;

    /// The head's output π(s), N×D, float32, for a batch of N (any N: looped over where the graph's
    /// batch is fixed; a last, smaller batch is padded): the normalized action of a deterministic
    /// head, probabilities of a categorical one or of tokens, (mean, std) or (alpha, beta)
    /// side by side. METHOD: "Saliency and SIS".
    Result<at::Tensor> forward(std::span<const at::Tensor> inputs) const;

    /// The head applied to the graph's raw outputs.
    at::Tensor head(std::span<const at::Tensor> outputs) const;

    /// The normalized action N×A that forward()'s output stands for: itself, the mean, the
    /// distribution.
    at::Tensor action(const at::Tensor& headOutput) const;

private:
    Policy(PolicyFile file, PolicyCard card, GraphExecutor executor);
    Result<std::vector<at::Tensor>> inputsFrom(const std::function<Result<StepBlock>(const std::string&)>& read) const;
    Result<at::Tensor> forwardBatch(std::span<const at::Tensor> inputs) const;
    Result<at::Tensor> forwardInParts(std::span<const at::Tensor> inputs, std::int64_t part, bool pad) const;
    PolicyFile file_;
    PolicyCard card_;
    GraphExecutor executor_;
    at::Device device_;
};

}  // namespace sqil
