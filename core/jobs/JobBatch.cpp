#include <algorithm>
#include <set>

#include "core/jobs/JobSpec.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr std::size_t kMostJobs = 1000;

/// A job of the batch with the values of the grid that it depends on.
using Assignment = std::map<std::string, json>;

/// The labels that a job's parameters and `after` name.
std::set<std::string> needsOf(const JobSpec& spec) {
    std::set<std::string> labels(spec.after.begin(), spec.after.end());
    for (const auto& [name, value] : spec.parameters.items())
        if (value.is_string())
            if (const auto text = value.get<std::string>(); text.starts_with('@') && text.find('/') != text.npos)
                labels.insert(text.substr(1, text.find('/') - 1));
    return labels;
}

bool isFirstAfterSecond(const JobSpec& first, const JobSpec& second) {
    return !second.label.empty() && needsOf(first).contains(second.label);
}

/// Jobs in an order in which each comes after those that it needs.
Result<std::vector<JobSpec>> ordered(const std::vector<JobSpec>& jobs) {
    std::vector<JobSpec> rest = jobs, result;
    while (!rest.empty()) {
        const auto ready = std::ranges::find_if(rest, [&](const JobSpec& job) {
            return std::ranges::none_of(rest, [&](const JobSpec& other) { return isFirstAfterSecond(job, other); });
        });
        if (ready == rest.end())
            return fail(ErrorKind::BadInput, "the jobs of the batch wait for each other in a circle");
        result.push_back(std::move(*ready));
        rest.erase(ready);
    }
    return result;
}

std::string suffixOf(const Assignment& assignment) {
    std::string text;
    for (const auto& [key, value] : assignment)
        text += "," + key + "=" + textOf(value);
    return text.empty() ? text : "~" + text.substr(1);
}

class Unfolding {
public:
    explicit Unfolding(const JobBatch& batch) : batch_(batch) {}

    Result<std::vector<JobSpec>> run() {
        auto jobs = ordered(batch_.jobs);
        if (!jobs)
            return jobs;
        if (auto labelled = checkLabels(*jobs); !labelled)
            return tl::unexpected(labelled.error());
        std::vector<Assignment> combinations{{}};
        for (const auto& [key, values] : batch_.grid) {
            if (values.empty() || !findTarget(key, *jobs))
                return fail(ErrorKind::BadInput, "grid: \"" + key +
                                                     "\" has no values or is no parameter of a job; expected PARAMETER "
                                                     "or LABEL.PARAMETER");
            std::vector<Assignment> more;
            for (const Assignment& sofar : combinations)
                for (const json& value : values) {
                    more.push_back(sofar);
                    more.back()[key] = value;
                    if (more.size() > kMostJobs)
                        return fail(ErrorKind::BadInput, "grid: more than 1000 combinations");
                }
            combinations = std::move(more);
        }
        for (const Assignment& combination : combinations)
            if (auto added = addCopies(*jobs, combination); !added)
                return tl::unexpected(added.error());
        if (result_.size() > kMostJobs)
            return fail(ErrorKind::BadInput, "the batch has more than 1000 jobs");
        return result_;
    }

private:
    struct Target {
        std::size_t job = 0;
        std::string parameter;
    };

    /// A key is of the job with its label; without a label, of the first job that has the parameter.
    bool findTarget(const std::string& key, const std::vector<JobSpec>& jobs) {
        const auto dot = key.find('.');
        const std::string label = dot == std::string::npos ? "" : key.substr(0, dot);
        const std::string parameter = dot == std::string::npos ? key : key.substr(dot + 1);
        for (std::size_t index = 0; index < jobs.size(); ++index) {
            const JobKind* kind = findJobKind(jobs[index].kind);
            if ((label.empty() || label == jobs[index].label) && kind && kind->find(parameter)) {
                targets_[key] = {index, parameter};
                return true;
            }
        }
        return false;
    }

    static Result<void> checkLabels(const std::vector<JobSpec>& jobs) {
        std::set<std::string> labels;
        for (const JobSpec& job : jobs) {
            const bool isPlain =
                std::ranges::all_of(job.label, [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
            const bool isNumber =
                !job.label.empty() && std::ranges::all_of(job.label, [](unsigned char c) { return std::isdigit(c); });
            if (!isPlain || isNumber)
                return fail(ErrorKind::BadInput,
                            "label: \"" + job.label + "\"; expected letters, digits, - and _, and not only digits");
            if (!job.label.empty() && !labels.insert(job.label).second)
                return fail(ErrorKind::BadInput, "label: two jobs are called \"" + job.label + "\"");
        }
        return {};
    }

    /// The copies of one combination; a job that does not depend on what differs is there already.
    Result<void> addCopies(const std::vector<JobSpec>& jobs, const Assignment& combination) {
        std::map<std::string, Assignment> of;  // by label
        for (std::size_t index = 0; index < jobs.size(); ++index) {
            JobSpec copy = jobs[index];
            Assignment own;
            for (const auto& [key, value] : combination)
                if (const Target& target = targets_.at(key); target.job == index) {
                    own[key] = value;
                    copy.parameters[target.parameter] = value;
                }
            const auto relabel = [&](const std::string& label) {
                const auto known = of.find(label);
                if (known == of.end())
                    return label;
                own.insert(known->second.begin(), known->second.end());
                return label + suffixOf(known->second);
            };
            for (std::string& label : copy.after)
                label = relabel(label);
            for (auto& [name, value] : copy.parameters.items()) {
                if (!value.is_string())
                    continue;
                const auto text = value.get<std::string>();
                if (const auto slash = text.find('/'); text.starts_with('@') && slash != text.npos)
                    value = "@" + relabel(text.substr(1, slash - 1)) + text.substr(slash);
            }
            if (!copy.label.empty()) {
                of[copy.label] = own;
                copy.label += suffixOf(own);
            }
            if (!own.empty()) {
                std::string values;
                for (const auto& [key, value] : own)
                    values += (values.empty() ? "" : ", ") + key.substr(key.find('.') + 1) + " " + textOf(value);
                if (!copy.name.empty())
                    copy.name += " (" + values + ")";
                else if (copy.kind != "train")
                    copy.name = nameOf(copy) + " (" + values + ")";
            }
            if (!made_.insert(std::to_string(index) + suffixOf(own)).second)
                continue;
            if (auto valid = check(copy); !valid)
                return valid;
            result_.push_back(std::move(copy));
        }
        return {};
    }

    const JobBatch& batch_;
    std::map<std::string, Target> targets_;
    std::set<std::string> made_;
    std::vector<JobSpec> result_;
};

}  // namespace

Result<std::vector<JobSpec>> unfold(const JobBatch& batch) {
    if (batch.jobs.empty())
        return fail(ErrorKind::BadInput, "the batch has no jobs");
    return Unfolding(batch).run();
}

}  // namespace sqil
