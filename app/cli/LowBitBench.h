#pragma once
#include <filesystem>
#include <string>

namespace CLI {
class App;
}

/// The part of `sqil bench` that measures and checks real low-bit execution.
namespace sqil::cli {

void addKernelBench(CLI::App& bench, const std::filesystem::path& scripts);
void addPolicyBench(CLI::App& bench, const std::filesystem::path& scripts, const std::filesystem::path& sample);

/// `sqil bench --verify`: every kernel against its scalar reference; fails where one differs.
void verifyEveryKernel(const std::string& jsonPath);

}  // namespace sqil::cli
