#pragma once
#include <QWidget>

class QFrame;
class QHBoxLayout;
class QToolButton;

namespace sqil {

/// A row of controls. Those that can be done without move into a popup of one button where the row is too
/// narrow, so that a tool bar never decides how narrow its view may be.
class FoldingBar : public QWidget {
    Q_OBJECT
public:
    /// `title`: of the button that opens the popup.
    explicit FoldingBar(const QString& title, QWidget* parent = nullptr);

    void addWidget(QWidget* widget);    ///< always there, at the left
    void addFoldable(QWidget* widget);  ///< at the right, or in the popup
    void addLast(QWidget* widget);      ///< always there, at the right end
    bool isFolded() const { return folded_; }
    QToolButton* popupButton() const { return button_; }

    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    int widthWith(const QWidget* middle) const;
    void arrange();
    void openPopup();

    QHBoxLayout* row_;
    QList<QWidget*> firsts_, lasts_;
    QWidget* foldables_;
    QToolButton* button_;
    QFrame* popup_;
    bool folded_ = false;
};

}  // namespace sqil
