#include "core/kernels/Operators.h"

#include <ATen/Parallel.h>
#include <torch/library.h>

#include "core/kernels/LowBitCalls.h"
#include "core/kernels/OperatorArguments.h"

namespace sqil {
namespace {

void checkSizes(std::int64_t outputs, std::int64_t inputs) {
    TORCH_CHECK(outputs > 0 && inputs > 0 && outputs < kLargest && inputs < kLargest && outputs * inputs < kLargest * 8,
                "a layer of ", inputs, " inputs and ", outputs, " outputs cannot be computed");
}

at::Tensor floatLinear(WeightFormat format, const at::Tensor& input, const at::Tensor& weight, const at::Tensor& scales,
                       const OptionalTensor& zeros, const OptionalTensor& bias, const OptionalTensor& table,
                       std::int64_t outputs, std::int64_t groupSize) {
    TORCH_CHECK(input.is_cpu() && input.is_floating_point() && input.dim() >= 1,
                "input: expected floats on the CPU, of one dimension or more");
    FloatLinearCall call;
    call.format = format;
    call.inputs = input.size(-1);
    call.outputs = outputs;
    checkSizes(call.outputs, call.inputs);
    TORCH_CHECK(groupSize >= 8 && groupSize % 8 == 0 && groupSize < kLargest,
                "group_size: expected a multiple of 8, got ", groupSize);
    call.groupSize = groupSize;
    call.rows = input.numel() / call.inputs;
    const std::int64_t padded = Panels{outputs}.paddedOutputs();
    call.digits = input.element_size() == 2 ? 2 : 3;
    const at::Tensor x = input.to(at::kFloat).contiguous();
    const at::Tensor packed = checked(weight, "weight", at::kByte, packedBytes(format, outputs, call.inputs), at::kCPU);
    const at::Tensor steps = checked(scales, "scales", at::kFloat, padded * call.groups(), at::kCPU);
    const OptionalTensor zeroPoints = checked(zeros, "zeros", at::kFloat, padded * call.groups(), at::kCPU);
    const OptionalTensor offsets = checked(bias, "bias", at::kFloat, padded, at::kCPU);
    const OptionalTensor values = checked(table, "table", at::kFloat, 16, at::kCPU);
    static constexpr float plain[16] = {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7};
    const at::Tensor y = at::empty(withLast(input.sizes(), outputs), x.options());
    call.x = x.const_data_ptr<float>();
    call.weights = packed.const_data_ptr<std::uint8_t>();
    call.table = values ? values->const_data_ptr<float>() : plain;
    call.scales = steps.const_data_ptr<float>();
    call.zeros = dataOf<float>(zeroPoints);
    call.bias = dataOf<float>(offsets);
    call.y = y.mutable_data_ptr<float>();
    run(call, lowBitKernels(), at::get_num_threads());
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

template<WeightFormat Format>
at::Tensor integerLinear(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& scales,
                         const at::Tensor& corrections, const OptionalTensor& bias, std::int64_t inputs,
                         std::int64_t outputs, std::int64_t groupSize, bool relu, double step, std::int64_t zero,
                         std::int64_t maximum) {
    checkSizes(outputs, inputs);
    const std::int64_t pitch = roundedUp(inputs, 8);
    TORCH_CHECK(input.dim() >= 1 && input.size(-1) == pitch, "input: expected rows of ", pitch, " codes, got sizes ",
                input.sizes());
    TORCH_CHECK(groupSize >= 0 && groupSize % 8 == 0 && groupSize < kLargest,
                "group_size: expected 0 or a multiple of 8, got ", groupSize);
    const at::Tensor x = checked(input, "input", at::kByte, input.numel(), at::kCPU);
    IntegerLinearCall call;
    call.format = Format;
    call.rows = x.numel() / pitch;
    call.inputs = inputs;
    call.outputs = outputs;
    call.pitch = pitch;
    call.groupSize = groupSize;
    const std::int64_t groups = groupSize > 0 ? (inputs + groupSize - 1) / groupSize : 1;
    const EpilogueTensors tensors(scales, corrections, bias, Panels{outputs}.paddedOutputs(), groups, at::kCPU);
    const at::Tensor packed = checked(weight, "weight", at::kByte, packedBytes(Format, outputs, inputs), at::kCPU);
    tensors.fill(call.epilogue, relu);
    call.x = x.const_data_ptr<std::uint8_t>();
    call.weights = packed.const_data_ptr<std::uint8_t>();
    at::Tensor result;
    if (step != 0) {
        addCodes(call.epilogue, step, zero, maximum);
        call.codesPitch = roundedUp(outputs, 8);
        result = call.codesPitch == outputs ? at::empty(withLast(x.sizes(), outputs), x.options())
                                            : at::zeros(withLast(x.sizes(), call.codesPitch), x.options());
        call.codes = result.mutable_data_ptr<std::uint8_t>();
    } else {
        result = at::empty(withLast(x.sizes(), outputs), x.options().dtype(at::kFloat));
        call.y = result.mutable_data_ptr<float>();
    }
    run(call, lowBitKernels(), at::get_num_threads());
    return result;
}

void fillPair(std::int64_t (&to)[2], at::IntArrayRef from, const char* name, std::int64_t least) {
    TORCH_CHECK(from.size() == 2, name, ": expected two numbers");
    for (int axis = 0; axis < 2; ++axis) {
        TORCH_CHECK(from[axis] >= least && from[axis] < 1 << 20, name, ": ", from[axis], " is out of range");
        to[axis] = from[axis];
    }
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
    TORCH_CHECK(input.dim() == 4 && input.size(3) % 4 == 0 && input.size(3) > 0,
                "input: expected codes N×H×W×C, C a multiple of 4, got sizes ", input.sizes());
    TORCH_CHECK(inputZero >= 0 && inputZero <= 255, "input_zero: expected 0 to 255, got ", inputZero);
    TORCH_CHECK(wide >= kNoWide && wide <= kWideFloat, "wide: expected 0, 1 or 2, got ", wide);
    const at::Tensor x = checked(input, "input", at::kByte, input.numel(), at::kCPU);
    ConvCall call;
    call.format = Format;
    call.batch = x.size(0);
    call.height = x.size(1);
    call.width = x.size(2);
    call.channels = x.size(3);
    call.outputs = outputs;
    fillPair(call.kernel, kernel, "kernel", 1);
    fillPair(call.stride, stride, "stride", 1);
    fillPair(call.padding, padding, "padding", 0);
    fillPair(call.dilation, dilation, "dilation", 1);
    TORCH_CHECK(call.kernel[0] * call.kernel[1] < 1 << 16, "kernel: ", kernel, " is too large");
    checkSizes(outputs, call.inputs());
    const std::int64_t rows = call.outHeight(), columns = call.outWidth();
    TORCH_CHECK(rows > 0 && columns > 0, "the kernel ", kernel, " is larger than the padded input ", input.sizes());
    const EpilogueTensors tensors(scales, corrections, bias, Panels{outputs}.paddedOutputs(), 1, at::kCPU);
    const at::Tensor packed =
        checked(weight, "weight", at::kByte, packedBytes(Format, outputs, call.inputs()), at::kCPU);
    tensors.fill(call.epilogue, relu);
    call.epilogue.wideIsHalf = wide == kWideHalf;
    call.inputZero = static_cast<std::uint8_t>(inputZero);
    call.x = x.const_data_ptr<std::uint8_t>();
    call.weights = packed.const_data_ptr<std::uint8_t>();
    at::Tensor added;
    if (residual && residual->defined()) {
        TORCH_CHECK(residual->scalar_type() == at::kHalf || residual->scalar_type() == at::kFloat,
                    "residual: expected half or float, got ", c10::toString(residual->scalar_type()));
        TORCH_CHECK(residual->sizes() == at::IntArrayRef({call.batch, rows, columns, outputs}), "residual: expected ",
                    at::IntArrayRef({call.batch, rows, columns, outputs}), ", got ", residual->sizes());
        added = checked(*residual, "residual", residual->scalar_type(), residual->numel(), at::kCPU);
        call.residual = added.const_data_ptr();
        call.epilogue.residualIsHalf = added.scalar_type() == at::kHalf;
    }
    std::tuple<at::Tensor, at::Tensor> result{at::empty({0}, x.options()), at::empty({0}, x.options())};
    if (step != 0) {
        addCodes(call.epilogue, step, zero, maximum);
        call.codesPitch = roundedUp(outputs, 4);
        const std::int64_t sizes[] = {call.batch, rows, columns, call.codesPitch};
        std::get<0>(result) =
            call.codesPitch == outputs ? at::empty(sizes, x.options()) : at::zeros(sizes, x.options());
        call.codes = std::get<0>(result).mutable_data_ptr<std::uint8_t>();
    }
    if (wide != kNoWide) {
        const auto type = wide == kWideHalf ? at::kHalf : at::kFloat;
        std::get<1>(result) = at::empty({call.batch, rows, columns, outputs}, x.options().dtype(type));
        call.wide = std::get<1>(result).mutable_data_ptr();
    }
    run(call, lowBitKernels(), at::get_num_threads());
    return result;
}

at::Tensor quantizeRows(const at::Tensor& input, double step, std::int64_t zero, std::int64_t maximum) {
    TORCH_CHECK(input.is_cpu() && input.is_floating_point() && input.dim() >= 1 && input.size(-1) > 0,
                "input: expected floats on the CPU, of one dimension or more");
    checkCodes(step, zero, maximum);
    const at::Tensor x = input.to(at::kFloat).contiguous();
    const std::int64_t count = x.size(-1), pitch = roundedUp(count, 8), rows = x.numel() / count;
    const auto options = x.options().dtype(at::kByte);
    const at::Tensor codes =
        pitch == count ? at::empty(x.sizes(), options) : at::zeros(withLast(x.sizes(), pitch), options);
    const auto* from = x.const_data_ptr<float>();
    auto* to = codes.mutable_data_ptr<std::uint8_t>();
    const auto& kernels = lowBitKernels();
    const auto quantize = [&](std::int64_t first, std::int64_t amount, std::int64_t at) {
        kernels.quantize(from + first, amount, inverseOf(step), static_cast<std::int32_t>(zero),
                         static_cast<std::int32_t>(maximum), to + at);
    };
    if (pitch == count)
        quantize(0, rows * count, 0);
    else
        for (std::int64_t row = 0; row < rows; ++row)
            quantize(row * count, count, row * pitch);
    return codes;
}

at::Tensor quantizeNhwc(const at::Tensor& input, double step, std::int64_t zero, std::int64_t maximum) {
    TORCH_CHECK(input.is_cpu() && input.is_floating_point() && input.dim() == 4 && input.size(1) > 0,
                "input: expected floats N×C×H×W on the CPU, got sizes ", input.sizes());
    checkCodes(step, zero, maximum);
    const at::Tensor x = input.to(at::kFloat).contiguous();
    const std::int64_t channels = x.size(1), pitch = roundedUp(channels, 4), plane = x.size(2) * x.size(3);
    const at::Tensor codes = at::empty({x.size(0), x.size(2), x.size(3), pitch}, x.options().dtype(at::kByte));
    const auto* from = x.const_data_ptr<float>();
    auto* to = codes.mutable_data_ptr<std::uint8_t>();
    for (std::int64_t image = 0; image < x.size(0); ++image)
        for (std::int64_t first = 0; first < channels; first += 4) {
            const float* planes[4] = {};
            for (std::int64_t c = first; c < std::min(channels, first + 4); ++c)
                planes[c - first] = from + (image * channels + c) * plane;
            lowBitKernels().quantizePlanes(planes, plane, inverseOf(step), static_cast<std::int32_t>(zero),
                                           static_cast<std::int32_t>(maximum), to + image * plane * pitch + first,
                                           pitch);
        }
    return codes;
}

at::Tensor dequantizeNhwc(const at::Tensor& wide) {
    TORCH_CHECK(wide.dim() == 4 && wide.is_floating_point(), "wide: expected halves or floats N×H×W×C");
    return wide.permute({0, 3, 1, 2}).to(at::kFloat).contiguous();
}

at::Tensor maxPool2dNhwc(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef stride,
                         at::IntArrayRef padding) {
    TORCH_CHECK(
        input.dim() == 4 && input.is_cpu() &&
            (input.scalar_type() == at::kByte || input.scalar_type() == at::kHalf || input.scalar_type() == at::kFloat),
        "input: expected bytes, halves or floats N×H×W×C on the CPU");
    PoolCall call;
    fillPair(call.kernel, kernel, "kernel", 1);
    fillPair(call.stride, stride, "stride", 1);
    fillPair(call.padding, padding, "padding", 0);
    for (int axis = 0; axis < 2; ++axis)
        TORCH_CHECK(2 * call.padding[axis] <= call.kernel[axis], "padding: at most half the kernel");
    const at::Tensor x = input.contiguous();
    call.batch = x.size(0);
    call.height = x.size(1);
    call.width = x.size(2);
    call.channels = x.size(3);
    call.outHeight = (call.height + 2 * call.padding[0] - call.kernel[0]) / call.stride[0] + 1;
    call.outWidth = (call.width + 2 * call.padding[1] - call.kernel[1]) / call.stride[1] + 1;
    TORCH_CHECK(
        call.height + 2 * call.padding[0] >= call.kernel[0] && call.width + 2 * call.padding[1] >= call.kernel[1],
        "the kernel ", kernel, " is larger than the padded input ", input.sizes());
    const at::Tensor y = at::empty({call.batch, call.outHeight, call.outWidth, call.channels}, x.options());
    call.bytes = static_cast<int>(x.element_size());
    call.x = x.const_data_ptr();
    call.y = y.mutable_data_ptr();
    run(call, lowBitKernels(), at::get_num_threads());
    return y;
}

constexpr const char* kIntegerLinear =
    "(Tensor input, Tensor weight, Tensor scales, Tensor corrections, Tensor? bias, int inputs, int outputs, int "
    "group_size, bool relu, float step, int zero, int maximum) -> Tensor";
constexpr const char* kIntegerConv =
    "(Tensor input, Tensor weight, Tensor scales, Tensor corrections, Tensor? bias, Tensor? residual, int outputs, "
    "int[2] kernel, int[2] stride, int[2] padding, int[2] dilation, int input_zero, bool relu, float step, int zero, "
    "int maximum, int wide) -> (Tensor codes, Tensor wide)";

}  // namespace

void registerLowBitOperators() {
    static torch::Library library = [] {
        torch::Library operators(torch::Library::FRAGMENT, "sqil", std::nullopt, __FILE__, __LINE__);
        operators.def(
            "linear_w4a16(Tensor input, Tensor weight, Tensor scales, Tensor? zeros, Tensor? bias, Tensor? table, int "
            "outputs, int group_size) -> Tensor");
        operators.def(
            "linear_w8a16(Tensor input, Tensor weight, Tensor scales, Tensor? zeros, Tensor? bias, int outputs, int "
            "group_size) -> Tensor");
        for (const char* name : {"linear_w8a8", "linear_w4a8", "linear_w4a4"})
            operators.def((std::string(name) + kIntegerLinear).c_str());
        for (const char* name : {"conv2d_w8a8", "conv2d_w4a4"})
            operators.def((std::string(name) + kIntegerConv).c_str());
        operators.def("repack_weight(Tensor weight, int format, int outputs) -> Tensor");
        operators.def("quantize_rows(Tensor input, float step, int zero, int maximum) -> Tensor");
        operators.def("quantize_nhwc(Tensor input, float step, int zero, int maximum) -> Tensor");
        operators.def("dequantize_nhwc(Tensor wide) -> Tensor");
        operators.def("max_pool2d_nhwc(Tensor input, int[2] kernel, int[2] stride, int[2] padding) -> Tensor");
        const auto cpu = [&](const char* name, auto function) {
            operators.impl(name, torch::dispatch(c10::DispatchKey::CPU, std::move(function)));
        };
        cpu("linear_w4a16", TORCH_FN(linearW4A16));
        cpu("linear_w8a16", TORCH_FN(linearW8A16));
        cpu("linear_w8a8", TORCH_FN(integerLinear<WeightFormat::Integer8>));
        cpu("linear_w4a8", TORCH_FN(integerLinear<WeightFormat::Integer4>));
        cpu("linear_w4a4", TORCH_FN(integerLinear<WeightFormat::Integer4>));
        cpu("conv2d_w8a8", TORCH_FN(integerConv<WeightFormat::Integer8>));
        cpu("conv2d_w4a4", TORCH_FN(integerConv<WeightFormat::Integer4>));
        cpu("quantize_rows", TORCH_FN(quantizeRows));
        cpu("quantize_nhwc", TORCH_FN(quantizeNhwc));
        cpu("dequantize_nhwc", TORCH_FN(dequantizeNhwc));
        cpu("max_pool2d_nhwc", TORCH_FN(maxPool2dNhwc));
        return operators;
    }();
    (void)library;
}

}  // namespace sqil
