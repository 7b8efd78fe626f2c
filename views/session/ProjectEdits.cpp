// The session's edits of the project: each runs off the GUI thread, one after the other, and can be undone.
#include <QFileInfo>
#include <QUndoCommand>

#include "core/policy/CardStudy.h"
#include "views/session/CardFiles.h"
#include "views/session/Paths.h"
#include "views/session/Relocation.h"
#include "views/session/StudioSession.h"

namespace sqil {
namespace {

using Edit = std::function<Result<void>(Project&)>;

/// An edit of the project file and what takes it back.
class ProjectEdit : public QUndoCommand {
public:
    ProjectEdit(StudioSession& session, const QString& text, Edit apply, Edit revert, bool isDone)
        : QUndoCommand(text),
          session_(session),
          apply_(std::move(apply)),
          revert_(std::move(revert)),
          isDone_(isDone) {}

    void redo() override {
        if (!isDone_)
            session_.runEdit(text(), apply_);
        isDone_ = false;
    }
    void undo() override { session_.runEdit(StudioSession::tr("Undo: %1").arg(text()), revert_); }

private:
    StudioSession& session_;
    Edit apply_, revert_;
    bool isDone_;  ///< by whoever pushes it
};

/// Another choice of perturbations; nothing of the project file changes but what is selected.
class PerturbationEdit : public QUndoCommand {
public:
    PerturbationEdit(StudioSession& session, std::vector<PerturbationSpec> before, std::vector<PerturbationSpec> after)
        : QUndoCommand(StudioSession::tr("Choose another perturbation")),
          session_(session),
          before_(std::move(before)),
          after_(std::move(after)) {}
    void redo() override { session_.choosePerturbations(after_); }
    void undo() override { session_.choosePerturbations(before_); }

private:
    StudioSession& session_;
    std::vector<PerturbationSpec> before_, after_;
};

Edit marking(const RemovedRecords& records, bool removed) {
    return [records, removed](Project& project) { return markRemoved(project, records, removed); };
}

}  // namespace

void StudioSession::pushEdit(const QString& text, Edit apply, Edit revert, bool isDone) {
    undo_.push(new ProjectEdit(*this, text, std::move(apply), std::move(revert), isDone));
}

void StudioSession::runEdit(const QString& title, Edit edit) {
    edits_.push_back({title, std::move(edit)});
    if (!editing_)
        runNextEdit();
}

void StudioSession::runNextEdit() {
    editing_ = !edits_.empty();
    if (!editing_)
        return;
    auto [title, edit] = std::move(edits_.front());
    edits_.pop_front();
    jobs_.start<bool>(
        title,
        [path = contents_.path, edit = std::move(edit)](const Progress&) -> Result<bool> {
            auto project = Project::open(path);
            if (!project)
                return tl::unexpected(project.error());
            if (auto edited = edit(**project); !edited)
                return tl::unexpected(edited.error());
            return true;
        },
        [this, path = contents_.path](Result<bool> edited) {
            if (path != contents_.path) {  // closed meanwhile
                edits_.clear();
                editing_ = false;
                return;
            }
            if (!edited) {
                edits_.clear();
                undo_.clear();  // its commands do not fit what is in the file any more
                emit errorOccurred(toQString(edited.error().message));
            }
            if (edits_.empty())
                reload(storedSelection());
            runNextEdit();
        });
}

void StudioSession::showRemaining() {
    emit projectChanged();
    choose(storedSelection());  // nothing works any longer on what is being removed
}

void StudioSession::removePolicy(RecordId id) {
    const PolicyItem* item = contents_.policy(id);
    if (!item)
        return;
    const QString text = tr("Remove “%1”").arg(toQString(item->record.name));
    std::erase_if(contents_.policies, [id](const PolicyItem& policy) { return policy.record.id == id; });
    showRemaining();
    pushEdit(text, marking({{id}, {}}, true), marking({{id}, {}}, false));
}

void StudioSession::removeRollouts(RecordId id) {
    const RolloutsItem* item = contents_.rolloutsItem(id);
    if (!item)
        return;
    const QString text = tr("Remove “%1”").arg(toQString(item->record.name));
    std::erase_if(contents_.rollouts, [id](const RolloutsItem& rollouts) { return rollouts.record.id == id; });
    showRemaining();
    pushEdit(text, marking({{}, {id}}, true), marking({{}, {id}}, false));
}

void StudioSession::rename(RecordId id, bool isRollouts, const QString& name) {
    const std::string after = name.trimmed().toStdString();
    const PolicyItem* policy = isRollouts ? nullptr : contents_.policy(id);
    const RolloutsItem* rollouts = isRollouts ? contents_.rolloutsItem(id) : nullptr;
    if (after.empty() || (!policy && !rollouts))
        return;
    const std::string before = policy ? policy->record.name : rollouts->record.name;
    if (before == after)
        return;
    const auto naming = [id, isRollouts](const std::string& given) -> Edit {
        return [id, isRollouts, given](Project& project) {
            return isRollouts ? project.renameRollouts(id, given) : project.renamePolicy(id, given);
        };
    };
    pushEdit(tr("Rename “%1” to “%2”").arg(toQString(before), toQString(after)), naming(after), naming(before));
}

void StudioSession::setPolicyCard(RecordId id, const PolicyCard& card) {
    const PolicyItem* policy = contents_.policy(id);
    if (!policy)
        return;
    const std::string after = toJson(card), before = policy->record.cardJson;
    if (after == before)
        return;
    const auto storing = [id](const std::string& json) -> Edit {
        return [id, json](Project& project) { return project.updatePolicyCard(id, json); };
    };
    pushEdit(tr("Edit the card of “%1”").arg(toQString(policy->record.name)), storing(after), storing(before));
}

void StudioSession::relocate(const std::vector<FoundFile>& files) {
    if (files.empty())
        return;
    const auto moving = [files](bool forth) -> Edit {
        return [files, forth](Project& project) -> Result<void> {
            for (const FoundFile& file : files) {
                const auto& path = forth ? file.path : file.missing.path;
                if (auto moved = file.missing.isRollouts ? project.updateRolloutsPath(file.missing.id, path)
                                                         : project.updatePolicyPath(file.missing.id, path);
                    !moved)
                    return moved;
            }
            return {};
        };
    };
    pushEdit(tr("Locate %n file(s)", nullptr, int(files.size())), moving(true), moving(false));
}

void StudioSession::locate(const MissingFile& missing, const QString& file) {
    relocate(findSiblings(missing, toPath(file), missingFiles(contents_)));
}

void StudioSession::locatePolicy(RecordId id, const QString& file) {
    if (const PolicyItem* item = contents_.policy(id))
        locate({id, false, item->record.path}, file);
}

void StudioSession::locateRollouts(RecordId id, const QString& file) {
    if (const RolloutsItem* item = contents_.rolloutsItem(id))
        locate({id, true, item->record.path}, file);
}

void StudioSession::setPerturbations(const std::vector<PerturbationSpec>& perturbations) {
    AnalysisSpec other = comparison_.spec;
    other.perturbations = perturbations;
    if (toJson(other) != toJson(comparison_.spec))
        undo_.push(new PerturbationEdit(*this, comparison_.spec.perturbations, perturbations));
}

void StudioSession::choosePerturbations(const std::vector<PerturbationSpec>& perturbations) {
    StoredSelection wanted = storedSelection();
    wanted.spec.perturbations = perturbations;
    choose(wanted);
}

void StudioSession::recordAdded(const std::vector<AddedFile>& added, const QString& text) {
    RemovedRecords records;
    for (const AddedFile& file : added)
        if (file.isNew)
            (file.isRollouts ? records.rollouts : records.policies).push_back(file.id);
    const std::size_t count = records.policies.size() + records.rollouts.size();
    if (count == 0)
        return;
    pushEdit(text.isEmpty() ? tr("Add %n file(s)", nullptr, int(count)) : text, marking(records, false),
             marking(records, true), true);
    if (text.isEmpty())  // a policy made here has the card of the one it was made from
        for (const RecordId id : records.policies)
            checkCardOf(id);
}

void StudioSession::checkCardOf(RecordId id) {
    const PolicyItem* item = contents_.policy(id);
    if (!item || !hasRollouts())
        return;
    jobs_.start<bool>(
        tr("Checking the card of %1").arg(toQString(item->record.name)),
        [path = item->record.path, card = item->record.cardJson,
         rollouts = comparison_.rollouts](const Progress&) -> Result<bool> {
            const auto study = CardStudy::open(path, rollouts);
            if (!study)
                return tl::unexpected(study.error());
            const auto own = (*study)->ownCard();
            return !own || !(*study)->check(*own).problem.empty();
        },
        [this, id](Result<bool> isNeeded) {
            if (isNeeded && *isNeeded && contents_.policy(id))
                emit cardNeeded(id);
        });
}

void StudioSession::studyCard(RecordId id,
                              std::function<void(std::shared_ptr<const CardStudy>, const PolicyCard&)> done) {
    const PolicyItem* item = contents_.policy(id);
    const RolloutsItem* shown = nullptr;
    for (const RolloutsItem& candidate : contents_.rollouts)
        if (candidate.rollouts && (!shown || candidate.record.id == comparison_.rolloutsRecord.id))
            shown = &candidate;
    if (!item)
        return;
    if (!shown) {
        emit warningOccurred(tr("A card says which recorded keys feed the policy: add rollouts first."));
        return;
    }
    using Study = std::pair<std::shared_ptr<const CardStudy>, PolicyCard>;
    jobs_.start<Study>(
        tr("Reading %1").arg(toQString(item->record.name)),
        [record = item->record, rollouts = shown->rollouts](const Progress&) -> Result<Study> {
            auto study = CardStudy::open(record.path, rollouts);
            if (!study)
                return tl::unexpected(study.error());
            PolicyCard card = (*study)->ownCard().value_or((*study)->proposal());
            if (!record.cardJson.empty())
                if (auto edited = parsePolicyCard(record.cardJson, "card"))
                    card = std::move(*edited);
            return Study{std::move(*study), std::move(card)};
        },
        [this, done = std::move(done)](Result<Study> study) {
            if (study)
                done(study->first, study->second);
            else
                emit errorOccurred(toQString(study.error().message));
        });
}

}  // namespace sqil
