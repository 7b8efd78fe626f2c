#include "widgets/ColourMap.h"

#include <QColor>
#include <array>
#include <cmath>

namespace sqil {
namespace {

// Every 15th of the 256 colours of the published maps (viridis and magma: van der Walt and Smith,
// CC0; cividis: Nuñez, Anderton, Renslow 2018). Linear interpolation is off by 11/255 at most.
constexpr std::array<QRgb, 18> kViridis{0x440154, 0x481769, 0x472a7a, 0x433d84, 0x3d4e8a, 0x355e8d,
                                        0x2e6d8e, 0x297b8e, 0x23898e, 0x1f978b, 0x21a585, 0x2eb37c,
                                        0x46c06f, 0x65cb5e, 0x89d548, 0xb0dd2f, 0xd8e219, 0xfde725};
constexpr std::array<QRgb, 18> kCividis{0x00224e, 0x002d68, 0x163770, 0x2e416d, 0x3f4c6c, 0x4e566c,
                                        0x5c616e, 0x696b71, 0x767676, 0x838179, 0x928c78, 0xa09875,
                                        0xafa471, 0xbfb06b, 0xcfbd62, 0xdfca57, 0xf0d846, 0xfee838};
constexpr std::array<QRgb, 18> kMagma{0x000004, 0x090720, 0x1a1042, 0x311165, 0x4a1079, 0x621980,
                                      0x792282, 0x912b81, 0xaa337d, 0xc23b75, 0xd9466b, 0xec5860,
                                      0xf7725c, 0xfc8e64, 0xfeaa74, 0xfec68a, 0xfde2a3, 0xfcfdbf};
constexpr std::array<QRgb, 9> kDifference{0x0b3a82, 0x2f6fc4, 0x7fb0e6, 0xc9dff5, 0xf4f4f4,
                                          0xfbd9bf, 0xf0a06a, 0xd2601c, 0x8f3404};

int mix(int from, int to, double fraction) {
    return static_cast<int>(std::lround(from + fraction * (to - from)));
}

}  // namespace

ColourMap::ColourMap(QString name, std::span<const QRgb> anchors, bool diverging)
    : name_(std::move(name)), table_(256), diverging_(diverging) {
    for (std::size_t index = 0; index < table_.size(); ++index) {
        const double position = static_cast<double>(index) / 255.0 * static_cast<double>(anchors.size() - 1);
        const auto lower = std::min(static_cast<std::size_t>(position), anchors.size() - 2);
        const double fraction = position - static_cast<double>(lower);
        const QRgb from = anchors[lower], to = anchors[lower + 1];
        table_[index] = qRgb(mix(qRed(from), qRed(to), fraction), mix(qGreen(from), qGreen(to), fraction),
                             mix(qBlue(from), qBlue(to), fraction));
    }
}

QRgb ColourMap::at(double position) const {
    if (std::isnan(position))
        return qRgba(0, 0, 0, 0);
    return table_[static_cast<std::size_t>(std::lround(std::clamp(position, 0.0, 1.0) * 255.0))];
}

const ColourMap& ColourMap::viridis() {
    static const ColourMap map(QStringLiteral("viridis"), kViridis, false);
    return map;
}
const ColourMap& ColourMap::cividis() {
    static const ColourMap map(QStringLiteral("cividis"), kCividis, false);
    return map;
}
const ColourMap& ColourMap::magma() {
    static const ColourMap map(QStringLiteral("magma"), kMagma, false);
    return map;
}
const ColourMap& ColourMap::difference() {
    static const ColourMap map(QStringLiteral("difference"), kDifference, true);
    return map;
}

std::span<const ColourMap* const> ColourMap::sequential() {
    static const std::array<const ColourMap*, 3> maps{&viridis(), &cividis(), &magma()};
    return maps;
}

const ColourMap& ColourMap::named(const QString& name) {
    for (const ColourMap* map : sequential())
        if (map->name() == name)
            return *map;
    return viridis();
}

}  // namespace sqil
