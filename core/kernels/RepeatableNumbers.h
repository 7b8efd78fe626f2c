#pragma once
#include <cstdint>
#include <random>
#include <vector>

namespace sqil {

/// Random numbers for checks of kernels: the same for the same seed everywhere, as the standard fixes the engine, not
/// the distributions.
class RepeatableNumbers {
public:
    explicit RepeatableNumbers(unsigned seed) : engine_(seed) {}

    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool oneIn(std::int64_t count) { return between(1, count) == 1; }
    template<class Value>
    std::vector<Value> integers(std::int64_t count, std::int64_t low, std::int64_t high) {
        std::vector<Value> values(static_cast<std::size_t>(count));
        for (Value& value : values)
            value = static_cast<Value>(between(low, high));
        return values;
    }
    /// From −scale to scale.
    std::vector<float> floats(std::int64_t count, float scale = 1) {
        std::vector<float> values(static_cast<std::size_t>(count));
        for (float& value : values)
            value = scale * static_cast<float>(between(-10000, 10000)) / 10000;
        return values;
    }

private:
    std::mt19937 engine_;
};

}  // namespace sqil
