#pragma once
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

namespace sqil {

/// Floats aligned to a cache line (and to the widest vectors), zero at first.
class AlignedFloats {
public:
    AlignedFloats() = default;
    explicit AlignedFloats(std::size_t count);
    float* data() const { return data_.get(); }

private:
    struct Free {
        void operator()(float* data) const { std::free(data); }
    };
    std::unique_ptr<float[], Free> data_;
};

/// Memory of one frame's run. Kept between frames: asking the system for fresh pages would cost
/// more than the arithmetic.
struct Workspace {
    std::vector<AlignedFloats> buffers, scratch, bases;
};

/// Workspaces that are not in use; as many exist as frames were ever run at the same time.
class WorkspacePool {
public:
    std::unique_ptr<Workspace> take();
    void giveBack(std::unique_ptr<Workspace> workspace);

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<Workspace>> free_;
};

}  // namespace sqil
