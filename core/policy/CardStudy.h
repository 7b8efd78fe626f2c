#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "core/data/Rollouts.h"
#include "core/policy/PolicyCard.h"

namespace sqil {

/// What is known of one tensor of a policy, as text: "1×3×64×64 float32".
struct TensorText {
    std::string name;
    std::string shape;  ///< "?" where the file does not say
    std::string type;
    bool isPicture = false;  ///< N×C×H×W with 1, 3 or 4 channels
};

/// What a card says about one input, checked against the policy and the rollouts.
struct InputVerdict {
    std::string recorded;  ///< "uint8 96×96×3"; empty: there is no such key
    std::string becomes;   ///< "3×64×64": one step after the preprocessing
    std::string problem;   ///< empty: it fits
};

struct CardVerdict {
    std::vector<InputVerdict> inputs;  ///< in the order of the policy's inputs
    std::string problem;               ///< of the card as a whole; empty: it fits
};

/// One input as the policy sees it, channels first, before mean and standard deviation where it is
/// a picture.
struct InputPreview {
    std::string name;
    std::vector<std::int64_t> shape;  ///< of one step: {3, 64, 64}, {7}
    std::vector<float> values;        ///< what reaches the policy
    std::vector<float> picture;       ///< the same without mean and std, for showing; empty for states
};

struct CardPreview {
    std::vector<InputPreview> inputs;
    std::vector<float> action;    ///< of the policy, normalized; for a categorical head the probabilities
    std::vector<float> recorded;  ///< the rollouts' action at this step; empty: none is recorded
};

/// A policy and rollouts on which cards are tried, without LibTorch in sight. Immutable; one call at
/// a time. Reading a large policy takes seconds.
class CardStudy {
public:
    static Result<std::unique_ptr<CardStudy>> open(const std::filesystem::path& policy,
                                                   std::shared_ptr<Rollouts> rollouts);
    ~CardStudy();

    const std::vector<TensorText>& inputs() const;
    const std::vector<TensorText>& outputs() const;
    const RolloutsInfo& rollouts() const;

    /// The card beside or in the policy's file; none: there is none, or it cannot be read.
    std::optional<PolicyCard> ownCard() const;
    /// proposeCard(), but an input that no key clearly feeds is left without a key instead of failing.
    PolicyCard proposal() const;
    CardVerdict check(const PolicyCard& card) const;
    /// One recorded step through the preprocessing and the policy.
    Result<CardPreview> preview(const PolicyCard& card, std::size_t episode, std::int64_t step) const;

private:
    struct State;
    explicit CardStudy(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace sqil
