#include "widgets/EmptyState.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sqil {

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent), title_(new QLabel(this)), advice_(new QLabel(this)), button_(new QPushButton(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 12, 20, 12);
    column->setSpacing(6);
    column->addStretch();
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    title_->setFont(bold);
    for (QLabel* label : {title_, advice_}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        column->addWidget(label);
    }
    advice_->setForegroundRole(QPalette::PlaceholderText);
    button_->setVisible(false);
    column->addSpacing(4);
    column->addWidget(button_, 0, Qt::AlignHCenter);
    column->addStretch();
    connect(button_, &QPushButton::clicked, this, &EmptyState::buttonClicked);
}

void EmptyState::setTexts(const QString& title, const QString& advice) {
    title_->setText(title);
    advice_->setText(advice);
    advice_->setVisible(!advice.isEmpty());
    setAccessibleName(title);
}

void EmptyState::setButton(const QString& text) {
    button_->setText(text);
    button_->setVisible(!text.isEmpty());
}

QString EmptyState::title() const {
    return title_->text();
}

}  // namespace sqil
