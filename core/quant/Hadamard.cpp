#include "core/quant/Hadamard.h"

#include <ATen/ATen.h>

#include <cmath>
#include <random>
#include <vector>

namespace sqil {
namespace {

bool isPrime(std::int64_t n) {
    if (n < 2)
        return false;
    for (std::int64_t divisor = 2; divisor * divisor <= n; ++divisor)
        if (n % divisor == 0)
            return false;
    return true;
}

/// Q[i][j] = χ(j − i) over the integers modulo q: 0, 1 for squares, −1 for others.
at::Tensor jacobsthal(std::int64_t q) {
    std::vector<double> character(static_cast<std::size_t>(q), -1.0);
    character[0] = 0;
    for (std::int64_t x = 1; x < q; ++x)
        character[static_cast<std::size_t>(x * x % q)] = 1.0;
    const at::Tensor numbers = at::arange(q, at::kLong);
    const at::Tensor difference = at::remainder(numbers.unsqueeze(0) - numbers.unsqueeze(1), q);
    return at::tensor(character, at::kDouble).index_select(0, difference.flatten()).reshape({q, q});
}

/// Order q + 1 for a prime q ≡ 3 mod 4: 1 + S with S skew.
at::Tensor paleyOne(std::int64_t q) {
    at::Tensor skew = at::zeros({q + 1, q + 1}, at::kDouble);
    skew.slice(0, 1).slice(1, 1).copy_(jacobsthal(q));
    skew.select(0, 0).slice(0, 1).fill_(1);
    skew.select(1, 0).slice(0, 1).fill_(-1);
    return skew + at::eye(q + 1, at::kDouble);
}

/// Order 2(q + 1) for a prime q ≡ 1 mod 4, from a symmetric conference matrix C: C ⊗ [1 1; 1 −1] + 1 ⊗ [1 −1; −1 −1].
at::Tensor paleyTwo(std::int64_t q) {
    at::Tensor conference = at::zeros({q + 1, q + 1}, at::kDouble);
    conference.slice(0, 1).slice(1, 1).copy_(jacobsthal(q));
    conference.select(0, 0).slice(0, 1).fill_(1);
    conference.select(1, 0).slice(0, 1).fill_(1);
    const at::Tensor plus = at::tensor({1.0, 1.0, 1.0, -1.0}, at::kDouble).reshape({2, 2});
    const at::Tensor minus = at::tensor({1.0, -1.0, -1.0, -1.0}, at::kDouble).reshape({2, 2});
    return at::kron(conference, plus) + at::kron(at::eye(q + 1, at::kDouble), minus);
}

enum class Construction { None, One, Double, PaleyOne, PaleyTwo };

Construction constructionOf(std::int64_t n) {
    if (n == 1)
        return Construction::One;
    if (n < 2 || n % 2 != 0 || (n > 2 && n % 4 != 0))
        return Construction::None;
    if (constructionOf(n / 2) != Construction::None)
        return Construction::Double;
    if ((n - 1) % 4 == 3 && isPrime(n - 1))
        return Construction::PaleyOne;
    if ((n / 2 - 1) % 4 == 1 && isPrime(n / 2 - 1))
        return Construction::PaleyTwo;
    return Construction::None;
}

}  // namespace

std::optional<at::Tensor> hadamardMatrix(std::int64_t n) {
    switch (constructionOf(n)) {
        case Construction::None:
            return std::nullopt;
        case Construction::One:
            return at::ones({1, 1}, at::kDouble);
        case Construction::Double:
            return at::kron(at::tensor({1.0, 1.0, 1.0, -1.0}, at::kDouble).reshape({2, 2}), *hadamardMatrix(n / 2));
        case Construction::PaleyOne:
            return paleyOne(n - 1);
        default:
            return paleyTwo(n / 2 - 1);
    }
}

std::int64_t largestHadamardOrder(std::int64_t n) {
    for (std::int64_t parts = 1; parts <= n; ++parts)
        if (n % parts == 0 && constructionOf(n / parts) != Construction::None)
            return n / parts;
    return 1;
}

at::Tensor hadamardRotation(std::int64_t n, bool randomized, std::uint64_t seed) {
    const std::int64_t order = largestHadamardOrder(n);
    const at::Tensor block = *hadamardMatrix(order) / std::sqrt(static_cast<double>(order));
    at::Tensor rotation = at::kron(at::eye(n / order, at::kDouble), block);
    if (randomized) {
        std::mt19937_64 generator(seed);
        at::Tensor signs = at::ones({n, 1}, at::kDouble);
        auto* sign = signs.mutable_data_ptr<double>();
        for (std::int64_t i = 0; i < n; ++i)
            sign[i] = generator() >> 63 ? -1.0 : 1.0;
        rotation = rotation * signs;
    }
    return rotation;
}

}  // namespace sqil
