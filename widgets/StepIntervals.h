#pragma once
#include <QtGlobal>
#include <vector>

namespace sqil {

/// Steps [first, last].
struct StepInterval {
    qint64 first = 0, last = 0;
    bool operator==(const StepInterval&) const = default;
};

/// The intervals of steps for which `holds` is true: sorted, not overlapping, none next to another.
template<class Predicate>
std::vector<StepInterval> intervalsWhere(qint64 steps, Predicate holds) {
    std::vector<StepInterval> result;
    for (qint64 step = 0; step < steps; ++step) {
        if (!holds(step))
            continue;
        if (!result.empty() && result.back().last == step - 1)
            result.back().last = step;
        else
            result.push_back({step, step});
    }
    return result;
}

}  // namespace sqil
