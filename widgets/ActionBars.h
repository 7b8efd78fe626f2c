#pragma once
#include <QWidget>
#include <vector>

#include "widgets/PlotTheme.h"

namespace sqil {

/// Two vectors that change over steps, compared dimension by dimension: a pair of bars around
/// zero at the current step, the difference in numbers, and both courses over the whole episode.
class ActionBars : public QWidget {
    Q_OBJECT
public:
    struct Dimension {
        QString name, unit;
    };
    /// Values over all steps, in each dimension's own unit: steps·dimensions, row-major. NaN: not known.
    struct Courses {
        std::vector<float> first, second;  ///< `second` empty: there is nothing to compare with
    };

    explicit ActionBars(QWidget* parent = nullptr);

    void setDimensions(std::vector<Dimension> dimensions);
    void setCourses(Courses courses);
    void setStep(qint64 step);
    void setNames(const QString& first, const QString& second);

    std::size_t dimensionCount() const { return dimensions_.size(); }
    float first(std::size_t dimension) const { return valueOf(courses_.first, dimension); }
    float second(std::size_t dimension) const { return valueOf(courses_.second, dimension); }

    /// Draws everything into `area` (used for figures as well).
    void draw(QPainter& painter, const QRectF& area, const PlotTheme& theme) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void stepPicked(qint64 step);  ///< by a click or a drag in a course

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    struct Layout;
    qint64 steps() const;
    float valueOf(const std::vector<float>& course, std::size_t dimension) const;
    void updateRanges();
    void drawLegend(QPainter& painter, const Layout& layout, const PlotTheme& theme) const;
    void drawRow(QPainter& painter, const Layout& layout, std::size_t dimension, const PlotTheme& theme) const;
    void drawBar(QPainter& painter, const QRectF& track, double value, double range, const QColor& colour) const;
    void drawCourse(QPainter& painter, const QRectF& area, const std::vector<float>& course, std::size_t dimension,
                    const QColor& colour, double width) const;
    void pick(const QPointF& position);

    std::vector<Dimension> dimensions_;
    Courses courses_;
    std::vector<double> ranges_;  ///< largest |value| of each dimension over the episode
    QString firstName_, secondName_;
    qint64 step_ = 0;
};

}  // namespace sqil
