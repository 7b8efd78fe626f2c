#include "views/session/StepReader.h"

#include <algorithm>

#include "core/analysis/AnalyzerFactory.h"
#include "views/session/CardFiles.h"
#include "views/session/Paths.h"
#include "views/session/StepPicture.h"

namespace sqil {
namespace {

constexpr std::size_t kEpisodesAtOnce = 64;
constexpr int kMostWaiting = 8;  ///< blocks of episodes

}  // namespace

StepReader::StepReader(QObject* parent) : QThread(parent) {
    setObjectName(QStringLiteral("reader"));
    start();
}

StepReader::~StepReader() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    wait();
}

void StepReader::setComparison(const Comparison& comparison, bool hasPolicy) {
    const std::lock_guard lock(mutex_);
    comparison_ = comparison;
    hasComparison_ = true;
    frameRequest_.reset();
    episodeRequest_.reset();
    nextNumbers_ = 0;
    numbersWaiting_ = 0;
    wantsNumbers_ = hasPolicy;
    wantsCard_ = hasPolicy;
    wantsBookmarks_ = comparison.rollouts != nullptr;
    wake_.notify_all();
}

void StepReader::requestFrames(int episode, qint64 step) {
    const std::lock_guard lock(mutex_);
    frameRequest_ = FrameRequest{episode, step};
    wake_.notify_all();
}

void StepReader::requestEpisode(int episode) {
    const std::lock_guard lock(mutex_);
    episodeRequest_ = episode;
    wake_.notify_all();
}

void StepReader::saveSetting(const std::filesystem::path& project, const std::string& name, const std::string& value) {
    const std::lock_guard lock(mutex_);
    std::erase_if(settings_,
                  [&](const Setting& setting) { return setting.project == project && setting.name == name; });
    settings_.push_back({project, name, value});
    wake_.notify_all();
}

void StepReader::numbersTaken() {
    const std::lock_guard lock(mutex_);
    numbersWaiting_ = std::max(0, numbersWaiting_ - 1);
    wake_.notify_all();
}

void StepReader::edit(const std::filesystem::path& project, std::function<Result<void>(Project&)> edit) {
    const std::lock_guard lock(mutex_);
    edits_.push_back({project, std::move(edit)});
    wake_.notify_all();
}

std::optional<StepReader::Work> StepReader::next() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] {
        return stop_ || !settings_.empty() || !edits_.empty() ||
               (hasComparison_ && (frameRequest_ || episodeRequest_ ||
                                   (wantsNumbers_ && numbersWaiting_ < kMostWaiting) || wantsCard_ || wantsBookmarks_));
    });
    Work work;
    if (!edits_.empty()) {  // first: they are short, and what the user did is not to be lost
        work.edit = std::move(edits_.front());
        edits_.pop_front();
        return work;
    }
    if (stop_) {
        if (settings_.empty())
            return std::nullopt;
        work.setting = settings_.front();
        settings_.pop_front();
        return work;
    }
    work.comparison = comparison_;
    if (hasComparison_ && frameRequest_) {
        work.frames = std::exchange(frameRequest_, std::nullopt);
    } else if (hasComparison_ && episodeRequest_) {
        work.episodeWithMaps = std::exchange(episodeRequest_, std::nullopt);
    } else if (hasComparison_ && wantsBookmarks_) {
        work.bookmarks = true;
        wantsBookmarks_ = false;
    } else if (hasComparison_ && wantsCard_) {
        work.card = true;
        wantsCard_ = false;
    } else if (hasComparison_ && wantsNumbers_ && numbersWaiting_ < kMostWaiting) {
        ++numbersWaiting_;
        work.episodeNumbers = nextNumbers_;
        nextNumbers_ += kEpisodesAtOnce;
        if (!comparison_.rollouts || nextNumbers_ >= comparison_.rollouts->info().episodes.size())
            wantsNumbers_ = false;
    } else {
        work.setting = settings_.front();
        settings_.pop_front();
    }
    return work;
}

void StepReader::run() {
    while (auto work = next()) {
        if (work->setting)
            save(*work->setting);
        else if (work->frames)
            readFrames(*work);
        else if (work->edit)
            save(*work->edit);
        else if (work->episodeWithMaps)
            readEpisode(*work, static_cast<std::size_t>(*work->episodeWithMaps));
        else if (work->bookmarks)
            readBookmarks(*work);
        else if (work->card)
            readCard(*work);
        else if (work->episodeNumbers)
            readNumbers(*work, *work->episodeNumbers);
    }
}

