#include "core/data/RolloutFormats.h"

#include <utility>

namespace sqil {
namespace {

std::vector<RolloutFormat>& formats() {
    static std::vector<RolloutFormat> all;
    return all;
}

}  // namespace

const std::vector<RolloutFormat>& rolloutFormats() {
    return formats();
}

void addRolloutFormat(RolloutFormat format) {
    for (RolloutFormat& known : formats()) {
        if (known.name == format.name) {
            known = std::move(format);
            return;
        }
    }
    formats().push_back(std::move(format));
}

}  // namespace sqil
