#include "views/frames/PanelMaps.h"

#include <QCoreApplication>

#include "views/frames/MapGeometry.h"
#include "views/session/Paths.h"
#include "views/session/StepProbe.h"

namespace sqil {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PanelMaps)
};

}  // namespace

std::vector<SaliencyPanel> panelsOf(MapMode mode, const std::string& camera, std::size_t comparedCount) {
    using Kind = SaliencyPanel::Kind;
    std::vector<SaliencyPanel> panels;
    const auto each = [&](Kind kind) {
        for (std::size_t compared = 0; compared < std::max<std::size_t>(1, comparedCount); ++compared)
            panels.push_back({camera, kind, compared});
    };
    if (mode == MapMode::FullPrecision || mode == MapMode::SideBySide || mode == MapMode::Everything)
        panels.push_back({camera, Kind::FullPrecision, 0});
    if (mode == MapMode::Quantized || mode == MapMode::SideBySide || mode == MapMode::Everything)
        each(Kind::Quantized);
    if (mode == MapMode::Difference || mode == MapMode::Everything)
        each(Kind::Difference);
    return panels;
}

QString titleOf(const SaliencyPanel& panel, const StudioSession& session) {
    const QString camera = toQString(panel.camera);
    const bool several = session.comparedCount() > 1;
    switch (panel.kind) {
        case SaliencyPanel::Kind::Quantized:
            return QStringLiteral("%1 · %2").arg(
                camera, several ? session.comparedName(panel.compared) : Words::tr("quantized"));
        case SaliencyPanel::Kind::Difference:
            return Words::tr("%1 · %2 − full precision")
                .arg(camera, several ? session.comparedName(panel.compared) : Words::tr("quantized"));
        case SaliencyPanel::Kind::FullPrecision:
            break;
    }
    return Words::tr("%1 · full precision").arg(camera);
}

const std::vector<PlaceScores>* scoresOf(const SaliencyPanel& panel, const StudioSession& session, int episode,
                                         qint64 step) {
    const StepMaps* maps = session.results().maps(episode, step);
    if (panel.kind != SaliencyPanel::Kind::FullPrecision && panel.compared > 0)
        return session.probe().maps(panel.compared, episode, step);
    if (!maps)
        return nullptr;
    return panel.kind == SaliencyPanel::Kind::FullPrecision ? &maps->fullPrecision : &maps->quantized;
}

PlaceMap mapOf(const SaliencyPanel& panel, const StudioSession& session, int episode, qint64 step, QSize picture) {
    const auto placed = [&](const std::vector<PlaceScores>* scores) {
        return scores && !picture.isEmpty()
                   ? cameraMap(*scores, panel.camera, session.card(), session.comparison().spec, picture)
                   : PlaceMap{};
    };
    const PlaceMap map = placed(scoresOf(panel, session, episode, step));
    if (panel.kind != SaliencyPanel::Kind::Difference)
        return map;
    const SaliencyPanel reference{panel.camera, SaliencyPanel::Kind::FullPrecision, 0};
    return difference(map, placed(scoresOf(reference, session, episode, step)));
}

}  // namespace sqil
