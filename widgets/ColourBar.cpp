#include "widgets/ColourBar.h"

#include <QPainter>
#include <QtMath>

#include "widgets/Numbers.h"

namespace sqil {

ColourBar::ColourBar(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setAccessibleName(tr("Colour scale"));
}

void ColourBar::setColours(const ColourMap& colours) {
    colours_ = &colours;
    update();
}

void ColourBar::setLargest(double largest) {
    if (largest_ == largest)
        return;
    largest_ = largest;
    if (tight_)
        updateGeometry();
    setAccessibleDescription(tr("up to %1 %2").arg(significant(largest), label_));
    update();
}

void ColourBar::setLabel(const QString& label) {
    label_ = label;
    update();
}

void ColourBar::setTight(bool tight) {
    tight_ = tight;
    updateGeometry();
}

QSize ColourBar::sizeHint() const {
    const QFontMetrics metrics(font());
    int numbers = metrics.horizontalAdvance(QStringLiteral("−8.88×10⁻⁸"));
    if (tight_)
        numbers = std::max(metrics.horizontalAdvance(significant(largest_, 2)),
                           metrics.horizontalAdvance(significant(largest_ / 2, 2)));
    return {14 + 8 + numbers + 6 + metrics.height(), 120};
}

void ColourBar::draw(QPainter& painter, const QRectF& area, const ColourMap& colours, double largest,
                     const QString& label, const PlotTheme& theme) {
    painter.save();
    const QFont small = theme.scaled(0.92);
    painter.setFont(small);
    const double lineHeight = QFontMetricsF(small, painter.device()).height();
    const QRectF bar(area.left(), area.top() + lineHeight / 2, 12 * theme.unit, area.height() - lineHeight);
    constexpr int kSlices = 128;
    for (int slice = 0; slice < kSlices; ++slice) {
        const double from = bar.bottom() - bar.height() * (slice + 1) / kSlices;
        // Each slice reaches under the next one: no hairlines between them in a PDF.
        const double to = bar.bottom() - bar.height() * std::max(0, slice - 1) / kSlices;
        painter.fillRect(QRectF(bar.left(), from, bar.width(), to - from), QColor(colours.at((slice + 0.5) / kSlices)));
    }
    painter.setPen(QPen(theme.muted, 0.75 * theme.unit));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(bar);

    const bool scaled = largest > 0 && qIsFinite(largest);
    const double left = bar.right() + 3 * theme.unit;
    double labelLeft = left + 3 * theme.unit;
    for (const double position : {0.0, 0.5, 1.0}) {
        const double y = bar.bottom() - position * bar.height();
        const double value = (colours.isDiverging() ? 2 * position - 1 : position) * largest;
        painter.setPen(QPen(theme.muted, 0.75 * theme.unit));
        painter.drawLine(QPointF(bar.right(), y), QPointF(left, y));
        painter.setPen(theme.text);
        if (!scaled)
            continue;
        const QString text = significant(value, 2);
        labelLeft =
            std::max(labelLeft, left + 3 * theme.unit + QFontMetricsF(small, painter.device()).horizontalAdvance(text));
        painter.drawText(QRectF(left + 3 * theme.unit, y - lineHeight / 2, area.right() - left, lineHeight),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, text);
    }
    painter.setPen(theme.muted);
    painter.translate(labelLeft + 4 * theme.unit + lineHeight / 2, bar.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-bar.height() / 2, -lineHeight / 2, bar.height(), lineHeight),
                     Qt::AlignCenter | Qt::TextDontClip, label);
    painter.restore();
}

void ColourBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    draw(painter, QRectF(rect()).adjusted(1, 0, -1, 0), *colours_, largest_, label_, PlotTheme::of(palette(), font()));
}

}  // namespace sqil
