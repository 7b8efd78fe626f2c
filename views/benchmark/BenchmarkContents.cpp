#include "views/benchmark/BenchmarkContents.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/bench/ReportStore.h"
#include "core/quant/QuantSpec.h"
#include "views/session/Paths.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Benchmark)
};

QString textIn(const json& object, const char* name) {
    const auto value = object.find(name);
    return value != object.end() && value->is_string() ? toQString(value->get<std::string>()) : QString();
}

double numberIn(const json& object, const char* name) {
    const auto value = object.find(name);
    return value != object.end() && value->is_number() ? value->get<double>() : kNone;
}

bool isFull(const std::string& way) {
    return way == "float32" || way == "fake quantized";
}

/// "policy.pt2", "policy.pt2 trained at W4A4", "saliency", …
QString whatOf(const json& report, const QString& kind) {
    const QString policy = textIn(report, "policy");
    if (kind == QLatin1String("policy"))
        return policy;
    if (kind == QLatin1String("train"))
        return Texts::tr("%1 trained at %2").arg(policy, textIn(report, "quantization"));
    if (kind == QLatin1String("rollouts"))
        return Texts::tr("%1 in %2").arg(policy, textIn(report, "environment"));
    return kind == QLatin1String("saliency") ? Texts::tr("saliency") : kind;
}

QString titleOf(const json& report) {
    const json& machine = report.at("machine");
    QString place = textIn(machine.value("gpu", json::object()), "name");
    if (place.isEmpty())
        place = textIn(machine, "processor");
    if (const QString host = textIn(machine, "host"); !host.isEmpty())
        place = place.isEmpty() ? host : QStringLiteral("%1 (%2)").arg(place, host);
    if (place.isEmpty())
        place = Texts::tr("unknown machine");
    const QString kind = textIn(report, "benchmark");
    const QString what = whatOf(report, kind);
    const double threads = numberIn(machine, "threads");
    if (!std::isfinite(threads))
        return Texts::tr("%1 on %2").arg(what, place);
    return threads == 1 ? Texts::tr("%1 on %2, 1 thread").arg(what, place)
                        : Texts::tr("%1 on %2, %3 threads").arg(what, place).arg(threads);
}

QString deviceOf(const BenchmarkReport& one) {
    return textIn(one.report, "device");
}

QString dateOf(const BenchmarkReport& one) {
    return toQString(one.record.createdAt);
}

QString numberOf(const BenchmarkReport& one) {
    return Texts::tr("no. %1").arg(qlonglong(one.record.id));
}

/// Measurements of one thing on one machine are called by what differs as well: the device, the time, else a number.
void tellApart(std::vector<BenchmarkReport>& reports) {
    for (const auto& markOf : {deviceOf, dateOf, numberOf}) {
        std::map<QString, std::set<QString>> marks;
        for (const BenchmarkReport& one : reports)
            marks[one.title].insert(markOf(one));
        for (BenchmarkReport& one : reports)
            if (const QString mark = markOf(one); marks[one.title].size() > 1 && !mark.isEmpty())
                one.title = QStringLiteral("%1, %2").arg(one.title, mark);
    }
}

QString detailsOf(const ResultRecord& record, const json& report) {
    QStringList lines{Texts::tr("Measured %1").arg(toQString(record.createdAt))};
    for (const auto& [name, value] : report.at("machine").items())
        if (lines.size() < 16 && (value.is_string() || value.is_number()))
            lines << QStringLiteral("%1: %2").arg(
                toQString(name), value.is_string() ? toQString(value.get<std::string>()) : toQString(value.dump()));
    if (const QString command = textIn(report, "command"); !command.isEmpty())
        lines << command;
    if (report.contains("notes") && report["notes"].is_array())
        for (const json& note : report["notes"])
            if (note.is_string() && lines.size() < 24)
                lines << toQString(note.get<std::string>());
    return lines.join(QLatin1Char('\n')).left(4000);
}

/// An evaluation's policy as the benchmarks call it: whose file, and which way of it.
struct EvaluatedAs {
    std::filesystem::path policy;
    std::string way;
};

std::vector<EvaluatedAs> namesOf(const Project& project, const std::string& stored) {
    std::vector<EvaluatedAs> names;
    const auto path = project.restoredPath(stored);
    names.push_back({path, "float32"});
    names.push_back({path, "packed"});
    const auto policies = project.policies();
    if (!policies)
        return names;
    for (const PolicyRecord& record : *policies) {
        if (record.path != path || record.quantizationJson.empty() || !record.parent)
            continue;
        const json recipe = json::parse(record.quantizationJson, nullptr, false);
        const auto spec = parseQuantSpec(recipe.is_object() && recipe.contains("spec") ? recipe["spec"].dump()
                                                                                       : record.quantizationJson);
        for (const PolicyRecord& parent : *policies)
            if (spec && parent.id == *record.parent)
                names.push_back({parent.path, shortName(*spec)});
    }
    return names;
}

