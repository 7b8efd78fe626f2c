#include "core/bench/Machine.h"

#include <torch/headeronly/version.h>

#include <chrono>
#include <fstream>
#include <thread>

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
    return {{"processor", processorName()},
            {"processors", std::thread::hardware_concurrency()},
            {"threads", threads},
            {"libtorch", TORCH_VERSION}};
}

}  // namespace sqil
