#include "core/bench/RolloutBench.h"

#include <cstdlib>
#include <thread>

#include "core/base/AtomicFile.h"
#include "core/bench/Machine.h"
#include "core/bench/PythonReference.h"
#include "core/bench/Samples.h"
#include "core/policy/Policy.h"
#include "core/policy/ThreadCount.h"
#include "core/sim/Evaluate.h"
#include "core/sim/PolicyActor.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr int leastRounds = 3;

/// A folder that goes with the object.
class Folder {
public:
    static Result<Folder> create() {
        std::string name = (std::filesystem::temp_directory_path() / "sqil-bench-XXXXXX").string();
        if (!mkdtemp(name.data()))
            return fail(ErrorKind::Io, name + ": cannot be made");
        return Folder(name);
    }
    Folder(Folder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    ~Folder() {
        std::error_code ignored;
        if (!path_.empty())
            std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }

private:
    explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

using Loops = std::vector<std::unique_ptr<PythonReference>>;

/// So many plain loops, ready to run.
Result<Loops> startLoops(const RolloutBenchOptions& options, const Policy& policy, const std::filesystem::path& folder,
                         int count, int threads) {
    json inputs = json::array();
    for (const ValueId value : policy.graph().inputs)
        for (const CardInput& input : policy.card().inputs)
            if (input.name == policy.graph().values[static_cast<std::size_t>(value)].name) {
                if (!input.mean.empty() || !input.std.empty() || input.resize)
                    return fail(ErrorKind::Unsupported,
                                "input \"" + input.name +
                                    "\": the plain loop knows neither resizing nor normalization by mean and std");
                inputs.push_back({{"name", input.name},
                                  {"key", input.key},
                                  {"image", input.kind == InputKind::Image},
                                  {"scale", input.scale},
                                  {"layout", input.heightWidthChannel ? "hwc" : "chw"}});
            }
    std::filesystem::create_directories(folder);
    const auto file = folder / "policy.pt2";
    if (auto written = writePolicyFile(file, policy.file()); !written)
        return tl::unexpected(written.error());
    const json request{{"worker", std::filesystem::absolute(options.worker).string()},
                       {"environment", options.environment},
                       {"settings", json::object()},
                       {"policy", file.string()},
                       {"inputs", std::move(inputs)},
                       {"threads", threads}};
    if (auto written = writeTextFile(folder / "bench.json", request.dump(1)); !written)
        return tl::unexpected(written.error());
    Loops loops;
    for (int i = 0; i < count; ++i) {
        auto loop = PythonReference::start(options.python, options.scripts / "rollouts_reference.py", folder);
        if (!loop)
            return tl::unexpected(loop.error());
        loops.push_back(std::move(*loop));
    }
    return loops;
}

/// One episode in every loop at once: steps a second of all together, from the first's start to the last's end.
Result<double> rateOf(Loops& loops, std::uint64_t seed, std::int64_t steps) {
    std::vector<Result<json>> answers(loops.size(), fail(ErrorKind::Io, "the loop was not asked"));
    const double start = now();
    std::vector<std::jthread> asking;
    for (std::size_t i = 0; i < loops.size(); ++i)
        asking.emplace_back([&, i] { answers[i] = loops[i]->ask(json{{"seed", seed + i}, {"steps", steps}}.dump()); });
    asking.clear();
    const double seconds = now() - start;
    double done = 0;
    for (const auto& answer : answers) {
        if (!answer)
            return tl::unexpected(answer.error());
        done += answer->at("steps").get<double>();
    }
    return done / seconds;
}

}  // namespace

Result<json> benchRollouts(const RolloutBenchOptions& options, const Progress& progress) {
    if (options.cores < 1 || options.steps < 1)
        return fail(ErrorKind::BadInput, "cores and steps must be 1 or more");
    EvaluationSpec spec;
    spec.environment.name = options.environment;
    spec.environment.workers = options.cores;
    spec.environment.slots = options.slots;
    spec.environment.python = options.python;
    spec.maximumSteps = options.steps;
    auto environment = openEnvironment(spec.environment);
    if (!environment)
        return tl::unexpected(environment.error());
    spec.episodes = (*environment)->slots();
    auto policy = Policy::load(options.policy, observedBy((*environment)->info()));
    if (!policy)
        return tl::unexpected(policy.error());
    auto folder = Folder::create();
    if (!folder)
        return tl::unexpected(folder.error());
    auto plain = startLoops(options, **policy, folder->path() / "plain", 1, options.cores);
    if (!plain)
        return tl::unexpected(plain.error());
    auto aCore = startLoops(options, **policy, folder->path() / "core", options.cores, 1);
    if (!aCore)
        return tl::unexpected(aCore.error());

    const ThreadCount threads(1);
    PolicyActor actor(*policy);
    std::vector<double> own, ofPlain, ofCores, overPlain, overCores;
    const double end = now() + options.seconds;
    for (int round = -1; round < leastRounds || now() < end; ++round) {
        if (!report(progress, "Rolling out " + options.environment, round + 1, 0))
            return fail(ErrorKind::Cancelled, "the benchmark was stopped");
        spec.seed = 1 + static_cast<std::uint64_t>(round + 1) * 1000;
        auto evaluated = evaluate(actor, **environment, spec);
        if (!evaluated)
            return tl::unexpected(evaluated.error());
        auto one = rateOf(*plain, spec.seed, options.steps);
        auto each = rateOf(*aCore, spec.seed, options.steps);
        if (!one || !each)
            return tl::unexpected((one ? each : one).error());
        if (round < 0)  // the first round warms up
            continue;
        own.push_back(static_cast<double>(evaluated->steps) / evaluated->seconds);
        ofPlain.push_back(*one);
        ofCores.push_back(*each);
        overPlain.push_back(own.back() / *one);
        overCores.push_back(own.back() / *each);
    }
    constexpr const char* unit = "_steps_per_second";
    return json{{"benchmark", "rollouts"},
                {"machine", describeMachine(options.cores)},
                {"seed", 1},
                {"policy", options.policy.filename().string()},
                {"environment", options.environment},
                {"versions", json::parse((*environment)->info().versionsJson, nullptr, false)},
                {"workers", options.cores},
                {"environments_a_worker", (*environment)->batch()},
                {"steps_an_episode", options.steps},
                {"rounds", own.size()},
                {"ways",
                 {{"this_program", toJson(medianOf(own), unit)},
                  {"plain_loop", toJson(medianOf(ofPlain), unit)},
                  {"loop_a_core", toJson(medianOf(ofCores), unit)}}},
                {"ratios",
                 {{"over_plain_loop", toJson(medianOf(overPlain), "")},
                  {"over_loop_a_core", toJson(medianOf(overCores), "")}}}};
}

}  // namespace sqil
