#include "views/session/ProjectContents.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/analysis/PolicySummary.h"
#include "core/policy/PolicyCard.h"
#include "core/project/SeriesNames.h"
#include "core/quant/QuantizeFile.h"

namespace sqil {
namespace {

std::string lowerEnding(const std::filesystem::path& file) {
    std::string ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char letter) { return std::tolower(letter); });
    return ending;
}

std::optional<StoredSelection> parseSelection(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    StoredSelection selection;
    const auto id = [&](const char* name) {
        return json.contains(name) && json[name].is_number_integer() ? std::optional(json[name].get<RecordId>())
                                                                     : std::nullopt;
    };
    selection.policy = id("policy");
    selection.quantized = id("quantized");
    selection.rollouts = id("rollouts");
    if (json.contains("others") && json["others"].is_array())
        for (const auto& other : json["others"])
            if (other.is_number_integer())
                selection.others.push_back(other.get<RecordId>());
    if (json.contains("episode") && json["episode"].is_string())
        selection.episode = json["episode"].get<std::string>();
    selection.step = id("step").value_or(0);
    if (json.contains("spec"))
        if (auto spec = parseAnalysisSpec(json["spec"].dump()))
            selection.spec = *spec;
    return selection;
}

/// A project that `sqil analyze` made has no selection yet: its newest analysis is shown.
std::optional<StoredSelection> selectionOfNewestAnalysis(const Project& project) {
    const auto analyses = project.analyses();
    if (!analyses || analyses->empty())
        return std::nullopt;
    const AnalysisRecord& newest = analyses->back();
    StoredSelection selection;
    selection.policy = newest.policy;
    selection.quantized = newest.quantized;
    selection.rollouts = newest.rollouts;
    if (auto spec = parseAnalysisSpec(newest.parametersJson))
        selection.spec = *spec;
    return selection;
}

std::string missingFile(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? std::string()
                                                  : path.string() + ": the file is not there; was it moved?";
}

std::string cardName(const PolicySummary& summary) {
    if (summary.cardJson.empty())
        return {};
    const auto card = parsePolicyCard(summary.cardJson, "card");
    return card ? card->name : std::string();
}

std::string policyName(const PolicySummary& summary, const std::filesystem::path& file) {
    const std::string name = cardName(summary).empty() ? file.stem().string() : cardName(summary);
    if (summary.quantizationJson.empty())
        return name;
    // The file's recipe has the spec in it, beside what became of each layer.
    const auto recipe = nlohmann::json::parse(summary.quantizationJson, nullptr, false);
    const auto spec = parseQuantSpec(recipe.is_object() && recipe.contains("spec") ? recipe["spec"].dump()
                                                                                   : summary.quantizationJson);
    return name + " · " + (spec ? shortName(*spec) : std::string("quantized"));
}

}  // namespace

const PolicyItem* ProjectContents::policy(RecordId id) const {
    const auto found =
        std::find_if(policies.begin(), policies.end(), [&](const auto& item) { return item.record.id == id; });
    return found == policies.end() ? nullptr : &*found;
}

const RolloutsItem* ProjectContents::rolloutsItem(RecordId id) const {
    const auto found =
        std::find_if(rollouts.begin(), rollouts.end(), [&](const auto& item) { return item.record.id == id; });
    return found == rollouts.end() ? nullptr : &*found;
}

std::string toJson(const StoredSelection& selection) {
    nlohmann::json json{{"episode", selection.episode},
                        {"step", selection.step},
                        {"spec", nlohmann::json::parse(toJson(selection.spec))}};
    if (selection.policy)
        json["policy"] = *selection.policy;
    if (selection.quantized)
        json["quantized"] = *selection.quantized;
    if (selection.rollouts)
        json["rollouts"] = *selection.rollouts;
    if (!selection.others.empty())
        json["others"] = selection.others;
    return json.dump();
}

RemovedRecords removedRecords(const Project& project) {
    RemovedRecords removed;
    const auto stored = project.setting(kRemovedSetting);
    if (!stored || !*stored)
        return removed;
    const auto json = nlohmann::json::parse(**stored, nullptr, false);
    const auto take = [&](const char* name, std::vector<RecordId>& ids) {
        if (json.is_object() && json.contains(name) && json[name].is_array())
            for (const auto& id : json[name])
                if (id.is_number_integer())
                    ids.push_back(id.get<RecordId>());
    };
    take("policies", removed.policies);
    take("rollouts", removed.rollouts);
    return removed;
}

