#pragma once
#include <QObject>
#include <QPalette>
#include <optional>

namespace sqil {

class SystemAppearance;

/// Light and dark colours of the whole application. Follows the system unless the user chose one.
class Theme : public QObject {
    Q_OBJECT
public:
    enum class Mode { System, Light, Dark };

    explicit Theme(QObject* parent = nullptr);

    Mode mode() const { return mode_; }
    bool isDark() const { return dark_; }
    void setMode(Mode mode);
    /// What the desktop says; none: its palette tells.
    void followSystem(std::optional<bool> dark);

    static Mode modeNamed(const QString& name);  ///< "light", "dark"; anything else: System
    static QString nameOf(Mode mode);

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void apply();

    SystemAppearance* system_;
    Mode mode_ = Mode::System;
    std::optional<bool> systemIsDark_;
    bool dark_ = false;
    bool applying_ = false;
};

}  // namespace sqil
