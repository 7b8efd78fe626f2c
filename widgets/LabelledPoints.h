#pragma once
#include <vector>

#include "widgets/ThemedPlot.h"

namespace sqil {

/// A point with a name; `low` and `high`: its vertical interval, NaN: none.
struct LabelledPoint {
    QString name;     ///< beside it
    QString details;  ///< of its tooltip
    double x = 0, y = 0, low = 0, high = 0;
    int series = 0;  ///< colour
};

/// A line behind the points, with a name at its end: a roof, a front.
struct LabelledLine {
    QString name;
    QVector<double> x, y;
    bool isStrong = false;
};

/// Few points that are known by name, over linear or logarithmic axes: kernels under their roofs, policies by success
/// and latency.
class LabelledPoints : public ThemedPlot {
    Q_OBJECT
public:
    explicit LabelledPoints(QWidget* parent = nullptr);

    void setAxes(const QString& x, const QString& y, bool logarithmicX, bool logarithmicY);
    void setPoints(std::vector<LabelledPoint> points, std::vector<LabelledLine> lines);
    const std::vector<LabelledPoint>& points() const { return points_; }
    const std::vector<LabelledLine>& lines() const { return lines_; }
    QString textAt(const QPointF& pixel) const;

protected:
    void style() override { rebuild(); }
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void rebuild();
    void fitRanges();

    QString x_, y_;
    bool logarithmicX_ = false, logarithmicY_ = false;
    std::vector<LabelledPoint> points_;
    std::vector<LabelledLine> lines_;
};

}  // namespace sqil
