#pragma once
#include "core/policy/PolicyFile.h"
#include "core/policy/ZipArchive.h"

namespace sqil {

/// Reads a TorchScript archive into the same graph form. The file is inspected before LibTorch sees
/// it, and its forward() is followed symbolically: nothing of it is executed. Throws FileProblem.
PolicyFile readTorchScript(const ZipArchive& archive);

}  // namespace sqil
