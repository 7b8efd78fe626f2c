#include "app/studio/KeyboardFocus.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QComboBox>
#include <QKeyEvent>

namespace sqil {
namespace {

bool isNavigation(int key) {
    return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Home || key == Qt::Key_End ||
           key == Qt::Key_PageUp || key == Qt::Key_PageDown;
}

}  // namespace

bool KeyboardFocus::eventFilter(QObject* object, QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride)
        return false;
    const auto* keys = static_cast<QKeyEvent*>(event);
    if (keys->modifiers() & (Qt::ControlModifier | Qt::AltModifier))
        return false;
    const bool keeps =
        (qobject_cast<QAbstractSlider*>(object) && isNavigation(keys->key())) ||
        (qobject_cast<QAbstractButton*>(object) && keys->key() == Qt::Key_Space) ||
        (qobject_cast<QComboBox*>(object) && (isNavigation(keys->key()) || keys->key() == Qt::Key_Space));
    if (keeps)
        event->accept();
    return keeps;
}

}  // namespace sqil
