#include "core/bench/SaliencyBench.h"

#include <ATen/ATen.h>

#include <cmath>
#include <fstream>
#include <numeric>
#include <random>
#include <thread>

#include "core/analysis/Saliency.h"
#include "core/analysis/incremental/DeltaKernels.h"
#include "core/bench/Machine.h"
#include "core/bench/PythonReference.h"
#include "core/bench/Samples.h"
#include "core/policy/Policy.h"
#include "core/policy/PolicyFile.h"
#include "core/policy/ThreadCount.h"

namespace sqil {
namespace {

constexpr int leastRounds = 3;
/// A way that takes more than this share of the time is left out of later rounds.
constexpr double largestShare = 0.4;

struct BenchCase {
    std::string name;
    std::filesystem::path policy;
    PerturbationSpec perturbation;
};

/// A policy with its engines and the frame they are timed on.
struct Subject {
    std::shared_ptr<const Policy> policy;
    std::vector<at::Tensor> inputs;
    std::size_t image = 0;
    PlaceGrid places;
};

/// A folder that goes away with the object.
struct TemporaryFolder {
    std::filesystem::path path;
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "sqil-bench-XXXXXX").string();
        if (mkdtemp(name.data()))
            path = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path.empty())
            std::filesystem::remove_all(path, ignored);
    }
};

PerturbationSpec greydanus(double stride, double maskSigma, double blurSigma) {
    PerturbationSpec spec;
    spec.stride = stride;
    spec.maskSigma = maskSigma;
    spec.blurSigma = blurSigma;
    return spec;
}

std::vector<BenchCase> casesOf(const SaliencyBenchOptions& options) {
    PerturbationSpec patches;
    patches.kind = PerturbationKind::PatchMean;
    patches.patch = 28;
    std::vector<BenchCase> cases{{"nature-cnn", options.policies / "nature-cnn.pt2", greydanus(5, 5, 3)},
                                 {"resnet34", options.policies / "resnet34.pt2", patches}};
    if (!options.samplePolicy.empty())
        cases.push_back({"sample", options.samplePolicy, greydanus(0, 0, 0)});
    return cases;
}

/// A card that names every N×C×H×W input an image and the first output the action.
Result<PolicyCard> plainCard(const PolicyGraph& graph) {
    PolicyCard card;
    for (const ValueId id : graph.inputs) {
        const Value& value = graph.values[static_cast<std::size_t>(id)];
        if (!value.meta)
            return fail(ErrorKind::Unsupported, "the input \"" + value.name + "\" has no known shape");
        CardInput input;
        input.name = input.key = value.name;
        input.kind = value.meta->sizes.size() == 4 ? InputKind::Image : InputKind::State;
        card.inputs.push_back(std::move(input));
    }
    const auto& output =
        graph.outputs.empty() ? std::nullopt : graph.values[static_cast<std::size_t>(graph.outputs[0])].meta;
    const auto* size = output && !output->sizes.empty() ? std::get_if<std::int64_t>(&output->sizes.back()) : nullptr;
    card.dimensions.resize(static_cast<std::size_t>(size ? *size : 1));
    return card;
}

Result<Subject> prepare(const BenchCase& wanted) {
    auto file = readPolicyFile(wanted.policy);
    if (!file)
        return tl::unexpected(file.error());
    auto card = plainCard(file->graph);
    if (!card)
        return tl::unexpected(card.error());
    Subject subject;
    std::mt19937 random(0);
    std::uniform_real_distribution<float> uniform(0, 1);
    bool found = false;
    for (std::size_t i = 0; i < file->graph.inputs.size(); ++i) {
        const auto& meta = *file->graph.values[static_cast<std::size_t>(file->graph.inputs[i])].meta;
        std::vector<std::int64_t> sizes{1};
        for (std::size_t d = 1; d < meta.sizes.size(); ++d)
            sizes.push_back(std::get_if<std::int64_t>(&meta.sizes[d]) ? std::get<std::int64_t>(meta.sizes[d]) : 1);
        at::Tensor input = at::empty(sizes, at::kFloat);
        std::generate_n(input.mutable_data_ptr<float>(), input.numel(), [&] { return uniform(random); });
        if (!found && card->inputs[i].kind == InputKind::Image) {
            found = true;
            subject.image = i;
            auto places = placesOf(wanted.perturbation, sizes[2], sizes[3]);
            if (!places)
                return tl::unexpected(places.error());
            subject.places = *places;
        }
        subject.inputs.push_back(std::move(input));
    }
    if (!found)
        return fail(ErrorKind::BadInput, wanted.policy.string() + ": no image input");
    auto policy = Policy::create(std::move(*file), std::move(*card));
    if (!policy)
        return fail(policy.error().kind, wanted.policy.string() + ": " + policy.error().message);
    subject.policy = std::move(*policy);
    return subject;
}

