#include "app/studio/Commands.h"

#include <QAction>
#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QSet>

namespace sqil {
namespace {

const QString kInto = QStringLiteral(" ▸ ");

void addMenu(const QMenu* menu, const QString& group, QList<Command>& commands, QSet<const QAction*>& seen) {
    for (QAction* action : menu->actions()) {
        if (action->isSeparator() || seen.contains(action))
            continue;
        seen.insert(action);
        const QString text = plainText(action->text());
        if (action->menu())
            addMenu(action->menu(), group + kInto + text, commands, seen);
        else if (!text.isEmpty())
            commands << Command{group, text, action};
    }
}

/// The title of the panel that an action belongs to; empty: of none.
QString panelOf(const QAction* action) {
    for (const QObject* owner = action->parent(); owner; owner = owner->parent())
        if (const auto* dock = qobject_cast<const QDockWidget*>(owner))
            return dock->windowTitle();
    return {};
}

}  // namespace

QString plainText(QString text) {
    return text.remove(QLatin1Char('&')).remove(QStringLiteral("…"));
}

QString Command::keys() const {
    QStringList keys;
    for (const QKeySequence& sequence : action->shortcuts())
        keys << sequence.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral(", "));
}

QString Command::path() const {
    return group + kInto + text;
}

QList<Command> commandsOf(const QMainWindow& window) {
    QList<Command> commands;
    QSet<const QAction*> seen;
    for (const QAction* entry : window.menuBar()->actions())
        if (entry->menu())
            addMenu(entry->menu(), plainText(entry->text()), commands, seen);
    for (QAction* action : window.findChildren<QAction*>()) {
        if (seen.contains(action) || action->shortcuts().isEmpty() || action->text().isEmpty())
            continue;
        const QString panel = panelOf(action);
        commands << Command{panel.isEmpty() ? window.windowTitle() : panel, plainText(action->text()), action};
    }
    return commands;
}

}  // namespace sqil
