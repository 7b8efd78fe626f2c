#include "views/quantize/QuantizeDialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

#include "views/session/Paths.h"

namespace sqil {
namespace {

QComboBox* bitBox(QWidget* parent) {
    auto* box = new QComboBox(parent);
    for (const int bits : {2, 3, 4, 5, 6, 7, 8})
        box->addItem(QObject::tr("%1 bits").arg(bits), bits);
    box->addItem(QObject::tr("floating point"), 16);
    return box;
}

QComboBox* rangeBox(QWidget* parent) {
    auto* box = new QComboBox(parent);
    box->addItem(QObject::tr("smallest and largest value"), int(RangeMethod::MinMax));
    box->addItem(QObject::tr("99.9th percentile"), int(RangeMethod::Percentile));
    box->addItem(QObject::tr("least squared error"), int(RangeMethod::Mse));
    return box;
}

void select(QComboBox* box, int data) {
    box->setCurrentIndex(std::max(0, box->findData(data)));
}

}  // namespace

QuantizeDialog::QuantizeDialog(const QString& policy, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Quantize a policy"));
    auto* form = new QFormLayout(this);
    form->setVerticalSpacing(8);
    form->setHorizontalSpacing(14);
    auto* intro = new QLabel(
        tr("A low-bit version of “%1” is made after training (round to nearest), calibrated on the open rollouts, "
           "and added to the project.")
            .arg(policy),
        this);
    intro->setWordWrap(true);
    form->addRow(intro);
    weights_ = bitBox(this);
    activations_ = bitBox(this);
    granularity_ = new QComboBox(this);
    granularity_->addItem(tr("layer"), int(Granularity::Tensor));
    granularity_->addItem(tr("output channel"), int(Granularity::Channel));
    granularity_->addItem(tr("group of inputs"), int(Granularity::Group));
    group_ = new QSpinBox(this);
    group_->setRange(2, 4096);
    group_->setSuffix(tr(" inputs"));
    weightRange_ = rangeBox(this);
    activationRange_ = rangeBox(this);
    steps_ = new QSpinBox(this);
    steps_->setRange(1, 100000);
    steps_->setSuffix(tr(" steps"));
    form->addRow(tr("&Weights"), weights_);
    form->addRow(tr("One scale per"), granularity_);
    form->addRow(tr("Group size"), group_);
    form->addRow(tr("Range of weights"), weightRange_);
    form->addRow(tr("&Activations"), activations_);
    form->addRow(tr("Range of activations"), activationRange_);
    form->addRow(tr("Calibrated on"), steps_);
    problem_ = new QLabel(this);
    problem_->setWordWrap(true);
    problem_->setForegroundRole(QPalette::PlaceholderText);
    form->addRow(problem_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    start_ = buttons->addButton(tr("Quantize"), QDialogButtonBox::AcceptRole);
    start_->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    form->addRow(buttons);
    for (QComboBox* box : {weights_, activations_, granularity_, weightRange_, activationRange_})
        connect(box, &QComboBox::currentIndexChanged, this, &QuantizeDialog::updateState);
    setSpec({});
    setMinimumWidth(420);
}

QuantSpec QuantizeDialog::spec() const {
    QuantSpec spec;
    spec.weightBits = weights_->currentData().toInt();
    spec.activationBits = activations_->currentData().toInt();
    spec.granularity = Granularity(granularity_->currentData().toInt());
    spec.groupSize = group_->value();
    spec.weightRange = RangeMethod(weightRange_->currentData().toInt());
    spec.activationRange = RangeMethod(activationRange_->currentData().toInt());
    spec.calibrationSteps = steps_->value();
    return spec;
}

void QuantizeDialog::setSpec(const QuantSpec& spec) {
    select(weights_, spec.weightBits);
    select(activations_, spec.activationBits);
    select(granularity_, int(spec.granularity));
    group_->setValue(spec.groupSize);
    select(weightRange_, int(spec.weightRange));
    select(activationRange_, int(spec.activationRange));
    steps_->setValue(spec.calibrationSteps);
    updateState();
}

void QuantizeDialog::updateState() {
    const QuantSpec chosen = spec();
    group_->setEnabled(chosen.granularity == Granularity::Group);
    granularity_->setEnabled(chosen.weightBits < 16);
    weightRange_->setEnabled(chosen.weightBits < 16);
    activationRange_->setEnabled(chosen.activationBits < 16);
    steps_->setEnabled(chosen.activationBits < 16);
    const auto valid = check(chosen);
    const bool nothing = chosen.weightBits >= 16 && chosen.activationBits >= 16;
    problem_->setText(nothing  ? tr("Choose fewer bits for weights or activations.")
                      : !valid ? toQString(valid.error().message)
                               : tr("The result is called %1.").arg(toQString(shortName(chosen))));
    start_->setEnabled(valid && !nothing);
}

}  // namespace sqil
