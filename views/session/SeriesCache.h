#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "views/session/StepSeries.h"

namespace sqil {

class StudioSession;

/// One series over all episodes, shared with threads that draw or count it: an episode is copied from the session's
/// results only after it has changed. Lives on the GUI thread.
class SeriesCache {
public:
    using Values = std::shared_ptr<const std::vector<float>>;

    explicit SeriesCache(StudioSession& session) : session_(session) {}

    void setSeries(std::optional<StepSeries> series);
    const std::optional<StepSeries>& series() const { return series_; }
    void forget();  ///< other episodes, or other results for all of them
    void markChanged(int episode);
    void update();
    /// By episode, each as long as the episode; NaN where nothing is known. As of the last update().
    const std::vector<Values>& values() const { return values_; }

private:
    StudioSession& session_;
    std::optional<StepSeries> series_;
    std::vector<Values> values_;
    std::vector<char> changed_;
};

}  // namespace sqil