Project* StepReader::project(const std::filesystem::path& path) {
    if (project_ && projectPath_ == path)
        return project_.get();
    project_.reset();
    projectPath_ = path;
    if (auto opened = Project::open(path))
        project_ = std::move(*opened);
    return project_.get();
}

void StepReader::save(const Setting& setting) {
    if (Project* file = project(setting.project))
        if (auto saved = file->putSetting(setting.name, setting.value); !saved)
            emit failed(0, toQString(saved.error().message));
}

void StepReader::save(const Edit& edit) {
    if (Project* file = project(edit.project))
        if (auto saved = edit.run(*file); !saved)
            emit failed(0, toQString(saved.error().message));
}

void StepReader::readFrames(const Work& work) {
    StepFrames frames{work.comparison.id, work.frames->episode, work.frames->step, {}};
    Rollouts* rollouts = work.comparison.rollouts.get();
    if (!rollouts)
        return;
    for (const KeySpec& key : rollouts->info().observations) {
        if (!key.isImage())
            continue;
        CameraFrame camera{toQString(key.name), {}, {}};
        const auto block = rollouts->step(static_cast<std::size_t>(frames.episode), key.name, frames.step);
        if (block)
            camera.image = pictureOf(*block, key);
        else
            camera.problem = toQString(block.error().message);
        frames.cameras.push_back(std::move(camera));
    }
    emit framesRead(frames);
}

bool StepReader::prepare(const Comparison& comparison) {
    Project* file = project(comparison.project);
    if (file && (analysesOf_ != comparison.id || !analyses_.primary)) {
        analyses_ = findAnalyses(*file, comparison);
        analysesOf_ = comparison.id;
    }
    return file != nullptr;
}

EpisodeResults StepReader::numbersOf(const Comparison& comparison, std::size_t episode) {
    const EpisodeInfo& info = comparison.rollouts->info().episodes[episode];
    auto numbers = sqil::readNumbers(*project_, analyses_, info.name,
                                     static_cast<std::size_t>(std::max<std::int64_t>(0, info.steps)));
    if (numbers)
        return std::move(*numbers);
    emit failed(comparison.id, toQString(numbers.error().message));
    return {};
}

void StepReader::readEpisode(const Work& work, std::size_t episode) {
    const Comparison& comparison = work.comparison;
    const auto& episodes = comparison.rollouts->info().episodes;
    if (episode >= episodes.size() || !prepare(comparison))
        return;
    EpisodeResults results = numbersOf(comparison, episode);
    const std::string& name = episodes[episode].name;
    if (analyses_.primary)
        if (const auto stored = project_->stepsWithMaps(analyses_.primary->id, name))
            for (const std::int64_t step : *stored)
                if (const auto records = project_->maps(analyses_.primary->id, name, step);
                    records && !records->empty())
                    results.maps[step] = fromRecords(*records);
    emit episodeRead(comparison.id, static_cast<int>(episode), results);
}

void StepReader::readNumbers(const Work& work, std::size_t first) {
    const Comparison& comparison = work.comparison;
    const std::size_t end = std::min(first + kEpisodesAtOnce, comparison.rollouts->info().episodes.size());
    if (first >= end || !prepare(comparison)) {
        numbersTaken();
        return;
    }
    std::vector<EpisodeResults> results;
    for (std::size_t episode = first; episode < end; ++episode)
        results.push_back(numbersOf(comparison, episode));
    emit numbersRead(comparison.id, static_cast<int>(first), results);
    if (end == comparison.rollouts->info().episodes.size())
        emit allEpisodesRead(comparison.id);
}

void StepReader::readBookmarks(const Work& work) {
    Project* file = project(work.comparison.project);
    if (!file)
        return;
    if (auto bookmarks = file->bookmarks(work.comparison.rolloutsRecord.id))
        emit bookmarksRead(work.comparison.id, *bookmarks);
    else
        emit failed(work.comparison.id, toQString(bookmarks.error().message));
}

void StepReader::readCard(const Work& work) {
    try {
        const auto card =
            cardOf(work.comparison.policy.path, work.comparison.rollouts->info(), cardFile(work.comparison.policy));
        if (card)
            emit cardRead(work.comparison.id, *card);
        else
            emit failed(work.comparison.id, toQString(card.error().message));
    } catch (const std::exception& problem) {
        emit failed(work.comparison.id,
                    toQString(work.comparison.policy.path) + QStringLiteral(": ") + QString::fromUtf8(problem.what()));
    }
}

}  // namespace sqil