Result<void> writeRequest(const Subject& subject, const BenchCase& wanted, int threads,
                          const std::filesystem::path& folder) {
    nlohmann::json request{{"policy", std::filesystem::absolute(wanted.policy).string()},
                           {"threads", threads},
                           {"image", subject.image},
                           {"perturbation", nameOf(wanted.perturbation.kind)},
                           {"stride", subject.places.stride},
                           {"mask_sigma", subject.places.maskSigma},
                           {"blur_sigma", subject.places.blurSigma},
                           {"patch", subject.places.patch},
                           {"inputs", nlohmann::json::array()}};
    for (std::size_t i = 0; i < subject.inputs.size(); ++i) {
        const at::Tensor& input = subject.inputs[i];
        const std::string name = "input" + std::to_string(i) + ".raw";
        std::ofstream(folder / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(input.const_data_ptr<float>()),
                   static_cast<std::streamsize>(input.numel() * static_cast<std::int64_t>(sizeof(float))));
        request["inputs"].push_back({{"file", name}, {"shape", input.sizes().vec()}});
    }
    std::ofstream file(folder / "request.json");
    file << request.dump();
    if (!file.flush())
        return fail(ErrorKind::Io, "cannot write into " + folder.string());
    return {};
}

/// One way of computing the map, timed.
struct Way {
    std::string name;
    std::function<Result<double>()> once;  ///< seconds
    std::vector<double> seconds;
};

Result<std::vector<Way>> waysOf(const SaliencyEngine& fast, const SaliencyEngine& full, const Subject& subject,
                                PythonReference* python) {
    std::vector<Way> ways;
    for (const auto& [name, engine] : {std::pair{"auto", &fast}, std::pair{"batched", &full}})
        ways.push_back({name,
                        [engine = engine, &subject]() -> Result<double> {
                            const double start = now();
                            auto step = engine->step(subject.inputs);
                            if (!step)
                                return tl::unexpected(step.error());
                            return now() - start;
                        },
                        {}});
    if (python)
        for (const auto& [name, command] :
             {std::pair{"published", "published"}, std::pair{"pytorch_batched", "batched"}})
            ways.push_back({name,
                            [command = std::string(command), python]() -> Result<double> {
                                return python->ask(command).and_then(
                                    [](const nlohmann::json& answer) -> Result<double> {
                                        const auto seconds = answer.find("seconds");
                                        if (seconds == answer.end() || !seconds->is_number())
                                            return fail(ErrorKind::BadInput, "the Python reference gave no time");
                                        return seconds->get<double>();
                                    });
                            },
                            {}});
    return ways;
}

/// Largest difference from a reference map, relative to its maximum, and of SIS.
nlohmann::json agreement(const std::vector<float>& scores, const nlohmann::json& reference) {
    const auto expected = reference.get<std::vector<double>>();
    if (expected.size() != scores.size() || expected.empty())
        return {{"places", expected.size()}, {"expected_places", scores.size()}};
    double largest = 0, difference = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        largest = std::max(largest, expected[i]);
        difference = std::max(difference, std::abs(expected[i] - scores[i]));
    }
    const double sum = std::accumulate(expected.begin(), expected.end(), 0.0);
    const double ours = std::accumulate(scores.begin(), scores.end(), 0.0);
    return {{"relative_to_maximum", difference / largest}, {"sis_relative", std::abs(ours - sum) / sum}};
}

