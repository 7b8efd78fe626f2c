#include "core/bench/KernelBench.h"

#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <optional>
#include <thread>

#include "core/bench/DeviceRoofs.h"
#include "core/bench/GpuFacts.h"
#include "core/bench/Machine.h"
#include "core/bench/PythonReference.h"
#include "core/bench/Roofs.h"
#include "core/bench/Samples.h"
#include "core/kernels/LowBitKernels.h"
#include "core/kernels/Operators.h"
#include "core/policy/Device.h"
#include "core/policy/DeviceMemory.h"
#include "core/policy/ThreadCount.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr int kLeastRounds = 3;

/// ONNX Runtime's operators of the same kind; asked through a process of its own.
std::vector<KernelWay> onnxWays(PythonReference& reference, const KernelCase& what, int layers) {
    const auto way = [&](const char* name, const char* kind, int level) {
        const std::string command = json{{"kind", kind},          {"bits", what.fourBits ? 4 : 8},
                                         {"rows", what.rows},     {"outputs", what.outputs},
                                         {"inputs", what.inputs}, {"block", what.group > 0 ? what.group : 128},
                                         {"layers", layers},      {"accuracy_level", level}}
                                        .dump();
        return KernelWay{name, [&reference, command]() -> Result<double> {
                             auto answer = reference.ask(command);
                             if (!answer)
                                 return tl::unexpected(answer.error());
                             if (answer->contains("error"))
                                 return fail(ErrorKind::Unsupported, answer->at("error").get<std::string>());
                             return answer->at("seconds").get<double>();
                         }};
    };
    std::vector<KernelWay> ways;
    if (what.integerActivations) {
        ways.push_back(way("onnxruntime QLinearMatMul", "qlinear_matmul", 0));
    } else {
        ways.push_back(way("onnxruntime MatMulNBits", "matmul_nbits", 1));
        // This one rounds the activations to 8 bits first: faster, and another result.
        ways.push_back(way("onnxruntime MatMulNBits, int8 activations", "matmul_nbits", 4));
    }
    return ways;
}

std::vector<double> inMilliseconds(std::vector<double> samples) {
    for (double& sample : samples)
        sample *= 1e3;
    return samples;
}

json describe(const KernelCase& what, const KernelSubject& subject, const std::vector<KernelWay>& ways, bool onCpu) {
    const double operations = 2.0 * static_cast<double>(what.rows * what.outputs * what.inputs);
    json result{{"name", what.name},
                {"bytes", subject.bytes()},
                {"operations", operations},
                {"layers", subject.layers()},
                {"rounds", ways.front().samples.size()}};
    const std::vector<double>& own = ways.front().samples;
    for (const KernelWay& way : ways) {
        const std::vector<double> milliseconds = inMilliseconds(way.samples);
        std::vector<double> ratios = way.samples;
        for (std::size_t i = 0; i < ratios.size(); ++i)
            ratios[i] /= own[i];
        json& entry = result["ways"][way.name];
        entry = toJson(medianOf(milliseconds), "_ms");
        entry["best_ms"] = *std::min_element(milliseconds.begin(), milliseconds.end());
        if (!way.warmSamples.empty())
            entry["warm_ms"] = medianOf(inMilliseconds(way.warmSamples)).median;
        if (std::isfinite(way.distance))
            entry["distance"] = way.distance;
        if (&way != &ways.front())
            result["ratios"][way.name + "_over_sqil"] = toJson(medianOf(ratios), "");
    }
    result["own"] = ways.front().name;
    // On the CPU float activations of 16 bits meet evenly spaced 4-bit weights as two integer digits
    // (core/kernels/LowBitKernels.h); on CUDA they stay floats.
    result["digits"] = what.integerActivations ? 1 : what.fourBits && onCpu ? 2 : 0;
    result["integers"] = what.integerActivations;
    return result;
}

