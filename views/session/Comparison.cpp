#include "views/session/Comparison.h"

#include <QDateTime>
#include <QFileInfo>
#include <nlohmann/json.hpp>

#include "views/session/Paths.h"

namespace sqil {
namespace {

std::vector<std::filesystem::path> filesOf(const Comparison& comparison) {
    std::vector<std::filesystem::path> files{comparison.policy.path, comparison.rolloutsRecord.path};
    if (comparison.quantized)
        files.push_back(comparison.quantized->path);
    return files;
}

bool samePerturbations(const std::string& parameters, const AnalysisSpec& spec) {
    const auto stored = nlohmann::json::parse(parameters, nullptr, false);
    const auto wanted = nlohmann::json::parse(toJson(spec), nullptr, false);
    return stored.is_object() && stored.contains("perturbations") && stored["perturbations"] == wanted["perturbations"];
}

}  // namespace

Comparison Comparison::pair(std::size_t index) const {
    Comparison one = *this;
    one.quantized = compared(index);
    one.others.clear();
    return one;
}

std::optional<AnalysisRecord> findAnalysis(const Project& project, const Comparison& comparison) {
    const auto analyses = project.analyses();
    if (!analyses)
        return std::nullopt;
    const auto sameQuantized = [&](const std::optional<RecordId>& id) {
        return id.has_value() == comparison.quantized.has_value() && (!id || *id == comparison.quantized->id);
    };
    for (auto record = analyses->rbegin(); record != analyses->rend(); ++record)
        if (record->policy == comparison.policy.id && sameQuantized(record->quantized) &&
            record->rollouts == comparison.rolloutsRecord.id &&
            samePerturbations(record->parametersJson, comparison.spec))
            return *record;
    return std::nullopt;
}

std::string fingerprint(const Comparison& comparison) {
    std::string text;
    for (const auto& file : filesOf(comparison)) {
        const QFileInfo info(toQString(file));
        text += std::to_string(info.size()) + "@" + std::to_string(info.lastModified().toSecsSinceEpoch()) + " ";
    }
    // Cards as the user edited them; without any the text is as it always was.
    const std::string cards = comparison.policy.cardJson + (comparison.quantized ? comparison.quantized->cardJson : "");
    if (!cards.empty())
        text += "card " + std::to_string(std::hash<std::string>{}(cards));
    return text;
}

bool changedSince(const Comparison& comparison, const std::string& createdAt) {
    const QDateTime made = QDateTime::fromString(toQString(createdAt), Qt::ISODate);
    if (!made.isValid())
        return false;
    for (const auto& file : filesOf(comparison)) {
        const QFileInfo info(toQString(file));
        if (info.exists() && info.lastModified() > made.addSecs(2))
            return true;
    }
    return false;
}

}  // namespace sqil
