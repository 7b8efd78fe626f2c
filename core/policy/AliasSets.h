#pragma once
#include <numeric>
#include <vector>

#include "core/policy/PolicyGraph.h"

namespace sqil {

/// Values grouped by shared memory (union-find).
class AliasSets {
public:
    explicit AliasSets(std::size_t values) : parent_(values) { std::iota(parent_.begin(), parent_.end(), 0); }

    ValueId rootOf(ValueId value) const {
        while (parent_[value] != value)
            value = parent_[value];
        return value;
    }
    void join(ValueId one, ValueId other) {
        one = rootOf(one);
        other = rootOf(other);
        // The later value under the earlier one: chains stay as short as views are nested.
        parent_[std::max(one, other)] = std::min(one, other);
    }
    /// Makes every later look-up one step.
    void flatten() {
        for (std::size_t value = 0; value < parent_.size(); ++value)
            parent_[value] = rootOf(static_cast<ValueId>(value));
    }
    bool share(ValueId one, ValueId other) const { return rootOf(one) == rootOf(other); }

private:
    std::vector<ValueId> parent_;
};

}  // namespace sqil
