#pragma once
#include <map>
#include <string>

#include "core/policy/JsonText.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {

/// The schema's "ExportedProgram" of a graph: the content of models/model.json.
/// Throws FileProblem where the schema cannot say what the graph does.
Json pt2GraphJson(PolicyGraph graph);

/// The schema's TensorMeta of a stored tensor, with the given layout.
Json pt2TensorMeta(at::ScalarType type, at::IntArrayRef sizes, at::IntArrayRef strides, std::int64_t offset,
                   bool trainable);

}  // namespace sqil
