#include "widgets/GraphView.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainterPath>
#include <QScrollBar>
#include <QToolTip>
#include <cmath>

namespace sqil {
namespace {

constexpr double kPadding = 8;
constexpr double kMargin = 16;  ///< around the graph, where all of it is shown
constexpr double kRadius = 5;
constexpr double kSmallestWidth = 140, kLargestWidth = 260;
constexpr double kSmallestZoom = 0.03, kLargestZoom = 4;
constexpr double kReadableZoom = 0.6;  // what is shown unasked is no smaller
constexpr double kTextZoom = 0.35;     // below it texts could not be read, and are left out

/// Black or white, whichever reads better on the colour (WCAG relative luminance).
QColor textOn(const QColor& colour) {
    const auto linear = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    const double luminance =
        0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
    return luminance > 0.179 ? QColor(0x16191d) : QColor(Qt::white);
}

}  // namespace

GraphView::GraphView(QWidget* parent) : QGraphicsView(parent) {
    setScene(new QGraphicsScene(this));
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setDragMode(QGraphicsView::NoDrag);
    setTransformationAnchor(QGraphicsView::AnchorUnderMouse);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    setAccessibleName(tr("Graph of the policy"));
    setMinimumSize(120, 120);
}

QSizeF GraphView::sizeOf(const GraphBox& box) const {
    const PlotTheme theme = PlotTheme::of(palette(), font());
    const QFontMetricsF large(theme.scaled(1, true)), small(theme.scaled(0.9));
    double width = std::max(large.horizontalAdvance(box.title), small.horizontalAdvance(box.name));
    width = std::max(width, small.horizontalAdvance(box.detail)) + 2 * kPadding;
    double height = large.height() + kPadding;
    for (const QString* line : {&box.name, &box.detail})
        height += line->isEmpty() ? 0 : small.height() + 3;
    return {std::clamp(width, kSmallestWidth, kLargestWidth), height + kPadding / 2};
}

void GraphView::setGraph(std::vector<GraphBox> boxes, std::vector<GraphEdge> edges) {
    boxes_ = std::move(boxes);
    edges_ = std::move(edges);
    sizes_.clear();
    for (const GraphBox& box : boxes_)
        sizes_.push_back(sizeOf(box));
    layout_ = layOutGraph(sizes_, edges_);
    selected_ = -1;
    constexpr double margin = 24;
    // Room to pan beyond the graph, so that its edges can be looked at in the middle of the view.
    scene()->setSceneRect(layout_.bounds.adjusted(-margin, -margin, margin, margin)
                              .adjusted(-layout_.bounds.width(), -300, layout_.bounds.width(), 300));
    fitted_ = true;
    showReadably();
}

void GraphView::updateBoxes(std::vector<GraphBox> boxes) {
    if (boxes.size() != boxes_.size())
        return;
    boxes_ = std::move(boxes);
    viewport()->update();
}

void GraphView::setPlaceholder(const QString& text) {
    placeholder_ = text;
    viewport()->update();
}

QRectF GraphView::boxRect(int box) const {
    const QSizeF size = sizes_[std::size_t(box)];
    return {layout_.centres[std::size_t(box)] - QPointF(size.width(), size.height()) / 2, size};
}

void GraphView::setSelected(int box) {
    if (box == selected_ || box >= boxCount())
        return;
    selected_ = box;
    if (box >= 0 && !mapToScene(viewport()->rect()).boundingRect().contains(boxRect(box)))
        centerOn(layout_.centres[std::size_t(box)]);
    viewport()->update();
}

double GraphView::fittingZoom() const {
    const QRectF shown = layout_.bounds.adjusted(-kMargin, -kMargin, kMargin, kMargin);
    const double scale = std::min({viewport()->width() / shown.width(), viewport()->height() / shown.height(), 1.0});
    return std::max(scale, kSmallestZoom);
}

void GraphView::fit() {
    if (boxes_.empty() || viewport()->width() < 2 || viewport()->height() < 2)
        return;
    setTransform(QTransform::fromScale(fittingZoom(), fittingZoom()));
    centerOn(layout_.bounds.center());
    fitted_ = true;
    viewport()->update();
}

/// Everything where that can be read; else what is selected, or the top.
void GraphView::showReadably() {
    fit();
    if (boxes_.empty() || fittingZoom() >= kReadableZoom)
        return;
    setTransform(QTransform::fromScale(kReadableZoom, kReadableZoom));
    if (selected_ >= 0)
        centerOn(layout_.centres[std::size_t(selected_)]);
    else
        centerOn(layout_.bounds.center().x(),
                 layout_.bounds.top() - kMargin + viewport()->height() / kReadableZoom / 2);
}

void GraphView::zoomBy(double factor) {
    const double now = transform().m11();
    const double next = std::clamp(now * factor, kSmallestZoom, kLargestZoom);
    scale(next / now, next / now);
    fitted_ = false;
}

int GraphView::boxAt(const QPoint& position) const {
    const QPointF point = mapToScene(position);
    for (int box = 0; box < boxCount(); ++box)
        if (boxRect(box).contains(point))
            return box;
    return -1;
}

void GraphView::choose(int box) {
    if (box < 0)
        return;
    setSelected(box);
    emit boxSelected(box);
}

/// Along an edge: +1 to what reads the box, −1 to what it reads.
void GraphView::walk(int rows) {
    if (selected_ < 0) {
        choose(boxes_.empty() ? -1 : 0);
        return;
    }
    for (const GraphEdge& edge : edges_)
        if ((rows > 0 ? edge.from : edge.to) == selected_) {
            choose(rows > 0 ? edge.to : edge.from);
            return;
        }
}

void GraphView::wheelEvent(QWheelEvent* event) {
    if (event->angleDelta().y() != 0)
        zoomBy(std::pow(1.0015, event->angleDelta().y()));
    event->accept();
}

void GraphView::mousePressEvent(QMouseEvent* event) {
    dragFrom_ = event->pos();
    dragged_ = false;
}

void GraphView::mouseMoveEvent(QMouseEvent* event) {
    if (!dragFrom_) {
        viewport()->setCursor(boxAt(event->pos()) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    const QPoint moved = event->pos() - *dragFrom_;
    if (!dragged_ && moved.manhattanLength() < 4)
        return;
    dragged_ = true;
    fitted_ = false;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - moved.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() - moved.y());
    dragFrom_ = event->pos();
}

void GraphView::mouseReleaseEvent(QMouseEvent* event) {
    if (!dragged_ && dragFrom_ && event->button() == Qt::LeftButton)
        choose(boxAt(event->pos()));
    dragFrom_.reset();
}

void GraphView::mouseDoubleClickEvent(QMouseEvent* event) {
    const int box = boxAt(event->pos());
    if (box >= 0)
        emit boxActivated(box);
    else
        fit();
}

void GraphView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Down:
            walk(1);
            return;
        case Qt::Key_Up:
            walk(-1);
            return;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoomBy(1.25);
            return;
        case Qt::Key_Minus:
            zoomBy(0.8);
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (selected_ >= 0)
                emit boxActivated(selected_);
            return;
        default:
            QGraphicsView::keyPressEvent(event);
    }
}

