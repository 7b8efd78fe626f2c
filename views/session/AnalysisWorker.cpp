#include "views/session/AnalysisWorker.h"

#include <QElapsedTimer>
#include <cmath>

#include "core/analysis/AnalyzerFactory.h"
#include "views/session/CardFiles.h"
#include "views/session/Paths.h"
#include "views/session/ProjectContents.h"

namespace sqil {
namespace {

constexpr qint64 kFlushMilliseconds = 2000;
constexpr qint64 kReportMilliseconds = 100;

qint64 now() {
    static QElapsedTimer clock = [] {
        QElapsedTimer timer;
        timer.start();
        return timer;
    }();
    return clock.elapsed();
}

}  // namespace

AnalysisWorker::AnalysisWorker(QObject* parent) : QThread(parent) {
    setObjectName(QStringLiteral("analysis"));
    start();
}

AnalysisWorker::~AnalysisWorker() {
    {
        const std::lock_guard lock(mutex_);
        orders_.stop = true;
    }
    wake_.notify_all();
    wait();
}

void AnalysisWorker::setComparison(const Comparison& comparison) {
    const std::lock_guard lock(mutex_);
    orders_.comparison = comparison;
    orders_.hasComparison = true;
    orders_.paused = false;
    orders_.recompute = false;
    orders_.episode = -1;
    wake_.notify_all();
}

void AnalysisWorker::clearComparison() {
    const std::lock_guard lock(mutex_);
    orders_.hasComparison = false;
    wake_.notify_all();
}

void AnalysisWorker::setFocus(int episode, qint64 step) {
    const std::lock_guard lock(mutex_);
    orders_.episode = episode;
    orders_.step = step;
    wake_.notify_all();
}

void AnalysisWorker::setPaused(bool paused) {
    const std::lock_guard lock(mutex_);
    orders_.paused = paused;
    wake_.notify_all();
}

void AnalysisWorker::recompute() {
    const std::lock_guard lock(mutex_);
    orders_.recompute = true;
    orders_.paused = false;
    wake_.notify_all();
}

void AnalysisWorker::run() {
    while (true) {
        Orders orders;
        {
            const std::lock_guard lock(mutex_);
            orders = orders_;
            orders_.recompute = false;
        }
        if (orders.stop)
            break;
        if (!orders.hasComparison || orders.comparison.id != comparison_.id) {
            flush();
            forget();
        }
        if (orders.hasComparison && !opened_ && !broken_) {
            comparison_ = orders.comparison;
            if (open())
                reportProgress(orders, episodes_.size());
            else
                broken_ = true;
        }
        if (orders.recompute && opened_) {
            for (std::size_t episode = 0; episode < episodes_.size(); ++episode) {
                episodes_[episode] = {};
                episodes_[episode].loaded = true;
                episodes_[episode].results.resize(stepsOf(episode));
                episodes_[episode].hasMaps.assign(stepsOf(episode), 0);
                episodes_[episode].given.assign(stepsOf(episode), 0);
            }
            done_ = 0;
            recomputing_ = true;
            announcedFinish_ = false;
            analyzer_.reset();  // the files may have changed
        }
        std::optional<Task> task;
        if (opened_ && !broken_ && !orders.paused)
            task = pick(orders);
        if (task) {
            announcedFinish_ = false;
            perform(*task);
            reportProgress(orders, task->episode);
            if (now() - lastFlush_ > kFlushMilliseconds)
                flush();
            continue;
        }
        flush();
        if (opened_ && !announcedFinish_ && orders.episode >= 0) {
            lastReport_ = 0;
            reportProgress(orders, 0);
            if (!orders.paused && !broken_) {
                announcedFinish_ = true;
                emit finished(comparison_.id);
            }
        }
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] {
            return orders_.stop || orders_.recompute || orders_.hasComparison != orders.hasComparison ||
                   orders_.comparison.id != orders.comparison.id || orders_.episode != orders.episode ||
                   orders_.step != orders.step || orders_.paused != orders.paused;
        });
        if (orders_.paused != orders.paused)
            announcedFinish_ = false;
    }
    flush();
}

void AnalysisWorker::forget() {
    analyzer_.reset();
    project_.reset();
    analyses_ = {};
    others_.clear();
    episodes_.clear();
    comparison_ = {};
    opened_ = broken_ = announcedFinish_ = recomputing_ = false;
    done_ = total_ = 0;
    secondsAStep_ = 0;
}

