#pragma once
#include <memory>

#include "core/quant/QuantSpec.h"

namespace CLI {
class App;
}

namespace sqil::cli {

struct JobOptions;

/// The options that say how a policy is quantized after training: those of `quantize`, without its files.
struct QuantOptions {
    std::shared_ptr<JobOptions> job;

    void addTo(CLI::App& command);
    /// The recipe that the options amount to; throws CommandFailed where they make none.
    QuantSpec resolved() const;
};

}  // namespace sqil::cli
