#pragma once
#include <optional>
#include <vector>

#include "widgets/ThemedPlot.h"

namespace sqil {

/// Two courses of one quantity over the steps of an episode, one over the other, with the cursor. A click or drag picks
/// a step.
class GapPlot : public ThemedPlot {
    Q_OBJECT
public:
    explicit GapPlot(QWidget* parent = nullptr);

    void setNames(const QString& quantity, const QString& before, const QString& after);
    void setCourses(const std::vector<float>& before, const std::vector<float>& after);  ///< `after` may be empty
    void setCursorStep(qint64 step);
    void setLegendShown(bool shown);  ///< of its own accord, a low plot leaves it to the tool tip
    std::size_t steps() const { return steps_; }

signals:
    void stepPicked(qint64 step);

protected:
    void style() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void updateLegend();
    void pick(QMouseEvent* event);

    QCPGraph* before_;
    QCPGraph* after_;
    QCPItemStraightLine* cursor_;
    std::size_t steps_ = 0;
    std::optional<bool> legendShown_;
};

}  // namespace sqil
