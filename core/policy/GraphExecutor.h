#pragma once
#include <memory>
#include <span>
#include <vector>

#include "core/base/Result.h"
#include "core/policy/PolicyGraph.h"

namespace sqil {

/// Runs a PolicyGraph node by node through the ATen dispatcher: on the device of its tensors,
/// recording for autograd where gradients are on. A value is freed after its last use.
/// Immutable after creation; run() may be called from several threads.
class GraphExecutor {
public:
    /// Resolves every operator and lays out its arguments once. Fails with the node and operator
    /// that the dispatcher does not know or whose arguments do not fit the schema.
    /// Bindings' tensors are taken as they are now.
    static Result<GraphExecutor> create(const PolicyGraph& graph);

    GraphExecutor(GraphExecutor&&) noexcept;
    GraphExecutor& operator=(GraphExecutor&&) noexcept;
    ~GraphExecutor();

    /// One tensor an input, in order. An operator's failure names the node, its module and the
    /// shapes of its inputs. Never moves inputs between devices.
    Result<std::vector<at::Tensor>> run(std::span<const at::Tensor> inputs) const;

    /// Runs only what `wanted` values need, given `known` values (inputs or intermediate ones):
    /// calibration observes, and incremental analysis resumes in the middle, through this.
    Result<std::vector<at::Tensor>> evaluate(std::span<const std::pair<ValueId, at::Tensor>> known,
                                             std::span<const ValueId> wanted) const;

private:
    struct Program;
    explicit GraphExecutor(std::unique_ptr<const Program> program);
    std::unique_ptr<const Program> program_;
};

}  // namespace sqil
