#include "core/jobs/JobKind.h"

#include <algorithm>

#include "core/jobs/kinds/Kinds.h"

namespace sqil {

using nlohmann::json;

const JobParameter* JobKind::find(std::string_view parameter) const {
    const auto found = std::ranges::find(parameters, parameter, &JobParameter::name);
    return found == parameters.end() ? nullptr : &*found;
}

json JobKind::value(const json& given, std::string_view parameter) const {
    if (const auto found = given.find(parameter); found != given.end() && !found->is_null())
        return *found;
    const JobParameter* known = find(parameter);
    return known ? known->standard : json();
}

std::span<const JobKind> jobKinds() {
    static const std::vector<JobKind> kinds{kinds::train(),         kinds::evaluate(),    kinds::analyze(),
                                            kinds::quantize(),      kinds::layers(),      kinds::compare(),
                                            kinds::takeover(),      kinds::benchPolicy(), kinds::benchKernels(),
                                            kinds::benchRollouts(), kinds::benchTrain(),  kinds::benchSaliency()};
    return kinds;
}

const JobKind* findJobKind(std::string_view name) {
    const auto kinds = jobKinds();
    const auto found = std::ranges::find(kinds, name, &JobKind::name);
    return found == kinds.end() ? nullptr : &*found;
}

Result<void> checkParameters(const JobKind& kind, const json& parameters) {
    if (!parameters.is_object())
        return fail(ErrorKind::BadInput, kind.name + ": its parameters are a JSON object");
    for (const auto& [name, value] : parameters.items()) {
        const JobParameter* parameter = kind.find(name);
        if (!parameter)
            return fail(ErrorKind::BadInput, name + ": is no parameter of " + kind.name);
        if (value.is_null())
            continue;
        if (auto valid = checkValue(*parameter, value); !valid)
            return valid;
    }
    for (const JobParameter& parameter : kind.parameters)
        if (parameter.required && textOf(kind.value(parameters, parameter.name)).empty())
            return fail(ErrorKind::BadInput, parameter.name + ": is missing; expected " + parameter.help);
    return kind.check ? kind.check(parameters) : Result<void>();
}

}  // namespace sqil
