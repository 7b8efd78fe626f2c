#pragma once
#include <cstdint>
#include <initializer_list>

namespace sqil {

/// Random numbers that are a pure function of a key and a counter, with no state to save: the data order and the
/// augmentation of step n are the same whether the run came to step n at once or was resumed there. The mixer is
/// SplitMix64's finalizer (Steele et al. 2014), applied once for every word of the key and once for the counter.
class CounterRandom {
public:
    CounterRandom(std::initializer_list<std::uint64_t> key) {
        for (const std::uint64_t word : key)
            key_ = mixed(key_ ^ mixed(word + kGolden));
    }

    std::uint64_t next() { return mixed(key_ + kGolden * ++counter_); }
    /// In [0, 1), 53 bits.
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    double uniform(double least, double most) { return least + (most - least) * uniform(); }
    /// In [0, count); the bias of the multiplication is below count/2^64.
    std::uint64_t below(std::uint64_t count) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>((static_cast<Wide>(next()) * count) >> 64);
    }

private:
    static constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15u;
    static std::uint64_t mixed(std::uint64_t value) {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
        return value ^ (value >> 31);
    }
    std::uint64_t key_ = 0x5351494Cu;
    std::uint64_t counter_ = 0;
};

}  // namespace sqil
