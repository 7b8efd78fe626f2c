#include "views/session/StudioSession.h"

#include <QFileInfo>
#include <algorithm>
#include <cmath>

#include "core/project/Salvage.h"
#include "core/quant/QuantizeFile.h"
#include "views/session/CardFiles.h"
#include "views/session/Commands.h"
#include "views/session/Paths.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr int kStoreMilliseconds = 800;
constexpr qint64 kOwnEditMilliseconds = 4000;  ///< after an edit here, what another window has is older
constexpr qint64 kPeakDistance = 3;            ///< steps: a smaller gap this near to a visited one is the same peak

std::vector<qint64> stepsOf(const RolloutsInfo& info) {
    std::vector<qint64> steps;
    for (const EpisodeInfo& episode : info.episodes)
        steps.push_back(std::max<std::int64_t>(0, episode.steps));
    return steps;
}

bool hasCamera(const RolloutsInfo& info) {
    return std::any_of(info.observations.begin(), info.observations.end(),
                       [](const KeySpec& key) { return key.isImage(); });
}

bool sameRecords(const ProjectContents& a, const ProjectContents& b) {
    const auto samePolicy = [](const PolicyItem& x, const PolicyItem& y) {
        return x.record.id == y.record.id && x.record.name == y.record.name && x.record.path == y.record.path &&
               x.record.cardJson == y.record.cardJson && x.problem == y.problem;
    };
    const auto sameRollouts = [](const RolloutsItem& x, const RolloutsItem& y) {
        return x.record.id == y.record.id && x.record.name == y.record.name && x.record.path == y.record.path &&
               x.problem == y.problem;
    };
    return std::equal(a.policies.begin(), a.policies.end(), b.policies.begin(), b.policies.end(), samePolicy) &&
           std::equal(a.rollouts.begin(), a.rollouts.end(), b.rollouts.begin(), b.rollouts.end(), sameRollouts);
}

bool sameComparison(const Comparison& a, const Comparison& b) {
    return a.project == b.project && a.policy.id == b.policy.id && a.quantized.has_value() == b.quantized.has_value() &&
           (!a.quantized || a.quantized->id == b.quantized->id) &&
           std::equal(a.others.begin(), a.others.end(), b.others.begin(), b.others.end(),
                      [](const PolicyRecord& x, const PolicyRecord& y) {
                          return x.id == y.id && x.path == y.path && x.cardJson == y.cardJson;
                      }) &&
           a.rolloutsRecord.id == b.rolloutsRecord.id && a.policy.path == b.policy.path &&
           a.policy.cardJson == b.policy.cardJson && (!a.quantized || a.quantized->cardJson == b.quantized->cardJson) &&
           a.rolloutsRecord.path == b.rolloutsRecord.path && toJson(a.spec) == toJson(b.spec);
}

}  // namespace

