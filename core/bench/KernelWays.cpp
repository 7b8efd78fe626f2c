#include "core/bench/KernelWays.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <memory>

#include "core/bench/DeviceFlush.h"
#include "core/kernels/RepackWeight.h"
#include "core/policy/DeviceMemory.h"
#include "core/quant/lowering/PackedLayer.h"

namespace sqil {
namespace {

/// Weights of a case together, in 4 bits: above what caches hold.
constexpr std::int64_t kLeastBytes = std::int64_t{72} << 20, kLeastDeviceBytes = std::int64_t{256} << 20;
constexpr int kMostLayers = 12, kMostDeviceLayers = 64;
/// Calls that a timing of a device has at least: what it costs to start and to end one is shared by them.
constexpr int kLeastDeviceCalls = 32;

constexpr KernelCase kCases[] = {
    {"W4A16, 1 x 4096 x 4096, groups of 128", true, false, 1, 4096, 4096, 128},
    {"W4A16, 1 x 11008 x 4096, groups of 128", true, false, 1, 11008, 4096, 128},
    {"W4A16, 1 x 4096 x 4096, groups of 32", true, false, 1, 4096, 4096, 32},
    {"W4A16, 8 x 4096 x 4096, groups of 128", true, false, 8, 4096, 4096, 128},
    {"W8A16, 1 x 4096 x 4096, per channel", false, false, 1, 4096, 4096, 0},
    {"W8A8, 256 x 1024 x 1024, per channel", false, true, 256, 1024, 1024, 0},
    {"W4A4, 256 x 1024 x 1024, per channel", true, true, 256, 1024, 1024, 0},
};

LayerIntegers integersOf(const QuantizedWeight& weight, std::int64_t group) {
    return {weight.integers.to(at::kInt), weight.steps.reshape({weight.integers.size(0), -1}), {}, group};
}

int layersOf(const KernelCase& what, at::Device device) {
    if (what.integerActivations)
        return 1;
    const std::int64_t weights = what.outputs * what.inputs, perLayer = weights / (what.fourBits ? 2 : 1);
    if (device.is_cpu())
        return static_cast<int>(std::clamp<std::int64_t>(kLeastBytes / perLayer + 1, 2, kMostLayers));
    std::int64_t most = kMostDeviceLayers;
    if (const auto memory = memoryOf(device))  // float32, bfloat16 and two packed ones at once
        most = std::min(most, memory->free / 2 / (weights * 8));
    return static_cast<int>(
        std::clamp<std::int64_t>(kLeastDeviceBytes / perLayer + 1, 1, std::max<std::int64_t>(most, 1)));
}

}  // namespace

std::span<const KernelCase> kernelCases() {
    return kCases;
}

KernelSubject::KernelSubject(const KernelCase& what, at::Device device) : what_(what), clock_(device) {
    layers_ = layersOf(what, device);
    calls_ = device.is_cpu() ? layers_ : std::max(layers_, kLeastDeviceCalls);
    at::manual_seed(0);
    weight_ = at::randn({what.outputs, what.inputs}) * 0.02;
    x_ = at::randn({what.rows, what.inputs});
    const int bits = what.fourBits ? 4 : 8;
    const WeightLayout layout{0, what.group ? Granularity::Group : Granularity::Channel, what.group, false};
    quantized_ = quantizeWeight(weight_, bits, layout, RangeMethod::MinMax, 99.9);
    if (!device.is_cpu())
        flush_ = flushMemory(device);
}

Result<std::vector<KernelWay>> KernelSubject::ways() {
    expected_ = at::linear(onDevice(x_), onDevice(weight_));
    std::vector<KernelWay> ways;
    auto own = what_.integerActivations ? integerWay() : floatWay();
    if (!own)
        return tl::unexpected(own.error());
    ways.push_back(std::move(*own));
    ways.push_back(torchWay("torch float32", at::kFloat));
    ways.push_back(torchWay("torch bfloat16", at::kBFloat16));
    if (what_.fourBits && !what_.integerActivations)
        ways.push_back(torchInt4Way());
    else if (!what_.integerActivations)
        ways.push_back(torchInt8Way());
    else if (!what_.fourBits)
        ways.push_back(torchIntegerWay());
    return ways;
}

at::Tensor KernelSubject::onDevice(const at::Tensor& tensor) const {
    return tensor.defined() ? tensor.to(clock_.device()) : tensor;
}

std::vector<at::Tensor> KernelSubject::copies(const at::Tensor& tensor) const {
    std::vector<at::Tensor> all;
    for (int layer = 0; layer < layers_; ++layer)
        all.push_back(tensor.clone());
    return all;
}

KernelWay KernelSubject::timed(std::string name, Compute compute, bool comparable) {
    KernelWay way{std::move(name), {}};
    way.seconds = timedWork(way.name, compute, false);
    if (layers_ > 1)
        way.warm = timedWork(way.name, compute, true);
    try {
        if (comparable)
            way.distance = ((compute(0).to(at::kFloat) - expected_).norm() / expected_.norm()).item<double>();
    } catch (const c10::Error&) {
        // its first timing says why
    }
    return way;
}

std::function<Result<double>()> KernelSubject::timedWork(const std::string& name, const Compute& compute, bool same) {
    const DeviceWork work = [compute, same, calls = calls_, layers = layers_] {
        for (int call = 0; call < calls; ++call)
            compute(same ? 0 : call % layers);
        return std::vector<at::Tensor>{};
    };
    struct Recording {
        bool tried = false;
        std::unique_ptr<DeviceGraph> graph;
    };
    return [this, name, work, compute, same, recording = std::make_shared<Recording>()]() -> Result<double> {
        const bool onCpu = clock_.device().is_cpu();
        try {
            if (!recording->tried && !onCpu) {
                compute(0);  // what the way itself does wrong is its own error
                auto graph = recordGraph(clock_.device(), work);
                if (graph)
                    recording->graph = std::move(*graph);
                else if (notReplayed_.empty())
                    notReplayed_ = graph.error().message;
            }
            recording->tried = true;
            const double seconds = clock_.seconds(
                [&] {
                    if (recording->graph)
                        recording->graph->replay();
                    else
                        work();
                },
                [&] {
                    if (flush_.defined())
                        flush_.zero_();
                    if (same)
                        compute(0);
                });
            return seconds / calls_;
        } catch (const c10::Error& error) {
            return tl::unexpected(deviceError(error, clock_.device(), name));
        }
    };
}

/// As a policy's weights are once they are brought to the device (moveLowered()).
Result<at::Tensor> KernelSubject::deviceWeight(const at::Tensor& packed, WeightFormat format,
                                               std::int64_t outputs) const {
    const at::Tensor there = onDevice(packed);
    if (clock_.device().is_cpu())
        return there;
    try {
        return repackedWeight(there, format, outputs);
    } catch (const c10::Error& error) {
        return tl::unexpected(deviceError(error, clock_.device(), "the packed operators"));
    }
}

Result<KernelWay> KernelSubject::floatWay() {
    const auto packed = packFloatLinear(integersOf(quantized_, what_.group), what_.fourBits ? 4 : 8, {});
    if (!packed)
        return tl::unexpected(packed.error());
    const auto format = what_.fourBits ? WeightFormat::Table4 : WeightFormat::Float8;
    const auto weight = deviceWeight(packed->weight, format, packed->outputs);
    if (!weight)
        return tl::unexpected(weight.error());
    bytes_ = static_cast<std::int64_t>(weight->nbytes() + packed->scales.nbytes());
    const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(packed->target.c_str(), "");
    const bool takesTable = packed->target == "sqil::linear_w4a16";
    return timed(
        "sqil " + packed->target.substr(6),
        [handle, takesTable, outputs = packed->outputs, groupSize = packed->groupSize,
         scales = onDevice(packed->scales), weights = copies(*weight), x = onDevice(x_.to(at::kBFloat16))](int index) {
            std::vector<c10::IValue> stack{x, weights[static_cast<std::size_t>(index)], scales, c10::IValue(),
                                           c10::IValue()};
            if (takesTable)
                stack.emplace_back();
            stack.emplace_back(outputs);
            stack.emplace_back(groupSize);
            handle.callBoxed(&stack);
            return stack[0].toTensor();
        });
}

/// From codes to codes, as inside a lowered policy.
Result<KernelWay> KernelSubject::integerWay() {
    const CodeFormat format = what_.fourBits ? CodeFormat{0.3, 8, 15} : CodeFormat{0.03, 128, 255};
    const auto packed = packIntegerLinear(integersOf(quantized_, what_.group), what_.fourBits ? 4 : 8, format, {});
    if (!packed)
        return tl::unexpected(packed.error());
    const auto layout = what_.fourBits ? WeightFormat::Integer4 : WeightFormat::Integer8;
    const auto weight = deviceWeight(packed->weight, layout, packed->outputs);
    if (!weight)
        return tl::unexpected(weight.error());
    bytes_ = static_cast<std::int64_t>(weight->nbytes() + packed->scales.nbytes());
    const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(packed->target.c_str(), "");
    const at::Tensor codes =
        at::fake_quantize_per_tensor_affine(x_, format.step, 0, -format.zero, format.maximum - format.zero)
            .div(format.step)
            .round()
            .add(static_cast<double>(format.zero))
            .to(at::kByte);
    return timed(
        "sqil " + packed->target.substr(6),
        [handle, format, weights = copies(*weight), codes = onDevice(codes), scales = onDevice(packed->scales),
         corrections = onDevice(packed->corrections), inputs = packed->inputs, outputs = packed->outputs,
         groupSize = packed->groupSize](int index) {
            std::vector<c10::IValue> stack{codes,         weights[static_cast<std::size_t>(index)],
                                           scales,        corrections,
                                           c10::IValue(), inputs,
                                           outputs,       groupSize,
                                           true,          format.step,
                                           format.zero,   format.maximum};
            handle.callBoxed(&stack);
            return stack[0].toTensor();
        },
        /*comparable=*/false);
}

KernelWay KernelSubject::torchWay(const char* name, at::ScalarType type) {
    return timed(name, [x = onDevice(x_.to(type)), weights = copies(onDevice(weight_.to(type)))](int layer) {
        return at::linear(x, weights[static_cast<std::size_t>(layer)]);
    });
}

KernelWay KernelSubject::torchInt4Way() {
    constexpr std::int64_t kInnerTiles = 8;  // the widest reads that its CUDA kernel has
    const at::Tensor codes = quantized_.integers.to(at::kInt) + 8;
    const at::Tensor steps = quantized_.steps.t();
    const at::Tensor numbers = onDevice(at::stack({steps, at::zeros_like(steps)}, 2).to(at::kBFloat16).contiguous());
    const at::Tensor x = onDevice(x_.to(at::kBFloat16));
    if (clock_.device().is_cpu())
        return timed("torch _weight_int4pack_mm_for_cpu",
                     [x, numbers, group = what_.group,
                      weights = copies(at::_convert_weight_to_int4pack_for_cpu(codes, 2))](int layer) {
                         return at::_weight_int4pack_mm_for_cpu(x, weights[static_cast<std::size_t>(layer)], group,
                                                                numbers);
                     });
    const std::string name = "torch _weight_int4pack_mm";
    try {  // two inputs a byte, the first in the upper half
        const at::Tensor first = codes.slice(1, 0, std::nullopt, 2), second = codes.slice(1, 1, std::nullopt, 2);
        const at::Tensor bytes = onDevice((first * 16 + second).to(at::kByte).contiguous());
        return timed(name, [x, numbers, group = what_.group,
                            weights = copies(at::_convert_weight_to_int4pack(bytes, kInnerTiles))](int layer) {
            return at::_weight_int4pack_mm(x, weights[static_cast<std::size_t>(layer)], group, numbers);
        });
    } catch (const c10::Error& error) {  // older than Ampere, or another device
        return {name, [problem = deviceError(error, clock_.device(), "not measured")]() -> Result<double> {
                    return tl::unexpected(problem);
                }};
    }
}

KernelWay KernelSubject::torchInt8Way() {
    const at::Tensor steps = quantized_.steps.reshape({-1}).to(at::kBFloat16);
    return timed("torch _weight_int8pack_mm",
                 [x = onDevice(x_.to(at::kBFloat16)), steps = onDevice(steps),
                  weights = copies(onDevice(quantized_.integers.to(at::kChar).contiguous()))](int layer) {
                     return at::_weight_int8pack_mm(x, weights[static_cast<std::size_t>(layer)], steps);
                 });
}

/// 8-bit products into 32-bit sums; what the packed operator does with the sums is not in it.
KernelWay KernelSubject::torchIntegerWay() {
    const at::Tensor codes = (x_ / 0.03).round().clamp(-128, 127).to(at::kChar);
    return timed(
        "torch _int_mm (sums alone)",
        [x = onDevice(codes), weights = copies(onDevice(quantized_.integers.to(at::kChar).contiguous()))](int layer) {
            return at::_int_mm(x, weights[static_cast<std::size_t>(layer)].t());
        },
        /*comparable=*/false);
}

}  // namespace sqil
