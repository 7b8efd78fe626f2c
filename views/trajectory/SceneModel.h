#pragma once
#include <QStringList>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/Result.h"
#include "widgets/SpaceScene.h"

namespace sqil {

/// The solids of a MuJoCo model at its initial pose, and what of it is not shown.
struct SceneModel {
    std::vector<SpaceSolid> solids;
    QStringList leftOut;  ///< in words: "12 meshes", "an included file"
};

/// Reads the world of an MJCF file (MuJoCo's XML): nested bodies with pos, quat, euler or axisangle, and their geoms of
/// type plane, box, sphere, capsule, cylinder and ellipsoid (also by fromto), with the defaults of their classes and
/// rgba. Joints stay at their zero. Meshes, height fields and included files are left out and counted. Errors: no XML,
/// no MuJoCo model, numbers that are none, more than 20 000 geoms, a file over 16 MB.
Result<SceneModel> readSceneModel(const std::filesystem::path& file);

}  // namespace sqil
