#pragma once
#include <string>
#include <string_view>

namespace sqil {

/// Looks at one file of a TorchScript archive's code before LibTorch parses it: refuses the methods that
/// loading would run, and nesting so deep that a recursive parser would overflow its stack.
/// Throws FileProblem that names `place`.
void checkScriptCode(std::string_view code, const std::string& place);

}  // namespace sqil
