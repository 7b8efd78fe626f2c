#include "core/bench/Energy.h"

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

}  // namespace sqil
