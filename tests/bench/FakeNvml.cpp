// A stand-in for NVIDIA's libnvidia-ml.so.1 with two GPUs and known answers. $FAKE_NVML chooses what is wrong with it:
// "unloaded", "empty"; "old": no energy counter; "silent": nothing about power, use and memory.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int kSuccess = 0, kNotSupported = 3, kDriverNotLoaded = 9;

bool is(const char* what) {
    const char* given = std::getenv("FAKE_NVML");
    return given && std::strcmp(given, what) == 0;
}

unsigned long long numberOf(void* device) {
    return reinterpret_cast<std::uintptr_t>(device) - 1;
}

int put(char* text, unsigned size, const char* format, unsigned long long number) {
    std::snprintf(text, size, format, number);
    return kSuccess;
}

}  // namespace

extern "C" {

struct Utilization {
    unsigned gpu, memory;
};
struct Memory {
    unsigned long long total, free, used;
};

int nvmlInit_v2() {
    return is("unloaded") ? kDriverNotLoaded : kSuccess;
}
int nvmlShutdown() {
    return kSuccess;
}
const char* nvmlErrorString(int) {
    return "an error";
}
int nvmlSystemGetDriverVersion(char* text, unsigned size) {
    return put(text, size, "999.%llu", 1);
}
int nvmlDeviceGetCount_v2(unsigned* count) {
    *count = is("empty") ? 0 : 2;
    return kSuccess;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
    *device = reinterpret_cast<void*>(static_cast<std::uintptr_t>(index) + 1);
    return kSuccess;
}
int nvmlDeviceGetName(void* device, char* text, unsigned size) {
    return put(text, size, "Fake GPU %llu", numberOf(device));
}
int nvmlDeviceGetUUID(void* device, char* text, unsigned size) {
    return put(text, size, "GPU-%llu00-fake", numberOf(device) + 1);
}
int nvmlDeviceGetMemoryInfo(void* device, Memory* memory) {
    if (is("silent"))
        return kNotSupported;
    memory->total = 8ULL << 30;
    memory->used = (numberOf(device) + 1) << 30;
    memory->free = memory->total - memory->used;
    return kSuccess;
}
int nvmlDeviceGetUtilizationRates(void* device, Utilization* use) {
    if (is("silent"))
        return kNotSupported;
    use->gpu = 40 + 10 * static_cast<unsigned>(numberOf(device));
    use->memory = 5;
    return kSuccess;
}
int nvmlDeviceGetClockInfo(void*, int type, unsigned* megahertz) {
    *megahertz = type == 0 ? 1500 : 5000;
    return kSuccess;
}
int nvmlDeviceGetPowerUsage(void*, unsigned* milliwatts) {
    if (is("silent"))
        return kNotSupported;
    *milliwatts = 200'000;
    return kSuccess;
}
/// 100 W since the clock's beginning.
int nvmlDeviceGetTotalEnergyConsumption(void*, unsigned long long* millijoules) {
    if (is("old") || is("silent"))
        return kNotSupported;
    *millijoules = 100ULL * static_cast<unsigned long long>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                                std::chrono::steady_clock::now().time_since_epoch())
                                                                .count());
    return kSuccess;
}
}
