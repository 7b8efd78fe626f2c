#include "app/studio/LayoutSwitcher.h"

#include <QAction>
#include <QActionGroup>
#include <QDockWidget>
#include <QInputDialog>
#include <QMainWindow>
#include <QMenu>
#include <QMessageBox>
#include <QSettings>

namespace sqil {
namespace {

constexpr int kMostKeys = 9;
const QString kCurrent = QStringLiteral("layouts/current"), kLatest = QStringLiteral("layouts/latest"),
              kOwn = QStringLiteral("layouts/own");

}  // namespace

LayoutSwitcher::LayoutSwitcher(QMainWindow& window, const QList<QDockWidget*>& docks, QMenu* menu)
    : QObject(&window), window_(window), docks_(docks), menu_(menu) {
    for (QDockWidget* dock : docks_)
        dock->setProperty("area", int(window_.dockWidgetArea(dock)));
    rebuildMenu();
    setDocksShown(false);
}

QStringList LayoutSwitcher::titles() const {
    QStringList titles;
    for (const Layout& layout : builtInLayouts())
        titles << layout.title();
    for (const SavedLayout& layout : own_)
        titles << layout.title;
    return titles;
}

bool LayoutSwitcher::isOwn(const QString& title) const {
    return std::any_of(own_.begin(), own_.end(), [&](const SavedLayout& layout) { return layout.title == title; });
}

void LayoutSwitcher::choose(const QString& nameOrTitle) {
    QString chosen = nameOrTitle;
    for (const Layout& layout : builtInLayouts())
        if (layout.title() == nameOrTitle)
            chosen = layout.name;
    // The program's names, as on the command line, hold in every language.
    if (const Layout* builtIn = isOwn(chosen) ? nullptr : builtInLayout(chosen))
        chosen = builtIn->name;
    else if (!isOwn(chosen))
        return;
    current_ = chosen;
    latest_ = {};
    if (shown_)
        apply();
    rebuildMenu();
    emit changed();
}

void LayoutSwitcher::reset() {
    latest_ = {};
    if (shown_)
        apply();
}

void LayoutSwitcher::apply() {
    if (!latest_.isEmpty() && restoreLayout(window_, docks_, latest_))
        return;
    for (const SavedLayout& layout : own_)
        if (layout.title == current_ && restoreLayout(window_, docks_, layout))
            return;
    const Layout* layout = builtInLayout(current_);
    applyLayout(window_, docks_, layout ? *layout : builtInLayouts().first());
}

void LayoutSwitcher::setDocksShown(bool shown) {
    if (shown == shown_ && !docks_.isEmpty() && shown)
        return;
    if (shown_)
        latest_ = savedLayout(window_, docks_, current_);
    shown_ = shown;
    if (shown)
        apply();
    else
        for (QDockWidget* dock : docks_)
            dock->hide();
    for (QDockWidget* dock : docks_)
        dock->toggleViewAction()->setEnabled(shown);
    menu_->setEnabled(shown);
}

void LayoutSwitcher::saveAs(const QString& title) {
    if (title.isEmpty() || !shown_)
        return;
    own_.removeIf([&](const SavedLayout& layout) { return layout.title == title; });
    own_ << savedLayout(window_, docks_, title);
    current_ = title;
    rebuildMenu();
    emit changed();
}

void LayoutSwitcher::rename(const QString& from, const QString& to) {
    if (to.isEmpty() || !isOwn(from) || titles().contains(to))
        return;
    for (SavedLayout& layout : own_)
        if (layout.title == from)
            layout.title = to;
    if (current_ == from)
        current_ = to;
    rebuildMenu();
    emit changed();
}

void LayoutSwitcher::remove(const QString& title) {
    own_.removeIf([&](const SavedLayout& layout) { return layout.title == title; });
    if (current_ == title) {
        choose(builtInLayouts().first().name);
        return;
    }
    rebuildMenu();
    emit changed();
}

void LayoutSwitcher::rebuildMenu() {
    menu_->clear();
    delete group_;
    group_ = new QActionGroup(this);
    int number = 0;
    const auto add = [&](const QString& id, const QString& title, const QString& tip) {
        QAction* action = menu_->addAction(title, this, [this, id] { choose(id); });
        action->setObjectName(QStringLiteral("layout-") + id);
        action->setCheckable(true);
        action->setChecked(id == current_);
        action->setToolTip(tip);
        if (++number <= kMostKeys)
            action->setShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + number)));
        group_->addAction(action);
    };
    for (const Layout& layout : builtInLayouts())
        add(layout.name, layout.title(), layout.purpose());
    if (!own_.isEmpty())
        menu_->addSeparator();
    for (const SavedLayout& layout : own_)
        add(layout.title, layout.title, tr("Your own layout"));
    menu_->addSeparator();
    menu_->addAction(tr("&Save as own layout…"), this, &LayoutSwitcher::askForTitle)
        ->setObjectName(QStringLiteral("saveLayout"));
    QAction* renaming = menu_->addAction(tr("Re&name “%1”…").arg(current_), this, &LayoutSwitcher::askForNewTitle);
    QAction* removing = menu_->addAction(tr("&Delete “%1”…").arg(current_), this, &LayoutSwitcher::confirmRemoval);
    renaming->setObjectName(QStringLiteral("renameLayout"));
    removing->setObjectName(QStringLiteral("deleteLayout"));
    for (QAction* action : {renaming, removing})
        action->setVisible(isOwn(current_));
    menu_->addAction(tr("&Reset to its original arrangement"), this, &LayoutSwitcher::reset)
        ->setObjectName(QStringLiteral("resetLayout"));
}

