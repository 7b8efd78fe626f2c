#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/incremental/DeltaKernels.h"

namespace sqil {

/// A rows×columns matrix as the kernels read it: panels of DeltaKernels::panelVectors vectors of
/// columns, each panel row after row; columns padded with zeros to whole vectors.
class PackedWeights {
public:
    PackedWeights() = default;
    PackedWeights(const DeltaKernels& kernels, std::span<const float> matrix, std::int64_t rows, std::int64_t columns);

    const float* data() const { return data_.data(); }
    std::int32_t rows() const { return rows_; }
    std::int32_t vectors() const { return vectors_; }
    std::int32_t panels() const { return panels_; }

private:
    std::vector<float> data_;
    std::int32_t rows_ = 0, vectors_ = 0, panels_ = 0;
};

inline std::int64_t paddedTo(std::int64_t vector, std::int64_t channels) {
    return (channels + vector - 1) / vector * vector;
}

}  // namespace sqil
