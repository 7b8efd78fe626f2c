#include "core/policy/Pt2Schema.h"

#include <array>
#include <utility>

namespace sqil {
namespace {

template<class T>
using Numbers = std::pair<std::int64_t, T>;

constexpr std::array<Numbers<at::ScalarType>, 18> scalarTypes{{
    {1, at::kByte},
    {2, at::kChar},
    {3, at::kShort},
    {4, at::kInt},
    {5, at::kLong},
    {6, at::kHalf},
    {7, at::kFloat},
    {8, at::kDouble},
    {9, at::kComplexHalf},
    {10, at::kComplexFloat},
    {11, at::kComplexDouble},
    {12, at::kBool},
    {13, at::kBFloat16},
    {28, at::kUInt16},
    {29, at::kFloat8_e4m3fn},
    {30, at::kFloat8_e5m2},
    {31, at::kFloat8_e4m3fnuz},
    {32, at::kFloat8_e5m2fnuz},
}};

constexpr std::array<Numbers<at::Layout>, 7> layouts{{
    {1, at::kSparse},
    {2, at::kSparseCsr},
    {3, at::kSparseCsc},
    {4, at::kSparseBsr},
    {5, at::kSparseBsc},
    {6, at::kMkldnn},
    {7, at::kStrided},
}};

constexpr std::array<Numbers<at::MemoryFormat>, 4> memoryFormats{{
    {1, at::MemoryFormat::Contiguous},
    {2, at::MemoryFormat::ChannelsLast},
    {3, at::MemoryFormat::ChannelsLast3d},
    {4, at::MemoryFormat::Preserve},
}};

/// Python functions on sizes that an exported graph may call, and the executor's names of them.
constexpr std::array<std::pair<const char*, const char*>, 30> scalarTargets{{
    {"_operator.add", "scalar::add"},         {"_operator.sub", "scalar::sub"},
    {"_operator.mul", "scalar::mul"},         {"_operator.floordiv", "scalar::floordiv"},
    {"_operator.truediv", "scalar::truediv"}, {"_operator.mod", "scalar::mod"},
    {"_operator.pow", "scalar::pow"},         {"_operator.neg", "scalar::neg"},
    {"_operator.pos", "scalar::pos"},         {"_operator.eq", "scalar::eq"},
    {"_operator.ne", "scalar::ne"},           {"_operator.lt", "scalar::lt"},
    {"_operator.le", "scalar::le"},           {"_operator.gt", "scalar::gt"},
    {"_operator.ge", "scalar::ge"},           {"_operator.and_", "scalar::and"},
    {"_operator.or_", "scalar::or"},          {"_operator.lshift", "scalar::lshift"},
    {"_operator.rshift", "scalar::rshift"},   {"torch.sym_not", "scalar::not"},
    {"torch.sym_int", "scalar::int"},         {"torch.sym_float", "scalar::float"},
    {"torch.sym_ite", "scalar::ite"},         {"torch.sym_max", "scalar::max"},
    {"torch.sym_min", "scalar::min"},         {"torch.sym_sqrt", "scalar::sqrt"},
    {"torch._sym_sqrt", "scalar::sqrt"},      {"math.trunc", "scalar::trunc"},
    {"math.floor", "scalar::floor"},          {"math.ceil", "scalar::ceil"},
}};

template<class Table>
auto secondOf(const Table& table, std::int64_t number) {
    using T = decltype(table.front().second);
    for (const auto& [known, value] : table)
        if (known == number)
            return std::optional<std::remove_const_t<T>>(value);
    return std::optional<std::remove_const_t<T>>();
}

template<class Table, class T>
std::optional<std::int64_t> firstOf(const Table& table, T value) {
    for (const auto& [number, known] : table)
        if (known == value)
            return number;
    return std::nullopt;
}

}  // namespace

std::optional<at::ScalarType> scalarTypeFromPt2(std::int64_t number) {
    return secondOf(scalarTypes, number);
}
std::optional<std::int64_t> scalarTypeToPt2(at::ScalarType type) {
    return firstOf(scalarTypes, type);
}
std::optional<at::Layout> layoutFromPt2(std::int64_t number) {
    return secondOf(layouts, number);
}
std::optional<std::int64_t> layoutToPt2(at::Layout layout) {
    return firstOf(layouts, layout);
}
std::optional<at::MemoryFormat> memoryFormatFromPt2(std::int64_t number) {
    return secondOf(memoryFormats, number);
}
std::optional<std::int64_t> memoryFormatToPt2(at::MemoryFormat format) {
    return firstOf(memoryFormats, format);
}

std::optional<std::string> targetFromPt2(const std::string& target) {
    for (const auto& [python, ours] : scalarTargets)
        if (target == python)
            return ours;
    constexpr std::string_view prefix = "torch.ops.";
    if (!target.starts_with(prefix))
        return std::nullopt;
    const std::size_t library = target.find('.', prefix.size());
    const std::size_t overload = library == std::string::npos ? library : target.find('.', library + 1);
    if (overload == std::string::npos)
        return std::nullopt;
    std::string name = target.substr(prefix.size(), library - prefix.size()) +
                       "::" + target.substr(library + 1, overload - library - 1);
    const std::string variant = target.substr(overload + 1);
    return variant == "default" ? name : name + "." + variant;
}

std::optional<std::string> targetToPt2(const std::string& target) {
    for (const auto& [python, ours] : scalarTargets)
        if (target == ours)
            return python;
    const std::size_t colons = target.find("::");
    if (colons == std::string::npos || target.starts_with("scalar::"))
        return std::nullopt;
    const std::string name = target.substr(colons + 2);
    const std::string variant = name.find('.') == std::string::npos ? name + ".default" : name;
    return "torch.ops." + target.substr(0, colons) + "." + variant;
}

}  // namespace sqil
