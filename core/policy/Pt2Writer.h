#pragma once
#include <filesystem>

#include "core/policy/PolicyFile.h"

namespace sqil {

/// Writes an archive that torch.export.load() opens. Shapes of values that nobody recorded (nodes
/// added since, graphs from TorchScript) are found by running the graph. Throws FileProblem.
void writePt2(const std::filesystem::path& path, const PolicyFile& file);

}  // namespace sqil
