#include "core/analysis/incremental/PackedWeights.h"

#include <algorithm>

namespace sqil {

PackedWeights::PackedWeights(const DeltaKernels& kernels, std::span<const float> matrix, std::int64_t rows,
                             std::int64_t columns)
    : rows_(static_cast<std::int32_t>(rows)),
      vectors_(static_cast<std::int32_t>(paddedTo(kernels.vector, columns) / kernels.vector)),
      panels_((vectors_ + kernels.panelVectors - 1) / kernels.panelVectors) {
    data_.assign(static_cast<std::size_t>(rows * vectors_ * kernels.vector), 0.0f);
    const std::int64_t panelColumns = std::int64_t{kernels.panelVectors} * kernels.vector;
    for (std::int64_t panel = 0; panel < panels_; ++panel) {
        const std::int64_t first = panel * panelColumns;
        const std::int64_t padded = std::min(panelColumns, std::int64_t{vectors_} * kernels.vector - first);
        const std::int64_t real = std::min(panelColumns, columns - first);
        for (std::int64_t row = 0; row < rows; ++row)
            std::copy_n(matrix.begin() + row * columns + first, real, data_.begin() + first * rows + row * padded);
    }
}

}  // namespace sqil
