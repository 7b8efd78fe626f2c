#include "plugins/cuda/StartKernel.cuh"

namespace sqil::cuda {

void launchFloat(const FloatLinear& call, FloatWeights weights, bool bfloat, const FloatSchedule& schedule,
                 float* rowSumsOut, void* stream) {
    dispatchFloat(call, weights, bfloat, schedule, rowSumsOut, on(stream));
}

}  // namespace sqil::cuda
