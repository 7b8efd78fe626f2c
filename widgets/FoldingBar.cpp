#include "widgets/FoldingBar.h"

#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QToolButton>

namespace sqil {
namespace {

constexpr int kSpacing = 8;

}  // namespace

FoldingBar::FoldingBar(const QString& title, QWidget* parent)
    : QWidget(parent),
      row_(new QHBoxLayout(this)),
      foldables_(new QWidget(this)),
      button_(new QToolButton(this)),
      popup_(new QFrame(this, Qt::Popup)) {
    row_->setContentsMargins(0, 0, 0, 0);
    row_->setSpacing(kSpacing);
    row_->addStretch();
    auto* inner = new QHBoxLayout(foldables_);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(kSpacing);
    row_->addWidget(foldables_);
    button_->setText(title);
    button_->setAccessibleName(title);
    button_->setAutoRaise(true);
    button_->setFocusPolicy(Qt::TabFocus);
    button_->hide();
    connect(button_, &QToolButton::clicked, this, &FoldingBar::openPopup);
    row_->addWidget(button_);
    popup_->setFrameShape(QFrame::StyledPanel);
    auto* popupRow = new QHBoxLayout(popup_);
    popupRow->setContentsMargins(10, 8, 10, 8);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void FoldingBar::addWidget(QWidget* widget) {
    row_->insertWidget(int(firsts_.size()), widget);
    firsts_ << widget;
}

void FoldingBar::addFoldable(QWidget* widget) {
    foldables_->layout()->addWidget(widget);
}

void FoldingBar::addLast(QWidget* widget) {
    row_->addWidget(widget);
    lasts_ << widget;
}

int FoldingBar::widthWith(const QWidget* middle) const {
    int width = middle->sizeHint().width();
    for (const QWidget* widget : firsts_ + lasts_)
        width += kSpacing + widget->sizeHint().width();
    return width + kSpacing;
}

QSize FoldingBar::minimumSizeHint() const {
    return {widthWith(button_), QWidget::minimumSizeHint().height()};
}

bool FoldingBar::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest)
        arrange();
    return QWidget::event(event);
}

void FoldingBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void FoldingBar::arrange() {
    const bool folded = width() < widthWith(foldables_);
    if (folded == folded_)
        return;
    folded_ = folded;
    if (folded) {
        popup_->layout()->addWidget(foldables_);
    } else {
        popup_->hide();
        row_->insertWidget(int(firsts_.size()) + 1, foldables_);
    }
    foldables_->show();
    button_->setVisible(folded);
}

void FoldingBar::openPopup() {
    popup_->adjustSize();
    const QPoint below = button_->mapToGlobal(QPoint(button_->width() - popup_->width(), button_->height() + 2));
    popup_->move(below);
    popup_->show();
}

}  // namespace sqil
