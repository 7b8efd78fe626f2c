#include "core/jobs/SlurmLauncher.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>

#include "core/jobs/Command.h"
#include "core/jobs/JobSpec.h"

namespace sqil {
namespace {

constexpr int kSeconds = 30;

/// As a word of a shell script.
std::string quoted(const std::string& text) {
    std::string word = "'";
    for (const char character : text)
        word += character == '\'' ? std::string("'\\''") : std::string(1, character);
    return word + "'";
}

/// One script for all jobs of an array: the task's number chooses the job.
std::string scriptFor(const std::filesystem::path& project, std::span<const JobRecord> jobs) {
    std::string ids;
    for (const JobRecord& job : jobs)
        ids += " " + std::to_string(job.id);
    const std::string folder = quoted(folderOf(project, 0).parent_path().string());
    return "#!/bin/sh\nset --" + ids + "\nshift \"${SLURM_ARRAY_TASK_ID:-0}\"\nmkdir -p " + folder + "/\"$1\"\nexec " +
           quoted(workerProgram().string()) + " worker --project " + quoted(project.string()) + " --job \"$1\" >" +
           folder + "/\"$1\"/worker.log 2>&1\n";
}

std::vector<std::string> wordsOf(const char* text) {
    std::istringstream stream(text ? text : "");
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

bool isUnderWay(const std::string& state) {
    static const std::set<std::string> known{"PENDING",  "RUNNING",  "CONFIGURING", "COMPLETING", "SUSPENDED",
                                             "REQUEUED", "RESIZING", "SIGNALING",   "STAGE_OUT",  "STOPPED"};
    return known.contains(state);
}

/// "12_3 RUNNING" or "12_3|RUNNING by 0", one a line.
void readStates(const std::string& output, std::map<std::string, Launcher::Standing>& into) {
    std::istringstream stream(output);
    for (std::string line; std::getline(stream, line);) {
        std::ranges::replace(line, '|', ' ');
        std::istringstream fields(line);
        std::string id, state;
        if (fields >> id >> state)
            into[id] = {isUnderWay(state), state};
    }
}

std::string joined(std::span<const std::string> words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ",") + word;
    return text;
}

}  // namespace

Result<std::vector<std::string>> SlurmLauncher::start(const std::filesystem::path& project,
                                                      std::span<const JobRecord> jobs) {
    std::vector<std::string> command{
        "sbatch", "--parsable", "--no-requeue", "--output=/dev/null", "--error=/dev/null", "--job-name=sqil"};
    if (jobs.size() > 1)
        command.push_back("--array=0-" + std::to_string(jobs.size() - 1));
    if (std::ranges::any_of(jobs, [](const JobRecord& job) { return job.device.starts_with("cuda"); }))
        command.emplace_back("--gres=gpu:1");
    for (const std::string& word : wordsOf(std::getenv("SQIL_SBATCH_OPTIONS")))
        command.push_back(word);
    auto output = runCommand(command, scriptFor(project, jobs), kSeconds);
    if (!output)
        return tl::unexpected(output.error());
    const std::string number = output->substr(0, output->find_first_of(";\n"));  // "12" or "12;cluster"
    if (number.empty() || !std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; }))
        return fail(ErrorKind::Unsupported, "sbatch: said \"" + *output + "\"; expected the job's number");
    std::vector<std::string> launches;
    for (std::size_t index = 0; index < jobs.size(); ++index)
        launches.push_back(jobs.size() > 1 ? number + "_" + std::to_string(index) : number);
    return launches;
}

Result<std::map<std::string, Launcher::Standing>> SlurmLauncher::standings(std::span<const std::string> launches) {
    std::map<std::string, Standing> known, result;
    // squeue refuses the whole question where one of the numbers is too old; so it is asked for all of ours.
    auto queue =
        runCommand({"squeue", "--noheader", "--array", "--me", "--states=all", "--format=%i %T"}, "", kSeconds);
    if (!queue)
        return tl::unexpected(queue.error());
    readStates(*queue, known);
    std::vector<std::string> forgotten;
    for (const std::string& launch : launches)
        if (!known.contains(launch))
            forgotten.push_back(launch);
    if (!forgotten.empty())  // a cluster without accounting answers with an error: then they are gone
        if (const auto accounting = runCommand({"sacct", "--noheader", "--parsable2", "--allocations",
                                                "--format=JobID,State", "--jobs=" + joined(forgotten)},
                                               "", kSeconds))
            readStates(*accounting, known);
    for (const std::string& launch : launches)
        result[launch] = known.contains(launch) ? known[launch] : Standing{false, "not known to Slurm any more"};
    return result;
}

Result<void> SlurmLauncher::withdraw(const std::string& launch) {
    return runCommand({"scancel", launch}, "", kSeconds).map([](const std::string&) {});
}

}  // namespace sqil
