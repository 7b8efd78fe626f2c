#pragma once
#include <vector>

#include "core/analysis/incremental/DeltaMap.h"

namespace sqil {

/// Which inputs a convolution's or pooling's outputs read, along one axis: output o reads
/// o·stride − padding + t·dilation for taps t, where that lies inside the image.
struct WindowAxis {
    std::int64_t kernel = 1, stride = 1, padding = 0, dilation = 1;
    std::int64_t in = 1, out = 1;  ///< pixels

    std::int64_t input(std::int64_t output, std::int64_t tap) const {
        return output * stride - padding + tap * dilation;
    }

    /// Taps of an output that read inside `range`.
    PixelRange taps(std::int64_t output, const PixelRange& range) const {
        PixelRange result{kernel, kernel};
        for (std::int64_t t = 0; t < kernel; ++t)
            if (input(output, t) >= range.begin && input(output, t) < range.end) {
                result.begin = std::min(result.begin, t);
                result.end = t + 1;
            }
        return result.begin == kernel ? PixelRange{} : result;
    }

    /// Outputs that read inside `range`; those between them are included.
    PixelRange reached(const PixelRange& range) const {
        PixelRange result;
        for (std::int64_t o = 0; o < out; ++o)
            if (taps(o, range).size() > 0) {
                if (result.size() == 0)
                    result.begin = o;
                result.end = o + 1;
            }
        return result;
    }

    std::vector<PixelRange> reached(const std::vector<PixelRange>& ranges) const {
        std::vector<PixelRange> result;
        for (const PixelRange& range : ranges)
            result.push_back(reached(range));
        return result;
    }
};

}  // namespace sqil
