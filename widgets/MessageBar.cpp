#include "widgets/MessageBar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/SvgIcon.h"

namespace sqil {
namespace {

constexpr int kMostMessages = 4;

const char* nameOf(MessageBar::Level level) {
    switch (level) {
        case MessageBar::Level::Information:
            return "information";
        case MessageBar::Level::Warning:
            return "warning";
        case MessageBar::Level::Error:
            return "error";
    }
    return "error";
}

}  // namespace

MessageBar::MessageBar(QWidget* parent) : QWidget(parent), list_(new QVBoxLayout(this)) {
    list_->setContentsMargins(0, 0, 0, 0);
    list_->setSpacing(1);
    setAccessibleName(tr("Messages"));
    setVisible(false);
}

void MessageBar::show(Level level, const QString& text, const QList<Action>& actions) {
    for (auto* known : findChildren<QFrame*>(QStringLiteral("message"), Qt::FindDirectChildrenOnly))
        if (known->property("text").toString() == text)
            removeMessage(known);
    while (list_->count() >= kMostMessages)
        removeMessage(list_->itemAt(list_->count() - 1)->widget());

    auto* message = new QFrame(this);
    message->setObjectName(QStringLiteral("message"));
    message->setProperty("text", text);
    message->setProperty("level", QLatin1String(nameOf(level)));
    auto* row = new QHBoxLayout(message);
    row->setContentsMargins(12, 6, 6, 6);
    row->setSpacing(10);

    auto* sign = new QLabel(message);
    sign->setPixmap(icon(level == Level::Information ? "info" : "warning").pixmap(16, 16));
    row->addWidget(sign, 0, Qt::AlignTop);
    auto* label = new QLabel(text, message);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(text);
    row->addWidget(label, 1);
    for (const Action& action : actions) {
        auto* button = new QPushButton(action.text, message);
        connect(button, &QPushButton::clicked, this, [this, message, run = action.run] {
            removeMessage(message);
            run();
        });
        row->addWidget(button);
    }
    auto* close = new QToolButton(message);
    close->setIcon(icon("close"));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close this message"));
    close->setAccessibleName(tr("Close this message"));
    connect(close, &QToolButton::clicked, this, [this, message] { removeMessage(message); });
    row->addWidget(close, 0, Qt::AlignTop);

    list_->insertWidget(0, message);
    setVisible(true);
}

void MessageBar::removeMessage(QWidget* message) {
    list_->removeWidget(message);
    message->setObjectName({});
    message->deleteLater();
    setVisible(list_->count() > 0);
}

void MessageBar::clear() {
    while (list_->count() > 0)
        removeMessage(list_->itemAt(0)->widget());
}

QStringList MessageBar::messages() const {
    QStringList texts;
    for (int index = 0; index < list_->count(); ++index)
        texts << list_->itemAt(index)->widget()->property("text").toString();
    return texts;
}

}  // namespace sqil
