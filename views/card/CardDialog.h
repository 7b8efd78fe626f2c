#pragma once
#include <QDialog>
#include <QTimer>
#include <memory>

#include "core/policy/CardStudy.h"
#include "views/session/JobTracker.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace sqil {

class CardPreviewPanel;

/// The card of a policy, edited against its graph and the rollouts: which recorded key feeds which
/// input and how, the action head, the action's dimensions, the control rate. What does not fit is
/// said beside it; the first frame is shown as the policy will see it, and its action next to the
/// recorded one.
class CardDialog : public QDialog {
    Q_OBJECT
public:
    /// `card`: the one to begin with.
    CardDialog(std::shared_ptr<const CardStudy> study, const PolicyCard& card, const QString& policyName,
               QWidget* parent = nullptr);
    ~CardDialog() override;

    PolicyCard card() const;  ///< as it stands in the fields
    bool isComplete() const;  ///< it fits the policy and the rollouts
    QString problem() const;

    QTableWidget* inputTable() const { return inputs_; }
    QTableWidget* dimensionTable() const { return dimensions_; }
    CardPreviewPanel* preview() const { return preview_; }

private:
    enum Column { Input, Wanted, Key, Recorded, Resize, Scale, Mean, Deviation, Becomes, Verdict, ColumnCount };

    QWidget* makeInputs();
    QWidget* makeHead();
    QWidget* makeDimensions();
    void fill(const PolicyCard& card);
    void fillInput(int row, const CardInput& input);
    void fillDimensions(const std::vector<ActionDimension>& dimensions);
    void changed();
    void validate();
    void requestPreview();
    CardInput inputAt(int row) const;
    QComboBox* keyBox(int row) const;

    std::shared_ptr<const CardStudy> study_;
    PolicyCard base_;  ///< what the fields do not show: name, description
    QTableWidget* inputs_;
    QTableWidget* dimensions_;
    QComboBox* head_ = nullptr;
    QSpinBox* output_ = nullptr;
    QSpinBox* secondOutput_ = nullptr;
    QDoubleSpinBox* rate_ = nullptr;
    QComboBox* episode_ = nullptr;
    QSpinBox* step_ = nullptr;
    QLabel* problem_;
    QPushButton* save_;
    CardPreviewPanel* preview_;
    QTimer previewing_;
    bool filling_ = false;
    bool complete_ = false;
    int asked_ = 0;    ///< previews asked for: an older one comes too late
    JobTracker jobs_;  // last: its threads end before what they report to does
};

}  // namespace sqil
