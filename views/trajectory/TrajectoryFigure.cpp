#include "views/trajectory/TrajectoryFigure.h"

#include <qcustomplot.h>

#include <cmath>

#include "views/session/Paths.h"
#include "widgets/ColourBar.h"
#include "widgets/SpaceDrawing.h"

namespace sqil {
namespace {

constexpr double kWidth = 125, kHeight = 88;  ///< mm
constexpr double kBar = 190;                  ///< figure units, with its numbers
constexpr int kRenderedDotsPerInch = 600;
constexpr double kMarkerSize = 4.5;  ///< screen pixels

/// The scene's part of a figure of this size.
QRectF sceneArea(const QSize& size, const TrajectoryPicture& picture, double legend) {
    return QRectF(0, 0, size.width() - (picture.paths.byValue ? kBar : 0), size.height() - legend);
}

/// Entries beside each other, in as many lines as they need; without a painter only their height.
double drawLegend(QPainter* painter, const QRectF& area, const std::vector<PathLegendEntry>& legend,
                  const PlotTheme& theme) {
    if (legend.empty())
        return 0;
    const double unit = theme.unit;
    const QFontMetricsF metrics(theme.font);
    const double line = metrics.height() * 1.4;
    double left = area.left() + 4 * unit, y = area.top();
    for (const PathLegendEntry& entry : legend) {
        const QString name = metrics.elidedText(entry.name, Qt::ElideMiddle, area.width() - 30 * unit);
        const double width = 20 * unit + metrics.horizontalAdvance(name) + 14 * unit;
        if (left + width > area.right() && left > area.left() + 4 * unit) {
            left = area.left() + 4 * unit;
            y += line;
        }
        if (painter) {
            painter->setPen(QPen(entry.colour, 3.5 * unit, Qt::SolidLine, Qt::RoundCap));
            painter->drawLine(QPointF(left + 2 * unit, y + line / 2), QPointF(left + 14 * unit, y + line / 2));
            painter->setPen(theme.text);
            painter->setFont(theme.font);
            painter->drawText(QRectF(left + 20 * unit, y, width, line), Qt::AlignLeft | Qt::AlignVCenter, name);
        }
        left += width;
    }
    return y + line - area.top();
}

void drawMarkers(QPainter& painter, const QSizeF& size, const SpaceCamera& camera, const TrajectoryPicture& picture,
                 const PlotTheme& theme) {
    const auto disc = [&](const QVector3D& point, const QColor& colour) {
        const auto place = camera.project(point, size);
        if (!place)
            return;
        painter.setPen(QPen(theme.background, 1.2 * theme.unit));
        painter.setBrush(colour);
        painter.drawEllipse(*place, kMarkerSize * theme.unit, kMarkerSize * theme.unit);
    };
    for (const SpaceGlyph& companion : picture.companions)
        disc(companion.point, QColor(companion.colour));
    if (picture.marker)
        disc(*picture.marker, theme.text);
}

}  // namespace

Figure trajectoryFigure(TrajectoryPicture picture) {
    const PlotTheme theme = PlotTheme::print();
    Figure figure;
    figure.name = QStringLiteral("trajectory");
    figure.width = kWidth;
    figure.height = kHeight;
    const double legend = drawLegend(nullptr, QRectF(QPointF(), QSizeF(figure.units())), picture.paths.legend, theme);
    const auto lines = picture.axes.lines(theme);
    picture.paths.scene.lines.insert(picture.paths.scene.lines.end(), lines.begin(), lines.end());
    QImage rendered;
    QSizeF renderedFor;
    if (!isDrawable(picture.paths.scene) && picture.render) {
        renderedFor = sceneArea(figure.units(), picture, legend).size();
        const SpaceCamera camera =
            picture.fitted ? picture.axes.fitted(picture.camera, renderedFor, theme.unit) : picture.camera;
        rendered = picture.render(picture.paths.scene, camera,
                                  (renderedFor * kRenderedDotsPerInch / kFigureUnitsPerInch).toSize());
    }
    picture.render = nullptr;  // of the view, which the figure may outlive
    figure.draw = [picture = std::move(picture), rendered, renderedFor](QCPPainter& painter, QSize size) {
        const PlotTheme theme = PlotTheme::print();
        painter.fillRect(QRect(QPoint(), size), theme.background);
        const double legend = drawLegend(nullptr, QRectF(QPointF(), QSizeF(size)), picture.paths.legend, theme);
        QRectF area = sceneArea(size, picture, legend);
        if (!rendered.isNull()) {  // a picture keeps its proportions
            QSizeF inside = renderedFor.scaled(area.size(), Qt::KeepAspectRatio);
            area = QRectF(area.center() - QPointF(inside.width(), inside.height()) / 2, inside);
        }
        const SpaceCamera camera =
            picture.fitted ? picture.axes.fitted(picture.camera, area.size(), theme.unit) : picture.camera;
        painter.save();
        painter.setClipRect(area);
        painter.translate(area.topLeft());
        if (rendered.isNull())
            drawSpace(painter, area.size(), picture.paths.scene, camera, theme.unit);
        else
            painter.drawImage(QRectF(QPointF(), area.size()), rendered);
        picture.axes.draw(painter, area.size(), camera, theme);
        if (picture.marker && !picture.frame.isNull())
            drawBillboard(painter, area.size(), camera, picture.axes, *picture.marker, picture.frame, theme);
        drawMarkers(painter, area.size(), camera, picture, theme);
        painter.restore();
        if (picture.paths.byValue)
            ColourBar::draw(painter,
                            QRectF(size.width() - kBar, 0.08 * size.height(), kBar, 0.84 * (size.height() - legend)),
                            ColourMap::viridis(), picture.paths.largest, picture.valueLabel, theme);
        drawLegend(&painter, QRectF(0, size.height() - legend, size.width(), legend), picture.paths.legend, theme);
    };
    return figure;
}

DataTable trajectoryTable(const StudioSession& session, const std::vector<PathFile>& files,
                          const std::vector<PathPlace>& places, const QString& unit) {
    std::vector<QString> names, episodes, policies;
    std::vector<qint64> steps;
    std::array<std::vector<float>, 3> coordinates;
    std::vector<float> sis, gap;
    for (const PathPlace& place : places) {
        const PathFile& file = files[std::size_t(place.file)];
        const EpisodeInfo& info = file.rollouts->info().episodes[std::size_t(place.episode)];
        const auto policy = info.attributes.find("policy");
        const QString name = toQString(info.name);
        const QString recorded = policy == info.attributes.end() ? QString() : toQString(policy->second);
        const EpisodeResults* numbers = place.file == 0 ? &session.results().episode(place.episode) : nullptr;
        const auto valueAt = [](const std::vector<float>& values, std::int64_t step) {
            return std::size_t(step) < values.size() ? values[std::size_t(step)] : std::nanf("");
        };
        for (std::int64_t step = 0; const auto point = file.pointAt(place.episode, step); ++step) {
            names.push_back(file.name);
            episodes.push_back(name);
            policies.push_back(recorded);
            steps.push_back(step);
            for (int axis = 0; axis < 3; ++axis)
                coordinates[std::size_t(axis)].push_back((*point)[axis]);
            sis.push_back(numbers ? valueAt(numbers->sis, step) : std::nanf(""));
            gap.push_back(numbers ? valueAt(numbers->gap, step) : std::nanf(""));
        }
    }
    const QString suffix = unit.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(unit);
    return DataTable{QStringLiteral("trajectory"),
                     {{QStringLiteral("rollouts"), std::move(names)},
                      {QStringLiteral("episode"), std::move(episodes)},
                      {QStringLiteral("recorded policy"), std::move(policies)},
                      {QStringLiteral("step"), std::move(steps)},
                      {QStringLiteral("x") + suffix, std::move(coordinates[0])},
                      {QStringLiteral("y") + suffix, std::move(coordinates[1])},
                      {QStringLiteral("z") + suffix, std::move(coordinates[2])},
                      {QStringLiteral("SIS"), std::move(sis)},
                      {QStringLiteral("action gap (normalized)"), std::move(gap)}}};
}

}  // namespace sqil
