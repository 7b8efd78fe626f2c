#include "views/figures/ExportFolder.h"

#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>

namespace sqil {
namespace {
const QString kSetting = QStringLiteral("export/folder");
}

QString exportFolder() {
    const QString folder = QSettings().value(kSetting).toString();
    return !folder.isEmpty() && QFileInfo(folder).isDir()
               ? folder
               : QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
}

void rememberExportFolder(const QString& file) {
    QSettings().setValue(kSetting, QFileInfo(file).absolutePath());
}

}  // namespace sqil
