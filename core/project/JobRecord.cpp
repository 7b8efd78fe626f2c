#include "core/project/JobRecord.h"

#include <algorithm>
#include <chrono>

namespace sqil {
namespace {

constexpr std::pair<JobState, std::string_view> kNames[] = {
    {JobState::Queued, "queued"},     {JobState::Running, "running"}, {JobState::Paused, "paused"},
    {JobState::Finished, "finished"}, {JobState::Failed, "failed"},   {JobState::Cancelled, "cancelled"}};

}  // namespace

std::string_view nameOf(JobState state) {
    for (const auto& [value, name] : kNames)
        if (value == state)
            return name;
    return {};
}

std::optional<JobState> jobStateNamed(std::string_view name) {
    for (const auto& [value, known] : kNames)
        if (known == name)
            return value;
    return std::nullopt;
}

double JobRecord::share() const {
    if (state == JobState::Finished)
        return 1;
    return total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 0;
}

std::optional<double> JobRecord::secondsLeft(std::int64_t now) const {
    const std::int64_t made = done - stageFrom;
    if (state != JobState::Running || total <= done || made <= 0 || now <= stageAt)
        return std::nullopt;
    return static_cast<double>(now - stageAt) / 1000 * static_cast<double>(total - done) / static_cast<double>(made);
}

double JobRecord::activeSeconds(std::int64_t now) const {
    const std::int64_t current = state == JobState::Running ? std::max<std::int64_t>(0, now - startedAt) : 0;
    return static_cast<double>(activeMilliseconds + current) / 1000;
}

std::int64_t millisecondsNow() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace sqil
