#include "views/figures/Figures.h"

#include <QDir>
#include <QFile>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/AtomicFile.h"
#include "views/actions/ActionValues.h"
#include "views/frames/MapGeometry.h"
#include "views/session/Paths.h"
#include "widgets/ActionBars.h"
#include "widgets/ColourBar.h"
#include "widgets/Numbers.h"
#include "widgets/TimelinePlot.h"

namespace sqil {
namespace {

constexpr double kColumn = 88, kPage = 180;            // mm: one and two columns of most proceedings
constexpr double kUnitsPerMillimetre = 4 * 72 / 25.4;  // PlotTheme::print() draws in quarter points
constexpr int kUnitsPerInch = 4 * 72;
constexpr int kPicturePixels = 1024;

using Draw = std::function<void(QCPPainter&, QSize)>;

struct Figure {
    QString name;
    double width = kPage, height = 60;  ///< mm
    Draw draw;
    QSize units() const {
        return {static_cast<int>(std::lround(width * kUnitsPerMillimetre)),
                static_cast<int>(std::lround(height * kUnitsPerMillimetre))};
    }
};

bool paintOn(QPaintDevice& device, const Figure& figure, double scale, bool vector) {
    QCPPainter painter;
    if (!painter.begin(&device))
        return false;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    if (vector)
        painter.setMode(QCPPainter::pmVectorized);
    painter.scale(scale, scale);
    figure.draw(painter, figure.units());
    return painter.end();
}

bool writePdf(const Figure& figure, const QString& file) {
    QPdfWriter writer(file);
    writer.setResolution(kUnitsPerInch);
    writer.setPageMargins({});
    writer.setPageSize(
        QPageSize(QSizeF(figure.width, figure.height), QPageSize::Millimeter, {}, QPageSize::ExactMatch));
    writer.setCreator(QStringLiteral("SQIL Studio"));
    writer.setTitle(figure.name);
    return paintOn(writer, figure, 1, true);
}

bool writeSvg(const Figure& figure, const QString& file) {
    QSvgGenerator generator;
    generator.setFileName(file);
    generator.setResolution(kUnitsPerInch);
    generator.setSize(figure.units());
    generator.setViewBox(QRect(QPoint(), figure.units()));
    generator.setTitle(figure.name);
    return paintOn(generator, figure, 1, true);
}

bool writePng(const Figure& figure, const QString& file) {
    constexpr double kScale = 2;  // 576 dots an inch
    QImage image(figure.units() * kScale, QImage::Format_RGB32);
    image.fill(Qt::white);
    image.setDotsPerMeterX(static_cast<int>(kUnitsPerInch * kScale / 0.0254));
    image.setDotsPerMeterY(static_cast<int>(kUnitsPerInch * kScale / 0.0254));
    return paintOn(image, figure, kScale, false) && image.save(file);
}

QString positionText(StudioSession& session) {
    const Selection& selection = session.selection();
    QString text = QObject::tr("%1, step %2").arg(session.episodeName(selection.episode())).arg(selection.step());
    if (session.controlRate() > 0)
        text +=
            QObject::tr(" (%1 s)").arg(QLocale().toString(double(selection.step()) / session.controlRate(), 'f', 2));
    return text;
}

/// The frame with a map over it, as one picture fine enough for print.
QImage composed(const QImage& frame, const PlaceMap& map, const HeatStyle& style, double opacity) {
    const QSize size = frame.size().scaled(kPicturePixels, kPicturePixels, Qt::KeepAspectRatio);
    QImage picture =
        frame.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB32);
    if (!map.isEmpty()) {
        QPainter painter(&picture);
        painter.setOpacity(opacity);
        painter.drawImage(0, 0, heatImage(map, size, style));
    }
    return picture;
}

/// One row of the saliency figure: pictures with a title, and the colour bar that ends a group.
struct Picture {
    QString title;
    QImage image;
    const ColourMap* bar = nullptr;  ///< none: shares the next picture's
    double largest = 0;
    QString barLabel;
};

std::vector<Picture> saliencyRow(StudioSession& session, const CameraFrame& camera, const FigureOptions& options) {
    const StepFrames& frames = session.frames();
    const StepMaps* maps = session.results().maps(frames.episode, frames.step);
    const std::string key = camera.key.toStdString();
    const auto place = [&](const std::vector<PlaceScores>& scores) {
        return cameraMap(scores, key, session.card(), session.comparison().spec, camera.image.size());
    };
    const PlaceMap reference = maps ? place(maps->fullPrecision) : PlaceMap{};
    const PlaceMap quantized = maps ? place(maps->quantized) : PlaceMap{};
    const PlaceMap delta = difference(quantized, reference);
    const double largest =
        options.episodeScale ? session.results().largestScore() : std::max(reference.largest(), quantized.largest());
    const double largestDelta = options.episodeScale ? session.results().largestDifference() : delta.largest();
    const HeatStyle style{options.colours, largest, true};
    const HeatStyle deltaStyle{&ColourMap::difference(), largestDelta, true};

    std::vector<Picture> row;
    row.push_back({QObject::tr("Full precision"), composed(camera.image, reference, style, options.opacity)});
    if (session.hasQuantized())
        row.push_back({QObject::tr("Quantized"), composed(camera.image, quantized, style, options.opacity)});
    row.back().bar = options.colours;
    row.back().largest = largest;
    row.back().barLabel = QObject::tr("saliency S");
    if (session.hasQuantized())
        row.push_back({QObject::tr("Quantized − full precision"),
                       composed(camera.image, delta, deltaStyle, options.opacity), &ColourMap::difference(),
                       largestDelta, QObject::tr("difference ΔS")});
    return row;
}

constexpr double kBarWidth = 150, kGap = 20, kTitle = 48, kCaption = 44;  // units

double pictureWidth(const std::vector<Picture>& row, double width) {
    double bars = 0;
    for (const Picture& picture : row)
        bars += picture.bar ? kBarWidth + kGap : 0;
    return (width - bars - kGap * double(row.size() - 1)) / double(row.size());
}

Figure saliencyFigure(StudioSession& session, const FigureOptions& options) {
    std::vector<std::vector<Picture>> rows;
    for (const CameraFrame& camera : session.frames().cameras)
        if (!camera.image.isNull())
            rows.push_back(saliencyRow(session, camera, options));
    Figure figure;
    figure.name = QStringLiteral("saliency");
    if (rows.empty())
        return figure;
    figure.width = rows[0].size() > 1 ? kPage : kColumn;
    double height = kCaption;
    const double side = pictureWidth(rows[0], figure.width * kUnitsPerMillimetre);
    for (const auto& row : rows)
        height += kTitle + side * row[0].image.height() / row[0].image.width() + kGap / 2;
    figure.height = height / kUnitsPerMillimetre;
    figure.draw = [rows, caption = positionText(session)](QCPPainter& painter, QSize size) {
        const PlotTheme theme = PlotTheme::print();
        painter.fillRect(QRect(QPoint(), size), theme.background);
        const double side = pictureWidth(rows[0], size.width());
        double top = 0;
        for (const auto& row : rows) {
            const double height = side * row[0].image.height() / row[0].image.width();
            double left = 0;
            for (const Picture& picture : row) {
                painter.setFont(theme.font);
                painter.setPen(theme.text);
                painter.drawText(QRectF(left, top, side, kTitle - 6), Qt::AlignLeft | Qt::AlignBottom, picture.title);
                painter.drawImage(QRectF(left, top + kTitle, side, height), picture.image);
                left += side + kGap;
                if (!picture.bar)
                    continue;
                ColourBar::draw(painter, QRectF(left - kGap / 2, top + kTitle - 18, kBarWidth, height + 36),
                                *picture.bar, picture.largest, picture.barLabel, theme);
                left += kBarWidth + kGap;
            }
            top += kTitle + height + kGap / 2;
        }
        painter.setFont(theme.font);
        painter.setPen(theme.muted);
        painter.drawText(QRectF(0, size.height() - kCaption, size.width(), kCaption), Qt::AlignLeft | Qt::AlignVCenter,
                         caption);
    };
    return figure;
}

Figure timelineFigure(StudioSession& session, const TimelinePlot& shown) {
    Figure figure;
    figure.name = QStringLiteral("timeline");
    figure.height = shown.tracks().size() > 1 ? 62 : 42;
    figure.draw = [&session, tracks = shown.tracks(), bands = shown.bands(), steps = shown.steps(),
                   cursor = shown.cursorStep()](QCPPainter& painter, QSize size) {
        TimelinePlot plot;
        plot.setTheme(PlotTheme::print());
        plot.setSteps(steps, session.controlRate());
        plot.setTracks(tracks);
        plot.setBands(bands);
        plot.setCursorStep(cursor);
        plot.toPainter(&painter, size.width(), size.height());
    };
    return figure;
}

Figure actionsFigure(StudioSession& session) {
    const EpisodeResults& results = session.results().episode(session.selection().episode());
    Figure figure;
    figure.name = QStringLiteral("actions");
    figure.width = kColumn;
    figure.height = 6 + 20.0 * double(std::max<std::size_t>(1, results.width));
    figure.draw = [&session, results](QCPPainter& painter, QSize size) {
        ActionBars bars;
        bars.setNames(QObject::tr("Full precision"), QObject::tr("Quantized"));
        bars.setDimensions(actionDimensions(session.card(), results.width));
        bars.setCourses(actionCourses(results, session.card()));
        bars.setStep(session.selection().step());
        bars.draw(painter, QRectF(QPointF(), QSizeF(size)), PlotTheme::print());
    };
    return figure;
}

nlohmann::json recipe(StudioSession& session, const FigureOptions& options) {
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
                        {"colour_map", options.colours->name().toStdString()},
                        {"opacity", options.opacity},
                        {"scale", options.episodeScale ? "episode" : "frame"},
                        {"command", "sqil-studio '" + comparison.project.string() + "' --episode '" + episode +
                                        "' --step " + std::to_string(step) + " --export FOLDER"}};
    if (comparison.quantized)
        json["quantized"] = comparison.quantized->path.string();
    return json;
}

}  // namespace

