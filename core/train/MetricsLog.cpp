#include "core/train/MetricsLog.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <sstream>

#include <nlohmann/json.hpp>

#include "core/base/AtomicFile.h"

namespace sqil {
namespace {

nlohmann::json number(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

/// The lines of a log up to a step; what is no line of a log is dropped.
std::string linesUntil(const std::string& text, std::int64_t step) {
    std::istringstream stream(text);
    std::string kept, line;
    while (std::getline(stream, line)) {
        const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
        if (json.is_object() && json.contains("step") && json["step"].is_number_integer() &&
            json["step"].get<std::int64_t>() <= step)
            kept += line + '\n';
    }
    return kept;
}

}  // namespace

std::string toJson(const TrainMetrics& metrics) {
    nlohmann::json json{{"step", metrics.step},
                        {"steps", metrics.steps},
                        {"epoch", number(metrics.epoch)},
                        {"loss", number(metrics.loss)},
                        {"qat", number(metrics.qat)},
                        {"qrd_critical", number(metrics.qrdCritical)},
                        {"qrd_other", number(metrics.qrdOther)},
                        {"learning_rate", number(metrics.learningRate)},
                        {"gradient_norm", number(metrics.gradientNorm)},
                        {"steps_per_second", number(metrics.stepsPerSecond)}};
    if (metrics.evaluated)
        json.update({{"held_out_gap", number(metrics.heldOutGap)},
                     {"held_out_gap_critical", number(metrics.heldOutGapCritical)},
                     {"held_out_gap_other", number(metrics.heldOutGapOther)},
                     {"held_out_qat", number(metrics.heldOutQat)},
                     {"weight_step", number(metrics.weightStep)},
                     {"activation_step", number(metrics.activationStep)},
                     {"best", metrics.isBest}});
    return json.dump();
}

MetricsLog::MetricsLog(std::filesystem::path path, std::ofstream stream)
    : path_(std::move(path)), stream_(std::move(stream)) {}

Result<MetricsLog> MetricsLog::open(const std::filesystem::path& path, std::int64_t resumedAt) {
    std::string before;
    if (resumedAt > 0)
        if (const auto text = readTextFile(path, std::size_t{1} << 30))
            before = linesUntil(*text, resumedAt);
    if (auto written = writeTextFile(path, before); !written)
        return tl::unexpected(written.error());
    std::ofstream stream(path, std::ios::app | std::ios::binary);
    if (!stream)
        return fail(ErrorKind::Io, path.string() + ": cannot be opened for writing: " + std::strerror(errno));
    return MetricsLog(path, std::move(stream));
}

Result<void> MetricsLog::append(const TrainMetrics& metrics) {
    errno = 0;
    stream_ << toJson(metrics) << '\n' << std::flush;
    if (!stream_)
        return fail(ErrorKind::Io, path_.string() + ": cannot be written (" + std::strerror(errno) +
                                       "). Check that the folder exists, is writable and has space.");
    return {};
}

}  // namespace sqil
