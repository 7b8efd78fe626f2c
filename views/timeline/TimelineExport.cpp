#include "views/timeline/TimelineExport.h"

#include <qcustomplot.h>

#include "views/session/Paths.h"
#include "widgets/timeline/ScenePainter.h"

namespace sqil {

std::optional<Figure> timelineFigure(const TimelineScene& shown) {
    if (shown.lanes.empty() || shown.axis.steps() == 0)
        return std::nullopt;
    TimelineScene scene = shown;
    scene.theme = PlotTheme::print();
    scene.hasMinimap = false;
    double height = 12;
    for (TimelineLane& lane : scene.lanes) {
        lane.hasHandle = false;
        height += lane.kind == TimelineLane::Kind::Bars ? 6 : 25;
        for (LaneSeries& series : lane.series)
            if (series.values)
                series.values = std::make_shared<SeriesPyramid>(*series.values);
    }
    Figure figure;
    figure.name = QStringLiteral("timeline");
    figure.height = height;
    figure.draw = [scene = std::move(scene)](QCPPainter& painter, QSize size) {
        const QRectF area{QPointF(), QSizeF(size)};
        paintTimeline(painter, scene, area);
        paintTimelineCursor(painter, scene, area);
    };
    return figure;
}

std::optional<DataTable> timelineTable(const StudioSession& session) {
    const int episode = session.selection().episode();
    if (episode < 0 || !session.hasPolicy())
        return std::nullopt;
    const EpisodeResults& results = session.results().episode(episode);
    const qint64 steps = session.selection().steps();
    std::vector<qint64> step, critical;
    std::vector<double> time;
    for (qint64 index = 0; index < steps; ++index) {
        step.push_back(index);
        critical.push_back(session.results().isCritical(episode, index));
        if (session.controlRate() > 0)
            time.push_back(double(index) / session.controlRate());
    }
    DataTable table{QStringLiteral("timeline"), {{QStringLiteral("step"), std::move(step)}}};
    if (!time.empty())
        table.columns.push_back({QStringLiteral("time (s)"), std::move(time)});
    table.columns.push_back({QStringLiteral("SIS"), results.sis});
    for (const auto& [modality, series] : results.sisOfModality)
        table.columns.push_back({QStringLiteral("SIS of ") + toQString(modality), series});
    table.columns.push_back({QStringLiteral("critical"), std::move(critical)});
    if (session.hasQuantized()) {
        table.columns.push_back({QStringLiteral("action gap (normalized)"), results.gap});
        for (std::size_t other = 1; other < session.comparedCount(); ++other)
            table.columns.push_back({QStringLiteral("action gap of %1 (normalized)").arg(session.comparedName(other)),
                                     results.gapOf(other)});
        table.columns.push_back({QStringLiteral("divergence"), results.divergence});
    }
    std::vector<QString> notes(static_cast<std::size_t>(steps));
    bool isMarked = false;
    for (const Bookmark& bookmark : session.bookmarks().all())
        if (bookmark.episode == episode && bookmark.step < steps) {
            notes[std::size_t(bookmark.step)] = bookmark.note.isEmpty() ? QStringLiteral("*") : bookmark.note;
            isMarked = true;
        }
    if (isMarked)
        table.columns.push_back({QStringLiteral("bookmark"), std::move(notes)});
    return table;
}

}  // namespace sqil
