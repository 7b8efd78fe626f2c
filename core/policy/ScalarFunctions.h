#pragma once
#include <span>
#include <string_view>

#include <ATen/core/ivalue.h>

namespace sqil {

/// Arithmetic on numbers of the graph, with Python's meaning (floor division, sign of the
/// remainder, unbounded comparison of mixed types). Throws std::runtime_error in words.
using ScalarFunction = c10::IValue (*)(std::span<const c10::IValue> arguments);

/// The function of a node's target: "scalar::" add, sub, mul, floordiv, truediv, mod, pow, neg, pos,
/// eq, ne, lt, le, gt, ge, and, or, not, lshift, rshift, min, max, int, float, bool, ite, sqrt,
/// trunc, floor, ceil, sizes (tensor → its sizes), rank, item (list, index), tensor (number → 0-d
/// tensor), list (numbers → list). Null where there is none.
ScalarFunction findScalarFunction(std::string_view target);

}  // namespace sqil
