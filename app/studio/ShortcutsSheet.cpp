#include "app/studio/ShortcutsSheet.h"
#include "widgets/Heading.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace sqil {
namespace {

constexpr int kColumns = 3;

void addLine(QGridLayout* grid, const QString& what, const QString& keys) {
    const int row = grid->rowCount();
    auto* label = new QLabel(what);
    auto* key = new QLabel(keys);
    key->setForegroundRole(QPalette::PlaceholderText);
    grid->addWidget(label, row, 0);
    grid->addWidget(key, row, 1, Qt::AlignRight);
}

QGridLayout* addGroup(QVBoxLayout* column, const QString& title) {
    column->addWidget(heading(title));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(0, 1);
    column->addLayout(grid);
    column->addSpacing(10);
    return grid;
}

QString topOf(const Command& command) {
    return command.group.section(QStringLiteral(" ▸ "), 0, 0);
}

}  // namespace

ShortcutsSheet::ShortcutsSheet(const QList<Command>& commands, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keyboard and mouse"));
    auto* outer = new QVBoxLayout(this);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    auto* page = new QWidget(scroll);
    auto* columns = new QHBoxLayout(page);
    columns->setSpacing(40);
    scroll->setWidget(page);
    outer->addWidget(scroll, 1);
    QVBoxLayout* sides[kColumns];
    for (QVBoxLayout*& side : sides) {
        side = new QVBoxLayout;
        side->setSpacing(6);  // not the columns' own
        columns->addLayout(side);
    }
    // Groups in their order, each whole in the column that is shortest so far; the mouse's lines last.
    QStringList groups;
    for (const Command& command : commands)
        if (!groups.contains(topOf(command)))
            groups << topOf(command);
    int lines[kColumns] = {};
    const auto shortest = [&] { return int(std::min_element(lines, lines + kColumns) - lines); };
    for (const QString& group : groups) {
        const int side = shortest();
        QGridLayout* grid = nullptr;
        for (const Command& command : commands) {
            if (topOf(command) != group || command.action->shortcuts().isEmpty())
                continue;
            if (!grid)
                grid = addGroup(sides[side], group);
            addLine(grid, command.text, command.keys());
            ++lines[side];
        }
        lines[side] += grid ? 2 : 0;
    }
    QGridLayout* mouse = addGroup(sides[shortest()], tr("Mouse"));
    addLine(mouse, tr("Timeline: move the cursor"), tr("click, drag"));
    addLine(mouse, tr("Timeline: zoom at the mouse"), tr("wheel"));
    addLine(mouse, tr("Timeline: pan"), tr("middle drag, Shift+drag, Shift+wheel"));
    addLine(mouse, tr("Timeline: whole episode"), tr("double click"));
    addLine(mouse, tr("Picture: zoom, pan, fit"), tr("wheel, drag, double click"));
    addLine(mouse, tr("Action courses: move the cursor"), tr("click, drag"));
    for (QVBoxLayout* side : sides)
        side->addStretch(1);
    const QSize wanted = page->sizeHint() + QSize(48, 80);
    resize(parent ? wanted.boundedTo(parent->size()) : wanted);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    outer->addWidget(buttons);
}

}  // namespace sqil
