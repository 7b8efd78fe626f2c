#include "core/policy/Preprocessing.h"

#include <ATen/Functions.h>
#include <ATen/ops/_upsample_bilinear2d_aa.h>

namespace sqil {
namespace {

at::ScalarType scalarType(ValueType type) {
    switch (type) {
        case ValueType::UInt8:
            return at::kByte;
        case ValueType::Int32:
            return at::kInt;
        case ValueType::Int64:
            return at::kLong;
        case ValueType::Float64:
            return at::kDouble;
        case ValueType::Bool:
            return at::kBool;
        case ValueType::Float32:
            break;
    }
    return at::kFloat;
}

/// Per channel of N×C×H×W, per dimension of N×…×D.
at::Tensor perChannel(const std::vector<double>& values, const at::Tensor& like, bool image) {
    const at::Tensor flat = at::tensor(at::ArrayRef<double>(values), at::kDouble).to(at::kFloat);
    return image && like.dim() == 4 && values.size() > 1 ? flat.view({1, -1, 1, 1}) : flat;
}

std::vector<std::int64_t> fixedSizes(const TensorMeta& meta) {
    std::vector<std::int64_t> sizes;
    for (std::size_t i = 1; i < meta.sizes.size(); ++i) {
        const auto* size = std::get_if<std::int64_t>(&meta.sizes[i]);
        sizes.push_back(size ? *size : -1);
    }
    return sizes;
}

/// The sizes that are not 1.
std::vector<std::int64_t> essential(const std::vector<std::int64_t>& shape) {
    std::vector<std::int64_t> sizes;
    for (const std::int64_t size : shape)
        if (size != 1)
            sizes.push_back(size);
    return sizes;
}

at::Tensor shapedLike(const at::Tensor& steps, const TensorMeta& wanted) {
    const std::vector<std::int64_t> step = steps.sizes().slice(1).vec();
    const std::vector<std::int64_t> target = fixedSizes(wanted);
    if (step == target || essential(step) != essential(target))
        return steps;
    std::vector<std::int64_t> sizes{steps.size(0)};
    sizes.insert(sizes.end(), target.begin(), target.end());
    return steps.reshape(sizes);
}

}  // namespace

Result<at::Tensor> preprocess(const StepBlock& block, const CardInput& input, const TensorMeta* wanted) {
    std::int64_t elements = 1;
    for (const std::int64_t size : block.shape)
        elements *= size;
    if (block.shape.empty() || elements < 0 ||
        block.bytes.size() != static_cast<std::size_t>(elements) * sizeOf(block.type))
        return fail(ErrorKind::BadInput,
                    "key \"" + input.key + "\": the recorded steps do not have the size that they claim");
    try {
        at::Tensor steps =
            at::from_blob(const_cast<std::byte*>(block.bytes.data()), block.shape, scalarType(block.type))
                .to(at::kFloat, false, /*copy=*/true);
        const bool image = input.kind == InputKind::Image;
        if (image && steps.dim() == 3)  // one channel that was not stored as a dimension
            steps = steps.unsqueeze(input.heightWidthChannel ? 3 : 1);
        if (input.heightWidthChannel && steps.dim() == 4)
            steps = steps.permute({0, 3, 1, 2}).contiguous();
        if (input.scale != 1.0)
            steps.mul_(input.scale);
        if (input.resize && image && steps.dim() == 4 &&
            (steps.size(2) != input.resize->at(0) || steps.size(3) != input.resize->at(1)))
            steps = at::_upsample_bilinear2d_aa(steps, *input.resize, /*align_corners=*/false);
        if (!input.mean.empty())
            steps.sub_(perChannel(input.mean, steps, image));
        if (!input.std.empty())
            steps.div_(perChannel(input.std, steps, image));
        return wanted ? shapedLike(steps, *wanted) : steps;
    } catch (const c10::Error& error) {
        return fail(ErrorKind::BadInput, "key \"" + input.key + "\" cannot be made into input \"" + input.name +
                                             "\" as the card says: " + error.what_without_backtrace());
    }
}

at::Tensor convertedTo(const at::Tensor& input, at::ScalarType type) {
    if (input.scalar_type() == type)
        return input;
    return (c10::isIntegralType(type, true) && input.is_floating_point() ? input.round() : input).to(type);
}

std::vector<std::int64_t> preprocessedShape(const KeySpec& key, const CardInput& input) {
    std::vector<std::int64_t> shape = key.shape;
    if (input.kind != InputKind::Image)
        return shape;
    if (shape.size() == 2)
        shape.insert(input.heightWidthChannel ? shape.end() : shape.begin(), 1);
    if (shape.size() == 3 && input.heightWidthChannel)
        shape = {shape[2], shape[0], shape[1]};
    if (shape.size() == 3 && input.resize)
        shape = {shape[0], input.resize->at(0), input.resize->at(1)};
    return shape;
}

bool fits(const std::vector<std::int64_t>& step, const TensorMeta& wanted) {
    if (wanted.sizes.empty())
        return false;
    const std::vector<std::int64_t> target = fixedSizes(wanted);
    if (step.size() == target.size()) {
        bool same = true;
        for (std::size_t i = 0; i < step.size(); ++i)
            same = same && (target[i] == -1 || target[i] == step[i]);
        if (same)
            return true;
    }
    const bool allFixed = std::find(target.begin(), target.end(), -1) == target.end();
    return allFixed && essential(step) == essential(target);
}

}  // namespace sqil
