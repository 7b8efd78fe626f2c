#pragma once
#include <memory>
#include <span>
#include <vector>

#include "core/base/Result.h"

namespace sqil {

/// Processes of one machine that train together, each on its part of every batch. Rank 0 leads: it has a socket to each
/// of the others. One thread a process.
///
/// PyTorch's own way (c10d with Gloo) cannot be used from its wheel: libtorch_cpu.so exports ProcessGroupGloo, but the
/// headers of Gloo that its class is made of are not there.
class Ranks {
public:
    static constexpr int kMost = 64;

    /// Forks count − 1 processes that go on from here as the other ranks. To be called before this process has threads:
    /// before anything of LibTorch has run. The others end with the leader, and do not see its Ctrl+C.
    static Result<std::unique_ptr<Ranks>> fork(int count);
    /// The leader ends the others.
    ~Ranks();
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    int rank() const { return rank_; }
    int count() const { return count_; }
    bool leads() const { return rank_ == 0; }

    /// Replaces the values by their sum over all ranks, added in the order of the ranks: the same bits everywhere.
    /// As many values in every rank. Error where another process has ended.
    Result<void> sum(std::span<float> values) const;
    /// The leader's answer, in every rank. A follower waits for it.
    Result<bool> leadersAnswer(bool answer) const;

private:
    Ranks(int rank, int count) : rank_(rank), count_(count) {}
    int rank_, count_;
    std::vector<int> sockets_;    ///< the leader's: of ranks 1, 2, …; a follower's: one, to the leader
    std::vector<int> processes_;  ///< the leader's
};

}  // namespace sqil
