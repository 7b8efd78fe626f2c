#pragma once
#include <QWidget>

class QLabel;
class QPushButton;

namespace sqil {

/// Shown where there is nothing to show: what is missing, and what to do next.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& advice);
    void setButton(const QString& text);  ///< empty: no button
    QString title() const;

signals:
    void buttonClicked();

private:
    QLabel* title_;
    QLabel* advice_;
    QPushButton* button_;
};

}  // namespace sqil
