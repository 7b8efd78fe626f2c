#pragma once
#include <qcustomplot.h>

#include <vector>

#include "widgets/PlotTheme.h"

namespace sqil {

/// Two histograms over the same equal bins, one over the other: before as an area, after as bars.
class HistogramPlot : public QCustomPlot {
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
    bool isEmpty() const { return counts_.before.empty(); }

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void style();
    void fill();

    Counts counts_;
    QCPTextElement* title_;
    QCPItemText* empty_;
    QCPGraph* before_;
    QCPBars* after_;
    bool styling_ = false;
};

}  // namespace sqil
