#pragma once
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "core/sim/Actor.h"
#include "core/sim/Environment.h"

namespace sqil::test {

/// Environments whose every answer is a function of the seed, the step and the actions. A "worker" runs `batch` of the
/// slots and answers for all it was asked for at once; the last worker answers first.
class FakeEnvironment : public VectorEnvironment {
public:
    FakeEnvironment(int workers, int batch) : workers_(workers), batch_(batch) {
        info_.name = "fake/one";
        info_.observations = {{"state", ValueType::Float32, {2}}, {"picture", ValueType::UInt8, {2, 2, 3}}};
        info_.actionDimensions = 2;
        info_.low = {-1, -1};
        info_.high = {1, 1};
        info_.maximumSteps = 12;
        info_.reportsSuccess = true;
        slots_.resize(static_cast<std::size_t>(workers * batch));
    }

    std::map<std::uint64_t, int> lostTimes;     ///< seeds whose episode loses its worker at step 3, so many times
    std::set<std::uint64_t> rewardIsNotFinite;  ///< seeds, at step 2
    std::set<std::uint64_t> terminates;         ///< seeds, at step 5
    int resets = 0;

    const EnvironmentInfo& info() const override { return info_; }
    int slots() const override { return workers_ * batch_; }
    int batch() const override { return batch_; }
    const std::vector<std::string>& incidents() const override { return incidents_; }

    void reset(int slot, std::uint64_t seed) override {
        Slot& s = slots_[static_cast<std::size_t>(slot)];
        s = {seed, 0, 0, true, {}, {}};
        observe(s);
        ++resets;
    }
    void step(int slot, std::span<const float> action) override {
        Slot& s = slots_[static_cast<std::size_t>(slot)];
        s.total += action[0] + 2 * action[1];
        ++s.steps;
        s.asked = true;
        observe(s);
    }
    std::span<const std::byte> observation(int slot, std::size_t key) const override {
        const Slot& s = slots_[static_cast<std::size_t>(slot)];
        if (key == 0)
            return std::as_bytes(std::span(s.state));
        return std::as_bytes(std::span(s.picture));
    }
    Result<std::vector<SlotResult>> wait() override {
        for (int worker = workers_ - 1; worker >= 0; --worker) {
            std::vector<SlotResult> answers;
            for (int slot = worker * batch_; slot < (worker + 1) * batch_; ++slot)
                if (Slot& s = slots_[static_cast<std::size_t>(slot)]; s.asked) {
                    s.asked = false;
                    answers.push_back(answerOf(slot, s));
                }
            if (!answers.empty())
                return answers;
        }
        return std::vector<SlotResult>{};
    }

private:
    struct Slot {
        std::uint64_t seed = 0;
        int steps = 0;
        float total = 0;
        bool asked = false;
        std::array<float, 2> state{};
        std::array<std::uint8_t, 12> picture{};
    };

    static void observe(Slot& s) {
        s.state = {static_cast<float>(s.seed) + s.total, static_cast<float>(s.steps)};
        for (std::size_t i = 0; i < s.picture.size(); ++i)
            s.picture[i] = static_cast<std::uint8_t>(s.seed * 7 + static_cast<std::uint64_t>(s.steps) * 3 + i);
    }

    SlotResult answerOf(int slot, const Slot& s) {
        SlotResult answer;
        answer.slot = slot;
        if (const auto found = lostTimes.find(s.seed); s.steps == 3 && found != lostTimes.end() && found->second > 0) {
            --found->second;
            incidents_.push_back("fake/one: worker of seed " + std::to_string(s.seed) + " is gone");
            answer.lost = true;
            return answer;
        }
        answer.reward = s.steps == 2 && rewardIsNotFinite.contains(s.seed) ? std::nan("") : s.state[0] + s.steps;
        answer.terminated = s.steps == 5 && terminates.contains(s.seed);
        answer.success = s.seed % 2 == 1 && s.steps >= 7;
        return answer;
    }

    EnvironmentInfo info_;
    int workers_, batch_;
    std::vector<Slot> slots_;
    std::vector<std::string> incidents_;
};

/// Acts by the state alone, and remembers how large its batches were.
class StateActor : public Actor {
public:
    std::set<std::int64_t> batchSizes;
    std::optional<std::uint64_t> notFinite;  ///< seed whose second action is NaN

    Result<void> prepare(const EnvironmentInfo&) override { return {}; }
    Result<std::vector<float>> act(const ActorBatch& batch) override {
        batchSizes.insert(batch.size());
        std::vector<float> actions;
        const StepBlock& block = batch.observations.at("state");
        for (std::int64_t row = 0; row < batch.size(); ++row) {
            float state[2];
            std::memcpy(state, block.bytes.data() + row * static_cast<std::int64_t>(sizeof state), sizeof state);
            const auto index = static_cast<std::size_t>(row);
            const bool bad = notFinite == batch.seeds[index] && batch.steps[index] == 1;
            actions.push_back(bad ? std::numeric_limits<float>::quiet_NaN() : std::sin(state[0]));
            actions.push_back(std::cos(state[1]));
        }
        return actions;
    }
};

}  // namespace sqil::test
