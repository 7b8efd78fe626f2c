#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "core/data/Rollouts.h"

namespace sqil {

/// Blocks of steps by (episode, key, chunk number), bounded in bytes; the least recently used leave
/// first. Any thread; who asks for a block that another thread is reading waits for that one.
class ChunkCache {
public:
    using Key = std::tuple<std::size_t, std::string, std::int64_t>;
    using Block = std::shared_ptr<const StepBlock>;
    using Load = std::function<Result<StepBlock>()>;

    explicit ChunkCache(std::size_t capacityBytes) : capacity_(capacityBytes) {}

    /// The cached block, or what `load` gives (called without the cache's lock). Errors are not kept.
    Result<Block> get(const Key& key, const Load& load);

    std::size_t bytes() const;

private:
    struct Entry {
        Key key;
        Block block;
    };
    struct Pending;

    void keep(const Key& key, const Block& block);

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::size_t bytes_ = 0;
    std::list<Entry> recent_;  ///< most recently used first
    std::map<Key, std::list<Entry>::iterator> entries_;
    std::map<Key, std::shared_ptr<Pending>> pending_;
};

}  // namespace sqil
