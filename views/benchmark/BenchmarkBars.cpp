#include "views/benchmark/BenchmarkBars.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>

#include "views/session/Paths.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(BenchmarkBars)
};

/// Bars as they are found; groups and series appear in the order of their first bar. Series of different reports stay
/// apart whatever they are called.
class Collector {
public:
    void add(const BenchmarkReport& report, const QString& series, const QString& group, const IntervalBar& bar) {
        if (!std::isfinite(bar.value))
            return;
        if (!bars_.groups.contains(group))
            bars_.groups << group;
        const std::pair key(report.record.id, series);
        const auto found = std::size_t(std::ranges::find(keys_, key) - keys_.begin());
        if (found == keys_.size()) {
            keys_.push_back(key);
            bars_.series.push_back({series, {}});
        }
        std::vector<IntervalBar>& bars = bars_.series[found].bars;
        const auto place = std::size_t(bars_.groups.indexOf(group));
        if (bars.size() <= place)
            bars.resize(place + 1, {kNone, kNone, kNone});
        bars[place] = bar;
    }

    BenchmarkBars take(const QString& axis, const QString& unit) {
        for (IntervalBars::Series& series : bars_.series)
            series.bars.resize(std::size_t(bars_.groups.size()), {kNone, kNone, kNone});
        bars_.axis = axis;
        bars_.unit = unit;
        return std::move(bars_);
    }

private:
    BenchmarkBars bars_;
    std::vector<std::pair<RecordId, QString>> keys_;  ///< of each series
};

/// {"median" + unit, "low" + unit, "high" + unit}, as reports have it; no number where one is missing.
IntervalBar intervalIn(const json& parent, const std::string& name, const char* unit) {
    const json entry = parent.value(name, json::object());
    const auto number = [&](const char* part) {
        const auto value = entry.find(std::string(part) + unit);
        return value != entry.end() && value->is_number() ? value->get<double>() : kNone;
    };
    return {number("median"), number("low"), number("high")};
}

/// One way as people call it, in the order in which they are drawn.
struct Way {
    const char* key;
    QString text;
};

/// "onnxruntime resnet34-…-qdq" as it fits under a bar.
QString shortWay(const QString& way) {
    return way.startsWith(QLatin1String("onnxruntime")) ? QStringLiteral("ONNX Runtime") : way;
}

}  // namespace

BenchmarkBars barsOf(const Reports& policies, BenchmarkMeasure measure) {
    Collector bars;
    for (const BenchmarkReport* one : policies)
        for (const BenchmarkValue& value : valuesOf(one->report, measure))
            bars.add(*one, one->title, shortWay(value.way), {value.value, value.low, value.high});
    return bars.take(axisOf(measure), unitOf(measure));
}

BenchmarkBars barsOfTraining(const Reports& reports, bool relative) {
    const Way ways[] = {{"full_precision", Texts::tr("full precision")},
                        {"quantized", Texts::tr("quantized")},
                        {"pytorch", Texts::tr("PyTorch's quantizers")}};
    Collector bars;
    for (const BenchmarkReport* one : reports)
        for (const Way& way : ways)
            bars.add(*one, one->title, way.text,
                     relative ? intervalIn(one->report.value("ratios", json::object()),
                                           std::string(way.key) + "_over_full_precision", "")
                              : intervalIn(one->report.at("ways"), way.key, "_ms"));
    return relative ? bars.take(Texts::tr("time of a step over full precision's"), QStringLiteral("×"))
                    : bars.take(Texts::tr("one training step, median (ms)"), QStringLiteral("ms"));
}

BenchmarkBars barsOfSaliency(const Reports& reports, bool relative) {
    const Way ways[] = {{"auto", Texts::tr("this program")},
                        {"batched", Texts::tr("this program, whole frames")},
                        {"pytorch_batched", Texts::tr("PyTorch, batched")},
                        {"published", Texts::tr("published loop")}};
    Collector bars;
    for (const BenchmarkReport* one : reports)
        for (const json& entry : one->report.at("cases"))
            for (const Way& way : ways)
                bars.add(*one, reports.size() > 1 ? Texts::tr("%1, %2").arg(way.text, one->title) : way.text,
                         toQString(entry.at("name").get<std::string>()),
                         relative ? intervalIn(entry.value("ratios", json::object()),
                                               std::string(way.key) + "_over_auto", "")
                                  : intervalIn(entry.at("ways"), way.key, "_ms"));
    return relative ? bars.take(Texts::tr("time of a frame over this program's"), QStringLiteral("×"))
                    : bars.take(Texts::tr("saliency of one frame, median (ms)"), QStringLiteral("ms"));
}

BenchmarkBars barsOfRollouts(const Reports& reports) {
    const Way ways[] = {{"this_program", Texts::tr("this program")},
                        {"loop_a_core", Texts::tr("a Python loop on each core")},
                        {"plain_loop", Texts::tr("one Python loop")}};
    Collector bars;
    for (const BenchmarkReport* one : reports)
        for (const Way& way : ways)
            bars.add(*one, one->title, way.text, intervalIn(one->report.at("ways"), way.key, "_steps_per_second"));
    return bars.take(Texts::tr("steps a second, median"), Texts::tr("steps/s"));
}

}  // namespace sqil