StudioSession::StudioSession(QObject* parent) : QObject(parent), playback_(selection_), probe_(*this) {
    qRegisterMetaType<StepFrames>();
    qRegisterMetaType<EpisodeResults>();
    qRegisterMetaType<std::vector<EpisodeResults>>();
    qRegisterMetaType<std::vector<BookmarkRecord>>();
    qRegisterMetaType<PolicyCard>();
    qRegisterMetaType<StepResult>();
    qRegisterMetaType<std::vector<StepResult>>();
    qRegisterMetaType<WorkerProgress>();
    storing_.setSingleShot(true);
    storing_.setInterval(kStoreMilliseconds);
    connect(&storing_, &QTimer::timeout, this, &StudioSession::storeSelection);
    connect(&selection_, &Selection::episodeChanged, this, &StudioSession::followEpisode);
    connect(&selection_, &Selection::stepChanged, this, &StudioSession::followStep);
    connect(&watcher_, &ProjectWatcher::recordsChanged, this, &StudioSession::followOthers);
    connect(&watcher_, &ProjectWatcher::resultsChanged, this, [this](const QString& project) {
        if (toPath(project) == contents_.path && hasPolicy() && selection_.episode() >= 0)
            reader_.requestEpisode(selection_.episode());
    });
    connect(&watcher_, &ProjectWatcher::damageFound, this, &StudioSession::projectDamaged);
    connect(&selection_, &Selection::topPercentChanged, this, [this](double percent) {
        results_.setTopPercent(percent);
        contents_.topPercent = percent;
        lastThresholdEdit_.start();
        if (hasProject())
            reader_.saveSetting(contents_.path, kTopPercentSetting, std::to_string(percent));
    });

    connect(&reader_, &StepReader::framesRead, this, [this](const StepFrames& frames) {
        if (!isCurrent(frames.comparison))
            return;
        frames_ = frames;
        emit framesChanged();
    });
    connect(&reader_, &StepReader::episodeRead, this,
            [this](int comparison, int episode, const EpisodeResults& results) {
                if (!isCurrent(comparison))
                    return;
                results_.merge(episode, results);
                seekLargestGap();
            });
    connect(&reader_, &StepReader::numbersRead, this,
            [this](int comparison, int first, const std::vector<EpisodeResults>& results) {
                reader_.numbersTaken();
                if (!isCurrent(comparison))
                    return;
                results_.merge(first, results);
                seekLargestGap();
            });
    connect(&reader_, &StepReader::bookmarksRead, this,
            [this](int comparison, const std::vector<BookmarkRecord>& bookmarks) {
                if (isCurrent(comparison) && hasRollouts())
                    bookmarks_.setAll(bookmarks, comparison_.rollouts->info());
            });
    connect(&reader_, &StepReader::cardRead, this, [this](int comparison, const PolicyCard& card) {
        if (!isCurrent(comparison))
            return;
        card_ = card;
        playback_.setRate(card.controlRateHz);
        emit cardChanged();
    });
    connect(&reader_, &StepReader::failed, this, [this](int comparison, const QString& message) {
        if (comparison == 0 || isCurrent(comparison))
            emit errorOccurred(message);
    });
    connect(&worker_, &AnalysisWorker::stepAnalysed, this,
            [this](int comparison, int episode, qint64 step, const StepResult& result) {
                if (isCurrent(comparison))
                    results_.putStep(episode, step, result);
            });
    connect(&worker_, &AnalysisWorker::actionsComputed, this,
            [this](int comparison, int episode, const std::vector<StepResult>& results) {
                if (!isCurrent(comparison))
                    return;
                results_.putActions(episode, results);
                seekLargestGap();
            });
    connect(&worker_, &AnalysisWorker::progressChanged, this, [this](int comparison, const WorkerProgress& progress) {
        if (!isCurrent(comparison))
            return;
        progress_ = progress;
        emit progressChanged();
    });
    connect(&worker_, &AnalysisWorker::finished, this, [this](int comparison) {
        if (isCurrent(comparison))
            emit analysisFinished();
    });
    connect(&worker_, &AnalysisWorker::failed, this, [this](int comparison, const QString& message) {
        if (isCurrent(comparison))
            emit errorOccurred(message);
    });
    connect(&worker_, &AnalysisWorker::stepProblem, this, [this](int comparison, const QString& message) {
        if (isCurrent(comparison))
            emit warningOccurred(message);
    });
    connect(&worker_, &AnalysisWorker::resultsOutdated, this, [this](int comparison) {
        if (isCurrent(comparison))
            emit resultsOutdated();
    });
}

StudioSession::~StudioSession() {
    storing_.stop();
    storeSelection();
}

QString StudioSession::episodeName(int episode) const {
    const RolloutsInfo* info = rolloutsInfo();
    return info && episode >= 0 && std::size_t(episode) < info->episodes.size()
               ? toQString(info->episodes[std::size_t(episode)].name)
               : QString();
}

QString StudioSession::policyName() const {
    return hasPolicy() ? toQString(comparison_.policy.name) : tr("Full precision");
}
QString StudioSession::quantizedName() const {
    return hasQuantized() ? toQString(comparison_.quantized->name) : tr("Quantized");
}

QString StudioSession::comparedName(std::size_t index) const {
    return index < comparedCount() ? toQString(comparison_.compared(index).name) : tr("Quantized");
}

bool StudioSession::isCompared(RecordId policy) const {
    for (std::size_t index = 0; index < comparedCount(); ++index)
        if (comparison_.compared(index).id == policy)
            return true;
    return false;
}

