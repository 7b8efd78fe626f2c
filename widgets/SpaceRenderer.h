#pragma once
#include <QImage>
#include <QString>
#include <memory>
#include <vector>

#include "widgets/SpaceCamera.h"
#include "widgets/SpaceScene.h"

namespace sqil {

/// Draws a SpaceScene into pictures. The implementation is a module of its own (widgets/space, VTK), loaded when the
/// first one is asked for: a window without a 3-D view starts without it, and a machine without OpenGL does as well.
class SpaceRenderer {
public:
    virtual ~SpaceRenderer() = default;

    virtual void setScene(const SpaceScene& scene) = 0;
    /// A few balls over the scene, moved without building anything again.
    virtual void setMarkers(const std::vector<SpaceGlyph>& markers) = 0;
    /// A picture of this many pixels; null where drawing failed.
    virtual QImage render(const SpaceCamera& camera, const QSize& size) = 0;

    /// Loads the module and makes a renderer with an OpenGL context of its own. Null, with `problem` in words, where
    /// there is no module or no OpenGL 3.2. On the GUI thread; takes about a tenth of a second the first time.
    static std::unique_ptr<SpaceRenderer> make(QString& problem);
};

/// What the module exports under kSpaceRendererSymbol.
using MakeSpaceRenderer = SpaceRenderer* (*)(QString* problem);
inline constexpr const char* kSpaceRendererSymbol = "sqilMakeSpaceRenderer";

}  // namespace sqil
