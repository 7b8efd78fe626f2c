#include "core/bench/KernelBench.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <functional>

#include "core/bench/Machine.h"
#include "core/bench/OperatorCheck.h"
#include "core/bench/PythonReference.h"
#include "core/bench/Roofs.h"
#include "core/bench/Samples.h"
#include "core/kernels/KernelCheck.h"
#include "core/kernels/Operators.h"
#include "core/policy/Device.h"
#include "core/policy/ThreadCount.h"
#include "core/quant/Quantizer.h"
#include "core/quant/lowering/PackedLayer.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr int kLeastRounds = 3;
/// Weights of a case together, in 4 bits: above what caches hold.
constexpr std::int64_t kLeastBytes = std::int64_t{72} << 20;
constexpr int kMostLayers = 12;

struct KernelCase {
    const char* name;
    bool fourBits;
    bool integerActivations;
    std::int64_t rows, outputs, inputs, group;
};

// Llama-2-7B's projections (OpenVLA's language model) for one token and a few, and integer products of a batch.
constexpr KernelCase kCases[] = {
    {"W4A16, 1 x 4096 x 4096, groups of 128", true, false, 1, 4096, 4096, 128},
    {"W4A16, 1 x 11008 x 4096, groups of 128", true, false, 1, 11008, 4096, 128},
    {"W4A16, 1 x 4096 x 4096, groups of 32", true, false, 1, 4096, 4096, 32},
    {"W4A16, 8 x 4096 x 4096, groups of 128", true, false, 8, 4096, 4096, 128},
    {"W8A16, 1 x 4096 x 4096, per channel", false, false, 1, 4096, 4096, 0},
    {"W8A8, 256 x 1024 x 1024, per channel", false, true, 256, 1024, 1024, 0},
    {"W4A4, 256 x 1024 x 1024, per channel", true, true, 256, 1024, 1024, 0},
};

/// One way of computing all layers of a case, called in turns with the others.
struct Way {
    std::string name;
    std::function<Result<double>()> seconds;  ///< of one layer
    std::vector<double> samples;
};

LayerIntegers integersOf(const QuantizedWeight& weight, std::int64_t group) {
    return {weight.integers.to(at::kInt), weight.steps.reshape({weight.integers.size(0), -1}), {}, group};
}

/// All ways hold as many layers; weights differ only in memory, which is all that counts here.
class Subject {
public:
    explicit Subject(const KernelCase& what) : what_(what) {
        const std::int64_t perLayer = what.outputs * what.inputs / (what.fourBits ? 2 : 1);
        layers_ = what.integerActivations
                      ? 1
                      : static_cast<int>(std::clamp<std::int64_t>(kLeastBytes / perLayer + 1, 2, kMostLayers));
        at::manual_seed(0);
        weight_ = at::randn({what.outputs, what.inputs}) * 0.02;
        x_ = at::randn({what.rows, what.inputs});
        const int bits = what.fourBits ? 4 : 8;
        const WeightLayout layout{0, what.group ? Granularity::Group : Granularity::Channel, what.group, false};
        quantized_ = quantizeWeight(weight_, bits, layout, RangeMethod::MinMax, 99.9);
    }

    int layers() const { return layers_; }
    std::int64_t bytes() const { return bytes_; }

    Result<std::vector<Way>> ways() {
        std::vector<Way> ways;
        auto own = what_.integerActivations ? integerWay() : floatWay();
        if (!own)
            return tl::unexpected(own.error());
        ways.push_back(std::move(*own));
        ways.push_back(torchWay("torch float32", at::kFloat));
        ways.push_back(torchWay("torch bfloat16", at::kBFloat16));
        if (what_.fourBits && !what_.integerActivations)
            ways.push_back(torchInt4Way());
        return ways;
    }

private:
    Way timed(std::string name, std::function<void(int layer)> compute) const {
        return {std::move(name),
                [compute = std::move(compute), layers = layers_]() -> Result<double> {
                    const double start = now();
                    for (int layer = 0; layer < layers; ++layer)
                        compute(layer);
                    return (now() - start) / layers;
                },
                {}};
    }

    std::vector<at::Tensor> copies(const at::Tensor& tensor) const {
        std::vector<at::Tensor> all;
        for (int layer = 0; layer < layers_; ++layer)
            all.push_back(tensor.clone());
        return all;
    }

