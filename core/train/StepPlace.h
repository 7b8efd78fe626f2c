#pragma once
#include <cstddef>
#include <cstdint>

namespace sqil {

/// One recorded step: what SIS weights and batches are keyed by.
struct StepPlace {
    std::size_t episode = 0;
    std::int64_t step = 0;
};

}  // namespace sqil
