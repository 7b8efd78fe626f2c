#pragma once
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/jobs/JobKind.h"

namespace CLI {
class App;
}

namespace sqil::cli {

/// The options of a command, made from the parameters of its kind of job. What is given on the command line is in
/// `parameters` when the command's callback runs.
struct JobOptions {
    const JobKind* kind = nullptr;
    nlohmann::json parameters = nlohmann::json::object();
};

/// Adds an option for each parameter but those named in `without`. `requireAll`: what the kind requires is required on
/// the command line, too.
std::shared_ptr<JobOptions> addJobOptions(CLI::App& command, const char* kind, bool requireAll = true,
                                          const std::vector<std::string>& without = {});

}  // namespace sqil::cli
