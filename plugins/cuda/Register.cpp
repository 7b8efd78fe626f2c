#include <ATen/ATen.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/library.h>

#include <map>
#include <mutex>

#include "core/kernels/OperatorArguments.h"
#include "core/kernels/PanelLayout.h"
#include "plugins/cuda/Launch.h"
#include "plugins/cuda/kernels/Dispatch.h"

// The sqil:: operators on CUDA: what core/kernels/Operators.cpp registers for the CPU, with the same schemas and
// checks.
namespace sqil::cuda {
namespace {

constexpr int kCounters = 1 << 14;

void* currentStream() {
    return c10::cuda::getCurrentCUDAStream().stream();
}

/// What the current device is; the first call for a device that this library holds no code for says so.
DeviceFacts checkedDevice() {
    const DeviceFacts facts = deviceFacts();
    TORCH_CHECK(supportsDevice(), "this GPU is of compute capability ", facts.major, ".", facts.minor,
                "; the CUDA kernels of this build are for ", SQIL_CUDA_ARCHITECTURES,
                " (configure with -DSQIL_CUDA_ARCHITECTURES=", facts.major, facts.minor, "), or use the CPU");
    return facts;
}

/// A launch's own message, as LibTorch's error.
template<class Launch>
void launched(Launch&& launch) {
    try {
        launch();
    } catch (const LaunchError& error) {
        TORCH_CHECK(false, "a CUDA kernel could not be started: ", error.message);
    }
}

void checkSizes(std::int64_t rows, std::int64_t outputs, std::int64_t inputs) {
    TORCH_CHECK(outputs > 0 && inputs > 0 && outputs < kLargest / 64 && inputs < kLargest / 64 &&
                    outputs * inputs < kLargest * 8 && rows < kLargest / 64,
                "a layer of ", inputs, " inputs, ", outputs, " outputs and ", rows, " rows cannot be computed");
}

/// 16 times the sum of 4-bit weights must fit 32 bits.
void checkNibbleSums(WeightFormat format, std::int64_t inputs) {
    TORCH_CHECK(format != WeightFormat::Integer4 || inputs <= 65536, "4-bit integers: at most 65536 inputs, got ",
                inputs);
}

at::Tensor repackWeight(const at::Tensor& weight, std::int64_t format, std::int64_t outputs) {
    TORCH_CHECK(format >= 0 && format <= static_cast<std::int64_t>(WeightFormat::Integer4), "format: got ", format);
    const auto type = static_cast<WeightFormat>(format);
    TORCH_CHECK(outputs > 0 && outputs < kLargest, "outputs: got ", outputs);
    const std::int64_t padded = Panels{outputs}.paddedOutputs();
    TORCH_CHECK(weight.is_cuda() && weight.scalar_type() == at::kByte && weight.numel() % padded == 0,
                "weight: expected packed bytes on CUDA, a multiple of ", padded);
    // Inputs as they were padded; a tile of 64 holds the same weights with or without the padding.
    const std::int64_t inputs = weight.numel() / padded * (isFourBits(type) ? 2 : 1);
    checkSizes(1, outputs, inputs);
    const c10::cuda::CUDAGuard guard(weight.device());
    checkedDevice();
    const at::Tensor bytes = weight.contiguous();
    const at::Tensor result = at::empty({deviceWords(type, outputs, inputs)}, bytes.options().dtype(at::kInt));
    launched([&] {
        launchRepack(type, bytes.const_data_ptr<std::uint8_t>(), outputs, inputs,
                     static_cast<std::uint32_t*>(result.mutable_data_ptr()), currentStream());
    });
    return result;
}

/// The weight in the device's layout: as repack_weight gives it, or repacked here, on every call, where it is not.
at::Tensor deviceWeight(const at::Tensor& weight, WeightFormat format, std::int64_t outputs, std::int64_t inputs,
                        at::Device device) {
    if (weight.scalar_type() == at::kInt)
        return checked(weight, "weight", at::kInt, deviceWords(format, outputs, inputs), device);
    return repackWeight(checked(weight, "weight", at::kByte, packedBytes(format, outputs, inputs), device),
                        static_cast<std::int64_t>(format), outputs);
}

/// Counters of this stream, all zero between launches: kernels put them back.
std::int32_t* countersOf(at::Device device) {
    static std::mutex guard;
    static auto& buffers = *new std::map<std::pair<int, void*>, at::Tensor>;  // freed by the process's end
    const std::lock_guard lock(guard);
    at::Tensor& buffer = buffers[{device.index(), currentStream()}];
    if (!buffer.defined())
        buffer = at::zeros({kCounters}, at::TensorOptions(at::kInt).device(device));
    return buffer.mutable_data_ptr<std::int32_t>();
}

/// Memory where blocks meet; lives until the launch is queued (the allocator keeps its order on the stream).
class Meetings {
public:
    template<class Schedule>
    Meetings(const Schedule& schedule, at::Device device) {
        if (schedule.splits == 1)
            return;
        TORCH_CHECK(schedule.outputBlocks * schedule.rowBlocks <= kCounters, "too many blocks share their inputs");
        partial_ = at::empty({partialWords(schedule)}, at::TensorOptions(at::kInt).device(device));
        meeting_ = {static_cast<std::uint32_t*>(partial_.mutable_data_ptr()), countersOf(device)};
    }
    Meeting get() const { return meeting_; }

private:
    at::Tensor partial_;
    Meeting meeting_;
};

at::Tensor paddedLast(const at::Tensor& tensor, std::int64_t multiple) {
    const std::int64_t count = tensor.size(-1), padded = roundedUp(count, multiple);
    return padded == count ? tensor.contiguous() : at::constant_pad_nd(tensor, {0, padded - count}).contiguous();
}

at::Tensor floatLinear(WeightFormat format, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& scales,
                       const OptionalTensor& zeros, const OptionalTensor& bias, const OptionalTensor& table,
                       std::int64_t outputs, std::int64_t groupSize) {
    TORCH_CHECK(input.is_cuda() && input.is_floating_point() && input.dim() >= 1,
                "input: expected floats on CUDA, of one dimension or more");
    const at::Device device = input.device();
    const c10::cuda::CUDAGuard guard(device);
    const DeviceFacts facts = checkedDevice();
    const std::int64_t inputs = input.size(-1), rows = inputs > 0 ? input.numel() / inputs : 0;
    checkSizes(rows, outputs, inputs);
    TORCH_CHECK(groupSize >= 8 && groupSize < kLargest, "group_size: got ", groupSize);
    const std::int64_t groups = (inputs + groupSize - 1) / groupSize;
    TORCH_CHECK(groups == 1 || (groupSize >= 32 && (groupSize & (groupSize - 1)) == 0), "group_size ", groupSize,
                ": CUDA's kernels take powers of two from 32, or one group");
    // 16-bit activations as the name says; Turing's tensor cores know no bfloat16.
    const bool bfloat = input.scalar_type() == at::kBFloat16 && facts.major >= 8;
    const at::Tensor y =
        at::empty(withLast(input.sizes(), outputs),
                  input.options().dtype(bfloat || input.scalar_type() == at::kHalf ? input.scalar_type() : at::kFloat));
    if (rows == 0)
        return y.to(input.scalar_type());
    const at::Tensor x = paddedLast(input.to(bfloat ? at::kBFloat16 : at::kHalf), 8);
    const std::int64_t padded = Panels{outputs}.paddedOutputs();
    const at::Tensor words = deviceWeight(weight, format, outputs, inputs, device);
    const at::Tensor steps = checked(scales, "scales", at::kFloat, padded * groups, device);
    const OptionalTensor zeroPoints = checked(zeros, "zeros", at::kFloat, padded * groups, device);
    const OptionalTensor offsets = checked(bias, "bias", at::kFloat, padded, device);
    const OptionalTensor values = checked(table, "table", at::kFloat, 16, device);
    TORCH_CHECK(!values || !zeroPoints, "table: not together with zeros");
    const FloatSchedule schedule = floatSchedule(rows, outputs, inputs, facts.multiprocessors);
    const Meetings meetings(schedule, device);
    FloatLinear call;
    call.x = static_cast<const std::uint16_t*>(x.const_data_ptr());
    call.rows = static_cast<int>(rows);
    call.pitch = static_cast<int>(x.size(-1));
    call.outputs = static_cast<int>(outputs);
    call.weights = static_cast<const Words4*>(words.const_data_ptr());
    call.table = dataOf<float>(values);
    call.scales = steps.const_data_ptr<float>();
    call.zeros = dataOf<float>(zeroPoints);
    call.bias = dataOf<float>(offsets);
    call.groups = static_cast<int>(groups);
    while (groups > 1 && (std::int64_t{1} << call.groupShift) < groupSize)
        ++call.groupShift;
    at::Tensor sums;
    if (!schedule.direct && zeroPoints) {
        sums = at::empty({schedule.splits * groups * roundedUp(rows, 8)}, steps.options());
        call.rowSums = sums.const_data_ptr<float>();
    }
    call.y = y.mutable_data_ptr();
    call.yType = y.scalar_type() == at::kHalf       ? Number::Half
                 : y.scalar_type() == at::kBFloat16 ? Number::BFloat
                                                    : Number::Float;
    call.splits = schedule.splits;
    call.meeting = meetings.get();
    const FloatWeights weights = format == WeightFormat::Float8 ? FloatWeights::Bytes8
                                 : values                       ? FloatWeights::Table4
                                                                : FloatWeights::Plain4;
    launched([&] {
        launchFloat(call, weights, bfloat, schedule, sums.defined() ? sums.mutable_data_ptr<float>() : nullptr,
                    currentStream());
    });
    return y.to(input.scalar_type());
}

at::Tensor linearW4A16(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& scales,
                       const OptionalTensor& zeros, const OptionalTensor& bias, const OptionalTensor& table,
                       std::int64_t outputs, std::int64_t groupSize) {
    return floatLinear(WeightFormat::Table4, input, weight, scales, zeros, bias, table, outputs, groupSize);
}

at::Tensor linearW8A16(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& scales,
                       const OptionalTensor& zeros, const OptionalTensor& bias, std::int64_t outputs,
                       std::int64_t groupSize) {
    return floatLinear(WeightFormat::Float8, input, weight, scales, zeros, bias, std::nullopt, outputs, groupSize);
}

enum class LinearKind { W8A8, W4A8, W4A4 };

template<LinearKind Kind>
at::Tensor integerLinear(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& scales,
                         const at::Tensor& corrections, const OptionalTensor& bias, std::int64_t inputs,
                         std::int64_t outputs, std::int64_t groupSize, bool relu, double step, std::int64_t zero,
                         std::int64_t maximum) {
    constexpr WeightFormat Format = Kind == LinearKind::W8A8 ? WeightFormat::Integer8 : WeightFormat::Integer4;
    const at::Device device = input.device();
    const c10::cuda::CUDAGuard guard(device);
    const DeviceFacts facts = checkedDevice();
    checkSizes(1, outputs, inputs);
    checkNibbleSums(Format, inputs);
    const std::int64_t pitch = roundedUp(inputs, 8);
    TORCH_CHECK(input.dim() >= 1 && input.size(-1) == pitch, "input: expected rows of ", pitch, " codes, got sizes ",
                input.sizes());
    TORCH_CHECK(groupSize >= 0 && groupSize % 32 == 0 && groupSize < kLargest, "group_size ", groupSize,
                ": CUDA's kernels take 0 or a multiple of 32");
    const at::Tensor x = paddedLast(checked(input, "input", at::kByte, input.numel(), device), 16);
    const std::int64_t rows = input.numel() / pitch, groups = groupSize > 0 ? (inputs + groupSize - 1) / groupSize : 1;
    checkSizes(rows, outputs, inputs);
    const EpilogueTensors tensors(scales, corrections, bias, Panels{outputs}.paddedOutputs(), groups, device);
    const at::Tensor words = deviceWeight(weight, Format, outputs, inputs, device);
    const IntegerSchedule schedule =
        integerSchedule(std::max<std::int64_t>(rows, 1), outputs, inputs, groupSize > 0, false, facts.multiprocessors);
    IntegerProduct call;
    tensors.fill(call, relu);
    call.x = x.const_data_ptr<std::uint8_t>();
    call.rows = static_cast<int>(rows);
    call.inputs = static_cast<int>(inputs);
    call.outputs = static_cast<int>(outputs);
    call.pitch = static_cast<int>(x.size(-1));
    call.weights = static_cast<const Words4*>(words.const_data_ptr());
    call.smallCodes = Kind == LinearKind::W4A4;
    call.groupSize = static_cast<int>(groupSize);
    call.groups = static_cast<int>(groups);
    at::Tensor result;
    if (step != 0) {
        addCodes(call, step, zero, maximum);
        const std::int64_t codesPitch = roundedUp(outputs, 8);
        call.codesPitch = static_cast<int>(codesPitch);
        result = codesPitch == outputs ? at::empty(withLast(input.sizes(), outputs), x.options())
                                       : at::zeros(withLast(input.sizes(), codesPitch), x.options());
        call.codes = result.mutable_data_ptr<std::uint8_t>();
    } else {
        result = at::empty(withLast(input.sizes(), outputs), x.options().dtype(at::kFloat));
        call.wide = result.mutable_data_ptr();
    }
    if (rows == 0)
        return result;
    const Meetings meetings(schedule, device);
    call.splits = schedule.splits;
    call.meeting = meetings.get();
    launched([&] { launchLinear(call, isFourBits(Format), schedule, currentStream()); });
    return result;
}

void fillPair(std::int64_t (&to)[2], at::IntArrayRef from, const char* name, std::int64_t least) {
    TORCH_CHECK(from.size() == 2, name, ": expected two numbers");
    for (int axis = 0; axis < 2; ++axis) {
        TORCH_CHECK(from[axis] >= least && from[axis] < 1 << 20, name, ": ", from[axis], " is out of range");
        to[axis] = from[axis];
    }
}

std::int64_t outSize(std::int64_t size, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                     std::int64_t dilation) {
    const std::int64_t reach = size + 2 * padding - dilation * (kernel - 1) - 1;
    return reach < 0 ? 0 : reach / stride + 1;
}

constexpr std::int64_t kNoWide = 0, kWideHalf = 1, kWideFloat = 2;

template<WeightFormat Format>
std::tuple<at::Tensor, at::Tensor> integerConv(const at::Tensor& input, const at::Tensor& weight,
                                               const at::Tensor& scales, const at::Tensor& corrections,
                                               const OptionalTensor& bias, const OptionalTensor& residual,
                                               std::int64_t outputs, at::IntArrayRef kernel, at::IntArrayRef stride,
                                               at::IntArrayRef padding, at::IntArrayRef dilation,
                                               std::int64_t inputZero, bool relu, double step, std::int64_t zero,
                                               std::int64_t maximum, std::int64_t wide) {
    constexpr int most = isFourBits(Format) ? 15 : 255;
    TORCH_CHECK(input.dim() == 4 && input.size(3) % 4 == 0 && input.size(3) > 0,
                "input: expected codes N×H×W×C, C a multiple of 4, got sizes ", input.sizes());
    TORCH_CHECK(inputZero >= 0 && inputZero <= most, "input_zero: expected 0 to ", most, ", got ", inputZero);
    TORCH_CHECK(wide >= kNoWide && wide <= kWideFloat, "wide: expected 0, 1 or 2, got ", wide);
    const at::Device device = input.device();
    const c10::cuda::CUDAGuard guard(device);
    const DeviceFacts facts = checkedDevice();
    const at::Tensor x = checked(input, "input", at::kByte, input.numel(), device);
    const std::int64_t batch = x.size(0), height = x.size(1), width = x.size(2), channels = x.size(3);
    std::int64_t k[2], s[2], p[2], d[2];
    fillPair(k, kernel, "kernel", 1);
    fillPair(s, stride, "stride", 1);
    fillPair(p, padding, "padding", 0);
    fillPair(d, dilation, "dilation", 1);
    TORCH_CHECK(k[0] * k[1] < 1 << 16 && height < 1 << 20 && width < 1 << 20, "kernel: ", kernel, " is too large");
    const std::int64_t inputs = k[0] * k[1] * channels;
    const std::int64_t rows = outSize(height, k[0], s[0], p[0], d[0]), columns = outSize(width, k[1], s[1], p[1], d[1]);
    TORCH_CHECK(rows > 0 && columns > 0, "the kernel ", kernel, " is larger than the padded input ", input.sizes());
    checkSizes(batch * rows * columns, outputs, inputs);
    checkNibbleSums(Format, inputs);
    const EpilogueTensors tensors(scales, corrections, bias, Panels{outputs}.paddedOutputs(), 1, device);
    const at::Tensor words = deviceWeight(weight, Format, outputs, inputs, device);
    IntegerProduct call;
    tensors.fill(call, relu);
    call.x = x.const_data_ptr<std::uint8_t>();
    call.rows = static_cast<int>(batch * rows * columns);
    call.inputs = static_cast<int>(inputs);
    call.outputs = static_cast<int>(outputs);
    const auto number = [](std::int64_t value) { return static_cast<int>(value); };
    const auto divider = [](std::int64_t value) { return Divider(static_cast<std::uint32_t>(value)); };
    call.conv = {number(height), number(width),     number(channels), number(s[0]), number(s[1]),
                 number(p[0]),   number(p[1]),      number(d[0]),     number(d[1]), divider(columns),
                 divider(rows),  divider(channels), divider(k[1])};
    call.border = static_cast<std::uint8_t>(inputZero);
    call.weights = static_cast<const Words4*>(words.const_data_ptr());
    call.smallCodes = isFourBits(Format);
    call.wideIsHalf = wide == kWideHalf;
    at::Tensor added;
    if (residual && residual->defined()) {
        TORCH_CHECK(residual->scalar_type() == at::kHalf || residual->scalar_type() == at::kFloat,
                    "residual: expected half or float, got ", c10::toString(residual->scalar_type()));
        TORCH_CHECK(residual->sizes() == at::IntArrayRef({batch, rows, columns, outputs}), "residual: expected ",
                    at::IntArrayRef({batch, rows, columns, outputs}), ", got ", residual->sizes());
        added = checked(*residual, "residual", residual->scalar_type(), residual->numel(), device);
        call.residual = added.const_data_ptr();
        call.residualIsHalf = added.scalar_type() == at::kHalf;
    }
    std::tuple<at::Tensor, at::Tensor> result{at::empty({0}, x.options()), at::empty({0}, x.options())};
    if (step != 0) {
        addCodes(call, step, zero, maximum);
        const std::int64_t codesPitch = roundedUp(outputs, 4);
        call.codesPitch = number(codesPitch);
        const std::int64_t sizes[] = {batch, rows, columns, codesPitch};
        std::get<0>(result) = codesPitch == outputs ? at::empty(sizes, x.options()) : at::zeros(sizes, x.options());
        call.codes = std::get<0>(result).mutable_data_ptr<std::uint8_t>();
    }
    if (wide != kNoWide) {
        const auto type = wide == kWideHalf ? at::kHalf : at::kFloat;
        std::get<1>(result) = at::empty({batch, rows, columns, outputs}, x.options().dtype(type));
        call.wide = std::get<1>(result).mutable_data_ptr();
    }
    if (batch == 0)
        return result;
    const IntegerSchedule schedule =
        integerSchedule(call.rows, outputs, inputs, false, channels % 16 != 0, facts.multiprocessors);
    const Meetings meetings(schedule, device);
    call.splits = schedule.splits;
    call.meeting = meetings.get();
    launched([&] { launchConv(call, isFourBits(Format), schedule, currentStream()); });
    return result;
}

Quantization quantizationOf(double step, std::int64_t zero, std::int64_t maximum) {
    checkCodes(step, zero, maximum);
    return {inverseOf(step), static_cast<std::int32_t>(zero), static_cast<std::int32_t>(maximum)};
}

at::Tensor quantizedRows(const at::Tensor& input, double step, std::int64_t zero, std::int64_t maximum) {
    TORCH_CHECK(input.is_floating_point() && input.dim() >= 1 && input.size(-1) > 0,
                "input: expected floats, of one dimension or more");
    const Quantization quantization = quantizationOf(step, zero, maximum);
    const c10::cuda::CUDAGuard guard(input.device());
    checkedDevice();
    const at::Tensor x = input.to(at::kFloat).contiguous();
    const std::int64_t count = x.size(-1), pitch = roundedUp(count, 8), rows = x.numel() / count;
    const at::Tensor codes = at::empty(withLast(x.sizes(), pitch), x.options().dtype(at::kByte));
    if (rows > 0)
        launched([&] {
            launchQuantizeRows(x.const_data_ptr<float>(), rows, count, pitch, quantization,
                               codes.mutable_data_ptr<std::uint8_t>(), currentStream());
        });
    return codes;
}

at::Tensor quantizeNhwc(const at::Tensor& input, double step, std::int64_t zero, std::int64_t maximum) {
    TORCH_CHECK(input.is_floating_point() && input.dim() == 4 && input.size(1) > 0,
                "input: expected floats N×C×H×W, got sizes ", input.sizes());
    const Quantization quantization = quantizationOf(step, zero, maximum);
    const c10::cuda::CUDAGuard guard(input.device());
    checkedDevice();
    const at::Tensor x = input.to(at::kFloat).contiguous();
    const std::int64_t channels = x.size(1), plane = x.size(2) * x.size(3);
    const at::Tensor codes =
        at::empty({x.size(0), x.size(2), x.size(3), roundedUp(channels, 4)}, x.options().dtype(at::kByte));
    if (codes.numel() > 0)
        launched([&] {
            launchQuantizePixels(x.const_data_ptr<float>(), x.size(0), channels, plane, quantization,
                                 codes.mutable_data_ptr<std::uint8_t>(), currentStream());
        });
    return codes;
}

at::Tensor dequantizeNhwc(const at::Tensor& wide) {
    TORCH_CHECK(wide.dim() == 4 && wide.is_floating_point(), "wide: expected halves or floats N×H×W×C");
    return wide.permute({0, 3, 1, 2}).to(at::kFloat).contiguous();
}

at::Tensor maxPool2dNhwc(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride,
                         at::IntArrayRef padding) {
    TORCH_CHECK(input.dim() == 4 && (input.scalar_type() == at::kByte || input.scalar_type() == at::kHalf ||
                                     input.scalar_type() == at::kFloat),
                "input: expected bytes, halves or floats N×H×W×C");
    std::int64_t k[2], s[2], p[2];
    fillPair(k, kernel, "kernel", 1);
    fillPair(s, stride, "stride", 1);
    fillPair(p, padding, "padding", 0);
    const at::Tensor x = input.contiguous();
    std::int64_t out[2];
    for (int axis = 0; axis < 2; ++axis) {
        TORCH_CHECK(2 * p[axis] <= k[axis], "padding: at most half the kernel");
        TORCH_CHECK(x.size(1 + axis) < kLargest && x.size(1 + axis) + 2 * p[axis] >= k[axis], "the kernel ", kernel,
                    " is larger than the padded input ", input.sizes());
        out[axis] = outSize(x.size(1 + axis), k[axis], s[axis], p[axis], 1);
    }
    const c10::cuda::CUDAGuard guard(input.device());
    checkedDevice();
    const at::Tensor y = at::empty({x.size(0), out[0], out[1], x.size(3)}, x.options());
    const auto number = [](std::int64_t value) { return static_cast<int>(value); };
    const Pooling pooling{number(x.size(1)), number(x.size(2)), number(x.size(3)), number(out[0]),
                          number(out[1]),    number(k[0]),      number(k[1]),      number(s[0]),
                          number(s[1]),      number(p[0]),      number(p[1])};
    if (y.numel() > 0)
        launched([&] {
            launchMaxPool(x.const_data_ptr(), static_cast<int>(x.element_size()), y.numel(), pooling,
                          y.mutable_data_ptr(), currentStream());
        });
    return y;
}

}  // namespace
}  // namespace sqil::cuda

