#include "core/quant/LearnedStep.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/quant/LearnedStepKernels.h"

namespace sqil {
namespace {

constexpr float kSmallestStep = 1e-8f;
// Pieces of work, and of the sums, whatever the number of threads: results do not depend on it.
constexpr std::int64_t kPieceLength = 16384;

/// Which step each value has, for values in memory order with the step's axis first.
struct StepLayout {
    std::int64_t axis = -1;
    std::int64_t groupSize = 0;
    std::int64_t outputs = 1, inputs = 0, groups = 1;

    StepLayout(const at::Tensor& values, const at::Tensor& steps, std::int64_t stepAxis, std::int64_t size)
        : axis(stepAxis) {
        TORCH_CHECK(axis >= -1 && axis < values.dim(), "learned_step_quantize: no axis ", axis, " in a tensor of ",
                    values.dim(), " dimensions");
        outputs = axis < 0 ? 1 : values.size(axis);
        inputs = outputs > 0 ? values.numel() / outputs : 0;
        groupSize = size > 0 && axis >= 0 ? std::min(size, std::max<std::int64_t>(inputs, 1)) : inputs;
        groups = groupSize > 0 ? (inputs + groupSize - 1) / groupSize : 1;
        TORCH_CHECK(steps.numel() == outputs * groups, "learned_step_quantize: ", outputs * groups,
                    " steps are needed, one a block; there are ", steps.numel());
    }
    std::int64_t piecesOfBlock() const {
        return std::max<std::int64_t>(1, (groupSize + kPieceLength - 1) / kPieceLength);
    }
    std::int64_t pieces() const { return outputs * groups * piecesOfBlock(); }

