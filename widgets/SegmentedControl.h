#pragma once
#include <QButtonGroup>
#include <QWidget>

class QToolButton;

namespace sqil {

/// A row of joined buttons of which one is down.
class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedControl(QWidget* parent = nullptr);

    QToolButton* addSegment(int id, const QString& text, const QString& toolTip);
    void setCurrent(int id);  ///< one that is not there: none is down
    int current() const { return group_.checkedId(); }
    void setSegmentEnabled(int id, bool enabled);

signals:
    void chosen(int id);  ///< by the user

protected:
    void changeEvent(QEvent* event) override;

private:
    void updateStyle();

    QButtonGroup group_;
    bool styling_ = false;
};

}  // namespace sqil
