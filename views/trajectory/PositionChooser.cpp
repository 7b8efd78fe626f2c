#include "views/trajectory/PositionChooser.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>

#include "views/session/Paths.h"

namespace sqil {

PositionChooser::PositionChooser(QWidget* parent) : QWidget(parent) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    keys_ = new QComboBox;
    keys_->setToolTip(tr("The observation that is the position"));
    keys_->setAccessibleName(keys_->toolTip());
    keys_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    keys_->setMinimumContentsLength(6);
    connect(keys_, &QComboBox::activated, this, [this](int index) { emit chosen(proposals_[std::size_t(index)]); });
    row->addWidget(keys_, 1);
    const QString axes[] = {tr("x"), tr("y"), tr("z")};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        elements_[axis] = new QComboBox;
        elements_[axis]->setToolTip(tr("Element of the observation that is %1").arg(axes[axis]));
        elements_[axis]->setAccessibleName(elements_[axis]->toolTip());
        connect(elements_[axis], &QComboBox::activated, this, &PositionChooser::chooseElements);
        row->addWidget(elements_[axis]);
    }
}

void PositionChooser::setSource(const PositionSource& source, const RolloutsInfo& info) {
    source_ = source;
    const QSignalBlocker quiet(keys_);
    keys_->clear();
    int current = -1;
    for (const PositionSource& proposal : proposals_) {
        if (proposal.key == source_.key)
            current = keys_->count();
        keys_->addItem(toQString(proposal.key));
    }
    keys_->setCurrentIndex(current);
    const KeySpec* key = info.observation(source_.key);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const QSignalBlocker silent(elements_[axis]);
        elements_[axis]->clear();
        for (std::int64_t element = 0; key && element < key->shape[0]; ++element)
            elements_[axis]->addItem(QString::number(element), int(element));
        elements_[axis]->addItem(tr("none"), -1);
        elements_[axis]->setCurrentIndex(elements_[axis]->findData(source_.elements[axis]));
        // Three numbers are x, y and z: there is nothing to choose until somebody has.
        elements_[axis]->setVisible(key && (key->shape[0] > 3 || source_.elements != std::array<int, 3>{0, 1, 2}));
    }
}

void PositionChooser::chooseElements() {
    PositionSource chosenSource = source_;
    for (std::size_t axis = 0; axis < 3; ++axis)
        chosenSource.elements[axis] = elements_[axis]->currentData().toInt();
    emit chosen(chosenSource);
}

}  // namespace sqil
