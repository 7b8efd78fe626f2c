#include "views/session/StepSeries.h"

#include <QCoreApplication>
#include <cmath>
#include <limits>

#include "views/session/Paths.h"
#include "views/session/StudioSession.h"

namespace sqil {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(StepSeries)
};

std::vector<std::string> inputsOf(const Results& results, int episodes) {
    for (int episode = 0; episode < episodes; ++episode) {
        std::vector<std::string> inputs;
        for (const auto& [input, values] : results.episode(episode).sisOfModality)
            inputs.push_back(input);
        if (!inputs.empty())
            return inputs;
    }
    return {};
}

std::vector<float> actionDifferences(const StepSeries& series, const EpisodeResults& results, const PolicyCard& card) {
    const std::size_t width = results.width;
    const auto& reference = results.action;
    const auto& compared = results.actionOf(series.compared);
    std::vector<float> values(results.sis.size(), std::numeric_limits<float>::quiet_NaN());
    const double scale = card.dimensions.size() == width ? card.dimensions[series.dimension].scale : 1;
    for (std::size_t step = 0; step < values.size(); ++step) {
        const std::size_t at = step * width + series.dimension;
        if (series.dimension < width && at < reference.size() && at < compared.size())
            values[step] = static_cast<float>(std::abs((compared[at] - reference[at]) * scale));
    }
    return values;
}

}  // namespace

QString StepSeries::id() const {
    switch (kind) {
        case Kind::Sis:
            return QStringLiteral("sis");
        case Kind::SisOfInput:
            return QStringLiteral("sis/") + toQString(input);
        case Kind::Gap:
            return QStringLiteral("gap/%1").arg(compared);
        case Kind::Divergence:
            return QStringLiteral("divergence");
        case Kind::ActionDifference:
            break;
    }
    return QStringLiteral("difference/%1/%2").arg(compared).arg(dimension);
}

std::vector<StepSeries> stepSeries(StudioSession& session) {
    using Kind = StepSeries::Kind;
    std::vector<StepSeries> all;
    if (!session.hasPolicy() || !session.hasRollouts())
        return all;
    all.push_back({Kind::Sis, {}, 0, 0, Words::tr("SIS"), Words::tr("mean S")});
    const auto inputs = inputsOf(session.results(), session.selection().episodeCount());
    if (inputs.size() > 1)
        for (const std::string& input : inputs)
            all.push_back(
                {Kind::SisOfInput, input, 0, 0, Words::tr("SIS of %1").arg(toQString(input)), Words::tr("mean S")});
    const std::size_t count = session.comparedCount();
    const auto named = [&](const QString& name, std::size_t compared) {
        return count > 1 ? Words::tr("%1 · %2").arg(name, session.comparedName(compared)) : name;
    };
    for (std::size_t compared = 0; compared < count; ++compared)
        all.push_back({Kind::Gap, {}, compared, 0, named(Words::tr("Action gap"), compared), Words::tr("normalized")});
    if (count > 0)
        all.push_back({Kind::Divergence, {}, 0, 0, Words::tr("Divergence of the saliency maps"), Words::tr("bits")});
    for (std::size_t compared = 0; compared < count; ++compared)
        for (std::size_t dimension = 0; dimension < session.card().dimensions.size(); ++dimension) {
            const ActionDimension& what = session.card().dimensions[dimension];
            all.push_back({Kind::ActionDifference,
                           {},
                           compared,
                           dimension,
                           named(Words::tr("|Δ %1|").arg(toQString(what.name)), compared),
                           toQString(what.unit)});
        }
    return all;
}

std::vector<float> valuesOf(const StepSeries& series, const EpisodeResults& results, const PolicyCard& card) {
    switch (series.kind) {
        case StepSeries::Kind::Sis:
            return results.sis;
        case StepSeries::Kind::SisOfInput: {
            const auto found = results.sisOfModality.find(series.input);
            return found == results.sisOfModality.end()
                       ? std::vector<float>(results.sis.size(), std::numeric_limits<float>::quiet_NaN())
                       : found->second;
        }
        case StepSeries::Kind::Gap:
            return results.gapOf(series.compared);
        case StepSeries::Kind::Divergence:
            return results.divergence;
        case StepSeries::Kind::ActionDifference:
            break;
    }
    return actionDifferences(series, results, card);
}

}  // namespace sqil
