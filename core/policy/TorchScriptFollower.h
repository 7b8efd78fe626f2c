#pragma once
#include <string>

#include "core/policy/PolicyGraph.h"

namespace torch::jit {
struct Module;
}  // namespace torch::jit

namespace sqil {

/// Follows forward() of a module in eval mode symbolically, into the methods and functions that it calls,
/// and writes down the calls of ATen operators that it makes: attributes become bindings or constants, arithmetic on
/// constants is done on the way, branches on constants (self.training) are decided, and a branch that only raises is
/// taken to be the one not taken. What depends on a tensor's values is Unsupported, by name. Nothing is executed.
/// Throws FileProblem.
PolicyGraph followTorchScript(const std::string& file, const torch::jit::Module& module);

}  // namespace sqil
