#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "core/base/Result.h"
#include "core/train/TrainMetrics.h"

namespace sqil {

/// A training run's log: one line of JSON a report (toJson(TrainMetrics)), flushed line by line.
class MetricsLog {
public:
    /// Starts the log anew, or, for a run that goes on at step `resumedAt`, after its line of that step.
    static Result<MetricsLog> open(const std::filesystem::path& path, std::int64_t resumedAt);
    Result<void> append(const TrainMetrics& metrics);

private:
    MetricsLog(std::filesystem::path path, std::ofstream stream);
    std::filesystem::path path_;
    std::ofstream stream_;
};

}  // namespace sqil
