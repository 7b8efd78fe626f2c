#pragma once

class QCoreApplication;

namespace sqil {

/// Installs the translation for the user's languages where there is one: sqil-studio_LANGUAGE.qm beside the
/// program in translations/, or in the folder SQIL_TRANSLATIONS. Qt's own texts follow.
void installTranslations(QCoreApplication& application);

}  // namespace sqil
