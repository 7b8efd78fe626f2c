#pragma once
#include <QRgb>
#include <QString>
#include <span>
#include <vector>

namespace sqil {

/// Maps [0, 1] to colours. Sequential maps grow evenly in lightness; the diverging one is
/// lightest at 0.5 and darkens to both sides (blue below, orange above).
class ColourMap {
public:
    static const ColourMap& viridis();
    static const ColourMap& cividis();
    static const ColourMap& magma();
    static const ColourMap& difference();
    static std::span<const ColourMap* const> sequential();
    /// The sequential map of that name, viridis where there is none.
    static const ColourMap& named(const QString& name);

    QRgb at(double position) const;  ///< clamped to [0, 1]; NaN gives a transparent pixel
    const QString& name() const { return name_; }
    bool isDiverging() const { return diverging_; }

private:
    ColourMap(QString name, std::span<const QRgb> anchors, bool diverging);

    QString name_;
    std::vector<QRgb> table_;  ///< 256 colours, interpolated linearly between evenly spaced anchors
    bool diverging_ = false;
};

}  // namespace sqil
