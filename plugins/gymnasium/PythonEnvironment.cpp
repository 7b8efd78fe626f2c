#include "plugins/gymnasium/PythonEnvironment.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include <poll.h>

#include <nlohmann/json.hpp>

#include "plugins/gymnasium/WorkerProcess.h"

namespace sqil {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kMostElements = std::int64_t{1} << 26;  // of one observation
constexpr std::size_t kMostKeys = 64;
constexpr std::int64_t kMostActions = 4096;
constexpr int kMostWorkers = 256, kMostSlots = 256;
constexpr int kSlotsForVectors = 16;  // small observations: a message serves several environments
constexpr double kStartTimeout = 180;
constexpr std::size_t kAlignment = 64;

enum Flag { Terminated = 1, Truncated = 2, SuccessKnown = 4, Success = 8 };

struct Request {
    std::int32_t slot, kind;
    std::uint64_t seed;
};
struct Answer {
    std::int32_t slot, flags;
    double reward;
};
static_assert(sizeof(Request) == 16 && sizeof(Answer) == 16);

Clock::time_point in(double seconds) {
    return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

std::filesystem::path pythonOf(const EnvironmentOptions& options) {
    if (!options.python.empty())
        return options.python;
    if (const char* wanted = std::getenv("SQIL_PYTHON"); wanted && *wanted)
        return wanted;
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    std::filesystem::path own = cache && *cache ? cache : std::filesystem::path(home ? home : "/") / ".cache";
    own /= "sqil-studio/env/bin/python";
    std::error_code ignored;
    return std::filesystem::exists(own, ignored) ? own : "python3";
}

Result<EnvironmentInfo> parseGreeting(const std::string& line, const std::string& name) {
    try {
        const auto json = nlohmann::json::parse(line);
        if (json.contains("error"))
            return fail(ErrorKind::Unsupported, name + ": " + json.at("error").get<std::string>());
        EnvironmentInfo info;
        info.name = name;
        for (const auto& entry : json.at("observations")) {
            KeySpec key;
            key.name = entry.at("name").get<std::string>();
            key.type = entry.at("type") == "uint8" ? ValueType::UInt8 : ValueType::Float32;
            key.shape = entry.at("shape").get<std::vector<std::int64_t>>();
            std::int64_t elements = 1;
            for (const std::int64_t size : key.shape) {
                if (size < 1 || size > kMostElements || elements > kMostElements / size)
                    return fail(ErrorKind::BadInput, name + ": the observation \"" + key.name +
                                                         "\" has a dimension of " + std::to_string(size) +
                                                         "; expected 1 or more, and at most " +
                                                         std::to_string(kMostElements) + " numbers in all");
                elements *= size;
            }
            info.observations.push_back(std::move(key));
        }
        info.low = json.at("low").get<std::vector<float>>();
        info.high = json.at("high").get<std::vector<float>>();
        info.actionDimensions = static_cast<std::int64_t>(info.low.size());
        if (!json.at("discrete").is_null())
            info.discreteActions = json.at("discrete").get<std::int64_t>();
        info.maximumSteps = json.at("limit").get<std::int64_t>();
        info.reportsSuccess = json.at("success").get<bool>();
        info.versionsJson = json.at("versions").dump();
        if (info.observations.empty() || info.observations.size() > kMostKeys || info.low.empty() ||
            info.actionDimensions > kMostActions || info.high.size() != info.low.size() || info.maximumSteps < 1)
            return fail(ErrorKind::BadInput, name + ": has no observations, no actions, or bounds that do not fit");
        return info;
    } catch (const nlohmann::json::exception& problem) {
        return fail(ErrorKind::BadInput, name + ": its worker did not say what it observes: " + problem.what());
    }
}

/// Where a worker's observations and actions lie in its shared memory.
struct Layout {
    std::vector<std::uint64_t> offsets;  ///< of each slot: one a key, then the actions'
    std::size_t size = 0;

    Layout() = default;
    Layout(const EnvironmentInfo& info, int slots) {
        const auto place = [&](std::size_t bytes) {
            offsets.push_back(size);
            size += (bytes + kAlignment - 1) / kAlignment * kAlignment;
        };
        for (int slot = 0; slot < slots; ++slot) {
            for (const KeySpec& key : info.observations)
                place(static_cast<std::size_t>(key.elements()) * sizeOf(key.type));
            place(static_cast<std::size_t>(info.actionDimensions) * sizeof(float));
        }
    }
};

class PythonEnvironment : public VectorEnvironment {
public:
    static Result<std::unique_ptr<VectorEnvironment>> open(EnvironmentOptions options) {
        if (options.workers < 1 || options.workers > kMostWorkers || options.slots < 0 || options.slots > kMostSlots)
            return fail(ErrorKind::BadInput, "workers: expected 1 to " + std::to_string(kMostWorkers) + ", and 0 to " +
                                                 std::to_string(kMostSlots) + " environments in each");
        if (!options.settings.empty() && !nlohmann::json::parse(options.settings, nullptr, false).is_object())
            return fail(ErrorKind::BadInput,
                        "the environment's settings are no JSON object: " + options.settings.substr(0, 200));
        auto environment = std::unique_ptr<PythonEnvironment>(new PythonEnvironment(std::move(options)));
        if (auto started = environment->startAll(); !started)
            return tl::unexpected(started.error());
        return environment;
    }

    const EnvironmentInfo& info() const override { return info_; }
    int slots() const override { return options_.workers * options_.slots; }
    int batch() const override { return options_.slots; }
    const std::vector<std::string>& incidents() const override { return incidents_; }

    void reset(int slot, std::uint64_t seed) override { ask(slot, {slot % options_.slots, 0, seed}); }
    void step(int slot, std::span<const float> action) override {
        Worker& worker = workerOf(slot);
        std::memcpy(worker.process->memory().data() + offset(slot, info_.observations.size()), action.data(),
                    action.size_bytes());
        ask(slot, {slot % options_.slots, 1, 0});
    }

    std::span<const std::byte> observation(int slot, std::size_t key) const override {
        const KeySpec& spec = info_.observations[key];
        return workers_[static_cast<std::size_t>(slot / options_.slots)].process->memory().subspan(
            offset(slot, key), static_cast<std::size_t>(spec.elements()) * sizeOf(spec.type));
    }

    Result<std::vector<SlotResult>> wait() override {
        for (Worker& worker : workers_)
            sendAsked(worker);
        for (;;) {
            std::vector<pollfd> descriptors;
            std::vector<std::size_t> whose;
            auto deadline = Clock::time_point::max();
            for (std::size_t index = 0; index < workers_.size(); ++index) {
                if (workers_[index].awaited.empty())
                    continue;
                descriptors.push_back({workers_[index].process->socket(), POLLIN, 0});
                whose.push_back(index);
                deadline = std::min(deadline, workers_[index].deadline);
            }
            if (descriptors.empty())
                return std::vector<SlotResult>{};
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
            const int ready = poll(descriptors.data(), descriptors.size(),
                                   static_cast<int>(std::clamp<long long>(left.count() + 1, 0, 1000)));
            if (ready > 0)
                for (std::size_t i = 0; i < descriptors.size(); ++i)
                    if (descriptors[i].revents != 0)
                        return answersOf(whose[i]);
            for (const std::size_t index : whose)
                if (Clock::now() >= workers_[index].deadline)
                    return lost(index,
                                "gave no answer for " + std::to_string(std::lround(options_.timeoutSeconds)) + " s");
        }
    }

private:
    struct Worker {
        std::optional<WorkerProcess> process;
        std::vector<Request> asked, awaited;
        Clock::time_point deadline;
    };

    explicit PythonEnvironment(EnvironmentOptions options)
        : options_(std::move(options)), python_(pythonOf(options_)) {}

    Worker& workerOf(int slot) { return workers_[static_cast<std::size_t>(slot / options_.slots)]; }
    std::size_t offset(int slot, std::size_t key) const {
        const std::size_t perSlot = info_.observations.size() + 1;
        return layout_.offsets[static_cast<std::size_t>(slot % options_.slots) * perSlot + key];
    }
    void ask(int slot, Request request) { workerOf(slot).asked.push_back(request); }

    Result<WorkerProcess> start() const {
        return WorkerProcess::start(python_, std::max(options_.slots, 1), options_.name,
                                    options_.settings.empty() ? "{}" : options_.settings);
    }

    Result<EnvironmentInfo> greet(WorkerProcess& process) const {
        auto line = process.receiveLine(in(kStartTimeout));
        if (!line)
            return fail(line.error().kind == ErrorKind::Cancelled ? ErrorKind::Io : line.error().kind,
                        options_.name + ": its worker (" + python_.string() +
                            ") did not start: " + line.error().message + "; " + process.lastWords());
        return parseGreeting(*line, options_.name);
    }

    Result<void> share(WorkerProcess& process) const {
        if (auto shared = process.share(layout_.size); !shared)
            return shared;
        const std::uint64_t size = layout_.size;
        return process.send(std::as_bytes(std::span(&size, 1))).and_then([&] {
            return process.send(std::as_bytes(std::span(layout_.offsets)));
        });
    }

    /// The first worker tells what is observed; with it, how many environments a worker runs is settled.
    Result<void> startAll() {
        auto first = start();
        if (!first)
            return tl::unexpected(first.error());
        auto info = greet(*first);
        if (!info)
            return tl::unexpected(info.error());
        info_ = std::move(*info);
        if (options_.slots == 0) {
            const bool sees = std::any_of(info_.observations.begin(), info_.observations.end(),
                                          [](const KeySpec& key) { return key.type == ValueType::UInt8; });
            options_.slots = sees ? 1 : kSlotsForVectors;
        }
        layout_ = Layout(info_, options_.slots);
        workers_.resize(static_cast<std::size_t>(options_.workers));
        if (options_.slots == 1)
            workers_[0].process = std::move(*first);
        std::vector<WorkerProcess> starting;
        for (Worker& worker : workers_) {
            if (worker.process)
                continue;
            auto process = start();
            if (!process)
                return tl::unexpected(process.error());
            worker.process = std::move(*process);
        }
        for (std::size_t index = 0; index < workers_.size(); ++index) {
            WorkerProcess& process = *workers_[index].process;
            if (index > 0 || options_.slots > 1)
                if (auto same = check(process); !same)
                    return same;
            if (auto shared = share(process); !shared)
                return shared;
        }
        return {};
    }

    Result<void> check(WorkerProcess& process) const {
        return greet(process).and_then([&](const EnvironmentInfo& info) -> Result<void> {
            bool same = info.observations.size() == info_.observations.size() &&
                        info.actionDimensions == info_.actionDimensions;
            for (std::size_t key = 0; same && key < info.observations.size(); ++key)
                same = info.observations[key].shape == info_.observations[key].shape &&
                       info.observations[key].type == info_.observations[key].type;
            if (!same)
                return fail(ErrorKind::BadInput, options_.name + ": its workers do not observe the same");
            return {};
        });
    }

    void sendAsked(Worker& worker) {
        if (worker.asked.empty())
            return;
        std::vector<std::byte> message(sizeof(std::int32_t) + worker.asked.size() * sizeof(Request));
        const auto count = static_cast<std::int32_t>(worker.asked.size());
        std::memcpy(message.data(), &count, sizeof count);
        std::memcpy(message.data() + sizeof count, worker.asked.data(), worker.asked.size() * sizeof(Request));
        worker.awaited = std::move(worker.asked);
        worker.asked.clear();
        worker.deadline = in(options_.timeoutSeconds);
        // A worker that is gone is found out when its answer is awaited.
        static_cast<void>(worker.process->send(message));
    }

    Result<std::vector<SlotResult>> answersOf(std::size_t index) {
        Worker& worker = workers_[index];
        std::vector<Answer> answers(worker.awaited.size());
        if (auto read = worker.process->receive(std::as_writable_bytes(std::span(answers)), worker.deadline); !read)
            return lost(index, read.error().message);
        std::vector<SlotResult> results;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const Answer& answer = answers[i];
            if (answer.slot != worker.awaited[i].slot)
                return lost(index, "answered for another environment than it was asked for");
            SlotResult result;
            result.slot = static_cast<int>(index) * options_.slots + answer.slot;
            result.reward = answer.reward;
            result.terminated = answer.flags & Terminated;
            result.truncated = answer.flags & Truncated;
            if (answer.flags & SuccessKnown)
                result.success = (answer.flags & Success) != 0;
            results.push_back(result);
        }
        worker.awaited.clear();
        return results;
    }

    /// Starts a worker again; all its slots lose their episodes.
    Result<std::vector<SlotResult>> lost(std::size_t index, const std::string& why) {
        Worker& worker = workers_[index];
        incidents_.push_back(options_.name + ": worker " + std::to_string(index) + " " + why + " (" +
                             worker.process->lastWords() + "); it was started again");
        std::vector<SlotResult> results;
        for (int slot = 0; slot < options_.slots; ++slot)
            results.push_back({.slot = static_cast<int>(index) * options_.slots + slot, .lost = true});
        worker.awaited.clear();
        worker.asked.clear();
        worker.process.reset();
        auto process = start();
        if (!process)
            return tl::unexpected(process.error());
        if (auto same = check(*process); !same)
            return tl::unexpected(same.error());
        if (auto shared = share(*process); !shared)
            return tl::unexpected(shared.error());
        worker.process = std::move(*process);
        return results;
    }

    EnvironmentOptions options_;
    std::filesystem::path python_;
    EnvironmentInfo info_;
    Layout layout_;
    std::vector<Worker> workers_;
    std::vector<std::string> incidents_;
};

}  // namespace

Result<std::unique_ptr<VectorEnvironment>> openPythonEnvironment(const EnvironmentOptions& options) {
    return PythonEnvironment::open(options);
}

}  // namespace sqil
