#pragma once
#include <cstdint>
#include <functional>

namespace sqil {

/// Calls work(thread, item) for every item below `items`, on up to `threads` threads of the OpenMP
/// pool that LibTorch uses too; a free thread takes the next item. `work` must not throw.
void forEachItem(int threads, std::int64_t items, const std::function<void(int thread, std::int64_t item)>& work);

}  // namespace sqil
