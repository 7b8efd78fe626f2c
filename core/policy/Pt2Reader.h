#pragma once
#include <string>

#include "core/policy/PolicyFile.h"
#include "core/policy/ZipArchive.h"

namespace sqil {

/// True for an archive that torch.export wrote, of any version.
bool isPt2(const ZipArchive& archive);

/// Reads a torch.export archive: JSON graph, raw weights. Throws FileProblem.
PolicyFile readPt2(const ZipArchive& archive);

}  // namespace sqil
