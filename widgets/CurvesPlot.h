#pragma once
#include <QVector>
#include <QWidget>
#include <memory>

class QCPPainter;
class QCPTextElement;
class QCustomPlot;

namespace sqil {

/// A value over steps of one run. NaN values are left out.
struct Curve {
    QString name;
    int run = 0;   ///< runs are told apart by colour,
    int kind = 0;  ///< several curves of one run by the line's style
    QVector<double> x, y;
};

/// Curves of several runs over one another, smoothed or as they are. Colours come from a palette that stays apart for
/// people with a colour vision deficiency. Wheel and drag zoom; a double click shows everything.
class CurvesPlot : public QWidget {
    Q_OBJECT
public:
    explicit CurvesPlot(QWidget* parent = nullptr);

    void setLabels(const QString& x, const QString& y);
    void setCurves(QVector<Curve> curves);
    const QVector<Curve>& curves() const { return curves_; }
    /// 0: as they are; towards 1: an exponential average over more and more of the past, with the values behind it.
    void setSmoothing(double smoothing);
    void setLogarithmic(bool logarithmic);
    /// What is shown where there is no curve.
    void setEmptyText(const QString& text);
    QPixmap picture(const QSize& size);  ///< on white, for reports
    /// The same curves with the same axes, zoom and smoothing, for a figure that outlives what is shown.
    std::shared_ptr<CurvesPlot> copy() const;
    /// For print: `unit` units of the painter are a screen pixel.
    void drawOn(QCPPainter& painter, const QRectF& area, double unit);
    QString xLabel() const;
    QString yLabel() const;

    static QColor colourOf(int run, bool dark);
    /// The average that setSmoothing() shows: y₀' = y₀, y' = s·y' + (1 − s)·y.
    static QVector<double> smoothed(const QVector<double>& values, double smoothing);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void applyTheme(bool print);

    QCustomPlot* plot_;
    QVector<Curve> curves_;
    QString emptyText_;
    double smoothing_ = 0;
    bool logarithmic_ = false;
    bool zoomed_ = false;
    bool print_ = false;
};

}  // namespace sqil
