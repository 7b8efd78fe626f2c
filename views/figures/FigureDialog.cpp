#include "views/figures/FigureDialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>

#include "views/figures/ExportFolder.h"

namespace sqil {
namespace {

constexpr int kPreviewWidth = 460, kPreviewHeight = 280;
const QString kFormatSetting = QStringLiteral("export/format"), kDotsSetting = QStringLiteral("export/dotsPerInch");

}  // namespace

FigureDialog::FigureDialog(const Figure& figure, const QString& title, QWidget* parent)
    : QDialog(parent),
      figure_(figure),
      preview_(new QLabel(this)),
      format_(new QComboBox(this)),
      width_(new QComboBox(this)),
      widthBox_(new QDoubleSpinBox(this)),
      heightBox_(new QDoubleSpinBox(this)),
      dots_(new QSpinBox(this)),
      file_(new QLineEdit(this)),
      problem_(new QLabel(this)) {
    setWindowTitle(tr("Export figure: %1").arg(title));
    auto* column = new QVBoxLayout(this);
    column->setSpacing(12);
    preview_->setAlignment(Qt::AlignCenter);
    preview_->setMinimumSize(kPreviewWidth, kPreviewHeight);
    preview_->setAccessibleName(tr("Preview"));
    column->addWidget(preview_, 1);
    column->addLayout(makeFields());
    problem_->setWordWrap(true);
    problem_->setVisible(false);
    column->addWidget(problem_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    save_ = buttons->addButton(tr("Export"), QDialogButtonBox::AcceptRole);
    save_->setObjectName(QStringLiteral("exportButton"));
    save_->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &FigureDialog::confirm);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);

    const QSettings settings;
    dots_->setValue(settings.value(kDotsSetting, kFigureDotsPerInch).toInt());
    file_->setText(QDir(exportFolder()).filePath(figure_.name) + endingOf(FigureFormat::Pdf));
    setFormat(FigureFormat(settings.value(kFormatSetting, int(FigureFormat::Pdf)).toInt()));
    updatePreview();
}

QLayout* FigureDialog::makeFields() {
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    auto* place = new QHBoxLayout;
    auto* browse = new QPushButton(tr("Browse…"), this);
    browse->setAutoDefault(false);
    file_->setAccessibleName(tr("File"));
    place->addWidget(file_, 1);
    place->addWidget(browse);
    connect(browse, &QPushButton::clicked, this, &FigureDialog::browse);
    form->addRow(tr("&File"), place);

    format_->addItem(tr("PDF (vector)"), int(FigureFormat::Pdf));
    format_->addItem(tr("SVG (vector)"), int(FigureFormat::Svg));
    format_->addItem(tr("PNG (picture)"), int(FigureFormat::Png));
    connect(format_, &QComboBox::currentIndexChanged, this, &FigureDialog::formatChosen);
    dots_->setRange(72, 1200);
    dots_->setSuffix(tr(" dots per inch"));
    dots_->setAccessibleName(tr("Resolution"));
    dots_->setToolTip(tr("Resolution of the PNG picture; print asks for 300 to 600"));
    auto* kind = new QHBoxLayout;
    kind->addWidget(format_, 1);
    kind->addWidget(dots_);
    format_->setAccessibleName(tr("Format"));
    form->addRow(tr("F&ormat"), kind);

    width_->addItem(tr("One column (3.25 in)"), kColumnMillimetres);
    width_->addItem(tr("Two columns (6.75 in)"), kPageMillimetres);
    width_->addItem(tr("Own size"), 0.0);
    width_->setAccessibleName(tr("Size"));
    for (auto* box : {widthBox_, heightBox_}) {
        box->setRange(20, 1000);
        box->setDecimals(1);
        box->setSuffix(tr(" mm"));
        box->setKeyboardTracking(false);
        connect(box, &QDoubleSpinBox::valueChanged, this, &FigureDialog::updatePreview);
    }
    widthBox_->setAccessibleName(tr("Width"));
    heightBox_->setAccessibleName(tr("Height"));
    heightBox_->setValue(figure_.height);
    connect(width_, &QComboBox::currentIndexChanged, this, [this] {
        const double width = width_->currentData().toDouble();
        widthBox_->setEnabled(width <= 0);
        if (width > 0)
            widthBox_->setValue(width);
    });
    setWidthMillimetres(figure_.width);
    auto* size = new QHBoxLayout;
    size->addWidget(width_, 1);
    size->addWidget(widthBox_);
    size->addWidget(new QLabel(tr("×"), this));
    size->addWidget(heightBox_);
    form->addRow(tr("&Size"), size);
    return form;
}

