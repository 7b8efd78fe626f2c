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

/// Reads a torch.export archive (.pt2: JSON graph and raw weights; the archive's pickled sample
/// inputs are never touched) or a TorchScript archive (.pt: inlined and frozen; only calls of ATen
/// operators survive, anything else is an error that names it). Nothing in the file is executed.
Result<PolicyFile> readPolicyFile(const std::filesystem::path& path);

/// Writes a .pt2 archive that torch.export.load() of the pinned PyTorch opens. Atomic.
Result<void> writePolicyFile(const std::filesystem::path& path, const PolicyFile& file);

}  // namespace sqil