void addSuccesses(const Project& project, BenchmarkContents& contents) {
    const auto evaluations = project.results("evaluation");
    if (!evaluations)
        return;
    for (const ResultRecord& record : *evaluations) {
        const json evaluation = json::parse(record.resultJson, nullptr, false);
        const json rate = evaluation.is_object() ? evaluation.value("success", json()) : json();
        if (!rate.is_object() || !evaluation.contains("policy") || !evaluation["policy"].is_string())
            continue;
        SuccessPoint point;
        point.success = numberIn(rate, "rate");
        point.low = numberIn(rate, "low");
        point.high = numberIn(rate, "high");
        const double episodes = numberIn(evaluation, "episodes");
        point.episodes = std::isfinite(episodes) ? qint64(episodes) : 0;
        if (!std::isfinite(point.success))
            continue;
        const auto names = namesOf(project, evaluation["policy"].get<std::string>());
        for (const BenchmarkReport& one : contents.reports) {
            const json given = one.report.value("parameters_given", json::object());
            if (one.kind != QLatin1String("policy") || !given.is_object())
                continue;
            const auto policy = project.restoredPath(textIn(given, "policy").toStdString());
            for (const EvaluatedAs& name : names) {
                const json& ways = one.report.at("ways");
                if (name.policy != policy || !ways.contains(name.way))
                    continue;
                point.report = one.record.id;
                point.way = toQString(name.way);
                point.milliseconds = ways.at(name.way).at("median_ms").get<double>();
                contents.successes.push_back(point);
            }
        }
    }
}

}  // namespace

BenchmarkContents readBenchmarks(const std::filesystem::path& path) {
    BenchmarkContents contents;
    contents.project = path;
    if (path.empty())
        return contents;
    const auto project = Project::open(path);
    const auto results = project ? (*project)->results(kBenchmarkResult)
                                 : Result<std::vector<ResultRecord>>(tl::unexpected(project.error()));
    if (!results) {
        contents.problem = results.error().message;
        return contents;
    }
    for (const ResultRecord& record : *results) {
        json report = json::parse(record.resultJson, nullptr, false);
        if (report.is_discarded() || !checkReport(report))
            continue;
        const QString title = titleOf(report), details = detailsOf(record, report);
        const QString kind = textIn(report, "benchmark");
        contents.reports.push_back({record, std::move(report), kind, title, details});
    }
    tellApart(contents.reports);
    addSuccesses(**project, contents);
    return contents;
}

QString titleOf(BenchmarkMeasure measure) {
    switch (measure) {
        case BenchmarkMeasure::Latency:
            return Texts::tr("Latency");
        case BenchmarkMeasure::Memory:
            return Texts::tr("Memory");
        case BenchmarkMeasure::Energy:
            return Texts::tr("Energy");
        case BenchmarkMeasure::SpeedUp:
            return Texts::tr("Speed-up");
    }
    return {};
}

QString axisOf(BenchmarkMeasure measure) {
    switch (measure) {
        case BenchmarkMeasure::Latency:
            return Texts::tr("one step, median (ms)");
        case BenchmarkMeasure::Memory:
            return Texts::tr("weights (MB)");
        case BenchmarkMeasure::Energy:
            return Texts::tr("energy an action (mJ)");
        case BenchmarkMeasure::SpeedUp:
            return Texts::tr("times full precision");
    }
    return {};
}

QString unitOf(BenchmarkMeasure measure) {
    switch (measure) {
        case BenchmarkMeasure::Latency:
            return QStringLiteral("ms");
        case BenchmarkMeasure::Memory:
            return QStringLiteral("MB");
        case BenchmarkMeasure::Energy:
            return QStringLiteral("mJ");
        case BenchmarkMeasure::SpeedUp:
            return QStringLiteral("×");
    }
    return {};
}

std::vector<BenchmarkValue> valuesOf(const json& report, BenchmarkMeasure measure) {
    std::vector<BenchmarkValue> values;
    std::vector<std::string> names;
    std::string full;
    for (const auto& [name, way] : report.at("ways").items()) {
        names.push_back(name);
        if (isFull(name))
            full = name;
    }
    std::ranges::stable_sort(names, [](const std::string& a, const std::string& b) { return isFull(a) > isFull(b); });
    for (const std::string& name : names) {
        const json& way = report.at("ways").at(name);
        BenchmarkValue value{toQString(name), kNone, kNone, kNone};
        if (measure == BenchmarkMeasure::Latency)
            value = {value.way, numberIn(way, "median_ms"), numberIn(way, "low_ms"), numberIn(way, "high_ms")};
        else if (measure == BenchmarkMeasure::Memory)
            value.value = numberIn(way, "weights_mb");
        else if (measure == BenchmarkMeasure::Energy)
            value.value = numberIn(way, "energy_mj");
        else if (const json ratio = report.value("ratios", json::object()).value(full + "_over_" + name, json());
                 ratio.is_object())
            value = {value.way, numberIn(ratio, "median"), numberIn(ratio, "low"), numberIn(ratio, "high")};
        if (std::isfinite(value.value))
            values.push_back(std::move(value));
    }
    return values;
}

/// Integers have a roof of their own; where activations are two integer digits, each weight is multiplied twice.
static double arithmeticRoofOf(const json& entry, const Roofline& roofline) {
    const double digits = numberIn(entry, "digits");
    if (digits >= 1)
        return roofline.integerGigaOperations / digits;
    return entry.value("integers", json(false)) == true ? roofline.integerGigaOperations : roofline.floatGigaOperations;
}

Roofline rooflineOf(const json& report) {
    const json& roofs = report.at("roofs");
    Roofline roofline{numberIn(roofs, "read_gb_per_s"),
                      numberIn(roofs, "float_gflop_per_s"),
                      numberIn(roofs, "integer_gop_per_s"),
                      {}};
    for (const json& entry : report.at("cases")) {
        const double bytes = numberIn(entry, "bytes"), operations = numberIn(entry, "operations");
        const double seconds = numberIn(entry.at("ways").at(entry.at("own").get<std::string>()), "median_ms") / 1e3;
        if (bytes > 0 && operations > 0)
            roofline.kernels.push_back({textIn(entry, "name"), operations / bytes, operations / seconds / 1e9,
                                        bytes / seconds / 1e9, arithmeticRoofOf(entry, roofline)});
    }
    return roofline;
}

}  // namespace sqil
