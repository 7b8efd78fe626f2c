#pragma once
#include <QString>
#include <array>
#include <vector>

#include "widgets/PlotTheme.h"
#include "widgets/SpaceCamera.h"
#include "widgets/SpaceScene.h"

class QPainter;

namespace sqil {

/// A box around the paths of a scene, rounded outwards to its ticks: the floor's grid, three edges, their numbers.
class SpaceAxes {
public:
    /// `unit` of the axes ("m"); may be empty.
    void measure(const std::vector<SpacePath>& paths, const std::array<QString, 3>& names, const QString& unit);

    const QVector3D& low() const { return low_; }
    const QVector3D& high() const { return high_; }
    QVector3D middle() const { return (low_ + high_) / 2; }
    float radius() const { return (high_ - low_).length() / 2; }
    bool isFlat() const { return flat_; }  ///< everything lies in one plane z = const

    /// From where everything is seen at first.
    SpaceCamera::Preset preset() const { return flat_ ? SpaceCamera::Preset::Top : SpaceCamera::Preset::Isometric; }

    /// A floor with a grid, and three edges for the ticks.
    std::vector<SpaceLine> lines(const PlotTheme& theme) const;
    /// Ticks along the three edges, beside them on the side away from the middle of the box.
    void draw(QPainter& painter, const QSizeF& size, const SpaceCamera& camera, const PlotTheme& theme) const;
    /// The camera nearer or farther, so that the box fills the view but for the room of its numbers; `unit`: a screen
    /// pixel in those of `size`.
    SpaceCamera fitted(SpaceCamera camera, const QSizeF& size, double unit = 1) const;

private:
    std::array<QString, 3> names_;
    QString unit_;
    QVector3D low_, high_;
    float tick_ = 1;
    bool flat_ = false;
};

/// A picture beside a point of the scene, always towards the eye and within the view.
void drawBillboard(QPainter& painter, const QSizeF& size, const SpaceCamera& camera, const SpaceAxes& axes,
                   const QVector3D& point, const QImage& picture, const PlotTheme& theme);

}  // namespace sqil