void StudioSession::openProject(const QString& path) {
    jobs_.start<ProjectContents>(
        tr("Opening %1").arg(QFileInfo(path).fileName()),
        [file = toPath(path)](const Progress& progress) -> Result<ProjectContents> {
            {
                auto project = Project::open(file);
                if (!project)
                    return tl::unexpected(project.error());
                if (auto purged = purgeRemoved(**project, progress); !purged)
                    return tl::unexpected(purged.error());
            }
            return readProject(file);
        },
        [this, path](Result<ProjectContents> contents) {
            if (contents)
                showContents(*contents);
            else if (contents.error().kind == ErrorKind::BadInput)
                recoverProject(path, toQString(contents.error().message));
            else
                emit errorOccurred(toQString(contents.error().message));
        });
}

void StudioSession::recoverProject(const QString& path, const QString& problem) {
    struct Recovered {
        ProjectContents contents;
        std::string report;
    };
    const QFileInfo info(path);
    jobs_.start<Recovered>(
        tr("Reading what is left of %1").arg(info.fileName()),
        [file = toPath(path)](const Progress& progress) -> Result<Recovered> {
            const auto folder = dataDirectory() / "recovered";
            std::error_code ignored;
            std::filesystem::create_directories(folder, ignored);
            auto copy = folder / file.filename();
            for (int number = 2; std::filesystem::exists(copy, ignored); ++number)
                copy = folder / (file.stem().string() + "-" + std::to_string(number) + ".sqil");
            const auto report = salvageProject(file, copy, progress);
            if (!report)
                return tl::unexpected(report.error());
            auto contents = readProject(copy);
            if (!contents)
                return tl::unexpected(contents.error());
            return Recovered{std::move(*contents), report->text()};
        },
        [this, path, problem](Result<Recovered> recovered) {
            if (!recovered) {
                emit errorOccurred(problem);
                return;
            }
            recoveredFrom_ = path;
            showContents(recovered->contents);
            emit projectRecovered(path, toQString(recovered->report));
        });
}

void StudioSession::createProject(const QString& path) {
    jobs_.start<ProjectContents>(
        tr("Creating %1").arg(QFileInfo(path).fileName()),
        [file = toPath(path)](const Progress&) -> Result<ProjectContents> {
            if (auto created = Project::create(file); !created)
                return tl::unexpected(created.error());
            return readProject(file);
        },
        [this](Result<ProjectContents> contents) {
            contents ? showContents(*contents) : emit errorOccurred(toQString(contents.error().message));
        });
}

void StudioSession::openSample() {
    const auto sample = sampleDirectory();
    if (sample.empty()) {
        emit errorOccurred(
            tr("The sample is not there: expected resources/sample beside the program. "
               "Drop a policy (.pt2) and rollouts (.hdf5) of your own on the window instead."));
        return;
    }
    jobs_.start<ProjectContents>(
        tr("Opening the sample"),
        [sample, folder = dataDirectory()](const Progress& progress) -> Result<ProjectContents> {
            const auto path = prepareSample(sample, folder, progress);
            if (!path)
                return tl::unexpected(path.error());
            return readProject(*path);
        },
        [this](Result<ProjectContents> contents) {
            contents ? showContents(*contents) : emit errorOccurred(toQString(contents.error().message));
        });
}

void StudioSession::openFiles(const QStringList& paths) {
    QStringList others;
    QString project;
    for (const QString& path : paths)
        (isProjectFile(toPath(path)) ? (project = path, others) : (others << path, others));
    if (!project.isEmpty()) {
        if (others.isEmpty())
            openProject(project);
        else
            addFiles(toPath(project), others);
        return;
    }
    if (others.isEmpty())
        return;
    if (hasProject()) {
        addFiles(contents_.path, others);
        return;
    }
    // Named after the policy: its project is found again when it is opened the next time.
    const auto policy =
        std::find_if(others.begin(), others.end(), [](const QString& path) { return isPolicyFile(toPath(path)); });
    const auto path = toPath(policy != others.end() ? *policy : others.first());
    if (!isPolicyFile(path) && !isRolloutsFile(path)) {
        emit errorOccurred(
            tr("%1: not a kind of file this program knows; expected a policy (.pt2, .pt, .zip), rollouts (.hdf5) "
               "or a project (.sqil)")
                .arg(toQString(path)));
        return;
    }
    addFiles(automaticProject(path), others);
}

