#pragma once
#include <QWidget>
#include <vector>

#include "widgets/PlotTheme.h"

namespace sqil {

/// Vectors that change over steps, compared dimension by dimension: a bar each around zero at the current step, the
/// differences to the first in numbers, and the courses around the step or over the whole episode.
class ActionBars : public QWidget {
    Q_OBJECT
public:
    struct Dimension {
        QString name, unit;
    };
    /// One vector over all steps, in each dimension's own unit: steps·dimensions, row-major. NaN: not known.
    struct Course {
        QString name;
        std::vector<float> values;
        std::vector<float> deviation;  ///< how sure it is: whiskers and a band of ± that much; empty: not known
    };

    explicit ActionBars(QWidget* parent = nullptr);

    void setDimensions(std::vector<Dimension> dimensions);
    /// The first is the reference; the others are compared with it.
    void setCourses(std::vector<Course> courses);
    void setStep(qint64 step);
    void setReach(qint64 steps);  ///< courses show so many steps on both sides of the current one; 0: all

    std::size_t dimensionCount() const { return dimensions_.size(); }
    std::size_t courseCount() const { return courses_.size(); }
    const std::vector<Course>& courses() const { return courses_; }
    /// At the current step; NaN: not known.
    float value(std::size_t course, std::size_t dimension) const;
    float deviation(std::size_t course, std::size_t dimension) const;

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
    std::pair<qint64, qint64> shownSteps() const;  ///< first and last of the courses
    float at(const std::vector<float>& values, qint64 step, std::size_t dimension) const;
    void updateRanges();
    void drawLegend(QPainter& painter, const Layout& layout, const PlotTheme& theme) const;
    void drawRow(QPainter& painter, const Layout& layout, std::size_t dimension, const PlotTheme& theme) const;
    void drawBar(QPainter& painter, const QRectF& track, std::size_t course, std::size_t dimension,
                 const PlotTheme& theme) const;
    void drawCourse(QPainter& painter, const QRectF& area, std::size_t course, std::size_t dimension,
                    const PlotTheme& theme) const;
    void pick(const QPointF& position);

    std::vector<Dimension> dimensions_;
    std::vector<Course> courses_;
    std::vector<double> ranges_;  ///< largest |value| of each dimension over the episode
    qint64 step_ = 0, reach_ = 0;
};

}  // namespace sqil
