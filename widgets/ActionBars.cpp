#include "widgets/ActionBars.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <cmath>

#include "widgets/Numbers.h"

namespace sqil {

/// Where everything goes; the same for the screen and for a figure.
struct ActionBars::Layout {
    Layout(const QRectF& area, std::size_t rows, bool compared, const PlotTheme& theme, QPaintDevice* device)
        : theme(theme), compared(compared) {
        const double u = theme.unit;
        line = QFontMetricsF(theme.font, device).height();
        inner = area.adjusted(10 * u, 6 * u, -10 * u, -6 * u);
        legendHeight = line + 8 * u;
        const double room = inner.height() - legendHeight;
        rowHeight = rows == 0 ? 0 : std::min(room / static_cast<double>(rows), minimumRow(line, u) + 90 * u);
        valueWidth = QFontMetricsF(theme.scaled(0.92), device).horizontalAdvance(QStringLiteral("−0.00888")) + 4 * u;
    }
    static double minimumRow(double line, double unit) { return 3 * line + 22 * unit + 24 * unit; }

    QRectF row(std::size_t index) const {
        return {inner.left(), inner.top() + legendHeight + rowHeight * static_cast<double>(index), inner.width(),
                rowHeight - 12 * theme.unit};
    }
    QRectF title(std::size_t index) const { return {row(index).left(), row(index).top(), row(index).width(), line}; }
    QRectF track(std::size_t index, int which) const {
        const double u = theme.unit;
        const double height = std::max(7 * u, line * 0.62);
        const double pitch = std::max(height + 3 * u, line * 0.98);  // the numbers beside them have a line each
        const double top = title(index).bottom() + 5 * u + which * pitch;
        return {row(index).left(), top, row(index).width() - valueWidth, height};
    }
    QRectF course(std::size_t index) const {
        const double top = track(index, compared ? 1 : 0).bottom() + 6 * theme.unit;
        return {row(index).left(), top, row(index).width(), std::max(0.0, row(index).bottom() - top)};
    }

    const PlotTheme& theme;
    bool compared = false;
    QRectF inner;
    double line = 0, legendHeight = 0, rowHeight = 0, valueWidth = 0;
};

ActionBars::ActionBars(QWidget* parent) : QWidget(parent), firstName_(tr("Reference")), secondName_(tr("Compared")) {
    setAccessibleName(tr("Action by dimension"));
    setMouseTracking(false);
}

void ActionBars::setDimensions(std::vector<Dimension> dimensions) {
    dimensions_ = std::move(dimensions);
    courses_ = {};
    updateRanges();
    updateGeometry();
    update();
}

void ActionBars::setCourses(Courses courses) {
    courses_ = std::move(courses);
    updateRanges();
    update();
}

void ActionBars::setStep(qint64 step) {
    if (step == step_)
        return;
    step_ = step;
    update();
}

void ActionBars::setNames(const QString& first, const QString& second) {
    firstName_ = first;
    secondName_ = second;
    update();
}

qint64 ActionBars::steps() const {
    return dimensions_.empty() ? 0 : static_cast<qint64>(courses_.first.size() / dimensions_.size());
}

float ActionBars::valueOf(const std::vector<float>& course, std::size_t dimension) const {
    const auto index = static_cast<std::size_t>(std::max<qint64>(0, step_)) * dimensions_.size() + dimension;
    return dimension < dimensions_.size() && index < course.size() ? course[index] : std::nanf("");
}

void ActionBars::updateRanges() {
    ranges_.assign(dimensions_.size(), 0.0);
    for (const auto* course : {&courses_.first, &courses_.second})
        for (std::size_t index = 0; index < course->size() && !ranges_.empty(); ++index)
            if (std::isfinite((*course)[index]))
                ranges_[index % ranges_.size()] =
                    std::max(ranges_[index % ranges_.size()], double(std::abs((*course)[index])));
}

QSize ActionBars::minimumSizeHint() const {
    const double line = fontMetrics().height();
    return {200, static_cast<int>(line + 22 + Layout::minimumRow(line, 1) * static_cast<double>(dimensions_.size()))};
}

QSize ActionBars::sizeHint() const {
    return {260, minimumSizeHint().height() + 40 * int(dimensions_.size())};
}

void ActionBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    draw(painter, rect(), PlotTheme::of(palette(), font()));
}

void ActionBars::draw(QPainter& painter, const QRectF& area, const PlotTheme& theme) const {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(area, theme.background);
    painter.setFont(theme.font);
    const Layout layout(area, dimensions_.size(), !courses_.second.empty(), theme, painter.device());
    drawLegend(painter, layout, theme);
    for (std::size_t dimension = 0; dimension < dimensions_.size(); ++dimension)
        drawRow(painter, layout, dimension, theme);
    painter.restore();
}

