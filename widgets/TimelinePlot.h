#pragma once
#include <qcustomplot.h>

#include <optional>
#include <vector>

#include "widgets/PlotTheme.h"
#include "widgets/StepBands.h"

namespace sqil {

/// Series over the steps of an episode, one beneath the other on a common step axis, with a cursor
/// through all of them.
///
/// Left button: cursor. Wheel: zoom at the mouse; Shift+wheel or a horizontal wheel: pan. Middle or
/// right button, Shift+left, or a drag on an axis: pan. Double click: everything.
class TimelinePlot : public QCustomPlot {
    Q_OBJECT
public:
    /// One row. `values[i]` belongs to step i; NaN: not known yet, drawn hatched.
    struct Track {
        QString name;           ///< "SIS"
        QString unit;           ///< shown with the name
        bool compared = false;  ///< drawn in the second series' colour
        std::vector<float> values;
        std::optional<double> threshold;
        QString thresholdLabel;
    };

    explicit TimelinePlot(QWidget* parent = nullptr);
    ~TimelinePlot() override;

    void setTheme(const PlotTheme& theme);
    /// A new episode: everything is shown. `stepsPerSecond` 0: no seconds are shown.
    void setSteps(qint64 steps, double stepsPerSecond);
    void setTracks(std::vector<Track> tracks);  ///< keeps zoom and cursor
    void setBands(std::vector<StepBands::Interval> bands);
    void setCursorStep(qint64 step);  ///< scrolls it into view

    qint64 steps() const { return steps_; }
    qint64 cursorStep() const { return cursor_; }
    const std::vector<Track>& tracks() const { return tracks_; }
    const std::vector<StepBands::Interval>& bands() const { return bands_; }
    QCPRange visibleSteps() const;
    void setVisibleSteps(QCPRange range);  ///< kept within the episode, at least four steps wide
    void showEverything();

    qint64 stepAt(double x) const;      ///< of a pixel of the widget, within the episode
    double pixelOf(qint64 step) const;  ///< x of a step in the widget
    QRect trackRect(std::size_t index) const;
    QString describe(qint64 step) const;  ///< "step 84 · 1.05 s"

signals:
    void cursorMoved(qint64 step);  ///< by the user

protected:
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Row;
    enum class Drag { None, Cursor, Pan };

    void rebuildRows();
    void fillRow(std::size_t index);
    void styleAxes();
    void styleRow(Row& row, bool compared);
    void placeCursor();
    void placeHover(std::optional<qint64> step);
    void synchronizeRanges(QCPRange range);
    bool overAxis(const QPointF& position) const;
    QString labelOf(std::size_t track, qint64 step) const;

    PlotTheme theme_;
    bool ownTheme_ = false;
    qint64 steps_ = 0;
    double stepsPerSecond_ = 0;
    std::vector<Track> tracks_;
    std::vector<StepBands::Interval> bands_;
    std::vector<Row> rows_;
    QCPMarginGroup* margins_ = nullptr;
    qint64 cursor_ = 0;
    Drag drag_ = Drag::None;
    double dragX_ = 0;
    QCPRange dragRange_;
};

}  // namespace sqil
