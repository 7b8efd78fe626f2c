#pragma once
#include <QWidget>
#include <array>
#include <vector>

#include "views/trajectory/PositionKeys.h"

class QComboBox;

namespace sqil {

/// Which observation is the position, and which of its elements are x, y and z.
class PositionChooser : public QWidget {
    Q_OBJECT
public:
    explicit PositionChooser(QWidget* parent = nullptr);

    void setProposals(std::vector<PositionSource> proposals) { proposals_ = std::move(proposals); }
    void setSource(const PositionSource& source, const RolloutsInfo& info);

signals:
    void chosen(const sqil::PositionSource& source);  ///< by the user

private:
    void chooseElements();

    std::vector<PositionSource> proposals_;
    PositionSource source_;
    QComboBox* keys_;
    std::array<QComboBox*, 3> elements_{};
};

}  // namespace sqil
