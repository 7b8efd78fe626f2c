#include "core/bench/PolicyBench.h"

#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <random>

#include "core/bench/BenchedPolicy.h"
#include "core/bench/DeviceFlush.h"
#include "core/bench/Energy.h"
#include "core/bench/GpuFacts.h"
#include "core/bench/Machine.h"
#include "core/bench/PythonReference.h"
#include "core/bench/Samples.h"
#include "core/bench/TimedPolicy.h"
#include "core/kernels/LowBitKernels.h"
#include "core/policy/Device.h"
#include "core/policy/DeviceMemory.h"
#include "core/policy/ThreadCount.h"
#include "core/quant/PostTraining.h"
#include "core/quant/lowering/LowBitLowering.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr int kLeastRounds = 5;
constexpr int kColdRounds = 5;
constexpr double kEnergySeconds = 1.0;
constexpr std::int64_t kColdBytes = std::int64_t{128} << 20;
constexpr int kSeed = 0;  // of random inputs and of the order of the ways
constexpr const char* kFull = "float32";

/// One way of computing a step.
struct Way {
    std::string name;
    std::function<Result<double>()> seconds;
    json about;
    std::vector<double> warm = {}, cold = {};
    std::vector<double> compute = {};                  ///< a device's own time
    std::optional<TimedPolicy> policy = std::nullopt;  ///< none where another program computes
};

double percentile(std::vector<double> samples, double share) {
    std::sort(samples.begin(), samples.end());
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size()))) - 1;
    return samples[std::min(rank, samples.size() - 1)];
}

Result<QuantSpec> specOf(const std::string& width) {
    QuantSpec spec;
    int end = 0;
    if (std::sscanf(width.c_str(), "W%dA%d%n", &spec.weightBits, &spec.activationBits, &end) != 2 ||
        end != static_cast<int>(width.size()))
        return fail(ErrorKind::BadInput, "width \"" + width + "\": expected one such as W8A8 or W4A16");
    if (auto valid = check(spec); !valid)
        return tl::unexpected(valid.error());
    return spec;
}

/// Leaves the caches of the device that computes without anything of the policy.
std::function<void()> flushOf(at::Device device) {
    if (device.is_cpu()) {
        const auto memory = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(kColdBytes), 1);
        return [memory] { lowBitKernels().readAll(memory->data(), kColdBytes); };
    }
    const at::Tensor zeros = flushMemory(device);
    return [zeros] { zeros.zero_()[0].item<std::uint8_t>(); };  // reading waits until it is done
}

class PolicyBench {
public:
    PolicyBench(at::Device device, const PolicyBenchOptions& options, const Progress& progress)
        : device_(device), options_(options), progress_(progress) {}

    Result<json> run() {
        const at::NoGradGuard none;
        const ThreadCount threads(options_.threads);
        const c10::DeviceGuard guard(device_);
        if (options_.graphs && device_.is_cpu())
            note("graphs: the processor has none; steps run as they are");
        if (auto opened = open(); !opened)
            return tl::unexpected(opened.error());
        if (auto made = makeWays(); !made)
            return tl::unexpected(made.error());
        if (auto measured = measure(); !measured)
            return tl::unexpected(measured.error());
        return describe();
    }

private:
    Result<void> open() {
        auto opened = BenchedPolicy::open(options_.policy, options_.rollouts, kSeed);
        if (!opened)
            return tl::unexpected(opened.error());
        subject_ = std::move(*opened);
        notes_.insert(notes_.end(), subject_.notes.begin(), subject_.notes.end());
        if (options_.controlRate > 0)
            subject_.controlRate = options_.controlRate;
        return {};
    }

    void note(std::string text) { notes_.push_back(std::move(text)); }

    Result<void> add(std::string name, PolicyGraph graph, std::vector<at::Tensor> inputs, json about) {
        auto policy = TimedPolicy::create(std::move(graph), device_, std::move(inputs), options_.graphs);
        if (!policy)
            return tl::unexpected(policy.error());
        ways_.push_back(std::make_unique<Way>(Way{std::move(name), {}, std::move(about)}));
        Way* own = ways_.back().get();
        own->about["weights_mb"] = policy->weightBytes() / 1e6;
        own->policy = std::move(*policy);
        own->seconds = [own] { return own->policy->stepSeconds(); };
        return {};
    }

