#pragma once
#include <c10/core/Device.h>

#include "core/base/Result.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {

/// PolicyGraph::moveTo() for a graph that lowerPolicy() may have made: its packed weights take the device's own layout
/// at once (sqil::repack_weight), instead of at every call. A device without that operator keeps the CPU's layout.
/// Error: the device's memory does not suffice, its kernels are not for this GPU, or the weights are in another
/// device's layout already, from which there is no way back.
Result<void> moveLowered(PolicyGraph& graph, at::Device device);

}  // namespace sqil