std::size_t AnalysisWorker::stepsOf(std::size_t episode) const {
    return static_cast<std::size_t>(std::max<std::int64_t>(0, comparison_.rollouts->info().episodes[episode].steps));
}

bool AnalysisWorker::open() {
    auto project = Project::open(comparison_.project);
    if (!project) {
        emit failed(comparison_.id, toQString(project.error().message));
        return false;
    }
    project_ = std::move(*project);
    analyses_ = findAnalyses(*project_, comparison_);
    for (std::size_t index = 0; index < comparison_.others.size(); ++index)
        others_.push_back(index);
    checkAge();
    episodes_.resize(comparison_.rollouts->info().episodes.size());
    for (std::size_t episode = 0; episode < episodes_.size(); ++episode)
        total_ += static_cast<qint64>(stepsOf(episode));
    opened_ = true;
    return true;
}

void AnalysisWorker::checkAge() {
    bool outdated = false;
    for (std::size_t index = 0; index < std::max<std::size_t>(1, comparison_.comparedCount()); ++index) {
        const Comparison pair = comparison_.quantized ? comparison_.pair(index) : comparison_;
        const auto record = findAnalysis(*project_, pair);
        const auto stored = record ? project_->setting(kFilesSetting + std::to_string(record->id))
                                   : Result<std::optional<std::string>>();
        if (record && stored)
            outdated |= *stored ? **stored != fingerprint(pair) : changedSince(pair, record->createdAt);
    }
    if (outdated)
        emit resultsOutdated(comparison_.id);
}

/// The policies are read only when something is missing: a finished analysis opens without them.
bool AnalysisWorker::openAnalyzer() {
    if (analyzer_)
        return true;
    auto opened = sqil::openAnalyzer(
        PolicyPaths{comparison_.policy.path, comparison_.quantized ? comparison_.quantized->path : "",
                    cardFile(comparison_.policy), comparison_.quantized ? cardFile(*comparison_.quantized) : ""},
        comparison_.rollouts, comparison_.spec);
    if (!opened) {
        giveUp(toQString(opened.error().message));
        return false;
    }
    analyzer_ = std::move(*opened);
    compareOthers();
    return adoptAnalysis();
}

/// One that cannot be read is told and left out: the rest of the comparison goes on.
void AnalysisWorker::compareOthers() {
    others_.clear();
    for (std::size_t index = 0; index < comparison_.others.size(); ++index) {
        const auto added = compareAlso(*analyzer_, comparison_.others[index].path, comparison_.rollouts->info(),
                                       cardFile(comparison_.others[index]));
        if (added)
            others_.push_back(index);
        else
            emit stepProblem(comparison_.id, toQString(added.error().message));
    }
}

Result<RecordId> AnalysisWorker::analysisOf(const Comparison& pair, bool isNew) {
    AnalysisRecord record;
    record.policy = pair.policy.id;
    if (pair.quantized)
        record.quantized = pair.quantized->id;
    record.rollouts = pair.rolloutsRecord.id;
    record.parametersJson = analyzer_->parametersJson();
    const auto id = project_->findOrAddAnalysis(record);
    if (id && (isNew || recomputing_))
        if (auto saved = project_->putSetting(kFilesSetting + std::to_string(*id), fingerprint(pair)); !saved)
            emit failed(comparison_.id, toQString(saved.error().message));
    return id;
}

bool AnalysisWorker::adoptAnalysis() {
    if (project_->readOnly()) {
        emit stepProblem(
            comparison_.id,
            tr("%1 cannot be written: what is computed now is not kept").arg(toQString(comparison_.project)));
        return true;
    }
    const Comparison primary = comparison_.quantized ? comparison_.pair(0) : comparison_;
    const auto id = analysisOf(primary, !analyses_.primary);
    if (!id) {
        giveUp(toQString(id.error().message));
        return false;
    }
    const StoredAnalyses before = analyses_;
    for (const std::size_t index : others_) {
        const auto other = analysisOf(comparison_.pair(index + 1), !analyses_.others[index]);
        if (!other) {
            giveUp(toQString(other.error().message));
            return false;
        }
    }
    analyses_ = findAnalyses(*project_, comparison_);
    // Numbers made with other parameters (an edited card, say) are not those of this analysis.
    if ((before.primary && before.primary->id != *id) || before.sameReference != analyses_.sameReference)
        for (auto& episode : episodes_) {
            done_ -= episode.done;
            episode = {};
        }
    return true;
}

