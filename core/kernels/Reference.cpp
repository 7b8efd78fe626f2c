#include <cmath>
#include <vector>

#include "core/kernels/LowBitCalls.h"
#include "core/kernels/PackWeights.h"
#include "core/kernels/VectorPortable.h"

namespace sqil {
namespace {

/// Epilogue of one output; compiled without contraction, like the kernels.
void finish(float y, const Epilogue& epilogue, std::int64_t output, const RowTarget& target) {
    if (epilogue.bias)
        y = y + epilogue.bias[output];
    if (target.residual)
        y = y + (epilogue.residualIsHalf ? halfAsFloat(static_cast<const std::uint16_t*>(target.residual)[output])
                                         : static_cast<const float*>(target.residual)[output]);
    if (epilogue.relu)
        y = y > 0 ? y : 0;
    if (target.wide) {
        if (epilogue.wideIsHalf)
            static_cast<std::uint16_t*>(target.wide)[output] = floatAsHalf(y);
        else
            static_cast<float*>(target.wide)[output] = y;
    }
    if (!target.codes)
        return;
    const float code = std::nearbyint(y * epilogue.inverseStep) + static_cast<float>(epilogue.zero);
    const float most = static_cast<float>(epilogue.maximum);
    target.codes[output] = static_cast<std::uint8_t>(code > 0 ? (code < most ? code : most) : 0.0F);
}

}  // namespace

void runReference(const FloatLinearCall& call) {
    for (std::int64_t row = 0; row < call.rows; ++row)
        for (std::int64_t output = 0; output < call.outputs; ++output) {
            double total = call.bias ? call.bias[output] : 0;
            for (std::int64_t input = 0; input < call.inputs; ++input) {
                const std::int64_t at = groupIndex(call.outputs, call.groups(), output, input / call.groupSize);
                const int stored = unpackWeight(call.format, call.weights, call.outputs, call.inputs, output, input);
                const double value = call.format == WeightFormat::Table4 ? call.table[stored] : stored;
                total += static_cast<double>(call.x[row * call.inputs + input]) * call.scales[at] *
                         (value - (call.zeros ? call.zeros[at] : 0));
            }
            call.y[row * call.outputs + output] = static_cast<float>(total);
        }
}

void runReference(const IntegerLinearCall& call) {
    const std::int64_t group = call.groupSize > 0 ? call.groupSize : call.inputs;
    const std::int64_t groups = (call.inputs + group - 1) / group;
    for (std::int64_t row = 0; row < call.rows; ++row)
        for (std::int64_t output = 0; output < call.outputs; ++output) {
            float y = 0;
            for (std::int64_t g = 0; g < groups; ++g) {
                const std::int64_t at = call.groupSize > 0 ? groupIndex(call.outputs, groups, output, g) : output;
                std::int32_t sum = call.epilogue.corrections ? call.epilogue.corrections[at] : 0;
                for (std::int64_t input = g * group; input < std::min(call.inputs, (g + 1) * group); ++input)
                    sum += call.x[row * call.pitch + input] *
                           unpackWeight(call.format, call.weights, call.outputs, call.inputs, output, input);
                const float part = static_cast<float>(sum) * call.epilogue.scales[at];
                y = call.groupSize > 0 ? y + part : part;
            }
            finish(y, call.epilogue, output,
                   {call.codes ? call.codes + row * call.codesPitch : nullptr,
                    call.y ? call.y + row * call.outputs : nullptr, nullptr});
        }
}

void runReference(const ConvCall& call) {
    const std::int64_t rows = call.outHeight(), columns = call.outWidth();
    const std::int64_t bytes = call.epilogue.wideIsHalf ? 2 : 4, residualBytes = call.epilogue.residualIsHalf ? 2 : 4;
    for (std::int64_t pixel = 0; pixel < call.batch * rows * columns; ++pixel) {
        const std::int64_t image = pixel / (rows * columns), y = pixel / columns % rows, x = pixel % columns;
        const RowTarget target{
            call.codes ? call.codes + pixel * call.codesPitch : nullptr,
            call.wide ? static_cast<char*>(call.wide) + pixel * call.outputs * bytes : nullptr,
            call.residual ? static_cast<const char*>(call.residual) + pixel * call.outputs * residualBytes : nullptr};
        for (std::int64_t output = 0; output < call.outputs; ++output) {
            std::int32_t sum = call.epilogue.corrections ? call.epilogue.corrections[output] : 0;
            for (std::int64_t input = 0; input < call.inputs(); ++input) {
                const std::int64_t channel = input % call.channels, tap = input / call.channels;
                const std::int64_t row = y * call.stride[0] - call.padding[0] + tap / call.kernel[1] * call.dilation[0];
                const std::int64_t column =
                    x * call.stride[1] - call.padding[1] + tap % call.kernel[1] * call.dilation[1];
                const bool inside = row >= 0 && row < call.height && column >= 0 && column < call.width;
                const std::uint8_t code =
                    inside ? call.x[((image * call.height + row) * call.width + column) * call.channels + channel]
                           : call.inputZero;
                sum += code * unpackWeight(call.format, call.weights, call.outputs, call.inputs(), output, input);
            }
            finish(static_cast<float>(sum) * call.epilogue.scales[output], call.epilogue, output, target);
        }
    }
}

}  // namespace sqil
