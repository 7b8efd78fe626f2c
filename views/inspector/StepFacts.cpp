#include "views/inspector/StepFacts.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <cmath>

#include "core/analysis/Perturbation.h"
#include "views/actions/ActionValues.h"
#include "views/session/Paths.h"
#include "views/session/StudioSession.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(StepFacts)
};

QJsonValue number(double value) {
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue(QJsonValue::Null);
}

float at(const std::vector<float>& values, std::size_t index) {
    return index < values.size() ? values[index] : std::numeric_limits<float>::quiet_NaN();
}

QString withUnit(const QString& value, const QString& unit) {
    return unit.isEmpty() ? value : value + QLatin1Char(' ') + unit;
}

QString shapeText(const std::vector<std::int64_t>& shape) {
    QStringList parts;
    for (const std::int64_t size : shape)
        parts << QString::number(size);
    return parts.isEmpty() ? Words::tr("a number") : parts.join(QChar(0x00d7));
}

/// Where a value stands among those of all steps: 1 is the largest.
struct Rank {
    qint64 place = 0, of = 0;
};

template<class SeriesOf>
Rank rankOf(StudioSession& session, float value, SeriesOf seriesOf) {
    Rank rank;
    if (!std::isfinite(value))
        return rank;
    rank.place = 1;
    for (int episode = 0; episode < session.selection().episodeCount(); ++episode)
        for (const float other : seriesOf(session.results().episode(episode))) {
            rank.of += std::isfinite(other);
            rank.place += other > value;  // false for NaN
        }
    return rank;
}

StepFact rankFact(const QString& name, const Rank& rank) {
    if (rank.of == 0)
        return {name, QStringLiteral("–"), QJsonValue::Null};
    return {name,
            Words::tr("%1 of %2 (top %3 %)")
                .arg(rank.place)
                .arg(rank.of)
                .arg(significant(100.0 * double(rank.place) / double(rank.of), 2)),
            QJsonObject{{QStringLiteral("place"), rank.place}, {QStringLiteral("of"), rank.of}}};
}

FactSection placeSection(StudioSession& session) {
    const Selection& selection = session.selection();
    const EpisodeInfo& episode = session.rolloutsInfo()->episodes[std::size_t(selection.episode())];
    FactSection section{Words::tr("Step"), {}};
    section.facts.push_back({Words::tr("Episode"),
                             Words::tr("%1 (%2 of %3)")
                                 .arg(session.episodeName(selection.episode()))
                                 .arg(selection.episode() + 1)
                                 .arg(selection.episodeCount()),
                             session.episodeName(selection.episode())});
    section.facts.push_back(
        {Words::tr("Step"), Words::tr("%1 of %2").arg(selection.step()).arg(selection.steps()), selection.step()});
    if (session.controlRate() > 0) {
        const double seconds = double(selection.step()) / session.controlRate();
        section.facts.push_back(
            {Words::tr("Time"), Words::tr("%1 s").arg(QLocale().toString(seconds, 'f', 3)), seconds});
    }
    if (episode.success)
        section.facts.push_back(
            {Words::tr("Outcome"), *episode.success ? Words::tr("success") : Words::tr("failure"), *episode.success});
    if (episode.totalReward)
        section.facts.push_back(
            {Words::tr("Return of the episode"), significant(*episode.totalReward), *episode.totalReward});
    for (const auto& [name, value] : episode.attributes)
        section.facts.push_back({toQString(name), toQString(value), toQString(value)});
    return section;
}

FactSection importanceSection(StudioSession& session) {
    const Selection& selection = session.selection();
    const Results& results = session.results();
    const EpisodeResults& values = results.episode(selection.episode());
    const auto step = static_cast<std::size_t>(selection.step());
    FactSection section{Words::tr("Importance"), {}};
    const float sis = at(values.sis, step);
    section.facts.push_back({Words::tr("SIS"), significant(double(sis)), number(double(sis))});
    if (values.sisOfModality.size() > 1)
        for (const auto& [input, series] : values.sisOfModality) {
            const double value = double(at(series, step));
            section.facts.push_back({Words::tr("SIS of %1").arg(toQString(input)), significant(value), number(value)});
        }
    section.facts.push_back(
        rankFact(Words::tr("Rank of the SIS"),
                 rankOf(
                     session, sis, [](const EpisodeResults& one) -> const auto& { return one.sis; })));
    const bool critical = results.isCritical(selection.episode(), selection.step());
    section.facts.push_back({Words::tr("Critical"),
                             std::isfinite(sis) ? (critical ? Words::tr("yes") : Words::tr("no")) : QStringLiteral("–"),
                             std::isfinite(sis) ? QJsonValue(critical) : QJsonValue(QJsonValue::Null)});
    section.facts.push_back({Words::tr("Threshold T"),
                             Words::tr("%1 (top %2 %)")
                                 .arg(significant(results.threshold()))
                                 .arg(QLocale().toString(selection.topPercent())),
                             number(results.threshold())});
    return section;
}

