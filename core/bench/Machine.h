#pragma once
#include <string>

#include <nlohmann/json.hpp>

namespace sqil {

/// Seconds of a steady clock.
double now();

/// {"host", "system", "processor": model name, "processors": count, "threads", "libtorch": version}, and with an NVIDIA
/// driver {"nvidia_driver", "gpus": [names]}: what every report begins with.
nlohmann::json describeMachine(int threads);

}  // namespace sqil
