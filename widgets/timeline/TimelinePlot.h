#pragma once
#include <QPixmap>
#include <QWidget>
#include <functional>
#include <optional>

#include "widgets/timeline/TimelineLayout.h"

class QNativeGestureEvent;

namespace sqil {

/// Series over steps, one lane beneath the other on a common axis, with a cursor through all of them, from one
/// step to millions: drawing costs what the pixels cost.
///
/// Left button: cursor, or the threshold where its handle is. Wheel: zoom at the mouse; Shift+wheel or a
/// horizontal one: pan. Touchpad: two fingers pan and zoom by pixels, pinching zooms. Middle or right button,
/// Shift+left, or a drag on the ruler: pan. Double click: everything. In the minimap: drag the window or its edges,
/// click elsewhere to go there.
class TimelinePlot : public QWidget {
    Q_OBJECT
public:
    explicit TimelinePlot(QWidget* parent = nullptr);

    /// Other steps: everything is shown, and the cursor is at the first one.
    void setSteps(qint64 steps, double stepsPerSecond, std::vector<TimelineSegment> segments = {});
    void setLanes(std::vector<TimelineLane> lanes);  ///< keeps zoom and cursor
    void setThreshold(const QString& lane, std::optional<double> threshold, const QString& label);
    void setCritical(std::shared_ptr<const StepCounts> critical);
    void setPicked(std::shared_ptr<const StepCounts> picked);  ///< steps picked out in another view; null: none
    void setFlags(std::vector<TimelineFlag> flags);
    void setCursorStep(qint64 step);  ///< scrolls it into view
    void seriesChanged();             ///< values behind a lane's pointer have changed

    const TimelineScene& scene() const { return scene_; }
    qint64 steps() const { return scene_.axis.steps(); }
    qint64 cursorStep() const { return scene_.cursor; }
    const StepRange& visibleSteps() const { return scene_.axis.visible(); }
    void setVisibleSteps(StepRange range);  ///< kept within the steps there are
    void showEverything();
    void zoomAtCursor(double factor);  ///< or in the middle, where the cursor is out of view
    void panBy(double share);          ///< of what is visible

    qint64 stepAt(double x) const;      ///< of a pixel of the widget
    double pixelOf(qint64 step) const;  ///< x of a step in the widget
    QRect laneRect(std::size_t index) const;
    QRect minimapRect() const;
    double yOf(std::size_t lane, double value) const;
    QString describe(qint64 step) const { return scene_.describe(step); }

    QSize sizeHint() const override { return {800, 260}; }
    QSize minimumSizeHint() const override;

signals:
    void cursorMoved(qint64 step);  ///< by the user
    void visibleChanged();
    void thresholdMoved(const QString& lane, double value);  ///< while it is being dragged
    void thresholdReleased(const QString& lane);
    void menuRequested(const QPoint& globalPosition, qint64 step);

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    enum class Drag { None, Cursor, Pan, Threshold, Minimap, MinimapLeft, MinimapRight };

    void relayout();
    void redraw();  ///< everything but the cursor is drawn anew
    void changeVisible(const std::function<void(StepAxis&)>& change);
    Drag dragAt(const QPointF& position, Qt::MouseButton button, Qt::KeyboardModifiers modifiers);
    void dragMinimap(double x);
    std::optional<std::size_t> handleAt(const QPointF& position) const;
    void showHover(std::optional<qint64> step);
    void updateShape(const QPointF& position);
    bool toolTip(const QPoint& position, const QPoint& global);

    TimelineScene scene_;
    TimelineLayout layout_;
    QPixmap drawn_;  ///< all but the cursor
    bool isStale_ = true;
    std::optional<qint64> hover_;
    Drag drag_ = Drag::None;
    QPointF pressed_;
    StepRange dragRange_;
    std::size_t dragLane_ = 0;
    Extent dragScale_;
    bool hasMoved_ = false;
};

}  // namespace sqil
