#pragma once
#include <QColor>
#include <QFont>
#include <QPalette>
#include <vector>

namespace sqil {

/// Colours and sizes of everything that is drawn rather than styled: plots, bars, figures.
/// Two series are told apart everywhere by the same pair, blue and orange, which stays apart for
/// people with a colour vision deficiency.
struct PlotTheme {
    bool dark = false;
    QColor background;  ///< of the drawing
    QColor panel;       ///< a recessed area in it
    QColor text, muted, grid;
    QColor first;                ///< the reference series (full precision)
    QColor second;               ///< the one compared with it (quantized)
    std::vector<QColor> others;  ///< of further compared ones
    QColor band;                 ///< shaded stretches of a timeline, under the curves
    QColor bandEdge;
    QColor cursor;
    QColor flag;       ///< marked steps
    QColor good, bad;  ///< an episode that succeeded, or failed
    QColor missing;    ///< hatching where there is no value yet
    QFont font;
    double unit = 1;  ///< device units of one screen pixel: pens and margins are multiples of it

    static PlotTheme of(const QPalette& palette, const QFont& font);
    /// For figures: white paper, 8-pt text, in units of a quarter point.
    static PlotTheme print();

    /// Of a compared series: 0 is the primary one.
    QColor compared(std::size_t index) const {
        return index == 0 || others.empty() ? second : others[(index - 1) % others.size()];
    }
    QFont scaled(double factor, bool bold = false) const;
};

}  // namespace sqil
