#pragma once
#include <vector>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// Fills in the meta of every tensor value that has none, and the number of every size computed at
/// run time: the graph is run on zeros with two sizes of each symbol, and what changes is written
/// as a linear expression of the symbols. Needs the inputs' shapes (see declareInputs()).
/// Throws FileProblem where the graph cannot be run or a size is no linear expression.
void inferShapes(PolicyGraph& graph);

/// One recorded step as an input of the policy.
struct StepShape {
    std::vector<std::int64_t> sizes;  ///< without the batch; none for a scalar
    bool wholeNumbers = false;        ///< recorded as integers: a command, perhaps an index
};

/// Gives the inputs of a graph from TorchScript the shapes of one step each, and finds by running
/// it on zeros whether any batch goes through: then the batch is the symbol "s0", else 1. Where it does not run on
/// floats and N scalars, whole numbers are tried as int64, and scalars as N×1.
/// Does nothing where the graph knows its inputs' shapes. False where nothing runs.
bool declareInputs(PolicyGraph& graph, std::vector<StepShape> steps);

}  // namespace sqil
