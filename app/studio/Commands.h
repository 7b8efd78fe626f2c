#pragma once
#include <QList>
#include <QString>

class QAction;
class QMainWindow;

namespace sqil {

/// One thing that the window can do, and where its menus keep it.
struct Command {
    QString group;  ///< the menu or panel: "View ▸ Theme"
    QString text;   ///< "Dark"
    QAction* action = nullptr;

    QString keys() const;  ///< "PgDown, Ctrl+Down"; empty where there are none
    QString path() const;  ///< "View ▸ Theme ▸ Dark"
};

/// Everything in the window's menus, in their order, then the commands with keys of its panels that
/// no menu has. Read anew each time: menus change.
QList<Command> commandsOf(const QMainWindow& window);

/// An action's or menu's text as people read it: no & of its mnemonic, no dots.
QString plainText(QString text);

}  // namespace sqil
