#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/Correlation.h"

namespace sqil {

/// What a detector finds when it raises at every score from some value on.
struct DetectorPoint {
    double score = 0;      ///< the lowest score that still raises
    double recall = 0;     ///< found large gaps / all large gaps
    double precision = 0;  ///< found large gaps / steps raised at; NaN where it raises nowhere
    std::int64_t raised = 0;
};

/// How well a score, such as SIS, that needs no quantized policy foretells where the gap is large.
struct Detector {
    std::int64_t steps = 0;  ///< with score and gap
    std::int64_t large = 0;  ///< of them with a gap above `gapAbove`
    double gapAbove = 0;
    double baseRate = 0;  ///< large / steps: the precision of a detector that knows nothing. NaN without steps
    /// Σ (recallₙ − recallₙ₋₁)·precisionₙ over falling scores, without interpolation (scikit-learn's
    /// average_precision_score). NaN without a large gap.
    double averagePrecision = 0;
    /// By falling score, equal scores taken together; at most about a thousand points, evenly over recall. Empty
    /// without a large gap.
    std::vector<DetectorPoint> curve;
    DetectorPoint atThreshold;  ///< raising where the score is above `threshold`, as critical states are
};

/// `first` of each pair is the score, `second` the gap. Throws std::invalid_argument where they differ in length.
Detector detectLargeGaps(std::span<const PairedSeries> episodes, double gapAbove, double threshold);

}  // namespace sqil
