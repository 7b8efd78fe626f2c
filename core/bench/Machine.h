#pragma once
#include <string>

#include <nlohmann/json.hpp>

namespace sqil {

/// Seconds of a steady clock.
double now();

/// {"processor": model name, "processors": count, "threads": …, "libtorch": version}: what every report begins with.
nlohmann::json describeMachine(int threads);

}  // namespace sqil
