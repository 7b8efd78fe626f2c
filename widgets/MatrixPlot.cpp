#include "widgets/MatrixPlot.h"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

namespace sqil {
namespace {

constexpr double kFewestRows = 3;
constexpr double kLeastTime = 0.01;

QColor blend(const QColor& a, const QColor& b, double share) {
    const auto mix = [&](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * share)); };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

QColor failureColour(const PlotTheme& theme) {
    return theme.dark ? QColor(0xff6b5e) : QColor(0xc62f2f);
}

}  // namespace

/// Where everything goes; the same for the screen and for a figure.
struct MatrixPlot::Layout {
    QRectF picture, signs, labels, axis;
    double rowHeight = 1;
    double yOf(double row, const MatrixWindow& window) const {
        return picture.top() + (row - window.firstRow) * rowHeight;
    }
};

MatrixPlot::MatrixPlot(QWidget* parent) : QWidget(parent), timeLabel_(tr("share of the episode")) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void MatrixPlot::setRows(std::vector<Row> rows, bool stretched) {
    const bool other = rows.size() != rows_.size() || stretched != stretched_;
    rows_ = std::move(rows);
    stretched_ = stretched;
    longest_ = 1;
    for (const Row& row : rows_)
        longest_ = std::max(longest_, double(row.steps));
    if (other)
        showEverything();
    update();
}

void MatrixPlot::setPicture(const QImage& picture, const MatrixWindow& window) {
    picture_ = picture;
    pictured_ = window;
    update();
}

void MatrixPlot::setCursor(std::optional<Place> place) {
    if (place && (place->row < 0 || place->row >= static_cast<int>(rows_.size())))
        place.reset();
    cursor_ = place;
    if (place) {  // the row stays in sight
        const double row = place->row;
        if (row < window_.firstRow || row + 1 > window_.firstRow + window_.rows) {
            MatrixWindow moved = window_;
            moved.firstRow = row + 0.5 - window_.rows / 2;
            setWindow(moved);
        }
    }
    update();
}

void MatrixPlot::setTimeLabel(const QString& label) {
    timeLabel_ = label;
    update();
}

void MatrixPlot::setWindow(MatrixWindow window) {
    const double all = std::max(1.0, double(rows_.size()));
    window.rows = std::clamp(window.rows, std::min(kFewestRows, all), all);
    window.firstRow = std::clamp(window.firstRow, 0.0, all - window.rows);
    window.time = std::clamp(window.time, kLeastTime, 1.0);
    window.firstTime = std::clamp(window.firstTime, 0.0, 1.0 - window.time);
    if (window == window_)
        return;
    window_ = window;
    update();
    emit viewChanged();
}

void MatrixPlot::showEverything() {
    setWindow({0, double(rows_.size()), 0, 1});
}

double MatrixPlot::spanOf(int row) const {
    return stretched_ ? double(rows_[std::size_t(row)].steps) : longest_;
}

MatrixPlot::Layout MatrixPlot::layoutIn(const QRectF& area, const PlotTheme& theme, const QPaintDevice* device) const {
    const double u = theme.unit;
    const QFontMetricsF metrics(theme.scaled(0.92), const_cast<QPaintDevice*>(device));
    double labels = metrics.horizontalAdvance(QStringLiteral("88 888"));
    for (std::size_t row = 0; row < std::min<std::size_t>(rows_.size(), 64); ++row)
        labels = std::max(labels, std::min(metrics.horizontalAdvance(rows_[row].label), 90 * u));
    Layout layout;
    const double bottom = metrics.height() + 8 * u;
    layout.picture = area.adjusted(labels + 22 * u, 4 * u, -10 * u, -bottom);
    layout.signs = QRectF(layout.picture.left() - 10 * u, layout.picture.top(), 7 * u, layout.picture.height());
    layout.labels = QRectF(area.left() + 6 * u, layout.picture.top(), labels, layout.picture.height());
    layout.axis = QRectF(layout.picture.left(), layout.picture.bottom(), layout.picture.width(), bottom);
    layout.rowHeight = layout.picture.height() / std::max(1e-9, window_.rows);
    return layout;
}

QRectF MatrixPlot::pictureRect() const {
    return layoutIn(rect(), PlotTheme::of(palette(), font()), this).picture;
}

QSize MatrixPlot::pictureSize() const {
    return (pictureRect().size() * devicePixelRatioF()).toSize().expandedTo(QSize(1, 1));
}