    Result<void> makeWays() {
        const bool isQuantized = subject_.file.extraFiles.contains(kQuantizationFile);
        if (auto added =
                add(isQuantized ? "fake quantized" : kFull, subject_.file.graph, subject_.inputs, json::object());
            !added)
            return added;
        auto outputs = ways_.front()->policy->step();
        if (!outputs)
            return tl::unexpected(outputs.error());
        expected_ = (*outputs)[0].to(at::kFloat);
        if (options_.bfloat16 && !isQuantized)
            addBfloat16();
        if (device_.is_cuda())
            if (auto kernels = lowBitCudaKernels(); !kernels) {
                note("packed operators: not measured on " + options_.device + ": " + kernels.error().message);
                return {};
            }
        if (isQuantized)
            return addLowered("packed", subject_.file);
        for (const std::string& width : options_.widths) {
            if (!report(progress_, "Packing " + width, 0, 0))
                return fail(ErrorKind::Cancelled, "the benchmark was stopped");
            const auto spec = specOf(width);
            if (!spec)
                return tl::unexpected(spec.error());
            auto quantized = subject_.quantized(*spec);
            if (!quantized)
                return tl::unexpected(quantized.error());
            if (auto added = addLowered(width, *quantized); !added)
                return added;
        }
        return addOnnx();
    }

    Result<void> addLowered(const std::string& name, const PolicyFile& quantized) {
        const auto lowered = lowerPolicy(quantized);
        if (!lowered)
            return tl::unexpected(lowered.error());
        double all = 0;
        bool known = true;
        for (const LoweredLayer& layer : lowered->layers) {
            known = known && layer.multiplications >= 0;
            all += static_cast<double>(layer.multiplications);
        }
        json about{{"operators", json::object()}, {"floating_point", json::array()}};
        for (const LoweredLayer& layer : lowered->layers) {
            if (!layer.target.empty()) {
                about["operators"][layer.target] = about["operators"].value(layer.target, 0) + 1;
                continue;
            }
            json stays{{"layer", layer.layer},
                       {"reason", layer.reason},
                       {"weights_mb", static_cast<double>(layer.floatBytes) / 1e6}};
            if (known && all > 0)
                stays["share_of_multiplications"] = static_cast<double>(layer.multiplications) / all;
            about["floating_point"].push_back(std::move(stays));
        }
        if (about["operators"].empty()) {
            note(name + ": left out: no layer of this policy has a packed operator of this width");
            return {};
        }
        auto added = add(name, lowered->file.graph, subject_.inputs, std::move(about));
        if (!added && !device_.is_cpu()) {  // no room, or no kernels for this GPU
            note(name + ": not measured on " + options_.device + ": " + added.error().message);
            return {};
        }
        if (!added)
            return added;
        auto outputs = ways_.back()->policy->step();
        if (!outputs && !device_.is_cpu()) {  // no kernel for this device
            ways_.pop_back();
            note(name + ": not measured on " + options_.device + ": " + outputs.error().message);
            return {};
        }
        if (!outputs)
            return tl::unexpected(outputs.error());
        ways_.back()->about["distance"] = distance((*outputs)[0]);
        return {};
    }

    double distance(const at::Tensor& outputs) const {
        return (outputs.to(at::kFloat) - expected_).norm().item<double>() /
               std::max(expected_.norm().item<double>(), 1e-12);
    }

