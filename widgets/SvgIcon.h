#pragma once
#include <QIcon>

namespace sqil {

/// An icon from an SVG file whose strokes are `currentColor`: drawn in the text colour of the
/// application's palette at the time of painting, so it follows the theme.
QIcon svgIcon(const QString& path);

/// The icon of that name in the resources: ":/icons/NAME.svg".
QIcon icon(const char* name);

}  // namespace sqil
