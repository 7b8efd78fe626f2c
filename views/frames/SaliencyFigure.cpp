#include "views/frames/SaliencyFigure.h"

#include <qcustomplot.h>
#include <QPainter>
#include <cmath>

#include "views/frames/FramesView.h"
#include "views/frames/MapGeometry.h"
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

std::vector<Picture> saliencyRow(const StudioSession& session, const CameraFrame& camera,
                                 const SaliencyStyle& options) {
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
    row.push_back({FramesView::tr("Full precision"), composed(camera.image, reference, style, options.opacity)});
    if (session.hasQuantized())
        row.push_back({FramesView::tr("Quantized"), composed(camera.image, quantized, style, options.opacity)});
    row.back().bar = options.colours;
    row.back().largest = largest;
    row.back().barLabel = FramesView::tr("saliency S");
    if (session.hasQuantized())
        row.push_back({FramesView::tr("Quantized − full precision"),
                       composed(camera.image, delta, deltaStyle, options.opacity), &ColourMap::difference(),
                       largestDelta, FramesView::tr("difference ΔS")});
    return row;
}

constexpr double kBarWidth = 150, kGap = 20, kTitle = 48, kCaption = 44;  // units

double pictureWidth(const std::vector<Picture>& row, double width) {
    double bars = 0;
    for (const Picture& picture : row)
        bars += picture.bar ? kBarWidth + kGap : 0;
    return (width - bars - kGap * double(row.size() - 1)) / double(row.size());
}

}  // namespace

std::optional<Figure> saliencyFigure(const StudioSession& session, const SaliencyStyle& options) {
    std::vector<std::vector<Picture>> rows;
    for (const CameraFrame& camera : session.frames().cameras)
        if (!camera.image.isNull())
            rows.push_back(saliencyRow(session, camera, options));
    Figure figure;
    figure.name = QStringLiteral("saliency");
    if (rows.empty())
        return std::nullopt;
    figure.width = rows[0].size() > 1 ? kPageMillimetres : kColumnMillimetres;
    double height = kCaption;
    const double side = pictureWidth(rows[0], figure.width * kFigureUnitsPerMillimetre);
    for (const auto& row : rows)
        height += kTitle + side * row[0].image.height() / row[0].image.width() + kGap / 2;
    figure.height = height / kFigureUnitsPerMillimetre;
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

DataTable saliencyTable(const StudioSession& session) {
    const StepFrames& frames = session.frames();
    const StepMaps* maps = session.results().maps(frames.episode, frames.step);
    std::vector<QString> inputs;
    std::vector<double> x, y;
    std::vector<float> reference, quantized;
    for (const CameraFrame& camera : frames.cameras) {
        const auto place = [&](const std::vector<PlaceScores>& scores) {
            return cameraMap(scores, camera.key.toStdString(), session.card(), session.comparison().spec,
                             camera.image.size());
        };
        const PlaceMap first = maps ? place(maps->fullPrecision) : PlaceMap{};
        const PlaceMap second = maps ? place(maps->quantized) : PlaceMap{};
        for (int index = 0; !first.isEmpty() && index < first.rows * first.columns; ++index) {
            inputs.push_back(camera.key);
            x.push_back((first.firstX + first.strideX * (index % first.columns)) * camera.image.width());
            y.push_back((first.firstY + first.strideY * (index / first.columns)) * camera.image.height());
            reference.push_back(first.scores[std::size_t(index)]);
            quantized.push_back(second.isEmpty() ? std::numeric_limits<float>::quiet_NaN()
                                                 : second.scores[std::size_t(index)]);
        }
    }
    DataTable table{FramesView::tr("saliency"),
                    {{FramesView::tr("camera"), std::move(inputs)},
                     {FramesView::tr("x (px)"), std::move(x)},
                     {FramesView::tr("y (px)"), std::move(y)},
                     {FramesView::tr("S full precision"), std::move(reference)}}};
    if (session.hasQuantized())
        table.columns.push_back({FramesView::tr("S quantized"), std::move(quantized)});
    return table;
}

}  // namespace sqil
