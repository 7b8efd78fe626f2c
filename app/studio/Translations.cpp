#include "app/studio/Translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace sqil {

void installTranslations(QCoreApplication& application) {
    const QLocale locale;
    const QString beside = QCoreApplication::applicationDirPath();
    for (const QString& folder : {qEnvironmentVariable("SQIL_TRANSLATIONS"), beside + QStringLiteral("/translations"),
                                  beside + QStringLiteral("/../share/sqil-studio/translations")}) {
        auto* own = new QTranslator(&application);
        if (!folder.isEmpty() && own->load(locale, QStringLiteral("sqil-studio"), QStringLiteral("_"), folder)) {
            QCoreApplication::installTranslator(own);
            auto* qt = new QTranslator(&application);
            if (qt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                         QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
                QCoreApplication::installTranslator(qt);
            return;
        }
        delete own;
    }
}

}  // namespace sqil
