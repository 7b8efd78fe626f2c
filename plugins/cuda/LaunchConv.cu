#include "plugins/cuda/StartKernel.cuh"

namespace sqil::cuda {

void launchConv(const IntegerProduct& call, bool fourBits, const IntegerSchedule& schedule, void* stream) {
    dispatchConv(call, fourBits, schedule, on(stream));
}

}  // namespace sqil::cuda
