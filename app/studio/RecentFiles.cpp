#include "app/studio/RecentFiles.h"

#include <QAction>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>

namespace sqil {
namespace {
constexpr int kMost = 10;
const QString kSetting = QStringLiteral("recent");
}  // namespace

RecentFiles::RecentFiles(QMenu* menu, QObject* parent) : QObject(parent), menu_(menu) {
    rebuildMenu();
}

void RecentFiles::remember(const QString& file) {
    files_.removeAll(file);
    files_.prepend(file);
    while (files_.size() > kMost)
        files_.removeLast();
    rebuildMenu();
}

void RecentFiles::forget(const QString& file) {
    files_.removeAll(file);
    rebuildMenu();
}

void RecentFiles::clear() {
    files_.clear();
    rebuildMenu();
}

void RecentFiles::restore(const QSettings& settings) {
    files_ = settings.value(kSetting).toStringList();
    rebuildMenu();
}

void RecentFiles::store(QSettings& settings) const {
    settings.setValue(kSetting, files_);
}

void RecentFiles::rebuildMenu() {
    menu_->clear();
    for (const QString& file : files_) {
        const QFileInfo info(file);
        QString text = info.completeBaseName() + QStringLiteral("  –  ") + info.absolutePath();
        QAction* action = menu_->addAction(text.replace(QLatin1Char('&'), QLatin1String("&&")), this,
                                           [this, file] { emit chosen(file); });
        action->setData(file);
    }
    menu_->addSeparator();
    menu_->addAction(tr("Clear the list"), this, &RecentFiles::clear);
    menu_->setEnabled(!files_.isEmpty());
    emit changed();
}

}  // namespace sqil
