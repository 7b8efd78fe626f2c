#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "core/base/Result.h"

namespace sqil {

/// A Python script that answers each line of its input with a line of JSON. The process ends with the object.
class PythonReference {
public:
    static Result<std::unique_ptr<PythonReference>> start(const std::filesystem::path& python,
                                                          const std::filesystem::path& script,
                                                          const std::filesystem::path& folder);
    ~PythonReference();
    PythonReference(const PythonReference&) = delete;
    PythonReference& operator=(const PythonReference&) = delete;

    const nlohmann::json& greeting() const { return greeting_; }
    Result<nlohmann::json> ask(const std::string& command);

private:
    PythonReference(int process, int to, int from) : process_(process), to_(to), from_(from) {}
    Result<nlohmann::json> readLine();

    int process_, to_, from_;
    std::string pending_;
    nlohmann::json greeting_;
};

/// Runs a script to its end; the error holds the last of what it wrote.
Result<void> runPython(const std::filesystem::path& python, const std::filesystem::path& script,
                       const std::filesystem::path& argument);

}  // namespace sqil
