#pragma once
#include <QStringList>
#include <QVector3D>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/Progress.h"
#include "views/trajectory/PositionKeys.h"

namespace sqil {

/// Rollouts whose paths are drawn: those that are shown in the window, or others laid over them.
struct PathFile {
    QString name;
    std::filesystem::path path;
    std::shared_ptr<Rollouts> rollouts;
    std::map<int, std::vector<float>> positions;  ///< by episode: x, y, z after each other

    const std::vector<float>* positionsOf(int episode) const;
    std::optional<QVector3D> pointAt(int episode, std::int64_t step) const;
};

/// One episode of one of them.
struct PathPlace {
    int file = 0;  ///< 0: the rollouts that are shown in the window
    int episode = 0;
    bool operator==(const PathPlace&) const = default;
};

/// What is read: of every file as many episodes as are drawn at most, evenly spread, and all that began as `current`
/// did.
struct PathRequest {
    /// Where `rollouts` is null, the file is opened; positions of `source` that are already there are kept, not read.
    std::vector<PathFile> files;
    PositionSource source;
    int current = -1;
};

struct PathReading {
    std::vector<PathFile> files;  ///< [0] is always there
    QStringList problems;         ///< why files laid over it are left out, in words
};

/// Episodes that began as this one did: with the same recorded seed; those of other files also under the same name,
/// where no seed is recorded. The episode itself comes first; of each file as many as are drawn at most.
std::vector<PathPlace> sameBeginnings(const std::vector<PathFile>& files, int episode);

/// Reads the files: off the GUI thread. Error: of the first file.
Result<PathReading> readPaths(const PathRequest& request, const Progress& progress);

/// Whose paths they are, in words: the recorded policy, the file where several are open or none is recorded; empty:
/// nothing is known.
QString recordedPolicy(const std::vector<PathFile>& files, const PathPlace& place);

}  // namespace sqil