void GraphView::resizeEvent(QResizeEvent* event) {
    QGraphicsView::resizeEvent(event);
    if (fitted_)
        showReadably();
}

void GraphView::changeEvent(QEvent* event) {
    QGraphicsView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        viewport()->update();
}

bool GraphView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int box = boxAt(help->pos());
        if (box >= 0)
            QToolTip::showText(help->globalPos(), boxes_[std::size_t(box)].toolTip, viewport());
        else
            QToolTip::hideText();
        return true;
    }
    return QGraphicsView::viewportEvent(event);
}

void GraphView::drawBackground(QPainter* painter, const QRectF& area) {
    const PlotTheme theme = PlotTheme::of(palette(), font());
    painter->fillRect(area, theme.background);
    if (boxes_.empty()) {
        painter->save();
        painter->resetTransform();
        painter->setPen(theme.muted);
        painter->drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, placeholder_);
        painter->restore();
        return;
    }
    drawEdges(*painter, area, theme);
    for (int box = 0; box < boxCount(); ++box)
        if (boxRect(box).adjusted(-4, -4, 8, 8).intersects(area))
            drawBox(*painter, box, theme);
}

void GraphView::drawEdges(QPainter& painter, const QRectF& area, const PlotTheme& theme) const {
    constexpr double arrow = 5;
    for (std::size_t index = 0; index < edges_.size(); ++index) {
        const auto& points = layout_.edges[index];
        QPainterPath path(points.front());
        for (std::size_t point = 1; point < points.size(); ++point) {
            const QPointF from = points[point - 1], to = points[point];
            const double middle = (from.y() + to.y()) / 2;
            path.cubicTo(QPointF(from.x(), middle), QPointF(to.x(), middle), to);
        }
        if (!path.boundingRect().adjusted(-8, -8, 8, 8).intersects(area))
            continue;
        const bool marked = selected_ >= 0 && (edges_[index].from == selected_ || edges_[index].to == selected_);
        const QColor colour = marked ? palette().color(QPalette::Highlight) : theme.muted;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, marked ? 1.8 : 1.1));
        painter.drawPath(path);
        const QPointF tip = points.back();
        const double side = points.size() > 1 && tip.y() < points[points.size() - 2].y() ? 1 : -1;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF{
            {tip, tip + QPointF(-arrow * 0.7, side * arrow * 1.4), tip + QPointF(arrow * 0.7, side * arrow * 1.4)}});
    }
}

