#pragma once
#include <QWidget>

#include "widgets/ColourMap.h"
#include "widgets/PlotTheme.h"

namespace sqil {

/// A colour map with its scale: sequential from 0 to `largest`, diverging from −largest to it.
class ColourBar : public QWidget {
    Q_OBJECT
public:
    explicit ColourBar(QWidget* parent = nullptr);

    void setColours(const ColourMap& colours);
    void setLargest(double largest);  ///< 0 or NaN: no scale yet
    void setLabel(const QString& label);
    /// As wide as its present numbers, not as the longest that there may be.
    void setTight(bool tight);
    double largest() const { return largest_; }

    /// The same on any painter; `area` holds bar, numbers and label.
    static void draw(QPainter& painter, const QRectF& area, const ColourMap& colours, double largest,
                     const QString& label, const PlotTheme& theme);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const ColourMap* colours_ = &ColourMap::viridis();
    double largest_ = 0;
    bool tight_ = false;
    QString label_;
};

}  // namespace sqil
