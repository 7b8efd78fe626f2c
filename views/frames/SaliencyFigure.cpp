#include "views/frames/SaliencyFigure.h"

#include <qcustomplot.h>
#include <QPainter>
#include <cmath>
#include <iterator>
#include <limits>

#include "views/frames/FramesView.h"
#include "views/frames/PanelMaps.h"
#include "widgets/ColourBar.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr int kPicturePixels = 1024;

QString positionText(const StudioSession& session) {
    const Selection& selection = session.selection();
    QString text = FramesView::tr("%1, step %2").arg(session.episodeName(selection.episode())).arg(selection.step());
    if (session.controlRate() > 0)
        text +=
            FramesView::tr(" (%1 s)").arg(QLocale().toString(double(selection.step()) / session.controlRate(), 'f', 2));
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

/// The colours' ends: the panels' largest score and difference, or the episode's.
struct Ends {
    double score = 0, difference = 0;
};

Ends endsOf(const StudioSession& session, const std::vector<PlaceMap>& maps, const std::vector<SaliencyPanel>& panels,
            const SaliencyStyle& options) {
    Ends ends;
    if (options.episodeScale)
        ends = {session.results().largestScore(), session.results().largestDifference()};
    for (std::size_t index = 0; index < panels.size(); ++index) {
        double& end = panels[index].kind == SaliencyPanel::Kind::Difference ? ends.difference : ends.score;
        end = std::max(end, double(maps[index].largest()));
    }
    return ends;
}

QString shortTitle(const SaliencyPanel& panel, const StudioSession& session) {
    const QString who =
        session.comparedCount() > 1 ? session.comparedName(panel.compared) : FramesView::tr("Quantized");
    switch (panel.kind) {
        case SaliencyPanel::Kind::Quantized:
            return who;
        case SaliencyPanel::Kind::Difference:
            return session.comparedCount() > 1 ? FramesView::tr("Δ %1").arg(who)
                                               : FramesView::tr("Quantized − full precision");
        case SaliencyPanel::Kind::FullPrecision:
            break;
    }
    return FramesView::tr("Full precision");
}

/// One camera: the reference and every compared policy, then the differences; with several compared policies the
/// differences in a row of their own, each beneath its policy.
std::vector<std::vector<Picture>> rowsOf(const StudioSession& session, const CameraFrame& camera,
                                         const SaliencyStyle& options) {
    const StepFrames& frames = session.frames();
    const MapMode mode = session.hasQuantized() ? MapMode::Everything : MapMode::FullPrecision;
    const auto panels = panelsOf(mode, camera.key.toStdString(), session.comparedCount());
    std::vector<PlaceMap> maps;
    for (const SaliencyPanel& panel : panels)
        maps.push_back(mapOf(panel, session, frames.episode, frames.step, camera.image.size()));
    const Ends ends = endsOf(session, maps, panels, options);
    std::vector<Picture> scores, differences;
    for (std::size_t index = 0; index < panels.size(); ++index) {
        const bool isDifference = panels[index].kind == SaliencyPanel::Kind::Difference;
        const HeatStyle style{isDifference ? &ColourMap::difference() : options.colours,
                              isDifference ? ends.difference : ends.score, true};
        (isDifference ? differences : scores)
            .push_back(
                {shortTitle(panels[index], session), composed(camera.image, maps[index], style, options.opacity)});
    }
    const auto end = [](std::vector<Picture>& row, const ColourMap& colours, double largest, const QString& label) {
        row.back().bar = &colours;
        row.back().largest = largest;
        row.back().barLabel = label;
    };
    end(scores, *options.colours, ends.score, FramesView::tr("saliency S"));
    if (differences.empty())
        return {std::move(scores)};
    end(differences, ColourMap::difference(), ends.difference, FramesView::tr("difference ΔS"));
    if (session.comparedCount() > 1) {
        differences.insert(differences.begin(), Picture{});  // nothing beneath the reference
        return {std::move(scores), std::move(differences)};
    }
    scores.insert(scores.end(), std::make_move_iterator(differences.begin()),
                  std::make_move_iterator(differences.end()));
    return {std::move(scores)};
}

constexpr double kBarWidth = 176, kGap = 20, kTitle = 48, kCaption = 44;  // units

double pictureWidth(const std::vector<Picture>& row, double width) {
    double bars = 0;
    for (const Picture& picture : row)
        bars += picture.bar ? kBarWidth + kGap : 0;
    return (width - bars - kGap * double(row.size() - 1)) / double(row.size());
}

double aspectOf(const std::vector<Picture>& row) {
    const QImage& picture = row.back().image;
    return double(picture.height()) / picture.width();
}

}  // namespace

