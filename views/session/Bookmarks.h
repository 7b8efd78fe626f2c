#pragma once
#include <QObject>
#include <QString>
#include <optional>
#include <vector>

#include "core/project/Project.h"

namespace sqil {

struct RolloutsInfo;

/// A marked step of the rollouts that are shown.
struct Bookmark {
    int episode = 0;
    qint64 step = 0;
    QString note;  ///< or empty
    bool operator==(const Bookmark&) const = default;
};

/// The bookmarks of the rollouts that are shown, by episode and step. Lives on the GUI thread; StudioSession
/// changes it, with undo, and keeps it in the project.
class Bookmarks : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Those of episodes that are not there, or beyond their end, are left out.
    void setAll(const std::vector<BookmarkRecord>& records, const RolloutsInfo& rollouts);
    void clear();
    /// With a note (or an empty one), or none: no bookmark.
    void set(int episode, qint64 step, const std::optional<QString>& note);

    const std::vector<Bookmark>& all() const { return all_; }
    const Bookmark* find(int episode, qint64 step) const;  ///< null: none
    int countOf(int episode) const;
    /// The next one after (`direction` +1) or before (−1) a place, around the end; null: there is none at all.
    const Bookmark* next(int episode, qint64 step, int direction) const;

signals:
    void changed();

private:
    std::vector<Bookmark> all_;  ///< sorted
};

}  // namespace sqil
