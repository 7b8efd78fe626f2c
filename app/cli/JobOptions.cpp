#include "app/cli/JobOptions.h"

#include <algorithm>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "app/cli/Commands.h"

namespace sqil::cli {
namespace {

/// "Optimizer steps (steps) [2000]"
std::string helpOf(const JobParameter& parameter) {
    std::string text = parameter.help;
    if (parameter.isList && !parameter.separated && text.find("repeat") == std::string::npos)
        text += "; may be repeated";
    if (!parameter.standard.is_null() && parameter.type != ParameterType::Flag)
        text += " [" + textOf(parameter.standard) + "]";
    return text;
}

bool isNumber(const std::string& text) {
    char* end = nullptr;
    static_cast<void>(std::strtod(text.c_str(), &end));
    return !text.empty() && *end == '\0';
}

void take(JobOptions& options, const JobParameter& parameter, const std::string& text) {
    const bool isNumeric = parameter.type == ParameterType::Whole || parameter.type == ParameterType::Number;
    if (isNumeric && !isNumber(text))  // wrong usage, not a wrong value
        throw CLI::ConversionError(text, parameter.option());
    auto value = valueOrThrow(parseValue(parameter, text));
    nlohmann::json& place = options.parameters[parameter.name];
    if (parameter.isList && place.is_array())
        place.insert(place.end(), value.begin(), value.end());
    else
        place = std::move(value);
}

}  // namespace

std::shared_ptr<JobOptions> addJobOptions(CLI::App& command, const char* kind, bool requireAll,
                                          const std::vector<std::string>& without) {
    auto options = std::make_shared<JobOptions>();
    options->kind = findJobKind(kind);
    for (const JobParameter& parameter : options->kind->parameters) {
        if (std::ranges::find(without, parameter.name) != without.end())
            continue;
        const JobParameter* known = &parameter;  // kinds live as long as the program
        if (parameter.type == ParameterType::Flag && parameter.standard == false) {
            command.add_flag_callback(
                parameter.option(), [options, known] { options->parameters[known->name] = true; }, helpOf(parameter));
            continue;
        }
        auto* option = command.add_option_function<std::vector<std::string>>(
            parameter.option(),
            [options, known](const std::vector<std::string>& texts) {
                options->parameters.erase(known->name);
                for (const std::string& text : texts)
                    take(*options, *known, text);
            },
            helpOf(parameter));
        option->type_size(1);
        option->expected(1, parameter.isList ? 1 << 20 : 1);
        if (requireAll && parameter.required)
            option->required();
    }
    return options;
}

}  // namespace sqil::cli