void StudioSession::addFiles(const std::filesystem::path& projectPath, const QStringList& files) {
    struct Added {
        ProjectContents contents;
        StoredSelection wanted;
        QStringList problems;
        std::vector<AddedFile> files;
    };
    const StoredSelection current =
        hasProject() && contents_.path == projectPath ? storedSelection() : StoredSelection{};
    std::vector<std::filesystem::path> paths;
    for (const QString& file : files)
        paths.push_back(toPath(file));
    jobs_.start<Added>(
        tr("Reading %1").arg(QFileInfo(files.first()).fileName()),
        [projectPath, paths, current](const Progress&) -> Result<Added> {
            std::error_code ignored;
            const bool existed = std::filesystem::exists(projectPath, ignored);
            Added added;
            added.wanted = current;
            bool any = false;
            {
                auto project = openOrCreateProject(projectPath);
                if (!project)
                    return tl::unexpected(project.error());
                for (const auto& path : paths) {
                    const auto record = addFile(**project, path);
                    if (!record) {
                        added.problems << toQString(record.error().message);
                        continue;
                    }
                    any = true;
                    added.files.push_back(*record);
                    (record->isRollouts    ? added.wanted.rollouts
                     : record->isQuantized ? added.wanted.quantized
                                           : added.wanted.policy) = record->id;
                }
            }
            if (!any && !existed) {  // nothing could be read: no empty project is left behind
                std::filesystem::remove(projectPath, ignored);
                return fail(ErrorKind::BadInput, added.problems.join(QLatin1Char('\n')).toStdString());
            }
            auto contents = readProject(projectPath);
            if (!contents)
                return tl::unexpected(contents.error());
            added.contents = std::move(*contents);
            return added;
        },
        [this](Result<Added> added) {
            if (!added) {
                emit errorOccurred(toQString(added.error().message));
                return;
            }
            const bool stored = added->contents.selection.has_value();
            StoredSelection wanted = stored ? *added->contents.selection : StoredSelection{};
            if (added->wanted.policy)
                wanted.policy = added->wanted.policy;
            if (added->wanted.quantized)
                wanted.quantized = added->wanted.quantized;
            if (added->wanted.rollouts) {
                if (wanted.rollouts != added->wanted.rollouts)
                    wanted.episode.clear();
                wanted.rollouts = added->wanted.rollouts;
            }
            added->contents.selection = wanted;
            showContents(added->contents);
            recordAdded(added->files);
            for (const QString& problem : added->problems)
                emit errorOccurred(problem);
        });
}

void StudioSession::showContents(const ProjectContents& contents) {
    const bool other = contents.path != contents_.path;
    if (other) {
        storeSelection();
        playback_.stop();
        undo_.clear();
    }
    contents_ = contents;
    if (other && contents.path.parent_path() != dataDirectory() / "recovered")
        recoveredFrom_.clear();
    if (other) {
        selection_.setTopPercent(contents.topPercent);
        results_.setTopPercent(contents.topPercent);
    }
    emit projectChanged();
    watcher_.watch(contents_.path);
    if (other && !isRecovered())
        emit projectOpened(toQString(contents.path));
    const auto missing = missingFiles(contents_);
    const auto isMissing = [&](RecordId id, bool isRollouts) {
        return std::any_of(missing.begin(), missing.end(),
                           [&](const MissingFile& file) { return file.id == id && file.isRollouts == isRollouts; });
    };
    for (const PolicyItem& item : contents_.policies)
        if (!item.problem.empty() && !isMissing(item.record.id, false))
            emit errorOccurred(toQString(item.problem));
    for (const RolloutsItem& item : contents_.rollouts)
        if (!item.problem.empty() && !isMissing(item.record.id, true))
            emit errorOccurred(toQString(item.problem));
    emit filesMissing(missing);
    choose(contents_.selection.value_or(StoredSelection{}));
}

