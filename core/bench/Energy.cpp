#include "core/bench/Energy.h"

#include <chrono>
#include <fstream>

namespace sqil {
namespace {

std::optional<double> numberIn(const std::filesystem::path& file) {
    std::ifstream stream(file);
    double number = 0;
    return stream >> number ? std::optional(number) : std::nullopt;
}

/// "intel-rapl:0": a whole package; its parts have a second colon.
bool isPackage(const std::string& name) {
    const auto colon = name.find("rapl:");
    return colon != std::string::npos && name.find(':', colon + 5) == std::string::npos;
}

}  // namespace

EnergyMeter::EnergyMeter(std::filesystem::path folder) {
    std::error_code problem;
    bool any = false;
    for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
        if (!isPackage(entry.path().filename().string()))
            continue;
        any = true;
        const auto range = numberIn(entry.path() / "max_energy_range_uj");
        if (numberIn(entry.path() / "energy_uj") && range)
            counters_.push_back({entry.path() / "energy_uj", *range, 0});
    }
    if (counters_.empty())
        problem_ =
            any ? "energy: not measured: " + folder.string() + " has counters, but this user may not read them"
                : "energy: not measured: this machine shows no processor energy counter (" + folder.string() + ")";
}

void EnergyMeter::start() {
    for (Counter& counter : counters_)
        counter.first = numberIn(counter.energy).value_or(0);
}

std::optional<double> EnergyMeter::joules() const {
    if (counters_.empty())
        return std::nullopt;
    double total = 0;
    for (const Counter& counter : counters_) {
        const auto last = numberIn(counter.energy);
        if (!last)
            return std::nullopt;
        total += *last >= counter.first ? *last - counter.first : *last + counter.range - counter.first;
    }
    return total / 1e6;
}

GpuEnergyMeter::GpuEnergyMeter(std::shared_ptr<const GpuMonitor> monitor, unsigned gpu)
    : monitor_(std::move(monitor)), gpu_(gpu), isSampled_(!monitor_->totalJoules(gpu)) {
    if (isSampled_ && !monitor_->state(gpu).watts)
        problem_ = "energy: not measured: " + monitor_->name(gpu) + " tells neither its energy nor its power";
}

GpuEnergyMeter::~GpuEnergyMeter() {
    stop();
}

void GpuEnergyMeter::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void GpuEnergyMeter::start() {
    stop();
    stopping_ = false;
    sum_ = 0;
    first_ = monitor_->totalJoules(gpu_).value_or(0);
    if (isSampled_ && problem_.empty())
        thread_ = std::thread([this] {
            std::unique_lock lock(mutex_);
            sample(lock);
        });
}

/// The integral of the power, by trapezoids.
void GpuEnergyMeter::sample(std::unique_lock<std::mutex>& lock) {
    using Clock = std::chrono::steady_clock;
    auto before = Clock::now();
    double watts = monitor_->state(gpu_).watts.value_or(0);
    for (bool last = false; !last;) {
        last = wake_.wait_for(lock, std::chrono::milliseconds(20), [this] { return stopping_; });
        const auto now = Clock::now();
        const double next = monitor_->state(gpu_).watts.value_or(watts);
        sum_ += (watts + next) / 2 * std::chrono::duration<double>(now - before).count();
        watts = next;
        before = now;
    }
}

std::optional<double> GpuEnergyMeter::joules() {
    stop();
    if (!problem_.empty())
        return std::nullopt;
    if (isSampled_)
        return sum_;
    const auto last = monitor_->totalJoules(gpu_);
    return last ? std::optional(*last - first_) : std::nullopt;
}

}  // namespace sqil
