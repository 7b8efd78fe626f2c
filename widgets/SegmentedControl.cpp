#include "widgets/SegmentedControl.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>

namespace sqil {

SegmentedControl::SegmentedControl(QWidget* parent) : QWidget(parent) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&group_, &QButtonGroup::idClicked, this, &SegmentedControl::chosen);
}

QToolButton* SegmentedControl::addSegment(int id, const QString& text, const QString& toolTip) {
    auto* button = new QToolButton(this);
    button->setText(text);
    button->setToolTip(toolTip);
    button->setAccessibleName(text);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    group_.addButton(button, id);
    layout()->addWidget(button);
    updateStyle();
    return button;
}

void SegmentedControl::setCurrent(int id) {
    if (auto* button = group_.button(id)) {
        button->setChecked(true);
        return;
    }
    group_.setExclusive(false);
    for (auto* button : group_.buttons())
        button->setChecked(false);
    group_.setExclusive(true);
}

void SegmentedControl::setSegmentEnabled(int id, bool enabled) {
    if (auto* button = group_.button(id))
        button->setEnabled(enabled);
}

void SegmentedControl::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && !styling_)
        updateStyle();
    QWidget::changeEvent(event);
}

void SegmentedControl::updateStyle() {
    styling_ = true;
    const auto buttons = group_.buttons();
    for (int index = 0; index < buttons.size(); ++index) {
        const QString left = index == 0 ? QStringLiteral("5px") : QStringLiteral("0px");
        const QString right = index + 1 == buttons.size() ? QStringLiteral("5px") : QStringLiteral("0px");
        buttons[index]->setStyleSheet(
            QStringLiteral(
                "QToolButton { border: 1px solid palette(mid); %3 padding: 3px 10px; background: palette(base);"
                " border-top-left-radius: %1; border-bottom-left-radius: %1;"
                " border-top-right-radius: %2; border-bottom-right-radius: %2; }"
                "QToolButton:hover { background: palette(midlight); }"
                "QToolButton:checked { background: palette(highlight); color: palette(highlighted-text);"
                " border-color: palette(highlight); }"
                "QToolButton:focus { border-color: palette(highlight); }"
                "QToolButton:disabled { color: palette(placeholder-text); }")
                .arg(left, right, index == 0 ? QString() : QStringLiteral("margin-left: -1px;")));
    }
    styling_ = false;
}

}  // namespace sqil
