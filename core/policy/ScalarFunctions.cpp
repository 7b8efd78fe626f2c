#include "core/policy/ScalarFunctions.h"

#include <ATen/ScalarOps.h>
#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/scalar_tensor.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace sqil {
namespace {

using c10::IValue;
using Arguments = std::span<const IValue>;

[[noreturn]] void complain(const char* problem) {
    throw std::runtime_error(problem);
}

const IValue& at(Arguments arguments, std::size_t i) {
    if (i >= arguments.size())
        complain("too few arguments");
    return arguments[i];
}

bool isWhole(const IValue& value) {
    return value.isInt() || value.isBool();
}

std::int64_t whole(const IValue& value) {
    if (value.isInt())
        return value.toInt();
    if (value.isBool())
        return value.toBool() ? 1 : 0;
    if (value.isTensor() && value.toTensor().numel() == 1)
        return value.toTensor().item<std::int64_t>();
    complain("expected an integer");
}

double real(const IValue& value) {
    if (value.isDouble())
        return value.toDouble();
    if (value.isTensor() && value.toTensor().numel() == 1)
        return value.toTensor().item<double>();
    return static_cast<double>(whole(value));
}

bool truth(const IValue& value) {
    return isWhole(value) ? whole(value) != 0 : real(value) != 0;
}

bool wholeBoth(Arguments arguments) {
    return isWhole(at(arguments, 0)) && isWhole(at(arguments, 1));
}

std::int64_t checked(bool overflowed, std::int64_t value) {
    if (overflowed)
        complain("the size is too large for 64 bits");
    return value;
}

IValue add(Arguments a) {
    if (!wholeBoth(a))
        return real(at(a, 0)) + real(at(a, 1));
    std::int64_t sum = 0;
    const bool overflowed = __builtin_add_overflow(whole(a[0]), whole(a[1]), &sum);
    return checked(overflowed, sum);
}

IValue sub(Arguments a) {
    if (!wholeBoth(a))
        return real(at(a, 0)) - real(at(a, 1));
    std::int64_t difference = 0;
    const bool overflowed = __builtin_sub_overflow(whole(a[0]), whole(a[1]), &difference);
    return checked(overflowed, difference);
}

IValue mul(Arguments a) {
    if (!wholeBoth(a))
        return real(at(a, 0)) * real(at(a, 1));
    std::int64_t product = 0;
    const bool overflowed = __builtin_mul_overflow(whole(a[0]), whole(a[1]), &product);
    return checked(overflowed, product);
}

std::int64_t floorQuotient(std::int64_t dividend, std::int64_t divisor) {
    if (divisor == 0)
        complain("division of a size by zero");
    if (divisor == -1)
        return checked(dividend == INT64_MIN, dividend == INT64_MIN ? 0 : -dividend);
    const std::int64_t quotient = dividend / divisor;
    return quotient - (dividend % divisor != 0 && (dividend < 0) != (divisor < 0));
}

IValue floordiv(Arguments a) {
    if (wholeBoth(a))
        return floorQuotient(whole(a[0]), whole(a[1]));
    return std::floor(real(at(a, 0)) / real(at(a, 1)));
}

IValue truediv(Arguments a) {
    const double divisor = real(at(a, 1));
    if (divisor == 0)
        complain("division by zero");
    return real(a[0]) / divisor;
}

IValue mod(Arguments a) {
    if (wholeBoth(a)) {
        const std::int64_t dividend = whole(a[0]), divisor = whole(a[1]);
        return divisor == -1 ? 0 : dividend - floorQuotient(dividend, divisor) * divisor;
    }
    const double dividend = real(at(a, 0)), divisor = real(at(a, 1));
    return dividend - std::floor(dividend / divisor) * divisor;
}

IValue pow(Arguments a) {
    if (!wholeBoth(a) || whole(a[1]) < 0)
        return std::pow(real(at(a, 0)), real(at(a, 1)));
    std::int64_t power = 1;
    const std::int64_t base = whole(a[0]), exponent = whole(a[1]);
    if (base == 0 || base == 1)
        return exponent == 0 ? std::int64_t{1} : base;
    if (base == -1)
        return exponent % 2 == 0 ? std::int64_t{1} : std::int64_t{-1};
    for (std::int64_t i = 0; i < exponent; ++i) {
        const bool overflowed = __builtin_mul_overflow(power, base, &power);
        checked(overflowed, power);
    }
    return power;
}

IValue neg(Arguments a) {
    if (!isWhole(at(a, 0)))
        return -real(a[0]);
    return checked(whole(a[0]) == INT64_MIN, whole(a[0]) == INT64_MIN ? 0 : -whole(a[0]));
}

IValue pos(Arguments a) {
    return at(a, 0);
}

/// −1, 0 or 1; unordered numbers compare as 2.
int compare(Arguments a) {
    if (wholeBoth(a)) {
        const std::int64_t one = whole(a[0]), other = whole(a[1]);
        return (one > other) - (one < other);
    }
    const double one = real(at(a, 0)), other = real(at(a, 1));
    return std::isnan(one) || std::isnan(other) ? 2 : (one > other) - (one < other);
}

IValue eq(Arguments a) {
    return compare(a) == 0;
}
IValue ne(Arguments a) {
    return compare(a) != 0;
}
IValue lt(Arguments a) {
    return compare(a) == -1;
}
IValue le(Arguments a) {
    return compare(a) == -1 || compare(a) == 0;
}
IValue gt(Arguments a) {
    return compare(a) == 1;
}
IValue ge(Arguments a) {
    return compare(a) == 1 || compare(a) == 0;
}

bool booleans(Arguments a) {
    return at(a, 0).isBool() && at(a, 1).isBool();
}
IValue andFunction(Arguments a) {
    return booleans(a) ? IValue(truth(a[0]) && truth(a[1])) : IValue(whole(at(a, 0)) & whole(at(a, 1)));
}
IValue orFunction(Arguments a) {
    return booleans(a) ? IValue(truth(a[0]) || truth(a[1])) : IValue(whole(at(a, 0)) | whole(at(a, 1)));
}
IValue notFunction(Arguments a) {
    return !truth(at(a, 0));
}

std::int64_t shiftBy(const IValue& value) {
    const std::int64_t bits = whole(value);
    if (bits < 0 || bits > 62)
        complain("a shift by fewer than 0 or more than 62 bits");
    return bits;
}
IValue lshift(Arguments a) {
    const std::int64_t bits = shiftBy(at(a, 1));
    std::int64_t shifted = 0;
    const bool overflowed = __builtin_mul_overflow(whole(a[0]), std::int64_t{1} << bits, &shifted);
    return checked(overflowed, shifted);
}
IValue rshift(Arguments a) {
    return whole(at(a, 0)) >> shiftBy(at(a, 1));
}

IValue minFunction(Arguments a) {
    return compare(a) <= 0 ? a[0] : a[1];
}
IValue maxFunction(Arguments a) {
    return compare(a) >= 0 && compare(a) != 2 ? a[0] : a[1];
}

IValue toWhole(double value) {
    if (!(std::abs(value) < 9.2e18))
        complain("not a number that an integer can hold");
    return static_cast<std::int64_t>(value);
}
IValue truncate(Arguments a) {
    return isWhole(at(a, 0)) ? IValue(whole(a[0])) : toWhole(std::trunc(real(a[0])));
}
IValue floorFunction(Arguments a) {
    return isWhole(at(a, 0)) ? IValue(whole(a[0])) : toWhole(std::floor(real(a[0])));
}
IValue ceilFunction(Arguments a) {
    return isWhole(at(a, 0)) ? IValue(whole(a[0])) : toWhole(std::ceil(real(a[0])));
}
IValue floatFunction(Arguments a) {
    return real(at(a, 0));
}
IValue boolFunction(Arguments a) {
    return truth(at(a, 0));
}
IValue sqrtFunction(Arguments a) {
    return std::sqrt(real(at(a, 0)));
}
IValue ite(Arguments a) {
    return truth(at(a, 0)) ? at(a, 1) : at(a, 2);
}

const at::Tensor& tensorOf(const IValue& value) {
    if (!value.isTensor() || !value.toTensor().defined())
        complain("expected a tensor");
    return value.toTensor();
}

IValue sizes(Arguments a) {
    c10::List<std::int64_t> list;
    for (const std::int64_t size : tensorOf(at(a, 0)).sizes())
        list.push_back(size);
    return list;
}
IValue rank(Arguments a) {
    return tensorOf(at(a, 0)).dim();
}

IValue item(Arguments a) {
    if (!at(a, 0).isIntList())
        complain("expected a list of sizes");
    const auto list = a[0].toIntList();
    const auto count = static_cast<std::int64_t>(list.size());
    std::int64_t index = whole(at(a, 1));
    if (index < 0)
        index += count;
    if (index < 0 || index >= count)
        complain("there is no such dimension");
    return list.get(static_cast<std::size_t>(index));
}

IValue tensor(Arguments a) {
    const IValue& number = at(a, 0);
    return number.isTensor() ? number : IValue(c10::scalar_to_tensor(number.toScalar()));
}

IValue list(Arguments a) {
    c10::List<std::int64_t> numbers;
    for (const IValue& number : a)
        numbers.push_back(whole(number));
    return numbers;
}

constexpr std::array<std::pair<std::string_view, ScalarFunction>, 34> functions{{
    {"add", add},
    {"sub", sub},
    {"mul", mul},
    {"floordiv", floordiv},
    {"truediv", truediv},
    {"mod", mod},
    {"pow", pow},
    {"neg", neg},
    {"pos", pos},
    {"eq", eq},
    {"ne", ne},
    {"lt", lt},
    {"le", le},
    {"gt", gt},
    {"ge", ge},
    {"and", andFunction},
    {"or", orFunction},
    {"not", notFunction},
    {"lshift", lshift},
    {"rshift", rshift},
    {"min", minFunction},
    {"max", maxFunction},
    {"int", truncate},
    {"float", floatFunction},
    {"bool", boolFunction},
    {"ite", ite},
    {"sqrt", sqrtFunction},
    {"trunc", truncate},
    {"floor", floorFunction},
    {"ceil", ceilFunction},
    {"sizes", sizes},
    {"rank", rank},
    {"item", item},
    {"tensor", tensor},
}};

}  // namespace

ScalarFunction findScalarFunction(std::string_view target) {
    constexpr std::string_view prefix = "scalar::";
    if (!target.starts_with(prefix))
        return nullptr;
    target.remove_prefix(prefix.size());
    if (target == "list")
        return list;
    for (const auto& [name, function] : functions)
        if (name == target)
            return function;
    return nullptr;
}

}  // namespace sqil
