#pragma once
#include <QDialog>

#include "core/quant/QuantSpec.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace sqil {

/// Asks how a policy is to be quantized.
class QuantizeDialog : public QDialog {
    Q_OBJECT
public:
    explicit QuantizeDialog(const QString& policy, QWidget* parent = nullptr);

    QuantSpec spec() const;
    void setSpec(const QuantSpec& spec);

private:
    void updateState();

    QComboBox* weights_;
    QComboBox* activations_;
    QComboBox* granularity_;
    QSpinBox* group_;
    QComboBox* weightRange_;
    QComboBox* activationRange_;
    QSpinBox* steps_;
    QLabel* problem_;
    QPushButton* start_;
};

}  // namespace sqil
