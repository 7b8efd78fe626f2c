#pragma once
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "core/base/Progress.h"
#include "core/base/Result.h"

namespace sqil {

/// What `sqil bench rollouts` measures.
struct RolloutBenchOptions {
    std::filesystem::path policy;
    std::string environment = "gym/HalfCheetah-v5";
    std::filesystem::path scripts;  ///< folder of rollouts_reference.py
    std::filesystem::path worker;   ///< sqil_worker.py, which makes the environment for both sides
    std::filesystem::path python;   ///< with PyTorch and the simulator
    int cores = 2;                  ///< worker processes here; threads of PyTorch, or loops, there
    int slots = 0;                  ///< environments a worker; 0: the program's own choice
    std::int64_t steps = 1000;      ///< of an episode
    double seconds = 60;            ///< of measuring; at least three rounds
};

/// Steps a second in closed loop, in turns: this program, and plain Python loops with the same policy in PyTorch
/// (torch.export's module, without gradients) over environments made by the same code: one loop whose PyTorch has all
/// the cores, and one loop a core side by side. {"machine": …, "ways": {"this_program": {"median_steps_per_second", …},
/// "plain_loop", "loop_a_core"}, "ratios": {"over_plain_loop": …, "over_loop_a_core": …}}
Result<nlohmann::json> benchRollouts(const RolloutBenchOptions& options, const Progress& progress = {});

}  // namespace sqil