    /// The same graph with bfloat16 weights and inputs, where its operators take them.
    void addBfloat16() {
        PolicyGraph graph = subject_.file.graph;
        for (Binding& binding : graph.bindings)
            if (binding.tensor.defined() && binding.tensor.scalar_type() == at::kFloat)
                binding.tensor = binding.tensor.to(at::kBFloat16);
        std::vector<at::Tensor> inputs = subject_.inputs;
        for (at::Tensor& input : inputs)
            if (input.scalar_type() == at::kFloat)
                input = input.to(at::kBFloat16);
        auto added = add("bfloat16", graph, inputs, json::object());
        const auto outputs = added ? ways_.back()->policy->step() : Result<std::vector<at::Tensor>>();
        if (added && outputs) {
            ways_.back()->about["distance"] = distance((*outputs)[0]);
            return;
        }
        if (added)
            ways_.pop_back();
        note("bfloat16: not measured: " + (added ? outputs.error().message : added.error().message));
    }

    Result<void> addOnnx() {
        if (options_.onnx.empty())
            return {};
        auto started = PythonReference::start(options_.python, options_.scripts / "kernel_reference.py",
                                              std::to_string(options_.threads));
        if (!started)
            return tl::unexpected(started.error());
        reference_ = std::move(*started);
        const std::string command = json{{"kind", "model"}, {"path", options_.onnx.string()}}.dump();
        Way way{"onnxruntime " + options_.onnx.stem().string(), {}, json{{"version", reference_->greeting()}}};
        way.seconds = [this, command]() -> Result<double> {
            auto answer = reference_->ask(command);
            if (!answer)
                return tl::unexpected(answer.error());
            if (answer->contains("error"))
                return fail(ErrorKind::BadInput, "ONNX Runtime: " + answer->at("error").get<std::string>());
            return answer->at("seconds").get<double>();
        };
        ways_.push_back(std::make_unique<Way>(std::move(way)));
        return {};
    }

