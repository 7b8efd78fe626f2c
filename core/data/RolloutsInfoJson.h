#pragma once
#include <string>
#include <string_view>

#include "core/base/Result.h"
#include "core/data/Rollouts.h"

namespace sqil {

/// A listing as text, and back: to hand it from one process to another, or to keep it. What is not text in UTF-8
/// (attributes of a file can be anything) has its wrong bytes replaced.
std::string toJson(const RolloutsInfo& info);
/// Error: no listing of this version.
Result<RolloutsInfo> parseRolloutsInfo(std::string_view json);

}  // namespace sqil
