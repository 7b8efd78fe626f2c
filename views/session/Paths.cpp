#include "views/session/Paths.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QStandardPaths>

namespace sqil {

std::filesystem::path toPath(const QString& text) {
    return QFile::encodeName(text).toStdString();
}

QString toQString(const std::filesystem::path& path) {
    return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

std::filesystem::path resourcesDirectory() {
    const QString beside = QCoreApplication::applicationDirPath();
    for (const QString& folder : {beside + QStringLiteral("/../share/sqil-studio"),
                                  beside + QStringLiteral("/../../../resources"), QStringLiteral(SQIL_RESOURCES_DIR)})
        if (QDir(folder).exists(QStringLiteral("sample")))
            return toPath(QDir::cleanPath(folder));
    return {};
}

std::filesystem::path sampleDirectory() {
    const auto folder = resourcesDirectory();
    if (folder.empty() || !std::filesystem::exists(folder / "sample" / "policy.pt2"))
        return {};
    return folder / "sample";
}

std::filesystem::path dataDirectory() {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    QDir().mkpath(folder);
    return toPath(folder);
}

std::filesystem::path automaticProject(const std::filesystem::path& file) {
    std::error_code ignored;
    const auto absolute = std::filesystem::weakly_canonical(file, ignored);
    const QByteArray hash =
        QCryptographicHash::hash(QByteArray::fromStdString(absolute.string()), QCryptographicHash::Sha256);
    const auto folder = dataDirectory() / "projects";
    std::filesystem::create_directories(folder, ignored);
    return folder / (file.stem().string() + "-" + hash.left(4).toHex().toStdString() + ".sqil");
}

}  // namespace sqil
