#pragma once
#include <string>
#include <string_view>

#include "core/policy/PickleFollower.h"

namespace sqil {

/// Follows a pickle as TorchScript archives hold it, on a stack of descriptions, without making
/// anything of it, before LibTorch's own unpickler sees it. Only data passes: numbers, strings,
/// lists, tuples, dictionaries, modules of the archive's own code, and tensors whose sizes and strides stay
/// inside the bytes that are stored for them. Every other class or function is refused by name.
/// Throws FileProblem that names `place`.
void checkPickle(std::string_view pickle, const std::string& place, const StorageSize& storedBytes);

}  // namespace sqil