    Result<Way> floatWay() {
        const auto packed = packFloatLinear(integersOf(quantized_, what_.group), what_.fourBits ? 4 : 8, {});
        if (!packed)
            return tl::unexpected(packed.error());
        bytes_ = static_cast<std::int64_t>(packed->weight.nbytes() + packed->scales.nbytes());
        const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(packed->target.c_str(), "");
        return timed("sqil " + packed->target.substr(6),
                     [handle, layer = *packed, weights = copies(packed->weight), x = x_.to(at::kBFloat16)](int index) {
                         std::vector<c10::IValue> stack{x, weights[static_cast<std::size_t>(index)], layer.scales,
                                                        c10::IValue(), c10::IValue()};
                         if (layer.target == "sqil::linear_w4a16")
                             stack.emplace_back();
                         stack.emplace_back(layer.outputs);
                         stack.emplace_back(layer.groupSize);
                         handle.callBoxed(&stack);
                     });
    }

    /// From codes to codes, as inside a lowered policy.
    Result<Way> integerWay() {
        const CodeFormat format = what_.fourBits ? CodeFormat{0.3, 8, 15} : CodeFormat{0.03, 128, 255};
        const auto packed = packIntegerLinear(integersOf(quantized_, what_.group), what_.fourBits ? 4 : 8, format, {});
        if (!packed)
            return tl::unexpected(packed.error());
        bytes_ = static_cast<std::int64_t>(packed->weight.nbytes() + packed->scales.nbytes());
        const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(packed->target.c_str(), "");
        const at::Tensor codes =
            at::fake_quantize_per_tensor_affine(x_, format.step, 0, -format.zero, format.maximum - format.zero)
                .div(format.step)
                .round()
                .add(static_cast<double>(format.zero))
                .to(at::kByte);
        return timed("sqil " + packed->target.substr(6), [handle, layer = *packed, codes, format](int) {
            std::vector<c10::IValue> stack{codes,         layer.weight, layer.scales,  layer.corrections,
                                           c10::IValue(), layer.inputs, layer.outputs, layer.groupSize,
                                           true,          format.step,  format.zero,   format.maximum};
            handle.callBoxed(&stack);
        });
    }

    Way torchWay(const char* name, at::ScalarType type) const {
        return timed(name, [x = x_.to(type), weights = copies(weight_.to(type))](int layer) {
            at::linear(x, weights[static_cast<std::size_t>(layer)]);
        });
    }

    Way torchInt4Way() const {
        const at::Tensor codes = quantized_.integers.to(at::kInt) + 8;
        const at::Tensor steps = quantized_.steps.t();
        const at::Tensor numbers = at::stack({steps, at::zeros_like(steps)}, 2).to(at::kBFloat16).contiguous();
        return timed("torch _weight_int4pack_mm_for_cpu",
                     [x = x_.to(at::kBFloat16), numbers, group = what_.group,
                      weights = copies(at::_convert_weight_to_int4pack_for_cpu(codes, 2))](int layer) {
                         at::_weight_int4pack_mm_for_cpu(x, weights[static_cast<std::size_t>(layer)], group, numbers);
                     });
    }

    KernelCase what_;
    int layers_ = 1;
    std::int64_t bytes_ = 0;
    at::Tensor weight_, x_;
    QuantizedWeight quantized_;
};

/// ONNX Runtime's operators of the same kind; asked through a process of its own.
std::vector<Way> onnxWays(PythonReference& reference, const KernelCase& what, int layers) {
    const auto way = [&](const char* name, const char* kind, int level) {
        const std::string command = json{{"kind", kind},          {"bits", what.fourBits ? 4 : 8},
                                         {"rows", what.rows},     {"outputs", what.outputs},
                                         {"inputs", what.inputs}, {"block", what.group > 0 ? what.group : 128},
                                         {"layers", layers},      {"accuracy_level", level}}
                                        .dump();
        return Way{name,
                   [&reference, command]() -> Result<double> {
                       auto answer = reference.ask(command);
                       if (!answer)
                           return tl::unexpected(answer.error());
                       if (answer->contains("error"))
                           return fail(ErrorKind::Unsupported, answer->at("error").get<std::string>());
                       return answer->at("seconds").get<double>();
                   },
                   {}};
    };
    std::vector<Way> ways;
    if (what.integerActivations) {
        ways.push_back(way("onnxruntime QLinearMatMul", "qlinear_matmul", 0));
    } else {
        ways.push_back(way("onnxruntime MatMulNBits", "matmul_nbits", 1));
        // This one rounds the activations to 8 bits first: faster, and another result.
        ways.push_back(way("onnxruntime MatMulNBits, int8 activations", "matmul_nbits", 4));
    }
    return ways;
}

