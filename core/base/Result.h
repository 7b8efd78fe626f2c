#pragma once
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace sqil {

/// Why an operation at a boundary (a file, a user's setting, a device) did not succeed.
enum class ErrorKind {
    BadInput,     ///< the file or value is wrong: the user can mend it
    NotFound,     ///< the file, key or episode is not there
    Unsupported,  ///< well-formed, but this program cannot do it
    Io,           ///< the operating system refused (permissions, disk full)
    Cancelled,    ///< the user or the caller asked to stop
};

/// A failure in words for the user: names the file and the place in it, what was
/// expected, and what to do. Programmer errors are exceptions, never an Error.
struct Error {
    ErrorKind kind = ErrorKind::BadInput;
    std::string message;
};

template<class T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorKind::NotFound, "…");` from any function that returns a Result.
inline tl::unexpected<Error> fail(ErrorKind kind, std::string message) {
    return tl::unexpected<Error>(Error{kind, std::move(message)});
}

}  // namespace sqil
