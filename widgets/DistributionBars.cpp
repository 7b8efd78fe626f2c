#include "widgets/DistributionBars.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr double kPanelLines = 5.2;  ///< height of a panel in lines of text, its title included

QColor colourOf(std::size_t policy, const PlotTheme& theme) {
    return policy == 0 ? theme.first : theme.compared(policy - 1);
}

double lineHeight(const QFont& font, const QPaintDevice* device) {
    return QFontMetricsF(font, const_cast<QPaintDevice*>(device)).height();
}

std::size_t binsOf(const DistributionBars::Panel& panel) {
    std::size_t bins = 0;
    for (const auto& policy : panel.policies)
        bins = std::max(bins, policy.size());
    return bins;
}

}  // namespace

DistributionBars::DistributionBars(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Distribution of the action"));
}

void DistributionBars::setNames(const QStringList& policies) {
    names_ = policies;
    update();
}

void DistributionBars::setPanels(std::vector<Panel> panels) {
    const bool other = panels.size() != panels_.size();
    panels_ = std::move(panels);
    if (other)
        updateGeometry();
    update();
}

int DistributionBars::mostProbable(const std::vector<float>& probabilities) {
    int best = -1;
    for (std::size_t bin = 0; bin < probabilities.size(); ++bin)
        if (std::isfinite(probabilities[bin]) && (best < 0 || probabilities[bin] > probabilities[std::size_t(best)]))
            best = static_cast<int>(bin);
    return best;
}

QSize DistributionBars::sizeHint() const {
    const double line = lineHeight(font(), this);
    return {220, static_cast<int>(std::ceil(1.6 * line + kPanelLines * line * double(panels_.size()) + 12))};
}

QRectF DistributionBars::panelRect(const QRectF& area, std::size_t index, const PlotTheme& theme, double line) const {
    const double u = theme.unit;
    const QRectF inner = area.adjusted(10 * u, 6 * u + 1.6 * line, -10 * u, -6 * u);
    const double pitch = std::min(inner.height() / std::max<double>(1, double(panels_.size())), 2 * kPanelLines * line);
    return {inner.left(), inner.top() + pitch * double(index), inner.width(), pitch - 8 * u};
}

void DistributionBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    draw(painter, rect(), PlotTheme::of(palette(), font()));
}

void DistributionBars::draw(QPainter& painter, const QRectF& area, const PlotTheme& theme) const {
    painter.save();
    painter.fillRect(area, theme.background);
    painter.setFont(theme.font);
    const double u = theme.unit, line = lineHeight(theme.font, painter.device());
    const QFontMetricsF metrics(theme.font, painter.device());
    double left = area.left() + 10 * u;
    for (qsizetype policy = 0; policy < names_.size(); ++policy) {
        const QRectF swatch(left, area.top() + 6 * u + line / 2 - 4 * u, 8 * u, 8 * u);
        painter.setPen(policy == 0 ? QPen(Qt::NoPen) : QPen(colourOf(std::size_t(policy), theme), 1.5 * u));
        painter.setBrush(policy == 0 ? QBrush(theme.first) : QBrush(Qt::NoBrush));
        painter.drawRect(swatch);
        painter.setPen(theme.text);
        const double room = std::max(0.0, area.right() - 10 * u - swatch.right() - 5 * u);
        const QString text = metrics.elidedText(names_[policy], Qt::ElideRight, room);
        painter.drawText(QRectF(swatch.right() + 5 * u, area.top() + 6 * u, room, line),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
        left = swatch.right() + 5 * u + metrics.horizontalAdvance(text) + 14 * u;
    }
    for (std::size_t index = 0; index < panels_.size(); ++index)
        drawPanel(painter, panelRect(area, index, theme, line), panels_[index], theme);
    painter.restore();
}

void DistributionBars::drawPanel(QPainter& painter, const QRectF& area, const Panel& panel,
                                 const PlotTheme& theme) const {
    const double u = theme.unit, line = lineHeight(theme.font, painter.device());
    const std::size_t bins = binsOf(panel);
    painter.setFont(theme.scaled(1, true));
    painter.setPen(theme.text);
    painter.drawText(QRectF(area.left(), area.top(), area.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
                     panel.title);
    // Which bin each policy takes, in its colour at the right.
    painter.setFont(theme.scaled(0.92));
    double right = area.right();
    for (std::size_t policy = panel.policies.size(); policy-- > 0;) {
        const int best = mostProbable(panel.policies[policy]);
        if (best < 0)
            continue;
        const QString text = tr("bin %1").arg(best);
        const double width = QFontMetricsF(painter.font(), painter.device()).horizontalAdvance(text);
        painter.setPen(colourOf(policy, theme));
        painter.drawText(QRectF(right - width, area.top(), width + u, line), Qt::AlignVCenter, text);
        right -= width + 8 * u;
    }
    const QRectF plot(area.left(), area.top() + line + 2 * u, area.width(), area.height() - line - 2 * u);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.panel);
    painter.drawRect(plot);
    float top = 0;
    for (const auto& policy : panel.policies)
        for (const float value : policy)
            top = std::isfinite(value) ? std::max(top, value) : top;
    if (bins == 0 || top <= 0)
        return;
    const double width = plot.width() / double(bins);
    const auto barOf = [&](const std::vector<float>& values, std::size_t bin) {
        const double value = bin < values.size() && std::isfinite(values[bin]) ? double(values[bin]) : 0;
        const double height = value / double(top) * (plot.height() - 2 * u);
        return QRectF(plot.left() + width * double(bin), plot.bottom() - height, width, height);
    };
    for (std::size_t policy = 0; policy < panel.policies.size(); ++policy) {
        const auto& values = panel.policies[policy];
        if (values.empty())
            continue;
        if (policy == 0) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.first);
            const double gap = width > 4 * u ? u : 0;
            for (std::size_t bin = 0; bin < bins; ++bin)
                painter.drawRect(barOf(values, bin).adjusted(gap / 2, 0, -gap / 2, 0));
            continue;
        }
        QPainterPath outline;
        for (std::size_t bin = 0; bin < bins; ++bin) {
            const QRectF bar = barOf(values, bin);
            bin == 0 ? outline.moveTo(bar.topLeft()) : outline.lineTo(bar.topLeft());
            outline.lineTo(bar.topRight());
        }
        painter.setPen(QPen(colourOf(policy, theme), 1.5 * u));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(outline);
    }
}

QString DistributionBars::describe(const QPointF& position) const {
    const PlotTheme theme = PlotTheme::of(palette(), font());
    for (std::size_t index = 0; index < panels_.size(); ++index) {
        const QRectF area = panelRect(rect(), index, theme, lineHeight(theme.font, this));
        const std::size_t bins = binsOf(panels_[index]);
        if (!area.contains(position) || bins == 0)
            continue;
        const auto bin =
            std::min(bins - 1, static_cast<std::size_t>((position.x() - area.left()) / area.width() * double(bins)));
        QStringList lines{tr("%1, bin %2").arg(panels_[index].title).arg(bin)};
        for (std::size_t policy = 0; policy < panels_[index].policies.size(); ++policy) {
            const auto& values = panels_[index].policies[policy];
            lines << QStringLiteral("%1: %2").arg(
                names_.value(qsizetype(policy)), significant(bin < values.size() ? double(values[bin]) : std::nan("")));
        }
        return lines.join(QLatin1Char('\n'));
    }
    return {};
}

bool DistributionBars::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), describe(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace sqil
