#pragma once
#include <QImage>
#include <QString>
#include <functional>

#include "core/base/Result.h"

class QCPPainter;

namespace sqil {

/// One and two columns of most proceedings: 3.25 and 6.75 inches.
inline constexpr double kColumnMillimetres = 3.25 * 25.4, kPageMillimetres = 6.75 * 25.4;
inline constexpr int kFigureUnitsPerInch = 4 * 72;  ///< PlotTheme::print() draws in quarter points
inline constexpr double kFigureUnitsPerMillimetre = kFigureUnitsPerInch / 25.4;

/// A drawing for a paper: white paper, 8-pt text, any width. Values only: what it draws stays as it
/// was when the figure was made.
struct Figure {
    QString name;                                        ///< of its file, without ending: "timeline"
    double width = kPageMillimetres, height = 60;        ///< mm
    std::function<void(QCPPainter&, QSize units)> draw;  ///< fills the whole size, in PlotTheme::print()'s units
    QSize units() const;
};

enum class FigureFormat { Pdf, Svg, Png };
QString endingOf(FigureFormat format);  ///< ".pdf"

constexpr int kFigureDotsPerInch = 576;

/// Writes the figure in whole or not at all. `dotsPerInch` (36 to 2400) is for PNG. GUI thread.
Result<void> writeFigure(const Figure& figure, const QString& file, FigureFormat format,
                         int dotsPerInch = kFigureDotsPerInch);

/// The figure as a picture. GUI thread.
QImage pictureOf(const Figure& figure, int dotsPerInch);

}  // namespace sqil