void StudioSession::choose(const StoredSelection& wanted) {
    const auto usable = [&](std::optional<RecordId> id, bool quantized) -> const PolicyItem* {
        const PolicyItem* item = id ? contents_.policy(*id) : nullptr;
        return item && item->problem.empty() && item->isQuantized() == quantized ? item : nullptr;
    };
    Comparison next;
    next.project = contents_.path;
    next.spec = wanted.spec;

    const PolicyItem* policy = usable(wanted.policy, false);
    for (const PolicyItem& item : contents_.policies)
        if (!policy)
            policy = usable(item.record.id, false);
    const PolicyItem* quantized = usable(wanted.quantized, true);
    for (const PolicyItem& item : contents_.policies)
        if (!quantized && policy && (!item.record.parent || item.record.parent == policy->record.id))
            quantized = usable(item.record.id, true);
    if (policy)
        next.policy = policy->record;
    if (quantized) {
        next.quantized = quantized->record;
        for (const PolicyItem& item : contents_.policies)  // in the project's order, whatever was stored
            if (item.record.id != quantized->record.id && usable(item.record.id, true) &&
                next.comparedCount() < kMostCompared &&
                std::find(wanted.others.begin(), wanted.others.end(), item.record.id) != wanted.others.end())
                next.others.push_back(item.record);
    }

    const RolloutsItem* rollouts = wanted.rollouts ? contents_.rolloutsItem(*wanted.rollouts) : nullptr;
    for (const RolloutsItem& item : contents_.rollouts)
        if (!rollouts || !rollouts->rollouts)
            rollouts = &item;
    if (rollouts && rollouts->rollouts) {
        next.rolloutsRecord = rollouts->record;
        next.rollouts = rollouts->rollouts;
        const bool imagesAsked = std::any_of(next.spec.perturbations.begin(), next.spec.perturbations.end(),
                                             [](const auto& entry) { return entry.kind != PerturbationKind::State; });
        if (imagesAsked && !hasCamera(next.rollouts->info()))
            next.spec.perturbations = {PerturbationSpec{PerturbationKind::State}};
    }
    applyComparison(std::move(next), wanted.episode, wanted.step);
}

void StudioSession::applyComparison(Comparison next, const std::string& episode, qint64 step) {
    if (comparison_.id != 0 && sameComparison(comparison_, next) && comparison_.rollouts) {
        comparison_.policy = std::move(next.policy);  // names may differ
        comparison_.quantized = std::move(next.quantized);
        comparison_.others = std::move(next.others);
        comparison_.rolloutsRecord = std::move(next.rolloutsRecord);
        emit comparisonChanged();
        return;
    }
    next.id = comparison_.id + 1;
    comparison_ = std::move(next);
    card_ = {};
    frames_ = {};
    progress_ = {};
    seekGapOf_ = -1;
    visitedPeaks_.clear();
    const bool ready = hasPolicy() && hasRollouts();
    // With two policies both maps are shown first; without a second one there is but one map.
    if (hasRollouts() && hasQuantized() != compared_) {
        compared_ = hasQuantized();
        selection_.setMapMode(compared_ ? MapMode::SideBySide : MapMode::FullPrecision);
    }
    const std::vector<qint64> steps = hasRollouts() ? stepsOf(comparison_.rollouts->info()) : std::vector<qint64>{};
    results_.reset(steps, comparedCount());
    bookmarks_.clear();
    reader_.setComparison(comparison_, ready);
    if (ready)
        worker_.setComparison(comparison_);
    else
        worker_.clearComparison();
    selection_.setEpisodes(steps);
    emit comparisonChanged();
    emit cardChanged();
    emit progressChanged();
    selectFirst(episode, step);
}

void StudioSession::selectFirst(const std::string& episode, qint64 step) {
    const RolloutsInfo* info = rolloutsInfo();
    if (!info)
        return;
    if (const auto index = info->episodeIndex(episode); index && info->episodes[*index].steps > 0) {
        selection_.setEpisode(static_cast<int>(*index), step);
        return;
    }
    // Nothing was looked at before: a failure, at its largest gap, is the best place to start.
    for (const bool failed : {true, false})
        for (std::size_t index = 0; index < info->episodes.size(); ++index) {
            const EpisodeInfo& candidate = info->episodes[index];
            if (candidate.steps == 0 || (failed && candidate.success.value_or(true)))
                continue;
            seekGapOf_ = hasQuantized() ? static_cast<int>(index) : -1;
            const int seek = seekGapOf_;
            selection_.setEpisode(static_cast<int>(index));
            seekGapOf_ = seek;
            return;
        }
}

void StudioSession::seekLargestGap() {
    if (seekGapOf_ < 0 || seekGapOf_ != selection_.episode())
        return;
    const auto& gap = results_.episode(seekGapOf_).gap;
    if (gap.empty() || !std::all_of(gap.begin(), gap.end(), [](float value) { return std::isfinite(value); }))
        return;
    seekGapOf_ = -1;
    selection_.setStep(results_.stepOfLargestGap(selection_.episode()));
}

