#pragma once
#include <QWidget>

class QDockWidget;
class QLabel;
class QMenu;
class QToolButton;

namespace sqil {

/// A dock's title with buttons for its menu, for floating and for closing. Dragging it moves the dock
/// as Qt's own does.
class DockTitleBar : public QWidget {
    Q_OBJECT
public:
    /// `menu` may be null: no button for it.
    DockTitleBar(QDockWidget* dock, QMenu* menu);

    QToolButton* menuButton() const { return menu_; }  ///< null: there is no menu
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QToolButton* addButton(const char* iconName, const QString& text);
    void updateTitle();

    QDockWidget* dock_;
    QLabel* title_;
    QToolButton* menu_ = nullptr;
};

/// The three-dot button that opens a view's menu; also for a view that is no dock.
QToolButton* makeMenuButton(QMenu* menu, const QString& title, QWidget* parent);

}  // namespace sqil
