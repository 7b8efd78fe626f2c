#pragma once
#include <QString>
#include <filesystem>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/project/Project.h"

namespace sqil {

/// A report of `sqil bench` in the project.
struct BenchmarkReport {
    ResultRecord record;
    nlohmann::json report;  ///< checked: checkReport()
    QString kind;           ///< "policy", "kernels", …
    QString title;          ///< "sample on AMD EPYC (host)"; no other report of the project has it
    QString details;        ///< of a tooltip: machine, command, notes
};

/// How often a policy succeeds, and how long its step takes in one report.
struct SuccessPoint {
    RecordId report = 0;
    QString way;                            ///< "W4A4"
    double milliseconds = 0;                ///< median
    double success = 0, low = 0, high = 0;  ///< share of the episodes, with its 95 % interval
    qint64 episodes = 0;
};

/// What the project has measured.
struct BenchmarkContents {
    std::filesystem::path project;
    std::vector<BenchmarkReport> reports;
    std::vector<SuccessPoint> successes;
    std::string problem;  ///< why nothing could be read
};

/// Reads a project's reports and, where its evaluations are of the same policies, their success. What is no report is
/// left out. Any thread.
BenchmarkContents readBenchmarks(const std::filesystem::path& project);

/// One bar: a way of a policy report, in one measure.
struct BenchmarkValue {
    QString way;
    double value = 0, low = 0, high = 0;  ///< low and high are NaN where there is no interval
};
enum class BenchmarkMeasure { Latency, Memory, Energy, SpeedUp };
QString titleOf(BenchmarkMeasure measure);
QString axisOf(BenchmarkMeasure measure);  ///< with its unit
QString unitOf(BenchmarkMeasure measure);
/// In the order: full precision first, then by name.
std::vector<BenchmarkValue> valuesOf(const nlohmann::json& report, BenchmarkMeasure measure);

/// A kernel under its roofs.
struct KernelPoint {
    QString name;
    double intensity = 0;       ///< operations a byte
    double gigaOperations = 0;  ///< a second
    double gigabytes = 0;       ///< a second
    double arithmeticRoof = 0;  ///< giga-operations a second that its arithmetic can reach at most
};
struct Roofline {
    double readGigabytes = 0, floatGigaOperations = 0, integerGigaOperations = 0;
    std::vector<KernelPoint> kernels;
};
Roofline rooflineOf(const nlohmann::json& report);

}  // namespace sqil
