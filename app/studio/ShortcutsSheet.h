#pragma once
#include <QDialog>

#include "app/studio/Commands.h"

namespace sqil {

/// All keyboard and mouse commands on one page, grouped by menu; made from the commands themselves.
class ShortcutsSheet : public QDialog {
    Q_OBJECT
public:
    explicit ShortcutsSheet(const QList<Command>& commands, QWidget* parent = nullptr);
};

}  // namespace sqil
