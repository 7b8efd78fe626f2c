#include "core/data/ChunkCache.h"

#include <exception>
#include <optional>
#include <utility>

namespace sqil {

/// A block that one thread is reading and others may wait for.
struct ChunkCache::Pending {
    std::optional<Result<Block>> outcome;
    std::condition_variable ready;
};

Result<ChunkCache::Block> ChunkCache::get(const Key& key, const Load& load) {
    std::unique_lock lock(mutex_);
    if (const auto found = entries_.find(key); found != entries_.end()) {
        recent_.splice(recent_.begin(), recent_, found->second);
        return found->second->block;
    }
    if (const auto other = pending_.find(key); other != pending_.end()) {
        const std::shared_ptr<Pending> pending = other->second;
        pending->ready.wait(lock, [&] { return pending->outcome.has_value(); });
        return *pending->outcome;
    }
    const auto pending = std::make_shared<Pending>();
    pending_.emplace(key, pending);
    lock.unlock();

    Result<Block> outcome = [&]() -> Result<Block> {
        try {
            return load().map([](StepBlock block) { return Block(std::make_shared<StepBlock>(std::move(block))); });
        } catch (const std::exception& exception) {
            // Out of memory, or a reader's own: those who wait must hear of it too.
            return fail(ErrorKind::Io, std::get<1>(key) + ": reading failed: " + exception.what());
        }
    }();

    lock.lock();
    pending_.erase(key);
    if (outcome)
        keep(key, *outcome);
    pending->outcome = outcome;
    pending->ready.notify_all();
    return outcome;
}

std::size_t ChunkCache::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

void ChunkCache::keep(const Key& key, const Block& block) {
    if (block->bytes.size() > capacity_)
        return;
    while (bytes_ + block->bytes.size() > capacity_) {
        bytes_ -= recent_.back().block->bytes.size();
        entries_.erase(recent_.back().key);
        recent_.pop_back();
    }
    recent_.push_front({key, block});
    entries_[key] = recent_.begin();
    bytes_ += block->bytes.size();
}

}  // namespace sqil
