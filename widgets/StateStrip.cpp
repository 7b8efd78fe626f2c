#include "widgets/StateStrip.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <cmath>

#include "widgets/Numbers.h"

namespace sqil {

StateStrip::StateStrip(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StateStrip::setTitle(const QString& title) {
    title_ = title;
    setAccessibleName(title);
    update();
}

void StateStrip::setScores(const std::vector<float>& scores) {
    scores_ = scores;
    update();
}

void StateStrip::setColours(const ColourMap& colours, double largest) {
    colours_ = &colours;
    largest_ = largest;
    update();
}

QSize StateStrip::sizeHint() const {
    return {320, fontMetrics().height() * 2 + 12};
}

QRectF StateStrip::cells() const {
    return QRectF(rect()).adjusted(0.5, fontMetrics().height() + 4.5, -0.5, -0.5);
}

int StateStrip::cellAt(const QPointF& position) const {
    const QRectF area = cells();
    if (scores_.empty() || !area.contains(position))
        return -1;
    const int index =
        static_cast<int>((position.x() - area.left()) / area.width() * static_cast<double>(scores_.size()));
    return std::min(index, static_cast<int>(scores_.size()) - 1);
}

void StateStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.drawText(QRectF(0, 0, width(), fontMetrics().height()), Qt::AlignLeft | Qt::AlignVCenter, title_);
    const QRectF area = cells();
    const double cell = scores_.empty() ? 0 : area.width() / static_cast<double>(scores_.size());
    for (std::size_t index = 0; index < scores_.size(); ++index) {
        const QRectF box(area.left() + cell * static_cast<double>(index), area.top(), cell, area.height());
        const double share = largest_ > 0 ? scores_[index] / largest_ : std::nan("");
        const QColor colour = QColor::fromRgba(colours_->at(colours_->isDiverging() ? 0.5 + share / 2 : share));
        painter.fillRect(box, colour);
        if (cell < painter.fontMetrics().horizontalAdvance(QStringLiteral("00")) + 4)
            continue;
        const bool light = colour.alpha() == 0 || qGray(colour.rgb()) > 128;
        painter.setPen(colour.alpha() == 0 ? palette().color(QPalette::PlaceholderText)
                                           : QColor(light ? Qt::black : Qt::white));
        painter.drawText(box, Qt::AlignCenter, QString::number(index));
    }
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(area);
}

bool StateStrip::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = cellAt(help->pos());
        if (index >= 0)
            QToolTip::showText(help->globalPos(),
                               tr("%1[%2]: S %3").arg(title_).arg(index).arg(significant(scores_[std::size_t(index)])),
                               this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

}  // namespace sqil
