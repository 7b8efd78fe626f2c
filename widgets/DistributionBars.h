#pragma once
#include <QWidget>
#include <vector>

#include "widgets/PlotTheme.h"

namespace sqil {

/// Distributions over the same bins under several policies: the first as filled bars, the others as outlines in their
/// own colours, the most probable bin of each marked. One panel for each action dimension, or one for all actions.
class DistributionBars : public QWidget {
    Q_OBJECT
public:
    struct Panel {
        QString title;
        /// Probabilities by policy, then by bin; all of one length. NaN or empty: not known.
        std::vector<std::vector<float>> policies;
    };

    explicit DistributionBars(QWidget* parent = nullptr);

    void setNames(const QStringList& policies);
    void setPanels(std::vector<Panel> panels);
    const std::vector<Panel>& panels() const { return panels_; }
    /// "bin 12: full precision 0.31, 4-bit 0.02" of a place in the widget; empty beside the panels.
    QString describe(const QPointF& position) const;

    void draw(QPainter& painter, const QRectF& area, const PlotTheme& theme) const;
    /// −1: nothing is known.
    static int mostProbable(const std::vector<float>& probabilities);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF panelRect(const QRectF& area, std::size_t index, const PlotTheme& theme, double line) const;
    void drawPanel(QPainter& painter, const QRectF& area, const Panel& panel, const PlotTheme& theme) const;

    QStringList names_;
    std::vector<Panel> panels_;
};

}  // namespace sqil
