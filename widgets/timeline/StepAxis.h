#pragma once
#include <QtGlobal>

namespace sqil {

/// A stretch of the step axis. Step s takes [s − ½, s + ½].
struct StepRange {
    double lower = -0.5, upper = 0.5;
    double size() const { return upper - lower; }
    double centre() const { return (lower + upper) / 2; }
    bool contains(double step) const { return step >= lower && step <= upper; }
    bool operator==(const StepRange&) const = default;
};

/// Which steps are shown on which pixels; zooming and panning keep within the steps there are.
class StepAxis {
public:
    void setSteps(qint64 steps);  ///< shows all of them
    void setPixels(double left, double right);

    qint64 steps() const { return steps_; }
    double left() const { return left_; }
    double right() const { return right_; }
    StepRange everything() const { return {-0.5, steps_ > 0 ? double(steps_) - 0.5 : 0.5}; }
    const StepRange& visible() const { return visible_; }
    void setVisible(StepRange range);  ///< at least one step
    bool showsEverything() const { return visible_ == everything(); }

    double pixelOf(double step) const { return left_ + (step - visible_.lower) * pixelsPerStep(); }
    double stepOf(double pixel) const { return visible_.lower + (pixel - left_) / pixelsPerStep(); }
    qint64 stepAt(double pixel) const;  ///< the nearest step there is
    double pixelsPerStep() const { return (right_ - left_) / visible_.size(); }

    /// `factor` 2: twice as many pixels a step; what is under the pixel stays there.
    void zoom(double factor, double anchorPixel);
    void pan(double pixels);  ///< to the right: later steps come into view
    /// Scrolls so that the step is in view; true where it had to.
    bool reveal(qint64 step);

private:
    qint64 steps_ = 0;
    double left_ = 0, right_ = 1;
    StepRange visible_;
};

}  // namespace sqil