/// What share of the machine's roofs each case reached.
void addShares(json& report, const Roofs& roofs) {
    report["roofs"] = {{"read_gb_per_s", roofs.readBytesPerSecond / 1e9},
                       {"float_gflop_per_s", roofs.floatOperationsPerSecond / 1e9},
                       {"integer_gop_per_s", roofs.integerOperationsPerSecond / 1e9}};
    for (json& entry : report.at("cases")) {
        const int digits = entry.at("digits").get<int>();
        const double compute = digits ? roofs.integerOperationsPerSecond / digits : roofs.floatOperationsPerSecond;
        for (const char* which : {"median", "best"}) {
            const json& own = entry.at("ways").at(entry.at("own").get<std::string>());
            const double seconds = own.at(std::string(which) + "_ms").get<double>() / 1e3;
            entry["roof_share"][which] = {
                {"of_reading", entry.at("bytes").get<double>() / seconds / roofs.readBytesPerSecond},
                {"of_arithmetic", entry.at("operations").get<double>() / seconds / compute}};
        }
    }
}

void raise(Roofs& roofs, const Roofs& other) {
    roofs.readBytesPerSecond = std::max(roofs.readBytesPerSecond, other.readBytesPerSecond);
    roofs.floatOperationsPerSecond = std::max(roofs.floatOperationsPerSecond, other.floatOperationsPerSecond);
    roofs.integerOperationsPerSecond = std::max(roofs.integerOperationsPerSecond, other.integerOperationsPerSecond);
}

class KernelBench {
public:
    KernelBench(at::Device device, const KernelBenchOptions& options, const Progress& progress)
        : device_(device), options_(options), progress_(progress) {}

    Result<json> run(std::span<const KernelCase> cases) {
        report_ = {{"benchmark", "kernels"},    {"machine", describeMachine(options_.threads)},
                   {"device", options_.device}, {"seed", 0},
                   {"cases", json::array()},    {"notes", json::array()}};
        report_["machine"]["instructions"] = lowBitKernels().name;
        if (auto started = startReference(); !started)
            return tl::unexpected(started.error());
        std::optional<DeviceRoofs> roofs;
        if (!device_.is_cpu())
            roofs.emplace(device_);
        deviceRoofs_ = roofs ? &*roofs : nullptr;
        std::optional<Error> lastProblem;
        for (const KernelCase& what : cases) {
            if (!sqil::report(progress_, what.name, 0, 0))
                return fail(ErrorKind::Cancelled, "the benchmark was stopped");
            auto entry = measure(what, options_.seconds / static_cast<double>(cases.size()));
            if (entry) {
                report_["cases"].push_back(std::move(*entry));
            } else if (!device_.is_cpu() && entry.error().kind == ErrorKind::Io) {  // the next may fit its memory
                note(std::string(what.name) + ": left out: " + entry.error().message);
                lastProblem = entry.error();
            } else {
                return entry;
            }
        }
        if (report_["cases"].empty() && lastProblem)
            return tl::unexpected(*lastProblem);
        if (deviceRoofs_ && !deviceRoofs_->problem().empty())
            note(deviceRoofs_->problem());
        addShares(report_, roofs_);
        return report_;
    }

private:
    void note(const std::string& text) {
        json& notes = report_["notes"];
        if (std::find(notes.begin(), notes.end(), json(text)) == notes.end())
            notes.push_back(text);
    }

    Result<void> startReference() {
        if (!device_.is_cpu()) {
            const json gpu = describeGpu(options_.device);
            if (gpu.contains("problem"))
                note("clocks and power: not measured: " + gpu.at("problem").get<std::string>());
            else
                report_["machine"]["gpu"] = gpu;
            note("ONNX Runtime: not measured: its reference computes on the processor");
            return {};
        }
        if (options_.python.empty()) {
            note("ONNX Runtime: not measured: no --python was given");
            return {};
        }
        auto started = PythonReference::start(options_.python, options_.scripts / "kernel_reference.py",
                                              std::to_string(options_.threads));
        if (!started)
            return tl::unexpected(started.error());
        reference_ = std::move(*started);
        report_["machine"]["reference"] = reference_->greeting();
        return {};
    }

