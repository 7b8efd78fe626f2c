#pragma once
#include <QDialog>

class QAction;

namespace sqil {

/// All keyboard and mouse commands on one page, grouped by menu; made from the actions themselves.
class ShortcutsSheet : public QDialog {
    Q_OBJECT
public:
    struct Group {
        QString title;
        QList<QAction*> actions;
    };
    ShortcutsSheet(const QList<Group>& groups, QWidget* parent = nullptr);
};

}  // namespace sqil
