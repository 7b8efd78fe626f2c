#pragma once
#include <map>
#include <string>

#include "core/policy/JsonText.h"
#include "core/policy/PolicyGraph.h"
#include "core/policy/Pt2Weights.h"

namespace sqil {

/// The archive's two tables of tensors: state dict, and constants with non-persistent buffers.
struct Pt2Tensors {
    std::map<std::string, StoredTensor> weights;
    std::map<std::string, StoredTensor> constants;
};

/// Builds the graph from the archive's JSON ("ExportedProgram" of the schema). In-place operators
/// are replaced where that is safe. Throws FileProblem.
PolicyGraph readPt2Graph(const JsonView& program, const Pt2Tensors& tensors);

}  // namespace sqil
