#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/Result.h"
#include "core/jobs/JobKind.h"
#include "core/project/JobRecord.h"

namespace sqil {

/// A job to be: what `sqil KIND --…` would do, and when. A file parameter may name what another job makes:
/// "@7/policy" is output "policy" of job 7, "@repair/policy" of the job labelled "repair" in the same batch; the job
/// then waits for it.
struct JobSpec {
    std::string kind;
    std::string name;                                      ///< empty: from the parameters
    std::string label;                                     ///< what others of the same batch call it
    nlohmann::json parameters = nlohmann::json::object();  ///< what differs from the standard values
    std::vector<std::string> after;                        ///< labels, or numbers of jobs that are there already
    std::int64_t priority = 0;
    std::string device = "cpu";
    std::string launcher = "local";
};

/// Several jobs as one entry: a chain (by references and `after`), over a grid of values. The grid's keys are
/// "LABEL.PARAMETER", or "PARAMETER" for the first job that has it; every combination gets its own copies of the jobs
/// that depend on it, the others are shared.
struct JobBatch {
    std::string name;
    std::vector<JobSpec> jobs;
    std::map<std::string, std::vector<nlohmann::json>> grid;
};

/// {"kind", "name", "label", "parameters", "after", "priority", "device", "launcher"}
std::string toJson(const JobSpec& spec);
Result<JobSpec> parseJobSpec(const nlohmann::json& json);
/// {"name", "jobs": […], "grid": {…}}, or a single job.
Result<JobBatch> parseJobBatch(std::string_view text);

/// Kind, device, launcher and parameters; no file is looked at.
Result<void> check(const JobSpec& spec);

/// "sqil W4A4 seed 1"
std::string nameOf(const JobSpec& spec);

/// The grid's copies. Error: a key that names no parameter, a value out of range, a reference or label that leads
/// nowhere, a circle; more than 1000 jobs.
Result<std::vector<JobSpec>> unfold(const JobBatch& batch);

/// Adds a batch to the project: one job, or a group with its jobs below it. Paths are taken relative to the current
/// folder; files that are to be read must be there. The ids: of the group (where there is one), then of the jobs.
Result<std::vector<RecordId>> submit(Project& project, const JobBatch& batch);

/// The parameters as the job's kind takes them: paths absolute, references replaced by what those jobs have made.
Result<nlohmann::json> resolvedParameters(Project& project, const JobRecord& job);

/// "study.jobs/7" beside study.sqil: the job's outputs, its checkpoint and its worker's messages.
std::filesystem::path folderOf(const std::filesystem::path& project, RecordId job);

}  // namespace sqil
