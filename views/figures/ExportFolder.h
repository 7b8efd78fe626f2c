#pragma once
#include <QString>

namespace sqil {

/// Where the user last exported to, in the settings; the documents folder at first, and where that
/// folder is gone.
QString exportFolder();
void rememberExportFolder(const QString& file);  ///< the folder of this file

}  // namespace sqil
