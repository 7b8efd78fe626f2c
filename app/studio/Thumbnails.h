#pragma once
#include <QImage>
#include <QString>

namespace sqil {

/// A small picture of each project, kept in the user's cache for the welcome page.
QImage thumbnailOf(const QString& project);  ///< null: there is none
void keepThumbnail(const QString& project, const QImage& frame);

/// What a project holds and what of it is missing, read from its file.
struct ProjectStatus {
    QString text;
    bool isProblem = false;
};
ProjectStatus statusOf(const QString& project);  ///< takes milliseconds; any thread

}  // namespace sqil
