#pragma once
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/Progress.h"
#include "core/base/Result.h"
#include "core/jobs/JobParameter.h"

namespace sqil {

enum class LogLevel { Information, Warning, Error };

/// What a running job is given. Its callbacks may be called often: whoever made them decides what is kept.
struct JobContext {
    std::filesystem::path project;  ///< results are recorded here
    std::filesystem::path folder;   ///< outputs that have no path of their own
    bool resume = false;            ///< go on with what an earlier attempt has left
    std::string device = "cpu";     ///< as this process sees it: "cuda:0" is the one that it was given
    Progress progress;
    std::function<void(const nlohmann::json&)> metrics;  ///< an object with "step" and numbers
    std::function<void(LogLevel, const std::string&)> log;
};

/// A command of `sqil` that can be a job: its parameters and what it does. Parameters are a JSON object that holds what
/// was given; everything else has its standard value.
struct JobKind {
    std::string name;     ///< "train"
    std::string title;    ///< "Train"
    std::string purpose;  ///< one sentence
    std::vector<JobParameter> parameters;
    /// Whether the parameters, each in its range, go together. Looks at no file.
    std::function<Result<void>(const nlohmann::json& parameters)> check;
    /// Runs in this process. The result: {"outputs": {name: path}, "summary": {name: number or text}, …}.
    std::function<Result<nlohmann::json>(const nlohmann::json& parameters, const JobContext& context)> run;
    bool resumes = false;  ///< goes on from a checkpoint; others start again
    bool measured = true;  ///< estimateJob() can measure a part of it
    bool usesGpu = false;  ///< computes on the job's device; others stay on the processor

    const JobParameter* find(std::string_view parameter) const;
    /// The value given, or the standard one.
    nlohmann::json value(const nlohmann::json& parameters, std::string_view parameter) const;
};

/// All kinds, in the order in which a user meets them.
std::span<const JobKind> jobKinds();
const JobKind* findJobKind(std::string_view name);

/// Every parameter known, in its range and, where required, there; and that they go together.
Result<void> checkParameters(const JobKind& kind, const nlohmann::json& parameters);

}  // namespace sqil