Figure FigureDialog::figure() const {
    Figure sized = figure_;
    sized.width = widthBox_->value();
    sized.height = heightBox_->value();
    return sized;
}

QString FigureDialog::file() const {
    return QDir::cleanPath(QDir(exportFolder()).absoluteFilePath(file_->text().trimmed()));
}

FigureFormat FigureDialog::format() const {
    return FigureFormat(format_->currentData().toInt());
}

int FigureDialog::dotsPerInch() const {
    return dots_->value();
}

void FigureDialog::setFile(const QString& file) {
    file_->setText(file);
    for (const FigureFormat format : {FigureFormat::Pdf, FigureFormat::Svg, FigureFormat::Png})
        if (file.endsWith(endingOf(format), Qt::CaseInsensitive))
            setFormat(format);
}

void FigureDialog::setFormat(FigureFormat format) {
    format_->setCurrentIndex(std::max(0, format_->findData(int(format))));
    formatChosen();
}

void FigureDialog::setWidthMillimetres(double width) {
    const int known = width_->findData(width);
    width_->setCurrentIndex(known >= 0 ? known : width_->count() - 1);
    widthBox_->setEnabled(known < 0 || width <= 0);
    widthBox_->setValue(width);
}

void FigureDialog::setDotsPerInch(int dotsPerInch) {
    dots_->setValue(dotsPerInch);
}

void FigureDialog::formatChosen() {
    dots_->setEnabled(format() == FigureFormat::Png);
    QString name = file_->text();
    for (const FigureFormat known : {FigureFormat::Pdf, FigureFormat::Svg, FigureFormat::Png})
        if (name.endsWith(endingOf(known), Qt::CaseInsensitive))
            name.chop(endingOf(known).size());
    file_->setText(name + endingOf(format()));
}

void FigureDialog::browse() {
    const QString chosen =
        QFileDialog::getSaveFileName(this, tr("Export figure"), file(), tr("Figures (*.pdf *.svg *.png)"), nullptr,
                                     QFileDialog::DontConfirmOverwrite);  // asked at the end
    if (!chosen.isEmpty())
        setFile(QFileInfo(chosen).suffix().isEmpty() ? chosen + endingOf(format()) : chosen);
}

void FigureDialog::updatePreview() {
    const Figure sized = figure();
    const double wanted = std::min(kPreviewWidth * 25.4 / sized.width, kPreviewHeight * 25.4 / sized.height);
    // Drawn finer than shown, so that thin lines look as in print.
    QPixmap pixmap = QPixmap::fromImage(pictureOf(sized, static_cast<int>(2 * wanted)))
                         .scaled(QSize(kPreviewWidth, kPreviewHeight) * devicePixelRatioF(), Qt::KeepAspectRatio,
                                 Qt::SmoothTransformation);
    pixmap.setDevicePixelRatio(devicePixelRatioF());
    preview_->setPixmap(pixmap);
}

void FigureDialog::confirm() {
    const QFileInfo target(file());
    const auto refuse = [this](const QString& why) {
        problem_->setText(why);
        problem_->setVisible(true);
        file_->setFocus();
    };
    if (file_->text().trimmed().isEmpty())
        return refuse(tr("Give the file a name."));
    if (!target.absoluteDir().exists())
        return refuse(tr("%1: there is no such folder.").arg(target.absolutePath()));
    if (target.exists() &&
        QMessageBox::question(this, tr("Export figure"), tr("“%1” exists already. Replace it?").arg(target.fileName()),
                              QMessageBox::Yes | QMessageBox::No) != QMessageBox::Yes)
        return;
    QSettings settings;
    settings.setValue(kFormatSetting, int(format()));
    settings.setValue(kDotsSetting, dots_->value());
    accept();
}

}  // namespace sqil
