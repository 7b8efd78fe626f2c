#pragma once
#include <QWidget>
#include <vector>

namespace sqil {

/// Lays pictures of one shape out as large as they fit, in one centred block with a legend at its right.
class PictureBoard : public QWidget {
    Q_OBJECT
public:
    explicit PictureBoard(QWidget* parent = nullptr);

    /// `columnsMultipleOf`: pictures that belong together stay in one row.
    void setPictures(const std::vector<QWidget*>& pictures, int columnsMultipleOf);
    void setLegend(QWidget* legend);
    void setAspect(double widthOverHeight);
    void setTitleHeight(int pixels);  ///< of each picture, above the picture proper

    QSize minimumSizeHint() const override { return {160, 160}; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    void arrange();

    std::vector<QWidget*> pictures_;
    QWidget* legend_ = nullptr;
    int multiple_ = 1;
    int titleHeight_ = 0;
    double aspect_ = 1;
};

}  // namespace sqil
