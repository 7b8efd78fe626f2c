#include "core/bench/GpuMonitor.h"

#include <dlfcn.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <vector>

namespace sqil {
namespace {

// NVML's interface, from its published documentation; the header comes only with CUDA.
constexpr int kSuccess = 0;
constexpr int kDriverNotLoaded = 9;
constexpr int kVersionMismatch = 18;
constexpr int kGraphicsClock = 0, kMemoryClock = 2;

struct Utilization {
    unsigned gpu, memory;  // percent
};
struct Memory {
    unsigned long long total, free, used;  // bytes
};

std::vector<std::string> entriesOf(const std::string& list) {
    std::vector<std::string> entries;
    for (std::size_t start = 0; start < list.size();) {
        const auto comma = std::min(list.find(',', start), list.size());
        entries.push_back(list.substr(start, comma - start));
        start = comma + 1;
    }
    return entries;
}

std::optional<unsigned> numberIn(std::string_view text) {
    unsigned number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

struct GpuMonitor::Library {
    void* library = nullptr;
    std::string missing;  ///< the first function that is not there

    int (*init)() = nullptr;
    int (*shutdown)() = nullptr;
    const char* (*errorString)(int) = nullptr;
    int (*driverVersion)(char*, unsigned) = nullptr;
    int (*deviceCount)(unsigned*) = nullptr;
    int (*deviceHandle)(unsigned, void**) = nullptr;
    int (*deviceName)(void*, char*, unsigned) = nullptr;
    int (*deviceUuid)(void*, char*, unsigned) = nullptr;
    int (*memoryInfo)(void*, Memory*) = nullptr;
    int (*utilization)(void*, Utilization*) = nullptr;
    int (*clock)(void*, int, unsigned*) = nullptr;
    int (*power)(void*, unsigned*) = nullptr;                  // milliwatts
    int (*totalEnergy)(void*, unsigned long long*) = nullptr;  // millijoules; newer than the rest

    explicit Library(void* opened) : library(opened) {
        find(init, "nvmlInit_v2");
        find(shutdown, "nvmlShutdown");
        find(errorString, "nvmlErrorString");
        find(driverVersion, "nvmlSystemGetDriverVersion");
        find(deviceCount, "nvmlDeviceGetCount_v2");
        find(deviceHandle, "nvmlDeviceGetHandleByIndex_v2");
        find(deviceName, "nvmlDeviceGetName");
        find(deviceUuid, "nvmlDeviceGetUUID");
        find(memoryInfo, "nvmlDeviceGetMemoryInfo");
        find(utilization, "nvmlDeviceGetUtilizationRates");
        find(clock, "nvmlDeviceGetClockInfo");
        find(power, "nvmlDeviceGetPowerUsage");
        totalEnergy = reinterpret_cast<decltype(totalEnergy)>(dlsym(library, "nvmlDeviceGetTotalEnergyConsumption"));
    }
    ~Library() { dlclose(library); }

    std::string textOf(int status) const {
        const char* text = errorString(status);
        return text ? text : "error " + std::to_string(status);
    }

private:
    template<class Function>
    void find(Function& function, const char* name) {
        function = reinterpret_cast<Function>(dlsym(library, name));
        if (!function && missing.empty())
            missing = name;
    }
};

Result<std::shared_ptr<const GpuMonitor>> GpuMonitor::open() {
    const char* given = std::getenv("SQIL_NVML");
    const std::string name = given && *given ? given : "libnvidia-ml.so.1";
    void* opened = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!opened)
        return fail(ErrorKind::NotFound, "no NVIDIA driver: " + name + " was not found");
    std::shared_ptr<GpuMonitor> monitor(new GpuMonitor);
    auto library = std::make_unique<Library>(opened);
    if (!library->missing.empty())
        return fail(ErrorKind::Unsupported, name + ": has no function " + library->missing + "; the driver is too old");
    if (const int status = library->init(); status != kSuccess) {
        if (status == kDriverNotLoaded)
            return fail(ErrorKind::NotFound, "the NVIDIA driver is installed, but not loaded (" + name + ")");
        if (status == kVersionMismatch)
            return fail(ErrorKind::Unsupported,
                        name + ": is of another version than the loaded NVIDIA driver; restart the machine");
        return fail(ErrorKind::Io, name + ": " + library->textOf(status));
    }
    monitor->library_ = std::move(library);
    std::array<char, 96> text{};
    if (monitor->library_->driverVersion(text.data(), text.size()) == kSuccess)
        monitor->driver_ = text.data();
    if (const int status = monitor->library_->deviceCount(&monitor->count_); status != kSuccess)
        return fail(ErrorKind::Io, name + ": " + monitor->library_->textOf(status));
    if (monitor->count_ == 0)
        return fail(ErrorKind::NotFound, "the NVIDIA driver sees no GPU");
    return monitor;
}

GpuMonitor::~GpuMonitor() {
    if (library_)
        library_->shutdown();
}

void* GpuMonitor::handle(unsigned gpu) const {
    void* device = nullptr;
    return gpu < count_ && library_->deviceHandle(gpu, &device) == kSuccess ? device : nullptr;
}

std::string GpuMonitor::name(unsigned gpu) const {
    std::array<char, 96> text{};
    void* device = handle(gpu);
    return device && library_->deviceName(device, text.data(), text.size()) == kSuccess ? text.data() : "";
}

std::string GpuMonitor::uuid(unsigned gpu) const {
    std::array<char, 96> text{};
    void* device = handle(gpu);
    return device && library_->deviceUuid(device, text.data(), text.size()) == kSuccess ? text.data() : "";
}

std::optional<std::int64_t> GpuMonitor::totalMemoryBytes(unsigned gpu) const {
    Memory memory{};
    void* device = handle(gpu);
    if (!device || library_->memoryInfo(device, &memory) != kSuccess)
        return std::nullopt;
    return static_cast<std::int64_t>(memory.total);
}

GpuState GpuMonitor::state(unsigned gpu) const {
    GpuState state;
    void* device = handle(gpu);
    if (!device)
        return state;
    if (Utilization use{}; library_->utilization(device, &use) == kSuccess)
        state.percent = use.gpu;
    if (Memory memory{}; library_->memoryInfo(device, &memory) == kSuccess)
        state.memoryBytes = static_cast<std::int64_t>(memory.used);
    unsigned number = 0;
    if (library_->power(device, &number) == kSuccess)
        state.watts = number / 1e3;
    if (library_->clock(device, kGraphicsClock, &number) == kSuccess)
        state.graphicsMegahertz = number;
    if (library_->clock(device, kMemoryClock, &number) == kSuccess)
        state.memoryMegahertz = number;
    return state;
}

std::optional<double> GpuMonitor::totalJoules(unsigned gpu) const {
    unsigned long long millijoules = 0;
    void* device = handle(gpu);
    if (!device || !library_->totalEnergy || library_->totalEnergy(device, &millijoules) != kSuccess)
        return std::nullopt;
    return static_cast<double>(millijoules) / 1e3;
}

Result<unsigned> GpuMonitor::indexOf(std::string_view device) const {
    const char* list = std::getenv("CUDA_VISIBLE_DEVICES");
    const auto entry = visibleDevice(device, list ? std::optional<std::string>(list) : std::nullopt);
    if (!entry)
        return tl::unexpected(entry.error());
    if (const auto number = numberIn(*entry); number && *number < count_)
        return *number;
    for (unsigned gpu = 0; gpu < count_ && !numberIn(*entry); ++gpu)  // a UUID may be cut short
        if (uuid(gpu).starts_with(*entry))
            return gpu;
    return fail(ErrorKind::NotFound, std::string(device) + ": the NVIDIA driver sees " + std::to_string(count_) +
                                         " GPUs, and \"" + *entry + "\" is none of them");
}

Result<std::string> visibleDevice(std::string_view device, const std::optional<std::string>& visible) {
    const auto number = device == "cuda"              ? std::optional(0U)
                        : device.starts_with("cuda:") ? numberIn(device.substr(5))
                                                      : std::nullopt;
    if (!number)
        return fail(ErrorKind::BadInput, "device \"" + std::string(device) + "\": expected cuda:0, cuda:1, …");
    if (!visible)
        return std::to_string(*number);
    const auto entries = entriesOf(*visible);
    if (*number >= entries.size())
        return fail(ErrorKind::NotFound, std::string(device) + ": this process may use " +
                                             std::to_string(entries.size()) + " GPUs (CUDA_VISIBLE_DEVICES is \"" +
                                             *visible + "\"), counted from 0");
    return entries[*number];
}

}  // namespace sqil
