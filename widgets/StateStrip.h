#pragma once
#include <QWidget>
#include <vector>

#include "widgets/ColourMap.h"

namespace sqil {

/// Scores of the dimensions of a vector as a row of coloured cells, each with its index.
class StateStrip : public QWidget {
    Q_OBJECT
public:
    explicit StateStrip(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setScores(const std::vector<float>& scores);
    void setColours(const ColourMap& colours, double largest);
    int cellAt(const QPointF& position) const;  ///< −1: none

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {80, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF cells() const;

    QString title_;
    std::vector<float> scores_;
    const ColourMap* colours_ = &ColourMap::viridis();
    double largest_ = 0;
};

}  // namespace sqil
