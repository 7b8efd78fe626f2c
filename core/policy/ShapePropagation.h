#pragma once
#include <vector>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// Fills in the meta of every tensor value that has none, and the number of every size computed at
/// run time: the graph is run on zeros with two sizes of each symbol, and what changes is written
/// as a linear expression of the symbols. Needs the inputs' shapes (see declareInputs()).
/// Throws FileProblem where the graph cannot be run or a size is no linear expression.
void inferShapes(PolicyGraph& graph);

/// Gives the inputs of a graph from TorchScript the shapes of one step each, and finds by running
/// it on zeros whether any batch goes through: then the batch is the symbol "s0", else 1.
/// Does nothing where the graph knows its inputs' shapes. False where it runs with neither.
bool declareInputs(PolicyGraph& graph, const std::vector<std::vector<std::int64_t>>& steps);

}  // namespace sqil
