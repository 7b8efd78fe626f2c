#include "core/bench/ReportStore.h"

#include <cmath>
#include <ctime>
#include <fstream>
#include <initializer_list>
#include <set>

namespace sqil {
namespace {

using nlohmann::json;

constexpr std::uintmax_t kMostBytes = std::uintmax_t{64} << 20;
constexpr std::size_t kMostReports = 256, kMostWays = 256, kMostCases = 1024;
constexpr double kLargest = 1e18;  // of anything that is drawn

std::string timeNow() {
    char text[32];
    const std::time_t seconds = std::time(nullptr);
    std::tm parts{};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
    return text;
}

Result<void> checkNumber(const json& object, const char* name, const std::string& where, bool required) {
    const auto value = object.find(name);
    if (value == object.end() && !required)
        return {};
    if (value == object.end() || !value->is_number())
        return fail(ErrorKind::BadInput, where + ": \"" + name + "\": expected a number");
    const double number = value->get<double>();
    if (!std::isfinite(number) || number < 0 || number > kLargest)
        return fail(ErrorKind::BadInput,
                    where + ": \"" + name + "\" is " + value->dump() + "; expected a number from 0 to 1e18");
    return {};
}

Result<void> checkNumbers(const json& object, std::initializer_list<const char*> required,
                          std::initializer_list<const char*> optional, const std::string& where) {
    if (!object.is_object())
        return fail(ErrorKind::BadInput, where + ": expected an object");
    for (const char* name : required)
        if (auto checked = checkNumber(object, name, where, true); !checked)
            return checked;
    for (const char* name : optional)
        if (auto checked = checkNumber(object, name, where, false); !checked)
            return checked;
    return {};
}

/// The entries of an object of objects.
Result<void> checkEach(const json& parent, const char* name, std::initializer_list<const char*> required,
                       std::initializer_list<const char*> optional, const std::string& where) {
    const auto entries = parent.find(name);
    if (entries == parent.end() || !entries->is_object() || entries->empty() || entries->size() > kMostWays)
        return fail(ErrorKind::BadInput, where + ": \"" + name + "\": expected an object with 1 to 256 entries");
    for (const auto& [key, entry] : entries->items())
        if (auto checked = checkNumbers(entry, required, optional, where + "." + name + "." + key); !checked)
            return checked;
    return {};
}

Result<void> checkRatios(const json& report, const std::string& where) {
    return report.contains("ratios") ? checkEach(report, "ratios", {"median", "low", "high"}, {}, where)
                                     : Result<void>();
}

Result<void> checkPolicy(const json& report) {
    if (auto checked = checkEach(report, "ways", {"median_ms", "low_ms", "high_ms"},
                                 {"weights_mb", "step_mb", "energy_mj", "distance", "best_ms", "cold_ms",
                                  "actions_per_second", "times_control_rate"},
                                 "policy");
        !checked)
        return checked;
    return checkRatios(report, "policy");
}

Result<void> checkKernels(const json& report) {
    if (auto checked = checkNumbers(report.value("roofs", json()),
                                    {"read_gb_per_s", "float_gflop_per_s", "integer_gop_per_s"}, {}, "kernels.roofs");
        !checked)
        return checked;
    const auto cases = report.find("cases");
    if (cases == report.end() || !cases->is_array() || cases->size() > kMostCases)
        return fail(ErrorKind::BadInput, "kernels: \"cases\": expected a list of at most 1024");
    for (std::size_t index = 0; index < cases->size(); ++index) {
        const json& entry = cases->at(index);
        const std::string where = "kernels.cases[" + std::to_string(index) + "]";
        if (auto checked = checkNumbers(entry, {"bytes", "operations"}, {}, where); !checked)
            return checked;
        for (const char* name : {"name", "own"})
            if (!entry.contains(name) || !entry.at(name).is_string())
                return fail(ErrorKind::BadInput, where + ": \"" + name + "\": expected a text");
        if (auto checked = checkEach(entry, "ways", {"median_ms", "low_ms", "high_ms"}, {"best_ms"}, where); !checked)
            return checked;
        const std::string own = entry.at("own").get<std::string>();
        if (!entry.at("ways").contains(own) || entry.at("ways").at(own).at("median_ms").get<double>() <= 0)
            return fail(ErrorKind::BadInput, where + ": has no time of \"" + own + "\"");
    }
    return {};
}

Result<void> checkTrain(const json& report) {
    if (auto checked = checkEach(report, "ways", {"median_ms", "low_ms", "high_ms"}, {}, "train"); !checked)
        return checked;
    return checkRatios(report, "train");
}

Result<void> checkSaliency(const json& report) {
    const auto cases = report.find("cases");
    if (cases == report.end() || !cases->is_array() || cases->size() > kMostCases)
        return fail(ErrorKind::BadInput, "saliency: \"cases\": expected a list of at most 1024");
    for (std::size_t index = 0; index < cases->size(); ++index) {
        const json& entry = cases->at(index);
        const std::string where = "saliency.cases[" + std::to_string(index) + "]";
        if (!entry.is_object() || !entry.contains("name") || !entry.at("name").is_string())
            return fail(ErrorKind::BadInput, where + ": \"name\": expected a text");
        if (auto checked = checkEach(entry, "ways", {"median_ms", "low_ms", "high_ms"}, {}, where); !checked)
            return checked;
        if (auto checked = checkRatios(entry, where); !checked)
            return checked;
    }
    return {};
}

Result<void> checkRollouts(const json& report) {
    return checkEach(report, "ways", {"median_steps_per_second", "low_steps_per_second", "high_steps_per_second"}, {},
                     "rollouts");
}

std::string textIn(const json& object, const char* name) {
    const auto value = object.find(name);
    return value != object.end() && value->is_string() ? value->get<std::string>() : std::string();
}

}  // namespace

void addOrigin(json& report, const std::string& command, const json& parameters) {
    report["command"] = command;
    report["parameters_given"] = parameters;
    report["made_at"] = timeNow();
}

Result<void> checkReport(const json& report) {
    static const std::set<std::string> kinds{"policy", "kernels", "saliency", "train", "rollouts"};
    if (!report.is_object())
        return fail(ErrorKind::BadInput, "expected a report of sqil bench: a JSON object");
    const std::string kind = textIn(report, "benchmark");
    if (!kinds.contains(kind))
        return fail(ErrorKind::BadInput,
                    kind.empty()
                        ? "\"benchmark\": missing; expected a report of sqil bench"
                        : "\"benchmark\" is \"" + kind + "\"; expected policy, kernels, saliency, train or rollouts");
    if (!report.contains("machine") || !report.at("machine").is_object())
        return fail(ErrorKind::BadInput, kind + ": \"machine\": missing; expected what it was measured on");
    if (kind == "policy")
        return checkPolicy(report);
    if (kind == "kernels")
        return checkKernels(report);
    if (kind == "train")
        return checkTrain(report);
    return kind == "saliency" ? checkSaliency(report) : checkRollouts(report);
}

Result<std::vector<json>> readReports(const std::filesystem::path& file) {
    std::error_code problem;
    const auto size = std::filesystem::file_size(file, problem);
    if (problem)
        return fail(ErrorKind::NotFound, file.string() + ": cannot be read: " + problem.message());
    if (size > kMostBytes)
        return fail(ErrorKind::BadInput, file.string() + ": has " + std::to_string(size >> 20) +
                                             " MiB; a report of sqil bench has at most 64");
    std::ifstream stream(file, std::ios::binary);
    // Deeply nested brackets would exhaust the stack of whoever frees the result.
    int deepest = 0;
    const auto watch = [&](int depth, json::parse_event_t, json&) {
        deepest = std::max(deepest, depth);
        return depth < 32;
    };
    json contents = json::parse(stream, watch, /*allow_exceptions=*/false);
    if (contents.is_discarded())
        return fail(ErrorKind::BadInput, file.string() + ": is no valid JSON (is it cut off?)");
    if (deepest >= 32)
        return fail(ErrorKind::BadInput, file.string() + ": is nested deeper than any report of sqil bench");
    if (contents.is_object() && contents.contains("reports"))
        contents = json(contents.at("reports"));
    std::vector<json> reports;
    if (contents.is_array())
        reports.assign(contents.begin(), contents.end());
    else
        reports.push_back(std::move(contents));
    if (reports.empty() || reports.size() > kMostReports)
        return fail(ErrorKind::BadInput, file.string() + ": has " + std::to_string(reports.size()) +
                                             " reports; expected 1 to " + std::to_string(kMostReports));
    for (std::size_t index = 0; index < reports.size(); ++index)
        if (auto checked = checkReport(reports[index]); !checked)
            return fail(checked.error().kind, file.string() +
                                                  (reports.size() > 1 ? ": report " + std::to_string(index + 1) : "") +
                                                  ": " + checked.error().message);
    return reports;
}

ResultRecord recordOf(const json& report) {
    json specification{{"benchmark", report.at("benchmark")}};
    if (report.contains("parameters_given")) {
        specification["parameters"] = report.at("parameters_given");
        specification["host"] = textIn(report.at("machine"), "host");
    } else {
        specification["contents"] = std::hash<std::string>()(report.dump());
    }
    const std::string madeAt = textIn(report, "made_at");
    return {0, kBenchmarkResult, specification.dump(), report.dump(), madeAt.empty() ? timeNow() : madeAt};
}

Result<RecordId> keepReport(Project& project, const json& report) {
    if (auto checked = checkReport(report); !checked)
        return tl::unexpected(checked.error());
    return project.putResult(recordOf(report));
}

}  // namespace sqil