Result<void> markRemoved(Project& project, const RemovedRecords& records, bool removed) {
    RemovedRecords marked = removedRecords(project);
    const auto change = [removed](std::vector<RecordId>& ids, const std::vector<RecordId>& changed) {
        for (const RecordId id : changed) {
            std::erase(ids, id);
            if (removed)
                ids.push_back(id);
        }
    };
    change(marked.policies, records.policies);
    change(marked.rollouts, records.rollouts);
    return project.putSetting(kRemovedSetting,
                              nlohmann::json{{"policies", marked.policies}, {"rollouts", marked.rollouts}}.dump());
}

Result<void> purgeRemoved(Project& project, const Progress& progress) {
    const RemovedRecords removed = removedRecords(project);
    if (removed.isEmpty() || project.readOnly())
        return {};
    const auto isGone = [](const Result<void>& done) { return done || done.error().kind == ErrorKind::NotFound; };
    const auto total = static_cast<long long>(removed.policies.size() + removed.rollouts.size());
    long long done = 0;
    for (const RecordId id : removed.policies) {
        if (!report(progress, "clearing away what was removed", done++, total))
            return fail(ErrorKind::Cancelled, "cancelled");
        if (auto purged = project.removePolicy(id); !isGone(purged))
            return purged;
    }
    for (const RecordId id : removed.rollouts) {
        if (!report(progress, "clearing away what was removed", done++, total))
            return fail(ErrorKind::Cancelled, "cancelled");
        if (auto purged = project.removeRollouts(id); !isGone(purged))
            return purged;
    }
    return project.putSetting(kRemovedSetting, "{}");
}

