#pragma once
#include <string_view>

#include "core/base/Result.h"

namespace sqil {

/// Whether openDevice() can open it, for those who do not include LibTorch. The error says what is missing.
Result<void> checkDevice(std::string_view name);

}  // namespace sqil
