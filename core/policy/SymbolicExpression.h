#pragma once
#include <string>
#include <string_view>

namespace sqil {

/// The exporter's notation of a symbolic size ("Mul(Integer(2), Symbol('s40', positive=True,
/// integer=True))", SymPy's srepr) as people write it: "2*s40". What is not understood stays as it is.
/// Nothing is evaluated.
std::string readableExpression(std::string_view notation);

}  // namespace sqil
