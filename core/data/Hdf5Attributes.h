#pragma once
#include <map>
#include <optional>
#include <string>

#include "core/data/Hdf5.h"

namespace sqil::hdf5 {

/// All attributes of an object as text: strings as they are, numbers in their shortest decimal
/// form, short lists as [1, 2, 3]. What is longer than `longest` characters, or of another kind,
/// appears as a description of its size in angle brackets.
std::map<std::string, std::string> attributesOf(hid_t object, std::size_t longest);

/// "1", "true", "1.0", "True" and the like; none where the text is neither true nor false.
std::optional<bool> truthOf(const std::string& text);

}  // namespace sqil::hdf5
