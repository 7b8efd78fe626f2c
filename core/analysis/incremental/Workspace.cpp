#include "core/analysis/incremental/Workspace.h"

#include <cstring>
#include <new>

namespace sqil {

AlignedFloats::AlignedFloats(std::size_t count) {
    constexpr std::size_t line = 64;
    const std::size_t bytes = (count * sizeof(float) + line - 1) / line * line + line;
    data_.reset(static_cast<float*>(std::aligned_alloc(line, bytes)));
    if (!data_)
        throw std::bad_alloc();
    std::memset(data_.get(), 0, bytes);
}

std::unique_ptr<Workspace> WorkspacePool::take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty())
        return nullptr;
    auto workspace = std::move(free_.back());
    free_.pop_back();
    return workspace;
}

void WorkspacePool::giveBack(std::unique_ptr<Workspace> workspace) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(workspace));
}

}  // namespace sqil