FactSection gapSection(StudioSession& session) {
    const Selection& selection = session.selection();
    const EpisodeResults& values = session.results().episode(selection.episode());
    const auto step = static_cast<std::size_t>(selection.step());
    FactSection section{Words::tr("Action gap (normalized)"), {}};
    for (std::size_t compared = 0; compared < session.comparedCount(); ++compared) {
        const float gap = at(values.gapOf(compared), step);
        const QString name = session.comparedName(compared);
        section.facts.push_back({name, significant(double(gap)), number(double(gap))});
        section.facts.push_back(
            rankFact(Words::tr("Rank of the gap of %1").arg(name),
                     rankOf(
                         session, gap, [&](const EpisodeResults& one) -> const auto& { return one.gapOf(compared); })));
    }
    const double divergence = double(at(values.divergence, step));
    if (session.comparedCount() > 0)
        section.facts.push_back({Words::tr("Divergence of the saliency maps"),
                                 withUnit(significant(divergence), Words::tr("bits")), number(divergence)});
    return section;
}

/// A row a dimension and policy, in the action's units.
FactSection actionSection(StudioSession& session, const RecordedStep& recorded) {
    const Selection& selection = session.selection();
    const EpisodeResults& results = session.results().episode(selection.episode());
    const auto step = static_cast<std::size_t>(selection.step());
    FactSection section{Words::tr("Action"), {}};
    const std::size_t width = results.width;
    const PolicyCard& card = session.card();
    const auto dimensions = actionDimensions(card, width);
    const auto inUnit = [&](float normalized, std::size_t dimension) {
        if (card.dimensions.size() != width)
            return double(normalized);
        return double(normalized) * card.dimensions[dimension].scale + card.dimensions[dimension].offset;
    };
    for (std::size_t dimension = 0; dimension < width; ++dimension) {
        const auto& [name, unit] = dimensions[dimension];
        const double reference = inUnit(at(results.action, step * width + dimension), dimension);
        section.facts.push_back(
            {Words::tr("%1 · full precision").arg(name), withUnit(significant(reference, 4), unit), number(reference)});
        for (std::size_t compared = 0; compared < session.comparedCount(); ++compared) {
            const double value = inUnit(at(results.actionOf(compared), step * width + dimension), dimension);
            section.facts.push_back(
                {QStringLiteral("%1 · %2").arg(name, session.comparedName(compared)),
                 Words::tr("%1 (Δ %2)").arg(withUnit(significant(value, 4), unit), withSign(value - reference)),
                 number(value)});
        }
        if (recorded.action && recorded.action->values.size() == width) {
            const double value = recorded.action->values[dimension];
            section.facts.push_back({Words::tr("%1 · as recorded").arg(name), significant(value, 4), number(value)});
        }
    }
    return section;
}

StepFact recordedFact(const RecordedValue& value) {
    const QString what = Words::tr("%1, %2").arg(shapeText(value.shape), value.type);
    if (!value.problem.isEmpty())
        return {value.key, value.problem, QJsonValue::Null};
    if (value.values.empty())
        return {value.key, value.isImage ? Words::tr("picture, %1").arg(what) : what, what};
    QStringList parts;
    QJsonArray all;
    for (const double one : value.values) {
        parts << significant(one, 4);
        all << number(one);
    }
    return {value.key, parts.join(QStringLiteral(", ")), value.values.size() == 1 ? all.first() : QJsonValue(all)};
}

FactSection recordedSection(const RecordedStep& recorded, std::size_t actionWidth) {
    FactSection section{Words::tr("Recorded"), {}};
    for (const RecordedValue& value : recorded.observations)
        section.facts.push_back(recordedFact(value));
    if (recorded.action && recorded.action->values.size() != actionWidth) {
        section.facts.push_back(recordedFact(*recorded.action));
        section.facts.back().name = Words::tr("action");
    }
    if (recorded.reward)
        section.facts.push_back(recordedFact(*recorded.reward));
    return section;
}

