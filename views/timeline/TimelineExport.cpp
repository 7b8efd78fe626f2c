#include "views/timeline/TimelineExport.h"

#include "views/session/Paths.h"
#include "views/timeline/TimelineView.h"
#include "widgets/TimelinePlot.h"

namespace sqil {

std::optional<Figure> timelineFigure(const TimelinePlot& shown, double stepsPerSecond) {
    if (shown.tracks().empty() || shown.steps() == 0)
        return std::nullopt;
    Figure figure;
    figure.name = QStringLiteral("timeline");
    figure.height = shown.tracks().size() > 1 ? 62 : 42;
    figure.draw = [tracks = shown.tracks(), bands = shown.bands(), steps = shown.steps(), range = shown.visibleSteps(),
                   cursor = shown.cursorStep(), stepsPerSecond](QCPPainter& painter, QSize size) {
        TimelinePlot plot;
        plot.setTheme(PlotTheme::print());
        plot.setSteps(steps, stepsPerSecond);
        plot.setTracks(tracks);
        plot.setBands(bands);
        plot.setCursorStep(cursor);
        plot.setVisibleSteps(range);
        plot.toPainter(&painter, size.width(), size.height());
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
        table.columns.push_back({QStringLiteral("divergence"), results.divergence});
    }
    return table;
}

}  // namespace sqil
