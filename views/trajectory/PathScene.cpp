#include "views/trajectory/PathScene.h"

#include <QCoreApplication>
#include <cmath>
#include <map>

#include "widgets/ColourMap.h"

namespace sqil {
namespace {

constexpr float kThin = 0.0045f, kThick = 0.009f;  ///< radii as shares of the paths' extent

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PathScene)
};

/// Colours of recorded policies, apart for people with a colour vision deficiency (Okabe and Ito 2008).
QColor categorical(int index) {
    static const QRgb colours[] = {0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442};
    return QColor(colours[index % int(std::size(colours))]);
}

/// A colour for every recorded policy, whatever of them is drawn at the moment.
class PolicyColours {
public:
    explicit PolicyColours(const std::vector<PathFile>& files) : files_(files) {
        for (std::size_t file = 0; file < files.size(); ++file)
            for (std::size_t episode = 0; episode < files[file].rollouts->info().episodes.size(); ++episode)
                numbers_.try_emplace(recordedPolicy(files, {int(file), int(episode)}), int(numbers_.size()));
    }
    QColor of(const PathPlace& place) const { return categorical(numbers_.at(recordedPolicy(files_, place))); }

private:
    const std::vector<PathFile>& files_;
    std::map<QString, int> numbers_;
};

double largestValue(const StudioSession& session, const std::vector<PathPlace>& places, PathColouring colouring) {
    double largest = 0;
    for (const PathPlace& place : places) {
        if (place.file != 0)
            continue;
        const EpisodeResults& numbers = session.results().episode(place.episode);
        for (const float value : colouring == PathColouring::Gap ? numbers.gap : numbers.sis)
            if (std::isfinite(value))
                largest = std::max(largest, double(value));
    }
    return largest;
}

QColor colourOfOutcome(const std::optional<bool>& success, const PlotTheme& theme) {
    return !success ? theme.muted : *success ? theme.first : theme.second;
}

void addToLegend(std::vector<PathLegendEntry>& legend, const QString& name, const QColor& colour) {
    for (const PathLegendEntry& entry : legend)
        if (entry.name == name)
            return;
    legend.push_back({name, colour});
}

void widen(QVector3D& low, QVector3D& high, const QVector3D& point) {
    for (int axis = 0; axis < 3; ++axis)
        if (std::isfinite(point[axis])) {
            low[axis] = std::min(low[axis], point[axis]);
            high[axis] = std::max(high[axis], point[axis]);
        }
}

}  // namespace

std::vector<PathPlace> chosenPaths(const std::vector<PathFile>& files, PathChoice choice, int current) {
    std::vector<PathPlace> places;
    if (choice == PathChoice::SameBeginning)
        return sameBeginnings(files, current);
    if (choice == PathChoice::Current)
        return current >= 0 ? std::vector<PathPlace>{{0, current}} : places;
    for (std::size_t file = 0; file < files.size(); ++file)
        for (const auto& [episode, positions] : files[file].positions)
            places.push_back({int(file), episode});
    return places;
}

PathScene makePathScene(const StudioSession& session, const std::vector<PathFile>& files, const PathOptions& options,
                        const PlotTheme& theme) {
    const int current = session.selection().episode();
    const Results& results = session.results();
    PathScene made;
    made.scene.background = theme.background;
    made.byValue = options.colouring == PathColouring::Sis || options.colouring == PathColouring::Gap;
    const std::vector<PathPlace> places = chosenPaths(files, options.choice, current);
    made.largest = made.byValue ? largestValue(session, places, options.colouring) : 0;
    const PolicyColours policies(files);
    QVector3D low(1e30f, 1e30f, 1e30f), high = -low;
    for (const PathPlace& place : places) {
        const PathFile& file = files[std::size_t(place.file)];
        const std::vector<float>* positions = file.positionsOf(place.episode);
        if (!positions || positions->empty())
            continue;
        const bool isAnalysed = place.file == 0;
        const bool isCurrent = isAnalysed && place.episode == current;
        const EpisodeInfo& info = file.rollouts->info().episodes[std::size_t(place.episode)];
        const EpisodeResults* numbers = isAnalysed ? &results.episode(place.episode) : nullptr;
        const auto valueAt = [&](std::size_t step) {
            const auto& values = options.colouring == PathColouring::Gap ? numbers->gap : numbers->sis;
            return step < values.size() ? values[step] : std::nanf("");
        };
        QColor plain = theme.missing;
        if (options.colouring == PathColouring::Outcome) {
            plain = colourOfOutcome(info.success, theme);
            addToLegend(made.legend,
                        !info.success   ? Words::tr("not recorded")
                        : *info.success ? Words::tr("success")
                                        : Words::tr("failure"),
                        plain);
        } else if (options.colouring == PathColouring::Recorded || !isAnalysed) {
            plain = policies.of(place);
            const QString name = recordedPolicy(files, place);
            addToLegend(made.legend, name.isEmpty() ? Words::tr("not recorded") : name, plain);
        }
        SpacePath path;
        path.radius = isCurrent ? kThick : kThin;  // of the extent, below
        for (std::int64_t step = 0; const auto point = file.pointAt(place.episode, step); ++step) {
            widen(low, high, *point);
            QRgb colour = plain.rgb();
            if (made.byValue && isAnalysed && made.largest > 0)
                if (const float value = valueAt(std::size_t(step)); std::isfinite(value))
                    colour = ColourMap::viridis().at(double(value) / made.largest);
            path.points.push_back(*point);
            path.colours.push_back(colour);
            if (!isAnalysed)
                continue;
            ++made.steps;
            if (!results.isCritical(place.episode, step))
                continue;
            ++made.criticalStates;
            if (options.withCriticalStates)
                made.scene.glyphs.push_back({*point, colour, isCurrent ? 1.9f * kThick : 2.2f * kThin});
        }
        made.scene.paths.push_back(std::move(path));
        made.places.push_back(place);
    }
    const float extent = made.scene.paths.empty() ? 1.f : std::max(1e-6f, (high - low).length());
    for (SpacePath& path : made.scene.paths)
        path.radius *= extent;
    for (SpaceGlyph& glyph : made.scene.glyphs)
        glyph.radius *= extent;
    return made;
}

std::vector<PathCompanion> companionsOf(const std::vector<PathFile>& files, int episode) {
    std::vector<PathCompanion> companions;
    if (files.empty())
        return companions;
    const PolicyColours policies(files);
    for (const PathPlace& place : sameBeginnings(files, episode))
        if (place != PathPlace{0, episode})
            companions.push_back({place, policies.of(place)});
    return companions;
}

}  // namespace sqil
