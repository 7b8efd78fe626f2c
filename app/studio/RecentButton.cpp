#include "app/studio/RecentButton.h"

#include <QDir>
#include <QFileInfo>
#include <QIcon>
#include <QPainter>
#include <QPainterPath>

#include "widgets/SvgIcon.h"

namespace sqil {
namespace {
constexpr int kThumbnail = 40, kPadding = 6, kGap = 12;
}

RecentButton::RecentButton(const QString& file, const QImage& thumbnail, QWidget* parent)
    : QAbstractButton(parent), file_(file), thumbnail_(thumbnail) {
    const QFileInfo info(file);
    name_ = info.completeBaseName();
    folder_ = info.absolutePath();
    if (folder_.startsWith(QDir::homePath()))
        folder_.replace(0, QDir::homePath().size(), QStringLiteral("~"));
    setText(name_);
    setAccessibleName(tr("Open %1").arg(name_));
    setAccessibleDescription(folder_);
    setToolTip(file);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RecentButton::setStatus(const QString& status, bool isProblem) {
    status_ = status;
    isProblem_ = isProblem;
    setAccessibleDescription(QStringLiteral("%1. %2").arg(folder_, status));
    update();
}

QSize RecentButton::sizeHint() const {
    return {320, std::max(kThumbnail, 2 * fontMetrics().height() + 4) + 2 * kPadding};
}

void RecentButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    if (underMouse() || hasFocus() || isDown()) {
        painter.setPen(hasFocus() ? QPen(palette().color(QPalette::Highlight)) : QPen(Qt::NoPen));
        painter.setBrush(palette().color(isDown() ? QPalette::Mid : QPalette::AlternateBase));
        painter.drawRoundedRect(frame, 6, 6);
    }
    const QRect place(kPadding, (height() - kThumbnail) / 2, kThumbnail, kThumbnail);
    QPainterPath corners;
    corners.addRoundedRect(place, 4, 4);
    painter.setClipPath(corners);
    if (thumbnail_.isNull()) {
        painter.fillRect(place, palette().color(QPalette::Midlight));
        sqil::icon("project").paint(&painter, place.adjusted(11, 11, -11, -11));
    } else {
        const QSize size = thumbnail_.size().scaled(place.size(), Qt::KeepAspectRatioByExpanding);
        QRect shown(QPoint(), size);
        shown.moveCenter(place.center());
        painter.drawImage(shown, thumbnail_);
    }
    painter.setClipping(false);

    const int left = place.right() + kGap, line = fontMetrics().height();
    const int top = (height() - 2 * line - 2) / 2, width = this->width() - left - kPadding;
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(palette().color(isProblem_ ? QPalette::PlaceholderText : QPalette::Text));
    painter.drawText(QRect(left, top, width, line), Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(bold).elidedText(name_, Qt::ElideRight, width));
    painter.setFont(font());
    const QString state = status_;
    const int stateWidth = state.isEmpty() ? 0 : fontMetrics().horizontalAdvance(state);
    painter.setPen(isProblem_ ? QColor(0xd99a1c) : palette().color(QPalette::PlaceholderText));
    painter.drawText(QRect(left, top + line + 2, width, line), Qt::AlignRight | Qt::AlignVCenter, state);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const int room = std::max(0, width - stateWidth - kGap);
    painter.drawText(QRect(left, top + line + 2, room, line), Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(folder_, Qt::ElideMiddle, room));
}

}  // namespace sqil
