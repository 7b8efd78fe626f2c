#include "views/figures/Figure.h"

#include <qcustomplot.h>
#include <QCoreApplication>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>

#include "core/base/AtomicFile.h"
#include "views/session/Paths.h"

namespace sqil {
namespace {

bool paintOn(QPaintDevice& device, const Figure& figure, double scale, bool vector) {
    QCPPainter painter;
    if (!painter.begin(&device))
        return false;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    if (vector)
        painter.setMode(QCPPainter::pmVectorized);
    painter.scale(scale, scale);
    figure.draw(painter, figure.units());
    return painter.end();
}

bool writePdf(const Figure& figure, const QString& file) {
    QPdfWriter writer(file);
    writer.setResolution(kFigureUnitsPerInch);
    writer.setPageMargins({});
    writer.setPageSize(
        QPageSize(QSizeF(figure.width, figure.height), QPageSize::Millimeter, {}, QPageSize::ExactMatch));
    writer.setCreator(QCoreApplication::applicationName());
    writer.setTitle(figure.name);
    return paintOn(writer, figure, 1, true);
}

bool writeSvg(const Figure& figure, const QString& file) {
    QSvgGenerator generator;
    generator.setFileName(file);
    generator.setResolution(kFigureUnitsPerInch);
    generator.setSize(figure.units());
    generator.setViewBox(QRect(QPoint(), figure.units()));
    generator.setTitle(figure.name);
    return paintOn(generator, figure, 1, true);
}

}  // namespace

QSize Figure::units() const {
    return {static_cast<int>(std::lround(width * kFigureUnitsPerMillimetre)),
            static_cast<int>(std::lround(height * kFigureUnitsPerMillimetre))};
}

QString endingOf(FigureFormat format) {
    switch (format) {
        case FigureFormat::Pdf:
            return QStringLiteral(".pdf");
        case FigureFormat::Svg:
            return QStringLiteral(".svg");
        case FigureFormat::Png:
            break;
    }
    return QStringLiteral(".png");
}

QImage pictureOf(const Figure& figure, int dotsPerInch) {
    const double scale = std::clamp(dotsPerInch, 36, 2400) / double(kFigureUnitsPerInch);
    QImage image((QSizeF(figure.units()) * scale).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        return image;
    image.fill(Qt::white);
    image.setDotsPerMeterX(static_cast<int>(std::lround(kFigureUnitsPerInch * scale / 0.0254)));
    image.setDotsPerMeterY(image.dotsPerMeterX());
    paintOn(image, figure, scale, false);
    return image;
}

Result<void> writeFigure(const Figure& figure, const QString& file, FigureFormat format, int dotsPerInch) {
    return replaceFile(toPath(file), [&](const std::filesystem::path& temporary) -> Result<void> {
        const QString name = toQString(temporary);
        bool written = false;
        switch (format) {
            case FigureFormat::Pdf:
                written = writePdf(figure, name);
                break;
            case FigureFormat::Svg:
                written = writeSvg(figure, name);
                break;
            case FigureFormat::Png:
                written = pictureOf(figure, dotsPerInch).save(name, "PNG");
                break;
        }
        if (!written)
            return fail(ErrorKind::Io, file.toStdString() +
                                           ": this figure cannot be written; is the folder there, is it "
                                           "writable, and is there room on the disk?");
        return {};
    });
}

}  // namespace sqil
