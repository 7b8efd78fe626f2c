#include "widgets/ThemedPlot.h"

namespace sqil {

ThemedPlot::ThemedPlot(QWidget* parent) : QCustomPlot(parent), theme_(PlotTheme::of(palette(), font())) {}

void ThemedPlot::setTheme(const PlotTheme& theme) {
    theme_ = theme;
    isOwnTheme_ = true;
    style();
}

void ThemedPlot::changeEvent(QEvent* event) {
    if ((event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) && !isOwnTheme_) {
        theme_ = PlotTheme::of(palette(), font());
        style();
        windowThemeChanged();
    }
    QCustomPlot::changeEvent(event);
}

}  // namespace sqil
