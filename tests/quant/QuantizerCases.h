#pragma once
#include <ATen/ATen.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "core/data/Rollouts.h"
#include "core/policy/Policy.h"
#include "tests/TestPaths.h"
#include "tests/policy/RecordedRuns.h"

/// What tests/reference/quantizer_cases.py recorded, and rollouts made of its inputs.
namespace sqil::test {

inline std::filesystem::path quantizerCases() {
    return reference() / "quantizer_cases";
}

/// None where the reference environment is not there.
inline std::optional<nlohmann::json> readQuantizerCases() {
    const auto path = quantizerCases() / "cases.json";
    return std::filesystem::exists(path) ? std::optional(readJson(path)) : std::nullopt;
}

/// One episode whose only observation "obs" is a tensor of the policy's input.
class TensorRollouts : public RolloutReader {
public:
    explicit TensorRollouts(at::Tensor steps) : steps_(steps.contiguous()) {
        info_.path = "memory";
        info_.format = "tensor";
        EpisodeInfo episode;
        episode.name = "demo_0";
        episode.steps = steps_.size(0);
        info_.episodes = {episode};
        info_.observations = {{"obs", ValueType::Float32, steps_.sizes().slice(1).vec()}};
    }
    const RolloutsInfo& info() const override { return info_; }
    Result<StepBlock> read(std::size_t, std::string_view, std::int64_t first, std::int64_t count) override {
        const at::Tensor part = steps_.narrow(0, first, count).contiguous();
        StepBlock block{ValueType::Float32, part.sizes().vec(), {}};
        block.bytes.resize(part.nbytes());
        std::memcpy(block.bytes.data(), part.const_data_ptr(), part.nbytes());
        return block;
    }

private:
    at::Tensor steps_;
    RolloutsInfo info_;
};

inline std::shared_ptr<Rollouts> rolloutsOf(const at::Tensor& steps) {
    return std::make_shared<Rollouts>(std::make_unique<TensorRollouts>(steps));
}

/// A policy that takes "obs" as it is and gives `actions` numbers.
inline Result<std::shared_ptr<const Policy>> policyOf(PolicyFile file, std::int64_t actions) {
    PolicyCard card;
    card.name = "case";
    CardInput input;
    input.name = file.graph.values[static_cast<std::size_t>(file.graph.inputs.front())].name;
    input.key = "obs";
    card.inputs = {input};
    for (std::int64_t i = 0; i < actions; ++i)
        card.dimensions.push_back({"a" + std::to_string(i), "", 1.0, 0.0});
    return Policy::create(std::move(file), card);
}

}  // namespace sqil::test
