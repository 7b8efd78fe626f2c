#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"
#include "core/train/StepPlace.h"
#include "core/train/TrainSpec.h"

namespace sqil {

/// All steps of the rollouts that can be trained on, in memory as stored (bytes of images stay bytes). Steps with NaN
/// or infinite observations or actions are left out and counted. Episodes are split into training and held-out ones by
/// the seed. Immutable.
class TrainingData {
public:
    /// `memoryBytes` bounds what is read; more is an error that says the size. Recorded actions must have the
    /// dimensions of the policy's card; without recorded actions only recipes with qat_weight 0 can train.
    static Result<TrainingData> load(std::shared_ptr<const Policy> policy, Rollouts& rollouts, const TrainSpec& spec,
                                     std::uint64_t memoryBytes, const Progress& progress = {});

    const Policy& policy() const { return *policy_; }
    /// The card's inputs in the graph's order.
    const std::vector<CardInput>& cards() const { return cards_; }
    const std::vector<StepPlace>& places() const { return places_; }         ///< of every usable step: an item
    const std::vector<std::int64_t>& training() const { return training_; }  ///< items
    const std::vector<std::int64_t>& heldOut() const { return heldOut_; }    ///< items; empty where none is held out
    std::int64_t leftOut() const { return leftOut_; }
    bool hasActions() const { return !actions_.bytes.empty(); }
    const std::string& episodeName(std::size_t episode) const { return episodeNames_.at(episode); }
    std::string nameOf(std::int64_t item) const;  ///< "demo_0, step 12"

    /// The steps of these items as the graph's inputs, as Policy::inputs() gives them.
    Result<std::vector<at::Tensor>> inputs(std::span<const std::int64_t> items) const;
    /// What L_QAT compares with: the recorded actions N×A as stored, float32; for a categorical head the class N, for
    /// tokens N×D, int64 (one-hot rows become their class).
    at::Tensor actions(std::span<const std::int64_t> items) const;
    /// Recorded actions in the card's units, normalized.
    at::Tensor normalized(const at::Tensor& actions) const;

private:
    TrainingData() = default;
    Result<void> checkActions(const RolloutsInfo& info, const TrainSpec& spec) const;
    Result<void> read(Rollouts& rollouts, bool withActions, const Progress& progress);
    Result<void> split(const TrainSpec& spec);

    std::shared_ptr<const Policy> policy_;
    std::vector<CardInput> cards_;
    std::vector<StepBlock> blocks_;  ///< one an input: usable steps in the order of places_
    StepBlock actions_;
    std::vector<StepPlace> places_;
    std::vector<std::int64_t> training_, heldOut_;
    std::vector<std::string> episodeNames_;
    std::int64_t leftOut_ = 0;
};

/// The order of training: every item once an epoch, shuffled anew in each, as a pure function of (seed, position).
class BatchOrder {
public:
    BatchOrder(std::uint64_t seed, std::vector<std::int64_t> items) : seed_(seed), items_(std::move(items)) {}
    /// Items at positions [first, first + count) of the endless sequence.
    std::vector<std::int64_t> take(std::int64_t first, std::int64_t count);

private:
    std::uint64_t seed_;
    std::vector<std::int64_t> items_;
    std::vector<std::int64_t> shuffled_;
    std::int64_t epoch_ = -1;
};

}  // namespace sqil
