#pragma once
#include <qcustomplot.h>

#include "widgets/PlotTheme.h"

namespace sqil {

/// A plot that looks as the window does, until it is given a theme of its own (a figure for print).
class ThemedPlot : public QCustomPlot {
    Q_OBJECT
public:
    explicit ThemedPlot(QWidget* parent = nullptr);

    void setTheme(const PlotTheme& theme);

protected:
    void changeEvent(QEvent* event) override;
    const PlotTheme& theme() const { return theme_; }
    /// Pens, brushes and fonts from theme().
    virtual void style() = 0;
    /// The window's colours or font have changed; style() has been called.
    virtual void windowThemeChanged() {}

private:
    PlotTheme theme_;
    bool isOwnTheme_ = false;
};

}  // namespace sqil
