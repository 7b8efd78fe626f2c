#pragma once
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sqil {

/// A median with its interval: order statistics that hold it with 95 % (binomial, normal approximation).
struct MedianInterval {
    double median = 0, low = 0, high = 0;
};
MedianInterval medianOf(std::vector<double> samples);

/// {"median" + unit: …, "low" + unit: …, "high" + unit: …}
nlohmann::json toJson(const MedianInterval& interval, const std::string& unit);

}  // namespace sqil