FactSection analysisSection(StudioSession& session) {
    const Comparison& comparison = session.comparison();
    FactSection section{Words::tr("Analysis"), {}};
    for (const PerturbationSpec& perturbation : comparison.spec.perturbations) {
        const QString name = QString::fromStdString(std::string(nameOf(perturbation.kind)));
        QStringList parameters;
        const auto add = [&](const QString& what, double value) {
            parameters << (value > 0 ? Words::tr("%1 %2 px").arg(what, significant(value))
                                     : Words::tr("%1 scaled with the image").arg(what));
        };
        if (perturbation.kind == PerturbationKind::Greydanus) {
            add(Words::tr("stride"), perturbation.stride);
            add(Words::tr("mask σ"), perturbation.maskSigma);
            add(Words::tr("blur σ"), perturbation.blurSigma);
        } else if (perturbation.kind == PerturbationKind::PatchMean) {
            parameters << (perturbation.patch > 0 ? Words::tr("patch %1 px").arg(perturbation.patch)
                                                  : Words::tr("patch an eighth of the image"));
        } else {
            parameters << QString::fromStdString(std::string(nameOf(perturbation.stateChange)));
        }
        section.facts.push_back({Words::tr("Perturbation"),
                                 name + QStringLiteral(": ") + parameters.join(QStringLiteral(", ")),
                                 QJsonDocument::fromJson(QByteArray::fromStdString(toJson(comparison.spec))).object()});
    }
    if (session.hasPolicy() && !session.card().inputs.empty()) {
        const QString head = QString::fromStdString(std::string(nameOf(session.card().head)));
        section.facts.push_back({Words::tr("Action head"), head, head});
    }
    section.facts.push_back(
        {Words::tr("States analysed"),
         Words::tr("%1 of %2").arg(session.results().analysedSteps()).arg(session.results().totalSteps()),
         session.results().analysedSteps()});
    return section;
}

FactSection filesSection(StudioSession& session) {
    const Comparison& comparison = session.comparison();
    FactSection section{Words::tr("Files"), {}};
    const auto add = [&](const QString& name, const std::filesystem::path& path) {
        section.facts.push_back({name, toQString(path), toQString(path)});
    };
    add(Words::tr("Project"), comparison.project);
    if (session.hasPolicy())
        add(Words::tr("Policy"), comparison.policy.path);
    for (std::size_t compared = 0; compared < session.comparedCount(); ++compared)
        add(session.comparedName(compared), comparison.compared(compared).path);
    add(Words::tr("Rollouts"), comparison.rolloutsRecord.path);
    section.facts.push_back(
        {Words::tr("Format"), toQString(session.rolloutsInfo()->format), toQString(session.rolloutsInfo()->format)});
    return section;
}

}  // namespace

std::vector<FactSection> stepFacts(StudioSession& session, const RecordedStep& recorded) {
    const Selection& selection = session.selection();
    if (!session.hasRollouts() || selection.episode() < 0)
        return {};
    const bool isThis = recorded.episode == selection.episode() && recorded.step == selection.step();
    const RecordedStep known = isThis ? recorded : RecordedStep{};
    std::vector<FactSection> sections{placeSection(session)};
    if (session.hasPolicy()) {
        sections.push_back(importanceSection(session));
        if (session.hasQuantized())
            sections.push_back(gapSection(session));
        sections.push_back(actionSection(session, known));
    }
    sections.push_back(recordedSection(known, session.results().episode(selection.episode()).width));
    if (session.hasPolicy())
        sections.push_back(analysisSection(session));
    sections.push_back(filesSection(session));
    std::erase_if(sections, [](const FactSection& section) { return section.facts.empty(); });
    return sections;
}

QString toText(const std::vector<FactSection>& sections) {
    QString text;
    for (const FactSection& section : sections) {
        text += section.title + QLatin1Char('\n');
        for (const StepFact& fact : section.facts)
            text += QStringLiteral("  %1: %2\n").arg(fact.name, fact.text);
    }
    return text;
}

QString toJsonText(const std::vector<FactSection>& sections) {
    QJsonObject all;
    for (const FactSection& section : sections) {
        QJsonObject facts;
        for (const StepFact& fact : section.facts)
            facts.insert(fact.name, fact.value);
        all.insert(section.title, facts);
    }
    return QString::fromUtf8(QJsonDocument(all).toJson());
}

}  // namespace sqil
