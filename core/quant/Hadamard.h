#pragma once
#include <cstdint>
#include <optional>

#include <ATen/core/Tensor.h>

namespace sqil {

/// A Hadamard matrix (±1, rows orthogonal), double, n × n: Sylvester's for powers of two, Paley's constructions I and
/// II over prime fields, and Kronecker products of these with powers of two. None where these do not reach n.
std::optional<at::Tensor> hadamardMatrix(std::int64_t n);

/// The largest order that divides n and has a matrix here; 1 for odd n.
std::int64_t largestHadamardOrder(std::int64_t n);

/// An orthogonal n × n matrix, double: hadamardMatrix(largestHadamardOrder(n)) normalized, repeated along the diagonal.
/// With `randomized` its rows' signs are drawn with `seed` (QuaRot's randomized Hadamard); equal seeds give equal ones.
at::Tensor hadamardRotation(std::int64_t n, bool randomized, std::uint64_t seed);

}  // namespace sqil
