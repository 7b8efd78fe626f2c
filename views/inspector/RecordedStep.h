#pragma once
#include <QString>
#include <memory>
#include <vector>

#include "core/data/Rollouts.h"

namespace sqil {

/// What the rollouts hold of one key at one step.
struct RecordedValue {
    QString key, type;
    std::vector<std::int64_t> shape;
    std::vector<double> values;  ///< empty for a picture, and for more than kMostValues
    bool isImage = false;
    QString problem;  ///< why it cannot be read
};

/// Longer vectors are told by their shape alone.
inline constexpr std::size_t kMostValues = 256;

struct RecordedStep {
    int episode = -1;
    qint64 step = 0;
    std::vector<RecordedValue> observations;
    std::optional<RecordedValue> action, reward;
};

/// Reads everything but pictures. Any thread.
RecordedStep readStep(Rollouts& rollouts, int episode, qint64 step);

}  // namespace sqil
