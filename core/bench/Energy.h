#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sqil {

/// The processor's energy counters (RAPL, through Linux's powercap), where this process may read them.
class EnergyMeter {
public:
    explicit EnergyMeter(std::filesystem::path folder = "/sys/class/powercap");

    /// Why nothing can be measured; empty: it can.
    const std::string& problem() const { return problem_; }
    void start();
    /// Joules of all packages since start(), none where they cannot be measured.
    std::optional<double> joules() const;

private:
    struct Counter {
        std::filesystem::path energy;
        double range = 0;  ///< microjoules at which it starts again from 0
        double first = 0;
    };
    std::vector<Counter> counters_;
    std::string problem_;
};

}  // namespace sqil