json describe(const KernelCase& what, const Subject& subject, const std::vector<Way>& ways) {
    const double operations = 2.0 * static_cast<double>(what.rows * what.outputs * what.inputs);
    json result{{"name", what.name},
                {"bytes", subject.bytes()},
                {"operations", operations},
                {"layers", subject.layers()},
                {"rounds", ways.front().samples.size()}};
    const std::vector<double>& own = ways.front().samples;
    for (const Way& way : ways) {
        std::vector<double> milliseconds = way.samples, ratios = way.samples;
        for (std::size_t i = 0; i < ratios.size(); ++i) {
            milliseconds[i] *= 1e3;
            ratios[i] /= own[i];
        }
        result["ways"][way.name] = toJson(medianOf(milliseconds), "_ms");
        result["ways"][way.name]["best_ms"] = *std::min_element(milliseconds.begin(), milliseconds.end());
        if (&way != &ways.front())
            result["ratios"][way.name + "_over_sqil"] = toJson(medianOf(ratios), "");
    }
    result["own"] = ways.front().name;
    // Float activations of 16 bits meet evenly spaced 4-bit weights as two integer digits
    // (core/kernels/LowBitKernels.h).
    result["digits"] = what.integerActivations ? 1 : what.fourBits ? 2 : 0;
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

}  // namespace

Result<json> benchKernels(const KernelBenchOptions& options, const Progress& progress) {
    if (options.threads < 1)
        return fail(ErrorKind::BadInput, "threads must be 1 or more");
    const at::NoGradGuard none;
    const ThreadCount threads(options.threads);
    registerLowBitOperators();
    json report{
        {"benchmark", "kernels"}, {"machine", describeMachine(options.threads)}, {"seed", 0}, {"notes", json::array()}};
    report["machine"]["instructions"] = lowBitKernels().name;
    std::unique_ptr<PythonReference> reference;
    if (options.python.empty()) {
        report["notes"].push_back("ONNX Runtime: not measured: no --python was given");
    } else {
        auto started = PythonReference::start(options.python, options.scripts / "kernel_reference.py",
                                              std::to_string(options.threads));
        if (!started)
            return tl::unexpected(started.error());
        reference = std::move(*started);
        report["machine"]["reference"] = reference->greeting();
    }
    const double share = options.seconds / static_cast<double>(std::size(kCases));
    // The best of the whole run: others on the machine only lower what is measured.
    Roofs roofs;
    for (const KernelCase& what : kCases) {
        if (!sqil::report(progress, what.name, 0, 0))
            return fail(ErrorKind::Cancelled, "the benchmark was stopped");
        Subject subject(what);
        auto ways = subject.ways();
        if (!ways)
            return tl::unexpected(ways.error());
        if (reference)
            for (Way& way : onnxWays(*reference, what, subject.layers()))
                ways->push_back(std::move(way));
        for (auto way = ways->begin(); way != ways->end();) {  // the first call warms up
            const auto warm = way->seconds();
            if (!warm && way == ways->begin())
                return tl::unexpected(warm.error());
            if (!warm) {
                report["notes"].push_back(std::string(what.name) + ": " + way->name + ": " + warm.error().message);
                way = ways->erase(way);
                continue;
            }
            ++way;
        }
        const double end = now() + share;
        for (int round = 0; round < kLeastRounds || now() < end; ++round) {
            for (Way& way : *ways) {
                const auto seconds = way.seconds();
                if (!seconds)
                    return tl::unexpected(seconds.error());
                way.samples.push_back(*seconds);
            }
            raise(roofs, measureRoofs(options.threads, 1));
            if (!sqil::report(progress, what.name, 0, 0))
                return fail(ErrorKind::Cancelled, "the benchmark was stopped");
        }
        report["cases"].push_back(describe(what, subject, *ways));
    }
    addShares(report, roofs);
    return report;
}

namespace {

/// The results as the report has them; false where a kernel is wrong.
bool describeChecks(const std::vector<KernelCheckResult>& kernels, json& to) {
    bool passed = true;
    for (const KernelCheckResult& kernel : kernels) {
        json entry{{"kernel", kernel.kernel},
                   {"cases", kernel.cases},
                   {"failures", kernel.failures},
                   {"worst_share_of_bound", kernel.worst}};
        if (kernel.failures > 0)
            entry["first_failure"] = kernel.firstFailure;
        passed = passed && kernel.failures == 0;
        to.push_back(std::move(entry));
    }
    return passed;
}

}  // namespace

json verifyKernels() {
    json result{{"benchmark", "verify"}, {"machine", describeMachine(2)}, {"kernels", json::array()}};
    result["machine"]["instructions"] = lowBitKernels().name;
    bool passed = describeChecks(checkKernels(lowBitKernels(), 160), result["kernels"]);
    if (const auto cuda = lowBitCudaKernels(); !cuda) {
        result["cuda"] = {{"skipped", cuda.error().message}};
    } else {
        result["cuda"] = {{"kernels", json::array()}};
        try {
            passed = describeChecks(checkOperators(at::Device(at::kCUDA, 0), 160), result["cuda"]["kernels"]) && passed;
        } catch (const c10::Error& error) {
            result["cuda"]["error"] = error.what_without_backtrace();
            passed = false;
        }
    }
    result["passed"] = passed;
    return result;
}

}  // namespace sqil