AnalysisWorker::EpisodeState& AnalysisWorker::load(std::size_t episode) {
    EpisodeState& state = episodes_[episode];
    if (state.loaded)
        return state;
    state.loaded = true;
    const std::size_t steps = stepsOf(episode);
    if (auto numbers = readNumbers(*project_, analyses_, comparison_.rollouts->info().episodes[episode].name, steps))
        state.results = std::move(*numbers);
    state.results.resize(steps);
    state.hasMaps.assign(steps, 0);
    state.given.assign(steps, 0);
    if (analyses_.primary)
        if (const auto withMaps =
                project_->stepsWithMaps(analyses_.primary->id, comparison_.rollouts->info().episodes[episode].name,
                                        comparison_.quantized ? "quantized" : "fp"))
            for (const std::int64_t step : *withMaps)
                if (step >= 0 && static_cast<std::size_t>(step) < steps)
                    state.hasMaps[static_cast<std::size_t>(step)] = 1;
    recount(state, episode);
    return state;
}

void AnalysisWorker::recount(EpisodeState& state, std::size_t episode) {
    qint64 done = 0;
    for (std::size_t step = 0; step < stepsOf(episode); ++step)
        done += state.given[step] || state.results.hasNumbers(step, comparison_.quantized.has_value());
    done_ += done - state.done;
    state.done = done;
}

bool AnalysisWorker::isMissing(std::size_t episode, qint64 step, bool mapsToo) {
    EpisodeState& state = load(episode);
    const auto at = static_cast<std::size_t>(step);
    if (state.given[at])
        return false;
    if (!state.results.hasNumbers(at, comparison_.quantized.has_value()))
        return true;
    return mapsToo && !state.hasMaps[at];
}

std::optional<qint64> AnalysisWorker::nearestMissing(std::size_t episode, qint64 from, bool mapsToo) {
    const auto steps = static_cast<qint64>(stepsOf(episode));
    // Ahead first: playing and stepping mostly go there.
    for (qint64 distance = 0; distance < steps; ++distance)
        for (const qint64 step : {from + distance, from - distance})
            if (step >= 0 && step < steps && isMissing(episode, step, mapsToo))
                return step;
    return std::nullopt;
}

std::optional<AnalysisWorker::Task> AnalysisWorker::pick(const Orders& orders) {
    if (orders.episode < 0 || static_cast<std::size_t>(orders.episode) >= episodes_.size())
        return std::nullopt;
    const auto focus = static_cast<std::size_t>(orders.episode);
    const auto steps = static_cast<qint64>(stepsOf(focus));
    if (orders.step < steps && isMissing(focus, orders.step, true))
        return Task{focus, orders.step};
    const auto wantsActions = [&](std::size_t episode) { return stepsOf(episode) > 0 && lacksActions(load(episode)); };
    if (wantsActions(focus))
        return Task{focus, -1};
    if (const auto step = nearestMissing(focus, orders.step, false))
        return Task{focus, *step};
    if (const auto step = nearestMissing(focus, orders.step, true))
        return Task{focus, *step};
    for (std::size_t distance = 1; distance < episodes_.size(); ++distance)
        for (const auto episode : {focus + distance, focus - distance}) {  // wraps below zero: out of range
            if (episode >= episodes_.size())
                continue;
            if (wantsActions(episode))
                return Task{episode, -1};
            if (const auto step = nearestMissing(episode, 0, false))
                return Task{episode, *step};
        }
    return std::nullopt;
}

bool AnalysisWorker::lacksActions(const EpisodeState& state) const {
    if (state.actionsDone)
        return false;
    const auto isKnown = [](const std::vector<float>& values) {
        return !values.empty() &&
               std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
    };
    return state.results.width == 0 || !isKnown(state.results.action) ||
           std::any_of(others_.begin(), others_.end(), [&](std::size_t index) {
               return index >= state.results.others.size() || !isKnown(state.results.others[index].gap);
           });
}

void AnalysisWorker::perform(const Task& task) {
    try {
        if (!openAnalyzer())
            return;
        if (task.step < 0)
            computeActions(task.episode);
        else
            computeStep(task.episode, task.step);
    } catch (const std::exception& problem) {
        giveUp(toQString(comparison_.policy.path) + QStringLiteral(": ") + QString::fromUtf8(problem.what()));
    }
}

