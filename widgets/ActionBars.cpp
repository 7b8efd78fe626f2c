#include "widgets/ActionBars.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/Numbers.h"

namespace sqil {
namespace {

QColor colourOf(std::size_t course, const PlotTheme& theme) {
    return course == 0 ? theme.first : theme.compared(course - 1);
}

}  // namespace

/// Where everything goes; the same for the screen and for a figure.
struct ActionBars::Layout {
    Layout(const QRectF& area, std::size_t rows, std::size_t bars, const PlotTheme& theme, QPaintDevice* device)
        : theme(theme), bars(std::max<std::size_t>(1, bars)) {
        const double u = theme.unit;
        line = QFontMetricsF(theme.font, device).height();
        inner = area.adjusted(10 * u, 6 * u, -10 * u, -6 * u);
        legendHeight = line + 8 * u;
        const double room = inner.height() - legendHeight;
        rowHeight =
            rows == 0 ? 0 : std::min(room / static_cast<double>(rows), minimumRow(line, u, this->bars) + 90 * u);
        valueWidth = QFontMetricsF(theme.scaled(0.92), device).horizontalAdvance(QStringLiteral("−0.00888")) + 4 * u;
    }
    static double minimumRow(double line, double unit, std::size_t bars) {
        return (1 + double(bars)) * line + 22 * unit + 24 * unit;
    }

    QRectF row(std::size_t index) const {
        return {inner.left(), inner.top() + legendHeight + rowHeight * static_cast<double>(index), inner.width(),
                rowHeight - 12 * theme.unit};
    }
    QRectF title(std::size_t index) const { return {row(index).left(), row(index).top(), row(index).width(), line}; }
    QRectF track(std::size_t index, std::size_t which) const {
        const double u = theme.unit;
        const double height = std::max(7 * u, line * 0.62);
        const double pitch = std::max(height + 3 * u, line * 0.98);  // the numbers beside them have a line each
        const double top = title(index).bottom() + 5 * u + double(which) * pitch;
        return {row(index).left(), top, row(index).width() - valueWidth, height};
    }
    QRectF course(std::size_t index) const {
        const double top = track(index, bars - 1).bottom() + 6 * theme.unit;
        return {row(index).left(), top, row(index).width(), std::max(0.0, row(index).bottom() - top)};
    }

    const PlotTheme& theme;
    std::size_t bars = 1;
    QRectF inner;
    double line = 0, legendHeight = 0, rowHeight = 0, valueWidth = 0;
};

ActionBars::ActionBars(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Action by dimension"));
    setMouseTracking(false);
}

void ActionBars::setDimensions(std::vector<Dimension> dimensions) {
    dimensions_ = std::move(dimensions);
    courses_.clear();
    updateRanges();
    updateGeometry();
    update();
}

void ActionBars::setCourses(std::vector<Course> courses) {
    const bool other = courses.size() != courses_.size();
    courses_ = std::move(courses);
    updateRanges();
    if (other)
        updateGeometry();
    update();
}

void ActionBars::setStep(qint64 step) {
    if (step == step_)
        return;
    step_ = step;
    update();
}

void ActionBars::setReach(qint64 steps) {
    reach_ = std::max<qint64>(0, steps);
    update();
}

qint64 ActionBars::steps() const {
    return dimensions_.empty() || courses_.empty()
               ? 0
               : static_cast<qint64>(courses_.front().values.size() / dimensions_.size());
}

std::pair<qint64, qint64> ActionBars::shownSteps() const {
    const qint64 last = std::max<qint64>(0, steps() - 1);
    if (reach_ == 0)
        return {0, last};
    // As wide at the ends of the episode as in its middle.
    const qint64 first = std::clamp<qint64>(step_ - reach_, 0, std::max<qint64>(0, last - 2 * reach_));
    return {first, std::min(last, first + 2 * reach_)};
}

float ActionBars::at(const std::vector<float>& values, qint64 step, std::size_t dimension) const {
    const auto index = static_cast<std::size_t>(std::max<qint64>(0, step)) * dimensions_.size() + dimension;
    return dimension < dimensions_.size() && index < values.size() ? values[index] : std::nanf("");
}

float ActionBars::value(std::size_t course, std::size_t dimension) const {
    return course < courses_.size() ? at(courses_[course].values, step_, dimension) : std::nanf("");
}

float ActionBars::deviation(std::size_t course, std::size_t dimension) const {
    return course < courses_.size() ? at(courses_[course].deviation, step_, dimension) : std::nanf("");
}

void ActionBars::updateRanges() {
    ranges_.assign(dimensions_.size(), 0.0);
    for (const Course& course : courses_)
        for (std::size_t index = 0; index < course.values.size() && !ranges_.empty(); ++index)
            if (std::isfinite(course.values[index]))
                ranges_[index % ranges_.size()] =
                    std::max(ranges_[index % ranges_.size()], double(std::abs(course.values[index])));
}

QSize ActionBars::minimumSizeHint() const {
    const double line = fontMetrics().height();
    const std::size_t bars = std::max<std::size_t>(1, courses_.size());
    return {200,
            static_cast<int>(line + 22 + Layout::minimumRow(line, 1, bars) * static_cast<double>(dimensions_.size()))};
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
    const Layout layout(area, dimensions_.size(), courses_.size(), theme, painter.device());
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
        // As much of each name as leaves room for the others.
        const double share = layout.inner.width() / std::max(1.0, double(courses_.size())) - 27 * u;
        const double room = std::min(layout.inner.right() - left, courses_.size() > 2 ? share : layout.inner.width());
        const QString text = metrics.elidedText(name, Qt::ElideRight, std::max(0.0, room));
        painter.drawText(QRectF(left, layout.inner.top(), layout.inner.right() - left, layout.line),
                         Qt::AlignLeft | Qt::AlignVCenter, text);
        left += metrics.horizontalAdvance(text) + 14 * u;
    };
    for (std::size_t course = 0; course < courses_.size(); ++course)
        entry(courses_[course].name, colourOf(course, theme));
}

