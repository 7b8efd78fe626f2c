#include "core/data/Hdf5Attributes.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <vector>

namespace sqil::hdf5 {
namespace {

constexpr hsize_t kLongestList = 64;

herr_t collectAttribute(hid_t, const char* name, const H5A_info_t*, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
}

template<class Number>
std::string decimal(Number value) {
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return {digits, end};
}

std::string joined(const std::vector<std::string>& values) {
    if (values.size() == 1)
        return values.front();
    std::string text = "[";
    for (const std::string& value : values)
        text += (text.size() > 1 ? ", " : "") + value;
    return text + "]";
}

template<class Number>
std::optional<std::string> numbers(hid_t attribute, hid_t memoryType, std::size_t count) {
    std::vector<Number> values(count);
    if (H5Aread(attribute, memoryType, values.data()) < 0)
        return std::nullopt;
    std::vector<std::string> texts;
    for (const Number value : values)
        texts.push_back(decimal(value));
    return joined(texts);
}

std::optional<std::string> variableStrings(hid_t attribute, hid_t type, hid_t space, std::size_t count) {
    std::vector<char*> pointers(count, nullptr);
    if (H5Aread(attribute, type, pointers.data()) < 0)
        return std::nullopt;
    std::vector<std::string> texts;
    for (const char* pointer : pointers)
        texts.emplace_back(pointer != nullptr ? pointer : "");
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
    return joined(texts);
}

std::optional<std::string> fixedStrings(hid_t attribute, hid_t type, std::size_t count) {
    const std::size_t width = H5Tget_size(type);
    std::vector<char> bytes(width * count);
    if (width == 0 || H5Aread(attribute, type, bytes.data()) < 0)
        return std::nullopt;
    std::vector<std::string> texts;
    for (std::size_t index = 0; index < count; ++index)
        texts.emplace_back(bytes.data() + index * width, ::strnlen(bytes.data() + index * width, width));
    return joined(texts);
}

std::string described(const std::string& what) {
    return "<" + what + ">";
}

std::string textOf(hid_t attribute, std::size_t longest) {
    const Handle type(H5Aget_type(attribute), H5Tclose);
    const Handle space(H5Aget_space(attribute), H5Sclose);
    const hsize_t stored = H5Aget_storage_size(attribute);
    if (!type || !space || H5Sget_simple_extent_type(space.get()) == H5S_NULL)
        return described("empty");
    const hssize_t points = H5Sget_simple_extent_npoints(space.get());
    if (points < 0 || static_cast<hsize_t>(points) > kLongestList || stored > std::max<hsize_t>(longest, 4096))
        return described(std::to_string(stored) + " bytes");
    const auto count = static_cast<std::size_t>(points);
    std::optional<std::string> text;
    switch (H5Tget_class(type.get())) {
        case H5T_STRING:
            text = H5Tis_variable_str(type.get()) > 0 ? variableStrings(attribute, type.get(), space.get(), count)
                                                      : fixedStrings(attribute, type.get(), count);
            break;
        case H5T_INTEGER:
        case H5T_ENUM:
            text = numbers<std::int64_t>(attribute, H5T_NATIVE_INT64, count);
            break;
        case H5T_FLOAT:
            text = numbers<double>(attribute, H5T_NATIVE_DOUBLE, count);
            break;
        default:
            return described("neither text nor numbers");
    }
    if (!text)
        return described("unreadable");
    if (text->size() > longest)
        return described(std::to_string(text->size()) + " characters");
    return *text;
}

}  // namespace

std::map<std::string, std::string> attributesOf(hid_t object, std::size_t longest) {
    const Lock lock;
    std::vector<std::string> names;
    hsize_t start = 0;
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, &start, collectAttribute, &names);
    std::map<std::string, std::string> texts;
    for (const std::string& name : names) {
        const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
        if (attribute)
            texts[name] = textOf(attribute.get(), longest);
    }
    H5Eclear2(H5E_DEFAULT);
    return texts;
}

std::optional<bool> truthOf(const std::string& text) {
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (lower == "1" || lower == "true" || lower == "yes")
        return true;
    if (lower == "0" || lower == "false" || lower == "no")
        return false;
    return std::nullopt;
}

}  // namespace sqil::hdf5
