#include "app/studio/ShortcutsSheet.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace sqil {
namespace {

QString keysOf(const QAction* action) {
    QStringList keys;
    for (const QKeySequence& sequence : action->shortcuts())
        keys << sequence.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral(", "));
}

QString textOf(const QAction* action) {
    QString text = action->text();
    return text.remove(QLatin1Char('&')).remove(QStringLiteral("…"));
}

void addLine(QGridLayout* grid, const QString& what, const QString& keys) {
    const int row = grid->rowCount();
    auto* label = new QLabel(what);
    auto* key = new QLabel(keys);
    key->setForegroundRole(QPalette::PlaceholderText);
    grid->addWidget(label, row, 0);
    grid->addWidget(key, row, 1, Qt::AlignRight);
}

QGridLayout* addGroup(QVBoxLayout* column, const QString& title) {
    auto* label = new QLabel(title);
    QFont bold = label->font();
    bold.setWeight(QFont::DemiBold);
    label->setFont(bold);
    column->addWidget(label);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(0, 1);
    column->addLayout(grid);
    column->addSpacing(10);
    return grid;
}

}  // namespace

ShortcutsSheet::ShortcutsSheet(const QList<Group>& groups, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keyboard and mouse"));
    auto* outer = new QVBoxLayout(this);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(40);
    outer->addLayout(columns);
    QVBoxLayout* sides[2] = {new QVBoxLayout, new QVBoxLayout};
    for (QVBoxLayout* side : sides)
        side->setSpacing(6);  // not the columns' own
    columns->addLayout(sides[0]);
    columns->addLayout(sides[1]);
    int lines[2] = {0, 9};  // the mouse's lines go to the right
    for (const Group& group : groups) {
        const int side = lines[0] <= lines[1] ? 0 : 1;
        QGridLayout* grid = nullptr;
        for (const QAction* action : group.actions) {
            if (action->shortcuts().isEmpty())
                continue;
            if (!grid)
                grid = addGroup(sides[side], group.title);
            addLine(grid, textOf(action), keysOf(action));
            ++lines[side];
        }
        lines[side] += grid ? 2 : 0;
    }
    QGridLayout* mouse = addGroup(sides[1], tr("Mouse"));
    addLine(mouse, tr("Timeline: move the cursor"), tr("click, drag"));
    addLine(mouse, tr("Timeline: zoom at the mouse"), tr("wheel"));
    addLine(mouse, tr("Timeline: pan"), tr("middle drag, Shift+drag, Shift+wheel"));
    addLine(mouse, tr("Timeline: whole episode"), tr("double click"));
    addLine(mouse, tr("Picture: zoom, pan, fit"), tr("wheel, drag, double click"));
    addLine(mouse, tr("Action courses: move the cursor"), tr("click, drag"));
    sides[0]->addStretch(1);
    sides[1]->addStretch(1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    outer->addWidget(buttons);
}

}  // namespace sqil
