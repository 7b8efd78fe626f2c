#include "core/analysis/Detector.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace sqil {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kRecallStep = 0.001;  ///< between points that are kept of the curve

struct Scored {
    float score;
    bool large;
};

std::vector<Scored> scoredSteps(std::span<const PairedSeries> episodes, double gapAbove) {
    std::vector<Scored> steps;
    for (const PairedSeries& episode : episodes) {
        if (episode.first.size() != episode.second.size())
            throw std::invalid_argument("detectLargeGaps: series of different length");
        for (std::size_t step = 0; step < episode.first.size(); ++step)
            if (std::isfinite(episode.first[step]) && std::isfinite(episode.second[step]))
                steps.push_back({episode.first[step], double(episode.second[step]) > gapAbove});
    }
    std::sort(steps.begin(), steps.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
    return steps;
}

}  // namespace

Detector detectLargeGaps(std::span<const PairedSeries> episodes, double gapAbove, double threshold) {
    const std::vector<Scored> steps = scoredSteps(episodes, gapAbove);
    Detector detector;
    detector.gapAbove = gapAbove;
    detector.steps = static_cast<std::int64_t>(steps.size());
    detector.large = std::count_if(steps.begin(), steps.end(), [](const Scored& step) { return step.large; });
    detector.baseRate = steps.empty() ? kNaN : double(detector.large) / double(detector.steps);
    detector.averagePrecision = detector.large > 0 ? 0 : kNaN;
    detector.atThreshold = {threshold, detector.large > 0 ? 0 : kNaN, kNaN, 0};

    std::int64_t found = 0;
    double lastRecall = 0, keptRecall = -1;
    for (std::size_t index = 0; index < steps.size();) {
        const float score = steps[index].score;
        for (; index < steps.size() && steps[index].score == score; ++index)
            found += steps[index].large;
        const auto raised = static_cast<std::int64_t>(index);
        const double precision = double(found) / double(raised);
        const double recall = detector.large > 0 ? double(found) / double(detector.large) : kNaN;
        if (double(score) > threshold)
            detector.atThreshold = {threshold, recall, precision, raised};
        if (detector.large == 0)
            continue;
        detector.averagePrecision += (recall - lastRecall) * precision;
        lastRecall = recall;
        if (recall - keptRecall < kRecallStep && index < steps.size() && keptRecall >= 0)
            continue;
        keptRecall = recall;
        detector.curve.push_back({double(score), recall, precision, raised});
    }
    return detector;
}

}  // namespace sqil
