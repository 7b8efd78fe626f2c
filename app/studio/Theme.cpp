#include "app/studio/Theme.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QFontInfo>
#include <QStyleFactory>

#include "app/studio/SystemAppearance.h"

namespace sqil {
namespace {

struct Colours {
    QRgb window, base, alternate, text, muted, disabled, button, midlight, mid, dark, shadow, highlight, highlightText,
        link, toolTip;
};

constexpr Colours kLight{0xf3f4f6, 0xffffff, 0xf8f9fa, 0x1d2329, 0x5d6670, 0xa3abb5, 0xf8f9fa, 0xe9ecef,
                         0xcfd5dc, 0xaab2bc, 0x8b949e, 0x1f5fbf, 0xffffff, 0x1f5fbf, 0xffffff};
constexpr Colours kDark{0x1b1f24, 0x22272e, 0x272d35, 0xe3e8ee, 0x98a3b0, 0x5b6672, 0x2a3038, 0x343b45,
                        0x3f4853, 0x15181c, 0x0c0e10, 0x2f6fce, 0xffffff, 0x6ea8fe, 0x2f3741};

QPalette paletteOf(const Colours& colours) {
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, QRgb colour) { palette.setColor(role, QColor(colour)); };
    set(QPalette::Window, colours.window);
    set(QPalette::WindowText, colours.text);
    set(QPalette::Base, colours.base);
    set(QPalette::AlternateBase, colours.alternate);
    set(QPalette::Text, colours.text);
    set(QPalette::PlaceholderText, colours.muted);
    set(QPalette::Button, colours.button);
    set(QPalette::ButtonText, colours.text);
    set(QPalette::BrightText, 0xffffff);
    set(QPalette::Light, colours.midlight);
    set(QPalette::Midlight, colours.midlight);
    set(QPalette::Mid, colours.mid);
    set(QPalette::Dark, colours.dark);
    set(QPalette::Shadow, colours.shadow);
    set(QPalette::Highlight, colours.highlight);
    set(QPalette::HighlightedText, colours.highlightText);
    set(QPalette::Link, colours.link);
    set(QPalette::ToolTipBase, colours.toolTip);
    set(QPalette::ToolTipText, colours.text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(colours.disabled));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(colours.mid));
    return palette;
}

const QString kStyleSheet = QStringLiteral(R"(
QMainWindow::separator { background: palette(mid); width: 1px; height: 1px; }
QMainWindow::separator:hover { background: palette(highlight); }
QMenuBar { border-bottom: 1px solid palette(mid); padding: 1px 4px; }
QMenuBar::item { padding: 4px 8px; background: transparent; }
QMenuBar::item:selected { background: palette(midlight); border-radius: 4px; }
QStatusBar { border-top: 1px solid palette(mid); }
QStatusBar::item { border: none; }
QPushButton { border: 1px solid palette(mid); border-radius: 5px; padding: 5px 12px; background: palette(button); }
QPushButton:hover { background: palette(midlight); }
QPushButton:pressed { background: palette(mid); }
QPushButton:focus { border-color: palette(highlight); }
QPushButton:default { background: palette(highlight); color: palette(highlighted-text); border-color: palette(highlight); }
QPushButton:disabled { color: palette(placeholder-text); background: palette(window); border-color: palette(mid); }
QToolButton[hasWords="true"] { border: 1px solid palette(mid); border-radius: 4px; padding: 3px 18px 3px 8px; background: palette(button); }
QToolButton[hasWords="true"]:hover { background: palette(midlight); }
QToolButton[hasWords="true"]:focus { border-color: palette(highlight); }
QToolButton[hasWords="true"]::menu-indicator { subcontrol-origin: padding; subcontrol-position: center right; right: 5px; }
QTreeView { padding: 4px 0px; background: palette(base); }
QTreeView::item { padding: 2px 3px; border: 0px; }
QTreeView::item:selected { padding: 2px 3px; border: 0px; background: @selection; color: palette(text); }
QTreeView::branch:selected { background: @selection; }
QHeaderView { background: palette(base); }
QHeaderView::section { background: palette(base); color: palette(placeholder-text); border: none; border-bottom: 1px solid palette(mid); padding: 4px 5px; }
QHeaderView::section:first { padding-left: 10px; }
QToolTip { border: 1px solid palette(mid); padding: 4px; background: palette(tool-tip-base); color: palette(tool-tip-text); }
QProgressBar { border: none; border-radius: 3px; background: palette(mid); max-height: 6px; }
QProgressBar::chunk { border-radius: 3px; background: palette(highlight); }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
#central { background: palette(base); }
#timeline, #actions, #project, #episodes, #scatter, #inspector, #rollouts, #jobs { background: palette(base); }
QFrame#message { border-left: 3px solid palette(highlight); background: palette(alternate-base); border-bottom: 1px solid palette(mid); }
QFrame#message[level="warning"] { border-left-color: #d99a1c; }
QFrame#message[level="error"] { border-left-color: #d6454b; }
)");

}  // namespace

Theme::Theme(QObject* parent) : QObject(parent), system_(new SystemAppearance(this)) {
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    // Where the system has no font of its own choice (Qt falls back to DejaVu), Inter reads better.
    if (QFontInfo(QApplication::font()).family().startsWith(QLatin1String("DejaVu")) &&
        QFontDatabase::families().contains(QStringLiteral("Inter"))) {
        QFont font = QApplication::font();
        font.setFamily(QStringLiteral("Inter"));
        QApplication::setFont(font);
    }
    connect(system_, &SystemAppearance::changed, this, [this] { followSystem(system_->isDark()); });
    qApp->installEventFilter(this);
    apply();
}

void Theme::setMode(Mode mode) {
    mode_ = mode;
    apply();
}

void Theme::followSystem(std::optional<bool> dark) {
    systemIsDark_ = dark;
    if (mode_ == Mode::System)
        apply();
}

Theme::Mode Theme::modeNamed(const QString& name) {
    return name == QLatin1String("light") ? Mode::Light : name == QLatin1String("dark") ? Mode::Dark : Mode::System;
}

QString Theme::nameOf(Mode mode) {
    switch (mode) {
        case Mode::Light:
            return QStringLiteral("light");
        case Mode::Dark:
            return QStringLiteral("dark");
        case Mode::System:
            break;
    }
    return QStringLiteral("system");
}

void Theme::apply() {
    applying_ = true;
    dark_ = mode_ == Mode::Dark;
    if (mode_ == Mode::System) {
        QApplication::setPalette(QPalette());  // the system's again, to see which it is
        dark_ = systemIsDark_.value_or(QApplication::palette().color(QPalette::Window).lightness() < 128);
    }
    QApplication::setPalette(paletteOf(dark_ ? kDark : kLight));
    QString sheet = kStyleSheet;  // a selection on which coloured signs stay readable
    qApp->setStyleSheet(sheet.replace(QLatin1String("@selection"), QLatin1String(dark_ ? "#2b4468" : "#d3e2f9")));
    applying_ = false;
}

bool Theme::eventFilter(QObject* object, QEvent* event) {
    if (event->type() == QEvent::ThemeChange && !applying_ && mode_ == Mode::System)
        apply();
    return QObject::eventFilter(object, event);
}

}  // namespace sqil
