#pragma once
#include <QString>
#include <string>
#include <vector>

#include "core/policy/PolicyCard.h"
#include "views/session/EpisodeResults.h"

namespace sqil {

class StudioSession;

/// A series with one value a step, none below zero, that can be looked at over all episodes.
struct StepSeries {
    enum class Kind { Sis, SisOfInput, Gap, Divergence, ActionDifference };
    Kind kind = Kind::Sis;
    std::string input;          ///< of SisOfInput
    std::size_t compared = 0;   ///< of Gap and ActionDifference: the place in Comparison::compared()
    std::size_t dimension = 0;  ///< of ActionDifference
    QString name, unit;

    /// Equal for the same series of another project with the same inputs and dimensions: kept in settings.
    QString id() const;
};

/// Those that the comparison on screen can have, SIS first.
std::vector<StepSeries> stepSeries(StudioSession& session);

/// One value a step, in `unit`; NaN where it is not known.
std::vector<float> valuesOf(const StepSeries& series, const EpisodeResults& results, const PolicyCard& card);

}  // namespace sqil
