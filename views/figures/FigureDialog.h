#pragma once
#include <QDialog>

#include "views/figures/Figure.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace sqil {

/// Where and how a figure is written: format, size, resolution; with a preview as it will look in print.
class FigureDialog : public QDialog {
    Q_OBJECT
public:
    FigureDialog(const Figure& figure, const QString& title, QWidget* parent = nullptr);

    Figure figure() const;  ///< at the size chosen
    QString file() const;   ///< absolute, with the format's ending
    FigureFormat format() const;
    int dotsPerInch() const;

    void setFile(const QString& file);  ///< its ending chooses the format
    void setFormat(FigureFormat format);
    void setWidthMillimetres(double width);
    void setDotsPerInch(int dotsPerInch);

private:
    QLayout* makeFields();
    void browse();
    void formatChosen();
    void updatePreview();
    void confirm();

    Figure figure_;
    QLabel* preview_;
    QComboBox* format_;
    QComboBox* width_;
    QDoubleSpinBox* widthBox_;
    QDoubleSpinBox* heightBox_;
    QSpinBox* dots_;
    QLineEdit* file_;
    QLabel* problem_;
    QPushButton* save_;
};

}  // namespace sqil