TORCH_LIBRARY_IMPL(sqil, CUDA, library) {
    using namespace sqil::cuda;
    using sqil::WeightFormat;
    library.impl("repack_weight", TORCH_FN(repackWeight));
    library.impl("linear_w4a16", TORCH_FN(linearW4A16));
    library.impl("linear_w8a16", TORCH_FN(linearW8A16));
    library.impl("linear_w8a8", TORCH_FN(integerLinear<LinearKind::W8A8>));
    library.impl("linear_w4a8", TORCH_FN(integerLinear<LinearKind::W4A8>));
    library.impl("linear_w4a4", TORCH_FN(integerLinear<LinearKind::W4A4>));
    library.impl("conv2d_w8a8", TORCH_FN(integerConv<WeightFormat::Integer8>));
    library.impl("conv2d_w4a4", TORCH_FN(integerConv<WeightFormat::Integer4>));
    library.impl("quantize_rows", TORCH_FN(quantizedRows));
    library.impl("quantize_nhwc", TORCH_FN(quantizeNhwc));
    library.impl("dequantize_nhwc", TORCH_FN(dequantizeNhwc));
    library.impl("max_pool2d_nhwc", TORCH_FN(maxPool2dNhwc));
}

/// For whoever loads this library: the architectures that it holds code for.
extern "C" __attribute__((visibility("default"))) const char* sqilCudaArchitectures() {
    return SQIL_CUDA_ARCHITECTURES;
}
