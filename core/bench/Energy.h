#pragma once
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/bench/GpuMonitor.h"

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

/// What a GPU takes: from its energy counter where it has one, else its power sampled 50 times a second.
class GpuEnergyMeter {
public:
    GpuEnergyMeter(std::shared_ptr<const GpuMonitor> monitor, unsigned gpu);
    ~GpuEnergyMeter();

    /// Why nothing can be measured; empty: it can.
    const std::string& problem() const { return problem_; }
    bool isSampled() const { return isSampled_; }
    void start();
    /// Joules since start(), and ends the sampling.
    std::optional<double> joules();

private:
    void sample(std::unique_lock<std::mutex>& lock);
    void stop();

    std::shared_ptr<const GpuMonitor> monitor_;
    unsigned gpu_;
    bool isSampled_ = false;
    std::string problem_;
    double first_ = 0, sum_ = 0;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace sqil
