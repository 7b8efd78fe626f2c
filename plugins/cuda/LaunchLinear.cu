#include "plugins/cuda/StartKernel.cuh"

namespace sqil::cuda {

void launchLinear(const IntegerProduct& call, bool fourBits, const IntegerSchedule& schedule, void* stream) {
    dispatchLinear(call, fourBits, schedule, on(stream));
}

}  // namespace sqil::cuda