Result<ProjectContents> readProject(const std::filesystem::path& path) {
    auto project = Project::open(path);
    if (!project)
        return tl::unexpected(project.error());
    ProjectContents contents;
    contents.path = (*project)->path();
    const RemovedRecords removed = removedRecords(**project);
    const auto isRemoved = [](const std::vector<RecordId>& ids, RecordId id) {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    const auto policies = (*project)->policies();
    if (!policies)
        return tl::unexpected(policies.error());
    for (const PolicyRecord& record : *policies)
        if (!isRemoved(removed.policies, record.id))
            contents.policies.push_back({record, missingFile(record.path)});
    const auto rollouts = (*project)->rollouts();
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    for (const RolloutsRecord& record : *rollouts) {
        if (isRemoved(removed.rollouts, record.id))
            continue;
        RolloutsItem item{record, nullptr, missingFile(record.path)};
        if (item.problem.empty()) {
            auto opened = Rollouts::open(record.path);
            if (opened)
                item.rollouts = std::move(*opened);
            else
                item.problem = opened.error().message;
        }
        contents.rollouts.push_back(std::move(item));
    }
    if (const auto stored = (*project)->setting(kSelectionSetting); stored && *stored)
        contents.selection = parseSelection(**stored);
    if (!contents.selection)
        contents.selection = selectionOfNewestAnalysis(**project);
    if (const auto stored = (*project)->setting(kTopPercentSetting); stored && *stored) {
        const double percent = std::strtod((*stored)->c_str(), nullptr);
        if (percent > 0 && percent < 100)
            contents.topPercent = percent;
    }
    return contents;
}

Result<std::unique_ptr<Project>> openOrCreateProject(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? Project::open(path) : Project::create(path);
}

bool isPolicyFile(const std::filesystem::path& file) {
    const std::string ending = lowerEnding(file);
    return ending == ".pt2" || ending == ".pt" || ending == ".zip";
}
bool isRolloutsFile(const std::filesystem::path& file) {
    const std::string ending = lowerEnding(file);
    return ending == ".hdf5" || ending == ".h5";
}
bool isProjectFile(const std::filesystem::path& file) {
    return lowerEnding(file) == ".sqil";
}

namespace {

/// A record that was marked as removed is there again, as if it were new.
Result<AddedFile> broughtBack(Project& project, AddedFile file) {
    const RemovedRecords removed = removedRecords(project);
    const auto& ids = file.isRollouts ? removed.rollouts : removed.policies;
    file.isNew = std::find(ids.begin(), ids.end(), file.id) != ids.end();
    if (!file.isNew)
        return file;
    const RemovedRecords one{file.isRollouts ? std::vector<RecordId>{} : std::vector{file.id},
                             file.isRollouts ? std::vector{file.id} : std::vector<RecordId>{}};
    if (auto marked = markRemoved(project, one, false); !marked)
        return tl::unexpected(marked.error());
    return file;
}

}  // namespace

Result<AddedFile> addFile(Project& project, const std::filesystem::path& given, const std::string& name,
                          std::optional<RecordId> parent) {
    std::error_code problem;
    const auto file = std::filesystem::weakly_canonical(given, problem);
    if (problem || !std::filesystem::exists(file))
        return fail(ErrorKind::NotFound, given.string() + ": the file is not there");
    if (isRolloutsFile(file)) {
        const auto known = project.rollouts();
        if (!known)
            return tl::unexpected(known.error());
        for (const RolloutsRecord& record : *known)
            if (record.path == file)
                return broughtBack(project, {record.id, true, false, false});
        if (const auto readable = Rollouts::open(file); !readable)
            return tl::unexpected(readable.error());
        const auto id = project.addRollouts({.name = name.empty() ? file.stem().string() : name, .path = file});
        if (!id)
            return tl::unexpected(id.error());
        return AddedFile{*id, true, false};
    }
    if (!isPolicyFile(file))
        return fail(ErrorKind::Unsupported, file.string() +
                                                ": not a kind of file this program knows; expected a policy (.pt2, "
                                                ".pt, .zip), rollouts (.hdf5) or a project (.sqil)");
    const auto known = project.policies();
    if (!known)
        return tl::unexpected(known.error());
    for (const PolicyRecord& record : *known)
        if (record.path == file)
            return broughtBack(project, {record.id, false, PolicyItem{record, {}}.isQuantized(), false});
    const auto summary = summarizePolicy(file);
    if (!summary)
        return tl::unexpected(summary.error());
    PolicyRecord record;
    record.name = name.empty() ? policyName(*summary, file) : name;
    record.path = file;
    record.quantizationJson = summary->quantizationJson;
    record.parent = parent;
    const auto id = project.addPolicy(record);
    if (!id)
        return tl::unexpected(id.error());
    return AddedFile{*id, false, !summary->quantizationJson.empty() || parent};
}

namespace {

using Ids = std::map<RecordId, RecordId>;  ///< a record's id in the old project → in the new one

std::optional<RecordId> mapped(const Ids& ids, std::optional<RecordId> id) {
    const auto found = id ? ids.find(*id) : ids.end();
    return found == ids.end() ? std::nullopt : std::optional(found->second);
}

Result<Ids> copyPolicies(const Project& from, Project& to) {
    Ids ids;
    const auto policies = from.policies();
    if (!policies)
        return tl::unexpected(policies.error());
    for (PolicyRecord record : *policies) {  // parents come before what was made from them
        const RecordId old = record.id;
        record.parent = mapped(ids, record.parent);
        const auto id = to.addPolicy(record);
        if (!id)
            return tl::unexpected(id.error());
        ids[old] = *id;
    }
    return ids;
}

Result<Ids> copyRollouts(const Project& from, Project& to) {
    Ids ids;
    const auto rollouts = from.rollouts();
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    for (const RolloutsRecord& record : *rollouts) {
        const auto id = to.addRollouts(record);
        if (!id)
            return tl::unexpected(id.error());
        ids[record.id] = *id;
    }
    return ids;
}

Result<void> copyEpisode(const Project& from, RecordId analysis, Project& to, RecordId copy,
                         const std::string& episode) {
    const auto series = from.series(analysis, episode);
    if (!series)
        return tl::unexpected(series.error());
    if (!series->empty())
        if (auto put = to.putSeries(copy, episode, *series); !put)
            return put;
    const auto steps = from.stepsWithMaps(analysis, episode);
    if (!steps)
        return tl::unexpected(steps.error());
    for (const std::int64_t step : *steps) {
        const auto maps = from.maps(analysis, episode, step);
        if (!maps)
            return tl::unexpected(maps.error());
        if (auto put = to.putMaps(copy, episode, step, *maps); !put)
            return put;
    }
    return {};
}

}  // namespace

Result<void> copyProject(const std::filesystem::path& source, const std::filesystem::path& path,
                         const Progress& progress) {
    const auto from = Project::open(source);
    if (!from)
        return tl::unexpected(from.error());
    const auto to = Project::create(path);
    if (!to)
        return tl::unexpected(to.error());
    const auto policies = copyPolicies(**from, **to);
    if (!policies)
        return tl::unexpected(policies.error());
    const auto rollouts = copyRollouts(**from, **to);
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    for (const auto& [old, copy] : *rollouts) {
        const auto bookmarks = (*from)->bookmarks(old);
        if (!bookmarks)
            return tl::unexpected(bookmarks.error());
        for (const BookmarkRecord& bookmark : *bookmarks)
            if (auto put = (*to)->putBookmark(copy, bookmark); !put)
                return put;
    }
    const auto analyses = (*from)->analyses();
    if (!analyses)
        return tl::unexpected(analyses.error());
    for (AnalysisRecord record : *analyses) {
        const RecordId old = record.id;
        record.policy = mapped(*policies, record.policy).value_or(0);
        record.quantized = mapped(*policies, record.quantized);
        record.rollouts = mapped(*rollouts, record.rollouts).value_or(0);
        const auto copy = (*to)->findOrAddAnalysis(record);
        if (!copy)
            return tl::unexpected(copy.error());
        std::set<std::string> episodes;  // an analysis of actions alone has no SIS
        for (const std::string& name : {series::kSis, series::kGap}) {
            const auto some = (*from)->seriesOfAll(old, name);
            if (!some)
                return tl::unexpected(some.error());
            for (const auto& [episode, values] : *some)
                episodes.insert(episode);
        }
        long long done = 0;
        for (const std::string& episode : episodes) {
            if (!report(progress, "copying results", done++, static_cast<long long>(episodes.size())))
                return fail(ErrorKind::Cancelled, "cancelled");
            if (auto copied = copyEpisode(**from, old, **to, *copy, episode); !copied)
                return copied;
        }
        if (const auto files = (*from)->setting(kFilesSetting + std::to_string(old)); files && *files)
            if (auto put = (*to)->putSetting(kFilesSetting + std::to_string(*copy), **files); !put)
                return put;
    }
    if (const auto stored = (*from)->setting(kSelectionSetting); stored && *stored)
        if (auto selection = parseSelection(**stored)) {
            selection->policy = mapped(*policies, selection->policy);
            selection->quantized = mapped(*policies, selection->quantized);
            std::vector<RecordId> others;
            for (const RecordId other : selection->others)
                if (const auto id = mapped(*policies, other))
                    others.push_back(*id);
            selection->others = others;
            selection->rollouts = mapped(*rollouts, selection->rollouts);
            if (auto put = (*to)->putSetting(kSelectionSetting, toJson(*selection)); !put)
                return put;
        }
    if (const auto percent = (*from)->setting(kTopPercentSetting); percent && *percent)
        return (*to)->putSetting(kTopPercentSetting, **percent);
    return {};
}

Result<std::filesystem::path> prepareSample(const std::filesystem::path& sample, const std::filesystem::path& folder,
                                            const Progress& progress) {
    const auto path = folder / "sample.sqil";
    const auto quantizedPath = folder / "sample-w4a16.pt2";
    auto opened = openOrCreateProject(path);
    if (!opened)
        return tl::unexpected(opened.error());
    Project& project = **opened;
    const auto policies = project.policies();
    if (!policies)
        return tl::unexpected(policies.error());
    const auto rollouts = project.rollouts();
    if (!rollouts)
        return tl::unexpected(rollouts.error());
    // The program may have moved since: the records follow it, with their results.
    for (const PolicyRecord& record : *policies)
        if (record.path.filename() == "policy.pt2" && record.path != sample / "policy.pt2")
            if (auto moved = project.updatePolicyPath(record.id, sample / "policy.pt2"); !moved)
                return tl::unexpected(moved.error());
    for (const RolloutsRecord& record : *rollouts)
        if (record.path.filename() == "rollouts.hdf5" && record.path != sample / "rollouts.hdf5")
            if (auto moved = project.updateRolloutsPath(record.id, sample / "rollouts.hdf5"); !moved)
                return tl::unexpected(moved.error());

    const auto policy = addFile(project, sample / "policy.pt2", "Full precision");
    if (!policy)
        return tl::unexpected(policy.error());
    std::error_code ignored;
    const bool isStale = !std::filesystem::exists(quantizedPath, ignored) ||
                         std::filesystem::last_write_time(quantizedPath, ignored) <
                             std::filesystem::last_write_time(sample / "policy.pt2", ignored);
    if (isStale)
        if (auto made = quantizePolicyFile(sample / "policy.pt2", sample / "rollouts.hdf5", QuantSpec{}, quantizedPath,
                                           progress);
            !made)
            return tl::unexpected(made.error());
    if (const auto quantized = addFile(project, quantizedPath, "4-bit weights (W4A16)", policy->id); !quantized)
        return tl::unexpected(quantized.error());
    if (const auto added = addFile(project, sample / "rollouts.hdf5", "Pick and place"); !added)
        return tl::unexpected(added.error());
    return path;
}

}  // namespace sqil