void ActionBars::drawRow(QPainter& painter, const Layout& layout, std::size_t dimension, const PlotTheme& theme) const {
    const double u = theme.unit;
    const QRectF title = layout.title(dimension);
    const Dimension& what = dimensions_[dimension];
    const QFont bold = theme.scaled(1.0, true);
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(title, Qt::AlignLeft | Qt::AlignVCenter, what.name);
    const double nameWidth = QFontMetricsF(bold, painter.device()).horizontalAdvance(what.name);
    painter.setFont(theme.scaled(0.92));
    painter.setPen(theme.muted);
    painter.drawText(title.adjusted(nameWidth + 6 * u, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     what.unit.isEmpty() ? tr("no unit") : what.unit);

    // The differences to the reference, in the colours of those compared, from the right.
    const double range = ranges_[dimension];
    double right = title.right();
    for (std::size_t course = courses_.size(); course-- > 1;) {
        const double delta = double(value(course, dimension)) - double(value(0, dimension));
        const QString text = (delta > 0 ? QStringLiteral("+") : QString()) + inRange(delta, range);
        const QString shown = course == 1 ? tr("Δ %1").arg(text) : text;
        const double width = QFontMetricsF(painter.font(), painter.device()).horizontalAdvance(shown);
        painter.setPen(courses_.size() > 2 ? colourOf(course, theme) : theme.text);
        painter.drawText(QRectF(right - width, title.top(), width + u, title.height()), Qt::AlignVCenter, shown);
        right -= width + 8 * u;
    }
    for (std::size_t course = 0; course < courses_.size(); ++course)
        drawBar(painter, layout.track(dimension, course), course, dimension, theme);
    painter.setPen(theme.text);
    for (std::size_t course = 0; course < courses_.size(); ++course) {
        const QRectF track = layout.track(dimension, course);
        painter.drawText(QRectF(track.right(), track.center().y() - layout.line / 2, layout.valueWidth, layout.line),
                         Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                         inRange(value(course, dimension), range));
    }
    const QRectF top = layout.track(dimension, 0), bottom = layout.track(dimension, layout.bars - 1);
    painter.setPen(QPen(theme.muted, u));
    painter.drawLine(QPointF(top.center().x(), top.top() - u), QPointF(top.center().x(), bottom.bottom() + u));

    const QRectF area = layout.course(dimension);
    const auto [first, last] = shownSteps();
    if (area.height() < 12 * u || last <= first)
        return;
    painter.setPen(QPen(theme.grid, u));
    painter.drawLine(QPointF(area.left(), area.center().y()), QPointF(area.right(), area.center().y()));
    for (std::size_t course = 0; course < courses_.size(); ++course)
        drawCourse(painter, area, course, dimension, theme);
    const double x = area.left() + area.width() * double(step_ - first) / double(last - first);
    painter.setPen(QPen(theme.cursor, u));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
}

void ActionBars::drawBar(QPainter& painter, const QRectF& track, std::size_t course, std::size_t dimension,
                         const PlotTheme& theme) const {
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.panel);
    painter.drawRect(track);
    const double range = ranges_[dimension], shown = double(value(course, dimension));
    if (!std::isfinite(shown) || range <= 0)
        return;
    const double centre = track.center().x(), half = track.width() / 2;
    const double end = centre + shown / range * half;
    painter.setBrush(colourOf(course, theme));
    painter.drawRect(
        QRectF(QPointF(std::min(centre, end), track.top()), QPointF(std::max(centre, end), track.bottom())));
    const double spread = double(deviation(course, dimension)) / range * half;
    if (!std::isfinite(spread))
        return;
    const double from = std::max(track.left(), end - spread), to = std::min(track.right(), end + spread);
    painter.setPen(QPen(theme.text, 1.25 * theme.unit));
    painter.drawLine(QPointF(from, track.center().y()), QPointF(to, track.center().y()));
    for (const double tip : {from, to})
        painter.drawLine(QPointF(tip, track.top() + 2 * theme.unit), QPointF(tip, track.bottom() - 2 * theme.unit));
}

