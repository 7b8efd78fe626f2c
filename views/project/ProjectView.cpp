#include "views/project/ProjectView.h"

#include <QAction>
#include <QFileDialog>
#include <QHeaderView>
#include <QInputDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QTreeView>

#include "views/project/ProjectModel.h"
#include "views/session/Paths.h"
#include "widgets/EmptyState.h"
#include "widgets/SvgIcon.h"

namespace sqil {

ProjectView::ProjectView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent),
      session_(session),
      model_(new ProjectModel(session, this)),
      tree_(new QTreeView(this)),
      empty_(new EmptyState(this)) {
    tree_->setModel(model_);
    tree_->setAccessibleName(tr("Project"));
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setUniformRowHeights(true);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->setIndentation(12);
    tree_->setAllColumnsShowFocus(true);
    tree_->setSelectionBehavior(QAbstractItemView::SelectRows);
    tree_->setExpandsOnDoubleClick(false);
    addWidget(tree_);
    empty_->setTexts(tr("No project"), tr("Drop files on this window, or open the sample."));
    addWidget(empty_);

    connect(tree_, &QTreeView::customContextMenuRequested, this, &ProjectView::showMenu);
    auto* renaming = new QAction(tr("Rename the policy or rollouts"), tree_);
    renaming->setShortcut(QKeySequence(Qt::Key_F2));
    renaming->setShortcutContext(Qt::WidgetShortcut);
    connect(renaming, &QAction::triggered, this, [this] { rename(tree_->currentIndex().siblingAtColumn(0)); });
    tree_->addAction(renaming);
    connect(tree_, &QTreeView::activated, this, &ProjectView::activate);
    connect(model_, &QAbstractItemModel::modelReset, this, &ProjectView::arrange);
    connect(&session_, &StudioSession::projectChanged, this, &ProjectView::arrange);
    arrange();
}

void ProjectView::arrange() {
    setCurrentIndex(session_.hasProject() ? 0 : 1);
    if (model_->columnCount() < ProjectModel::ColumnCount)
        return;
    QHeaderView* header = tree_->header();
    header->setStretchLastSection(false);
    header->setMinimumSectionSize(30);
    header->setSectionResizeMode(ProjectModel::Name, QHeaderView::Stretch);
    for (int column = 1; column < ProjectModel::ColumnCount; ++column)
        header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    for (int section = 0; section < model_->rowCount(); ++section) {
        tree_->setFirstColumnSpanned(section, {}, true);
        const QModelIndex index = model_->index(section, 0);
        tree_->expand(index);
        // Policies have no numbers: their names may take the whole width.
        for (int row = 0; section == 0 && row < model_->rowCount(index); ++row)
            tree_->setFirstColumnSpanned(row, index, true);
    }
}

void ProjectView::activate(const QModelIndex& index) {
    const auto id = index.data(ProjectModel::IdRole).toLongLong();
    switch (ProjectModel::kindOf(index)) {
        case ProjectModel::Kind::Policy:
            session_.comparePolicy(id);
            break;
        case ProjectModel::Kind::Rollouts:
            session_.showRollouts(id);
            break;
        default:
            break;
    }
}

