#pragma once
#include <functional>
#include <string_view>

namespace sqil {

/// Called now and then by anything that takes over a second: `done` of `total` units of the
/// named stage are finished (`total` 0: not known). Returns false to ask for a stop, which
/// the callee answers with ErrorKind::Cancelled. Called on the callee's thread.
using Progress = std::function<bool(std::string_view stage, long long done, long long total)>;

/// True when the work should go on; an empty Progress never stops it.
inline bool report(const Progress& progress, std::string_view stage, long long done, long long total) {
    return !progress || progress(stage, done, total);
}

}  // namespace sqil
