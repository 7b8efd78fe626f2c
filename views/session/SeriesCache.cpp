#include "views/session/SeriesCache.h"

#include <limits>
#include <utility>

#include "views/session/StudioSession.h"

namespace sqil {

void SeriesCache::setSeries(std::optional<StepSeries> series) {
    series_ = std::move(series);
    forget();
}

void SeriesCache::forget() {
    values_.clear();
    changed_.clear();
}

void SeriesCache::markChanged(int episode) {
    if (episode >= 0 && std::size_t(episode) < changed_.size())
        changed_[std::size_t(episode)] = 1;
}

void SeriesCache::update() {
    const Selection& selection = session_.selection();
    const auto count = static_cast<std::size_t>(selection.episodeCount());
    values_.resize(count);
    changed_.resize(count, 1);
    for (std::size_t episode = 0; episode < count; ++episode) {
        if (!std::exchange(changed_[episode], 0))
            continue;
        const EpisodeResults& results = session_.results().episode(static_cast<int>(episode));
        std::vector<float> values = series_ ? valuesOf(*series_, results, session_.card()) : std::vector<float>{};
        values.resize(static_cast<std::size_t>(selection.stepsOf(static_cast<int>(episode))),
                      std::numeric_limits<float>::quiet_NaN());
        values_[episode] = std::make_shared<const std::vector<float>>(std::move(values));
    }
}

}  // namespace sqil
