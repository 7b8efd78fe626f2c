#pragma once
#include <string>
#include <vector>

#include "core/quant/QuantSpec.h"

namespace CLI {
class App;
}

namespace sqil::cli {

/// The options that say how a policy is quantized after training, as `quantize` and `layers` take them.
struct QuantOptions {
    QuantSpec spec;
    std::string method = "ptq", granularity = "channel", weightRange = "min-max", activationRange = "min-max";
    std::vector<std::string> layerBits;
    bool quantizeEnds = false, keepBatchNorm = false;

    void addTo(CLI::App& command);
    /// The recipe that the options amount to; throws CommandFailed where they make none.
    QuantSpec resolved() const;
};

}  // namespace sqil::cli