void StudioSession::followEpisode(int episode) {
    visitedPeaks_.clear();
    results_.setMapsOf(episode);
    if (episode < 0)
        return;
    reader_.requestFrames(episode, selection_.step());
    if (hasPolicy()) {
        reader_.requestEpisode(episode);
        worker_.setFocus(episode, selection_.step());
    }
    storing_.start();
}

void StudioSession::followStep(qint64 step) {
    if (selection_.episode() < 0)
        return;
    reader_.requestFrames(selection_.episode(), step);
    if (hasPolicy())
        worker_.setFocus(selection_.episode(), step);
    if (step != 0)
        seekGapOf_ = -1;  // the user has chosen a place
    storing_.start();
}

StoredSelection StudioSession::storedSelection() const {
    StoredSelection stored;
    if (hasPolicy())
        stored.policy = comparison_.policy.id;
    if (hasQuantized())
        stored.quantized = comparison_.quantized->id;
    for (const PolicyRecord& other : comparison_.others)
        stored.others.push_back(other.id);
    if (hasRollouts())
        stored.rollouts = comparison_.rolloutsRecord.id;
    stored.episode = episodeName(selection_.episode()).toStdString();
    stored.step = selection_.step();
    stored.spec = comparison_.spec;
    return stored;
}

void StudioSession::storeSelection() {
    // While the first place is still being looked for, there is nothing to keep.
    if (hasProject() && selection_.episode() >= 0 && seekGapOf_ < 0)
        reader_.saveSetting(contents_.path, kSelectionSetting, toJson(storedSelection()));
}

void StudioSession::closeProject() {
    storeSelection();
    playback_.stop();
    contents_ = {};
    edits_.clear();
    watcher_.watch({});
    recoveredFrom_.clear();
    undo_.clear();
    Comparison none;
    applyComparison(none, {}, 0);
    emit projectChanged();
}

void StudioSession::saveProjectAs(const QString& path) {
    if (!hasProject())
        return;
    storeSelection();
    jobs_.start<ProjectContents>(
        tr("Saving %1").arg(QFileInfo(path).fileName()),
        [from = contents_.path, to = toPath(path)](const Progress& progress) -> Result<ProjectContents> {
            std::error_code ignored;
            if (std::filesystem::exists(to, ignored) && !std::filesystem::equivalent(from, to, ignored))
                std::filesystem::remove(to, ignored);  // the file dialog has asked
            if (auto copied = copyProject(from, to, progress); !copied)
                return tl::unexpected(copied.error());
            return readProject(to);
        },
        [this](Result<ProjectContents> contents) {
            contents ? showContents(*contents) : emit errorOccurred(toQString(contents.error().message));
        });
}

void StudioSession::comparePolicy(RecordId id) {
    const PolicyItem* item = contents_.policy(id);
    if (!item)
        return;
    StoredSelection wanted = storedSelection();
    if (item->isQuantized()) {
        const auto other = std::find(wanted.others.begin(), wanted.others.end(), id);
        if (other != wanted.others.end() && wanted.quantized)
            *other = *wanted.quantized;
        wanted.quantized = id;
    } else {
        wanted.policy = id;
    }
    choose(wanted);
}

void StudioSession::alsoCompare(RecordId id, bool compared) {
    const PolicyItem* item = contents_.policy(id);
    if (!item || !item->isQuantized() || !item->problem.empty() || isCompared(id) == compared)
        return;
    StoredSelection wanted = storedSelection();
    if (compared && !wanted.quantized) {
        wanted.quantized = id;
    } else if (compared) {
        if (comparedCount() >= kMostCompared) {
            emit warningOccurred(tr("%1 policies are compared already; leave one out first").arg(kMostCompared));
            return;
        }
        wanted.others.push_back(id);
    } else if (wanted.quantized == id) {
        if (wanted.others.empty())
            return;  // something is always compared where there is something to compare
        wanted.quantized = wanted.others.front();
        wanted.others.erase(wanted.others.begin());
    } else {
        std::erase(wanted.others, id);
    }
    choose(wanted);
}

void StudioSession::refreshProject() {
    if (hasProject())
        reload(storedSelection());
}

void StudioSession::compareNewPolicy(RecordId id) {
    if (contents_.policy(id)) {
        comparePolicy(id);
        return;
    }
    StoredSelection wanted = storedSelection();
    wanted.quantized = id;
    reload(wanted);
}

