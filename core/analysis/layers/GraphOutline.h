#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

/// One operator of a policy's graph, or one of its inputs.
struct OutlineNode {
    std::string name;                      ///< "conv2d_1"; of an input: its own
    std::string target;                    ///< "aten::conv2d"; empty for an input of the policy
    std::string module;                    ///< dotted path ("encoder.conv1"); empty: the policy itself
    std::string layer;                     ///< of a layer that can be quantized: its name, as in LayerSensitivity
    std::vector<std::string> outputShape;  ///< "96", or a symbol such as "s0" where it is dynamic; empty: not known
    std::int64_t parameters = 0;           ///< elements of the parameters that it reads
    std::vector<std::size_t> inputs;       ///< nodes whose results it reads, ascending, each once
    bool isOutput = false;                 ///< gives one of the policy's outputs
};

/// A policy's graph for looking at: operators in an order in which they can run, inputs first. Operators that only
/// prepare weights (transposes of a parameter) are left out. No LibTorch in this header.
struct GraphOutline {
    std::vector<OutlineNode> nodes;
};

Result<GraphOutline> outlinePolicy(const std::filesystem::path& path);

}  // namespace sqil
