#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/jobs/JobKind.h"
#include "core/project/Project.h"
#include "core/quant/QuantSpec.h"
#include "core/sim/Evaluate.h"

/// What the kinds have in common: reading parameters, parameters of several kinds, recording results.
namespace sqil::kinds {

/// The parameters of a kind, with its standard values where none are given.
class Values {
public:
    Values(const JobKind& kind, const nlohmann::json& given) : kind_(kind), given_(given) {}

    bool isGiven(const char* name) const { return given_.contains(name) && !given_.at(name).is_null(); }
    std::string text(const char* name) const { return textOf(kind_.value(given_, name)); }
    std::filesystem::path path(const char* name) const { return text(name); }
    std::int64_t whole(const char* name) const { return number<std::int64_t>(name); }
    int integer(const char* name) const { return static_cast<int>(whole(name)); }
    double real(const char* name) const { return number<double>(name); }
    bool flag(const char* name) const {
        const auto value = kind_.value(given_, name);
        return value.is_boolean() && value.get<bool>();
    }
    std::vector<std::string> texts(const char* name) const;

private:
    template<class T>
    T number(const char* name) const {
        const auto value = kind_.value(given_, name);
        return value.is_number() ? value.get<T>() : T{};
    }

    const JobKind& kind_;
    const nlohmann::json& given_;
};

// Parameters that several kinds share.
JobParameter policyParameter(std::string help);
JobParameter cardParameter();
JobParameter rolloutsParameter(std::string help);
JobParameter reportParameter(std::string name, std::string help);
JobParameter wholeParameter(std::string name, std::string help, std::int64_t standard, std::string group,
                            std::string unit, double least, double most);
JobParameter numberParameter(std::string name, std::string help, double standard, std::string group, std::string unit,
                             std::optional<double> least, std::optional<double> most);
JobParameter choiceParameter(std::string name, std::string help, std::string standard, std::string group,
                             std::vector<std::string> choices);
JobParameter flagParameter(std::string name, std::string help, std::string group);
JobParameter textParameter(std::string name, std::string help, std::string group);
JobParameter advanced(JobParameter parameter);
JobParameter required(JobParameter parameter);

JobParameter bitParameter(std::string name, std::string help, int standard);
/// Weights, activations, granularity, group_size, quantize_ends: how a policy is quantized.
std::vector<JobParameter> bitParameters(int activationBits);
/// Of these parameters; the rest of the spec is as it was.
Result<void> applyBits(const Values& values, QuantSpec& spec);

/// env, episodes, seed, workers, max_steps, env_settings, python.
std::vector<JobParameter> environmentParameters();
EvaluationSpec evaluationSpec(const Values& values);
/// Success and return with their intervals, for tables: {"success": …, "success_low": …, "return": …}
nlohmann::json summaryOf(const Evaluation& evaluation);
void append(std::vector<JobParameter>& to, std::vector<JobParameter> more);

/// The path given, or `name` in the job's folder.
std::filesystem::path outputPath(const std::filesystem::path& given, const JobContext& context, const char* name);

/// Adds a policy that a job has made to the job's project, under the policy it was made from.
Result<RecordId> addPolicy(const JobContext& context, const std::filesystem::path& file, const std::string& name,
                           const std::filesystem::path& parent);
/// Keeps what a job measured in its project.
Result<void> addResult(const JobContext& context, const std::string& kind, const nlohmann::json& specification,
                       const nlohmann::json& result);

void log(const JobContext& context, LogLevel level, const std::string& text);

}  // namespace sqil::kinds
