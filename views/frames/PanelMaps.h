#pragma once
#include <QString>
#include <string>
#include <vector>

#include "views/session/StudioSession.h"
#include "widgets/HeatMap.h"

namespace sqil {

/// What one picture of the frames shows: a camera under a policy's saliency, or under the difference to the
/// reference's.
struct SaliencyPanel {
    enum class Kind { FullPrecision, Quantized, Difference };
    std::string camera;
    Kind kind = Kind::FullPrecision;
    std::size_t compared = 0;  ///< of Quantized and Difference: the place in Comparison::compared()
    bool operator==(const SaliencyPanel&) const = default;
};

/// Those of one camera in a mode, from left to right.
std::vector<SaliencyPanel> panelsOf(MapMode mode, const std::string& camera, std::size_t comparedCount);

/// "agentview · full precision": with the policies' names where several are compared.
QString titleOf(const SaliencyPanel& panel, const StudioSession& session);

/// The scores of a panel's policy at the step, of all inputs; null: not there (yet).
const std::vector<PlaceScores>* scoresOf(const SaliencyPanel& panel, const StudioSession& session, int episode,
                                         qint64 step);

/// A panel's map at the step, placed on its picture; empty where it is not there (yet).
PlaceMap mapOf(const SaliencyPanel& panel, const StudioSession& session, int episode, qint64 step, QSize picture);

}  // namespace sqil
