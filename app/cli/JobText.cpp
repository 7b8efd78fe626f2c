#include "app/cli/JobText.h"

#include <cstdio>
#include <ctime>

namespace sqil::cli {
namespace {

using nlohmann::json;

std::string timeText(std::int64_t milliseconds, const char* format) {
    const std::time_t seconds = milliseconds / 1000;
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[64];
    std::strftime(text, sizeof text, format, &local);
    return text;
}

std::string durationText(double seconds) {
    char text[64];
    const auto whole = static_cast<long long>(seconds + 0.5);
    if (whole < 60)
        std::snprintf(text, sizeof text, "%lld s", whole);
    else if (whole < 3600)
        std::snprintf(text, sizeof text, "%lld min %02lld s", whole / 60, whole % 60);
    else
        std::snprintf(text, sizeof text, "%lld h %02lld min", whole / 3600, whole / 60 % 60);
    return text;
}

std::string progressText(const JobRecord& job) {
    std::string text;
    if (job.isGroup())
        return std::to_string(job.done) + " of " + std::to_string(job.total) + " jobs";
    if (job.state != JobState::Running)
        return text;
    text = job.stage;
    if (job.total > 0)
        text += " " + std::to_string(job.done) + "/" + std::to_string(job.total);
    if (const auto left = job.secondsLeft(millisecondsNow()))
        text += ", " + durationText(*left) + " left";
    return text;
}

std::string stateText(const JobRecord& job) {
    std::string state(nameOf(job.state));
    if (job.state == JobState::Running && job.request != JobRequest::None)
        state = job.request == JobRequest::Pause ? "pausing" : "cancelling";
    if (job.state == JobState::Queued && job.leaseUntil > millisecondsNow())
        state = "starting";
    return state;
}

json parsed(const std::string& text) {
    const json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
    return value.is_discarded() ? json() : value;
}

}  // namespace

std::string tableOf(std::span<const JobRecord> jobs) {
    std::string text = "  job  state       kind            name                                      progress\n";
    const auto addLine = [&](const JobRecord& job, const char* indent) {
        const std::string name = indent + job.name;
        char line[512];
        std::snprintf(line, sizeof line, "%5lld  %-10s  %-14s  %-40s  %s\n", static_cast<long long>(job.id),
                      stateText(job).c_str(), job.kind.c_str(), name.c_str(), progressText(job).c_str());
        text += line;
    };
    for (const JobRecord& job : jobs) {
        if (job.parent)
            continue;
        addLine(job, "");
        for (const JobRecord& below : jobs)
            if (below.parent == job.id)
                addLine(below, "  ");
    }
    return text;
}

std::string textOf(const JobRecord& job) {
    std::string text = "job " + std::to_string(job.id) + ": " + job.name + " (" + job.kind + "), " + stateText(job);
    if (const std::string progress = progressText(job); !progress.empty())
        text += ", " + progress;
    if (job.startedAt > 0)
        text += ", " + durationText(job.activeSeconds(millisecondsNow()));
    text += '\n';
    if (!job.message.empty())
        text += "  " + job.message + '\n';
    const json result = parsed(job.resultJson);
    if (result.is_object()) {
        const json summary = result.value("summary", json::object()), outputs = result.value("outputs", json::object());
        for (const auto& [name, value] : summary.items())
            text += "  " + name + ": " + (value.is_string() ? value.get<std::string>() : value.dump()) + '\n';
        for (const auto& [name, path] : outputs.items())
            text += "  " + name + ": " + path.get<std::string>() + '\n';
    }
    return text;
}

std::string textOf(const JobLogLine& line) {
    static constexpr const char* levels[] = {"", "warning: ", "error: "};
    return timeText(line.time, "%H:%M:%S") + "  " + (line.level >= 0 && line.level < 3 ? levels[line.level] : "") +
           line.text;
}

std::string textOf(const JobEstimate& estimate) {
    char text[256];
    std::snprintf(text, sizeof text,
                  "about %s: %s of setting up, then %lld %s of %.3g s each\nmemory: %.2f GiB at the most so far\n",
                  durationText(estimate.seconds).c_str(), durationText(estimate.setupSeconds).c_str(),
                  static_cast<long long>(estimate.units), estimate.unit.c_str(), estimate.unitSeconds,
                  static_cast<double>(estimate.memoryBytes) / (1 << 30));
    return text;
}

json jsonOf(const JobRecord& job) {
    json result{{"id", job.id},
                {"name", job.name},
                {"kind", job.kind},
                {"state", nameOf(job.state)},
                {"parameters", parsed(job.parametersJson)},
                {"priority", job.priority},
                {"device", job.device},
                {"launcher", job.launcher},
                {"attempt", job.attempt},
                {"stage", job.stage},
                {"done", job.done},
                {"total", job.total},
                {"needs", job.needs},
                {"created_at", job.createdAt},
                {"started_at", job.startedAt},
                {"ended_at", job.endedAt},
                {"seconds", job.activeSeconds(millisecondsNow())},
                {"message", job.message},
                {"result", parsed(job.resultJson)}};
    if (job.parent)
        result["parent"] = *job.parent;
    if (job.request != JobRequest::None)
        result["request"] = job.request == JobRequest::Pause ? "pause" : "cancel";
    if (!job.workerJson.empty())
        result["worker"] = parsed(job.workerJson);
    if (const auto left = job.secondsLeft(millisecondsNow()))
        result["seconds_left"] = *left;
    return result;
}

}  // namespace sqil::cli