std::optional<MatrixPlot::Place> MatrixPlot::placeAt(const QPointF& position) const {
    const QRectF picture = pictureRect();
    if (rows_.empty() || position.y() < picture.top() || position.y() >= picture.bottom() ||
        position.x() > picture.right() + 1)
        return std::nullopt;
    const double row = window_.firstRow + (position.y() - picture.top()) / picture.height() * window_.rows;
    const int index = static_cast<int>(std::floor(row));
    if (index < 0 || index >= static_cast<int>(rows_.size()) || rows_[std::size_t(index)].steps <= 0)
        return std::nullopt;
    const double time =
        window_.firstTime + std::clamp((position.x() - picture.left()) / picture.width(), 0.0, 1.0) * window_.time;
    const auto step = static_cast<qint64>(std::floor(time * spanOf(index)));
    return Place{index, std::clamp<qint64>(step, 0, rows_[std::size_t(index)].steps - 1)};
}

QPointF MatrixPlot::positionOf(const Place& place) const {
    const QRectF picture = pictureRect();
    const double time = (double(place.step) + 0.5) / std::max(1.0, spanOf(place.row));
    return {picture.left() + (time - window_.firstTime) / window_.time * picture.width(),
            picture.top() + (place.row + 0.5 - window_.firstRow) / window_.rows * picture.height()};
}

void MatrixPlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const PlotTheme theme = PlotTheme::of(palette(), font());
    draw(painter, rect(), theme, picture_);
    if (drag_ == Drag::Brush && brush_.isValid()) {
        painter.setPen(QPen(theme.cursor, 1, Qt::DashLine));
        QColor fill = theme.first;
        fill.setAlpha(50);
        painter.setBrush(fill);
        painter.drawRect(brush_);
    }
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(pictureRect().adjusted(-0.5, -0.5, 0.5, 0.5));
    }
}

void MatrixPlot::draw(QPainter& painter, const QRectF& area, const PlotTheme& theme, const QImage& picture) const {
    painter.save();
    painter.fillRect(area, theme.background);
    const Layout layout = layoutIn(area, theme, painter.device());
    painter.setClipRect(area);
    if (!picture.isNull()) {
        // A picture of another window is moved to where it belongs until the right one is there.
        const double scaleX = layout.picture.width() / window_.time;
        const QRectF target(layout.picture.left() + (pictured_.firstTime - window_.firstTime) * scaleX,
                            layout.yOf(pictured_.firstRow, window_), pictured_.time * scaleX,
                            pictured_.rows * layout.rowHeight);
        painter.save();
        painter.setClipRect(layout.picture);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, false);  // cells keep their edges
        painter.drawImage(target, picture);
        painter.restore();
    }
    drawSigns(painter, layout, theme);
    drawLabels(painter, layout, theme);
    drawTimeAxis(painter, layout, theme);
    drawCrosshair(painter, layout, theme);
    painter.restore();
}

void MatrixPlot::drawSigns(QPainter& painter, const Layout& layout, const PlotTheme& theme) const {
    const QColor success = blend(theme.background, theme.first, 0.35), failure = failureColour(theme);
    const double lines = std::max(1.0, std::floor(layout.signs.height() / theme.unit));
    // One line a row, or for rows smaller than a line one line for several, as red as many of them have failed.
    const double perLine = std::max(1.0, window_.rows / lines);
    painter.setPen(Qt::NoPen);
    for (double from = std::floor(window_.firstRow); from < window_.firstRow + window_.rows; from += perLine) {
        int known = 0, failed = 0;
        const auto end = std::min(double(rows_.size()), from + perLine);
        for (auto row = static_cast<std::size_t>(std::max(0.0, from)); double(row) < end; ++row) {
            known += rows_[row].sign != Sign::None;
            failed += rows_[row].sign == Sign::Failure;
        }
        if (known == 0)
            continue;
        const double top = std::max(layout.signs.top(), layout.yOf(from, window_));
        const double bottom = std::min(layout.signs.bottom(), layout.yOf(from + perLine, window_));
        const double gap = bottom - top > 6 * theme.unit ? theme.unit : 0;
        painter.setBrush(blend(success, failure, double(failed) / known));
        painter.drawRect(QRectF(layout.signs.left(), top, layout.signs.width(), std::max(0.0, bottom - top - gap)));
    }
}

