#include "views/session/StepImages.h"

#include <cstring>

namespace sqil {

QImage imageOf(const StepBlock& block, const KeySpec& spec) {
    if (spec.shape.size() != 3)
        return {};
    const auto height = spec.shape[0], width = spec.shape[1], channels = spec.shape[2];
    if (height <= 0 || width <= 0 || height > 1 << 15 || width > 1 << 15 ||
        block.bytes.size() != static_cast<std::size_t>(height * width * channels))
        return {};
    const auto format = channels == 1   ? QImage::Format_Grayscale8
                        : channels == 3 ? QImage::Format_RGB888
                        : channels == 4 ? QImage::Format_RGBA8888
                                        : QImage::Format_Invalid;
    if (format == QImage::Format_Invalid)
        return {};
    QImage image(static_cast<int>(width), static_cast<int>(height), format);
    const auto line = static_cast<std::size_t>(width * channels);
    for (int y = 0; y < image.height(); ++y)
        std::memcpy(image.scanLine(y), block.bytes.data() + static_cast<std::size_t>(y) * line, line);
    return image.convertToFormat(channels == 4 ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
}

}  // namespace sqil