std::optional<Figure> saliencyFigure(const StudioSession& session, const SaliencyStyle& options) {
    std::vector<std::vector<Picture>> rows;
    for (const CameraFrame& camera : session.frames().cameras)
        if (!camera.image.isNull())
            for (auto& row : rowsOf(session, camera, options))
                rows.push_back(std::move(row));
    Figure figure;
    figure.name = QStringLiteral("saliency");
    if (rows.empty())
        return std::nullopt;
    figure.width = rows[0].size() > 1 ? kPageMillimetres : kColumnMillimetres;
    double height = kCaption;
    const double side = pictureWidth(rows[0], figure.width * kFigureUnitsPerMillimetre);
    for (const auto& row : rows)
        height += kTitle + side * aspectOf(row) + kGap / 2;
    figure.height = height / kFigureUnitsPerMillimetre;
    figure.draw = [rows, caption = positionText(session)](QCPPainter& painter, QSize size) {
        const PlotTheme theme = PlotTheme::print();
        painter.fillRect(QRect(QPoint(), size), theme.background);
        const double side = pictureWidth(rows[0], size.width());
        double top = 0;
        for (const auto& row : rows) {
            const double height = side * aspectOf(row);
            double left = 0;
            for (const Picture& picture : row) {
                painter.setFont(theme.font);
                painter.setPen(theme.text);
                const QString title = QFontMetricsF(theme.font, painter.device())
                                          .elidedText(picture.title, Qt::ElideRight, side + kGap / 2);
                painter.drawText(QRectF(left, top, side + kGap / 2, kTitle - 6), Qt::AlignLeft | Qt::AlignBottom,
                                 title);
                if (!picture.image.isNull())
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

DataTable saliencyTable(const StudioSession& session) {
    const StepFrames& frames = session.frames();
    std::vector<QString> inputs;
    std::vector<double> x, y;
    std::vector<std::vector<float>> scores(session.comparedCount() + 1);
    for (const CameraFrame& camera : frames.cameras) {
        const auto panels = panelsOf(session.hasQuantized() ? MapMode::SideBySide : MapMode::FullPrecision,
                                     camera.key.toStdString(), session.comparedCount());
        std::vector<PlaceMap> maps;
        for (const SaliencyPanel& panel : panels)
            maps.push_back(mapOf(panel, session, frames.episode, frames.step, camera.image.size()));
        const PlaceMap& first = maps.front();
        for (int index = 0; !first.isEmpty() && index < first.rows * first.columns; ++index) {
            inputs.push_back(camera.key);
            x.push_back((first.firstX + first.strideX * (index % first.columns)) * camera.image.width());
            y.push_back((first.firstY + first.strideY * (index / first.columns)) * camera.image.height());
            for (std::size_t policy = 0; policy < scores.size(); ++policy)
                scores[policy].push_back(maps[policy].scores.size() == first.scores.size()
                                             ? maps[policy].scores[std::size_t(index)]
                                             : std::numeric_limits<float>::quiet_NaN());
        }
    }
    DataTable table{FramesView::tr("saliency"),
                    {{FramesView::tr("camera"), std::move(inputs)},
                     {FramesView::tr("x (px)"), std::move(x)},
                     {FramesView::tr("y (px)"), std::move(y)},
                     {FramesView::tr("S full precision"), std::move(scores[0])}}};
    for (std::size_t compared = 0; compared < session.comparedCount(); ++compared)
        table.columns.push_back({session.comparedCount() > 1
                                     ? FramesView::tr("S %1").arg(session.comparedName(compared))
                                     : FramesView::tr("S quantized"),
                                 std::move(scores[compared + 1])});
    return table;
}

}  // namespace sqil
