#include "views/figures/Figures.h"

#include <QDir>
#include <nlohmann/json.hpp>

#include "core/base/AtomicFile.h"
#include "views/session/Paths.h"

namespace sqil {
namespace {

nlohmann::json recipe(StudioSession& session, const SaliencyStyle& style) {
    const Comparison& comparison = session.comparison();
    const std::string episode = session.episodeName(session.selection().episode()).toStdString();
    const auto step = session.selection().step();
    nlohmann::json json{{"program", "sqil-studio"},
                        {"project", comparison.project.string()},
                        {"policy", comparison.policy.path.string()},
                        {"rollouts", comparison.rolloutsRecord.path.string()},
                        {"episode", episode},
                        {"step", step},
                        {"analysis", nlohmann::json::parse(toJson(comparison.spec))},
                        {"top_percent", session.selection().topPercent()},
                        {"threshold", session.results().threshold()},
                        {"states_analysed", session.results().analysedSteps()},
                        {"states", session.results().totalSteps()},
                        {"colour_map", style.colours->name().toStdString()},
                        {"opacity", style.opacity},
                        {"scale", style.episodeScale ? "episode" : "frame"},
                        {"command", "sqil-studio '" + comparison.project.string() + "' --episode '" + episode +
                                        "' --step " + std::to_string(step) + " --export FOLDER"}};
    if (comparison.quantized)
        json["quantized"] = comparison.quantized->path.string();
    for (std::size_t compared = 1; compared < comparison.comparedCount(); ++compared)
        json["also_compared"].push_back(comparison.compared(compared).path.string());
    return json;
}

}  // namespace

Result<QStringList> exportFigures(StudioSession& session, const QString& folder, const FigureSet& set,
                                  const SaliencyStyle& style) {
    if (!session.hasRollouts() || session.selection().episode() < 0)
        return fail(ErrorKind::BadInput, "nothing is selected: open rollouts and choose an episode first");
    if (!QDir().mkpath(folder))
        return fail(ErrorKind::Io, folder.toStdString() + ": this folder cannot be made; is it writable?");
    QStringList written;
    for (const Figure& figure : set.figures)
        for (const FigureFormat format : {FigureFormat::Pdf, FigureFormat::Svg, FigureFormat::Png}) {
            const QString file = QDir(folder).filePath(figure.name + endingOf(format));
            if (auto saved = writeFigure(figure, file, format); !saved)
                return tl::unexpected(saved.error());
            written << file;
        }
    for (const DataTable& table : set.tables) {
        const QString file = QDir(folder).filePath(table.name + QStringLiteral(".csv"));
        if (auto saved = writeCsv(table, file); !saved)
            return tl::unexpected(saved.error());
        written << file;
    }
    const QString file = QDir(folder).filePath(QStringLiteral("recipe.json"));
    if (auto saved = writeTextFile(toPath(file), recipe(session, style).dump(1) + "\n"); !saved)
        return tl::unexpected(saved.error());
    written << file;
    return written;
}

}  // namespace sqil
