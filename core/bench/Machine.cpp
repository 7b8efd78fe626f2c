#include "core/bench/Machine.h"

#include <sys/utsname.h>
#include <torch/headeronly/version.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "core/bench/GpuMonitor.h"

namespace sqil {
namespace {

std::string processorName() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("model name") && line.find(": ") != std::string::npos)
            return line.substr(line.find(": ") + 2);
    return "unknown";
}

}  // namespace

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

nlohmann::json describeMachine(int threads) {
    nlohmann::json machine{{"processor", processorName()},
                           {"processors", std::thread::hardware_concurrency()},
                           {"threads", threads},
                           {"libtorch", TORCH_VERSION}};
    if (utsname system{}; ::uname(&system) == 0) {
        machine["host"] = system.nodename;
        machine["system"] = std::string(system.sysname) + " " + system.release;
    }
    if (const auto gpus = GpuMonitor::open()) {
        machine["nvidia_driver"] = (*gpus)->driver();
        for (unsigned gpu = 0; gpu < (*gpus)->count(); ++gpu)
            machine["gpus"].push_back((*gpus)->name(gpu));
    }
    return machine;
}

}  // namespace sqil
