// The only file compiled with OpenMP, hence apart from LibTorch's headers (and their precompiled form).
#include "core/base/ParallelWork.h"

#include <algorithm>
#include <atomic>

namespace sqil {

void forEachItem(int threads, std::int64_t items, const std::function<void(int, std::int64_t)>& work) {
    const int used = static_cast<int>(std::clamp<std::int64_t>(items, 1, std::max(threads, 1)));
    std::atomic<std::int64_t> next{0};
    const auto takeItems = [&](int thread) {
        for (std::int64_t item = next++; item < items; item = next++)
            work(thread, item);
    };
    if (used == 1)
        return takeItems(0);
    std::atomic<int> started{0};
#pragma omp parallel num_threads(used)
    takeItems(started++);
}

}  // namespace sqil
