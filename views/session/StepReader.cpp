#include "views/session/StepReader.h"

#include "core/analysis/AnalyzerFactory.h"
#include "views/session/Paths.h"
#include "views/session/StepPicture.h"

namespace sqil {
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
    wantsNumbers_ = hasPolicy;
    wantsCard_ = hasPolicy;
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

std::optional<StepReader::Work> StepReader::next() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] {
        return stop_ || !settings_.empty() ||
               (hasComparison_ && (frameRequest_ || episodeRequest_ || wantsNumbers_ || wantsCard_));
    });
    Work work;
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
    } else if (hasComparison_ && wantsCard_) {
        work.card = true;
        wantsCard_ = false;
    } else if (hasComparison_ && wantsNumbers_) {
        work.episodeNumbers = nextNumbers_++;
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
        else if (work->episodeWithMaps)
            readEpisode(*work, static_cast<std::size_t>(*work->episodeWithMaps), true);
        else if (work->card)
            readCard(*work);
        else if (work->episodeNumbers)
            readEpisode(*work, *work->episodeNumbers, false);
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

void StepReader::readEpisode(const Work& work, std::size_t episode, bool withMaps) {
    const Comparison& comparison = work.comparison;
    const auto& episodes = comparison.rollouts->info().episodes;
    Project* file = project(comparison.project);
    if (!file || episode >= episodes.size())
        return;
    if (analysesOf_ != comparison.id || !analyses_.primary) {
        analyses_ = findAnalyses(*file, comparison);
        analysesOf_ = comparison.id;
    }
    const std::string& name = episodes[episode].name;
    const auto steps = static_cast<std::size_t>(std::max<std::int64_t>(0, episodes[episode].steps));
    EpisodeResults results;
    if (auto numbers = readNumbers(*file, analyses_, name, steps))
        results = std::move(*numbers);
    else
        emit failed(comparison.id, toQString(numbers.error().message));
    if (withMaps && analyses_.primary)
        if (const auto stored = file->stepsWithMaps(analyses_.primary->id, name))
            for (const std::int64_t step : *stored)
                if (const auto records = file->maps(analyses_.primary->id, name, step); records && !records->empty())
                    results.maps[step] = fromRecords(*records);
    emit episodeRead(comparison.id, static_cast<int>(episode), results);
    if (!withMaps && episode + 1 == episodes.size())
        emit allEpisodesRead(comparison.id);
}

void StepReader::readCard(const Work& work) {
    try {
        const auto card = cardOf(work.comparison.policy.path, work.comparison.rollouts->info());
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