void ActionBars::drawLegend(QPainter& painter, const Layout& layout, const PlotTheme& theme) const {
    const double u = theme.unit;
    const QFontMetricsF metrics(theme.font, painter.device());
    double left = layout.inner.left();
    const auto entry = [&](const QString& name, const QColor& colour) {
        const QRectF swatch(left, layout.inner.top() + layout.line / 2 - 4 * u, 8 * u, 8 * u);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRoundedRect(swatch, 2 * u, 2 * u);
        painter.setPen(theme.text);
        left = swatch.right() + 5 * u;
        const QString text = metrics.elidedText(name, Qt::ElideRight, std::max(0.0, layout.inner.right() - left));
        painter.drawText(QRectF(left, layout.inner.top(), layout.inner.right() - left, layout.line),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
        left += metrics.horizontalAdvance(text) + 14 * u;
    };
    entry(firstName_, theme.first);
    if (!courses_.second.empty())
        entry(secondName_, theme.second);
}

void ActionBars::drawRow(QPainter& painter, const Layout& layout, std::size_t dimension, const PlotTheme& theme) const {
    const double u = theme.unit;
    const QRectF title = layout.title(dimension);
    const Dimension& what = dimensions_[dimension];
    const float a = first(dimension), b = second(dimension);

    const QFont bold = theme.scaled(1.0, true);
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(title, Qt::AlignLeft | Qt::AlignVCenter, what.name);
    const double nameWidth = QFontMetricsF(bold, painter.device()).horizontalAdvance(what.name);
    painter.setFont(theme.scaled(0.92));
    painter.setPen(theme.muted);
    painter.drawText(title.adjusted(nameWidth + 6 * u, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     what.unit.isEmpty() ? tr("no unit") : what.unit);
    if (!courses_.second.empty()) {
        const double delta = double(b) - double(a);
        const QString text =
            tr("Δ %1%2").arg(delta > 0 ? QStringLiteral("+") : QString(), inRange(delta, ranges_[dimension]));
        painter.setPen(theme.text);
        painter.drawText(title, Qt::AlignRight | Qt::AlignVCenter, text);
    }

    const double range = ranges_[dimension];
    const auto bar = [&](int which, float value, const QColor& colour) {
        const QRectF track = layout.track(dimension, which);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.panel);
        painter.drawRect(track);
        drawBar(painter, track, value, range, colour);
        painter.setPen(theme.text);
        painter.drawText(QRectF(track.right(), track.center().y() - layout.line / 2, layout.valueWidth, layout.line),
                         Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, inRange(value, range));
    };
    bar(0, a, theme.first);
    if (!courses_.second.empty())
        bar(1, b, theme.second);
    const QRectF top = layout.track(dimension, 0), bottom = layout.track(dimension, courses_.second.empty() ? 0 : 1);
    painter.setPen(QPen(theme.muted, u));
    painter.drawLine(QPointF(top.center().x(), top.top() - u), QPointF(top.center().x(), bottom.bottom() + u));

    const QRectF course = layout.course(dimension);
    if (course.height() < 12 * u || steps() < 2)
        return;
    painter.setPen(QPen(theme.grid, u));
    painter.drawLine(QPointF(course.left(), course.center().y()), QPointF(course.right(), course.center().y()));
    drawCourse(painter, course, courses_.first, dimension, theme.first, 1.25 * u);
    drawCourse(painter, course, courses_.second, dimension, theme.second, 1.25 * u);
    const double x = course.left() + course.width() * static_cast<double>(step_) / static_cast<double>(steps() - 1);
    painter.setPen(QPen(theme.cursor, u));
    painter.drawLine(QPointF(x, course.top()), QPointF(x, course.bottom()));
}

void ActionBars::drawBar(QPainter& painter, const QRectF& track, double value, double range,
                         const QColor& colour) const {
    if (!std::isfinite(value) || range <= 0)
        return;
    const double centre = track.center().x();
    const double end = centre + value / range * track.width() / 2;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRect(
        QRectF(QPointF(std::min(centre, end), track.top()), QPointF(std::max(centre, end), track.bottom())));
}

void ActionBars::drawCourse(QPainter& painter, const QRectF& area, const std::vector<float>& course,
                            std::size_t dimension, const QColor& colour, double width) const {
    const double range = ranges_[dimension];
    const qint64 count = steps();
    if (course.empty() || range <= 0)
        return;
    // No more points than pixels: a course of millions of steps is drawn as fast as a short one.
    const qint64 stride = std::max<qint64>(1, count / std::max<qint64>(1, static_cast<qint64>(area.width()) * 2));
    QPainterPath path;
    bool open = false;
    for (qint64 step = 0; step < count; step += stride) {
        const std::size_t index = static_cast<std::size_t>(step) * dimensions_.size() + dimension;
        const double value = index < course.size() ? course[index] : std::nan("");
        if (!std::isfinite(value)) {
            open = false;
            continue;
        }
        const QPointF point(area.left() + area.width() * static_cast<double>(step) / static_cast<double>(count - 1),
                            area.center().y() - value / range * area.height() / 2);
        open ? path.lineTo(point) : path.moveTo(point);
        open = true;
    }
    painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
}

void ActionBars::pick(const QPointF& position) {
    const PlotTheme theme = PlotTheme::of(palette(), font());
    const Layout layout(rect(), dimensions_.size(), !courses_.second.empty(), theme, this);
    if (steps() < 2)
        return;
    for (std::size_t dimension = 0; dimension < dimensions_.size(); ++dimension) {
        const QRectF course = layout.course(dimension);
        if (position.y() < course.top() || position.y() > course.bottom())
            continue;
        const double fraction = std::clamp((position.x() - course.left()) / course.width(), 0.0, 1.0);
        emit stepPicked(std::llround(fraction * static_cast<double>(steps() - 1)));
    }
}

void ActionBars::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        pick(event->position());
}

void ActionBars::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton)
        pick(event->position());
}

}  // namespace sqil
