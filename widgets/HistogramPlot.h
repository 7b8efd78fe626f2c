#pragma once
#include <optional>
#include <vector>

#include "widgets/ThemedPlot.h"

namespace sqil {

/// Two histograms over the same equal bins, one over the other: before as an area, after as bars.
class HistogramPlot : public ThemedPlot {
    Q_OBJECT
public:
    struct Counts {
        double minimum = 0, maximum = 0;
        std::vector<std::int64_t> before, after;
    };

    explicit HistogramPlot(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setCounts(const Counts& counts);
    void clearCounts(const QString& why);
    void setNames(const QString& before, const QString& after);
    const Counts& counts() const { return counts_; }
    bool isEmpty() const { return counts_.before.empty(); }
    void setLegendShown(bool shown);  ///< of its own accord, a low plot leaves it to the tool tip

protected:
    void style() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fill();
    void updateLegend();

    Counts counts_;
    QCPTextElement* title_;
    QCPItemText* empty_;
    QCPGraph* before_;
    QCPBars* after_;
    std::optional<bool> legendShown_;
};

}  // namespace sqil
