#include "core/jobs/JobSpec.h"

#include <algorithm>
#include <set>

#include "core/jobs/Launcher.h"
#include "core/project/JobStore.h"

namespace sqil {
namespace {

using nlohmann::json;

bool isPath(const JobParameter& parameter) {
    return parameter.type == ParameterType::File || parameter.type == ParameterType::Folder;
}

/// "@LABEL/OUTPUT" in two; an empty label: no reference.
std::pair<std::string, std::string> referenceIn(const json& value) {
    if (!value.is_string())
        return {};
    const auto text = value.get<std::string>();
    const auto slash = text.find('/');
    if (text.size() < 4 || text[0] != '@' || slash == std::string::npos)
        return {};
    return {text.substr(1, slash - 1), text.substr(slash + 1)};
}

std::optional<RecordId> numberIn(const std::string& text) {
    if (text.empty() || text.size() > 15 || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    return std::stoll(text);
}

bool isDevice(const std::string& device) {
    return device == "cpu" || (device.starts_with("cuda:") && numberIn(device.substr(5)));
}

/// A parameter that is not an output, as the project keeps it. The files of an input must be there.
Result<json> storedValue(const Project& project, const JobParameter& parameter, const json& value) {
    if (!isPath(parameter) || !value.is_string() || !referenceIn(value).first.empty())
        return value;
    const std::filesystem::path given(value.get<std::string>());
    if (given.empty() || given == "-")
        return value;
    // A program may be found on the PATH; others are files.
    const bool isCommand = parameter.file == FileKind::Program && !given.has_parent_path();
    if (isCommand)
        return value;
    const auto absolute = std::filesystem::absolute(given).lexically_normal();
    std::error_code ignored;
    if (!parameter.isOutput && parameter.type == ParameterType::File && parameter.file != FileKind::Project &&
        !std::filesystem::exists(absolute, ignored))
        return fail(ErrorKind::NotFound, parameter.name + ": " + absolute.string() + " is not there");
    return json(project.storedPath(absolute));
}

}  // namespace

std::string toJson(const JobSpec& spec) {
    json result{{"kind", spec.kind},
                {"parameters", spec.parameters},
                {"priority", spec.priority},
                {"device", spec.device},
                {"launcher", spec.launcher}};
    if (!spec.name.empty())
        result["name"] = spec.name;
    if (!spec.label.empty())
        result["label"] = spec.label;
    if (!spec.after.empty())
        result["after"] = spec.after;
    return result.dump();
}

Result<JobSpec> parseJobSpec(const json& source) {
    static const std::set<std::string> known{"kind",  "name",     "label",  "parameters",
                                             "after", "priority", "device", "launcher"};
    if (!source.is_object())
        return fail(ErrorKind::BadInput, "a job is a JSON object with \"kind\" and \"parameters\"");
    for (const auto& [name, value] : source.items())
        if (!known.contains(name))
            return fail(ErrorKind::BadInput, name +
                                                 ": is no part of a job; expected kind, name, label, parameters, "
                                                 "after, priority, device or launcher");
    try {
        JobSpec spec;
        spec.kind = source.at("kind").get<std::string>();
        spec.name = source.value("name", "");
        spec.label = source.value("label", "");
        spec.parameters = source.value("parameters", json::object());
        for (const json& one : source.value("after", json::array()))
            spec.after.push_back(textOf(one));
        spec.priority = source.value("priority", std::int64_t{0});
        spec.device = source.value("device", "cpu");
        spec.launcher = source.value("launcher", "local");
        return spec;
    } catch (const json::exception& problem) {
        return fail(ErrorKind::BadInput, std::string("job: ") + problem.what());
    }
}

Result<JobBatch> parseJobBatch(std::string_view text) {
    const json source = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!source.is_object())
        return fail(ErrorKind::BadInput, "jobs: expected a JSON object with \"jobs\", or one job with \"kind\"");
    JobBatch batch;
    if (source.contains("kind")) {
        auto one = parseJobSpec(source);
        if (!one)
            return tl::unexpected(one.error());
        batch.jobs.push_back(std::move(*one));
        return batch;
    }
    try {
        batch.name = source.value("name", "");
        for (const json& one : source.at("jobs")) {
            auto spec = parseJobSpec(one);
            if (!spec)
                return tl::unexpected(spec.error());
            batch.jobs.push_back(std::move(*spec));
        }
        const json grid = source.value("grid", json::object());
        for (const auto& [key, values] : grid.items())
            batch.grid[key] = values.get<std::vector<json>>();
    } catch (const json::exception& problem) {
        return fail(ErrorKind::BadInput, std::string("jobs: ") + problem.what());
    }
    return batch;
}

Result<void> check(const JobSpec& spec) {
    const JobKind* kind = findJobKind(spec.kind);
    if (!kind) {
        std::string known;
        for (const JobKind& one : jobKinds())
            known += (known.empty() ? "" : ", ") + one.name;
        return fail(ErrorKind::BadInput, "\"" + spec.kind + "\" is no kind of job; expected one of " + known);
    }
    if (!isDevice(spec.device))
        return fail(ErrorKind::BadInput, "device: \"" + spec.device + "\"; expected cpu or cuda:0, cuda:1, …");
    if (!isLauncher(spec.launcher))
        return fail(ErrorKind::BadInput, "launcher: \"" + spec.launcher + "\"; expected local or slurm");
    return checkParameters(*kind, spec.parameters);
}

std::string nameOf(const JobSpec& spec) {
    if (!spec.name.empty())
        return spec.name;
    const JobKind* kind = findJobKind(spec.kind);
    if (!kind)
        return spec.kind;
    const auto text = [&](const char* parameter) { return textOf(kind->value(spec.parameters, parameter)); };
    const auto bits = [&] { return "W" + text("weights") + "A" + text("activations"); };
    if (spec.kind == "train")
        return text("recipe") + (text("recipe") == "fp" ? "" : " " + bits()) + " seed " + text("seed");
    if (spec.kind == "quantize")
        return text("method") + " " + bits();
    if (spec.kind == "evaluate" || spec.kind == "takeover" || spec.kind == "compare")
        return kind->title + " in " + text("env");
    if (spec.kind == "layers")
        return spec.parameters.contains("quantized") ? "Layers to blame" : "Layers to blame, " + bits();
    if (spec.kind == "analyze")
        return kind->title + ", " + text("perturbation");
    return kind->title;
}

Result<nlohmann::json> resolvedParameters(Project& project, const JobRecord& job) {
    const JobKind* kind = findJobKind(job.kind);
    if (!kind)
        return fail(ErrorKind::Unsupported, "\"" + job.kind + "\" is no kind of job that this program knows");
    json parameters = json::parse(job.parametersJson, nullptr, /*allow_exceptions=*/false);
    if (!parameters.is_object())
        return fail(ErrorKind::BadInput, "job " + std::to_string(job.id) + ": its parameters are no JSON object");
    for (auto& [name, value] : parameters.items()) {
        const JobParameter* parameter = kind->find(name);
        if (!parameter || !isPath(*parameter) || !value.is_string() || value.get<std::string>().empty() || value == "-")
            continue;
        if (const auto [label, output] = referenceIn(value); !label.empty()) {
            const auto number = numberIn(label);
            auto other = JobStore(project).job(number.value_or(0));
            if (!other)
                return tl::unexpected(other.error());
            const json result = json::parse(other->resultJson, nullptr, /*allow_exceptions=*/false);
            const json outputs = result.is_object() ? result.value("outputs", json::object()) : json::object();
            if (!outputs.contains(output))
                return fail(ErrorKind::BadInput, name + ": job " + label + " has made no \"" + output + "\"");
            value = outputs.at(output);
        } else if (const std::filesystem::path path(value.get<std::string>());
                   parameter->file != FileKind::Program || path.has_parent_path()) {
            value = project.restoredPath(path.string()).string();
        }
    }
    if (auto valid = checkParameters(*kind, parameters); !valid)
        return tl::unexpected(valid.error());
    return parameters;
}

std::filesystem::path folderOf(const std::filesystem::path& project, RecordId job) {
    std::filesystem::path folder = project;
    folder.replace_extension(".jobs");
    return folder / std::to_string(job);
}

Result<std::vector<RecordId>> submit(Project& project, const JobBatch& batch) {
    auto specs = unfold(batch);
    if (!specs)
        return tl::unexpected(specs.error());
    std::map<std::string, std::size_t> byLabel;
    std::vector<NewJob> jobs;
    const bool isGroup = specs->size() > 1;
    if (isGroup)
        jobs.push_back(
            {.name = batch.name.empty() ? nameOf(specs->front()) + " and more" : batch.name, .kind = kJobGroup});
    for (JobSpec& spec : *specs) {
        const JobKind* kind = findJobKind(spec.kind);
        NewJob job{.name = nameOf(spec),
                   .kind = spec.kind,
                   .priority = spec.priority,
                   .device = spec.device,
                   .launcher = spec.launcher};
        if (isGroup)
            job.group = 0;
        const auto waitFor = [&](const std::string& label) -> Result<void> {
            if (const auto known = byLabel.find(label); known != byLabel.end())
                job.after.push_back(known->second);
            else if (const auto number = numberIn(label))
                job.needs.push_back(*number);
            else
                return fail(ErrorKind::BadInput, "there is no job \"" + label + "\" in the batch");
            return {};
        };
        for (const std::string& label : spec.after)
            if (auto waited = waitFor(label); !waited)
                return tl::unexpected(waited.error());
        for (auto& [name, value] : spec.parameters.items()) {
            const JobParameter* parameter = kind->find(name);
            if (isPath(*parameter) && !referenceIn(value).first.empty())
                if (auto waited = waitFor(referenceIn(value).first); !waited)
                    return tl::unexpected(waited.error());
            auto stored = storedValue(project, *parameter, value);
            if (!stored)
                return tl::unexpected(stored.error());
            value = std::move(*stored);
        }
        job.parametersJson = spec.parameters.dump();
        if (!spec.label.empty())
            byLabel[spec.label] = jobs.size();
        jobs.push_back(std::move(job));
    }
    // References by label become references by number once the numbers are known.
    return JobStore(project).add(jobs, [&](const NewJob& job, std::span<const RecordId> ids) {
        json parameters = json::parse(job.parametersJson);
        for (auto& [name, value] : parameters.items())
            if (const auto [label, output] = referenceIn(value); byLabel.contains(label))
                value = "@" + std::to_string(ids[byLabel.at(label)]) + "/" + output;
        return parameters.dump();
    });
}

}  // namespace sqil
