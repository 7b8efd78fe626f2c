#pragma once
#include <ATen/core/Tensor.h>

#include <cmath>
#include <optional>
#include <vector>

namespace sqil {

/// Checks of the sqil:: operators' arguments, the same on every device: a policy file may name an operator with any.

using OptionalTensor = std::optional<at::Tensor>;

/// Sizes of a policy are far below this; products of a few stay within 63 bits.
inline constexpr std::int64_t kLargest = std::int64_t{1} << 31;

/// The tensor, contiguous on this device, of this type and with so many elements; throws c10::Error naming it.
inline at::Tensor checked(const at::Tensor& tensor, const char* name, at::ScalarType type, std::int64_t elements,
                          at::Device device) {
    TORCH_CHECK(tensor.device() == device, name, ": expected a tensor on ", device.is_cpu() ? "the CPU" : device.str(),
                ", got one on ", tensor.device());
    TORCH_CHECK(tensor.scalar_type() == type, name, ": expected ", c10::toString(type), ", got ",
                c10::toString(tensor.scalar_type()));
    TORCH_CHECK(tensor.numel() == elements, name, ": expected ", elements, " elements, got ", tensor.numel());
    return tensor.contiguous();
}

inline OptionalTensor checked(const OptionalTensor& tensor, const char* name, at::ScalarType type,
                              std::int64_t elements, at::Device device) {
    if (!tensor || !tensor->defined())
        return std::nullopt;
    return checked(*tensor, name, type, elements, device);
}

template<class Value>
const Value* dataOf(const OptionalTensor& tensor) {
    return tensor ? tensor->const_data_ptr<Value>() : nullptr;
}

inline void checkCodes(double step, std::int64_t zero, std::int64_t maximum) {
    TORCH_CHECK(std::isfinite(step) && step > 0, "step: expected a positive number, got ", step);
    TORCH_CHECK(maximum > 0 && maximum <= 255 && zero >= 0 && zero <= maximum,
                "codes: expected 0 <= zero <= maximum <= 255, got ", zero, " and ", maximum);
}

inline std::vector<std::int64_t> withLast(at::IntArrayRef sizes, std::int64_t last) {
    std::vector<std::int64_t> result = sizes.vec();
    result.back() = last;
    return result;
}

/// fake_quantize_per_tensor_affine multiplies by the inverse of the step as a float.
inline float inverseOf(double step) {
    return 1.0F / static_cast<float>(step);
}

/// What the epilogue of an integer operator reads.
struct EpilogueTensors {
    at::Tensor scales, corrections;
    OptionalTensor bias;

    EpilogueTensors(const at::Tensor& scales, const at::Tensor& corrections, const OptionalTensor& bias,
                    std::int64_t padded, std::int64_t groups, at::Device device)
        : scales(checked(scales, "scales", at::kFloat, padded * groups, device)),
          corrections(checked(corrections, "corrections", at::kInt, padded * groups, device)),
          bias(checked(bias, "bias", at::kFloat, padded, device)) {}

    /// Into an Epilogue, or what a device has in its place.
    template<class Call>
    void fill(Call& call, bool relu) const {
        call.scales = scales.const_data_ptr<float>();
        call.corrections = corrections.const_data_ptr<std::int32_t>();
        call.bias = dataOf<float>(bias);
        call.relu = relu;
    }
};

/// Codes as output, likewise.
template<class Call>
void addCodes(Call& call, double step, std::int64_t zero, std::int64_t maximum) {
    checkCodes(step, zero, maximum);
    call.inverseStep = inverseOf(step);
    call.zero = static_cast<std::int32_t>(zero);
    call.maximum = static_cast<std::int32_t>(maximum);
}

}  // namespace sqil
