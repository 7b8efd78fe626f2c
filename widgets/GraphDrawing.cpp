#include "widgets/GraphDrawing.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace sqil {
namespace {

// Screen pixels; a figure's are as many times larger as its theme's unit.
constexpr double kPadding = 8;
constexpr double kRadius = 5;
constexpr double kSmallestWidth = 140, kLargestWidth = 260;
constexpr double kRowGap = 34, kColumnGap = 24;
constexpr double kArrow = 5;
constexpr double kBeyond = 10;  ///< what a box draws beside its rectangle

/// Black or white, whichever reads better on the colour (WCAG relative luminance).
QColor textOn(const QColor& colour) {
    const auto linear = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    const double luminance =
        0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
    return luminance > 0.179 ? QColor(0x16191d) : QColor(Qt::white);
}

QSizeF sizeOf(const GraphBox& box, const PlotTheme& theme) {
    const double unit = theme.unit;
    const QFontMetricsF large(theme.scaled(1, true)), small(theme.scaled(0.9));
    double width = std::max(large.horizontalAdvance(box.title), small.horizontalAdvance(box.name));
    width = std::max(width, small.horizontalAdvance(box.detail)) + 2 * kPadding * unit;
    double height = large.height() + kPadding * unit;
    for (const QString* line : {&box.name, &box.detail})
        height += line->isEmpty() ? 0 : small.height() + 3 * unit;
    return {std::clamp(width, kSmallestWidth * unit, kLargestWidth * unit), height + kPadding * unit / 2};
}

}  // namespace

GraphStyle GraphStyle::of(const QPalette& palette, const QFont& font) {
    return {PlotTheme::of(palette, font), palette.color(QPalette::Mid), palette.color(QPalette::Midlight),
            palette.color(QPalette::Highlight)};
}

GraphStyle GraphStyle::print() {
    GraphStyle style{PlotTheme::print(), QColor(0xb4bac2), QColor(0xdfe3e8), {}};
    style.highlight = style.theme.second;
    return style;
}

GraphDrawing::GraphDrawing(std::vector<GraphBox> boxes, std::vector<GraphEdge> edges, const PlotTheme& theme,
                           double spacing)
    : boxes_(std::move(boxes)), edges_(std::move(edges)) {
    for (const GraphBox& box : boxes_)
        sizes_.push_back(sizeOf(box, theme));
    layout_ = layOutGraph(sizes_, edges_, kRowGap * spacing * theme.unit, kColumnGap * theme.unit);
}

QRectF GraphDrawing::rectOf(int box) const {
    const QSizeF size = sizes_[std::size_t(box)];
    return {layout_.centres[std::size_t(box)] - QPointF(size.width(), size.height()) / 2, size};
}

void GraphDrawing::draw(QPainter& painter, const QRectF& area, const GraphStyle& style, int selected,
                        bool withTexts) const {
    const double beyond = kBeyond * style.theme.unit;
    drawEdges(painter, area, style, selected);
    for (int box = 0; box < boxCount(); ++box)
        if (rectOf(box).adjusted(-beyond, -beyond, beyond, beyond).intersects(area))
            drawBox(painter, box, style, box == selected, withTexts);
}

void GraphDrawing::drawEdges(QPainter& painter, const QRectF& area, const GraphStyle& style, int selected) const {
    const double unit = style.theme.unit, arrow = kArrow * unit, beyond = kBeyond * unit;
    for (std::size_t index = 0; index < edges_.size(); ++index) {
        const auto& points = layout_.edges[index];
        QPainterPath path(points.front());
        for (std::size_t point = 1; point < points.size(); ++point) {
            const QPointF from = points[point - 1], to = points[point];
            const double middle = (from.y() + to.y()) / 2;
            path.cubicTo(QPointF(from.x(), middle), QPointF(to.x(), middle), to);
        }
        if (!path.boundingRect().adjusted(-beyond, -beyond, beyond, beyond).intersects(area))
            continue;
        const bool marked = selected >= 0 && (edges_[index].from == selected || edges_[index].to == selected);
        const QColor colour = marked ? style.highlight : style.theme.muted;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, (marked ? 1.8 : 1.1) * unit));
        painter.drawPath(path);
        const QPointF tip = points.back();
        const double side = points.size() > 1 && tip.y() < points[points.size() - 2].y() ? 1 : -1;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF{
            {tip, tip + QPointF(-arrow * 0.7, side * arrow * 1.4), tip + QPointF(arrow * 0.7, side * arrow * 1.4)}});
    }
}

void GraphDrawing::drawBox(QPainter& painter, int index, const GraphStyle& style, bool selected, bool withTexts) const {
    const PlotTheme& theme = style.theme;
    const double unit = theme.unit, radius = kRadius * unit;
    const GraphBox& box = boxes_[std::size_t(index)];
    const QRectF area = rectOf(index);
    const QFont large = theme.scaled(1, true), small = theme.scaled(0.9);
    const QFontMetricsF largeMetrics(large), smallMetrics(small);
    painter.setPen(QPen(selected ? style.highlight : style.frame, (selected ? 2.2 : 1) * unit));
    painter.setBrush(theme.panel);
    if (box.collapsed)
        for (const double behind : {6.0, 3.0})
            painter.drawRoundedRect(area.translated(behind * unit, behind * unit), radius, radius);
    painter.drawRoundedRect(area, radius, radius);

    const QColor head = box.colour.isValid() ? box.colour : style.head;
    const QRectF headArea(area.left(), area.top(), area.width(), largeMetrics.height() + kPadding * unit);
    // As a path of its own: a clip would be drawn as a picture in some vector formats.
    const double inset = 0.8 * unit;
    QPainterPath inside, filled;
    inside.addRoundedRect(area.adjusted(inset, inset, -inset, -inset), radius, radius);
    filled.addRect(box.name.isEmpty() && box.detail.isEmpty() ? area : headArea);
    painter.fillPath(inside.intersected(filled), head);
    if (!withTexts)
        return;
    const auto write = [&](const QRectF& line, const QFont& font, const QFontMetricsF& metrics, const QColor& colour,
                           const QString& text) {
        painter.setFont(font);
        painter.setPen(colour);
        const QRectF room = line.adjusted(kPadding * unit, 0, -kPadding * unit, 0);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(text, Qt::ElideMiddle, room.width() + 1));
    };
    write(headArea, large, largeMetrics, textOn(head), box.title);
    double y = headArea.bottom() + 2 * unit;
    const double step = smallMetrics.height() + 3 * unit;
    for (const QString* line : {&box.name, &box.detail}) {
        if (line->isEmpty())
            continue;
        write({area.left(), y, area.width(), step}, small, smallMetrics, line == &box.name ? theme.text : theme.muted,
              *line);
        y += step;
    }
}

}  // namespace sqil
