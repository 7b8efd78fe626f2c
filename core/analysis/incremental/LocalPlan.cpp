#include "core/analysis/incremental/LocalPlan.h"

#include <ATen/ATen.h>

#include <limits>

#include "core/analysis/incremental/LocalGraph.h"

namespace sqil {
namespace {

/// All maps of a chunk that live at the same time; small enough that most stay in the last cache.
constexpr std::size_t chunkBytes = std::size_t{64} << 20;

std::vector<Chunk> chunksOf(std::int64_t rows, std::int64_t columns, std::int64_t rowsAtOnce,
                            std::int64_t columnsAtOnce) {
    std::vector<Chunk> chunks;
    const std::int64_t rowParts = (rows + rowsAtOnce - 1) / rowsAtOnce,
                       columnParts = (columns + columnsAtOnce - 1) / columnsAtOnce;
    for (std::int64_t i = 0; i < rowParts; ++i)
        for (std::int64_t j = 0; j < columnParts; ++j)
            chunks.push_back({{rows * i / rowParts, rows * (i + 1) / rowParts},
                              {columns * j / columnParts, columns * (j + 1) / columnParts}});
    return chunks;
}

/// Gives every map a buffer from its stage to its last reader; a buffer serves many maps in turn.
void assignBuffers(LocalPlan& plan) {
    plan.buffers.assign(plan.maps.size(), -1);
    plan.bufferFloats.clear();
    std::vector<std::size_t> lastUse(plan.maps.size(), 0);
    for (std::size_t i = 0; i < plan.stages.size(); ++i)
        for (const int map : plan.stages[i]->reads())
            lastUse[static_cast<std::size_t>(map)] = i;
    for (const auto& frontier : plan.frontier)
        lastUse[static_cast<std::size_t>(frontier.map)] = std::numeric_limits<std::size_t>::max();
    std::vector<bool> free;
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
        const auto map = static_cast<std::size_t>(plan.stages[i]->writes());
        std::size_t floats = 0;
        for (const Chunk& chunk : plan.chunks)
            floats = std::max(floats, static_cast<std::size_t>(plan.maps[map].floats(chunk)));
        // The free buffer that has to grow least.
        int best = -1;
        for (int b = 0; b < static_cast<int>(free.size()); ++b) {
            const auto distance = [&](int buffer) {
                const std::size_t size = plan.bufferFloats[static_cast<std::size_t>(buffer)];
                return size > floats ? size - floats : floats - size;
            };
            if (free[static_cast<std::size_t>(b)] && (best < 0 || distance(b) < distance(best)))
                best = b;
        }
        if (best < 0) {
            best = static_cast<int>(free.size());
            free.push_back(true);
            plan.bufferFloats.push_back(0);
        }
        free[static_cast<std::size_t>(best)] = false;
        plan.bufferFloats[static_cast<std::size_t>(best)] =
            std::max(plan.bufferFloats[static_cast<std::size_t>(best)], floats);
        plan.buffers[map] = best;
        for (const int read : plan.stages[i]->reads())
            if (lastUse[static_cast<std::size_t>(read)] == i)
                free[static_cast<std::size_t>(plan.buffers[static_cast<std::size_t>(read)])] = true;
    }
}

std::size_t totalBytes(const LocalPlan& plan) {
    std::size_t floats = 0;
    for (const std::size_t buffer : plan.bufferFloats)
        floats += buffer;
    return floats * sizeof(float);
}

void chooseChunks(LocalPlan& plan, std::int64_t rows, std::int64_t columns) {
    std::int64_t rowsAtOnce = rows, columnsAtOnce = columns;
    for (;;) {
        plan.chunks = chunksOf(rows, columns, rowsAtOnce, columnsAtOnce);
        assignBuffers(plan);
        if (totalBytes(plan) <= chunkBytes || (rowsAtOnce == 1 && columnsAtOnce == 1))
            return;
        (rowsAtOnce > 1 ? rowsAtOnce : columnsAtOnce) = ((rowsAtOnce > 1 ? rowsAtOnce : columnsAtOnce) + 1) / 2;
    }
}

}  // namespace

Result<LocalPlan> planLocally(const Policy& policy, const PerturbedImage& image, std::span<const at::Tensor> inputs,
                              int threads) {
    LocalGraph graph(policy, image, deltaKernels(), threads);
    if (auto built = graph.build(inputs); !built)
        return tl::unexpected(built.error());
    auto plan = graph.finish();
    if (!plan)
        return plan;
    chooseChunks(*plan, image.perturbation->places().rows, image.perturbation->places().columns);
    for (const auto& buffer : plan->bufferFloats)
        if (buffer > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
            return fail(ErrorKind::Unsupported, "the values that change at one place are larger than 8 GiB");
    for (const auto& stage : plan->stages) {
        for (const Chunk& chunk : plan->chunks)
            stage->plan(plan->maps, chunk);
        plan->scratchFloats = std::max(plan->scratchFloats, stage->scratchFloats());
    }
    return plan;
}

}  // namespace sqil
