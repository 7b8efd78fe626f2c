#include "views/rollouts/Thumbnails.h"

#include <algorithm>

#include "views/session/StepPicture.h"

namespace sqil {
namespace {

constexpr int kMostKept = 600;
constexpr std::size_t kMostAsked = 64;  ///< older requests have scrolled out of view

QImage pictureAt(Rollouts& rollouts, int episode, const std::string& camera, std::int64_t step) {
    const KeySpec* key = rollouts.info().observation(camera);
    const auto block = key ? rollouts.step(std::size_t(episode), camera, step) : Result<StepBlock>(StepBlock{});
    if (!key || !block)
        return {};
    const QImage image = pictureOf(*block, *key);
    return image.isNull() ? image : image.scaledToHeight(Thumbnails::kHeight, Qt::SmoothTransformation);
}

}  // namespace

Thumbnails::Thumbnails(QObject* parent) : QObject(parent), kept_(kMostKept) {
    pool_.setMaxThreadCount(1);
}

Thumbnails::~Thumbnails() {
    pool_.waitForDone();
}

void Thumbnails::setRollouts(std::shared_ptr<Rollouts> rollouts) {
    ++generation_;
    rollouts_ = std::move(rollouts);
    camera_.clear();
    kept_.clear();
    asked_.clear();
    if (!rollouts_)
        return;
    const auto& keys = rollouts_->info().observations;
    const auto camera = std::find_if(keys.begin(), keys.end(), [](const KeySpec& key) { return key.isImage(); });
    if (camera != keys.end())
        camera_ = QString::fromStdString(camera->name);
}

const EpisodePictures* Thumbnails::get(int episode) {
    if (const EpisodePictures* pictures = kept_.object(episode))
        return pictures;
    if (!hasCamera() || rollouts_->info().episodes[std::size_t(episode)].steps <= 0)
        return nullptr;
    std::erase(asked_, episode);
    asked_.push_back(episode);
    if (asked_.size() > kMostAsked)
        asked_.erase(asked_.begin());
    startNext();
    return nullptr;
}

void Thumbnails::startNext() {
    if (isReading_ || asked_.empty())
        return;
    isReading_ = true;
    const int episode = asked_.back();
    asked_.pop_back();
    pool_.start([this, episode, generation = generation_, rollouts = rollouts_, camera = camera_.toStdString()] {
        const std::int64_t steps = rollouts->info().episodes[std::size_t(episode)].steps;
        EpisodePictures pictures{pictureAt(*rollouts, episode, camera, 0),
                                 pictureAt(*rollouts, episode, camera, steps / 2)};
        QMetaObject::invokeMethod(
            this,
            [this, episode, generation, pictures = std::move(pictures)] {
                isReading_ = false;
                if (generation == generation_) {
                    kept_.insert(episode, new EpisodePictures(pictures));
                    emit ready(episode);
                }
                startNext();
            },
            Qt::QueuedConnection);
    });
}

}  // namespace sqil