Result<nlohmann::json> measure(const BenchCase& wanted, const SaliencyBenchOptions& options, double seconds,
                               const Progress& progress, nlohmann::json& machine) {
    auto subject = prepare(wanted);
    if (!subject)
        return tl::unexpected(subject.error());
    auto fast = SaliencyEngine::create(subject->policy, {wanted.perturbation});
    auto full = SaliencyEngine::create(subject->policy, {wanted.perturbation}, {}, SaliencyEngine::Method::Batched);
    if (!fast || !full)
        return tl::unexpected((fast ? full : fast).error());
    const TemporaryFolder folder;
    std::unique_ptr<PythonReference> python;
    if (!options.python.empty()) {
        if (auto written = writeRequest(*subject, wanted, options.threads, folder.path); !written)
            return tl::unexpected(written.error());
        auto started = PythonReference::start(options.python, options.scripts / "saliency_reference.py", folder.path);
        if (!started)
            return tl::unexpected(started.error());
        python = std::move(*started);
        machine["python"] = python->greeting();
    }

    auto ways = waysOf(*fast, *full, *subject, python.get());
    if (!ways)
        return tl::unexpected(ways.error());
    const double end = now() + seconds;
    for (int round = -1; round < leastRounds || now() < end; ++round) {
        for (Way& way : *ways) {
            if (!report(progress, wanted.name + ": " + way.name, round + 1, 0))
                return fail(ErrorKind::Cancelled, "the benchmark was stopped");
            const double spent = std::accumulate(way.seconds.begin(), way.seconds.end(), 0.0);
            if (round >= leastRounds && spent > largestShare * seconds)
                continue;
            // Threads of the way before may still be spinning; they go to sleep within this time.
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            auto time = way.once();
            if (!time)
                return tl::unexpected(time.error());
            if (round >= 0)  // the first round warms up
                way.seconds.push_back(*time);
        }
    }

    nlohmann::json result{{"name", wanted.name},
                          {"perturbation", nameOf(wanted.perturbation.kind)},
                          {"places", subject->places.count()},
                          {"rounds", ways->front().seconds.size()},
                          {"explain", fast->explain()}};
    const std::vector<double>& ours = ways->front().seconds;
    for (const Way& way : *ways) {
        std::vector<double> milliseconds = way.seconds, ratios = way.seconds;
        for (std::size_t i = 0; i < ratios.size(); ++i) {
            milliseconds[i] *= 1e3;
            ratios[i] /= ours[i];
        }
        result["ways"][way.name] = toJson(medianOf(milliseconds), "_ms");
        if (way.name != "auto")
            result["ratios"][way.name + "_over_auto"] = toJson(medianOf(ratios), "");
    }
    auto step = fast->step(subject->inputs);
    auto complete = full->step(subject->inputs);
    if (!step || !complete)
        return tl::unexpected((step ? complete : step).error());
    const std::vector<float>& scores = step->modalities.front().scores;
    result["agreement"]["auto_with_batched"] = agreement(scores, complete->modalities.front().scores);
    if (python) {
        auto maps = python->ask("maps");
        if (!maps)
            return tl::unexpected(maps.error());
        for (const char* name : {"published", "batched", "exact"}) {
            result["agreement"][std::string("auto_with_python_") + name] = agreement(scores, maps->at(name));
            result["agreement"][std::string("batched_with_python_") + name] =
                agreement(complete->modalities.front().scores, maps->at(name));
        }
    }
    return result;
}

}  // namespace

Result<nlohmann::json> benchSaliency(const SaliencyBenchOptions& options, const Progress& progress) {
    if (options.threads < 1)
        return fail(ErrorKind::BadInput, "threads: " + std::to_string(options.threads) + "; expected 1 or more");
    const ThreadCount threads(options.threads);
    nlohmann::json result{
        {"benchmark", "saliency"}, {"cases", nlohmann::json::array()}, {"notes", nlohmann::json::array()}};
    nlohmann::json machine = describeMachine(options.threads);
    machine["kernels"] = deltaKernels().name;
    const std::vector<BenchCase> cases = casesOf(options);
    if (options.python.empty()) {
        result["notes"].push_back("no Python given: the published loop and batched PyTorch were not measured");
    } else if (!options.policies.empty()) {
        if (!report(progress, "policies", 0, 0))
            return fail(ErrorKind::Cancelled, "the benchmark was stopped");
        if (auto made = runPython(options.python, options.scripts / "saliency_policies.py", options.policies); !made)
            return tl::unexpected(made.error());
    }
    for (const BenchCase& wanted : cases) {
        std::error_code ignored;
        if (!std::filesystem::exists(wanted.policy, ignored)) {
            result["notes"].push_back(wanted.name + ": left out, " +
                                      (wanted.policy.has_parent_path() ? wanted.policy.string() + " is not there"
                                                                       : std::string("no folder of policies given")));
            continue;
        }
        auto measured =
            measure(wanted, options, options.seconds / static_cast<double>(cases.size()), progress, machine);
        if (!measured)
            return fail(measured.error().kind, wanted.name + ": " + measured.error().message);
        result["cases"].push_back(std::move(*measured));
    }
    result["machine"] = std::move(machine);
    return result;
}

}  // namespace sqil
