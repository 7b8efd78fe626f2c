#pragma once
#include <QObject>

namespace sqil {

/// The window's shortcuts use plain keys (arrows, Space). A slider or button that has the keyboard
/// focus keeps the keys that operate it.
class KeyboardFocus : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject* object, QEvent* event) override;
};

}  // namespace sqil