    struct Piece {
        std::int64_t block, first, length;
    };
    Piece piece(std::int64_t index) const {
        const std::int64_t block = index / piecesOfBlock(), part = index % piecesOfBlock();
        const std::int64_t output = block / groups, group = block % groups;
        const std::int64_t blockLength = std::min(groupSize, inputs - group * groupSize);
        const std::int64_t first = part * kPieceLength;
        return {block, output * inputs + group * groupSize + first,
                std::max<std::int64_t>(0, std::min(kPieceLength, blockLength - first))};
    }
};

/// The values as one run of memory with the step's axis first. Any dense order will do where one step serves all.
at::Tensor arranged(const at::Tensor& tensor, std::int64_t axis) {
    if (axis < 0)
        return tensor.is_non_overlapping_and_dense() ? tensor : tensor.contiguous();
    return tensor.movedim(axis, 0).contiguous();
}

at::Tensor restored(const at::Tensor& tensor, std::int64_t axis) {
    return axis < 0 ? tensor : tensor.movedim(0, axis);
}

template<class Body>
void forEachPiece(const StepLayout& layout, const Body& body) {
    const std::int64_t length = std::clamp<std::int64_t>(layout.groupSize, 1, kPieceLength);
    at::parallel_for(0, layout.pieces(), std::max<std::int64_t>(1, kPieceLength / length),
                     [&](std::int64_t begin, std::int64_t end) {
                         for (std::int64_t index = begin; index < end; ++index)
                             body(index, layout.piece(index));
                     });
}

at::Tensor quantizeOnCpu(const at::Tensor& values, const at::Tensor& steps, IntegerRange range,
                         const StepLayout& layout) {
    const at::Tensor in = arranged(values, layout.axis);
    at::Tensor out = at::empty_like(in);
    const at::Tensor flatSteps = steps.contiguous();
    const float* from = in.const_data_ptr<float>();
    const float* step = flatSteps.const_data_ptr<float>();
    float* to = out.mutable_data_ptr<float>();
    const auto& kernels = learnedStepKernels();
    forEachPiece(layout, [&](std::int64_t, const StepLayout::Piece& piece) {
        kernels.quantize(from + piece.first, to + piece.first, piece.length, std::max(step[piece.block], kSmallestStep),
                         static_cast<float>(range.minimum), static_cast<float>(range.maximum));
    });
    return restored(out, layout.axis);
}

struct Gradients {
    at::Tensor values, steps;
};

Gradients gradientsOnCpu(const at::Tensor& values, const at::Tensor& steps, const at::Tensor& outGradient,
                         IntegerRange range, const StepLayout& layout, double scale, bool wantsValues) {
    const at::Tensor in = arranged(values, layout.axis);
    at::Tensor gradient = arranged(outGradient, layout.axis);
    if (gradient.strides() != in.strides())
        gradient = at::empty_like(in).copy_(gradient);
    at::Tensor valueGradient = wantsValues ? at::empty_like(in) : at::Tensor();
    std::vector<double> sums(static_cast<std::size_t>(layout.pieces()));
    const at::Tensor flatSteps = steps.contiguous();
    const float* from = in.const_data_ptr<float>();
    const float* outFrom = gradient.const_data_ptr<float>();
    const float* step = flatSteps.const_data_ptr<float>();
    float* to = wantsValues ? valueGradient.mutable_data_ptr<float>() : nullptr;
    const auto& kernels = learnedStepKernels();
    forEachPiece(layout, [&](std::int64_t index, const StepLayout::Piece& piece) {
        sums[static_cast<std::size_t>(index)] =
            kernels.gradients(from + piece.first, outFrom + piece.first, to ? to + piece.first : nullptr, piece.length,
                              std::max(step[piece.block], kSmallestStep), static_cast<float>(range.minimum),
                              static_cast<float>(range.maximum));
    });
    at::Tensor stepGradient = at::empty(steps.sizes(), steps.options());
    float* stepTo = stepGradient.mutable_data_ptr<float>();
    const std::int64_t perBlock = layout.piecesOfBlock();
    for (std::int64_t block = 0; block < layout.outputs * layout.groups; ++block) {
        double sum = 0;
        for (std::int64_t part = 0; part < perBlock; ++part)
            sum += sums[static_cast<std::size_t>(block * perBlock + part)];
        stepTo[block] = static_cast<float>(sum * scale);
    }
    return {wantsValues ? restored(valueGradient, layout.axis) : at::Tensor(), stepGradient};
}

/// One step a value, broadcast over the blocks: what devices without kernels of their own compute with.
at::Tensor stepOfEachValue(const at::Tensor& values, const at::Tensor& steps, const StepLayout& layout) {
    const at::Tensor positive = steps.clamp_min(kSmallestStep);
    if (layout.axis < 0)
        return positive.reshape({});
    const at::Tensor moved = values.movedim(layout.axis, 0);
    return positive.reshape({layout.outputs, layout.groups})
        .repeat_interleave(layout.groupSize, 1)
        .narrow(1, 0, layout.inputs)
        .reshape(moved.sizes())
        .movedim(0, layout.axis);
}

at::Tensor quantizeAnywhere(const at::Tensor& values, const at::Tensor& steps, IntegerRange range,
                            const StepLayout& layout) {
    if (values.is_cpu())
        return quantizeOnCpu(values, steps, range, layout);
    const at::Tensor step = stepOfEachValue(values, steps, layout);
    return at::round((values * step.reciprocal()).clamp(range.minimum, range.maximum)) * step;
}

Gradients gradientsAnywhere(const at::Tensor& values, const at::Tensor& steps, const at::Tensor& outGradient,
                            IntegerRange range, const StepLayout& layout, double scale, bool wantsValues) {
    if (values.is_cpu())
        return gradientsOnCpu(values, steps, outGradient, range, layout, scale, wantsValues);
    const at::Tensor ratio = values * stepOfEachValue(values, steps, layout).reciprocal();
    const at::Tensor clipped = ratio.clamp(range.minimum, range.maximum);
    const at::Tensor inside = clipped == ratio;
    const at::Tensor ofStep = outGradient * at::where(inside, clipped.round() - ratio, clipped);
    at::Tensor sums;
    if (layout.axis < 0) {
        sums = ofStep.sum();
    } else {
        const at::Tensor rows = ofStep.movedim(layout.axis, 0).reshape({layout.outputs, layout.inputs});
        const std::int64_t padding = layout.groups * layout.groupSize - layout.inputs;
        sums = at::constant_pad_nd(rows, {0, padding}).reshape({-1, layout.groupSize}).sum(1);
    }
    return {wantsValues ? outGradient * inside : at::Tensor(), (sums * scale).reshape(steps.sizes())};
}

class LearnedStepFunction : public torch::autograd::Function<LearnedStepFunction> {
public:
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& values,
                              const at::Tensor& steps, std::int64_t minimum, std::int64_t maximum, std::int64_t axis,
                              std::int64_t groupSize, double gradientScale) {
        context->save_for_backward({values, steps});
        context->saved_data["minimum"] = minimum;
        context->saved_data["maximum"] = maximum;
        context->saved_data["axis"] = axis;
        context->saved_data["group_size"] = groupSize;
        context->saved_data["gradient_scale"] = gradientScale;
        return quantizeAnywhere(values, steps, {minimum, maximum}, {values, steps, axis, groupSize});
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list outGradients) {
        const auto saved = context->get_saved_variables();
        const StepLayout layout(saved[0], saved[1], context->saved_data["axis"].toInt(),
                                context->saved_data["group_size"].toInt());
        auto gradients =
            gradientsAnywhere(saved[0], saved[1], outGradients[0],
                              {context->saved_data["minimum"].toInt(), context->saved_data["maximum"].toInt()}, layout,
                              context->saved_data["gradient_scale"].toDouble(), context->needs_input_grad(0));
        const at::Tensor none;
        return {gradients.values, gradients.steps, none, none, none, none, none};
    }
};

at::Tensor withGradients(const at::Tensor& values, const at::Tensor& steps, std::int64_t minimum, std::int64_t maximum,
                         std::int64_t axis, std::int64_t groupSize, double gradientScale) {
    return LearnedStepFunction::apply(values.to(at::kFloat), steps, minimum, maximum, axis, groupSize, gradientScale);
}

at::Tensor withoutGradients(const at::Tensor& values, const at::Tensor& steps, std::int64_t minimum,
                            std::int64_t maximum, std::int64_t axis, std::int64_t groupSize, double) {
    const at::Tensor floats = values.to(at::kFloat);
    return quantizeAnywhere(floats, steps, {minimum, maximum}, {floats, steps, axis, groupSize});
}

}  // namespace

void registerLearnedStep() {
    static torch::Library library = [] {
        torch::Library operators(torch::Library::FRAGMENT, "sqil", std::nullopt, __FILE__, __LINE__);
        operators.def(
            "learned_step_quantize(Tensor values, Tensor steps, int minimum, int maximum, int axis, int group_size, "
            "float gradient_scale) -> Tensor");
        operators.impl("learned_step_quantize", torch::dispatch(c10::DispatchKey::Autograd, TORCH_FN(withGradients)));
        operators.impl("learned_step_quantize",
                       torch::dispatch(c10::DispatchKey::CompositeExplicitAutograd, TORCH_FN(withoutGradients)));
        return operators;
    }();
    (void)library;
}

at::Tensor learnedStepQuantize(const at::Tensor& values, const at::Tensor& steps, IntegerRange range, std::int64_t axis,
                               std::int64_t groupSize, double gradientScale) {
    return withGradients(values, steps, range.minimum, range.maximum, axis, groupSize, gradientScale);
}

double learnedStepGradientScale(std::int64_t elements, IntegerRange range) {
    return 1.0 /
           std::sqrt(static_cast<double>(std::max<std::int64_t>(elements, 1)) * static_cast<double>(range.maximum));
}

}  // namespace sqil
