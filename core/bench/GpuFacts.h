#pragma once
#include <string>

#include <nlohmann/json.hpp>

namespace sqil {

/// What the driver says of "cuda:0" at this moment: {"name", "driver", "graphics_mhz", "memory_mhz", "watts"}, each
/// where it tells; {"problem": why} where NVML is not there.
nlohmann::json describeGpu(const std::string& device);

}  // namespace sqil
