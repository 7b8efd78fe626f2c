#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/Result.h"

namespace sqil {

enum class ParameterType {
    Flag,    ///< true or false
    Whole,   ///< a whole number
    Number,  ///< any finite number
    Text,
    Choice,  ///< one of `choices`
    File,    ///< a path; "@7/policy": what job 7 has made (JobSpec.h)
    Folder,
};

/// What a file parameter holds, for file dialogs and for what can be offered from the project.
enum class FileKind { Other, Policy, Quantized, Card, Rollouts, Project, Report, Program };

/// One setting of a kind of job. The same description makes the option of `sqil` ("--learning-rate"), the row of the
/// form, the check of a value and the documentation.
struct JobParameter {
    std::string name;  ///< in specifications: "learning_rate"
    std::string help;  ///< one line, for people
    ParameterType type = ParameterType::Text;
    nlohmann::json standard;  ///< the value where none is given; null: none
    std::string group{};      ///< heading in the form: "Files", "Recipe", "Quantization", …
    std::string unit{};       ///< "steps", "bits", "%"; empty: none
    std::optional<double> least{}, most{};
    std::vector<std::string> choices{};  ///< all there are; of a whole number: what a form offers
    FileKind file = FileKind::Other;
    bool required = false;
    bool isList = false;    ///< several values: a JSON array
    bool separated = true;  ///< of a list: "a,b" on a command line; false: the option is repeated
    bool isOutput = false;  ///< a file that the job makes; where none is given, a job of a project finds a place
    bool advanced = false;  ///< hidden in the form until asked for

    /// "--learning-rate"
    std::string option() const;
};

/// The value of this text as one types it ("0.001", "cosine", "true"). Error: names the parameter and what was
/// expected.
Result<nlohmann::json> parseValue(const JobParameter& parameter, std::string_view text);

/// Type, range and choices of a value.
Result<void> checkValue(const JobParameter& parameter, const nlohmann::json& value);

/// As one types it: what parseValue() reads.
std::string textOf(const nlohmann::json& value);

}  // namespace sqil