void StudioSession::showRollouts(RecordId id) {
    StoredSelection wanted = storedSelection();
    if (wanted.rollouts == id)
        return;
    wanted.rollouts = id;
    wanted.episode.clear();
    choose(wanted);
}

void StudioSession::setTopPercent(double percent) {
    if (percent != selection_.topPercent())
        undo_.push(new SetTopPercent(selection_, selection_.topPercent(), percent, true));
}

void StudioSession::finishTopPercent(double before) {
    if (before != selection_.topPercent())
        undo_.push(new SetTopPercent(selection_, before, selection_.topPercent(), false));
}

void StudioSession::toggleBookmark(int episode, qint64 step) {
    const bool isThere = bookmarks_.find(episode, step) != nullptr;
    changeBookmark(episode, step, isThere ? std::nullopt : std::optional(QString()));
}

void StudioSession::setBookmarkNote(int episode, qint64 step, const QString& note) {
    changeBookmark(episode, step, note);
}

void StudioSession::changeBookmark(int episode, qint64 step, const std::optional<QString>& note) {
    if (!hasRollouts() || step < 0 || step >= selection_.stepsOf(episode))
        return;
    const Bookmark* there = bookmarks_.find(episode, step);
    const std::optional<QString> before = there ? std::optional(there->note) : std::nullopt;
    if (before == note)
        return;
    undo_.push(
        new ChangeBookmark(before, note,
                           [this, rollouts = comparison_.rolloutsRecord.id, name = episodeName(episode).toStdString(),
                            step](const std::optional<QString>& to) { applyBookmark(rollouts, name, step, to); }));
}

/// On the screen where these rollouts are shown still, and in the project.
void StudioSession::applyBookmark(RecordId rollouts, const std::string& episode, qint64 step,
                                  const std::optional<QString>& note) {
    const RolloutsInfo* info = rolloutsInfo();
    if (info && comparison_.rolloutsRecord.id == rollouts)
        if (const auto index = info->episodeIndex(episode))
            bookmarks_.set(int(*index), step, note);
    reader_.edit(contents_.path, [=](Project& project) -> Result<void> {
        if (note)
            return project.putBookmark(rollouts, {episode, step, note->toStdString(), {}});
        const auto removed = project.removeBookmark(rollouts, episode, step);
        if (!removed && removed.error().kind == ErrorKind::NotFound)  // another window was faster
            return {};
        return removed;
    });
}

void StudioSession::goToBookmark(int direction) {
    if (const Bookmark* next = bookmarks_.next(selection_.episode(), selection_.step(), direction)) {
        const auto [episode, step] = std::pair(next->episode, next->step);
        selection_.setEpisode(episode, step);
    }
}

void StudioSession::goToFirstDivergence() {
    const int episode = selection_.episode();
    const qint64 step = results_.firstDivergence(episode);
    if (step >= 0)
        selection_.setStep(step);
    else if (episode >= 0)
        emit warningOccurred(tr("%1: no step has a gap among the largest %2 % of the data set (above %3)")
                                 .arg(episodeName(episode))
                                 .arg(Results::kDivergentPercent)
                                 .arg(significant(results_.divergenceThreshold())));
}

void StudioSession::quantize(const QuantSpec& spec) {
    if (!hasPolicy() || !hasRollouts())
        return;
    const auto stem =
        comparison_.policy.path.stem().string() + "-" + shortName(spec) + "-" + std::string(nameOf(spec.granularity));
    // Beside the project, so that both move together.
    auto out = contents_.path.parent_path() / (stem + ".pt2");
    for (int number = 2; std::filesystem::exists(out); ++number)
        out = contents_.path.parent_path() / (stem + "-" + std::to_string(number) + ".pt2");
    struct Made {
        RecordId id = 0;
    };
    jobs_.start<Made>(
        tr("Quantizing to %1").arg(toQString(shortName(spec))),
        [comparison = comparison_, spec, out](const Progress& progress) -> Result<Made> {
            if (auto made = quantizePolicyFile(comparison.policy.path, cardFile(comparison.policy),
                                               *comparison.rollouts, spec, out, progress);
                !made)
                return tl::unexpected(made.error());
            auto project = Project::open(comparison.project);
            if (!project)
                return tl::unexpected(project.error());
            const auto added =
                addFile(**project, out, comparison.policy.name + " · " + shortName(spec), comparison.policy.id);
            if (!added)
                return tl::unexpected(added.error());
            return Made{added->id};
        },
        [this, project = contents_.path](Result<Made> made) {
            if (!made) {
                emit errorOccurred(toQString(made.error().message));
                return;
            }
            if (project != contents_.path)
                return;
            StoredSelection wanted = storedSelection();
            wanted.quantized = made->id;
            reload(wanted);
            recordAdded({AddedFile{made->id, false, true, true}}, tr("Quantize"));
        });
}

