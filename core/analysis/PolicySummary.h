#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

struct TensorSummary {
    std::string name;
    std::string type;                ///< "float32"
    std::vector<std::string> shape;  ///< "96", or a symbol such as "batch" where it is dynamic
};

struct LayerSummary {
    std::string name;
    std::string target;  ///< "aten::conv2d"
    std::vector<std::int64_t> weightShape;
    std::int64_t parameters = 0;
    bool isFirst = false, isLast = false;
};

/// What a policy file is, without LibTorch in the header: for listings and trees.
struct PolicySummary {
    std::string format;  ///< "torch.export archive", "TorchScript archive", "Stable-Baselines3 agent"
    std::int64_t parameters = 0;
    std::int64_t operators = 0;
    bool dynamicBatch = false;
    std::vector<TensorSummary> inputs, outputs;
    std::vector<LayerSummary> layers;  ///< those that can be quantized
    std::string cardJson;              ///< empty where there is none beside or in the file
    std::string quantizationJson;      ///< empty for a full-precision policy
};

Result<PolicySummary> summarizePolicy(const std::filesystem::path& path);

}  // namespace sqil