    Result<void> measure() {
        const auto flush = flushOf(device_);
        std::mt19937 engine(kSeed);
        std::vector<std::size_t> order(ways_.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        const double end = now() + options_.seconds;
        for (int round = -2; round < kLeastRounds || now() < end; ++round) {
            std::shuffle(order.begin(), order.end(), engine);
            for (const std::size_t index : order) {
                if (!report(progress_, "Timing", std::max(round, 0), 0))
                    return fail(ErrorKind::Cancelled, "the benchmark was stopped");
                // The step before warms this way's weights and code again.
                for (const bool counts : {false, true}) {
                    const auto seconds = ways_[index]->seconds();
                    if (!seconds)
                        return tl::unexpected(seconds.error());
                    if (counts && round >= 0)
                        ways_[index]->warm.push_back(*seconds);
                }
                if (round < 0 || !ways_[index]->policy)
                    continue;
                if (!device_.is_cpu()) {
                    const auto seconds = ways_[index]->policy->computeSeconds();
                    if (!seconds)
                        return tl::unexpected(seconds.error());
                    ways_[index]->compute.push_back(*seconds);
                }
                if (round < kColdRounds) {
                    flush();
                    const auto seconds = ways_[index]->seconds();
                    if (!seconds)
                        return tl::unexpected(seconds.error());
                    ways_[index]->cold.push_back(*seconds);
                }
            }
        }
        return measureEnergy();
    }

    Result<void> measureEnergy() {
        if (device_.is_cpu()) {
            EnergyMeter meter;
            return measureEnergy(meter, "the processor's counters");
        }
        auto gpus = GpuMonitor::open();
        const auto gpu = gpus ? (*gpus)->indexOf(options_.device) : Result<unsigned>(tl::unexpected(gpus.error()));
        if (!gpu) {
            note("clocks, power and energy: not measured: " + gpu.error().message);
            return {};
        }
        GpuEnergyMeter meter(*gpus, *gpu);
        gpu_ = describeGpu(options_.device);
        return measureEnergy(meter, meter.isSampled() ? "the GPU's power, sampled" : "the GPU's energy counter");
    }

    template<class Meter>
    Result<void> measureEnergy(Meter& meter, const char* from) {
        if (!meter.problem().empty()) {
            note(meter.problem());
            return {};
        }
        energyFrom_ = from;
        for (const auto& way : ways_) {
            if (!device_.is_cpu() && !way->policy)  // another program's, on the processor
                continue;
            meter.start();
            int steps = 0;
            for (const double end = now() + kEnergySeconds; now() < end; ++steps)
                if (auto seconds = way->seconds(); !seconds)
                    return tl::unexpected(seconds.error());
            if (const auto joules = meter.joules())
                way->about["energy_mj"] = *joules / std::max(steps, 1) * 1e3;
        }
        return {};
    }

    Result<json> describe() {
        json result{{"benchmark", "policy"},
                    {"machine", describeMachine(options_.threads)},
                    {"device", options_.device},
                    {"seed", kSeed},
                    {"policy", options_.policy.filename().string()},
                    {"parameters", subject_.file.graph.parameterCount()},
                    {"batch", 1},
                    {"rounds", ways_.front()->warm.size()}};
        result["machine"]["instructions"] = lowBitKernels().name;
        if (!device_.is_cpu())
            result["graphs"] = options_.graphs;
        if (!gpu_.is_null())
            result["machine"]["gpu"] = gpu_;
        if (!energyFrom_.empty())
            result["energy_from"] = energyFrom_;
        if (!options_.rollouts.empty())
            result["rollouts"] = options_.rollouts.filename().string();
        if (subject_.controlRate > 0)
            result["control_rate_hz"] = subject_.controlRate;
        const std::vector<double>& full = ways_.front()->warm;
        for (const auto& way : ways_) {
            json entry = way->about;
            std::vector<double> milliseconds = way->warm, ratios = full;
            for (std::size_t i = 0; i < ratios.size(); ++i) {
                milliseconds[i] *= 1e3;
                ratios[i] /= way->warm[i];
            }
            entry.update(toJson(medianOf(milliseconds), "_ms"));
            entry["best_ms"] = *std::min_element(milliseconds.begin(), milliseconds.end());
            entry["latency_ms"] = {{"p50", percentile(milliseconds, 0.5)},
                                   {"p90", percentile(milliseconds, 0.9)},
                                   {"p99", percentile(milliseconds, 0.99)}};
            const double median = medianOf(way->warm).median;
            entry["actions_per_second"] = 1 / median;
            if (subject_.controlRate > 0)
                entry["times_control_rate"] = 1 / median / subject_.controlRate;
            if (!way->cold.empty())
                entry["cold_ms"] = medianOf(way->cold).median * 1e3;
            if (!way->compute.empty()) {
                const MedianInterval compute = medianOf(way->compute);
                entry["device_ms"] = compute.median * 1e3;
                entry["replayed"] = way->policy->isReplayed();
            }
            if (const auto bytes = way->policy ? way->policy->peakBytes() : std::nullopt)
                entry["step_mb"] = static_cast<double>(*bytes) / 1e6;
            if (way->policy && !way->policy->notReplayed().empty())
                note(way->name + ": steps are not replayed: " + way->policy->notReplayed());
            if (&way != &ways_.front())
                result["ratios"][ways_.front()->name + "_over_" + way->name] = toJson(medianOf(ratios), "");
            result["ways"][way->name] = std::move(entry);
        }
        result["notes"] = notes_;
        return result;
    }

    at::Device device_;
    const PolicyBenchOptions& options_;
    const Progress& progress_;
    BenchedPolicy subject_;
    at::Tensor expected_;
    std::unique_ptr<PythonReference> reference_;
    std::vector<std::unique_ptr<Way>> ways_;
    std::vector<std::string> notes_;
    json gpu_;
    std::string energyFrom_;
};

}  // namespace

Result<json> benchPolicyOn(at::Device device, const PolicyBenchOptions& options, const Progress& progress) try {
    return PolicyBench(device, options, progress).run();
} catch (const c10::Error& error) {
    return tl::unexpected(deviceError(error, device, "the benchmark"));
}

Result<json> benchPolicy(const PolicyBenchOptions& options, const Progress& progress) {
    if (options.threads < 1)
        return fail(ErrorKind::BadInput, "threads must be 1 or more");
    const auto device = openDevice(options.device);
    if (!device)
        return tl::unexpected(device.error());
    return benchPolicyOn(*device, options, progress);
}

}  // namespace sqil
