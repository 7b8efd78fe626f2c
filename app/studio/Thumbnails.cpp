#include "app/studio/Thumbnails.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>

#include "app/studio/WelcomePage.h"
#include "core/project/Project.h"
#include "views/session/Paths.h"

namespace sqil {
namespace {

constexpr int kSide = 96;

QString pathOf(const QString& project) {
    const QString name = QString::fromLatin1(
        QCryptographicHash::hash(QFileInfo(project).absoluteFilePath().toUtf8(), QCryptographicHash::Sha1).toHex());
    return QStandardPaths::writableLocation(QStandardPaths::CacheLocation) + QStringLiteral("/thumbnails/") + name +
           QStringLiteral(".png");
}

template<class Record>
int missingOf(const std::vector<Record>& records) {
    std::error_code ignored;
    return static_cast<int>(std::count_if(records.begin(), records.end(), [&](const Record& record) {
        return !std::filesystem::exists(record.path, ignored);
    }));
}

}  // namespace

QImage thumbnailOf(const QString& project) {
    return QImage(pathOf(project));
}

void keepThumbnail(const QString& project, const QImage& frame) {
    if (project.isEmpty() || frame.isNull())
        return;
    const QString path = pathOf(project);
    QDir().mkpath(QFileInfo(path).absolutePath());
    QSaveFile file(path);  // a cache: where it cannot be written there is none
    if (file.open(QIODevice::WriteOnly) &&
        frame.scaled(kSide, kSide, Qt::KeepAspectRatio, Qt::SmoothTransformation).save(&file, "PNG"))
        file.commit();
}

ProjectStatus statusOf(const QString& file) {
    if (!QFileInfo::exists(file))
        return {WelcomePage::tr("not there any more"), true};
    const auto project = Project::open(toPath(file));
    if (!project)
        return {project.error().kind == ErrorKind::BadInput ? WelcomePage::tr("damaged: opens what can be read")
                                                            : WelcomePage::tr("cannot be opened"),
                true};
    const auto policies = (*project)->policies();
    const auto rollouts = (*project)->rollouts();
    if (!policies || !rollouts)
        return {WelcomePage::tr("damaged: opens what can be read"), true};
    if (const int missing = missingOf(*policies) + missingOf(*rollouts); missing > 0)
        return {WelcomePage::tr("%n file(s) moved", nullptr, missing), true};
    const QString count =
        policies->size() == 1 ? WelcomePage::tr("1 policy") : WelcomePage::tr("%1 policies").arg(policies->size());
    return {count, false};
}

}  // namespace sqil