void ActionBars::drawCourse(QPainter& painter, const QRectF& area, std::size_t course, std::size_t dimension,
                            const PlotTheme& theme) const {
    const double range = ranges_[dimension];
    const auto [first, last] = shownSteps();
    if (range <= 0 || last <= first)
        return;
    const QColor colour = colourOf(course, theme);
    // No more points than pixels: a course of millions of steps is drawn as fast as a short one.
    const qint64 stride =
        std::max<qint64>(1, (last - first + 1) / std::max<qint64>(1, static_cast<qint64>(area.width()) * 2));
    const auto pointOf = [&](qint64 step, double value) {
        return QPointF(area.left() + area.width() * double(step - first) / double(last - first),
                       area.center().y() - std::clamp(value / range, -1.0, 1.0) * area.height() / 2);
    };
    QPainterPath path;
    QPolygonF upper, lower;
    bool open = false;
    for (qint64 step = first; step <= last; step += stride) {
        const double value = double(at(courses_[course].values, step, dimension));
        if (!std::isfinite(value)) {
            open = false;
            continue;
        }
        const QPointF point = pointOf(step, value);
        open ? path.lineTo(point) : path.moveTo(point);
        open = true;
        const double deviation = double(at(courses_[course].deviation, step, dimension));
        if (std::isfinite(deviation)) {
            upper << pointOf(step, value + deviation);
            lower << pointOf(step, value - deviation);
        }
    }
    if (upper.size() > 1) {
        std::reverse(lower.begin(), lower.end());
        QColor band = colour;
        band.setAlpha(50);
        painter.setPen(Qt::NoPen);
        painter.setBrush(band);
        painter.drawPolygon(upper + lower);
    }
    painter.setPen(QPen(colour, 1.25 * theme.unit, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
}

void ActionBars::pick(const QPointF& position) {
    const PlotTheme theme = PlotTheme::of(palette(), font());
    const Layout layout(rect(), dimensions_.size(), courses_.size(), theme, this);
    const auto [first, last] = shownSteps();
    if (steps() < 2)
        return;
    for (std::size_t dimension = 0; dimension < dimensions_.size(); ++dimension) {
        const QRectF course = layout.course(dimension);
        if (position.y() < course.top() || position.y() > course.bottom())
            continue;
        const double fraction = std::clamp((position.x() - course.left()) / course.width(), 0.0, 1.0);
        emit stepPicked(first + std::llround(fraction * static_cast<double>(last - first)));
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
