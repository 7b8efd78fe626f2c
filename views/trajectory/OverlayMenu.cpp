#include "views/trajectory/OverlayMenu.h"

#include <QFileDialog>
#include <algorithm>

#include "views/session/Paths.h"

namespace sqil {

OverlayMenu::OverlayMenu(StudioSession& session, QWidget* parent)
    : QMenu(tr("&Other rollouts over these"), parent), session_(session) {
    setToolTipsVisible(true);
    connect(this, &QMenu::aboutToShow, this, &OverlayMenu::fill);
    fill();  // a menu without entries could not be opened
}

void OverlayMenu::fill() {
    clear();
    std::vector<std::filesystem::path> others = files_;
    for (const RolloutsItem& item : session_.contents().rollouts) {
        if (!item.rollouts || item.record.path == session_.comparison().rolloutsRecord.path)
            continue;
        std::erase(others, item.record.path);
        addFile(toQString(item.record.name), item.record.path);
    }
    for (const std::filesystem::path& file : others)
        addFile(toQString(file.filename()), file);
    addSeparator();
    addAction(tr("&Files…"), this, &OverlayMenu::chooseFiles);
    QAction* none = addAction(tr("&None"), this, [this] { emit chosen({}); });
    none->setEnabled(!files_.empty());
}

void OverlayMenu::addFile(const QString& name, const std::filesystem::path& file) {
    QAction* action = addAction(name);
    action->setToolTip(toQString(file));
    action->setCheckable(true);
    action->setChecked(std::find(files_.begin(), files_.end(), file) != files_.end());
    connect(action, &QAction::triggered, this, [this, file](bool checked) {
        std::vector<std::filesystem::path> files = files_;
        std::erase(files, file);
        if (checked)
            files.push_back(file);
        emit chosen(files);
    });
}

void OverlayMenu::chooseFiles() {
    const QStringList added =
        QFileDialog::getOpenFileNames(this, tr("Rollouts to lay over these"), {}, tr("Rollouts (*.hdf5 *.h5)"));
    std::vector<std::filesystem::path> files = files_;
    for (const QString& file : added)
        if (std::find(files.begin(), files.end(), toPath(file)) == files.end())
            files.push_back(toPath(file));
    if (!added.isEmpty())
        emit chosen(files);
}

}  // namespace sqil
