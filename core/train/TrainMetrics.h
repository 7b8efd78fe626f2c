#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

namespace sqil {

/// What a training run says of itself: means over the steps since the last report; NaN: not computed.
struct TrainMetrics {
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    std::int64_t step = 0;   ///< optimizer steps done
    std::int64_t steps = 0;  ///< of the whole run
    double epoch = 0;
    double loss = kNone;         ///< the whole loss, weighted
    double qat = kNone;          ///< L_QAT
    double qrdCritical = kNone;  ///< D at critical states, before α
    double qrdOther = kNone;     ///< D at all others (at all where there are no SIS weights)
    double learningRate = 0;
    double gradientNorm = kNone;  ///< before clipping
    double stepsPerSecond = kNone;
    bool evaluated = false;             ///< the rest is of this step
    double heldOutGap = kNone;          ///< mean ‖a_FP − a_Q‖₂, normalized units
    double heldOutGapCritical = kNone;  ///< at critical states
    double heldOutGapOther = kNone;
    double heldOutQat = kNone;      ///< L_QAT
    double weightStep = kNone;      ///< geometric mean of the weights' quantizer steps γ
    double activationStep = kNone;  ///< likewise of the activations'
    bool isBest = false;
};

using MetricsCallback = std::function<void(const TrainMetrics&)>;

/// One line of JSON; NaN becomes null.
std::string toJson(const TrainMetrics& metrics);

}  // namespace sqil