    Result<json> measure(const KernelCase& what, double share) try {
        KernelSubject subject(what, device_);
        auto ways = subject.ways();
        if (!ways)
            return tl::unexpected(ways.error());
        if (reference_)
            for (KernelWay& way : onnxWays(*reference_, what, subject.layers()))
                ways->push_back(std::move(way));
        if (auto warm = ofEach(what, *ways, warmUp); !warm)
            return tl::unexpected(warm.error());
        const double end = now() + share;
        for (int round = 0; round < kLeastRounds || now() < end; ++round) {
            if (auto added = ofEach(what, *ways, addSamples); !added)
                return tl::unexpected(added.error());
            // ONNX Runtime's threads, which come last, spin for some time before they sleep.
            if (reference_)
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            // The best of the whole run: others on the machine only lower what is measured.
            raise(roofs_, deviceRoofs_ ? deviceRoofs_->measure() : measureRoofs(options_.threads, 1));
            if (!sqil::report(progress_, what.name, 0, 0))
                return fail(ErrorKind::Cancelled, "the benchmark was stopped");
        }
        json entry = describe(what, subject, *ways, device_.is_cpu());
        if (report_["machine"].contains("gpu"))
            entry["gpu"] = describeGpu(options_.device);  // clocks and power under this load
        if (!subject.notReplayed().empty())
            note("times hold what starting a kernel costs: " + subject.notReplayed());
        return entry;
    } catch (const c10::Error& error) {
        return tl::unexpected(deviceError(error, device_, what.name));
    }

    /// One that fails is left out and named, but for the packed operator itself.
    template<class Work>
    Result<void> ofEach(const KernelCase& what, std::vector<KernelWay>& ways, const Work& work) {
        for (auto way = ways.begin(); way != ways.end();) {
            const Result<void> done = work(*way);
            if (!done && way == ways.begin())
                return done;
            if (!done) {
                note(std::string(what.name) + ": " + way->name + ": " + done.error().message);
                way = ways.erase(way);
                continue;
            }
            ++way;
        }
        return {};
    }

    static Result<void> warmUp(KernelWay& way) {
        if (const auto seconds = way.seconds(); !seconds)
            return tl::unexpected(seconds.error());
        if (!way.warm)
            return {};
        const auto warm = way.warm();
        return warm ? Result<void>() : tl::unexpected(warm.error());
    }

    static Result<void> addSamples(KernelWay& way) {
        const auto seconds = way.seconds();
        if (!seconds)
            return tl::unexpected(seconds.error());
        way.samples.push_back(*seconds);
        if (!way.warm)
            return {};
        const auto warm = way.warm();
        if (!warm)
            return tl::unexpected(warm.error());
        way.warmSamples.push_back(*warm);
        return {};
    }

    at::Device device_;
    const KernelBenchOptions& options_;
    const Progress& progress_;
    std::unique_ptr<PythonReference> reference_;
    DeviceRoofs* deviceRoofs_ = nullptr;
    Roofs roofs_;
    json report_;
};

}  // namespace

Result<json> benchKernelsOn(at::Device device, std::span<const KernelCase> cases, const KernelBenchOptions& options,
                            const Progress& progress) try {
    const at::NoGradGuard none;
    const ThreadCount threads(options.threads);
    const c10::DeviceGuard guard(device);
    registerLowBitOperators();
    return KernelBench(device, options, progress).run(cases);
} catch (const c10::Error& error) {
    return tl::unexpected(deviceError(error, device, "the benchmark"));
}

Result<json> benchKernels(const KernelBenchOptions& options, const Progress& progress) {
    if (options.threads < 1)
        return fail(ErrorKind::BadInput, "threads must be 1 or more");
    registerLowBitOperators();
    const auto device = openDevice(options.device);
    if (!device)
        return tl::unexpected(device.error());
    if (!device->is_cpu())
        if (auto kernels = lowBitCudaKernels(); !kernels)
            return tl::unexpected(kernels.error());
    return benchKernelsOn(*device, kernelCases(), options, progress);
}

}  // namespace sqil
