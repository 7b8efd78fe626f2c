#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "core/base/Result.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {

/// A policy file's contents: the graph, and the text files stored beside it in the archive
/// ("policy.card.json", "sqil_quantization.json"; torch.export calls them extra files).
struct PolicyFile {
    PolicyGraph graph;
    std::map<std::string, std::string> extraFiles;
};

/// Reads a torch.export archive (.pt2: JSON graph, raw weights; its pickled sample inputs are never touched),
/// TorchScript
/// (.pt: inlined and frozen; calls of anything but ATen operators are an error that names it) or a Stable-Baselines3
/// agent (.zip: its actor). Nothing in the file is executed.
Result<PolicyFile> readPolicyFile(const std::filesystem::path& path);

/// Writes a .pt2 archive that torch.export.load() of the pinned PyTorch opens. Atomic.
Result<void> writePolicyFile(const std::filesystem::path& path, const PolicyFile& file);

}  // namespace sqil