void StudioSession::followOthers(const QString& project) {
    if (toPath(project) != contents_.path || editing_)
        return;
    jobs_.start<ProjectContents>(
        tr("Reading the project"), [path = contents_.path](const Progress&) { return readProject(path); },
        [this](Result<ProjectContents> contents) {
            if (!contents || contents->path != contents_.path || editing_)
                return;
            const bool ownEdit = lastThresholdEdit_.isValid() && lastThresholdEdit_.elapsed() < kOwnEditMilliseconds;
            if (contents->topPercent != contents_.topPercent && !ownEdit)
                selection_.setTopPercent(contents->topPercent);
            if (sameRecords(*contents, contents_))
                return;
            contents->selection = storedSelection();
            showContents(*contents);
        });
}

void StudioSession::reload(std::optional<StoredSelection> wanted) {
    jobs_.start<ProjectContents>(
        tr("Reading the project"), [path = contents_.path](const Progress&) { return readProject(path); },
        [this, wanted](Result<ProjectContents> contents) {
            if (!contents) {
                emit errorOccurred(toQString(contents.error().message));
                return;
            }
            if (contents->path != contents_.path)
                return;
            if (wanted)
                contents->selection = wanted;
            showContents(*contents);
        });
}

void StudioSession::setAnalysisPaused(bool paused) {
    worker_.setPaused(paused);
    progress_.paused = paused;
    emit progressChanged();
}

void StudioSession::recompute() {
    if (!hasPolicy() || !hasRollouts())
        return;
    const int episode = selection_.episode();
    results_.reset(stepsOf(comparison_.rollouts->info()), comparedCount());
    results_.setMapsOf(episode);
    worker_.recompute();
}

void StudioSession::nextCritical(int direction) {
    const auto critical = [&](int episode, qint64 step) { return results_.isCritical(episode, step); };
    int episode = selection_.episode();
    qint64 step = selection_.step();
    // Out of the stretch the cursor is in, then on to the next one.
    while (episode >= 0 && step >= 0 && step < selection_.stepsOf(episode) && critical(episode, step))
        step += direction;
    for (int visited = 0; visited <= selection_.episodeCount() && episode >= 0 && episode < selection_.episodeCount();
         ++visited) {
        for (; step >= 0 && step < selection_.stepsOf(episode); step += direction)
            if (critical(episode, step)) {
                selection_.setEpisode(episode, step);
                return;
            }
        episode += direction;
        step = direction > 0 ? 0 : selection_.stepsOf(episode) - 1;
    }
}

void StudioSession::nextLargestGap() {
    const auto& gap = results_.episode(selection_.episode()).gap;
    const auto visited = [&](qint64 step) {
        return std::any_of(visitedPeaks_.begin(), visitedPeaks_.end(),
                           [&](qint64 peak) { return std::abs(peak - step) <= kPeakDistance; });
    };
    const auto at = [&](qint64 step) {
        return step >= 0 && step < static_cast<qint64>(gap.size()) && std::isfinite(gap[std::size_t(step)])
                   ? gap[std::size_t(step)]
                   : -1.f;
    };
    if (!visitedPeaks_.empty() && selection_.step() != visitedPeaks_.back())
        visitedPeaks_.clear();  // the cursor was moved by hand: from the largest again
    qint64 best = -1;
    for (qint64 step = 0; step < static_cast<qint64>(gap.size()); ++step) {
        const bool isPeak = at(step) >= 0 && at(step) >= at(step - 1) && at(step) >= at(step + 1);
        if (isPeak && !visited(step) && (best < 0 || at(step) > at(best)))
            best = step;
    }
    if (best < 0) {
        if (visitedPeaks_.empty())
            return;
        visitedPeaks_.clear();
        nextLargestGap();
        return;
    }
    visitedPeaks_.push_back(best);
    selection_.setStep(best);
}

}  // namespace sqil