void LayoutSwitcher::askForTitle() {
    bool agreed = false;
    const QString title = QInputDialog::getText(&window_, tr("Save layout"), tr("Name of the layout:"),
                                                QLineEdit::Normal, isOwn(current_) ? current_ : QString(), &agreed)
                              .trimmed();
    if (!agreed || title.isEmpty())
        return;
    for (const Layout& layout : builtInLayouts())
        if (layout.title() == title || layout.name == title) {
            QMessageBox::information(&window_, tr("Save layout"),
                                     tr("“%1” is a layout of the program. Choose another name.").arg(title));
            return;
        }
    saveAs(title);
}

void LayoutSwitcher::askForNewTitle() {
    bool agreed = false;
    const QString title = QInputDialog::getText(&window_, tr("Rename layout"), tr("New name of “%1”:").arg(current_),
                                                QLineEdit::Normal, current_, &agreed)
                              .trimmed();
    if (agreed)
        rename(current_, title);
}

void LayoutSwitcher::confirmRemoval() {
    if (QMessageBox::question(&window_, tr("Delete layout"), tr("Delete the layout “%1”?").arg(current_),
                              QMessageBox::Yes | QMessageBox::Cancel) == QMessageBox::Yes)
        remove(current_);
}

void LayoutSwitcher::restore(const QSettings& settings) {
    own_.clear();
    for (const QString& json : settings.value(kOwn).toStringList()) {
        const SavedLayout layout = SavedLayout::fromJson(json.toUtf8());
        if (!layout.isEmpty() && !layout.title.isEmpty())
            own_ << layout;
    }
    const QString current = settings.value(kCurrent).toString();
    if (builtInLayout(current) || isOwn(current))
        current_ = current;
    latest_ = SavedLayout::fromJson(settings.value(kLatest).toString().toUtf8());
    rebuildMenu();
}

void LayoutSwitcher::store(QSettings& settings) {
    if (shown_)
        latest_ = savedLayout(window_, docks_, current_);
    QStringList own;
    for (const SavedLayout& layout : own_)
        own << QString::fromUtf8(layout.toJson());
    settings.setValue(kOwn, own);
    settings.setValue(kCurrent, current_);
    settings.setValue(kLatest, latest_.isEmpty() ? QString() : QString::fromUtf8(latest_.toJson()));
}

}  // namespace sqil
