#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/incremental/Stage.h"
#include "core/base/Result.h"
#include "core/policy/Policy.h"

namespace sqil {

/// How the part of a graph that understands local changes is run for one perturbed image: the
/// stages in order, and the values at which the rest of the graph takes over.
struct LocalPlan {
    /// An unperturbed value that stages read, laid out as the map is.
    struct Base {
        ValueId value = -1;
        int map = -1;
    };
    /// A value whose Δ leaves the local part: to the rest of the graph, or as an output.
    struct Frontier {
        ValueId value = -1;
        int map = -1;
        std::int64_t firstFeature = 0;    ///< of a flattened map in a longer vector
        std::vector<std::int64_t> sizes;  ///< for a batch of 1
    };

    std::vector<DeltaMap> maps;
    std::vector<std::unique_ptr<Stage>> stages;
    std::vector<Base> bases;
    std::vector<Frontier> frontier;
    std::vector<ValueId> standIns;  ///< values of which the rest asks only the shape
    std::vector<ValueId> outputs;   ///< that the action head reads
    bool needsRest = false;         ///< some output is not local
    std::vector<std::string> restNodes;

    std::vector<Chunk> chunks;
    std::vector<int> buffers;  ///< by map; −1: the map is not used
    std::vector<std::size_t> bufferFloats;
    std::size_t scratchFloats = 0;  ///< a thread
};

/// The image that is perturbed, and how.
struct PerturbedImage {
    std::size_t input = 0;  ///< index among the graph's inputs
    std::shared_ptr<const ImagePerturbation> perturbation;
};

/// Plans a policy for images of the given inputs' sizes (batch as the graph takes it). The error says
/// why nothing can be gained: the policy is then run in full for every place.
Result<LocalPlan> planLocally(const Policy& policy, const PerturbedImage& image, std::span<const at::Tensor> inputs,
                              int threads);

}  // namespace sqil