void GraphView::drawBox(QPainter& painter, int index, const PlotTheme& theme) const {
    const GraphBox& box = boxes_[std::size_t(index)];
    const QRectF area = boxRect(index);
    const bool selected = index == selected_;
    const QColor edge = selected ? palette().color(QPalette::Highlight) : palette().color(QPalette::Mid);
    const QFont large = theme.scaled(1, true), small = theme.scaled(0.9);
    const QFontMetricsF largeMetrics(large), smallMetrics(small);
    painter.setPen(QPen(edge, selected ? 2.2 : 1));
    painter.setBrush(theme.panel);
    if (box.collapsed)
        for (const double behind : {6.0, 3.0})
            painter.drawRoundedRect(area.translated(behind, behind), kRadius, kRadius);
    painter.drawRoundedRect(area, kRadius, kRadius);

    const QColor head = box.colour.isValid() ? box.colour : palette().color(QPalette::Midlight);
    QRectF headArea(area.left(), area.top(), area.width(), largeMetrics.height() + kPadding);
    QPainterPath clip;
    clip.addRoundedRect(area.adjusted(0.8, 0.8, -0.8, -0.8), kRadius, kRadius);
    painter.save();
    painter.setClipPath(clip, Qt::IntersectClip);
    painter.fillRect(box.name.isEmpty() && box.detail.isEmpty() ? area : headArea, head);
    painter.restore();
    if (transform().m11() < kTextZoom && painter.worldTransform().m11() < kTextZoom)
        return;
    const auto write = [&](const QRectF& line, const QFont& font, const QFontMetricsF& metrics, const QColor& colour,
                           const QString& text) {
        painter.setFont(font);
        painter.setPen(colour);
        const QRectF inside = line.adjusted(kPadding, 0, -kPadding, 0);
        painter.drawText(inside, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(text, Qt::ElideMiddle, inside.width()));
    };
    write(headArea, large, largeMetrics, textOn(head), box.title);
    double y = headArea.bottom() + 2;
    for (const QString* line : {&box.name, &box.detail}) {
        if (line->isEmpty())
            continue;
        write({area.left(), y, area.width(), smallMetrics.height() + 3}, small, smallMetrics,
              line == &box.name ? theme.text : theme.muted, *line);
        y += smallMetrics.height() + 3;
    }
}

}  // namespace sqil
