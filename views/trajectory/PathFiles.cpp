#include "views/trajectory/PathFiles.h"

#include <QCoreApplication>
#include <set>

#include "views/session/Paths.h"

namespace sqil {
namespace {

constexpr std::size_t kMostEpisodes = 200;  ///< of a file, spread over it or of one beginning
constexpr std::int64_t kMostPoints = 300'000;

const std::string& attributeOf(const EpisodeInfo& episode, const char* name) {
    static const std::string none;
    const auto found = episode.attributes.find(name);
    return found == episode.attributes.end() ? none : found->second;
}

/// Evenly spread over a large data set.
std::set<int> spreadEpisodes(const RolloutsInfo& info) {
    std::set<int> wanted;
    const std::size_t count = std::min(info.episodes.size(), kMostEpisodes);
    std::int64_t points = 0;
    for (std::size_t index = 0; index < count && points < kMostPoints; ++index) {
        const std::size_t episode = index * info.episodes.size() / count;
        wanted.insert(int(episode));
        points += info.episodes[episode].steps;
    }
    return wanted;
}

}  // namespace

const std::vector<float>* PathFile::positionsOf(int episode) const {
    const auto found = positions.find(episode);
    return found == positions.end() ? nullptr : &found->second;
}

std::optional<QVector3D> PathFile::pointAt(int episode, std::int64_t step) const {
    const std::vector<float>* all = positionsOf(episode);
    const auto first = std::size_t(std::max<std::int64_t>(0, step)) * 3;
    if (!all || first + 2 >= all->size())
        return std::nullopt;
    return QVector3D((*all)[first], (*all)[first + 1], (*all)[first + 2]);
}

std::vector<PathPlace> sameBeginnings(const std::vector<PathFile>& files, int episode) {
    if (files.empty() || episode < 0)
        return {};
    const EpisodeInfo& wanted = files.front().rollouts->info().episodes.at(std::size_t(episode));
    const std::string& seed = attributeOf(wanted, "seed");
    std::vector<PathPlace> places{{0, episode}};
    for (std::size_t file = 0; file < files.size(); ++file) {
        if (!files[file].rollouts)
            continue;
        const auto& episodes = files[file].rollouts->info().episodes;
        std::size_t count = file == 0 ? 1 : 0;
        std::int64_t points = file == 0 ? wanted.steps : 0;
        for (std::size_t other = 0; other < episodes.size(); ++other) {
            const std::string& otherSeed = attributeOf(episodes[other], "seed");
            const bool same =
                seed.empty() || otherSeed.empty() ? file > 0 && episodes[other].name == wanted.name : otherSeed == seed;
            if (!same || (file == 0 && int(other) == episode))
                continue;
            if (count == kMostEpisodes || points >= kMostPoints)
                break;
            places.push_back({int(file), int(other)});
            ++count;
            points += episodes[other].steps;
        }
    }
    return places;
}

Result<PathReading> readPaths(const PathRequest& request, const Progress& progress) {
    PathReading reading;
    for (const PathFile& wanted : request.files) {
        PathFile file{wanted.name, wanted.path, wanted.rollouts, {}};
        const bool isFirst = reading.files.empty();
        if (!file.rollouts) {
            auto opened = Rollouts::open(file.path);
            if (!opened) {
                reading.problems << toQString(opened.error().message);
                continue;
            }
            file.rollouts = *opened;
        }
        std::set<int> episodes = spreadEpisodes(file.rollouts->info());
        const std::vector<PathFile> pair = isFirst ? std::vector{file} : std::vector{reading.files.front(), file};
        for (const PathPlace& place : sameBeginnings(pair, request.current))
            if (std::size_t(place.file) == pair.size() - 1)
                episodes.insert(place.episode);
        for (const int episode : episodes) {
            if (!report(progress, "Reading paths", qint64(file.positions.size()), qint64(episodes.size())))
                return fail(ErrorKind::Cancelled, "cancelled");
            if (const std::vector<float>* read = wanted.positionsOf(episode)) {
                file.positions.emplace(episode, *read);
                continue;
            }
            auto positions = readPositions(*file.rollouts, std::size_t(episode), request.source);
            if (!positions && isFirst)
                return tl::unexpected(positions.error());
            if (!positions) {
                reading.problems << toQString(positions.error().message);
                file.positions.clear();
                break;
            }
            file.positions.emplace(episode, std::move(*positions));
        }
        if (isFirst || !file.positions.empty())
            reading.files.push_back(std::move(file));
    }
    return reading;
}

QString recordedPolicy(const std::vector<PathFile>& files, const PathPlace& place) {
    const PathFile& file = files.at(std::size_t(place.file));
    const QString policy =
        toQString(attributeOf(file.rollouts->info().episodes.at(std::size_t(place.episode)), "policy"));
    if (files.size() == 1)
        return policy;
    return policy.isEmpty() ? file.name : QCoreApplication::translate("PathFiles", "%1 in %2").arg(policy, file.name);
}

}  // namespace sqil