void AnalysisWorker::computeActions(std::size_t episode) {
    EpisodeState& state = load(episode);
    state.actionsDone = true;
    auto results = analyzer_->actions(episode);
    if (!results) {
        giveUp(toQString(results.error().message));
        return;
    }
    for (StepResult& result : *results) {  // to the places of Comparison::others
        std::vector<ComparedAction> placed(comparison_.others.size(), ComparedAction{std::nanf(""), {}});
        for (std::size_t index = 0; index < std::min(others_.size(), result.others.size()); ++index)
            placed[others_[index]] = std::move(result.others[index]);
        result.others = std::move(placed);
    }
    const std::size_t steps = stepsOf(episode);
    for (std::size_t step = 0; step < std::min(steps, results->size()); ++step)
        state.results.putAction(step, steps, (*results)[step]);
    state.dirty = state.actionsDirty = true;
    recount(state, episode);
    emit actionsComputed(comparison_.id, static_cast<int>(episode), *results);
}

void AnalysisWorker::computeStep(std::size_t episode, qint64 step) {
    EpisodeState& state = load(episode);
    const auto at = static_cast<std::size_t>(step);
    const qint64 started = now();
    auto result = analyzer_->step(episode, step, comparison_.quantized.has_value());
    if (!result) {
        giveUp(toQString(result.error().message));
        return;
    }
    if (!std::isfinite(result->sis) || (comparison_.quantized && !std::isfinite(result->gap)))
        state.given[at] = 1;
    if (!result->problem.empty()) {
        state.given[at] = 1;
        emit stepProblem(comparison_.id, toQString(result->problem));
    }
    state.results.put(at, stepsOf(episode), *result);
    state.results.maps.clear();
    state.dirty = true;
    recount(state, episode);
    if (!result->saliency.empty() && analyses_.primary && !project_->readOnly()) {
        const auto stored =
            project_->putMaps(analyses_.primary->id, comparison_.rollouts->info().episodes[episode].name, step,
                              toRecords({result->saliency, result->quantizedSaliency}));
        if (!stored) {
            giveUp(toQString(stored.error().message));
            return;
        }
    }
    state.hasMaps[at] = 1;
    ++computed_;
    const double seconds = static_cast<double>(now() - started) / 1000.0;
    secondsAStep_ = secondsAStep_ == 0 ? seconds : 0.9 * secondsAStep_ + 0.1 * seconds;
    emit stepAnalysed(comparison_.id, static_cast<int>(episode), step, *result);
}

void AnalysisWorker::giveUp(const QString& message) {
    broken_ = true;
    emit failed(comparison_.id, message);
}

void AnalysisWorker::flush() {
    lastFlush_ = now();
    if (!project_ || !analyses_.primary || project_->readOnly())
        return;
    const auto put = [&](RecordId analysis, std::size_t episode, const std::vector<Series>& series) {
        if (auto stored = project_->putSeries(analysis, comparison_.rollouts->info().episodes[episode].name, series);
            !stored)
            emit failed(comparison_.id, toQString(stored.error().message));
    };
    for (std::size_t episode = 0; episode < episodes_.size(); ++episode) {
        EpisodeState& state = episodes_[episode];
        if (std::exchange(state.dirty, false))
            put(analyses_.primary->id, episode, toSeries(state.results, comparison_.quantized.has_value()));
        if (!std::exchange(state.actionsDirty, false))
            continue;
        for (const std::size_t index : others_)
            if (index < analyses_.others.size() && analyses_.others[index] && index < state.results.others.size())
                put(*analyses_.others[index], episode, toSeries(state.results, state.results.others[index]));
    }
}

void AnalysisWorker::reportProgress(const Orders& orders, std::size_t episode) {
    if (lastReport_ != 0 && now() - lastReport_ < kReportMilliseconds)
        return;
    lastReport_ = now();
    for (std::size_t index = 0; index < episodes_.size(); ++index)
        load(index);
    WorkerProgress progress;
    progress.done = done_;
    progress.total = total_;
    progress.secondsLeft =
        secondsAStep_ > 0 ? secondsAStep_ * static_cast<double>(progress.total - progress.done) : std::nan("");
    progress.episode =
        episode < episodes_.size() ? toQString(comparison_.rollouts->info().episodes[episode].name) : QString();
    progress.paused = orders.paused;
    emit progressChanged(comparison_.id, progress);
}

}  // namespace sqil