void MatrixPlot::drawLabels(QPainter& painter, const Layout& layout, const PlotTheme& theme) const {
    const QFont small = theme.scaled(0.92);
    const QFontMetricsF metrics(small, painter.device());
    painter.setFont(small);
    const auto write = [&](int row, const QString& text, bool current) {
        const double middle = layout.yOf(row + 0.5, window_);
        if (middle < layout.labels.top() || middle > layout.labels.bottom())
            return;
        const QRectF line(layout.labels.left(), middle - metrics.height() / 2, layout.labels.width(), metrics.height());
        if (current)
            painter.fillRect(line, theme.background);
        painter.setPen(current ? theme.text : theme.muted);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(text, Qt::ElideMiddle, line.width()));
    };
    // Every row, or every 2nd, 5th, 10th, …: as many as have room.
    int stride = 1;
    for (int index = 0; double(stride) * layout.rowHeight < metrics.height() + theme.unit; ++index)
        stride = static_cast<int>(std::array{2, 5, 10}[std::size_t(index % 3)] * std::pow(10, index / 3));
    const int first = static_cast<int>(window_.firstRow) / stride * stride;
    for (int row = first; row < std::min(window_.firstRow + window_.rows, double(rows_.size())); row += stride)
        write(row, rows_[std::size_t(row)].label, false);
    if (cursor_)
        write(cursor_->row, rows_[std::size_t(cursor_->row)].label, true);
}

void MatrixPlot::drawTimeAxis(QPainter& painter, const Layout& layout, const PlotTheme& theme) const {
    const double u = theme.unit;
    const QFont small = theme.scaled(0.92);
    const QFontMetricsF metrics(small, painter.device());
    painter.setFont(small);
    painter.setPen(QPen(theme.muted, u));
    const double top = layout.axis.top();
    constexpr int kTicks = 4;
    double labelEnd = layout.axis.left();
    for (int tick = 0; tick <= kTicks; ++tick) {
        const double share = double(tick) / kTicks;
        const double x = layout.axis.left() + share * layout.axis.width();
        painter.drawLine(QPointF(x, top), QPointF(x, top + 3 * u));
        const double time = window_.firstTime + share * window_.time;
        const QString text = stretched_
                                 ? tr("%1 %").arg(QLocale().toString(100 * time, 'f', window_.time < 0.2 ? 1 : 0))
                                 : QLocale().toString(std::llround(time * longest_));
        const double width = metrics.horizontalAdvance(text);
        const double left = std::clamp(x - width / 2, layout.axis.left(), layout.axis.right() - width);
        if (tick > 0 && left < labelEnd + 6 * u)
            continue;
        painter.drawText(QRectF(left, top + 4 * u, width + u, metrics.height()), Qt::AlignLeft, text);
        labelEnd = left + width;
    }
    const double room = layout.axis.left() - layout.labels.left() - 6 * u;
    painter.drawText(QRectF(layout.labels.left(), top + 4 * u, room, metrics.height()), Qt::AlignRight,
                     metrics.elidedText(timeLabel_, Qt::ElideRight, room));
}

void MatrixPlot::drawCrosshair(QPainter& painter, const Layout& layout, const PlotTheme& theme) const {
    if (!cursor_ || rows_[std::size_t(cursor_->row)].steps <= 0)
        return;
    const double u = theme.unit;
    const double span = std::max(1.0, spanOf(cursor_->row));
    const double scaleX = layout.picture.width() / window_.time;
    const double left = layout.picture.left() + (double(cursor_->step) / span - window_.firstTime) * scaleX;
    const QRectF cell(left, layout.yOf(cursor_->row, window_), scaleX / span, layout.rowHeight);
    const QPointF middle = cell.center();
    const QRectF box = cell.united(QRectF(middle - QPointF(3 * u, 3 * u), QSizeF(6 * u, 6 * u)));
    painter.save();
    painter.setClipRect(layout.picture);
    painter.setBrush(Qt::NoBrush);
    // White with a dark edge: seen on every colour of the maps, in both themes.
    for (const auto& [colour, width] : {std::pair{QColor(0, 0, 0, 170), 3 * u}, std::pair{QColor(255, 255, 255), u}}) {
        painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(layout.picture.left(), middle.y()), QPointF(box.left(), middle.y()));
        painter.drawLine(QPointF(box.right(), middle.y()), QPointF(layout.picture.right(), middle.y()));
        painter.drawLine(QPointF(middle.x(), layout.picture.top()), QPointF(middle.x(), box.top()));
        painter.drawLine(QPointF(middle.x(), box.bottom()), QPointF(middle.x(), layout.picture.bottom()));
        painter.drawRect(box);
    }
    painter.restore();
}

void MatrixPlot::resizeEvent(QResizeEvent*) {
    emit viewChanged();
}

void MatrixPlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange)
        emit viewChanged();
    QWidget::changeEvent(event);
}

