#include "core/jobs/CommandLine.h"

#include <algorithm>

namespace sqil {
namespace {

std::string quoted(const std::string& word) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos)
        return word;
    std::string text = "'";
    for (const char character : word)
        text += character == '\'' ? std::string("'\\''") : std::string(1, character);
    return text + "'";
}

}  // namespace

std::string commandLine(const JobKind& kind, const nlohmann::json& parameters) {
    std::string name = kind.name;
    if (name.starts_with("bench-"))
        name[5] = ' ';
    std::string text = "sqil " + name;
    for (const JobParameter& parameter : kind.parameters) {  // in the form's order
        const auto value = parameters.find(parameter.name);
        if (value == parameters.end() || value->is_null())
            continue;
        const std::string option = " " + parameter.option();
        if (value->is_boolean() && parameter.standard == false) {
            text += value->get<bool>() ? option : "";
        } else if (value->is_array() && !parameter.separated) {
            for (const auto& one : *value)
                text += option + " " + quoted(textOf(one));
        } else {
            text += option + " " + quoted(textOf(*value));
        }
    }
    return text;
}

}  // namespace sqil
