#include "widgets/GraphView.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QScrollBar>
#include <QToolTip>
#include <cmath>

namespace sqil {
namespace {

constexpr double kMargin = 16;  ///< around the graph, where all of it is shown
constexpr double kSmallestZoom = 0.03, kLargestZoom = 4;
constexpr double kReadableZoom = 0.6;  // what is shown unasked is no smaller
constexpr double kTextZoom = 0.35;     // below it texts could not be read, and are left out

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

void GraphView::setGraph(std::vector<GraphBox> boxes, std::vector<GraphEdge> edges) {
    drawing_ = GraphDrawing(std::move(boxes), std::move(edges), PlotTheme::of(palette(), font()));
    selected_ = -1;
    constexpr double margin = 24;
    // Room to pan beyond the graph, so that its edges can be looked at in the middle of the view.
    scene()->setSceneRect(drawing_.bounds()
                              .adjusted(-margin, -margin, margin, margin)
                              .adjusted(-drawing_.bounds().width(), -300, drawing_.bounds().width(), 300));
    fitted_ = true;
    showReadably();
}

void GraphView::updateBoxes(std::vector<GraphBox> boxes) {
    if (int(boxes.size()) != boxCount())
        return;
    drawing_.setBoxes(std::move(boxes));
    viewport()->update();
}

void GraphView::setPlaceholder(const QString& text) {
    placeholder_ = text;
    viewport()->update();
}

void GraphView::setSelected(int box) {
    if (box == selected_ || box >= boxCount())
        return;
    selected_ = box;
    if (box >= 0 && !mapToScene(viewport()->rect()).boundingRect().contains(boxRect(box)))
        centerOn(drawing_.centreOf(box));
    viewport()->update();
}

double GraphView::fittingZoom() const {
    const QRectF shown = drawing_.bounds().adjusted(-kMargin, -kMargin, kMargin, kMargin);
    const double scale = std::min({viewport()->width() / shown.width(), viewport()->height() / shown.height(), 1.0});
    return std::max(scale, kSmallestZoom);
}

void GraphView::fit() {
    if (boxCount() == 0 || viewport()->width() < 2 || viewport()->height() < 2)
        return;
    setTransform(QTransform::fromScale(fittingZoom(), fittingZoom()));
    centerOn(drawing_.bounds().center());
    fitted_ = true;
    viewport()->update();
}

/// Everything where that can be read; else what is selected, or the top.
void GraphView::showReadably() {
    fit();
    if (boxCount() == 0 || fittingZoom() >= kReadableZoom)
        return;
    setTransform(QTransform::fromScale(kReadableZoom, kReadableZoom));
    if (selected_ >= 0)
        centerOn(drawing_.centreOf(selected_));
    else
        centerOn(drawing_.bounds().center().x(),
                 drawing_.bounds().top() - kMargin + viewport()->height() / kReadableZoom / 2);
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
        choose(boxCount() == 0 ? -1 : 0);
        return;
    }
    for (const GraphEdge& edge : edges())
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
        const int hovered = boxAt(help->pos());
        if (hovered >= 0)
            QToolTip::showText(help->globalPos(), box(hovered).toolTip, viewport());
        else
            QToolTip::hideText();
        return true;
    }
    return QGraphicsView::viewportEvent(event);
}

void GraphView::drawBackground(QPainter* painter, const QRectF& area) {
    const GraphStyle style = GraphStyle::of(palette(), font());
    painter->fillRect(area, style.theme.background);
    if (boxCount() == 0) {
        painter->save();
        painter->resetTransform();
        painter->setPen(style.theme.muted);
        painter->drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, placeholder_);
        painter->restore();
        return;
    }
    // Rendered onto a picture, the painter's scale is another than the view's.
    const bool readable = transform().m11() >= kTextZoom || painter->worldTransform().m11() >= kTextZoom;
    drawing_.draw(*painter, area, style, selected_, readable);
}

}  // namespace sqil