bool MatrixPlot::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* keys = static_cast<QKeyEvent*>(event);
        const bool mine = keys->modifiers() == Qt::NoModifier &&
                          (keys->key() == Qt::Key_Up || keys->key() == Qt::Key_Down || keys->key() == Qt::Key_Escape);
        if (mine) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void MatrixPlot::stepRow(int by) {
    if (rows_.empty())
        return;
    int row = cursor_ ? cursor_->row : by > 0 ? -1 : static_cast<int>(rows_.size());
    const double time = cursor_ ? (double(cursor_->step) + 0.5) / std::max(1.0, spanOf(cursor_->row)) : 0;
    do
        row += by;
    while (row >= 0 && row < static_cast<int>(rows_.size()) && rows_[std::size_t(row)].steps <= 0);
    if (row < 0 || row >= static_cast<int>(rows_.size()))
        return;
    const auto step = static_cast<qint64>(std::floor(time * spanOf(row)));
    emit picked({row, std::clamp<qint64>(step, 0, rows_[std::size_t(row)].steps - 1)});
}

void MatrixPlot::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Up:
            stepRow(-1);
            break;
        case Qt::Key_Down:
            stepRow(1);
            break;
        case Qt::Key_Escape:
            emit brushCleared();
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

void MatrixPlot::mousePressEvent(QMouseEvent* event) {
    if (rows_.empty())
        return;
    dragFrom_ = event->position();
    dragWindow_ = window_;
    if (event->button() != Qt::LeftButton) {
        drag_ = Drag::Pan;
    } else if (event->modifiers() & Qt::ShiftModifier) {
        drag_ = Drag::Brush;
        brush_ = {};
    } else {
        drag_ = Drag::Cursor;
        if (const auto place = placeAt(event->position()))
            emit picked(*place);
    }
}

void MatrixPlot::mouseMoveEvent(QMouseEvent* event) {
    const QRectF picture = pictureRect();
    switch (drag_) {
        case Drag::Cursor:
            if (const auto place = placeAt(event->position()); place && place != cursor_)
                emit picked(*place);
            break;
        case Drag::Pan: {
            const QPointF moved = event->position() - dragFrom_;
            MatrixWindow window = dragWindow_;
            window.firstRow -= moved.y() / picture.height() * window.rows;
            window.firstTime -= moved.x() / picture.width() * window.time;
            setWindow(window);
            break;
        }
        case Drag::Brush:
            brush_ = QRectF(dragFrom_, event->position()).normalized().intersected(picture);
            update();
            break;
        case Drag::None:
            emit hovered(picture.contains(event->position()) ? placeAt(event->position()) : std::nullopt,
                         event->globalPosition().toPoint());
            break;
    }
}

void MatrixPlot::mouseReleaseEvent(QMouseEvent*) {
    if (drag_ == Drag::Brush && brush_.width() > 2 && brush_.height() > 0) {
        const QRectF picture = pictureRect();
        const auto row = [&](double y) {
            const double at = window_.firstRow + (y - picture.top()) / picture.height() * window_.rows;
            return std::clamp(static_cast<int>(std::floor(at)), 0, static_cast<int>(rows_.size()) - 1);
        };
        const auto time = [&](double x) {
            return window_.firstTime + (x - picture.left()) / picture.width() * window_.time;
        };
        emit rowsBrushed(row(brush_.top()), row(brush_.bottom()), time(brush_.left()), time(brush_.right()));
    } else if (drag_ == Drag::Brush) {
        emit brushCleared();
    }
    drag_ = Drag::None;
    update();
}

void MatrixPlot::mouseDoubleClickEvent(QMouseEvent*) {
    showEverything();
}

void MatrixPlot::wheelEvent(QWheelEvent* event) {
    const QPoint delta = event->angleDelta();
    if (rows_.empty() || delta.isNull())
        return;
    const QRectF picture = pictureRect();
    MatrixWindow window = window_;
    const double notches = (delta.y() != 0 ? delta.y() : delta.x()) / 120.0;
    if (event->modifiers() & Qt::ControlModifier) {
        const double share = std::clamp((event->position().x() - picture.left()) / picture.width(), 0.0, 1.0);
        const double anchor = window.firstTime + share * window.time;
        window.time = std::clamp(window.time * std::pow(0.8, notches), kLeastTime, 1.0);
        window.firstTime = anchor - share * window.time;
    } else if (event->modifiers() & Qt::ShiftModifier) {
        window.firstRow -= notches * window.rows * 0.1;
    } else {
        const double share = std::clamp((event->position().y() - picture.top()) / picture.height(), 0.0, 1.0);
        const double anchor = window.firstRow + share * window.rows;
        window.rows = std::clamp(window.rows * std::pow(0.8, notches), std::min(kFewestRows, double(rows_.size())),
                                 double(rows_.size()));
        window.firstRow = anchor - share * window.rows;
    }
    setWindow(window);
    event->accept();
}

void MatrixPlot::leaveEvent(QEvent*) {
    emit hovered(std::nullopt, {});
}

}  // namespace sqil
