#pragma once
#include <exception>
#include <string>
#include <utility>

#include "core/base/Result.h"

namespace sqil {

/// How the readers of this room give up deep inside a nested file; readPolicyFile() turns it into
/// its Error. Never crosses the room's border.
class FileProblem : public std::exception {
public:
    FileProblem(ErrorKind kind, std::string message) : error_{kind, std::move(message)} {}
    const Error& error() const { return error_; }
    const char* what() const noexcept override { return error_.message.c_str(); }

private:
    Error error_;
};

[[noreturn]] inline void badFile(std::string message) {
    throw FileProblem(ErrorKind::BadInput, std::move(message));
}
[[noreturn]] inline void unsupported(std::string message) {
    throw FileProblem(ErrorKind::Unsupported, std::move(message));
}

}  // namespace sqil
