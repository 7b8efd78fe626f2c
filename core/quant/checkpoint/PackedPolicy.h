#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "core/policy/PolicyFile.h"

namespace sqil {

/// The graph of a quantized policy with its weights as integers: int8, or uint8 with two values of up to 4 bits (the
/// even one in the low nibble), and float scales and zero points beside; ATen operators at the beginning of the graph
/// make the same weights of them, w = γ·(w_q − z), so that torch.export.load() computes what the fake-quantized policy
/// does. The recipe moves to kPackedRecipeFile: the weights' layers are no more weights that could be quantized. Notes:
/// which layers stay as floats, and why. Error: the policy is not quantized.
struct PackedPolicy {
    PolicyFile file;
    std::vector<std::string> notes;
};
inline constexpr const char* kPackedRecipeFile = "sqil_packed_recipe.json";
Result<PackedPolicy> packPolicy(PolicyFile quantized);

/// The same from file to file; the notes.
Result<std::vector<std::string>> exportPackedPolicy(const std::filesystem::path& policy,
                                                    const std::filesystem::path& out);

}  // namespace sqil