Result<QStringList> exportFigures(StudioSession& session, const QString& folder, const FigureOptions& options) {
    if (!session.hasRollouts() || session.selection().episode() < 0)
        return fail(ErrorKind::BadInput, "nothing is selected: open rollouts and choose an episode first");
    if (!QDir().mkpath(folder))
        return fail(ErrorKind::Io, folder.toStdString() + ": this folder cannot be made; is it writable?");
    std::vector<Figure> figures{saliencyFigure(session, options), actionsFigure(session)};
    TimelinePlot shown;
    {
        const int episode = session.selection().episode();
        const EpisodeResults& values = session.results().episode(episode);
        const double threshold = session.results().threshold();
        std::vector<TimelinePlot::Track> tracks{{QObject::tr("SIS"), QObject::tr("mean S"), false, values.sis,
                                                 std::isfinite(threshold) ? std::optional(threshold) : std::nullopt,
                                                 QObject::tr("T %1").arg(significant(threshold))}};
        if (session.hasQuantized())
            tracks.push_back({QObject::tr("Action gap"), QObject::tr("normalized"), true, values.gap, {}, {}});
        shown.setSteps(session.selection().steps(), session.controlRate());
        shown.setTracks(tracks);
        shown.setBands(StepBands::where(session.selection().steps(),
                                        [&](qint64 step) { return session.results().isCritical(episode, step); }));
        shown.setCursorStep(session.selection().step());
    }
    figures.push_back(timelineFigure(session, shown));

    QStringList written;
    for (const Figure& figure : figures) {
        if (!figure.draw)
            continue;
        for (const auto& [ending, write] : {std::pair{".pdf", &writePdf}, {".svg", &writeSvg}, {".png", &writePng}}) {
            const QString file = QDir(folder).filePath(figure.name + QLatin1String(ending));
            if (!write(figure, file))
                return fail(ErrorKind::Io, file.toStdString() + ": cannot be written");
            written << file;
        }
    }
    const QString file = QDir(folder).filePath(QStringLiteral("recipe.json"));
    if (auto saved = writeTextFile(toPath(file), recipe(session, options).dump(1) + "\n"); !saved)
        return tl::unexpected(saved.error());
    written << file;
    return written;
}

}  // namespace sqil