void ProjectView::showMenu(const QPoint& position) {
    const QModelIndex index = tree_->indexAt(position).siblingAtColumn(0);
    const auto kind = ProjectModel::kindOf(index);
    QMenu menu(this);
    if (kind == ProjectModel::Kind::Policy) {
        const PolicyItem* policy = session_.contents().policy(index.data(ProjectModel::IdRole).toLongLong());
        menu.addAction(policy && policy->isQuantized() ? tr("Compare as the quantized policy")
                                                       : tr("Compare as the full-precision policy"),
                       this, [this, index] { activate(index); });
        if (policy && policy->isQuantized()) {
            QAction* also = menu.addAction(tr("Compare its actions as well"));
            also->setCheckable(true);
            also->setChecked(session_.isCompared(policy->record.id));
            also->setEnabled(policy->problem.empty() && session_.hasPolicy() &&
                             (!also->isChecked() || session_.comparedCount() > 1));
            connect(also, &QAction::triggered, this,
                    [this, id = policy->record.id](bool compared) { session_.alsoCompare(id, compared); });
        }
        menu.addAction(icon("quantize"), tr("Quantize…"), this,
                       [this, index] {
                           activate(index);
                           emit quantizeRequested();
                       })
            ->setEnabled(policy && !policy->isQuantized() && policy->problem.empty() && session_.hasRollouts());
    }
    if (kind == ProjectModel::Kind::Rollouts)
        menu.addAction(tr("Show these rollouts"), this, [this, index] { activate(index); });
    if (kind == ProjectModel::Kind::Policy || kind == ProjectModel::Kind::Rollouts) {
        if (kind == ProjectModel::Kind::Policy)
            menu.addAction(tr("Edit the card…"), this,
                           [this, index] { emit cardRequested(index.data(ProjectModel::IdRole).toLongLong()); });
        menu.addAction(tr("Rename…"), this, [this, index] { rename(index); })->setShortcut(QKeySequence(Qt::Key_F2));
        menu.addAction(tr("Locate the file…"), this, [this, index] { locate(index); });
        menu.addSeparator();
        menu.addAction(tr("Remove from the project…"), this, [this, index] { confirmRemoval(index); });
    }
    if (menu.isEmpty())
        menu.addAction(icon("open"), tr("Add files…"), this, &ProjectView::addFilesRequested);
    menu.exec(tree_->viewport()->mapToGlobal(position));
}

void ProjectView::confirmRemoval(const QModelIndex& index) {
    const QString name = index.data().toString();
    const auto id = index.data(ProjectModel::IdRole).toLongLong();
    const bool isPolicy = ProjectModel::kindOf(index) == ProjectModel::Kind::Policy;
    auto* question = new QMessageBox(QMessageBox::Question, tr("Remove from the project"),
                                     tr("Remove “%1” from the project?").arg(name), QMessageBox::Cancel, this);
    question->setInformativeText(
        tr("The analyses that use it go with it; Undo brings all back as long as the project is open. The file itself "
           "stays where it is."));
    auto* remove = question->addButton(tr("Remove"), QMessageBox::DestructiveRole);
    question->setDefaultButton(QMessageBox::Cancel);
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QMessageBox::buttonClicked, this, [this, remove, isPolicy, id](QAbstractButton* button) {
        if (button == remove)
            isPolicy ? session_.removePolicy(id) : session_.removeRollouts(id);
    });
    question->open();
}

void ProjectView::rename(const QModelIndex& index) {
    const auto kind = ProjectModel::kindOf(index);
    if (kind != ProjectModel::Kind::Policy && kind != ProjectModel::Kind::Rollouts)
        return;
    const auto id = index.data(ProjectModel::IdRole).toLongLong();
    bool agreed = false;
    const QString name = QInputDialog::getText(this, tr("Rename"), tr("New name of “%1”:").arg(index.data().toString()),
                                               QLineEdit::Normal, index.data().toString(), &agreed);
    if (agreed)
        session_.rename(id, kind == ProjectModel::Kind::Rollouts, name);
}

void ProjectView::locate(const QModelIndex& index) {
    const bool isPolicy = ProjectModel::kindOf(index) == ProjectModel::Kind::Policy;
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Where is “%1”?").arg(index.data().toString()), {},
                                     isPolicy ? tr("Policies (*.pt2 *.pt *.zip)") : tr("Rollouts (*.hdf5 *.h5)"));
    if (file.isEmpty())
        return;
    const auto id = index.data(ProjectModel::IdRole).toLongLong();
    isPolicy ? session_.locatePolicy(id, file) : session_.locateRollouts(id, file);
}

}  // namespace sqil
