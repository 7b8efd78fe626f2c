#include "widgets/DockTitleBar.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

#include "widgets/SvgIcon.h"

namespace sqil {
namespace {
constexpr int kButton = 20, kIcon = 14;
}

QToolButton* makeMenuButton(QMenu* menu, const QString& title, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setIcon(icon("menu"));
    button->setIconSize(QSize(kIcon, kIcon));
    button->setFixedSize(kButton + 2, kButton);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    button->setMenu(menu);
    button->setToolTip(DockTitleBar::tr("Export figure, data or copy of this view"));
    button->setAccessibleName(DockTitleBar::tr("Menu of %1").arg(title));
    return button;
}

DockTitleBar::DockTitleBar(QDockWidget* dock, QMenu* menu) : QWidget(dock), dock_(dock), title_(new QLabel(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 2, 4, 3);
    row->setSpacing(2);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    title_->setFont(bold);
    title_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    title_->setAttribute(Qt::WA_TransparentForMouseEvents);
    row->addWidget(title_, 1);
    if (menu) {
        menu_ = makeMenuButton(menu, dock->windowTitle(), this);
        row->addWidget(menu_);
    }
    QToolButton* floating = addButton("float", tr("Float %1, or put it back").arg(dock->windowTitle()));
    QToolButton* closing = addButton("close", tr("Close %1 (View ▸ Panels opens it again)").arg(dock->windowTitle()));
    row->addWidget(floating);
    row->addWidget(closing);
    connect(floating, &QToolButton::clicked, dock, [dock] { dock->setFloating(!dock->isFloating()); });
    connect(closing, &QToolButton::clicked, dock, &QDockWidget::close);
    connect(dock, &QWidget::windowTitleChanged, this, &DockTitleBar::updateTitle);
    updateTitle();
}

QToolButton* DockTitleBar::addButton(const char* iconName, const QString& text) {
    auto* button = new QToolButton(this);
    button->setIcon(icon(iconName));
    button->setIconSize(QSize(kIcon - 2, kIcon - 2));
    button->setFixedSize(kButton, kButton);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(text);
    button->setAccessibleName(text);
    return button;
}

QSize DockTitleBar::minimumSizeHint() const {
    return {layout()->minimumSize().width(), fontMetrics().height() + 13};
}

void DockTitleBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    updateTitle();
}

void DockTitleBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    painter.fillRect(0, height() - 1, width(), 1, palette().color(QPalette::Mid));
}

void DockTitleBar::updateTitle() {
    const QString text = dock_->windowTitle();
    title_->setText(title_->fontMetrics().elidedText(text, Qt::ElideRight, std::max(title_->width(), 10)));
}

}  // namespace sqil
