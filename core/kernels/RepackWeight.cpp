#include "core/kernels/RepackWeight.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/TensorOptions.h>

namespace sqil {
namespace {

constexpr const char* kOperator = "sqil::repack_weight";

}  // namespace

bool hasOwnWeightLayout(at::Device device) {
    const auto repack = c10::Dispatcher::singleton().findSchema({kOperator, ""});
    return repack && repack->hasKernelForDispatchKey(at::TensorOptions().device(device).computeDispatchKey());
}

at::Tensor repackedWeight(const at::Tensor& packed, WeightFormat format, std::int64_t outputs) {
    return c10::Dispatcher::singleton()
        .findSchemaOrThrow(kOperator, "")
        .typed<at::Tensor(const at::Tensor&, std::int64_t, std::int64_t)>()
        .call(packed, static_cast<std::int64_t>(format), outputs);
}

}  // namespace sqil
