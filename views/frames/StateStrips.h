#pragma once
#include <QWidget>
#include <vector>

#include "views/frames/PanelMaps.h"

class QVBoxLayout;

namespace sqil {

class StateStrip;

/// The scores of inputs that are no pictures, a strip an input and panel, beneath the pictures.
class StateStrips : public QWidget {
    Q_OBJECT
public:
    explicit StateStrips(QWidget* parent = nullptr);

    /// `largest`, `largestDifference`: where the colours end. While nothing is known of the step, what was shown stays:
    /// no flicker while scrubbing.
    void show(const std::vector<SaliencyPanel>& panels, const StudioSession& session, int episode, qint64 step,
              const ColourMap& colours, double largest, double largestDifference);
    /// Largest score of the inputs shown here, of differences or not.
    static double largestOf(const std::vector<SaliencyPanel>& panels, const StudioSession& session, int episode,
                            qint64 step, bool differences);

private:
    QVBoxLayout* column_;
    std::vector<StateStrip*> strips_;
};

}  // namespace sqil
