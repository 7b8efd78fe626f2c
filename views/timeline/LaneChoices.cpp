#include "views/timeline/LaneChoices.h"

#include <QCoreApplication>
#include <algorithm>

#include "views/session/Paths.h"

namespace sqil {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Timeline)
};

using Copy = std::function<void(const EpisodeResults&, std::span<float>)>;

Copy copyOf(std::function<const std::vector<float>&(const EpisodeResults&)> series) {
    return [series = std::move(series)](const EpisodeResults& results, std::span<float> values) {
        const std::vector<float>& from = series(results);
        std::copy_n(from.begin(), std::min(from.size(), values.size()), values.begin());
    };
}

/// `policy` 0: the reference; i: Comparison::compared(i − 1).
Copy dimensionOf(std::size_t policy, std::size_t dimension, double scale, double offset) {
    return [=](const EpisodeResults& results, std::span<float> values) {
        const std::vector<float>& from = policy == 0 ? results.action : results.actionOf(policy - 1);
        for (std::size_t step = 0; step < values.size() && (step + 1) * results.width <= from.size(); ++step)
            if (dimension < results.width)
                values[step] = float(double(from[step * results.width + dimension]) * scale + offset);
    };
}

std::vector<LaneChoice::Source> policies(const StudioSession& session,
                                         const std::function<Copy(std::size_t policy)>& copy, bool withReference) {
    std::vector<LaneChoice::Source> sources;
    for (std::size_t policy = withReference ? 0 : 1; policy <= session.comparedCount(); ++policy)
        sources.push_back(
            {policy == 0 ? session.policyName() : session.comparedName(policy - 1), policy, copy(policy)});
    return sources;
}

LaneChoice sisLane(const StudioSession& session) {
    LaneChoice choice;
    choice.lane.key = kSisLane;
    choice.lane.name = Words::tr("SIS");
    choice.lane.unit = Words::tr("mean S");
    choice.lane.toolTip = Words::tr(
        "SIS: mean saliency S = ½|Δπ|² over all places, of the full-precision policy.\nDrag the dashed line to choose "
        "which states are critical.");
    choice.lane.hasHandle = true;
    choice.sources = {
        {session.policyName(), 0, copyOf([](const auto& results) -> const auto& { return results.sis; })}};
    choice.isShownFirst = true;
    return choice;
}

/// Where several inputs are perturbed, each has a SIS of its own.
std::vector<LaneChoice> modalityLanes(const StudioSession& session) {
    std::vector<LaneChoice> choices;
    const auto& perturbations = session.comparison().spec.perturbations;
    for (const CardInput& input : session.card().inputs) {
        const bool perturbed = std::any_of(perturbations.begin(), perturbations.end(), [&](const auto& one) {
            return (one.kind == PerturbationKind::State) == (input.kind == InputKind::State);
        });
        if (!perturbed)
            continue;
        LaneChoice choice;
        choice.lane.key = QStringLiteral("sis/") + toQString(input.name);
        choice.lane.name = toQString(input.name);
        choice.lane.unit = Words::tr("mean S");
        choice.lane.toolTip = Words::tr("SIS over the places of %1 alone").arg(toQString(input.name));
        choice.sources = {
            {session.policyName(), 0, [name = input.name](const EpisodeResults& results, std::span<float> values) {
                 const auto found = results.sisOfModality.find(name);
                 if (found != results.sisOfModality.end())
                     std::copy_n(found->second.begin(), std::min(found->second.size(), values.size()), values.begin());
             }}};
        choices.push_back(std::move(choice));
    }
    return choices.size() > 1 ? choices : std::vector<LaneChoice>();
}

LaneChoice gapLane(const StudioSession& session) {
    LaneChoice choice;
    choice.lane.key = kGapLane;
    choice.lane.name = Words::tr("Gap");
    choice.lane.unit = Words::tr("normalized");
    choice.lane.toolTip = Words::tr(
        "Action gap ‖a − a_FP‖₂ in normalized units, of every compared policy.\nThe dashed line: above it are the "
        "largest 5 % of the data set; D goes to the first of the episode.");
    choice.sources = policies(
        session,
        [](std::size_t policy) {
            return copyOf([policy](const auto& results) -> const auto& { return results.gapOf(policy - 1); });
        },
        false);
    choice.isShownFirst = true;
    return choice;
}

LaneChoice divergenceLane(const StudioSession& session) {
    LaneChoice choice;
    choice.lane.key = QStringLiteral("divergence");
    choice.lane.name = Words::tr("Map divergence");
    choice.lane.unit = Words::tr("bit");
    choice.lane.toolTip = Words::tr(
        "Jensen–Shannon divergence of the two saliency maps: 0 where both policies look at the same places, 1 at "
        "disjoint ones");
    choice.sources = {
        {session.comparedName(0), 1, copyOf([](const auto& results) -> const auto& { return results.divergence; })}};
    return choice;
}

bool isGripper(const ActionDimension& dimension) {
    return toQString(dimension.name).contains(QStringLiteral("grip"), Qt::CaseInsensitive);
}

LaneChoice actionLane(const StudioSession& session, std::size_t index) {
    const ActionDimension& dimension = session.card().dimensions[index];
    LaneChoice choice;
    choice.lane.key = QStringLiteral("action/%1").arg(index);
    choice.lane.name = toQString(dimension.name);
    choice.lane.unit = toQString(dimension.unit);
    choice.lane.toolTip = Words::tr("Action dimension %1 of each policy").arg(toQString(dimension.name));
    choice.lane.fromZero = false;
    choice.sources = policies(
        session, [&](std::size_t policy) { return dimensionOf(policy, index, dimension.scale, dimension.offset); },
        true);
    return choice;
}

LaneChoice gripperLane(const StudioSession& session, std::size_t index) {
    const ActionDimension& dimension = session.card().dimensions[index];
    LaneChoice choice;
    choice.lane.key = QStringLiteral("gripper/%1").arg(index);
    choice.lane.name = Words::tr("Gripper");
    choice.lane.unit = Words::tr("> 0");
    choice.lane.toolTip =
        Words::tr(
            "A bar where the normalized action of %1 is above 0: in robosuite, LIBERO and Metaworld, the gripper "
            "is told to close")
            .arg(toQString(dimension.name));
    choice.lane.kind = TimelineLane::Kind::Bars;
    choice.lane.threshold = 0;
    choice.sources = policies(
        session, [&](std::size_t policy) { return dimensionOf(policy, index, 1, 0); }, true);
    choice.isShownFirst = true;
    return choice;
}

}  // namespace

std::vector<LaneChoice> laneChoices(const StudioSession& session) {
    std::vector<LaneChoice> choices;
    if (!session.hasPolicy() || !session.hasRollouts())
        return choices;
    choices.push_back(sisLane(session));
    for (LaneChoice& lane : modalityLanes(session))
        choices.push_back(std::move(lane));
    if (session.hasQuantized()) {
        choices.push_back(gapLane(session));
        choices.push_back(divergenceLane(session));
    }
    const auto& dimensions = session.card().dimensions;
    for (std::size_t index = 0; index < dimensions.size(); ++index)
        choices.push_back(actionLane(session, index));
    for (std::size_t index = 0; index < dimensions.size(); ++index)
        if (isGripper(dimensions[index]))
            choices.push_back(gripperLane(session, index));
    return choices;
}

}  // namespace sqil
