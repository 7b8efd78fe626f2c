#include "core/jobs/JobParameter.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sqil {
namespace {

using nlohmann::json;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string rangeOf(const JobParameter& parameter) {
    std::string text = parameter.type == ParameterType::Whole ? "a whole number" : "a number";
    if (parameter.least && parameter.most)
        text += " from " + textOf(*parameter.least) + " to " + textOf(*parameter.most);
    else if (parameter.least)
        text += " of at least " + textOf(*parameter.least);
    else if (parameter.most)
        text += " of at most " + textOf(*parameter.most);
    return text + (parameter.unit.empty() ? "" : " (" + parameter.unit + ")");
}

std::string expected(const JobParameter& parameter) {
    switch (parameter.type) {
        case ParameterType::Flag:
            return "true or false";
        case ParameterType::Whole:
        case ParameterType::Number:
            return rangeOf(parameter);
        case ParameterType::Choice:
            return "one of " + joined(parameter.choices);
        case ParameterType::Text:
            return "text";
        case ParameterType::File:
            return "a file";
        case ParameterType::Folder:
            return "a folder";
    }
    return {};
}

tl::unexpected<Error> refuse(const JobParameter& parameter, const std::string& found) {
    return fail(ErrorKind::BadInput, parameter.name + ": \"" + found + "\"; expected " + expected(parameter));
}

bool isInRange(const JobParameter& parameter, double value) {
    return std::isfinite(value) && (!parameter.least || value >= *parameter.least) &&
           (!parameter.most || value <= *parameter.most);
}

bool fits(const JobParameter& parameter, const json& value) {
    switch (parameter.type) {
        case ParameterType::Flag:
            return value.is_boolean();
        case ParameterType::Whole:
            return value.is_number_integer() && isInRange(parameter, value.get<double>());
        case ParameterType::Number:
            return value.is_number() && isInRange(parameter, value.get<double>());
        case ParameterType::Choice:
            return value.is_string() && std::ranges::count(parameter.choices, value.get<std::string>()) > 0;
        case ParameterType::Text:
        case ParameterType::File:
        case ParameterType::Folder:
            return value.is_string() && value.get<std::string>().find('\0') == std::string::npos;
    }
    return false;
}

Result<json> parseOne(const JobParameter& parameter, std::string_view text) {
    json value = std::string(text);
    if (parameter.type == ParameterType::Flag) {
        if (text == "true" || text == "1")
            value = true;
        else if (text == "false" || text == "0")
            value = false;
    } else if (parameter.type == ParameterType::Whole || parameter.type == ParameterType::Number) {
        std::int64_t whole = 0;
        double number = 0;
        const char* end = text.data() + text.size();
        if (const auto [at, error] = std::from_chars(text.data(), end, whole); error == std::errc() && at == end)
            value = whole;
        else if (const auto [place, problem] = std::from_chars(text.data(), end, number);
                 parameter.type == ParameterType::Number && problem == std::errc() && place == end)
            value = number;
    }
    if (!fits(parameter, value))
        return refuse(parameter, std::string(text));
    return value;
}

}  // namespace

std::string JobParameter::option() const {
    std::string text = "--" + name;
    std::ranges::replace(text, '_', '-');
    return text;
}

Result<json> parseValue(const JobParameter& parameter, std::string_view text) {
    if (!parameter.isList)
        return parseOne(parameter, text);
    json values = json::array();
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto comma = parameter.separated ? rest.find(',') : std::string_view::npos;
        auto one = parseOne(parameter, rest.substr(0, comma));
        if (!one)
            return one;
        values.push_back(std::move(*one));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    return values;
}

Result<void> checkValue(const JobParameter& parameter, const json& value) {
    if (!parameter.isList)
        return fits(parameter, value) ? Result<void>() : refuse(parameter, textOf(value));
    if (!value.is_array())
        return fail(ErrorKind::BadInput, parameter.name + ": expected a list");
    for (const json& one : value)
        if (!fits(parameter, one))
            return refuse(parameter, textOf(one));
    return {};
}

std::string textOf(const json& value) {
    if (value.is_null())
        return {};
    if (value.is_string())
        return value.get<std::string>();
    if (!value.is_array())
        return value.is_number_float() && value.get<double>() == std::floor(value.get<double>()) &&
                       std::abs(value.get<double>()) < 1e15
                   ? std::to_string(static_cast<long long>(value.get<double>()))
                   : value.dump();
    std::string text;
    for (const json& one : value)
        text += (text.empty() ? "" : ",") + textOf(one);
    return text;
}

}  // namespace sqil
