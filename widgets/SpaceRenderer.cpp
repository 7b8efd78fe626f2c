#include "widgets/SpaceRenderer.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLibrary>

namespace sqil {

std::unique_ptr<SpaceRenderer> SpaceRenderer::make(QString& problem) {
    const QString beside = QCoreApplication::applicationDirPath();
    MakeSpaceRenderer make = nullptr;
    QString reasons;
    for (const QString& folder : {beside, beside + QStringLiteral("/../lib/sqil")}) {
        const QString file = folder + QStringLiteral("/libsqil_space.so");
        if (!QFileInfo::exists(file))
            continue;
        QLibrary library(file);
        make = reinterpret_cast<MakeSpaceRenderer>(library.resolve(kSpaceRendererSymbol));
        if (make)
            break;
        reasons = library.errorString();
    }
    if (!make) {
        problem =
            reasons.isEmpty()
                ? QCoreApplication::translate("SpaceRenderer",
                                              "The 3-D module (libsqil_space.so) is not "
                                              "installed beside the program.")
                : QCoreApplication::translate("SpaceRenderer", "The 3-D module cannot be loaded: %1").arg(reasons);
        return nullptr;
    }
    return std::unique_ptr<SpaceRenderer>(make(&problem));
}

}  // namespace sqil
