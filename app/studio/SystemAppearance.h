#pragma once
#include <QDBusVariant>
#include <QObject>
#include <QVariant>
#include <optional>

namespace sqil {

/// Whether the desktop is set to dark, as the XDG settings portal says (GNOME, KDE and others), also
/// when it changes. Says nothing where there is no portal.
class SystemAppearance : public QObject {
    Q_OBJECT
public:
    explicit SystemAppearance(QObject* parent = nullptr);

    std::optional<bool> isDark() const { return dark_; }

public slots:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

signals:
    void changed();

private:
    void take(const QVariant& value);
    std::optional<bool> dark_;
};

}  // namespace sqil
