#include "widgets/CurvesPlot.h"

#include <qcustomplot.h>

#include <QEvent>
#include <QVBoxLayout>
#include <array>
#include <cmath>

#include "widgets/Numbers.h"
#include "widgets/PlotTheme.h"

namespace sqil {
namespace {

// Okabe and Ito's palette; blue and orange first, as everywhere in the program.
constexpr std::array<QRgb, 7> kLight{0x1f5fbf, 0xc8540a, 0x00795a, 0x9c3f86, 0x8a6d00, 0x0f8ac9, 0x5d6670};
constexpr std::array<QRgb, 7> kDark{0x6ea8fe, 0xff9e57, 0x2fc79b, 0xe08ac9, 0xe6c84a, 0x7cc8f2, 0xb2bac4};
constexpr std::array<Qt::PenStyle, 3> kStyles{Qt::SolidLine, Qt::DashLine, Qt::DotLine};
constexpr int kFaint = 70;
constexpr int kPrintPixels = 11;  // 8 points

}  // namespace

CurvesPlot::CurvesPlot(QWidget* parent) : QWidget(parent), plot_(new QCustomPlot(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(plot_);
    plot_->setAccessibleName(tr("Curves"));
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot_->axisRect()->setRangeZoomAxes(plot_->xAxis, plot_->yAxis);
    plot_->setMinimumHeight(120);
    plot_->legend->setVisible(true);
    plot_->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);
    connect(plot_, &QCustomPlot::mouseDoubleClick, this, [this] {
        zoomed_ = false;
        rebuild();
    });
    const auto noteZoom = [this] { zoomed_ = true; };
    connect(plot_, &QCustomPlot::mouseWheel, this, noteZoom);
    connect(plot_, &QCustomPlot::mouseMove, this, [this](const QMouseEvent* event) {
        if (event->buttons() & Qt::LeftButton)
            zoomed_ = true;
    });
    plot_->setToolTip(tr("Wheel: zoom. Drag: move. Double click: everything."));
    applyTheme(false);
}

QColor CurvesPlot::colourOf(int run, bool dark) {
    const auto& colours = dark ? kDark : kLight;
    return QColor(colours[std::size_t(run) % colours.size()]);
}

QVector<double> CurvesPlot::smoothed(const QVector<double>& values, double smoothing) {
    QVector<double> result;
    result.reserve(values.size());
    double average = std::nan("");
    for (const double value : values) {
        if (std::isfinite(value))
            average = std::isfinite(average) ? smoothing * average + (1 - smoothing) * value : value;
        result << (std::isfinite(value) ? average : value);
    }
    return result;
}

void CurvesPlot::setLabels(const QString& x, const QString& y) {
    plot_->xAxis->setLabel(x);
    plot_->yAxis->setLabel(y);
    setAccessibleName(y);
    rebuild();
}

void CurvesPlot::setCurves(QVector<Curve> curves) {
    curves_ = std::move(curves);
    rebuild();
}

void CurvesPlot::setSmoothing(double smoothing) {
    smoothing_ = std::clamp(smoothing, 0.0, 0.999);
    rebuild();
}

void CurvesPlot::setLogarithmic(bool logarithmic) {
    logarithmic_ = logarithmic;
    rebuild();
}

void CurvesPlot::setEmptyText(const QString& text) {
    emptyText_ = text;
    rebuild();
}

void CurvesPlot::rebuild() {
    plot_->clearGraphs();
    plot_->clearItems();
    const bool dark = !print_ && PlotTheme::of(palette(), font()).dark;
    bool any = false, allPositive = true;
    const auto add = [&](const Curve& curve, const QVector<double>& values, bool faint) {
        QCPGraph* graph = plot_->addGraph();
        QColor colour = colourOf(curve.run, dark);
        if (faint)
            colour.setAlpha(kFaint);
        graph->setPen(QPen(colour, faint ? 1 : 1.6, kStyles[std::size_t(curve.kind) % kStyles.size()]));
        graph->setName(curve.name);
        if (faint)
            graph->removeFromLegend();
        if (curve.x.size() == 1)
            graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, 6));
        // Values that are missing (an evaluation, say, is not at every step) do not break the line.
        QVector<double> x, y;
        for (qsizetype index = 0; index < std::min(curve.x.size(), values.size()); ++index)
            if (std::isfinite(values[index])) {
                x << curve.x[index];
                y << values[index];
                allPositive = allPositive && values[index] > 0;
            }
        graph->setData(x, y, true);
        any = any || !x.isEmpty();
    };
    for (const Curve& curve : curves_) {
        if (smoothing_ > 0)
            add(curve, curve.y, true);
        add(curve, smoothing_ > 0 ? smoothed(curve.y, smoothing_) : curve.y, false);
    }
    const bool logarithmic = logarithmic_ && any && allPositive;
    plot_->yAxis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    plot_->yAxis->setTicker(logarithmic ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog)
                                        : QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
    plot_->yAxis->ticker()->setTickCount(4);
    plot_->legend->setVisible(any);
    for (QCPAxis* axis : {plot_->xAxis, plot_->yAxis}) {  // nothing is measured against nothing
        axis->setVisible(any || emptyText_.isEmpty());
        axis->grid()->setVisible(any || emptyText_.isEmpty());
    }
    if (!any && !emptyText_.isEmpty()) {
        auto* text = new QCPItemText(plot_);
        text->position->setType(QCPItemPosition::ptAxisRectRatio);
        text->position->setCoords(0.5, 0.5);
        text->setText(emptyText_);
        text->setColor(palette().color(QPalette::PlaceholderText));
        text->setFont(font());
    }
    if (!zoomed_ && any) {
        plot_->rescaleAxes();
        if (!logarithmic) {
            QCPRange range = plot_->yAxis->range();
            const double margin = std::max(range.size() * 0.08, 1e-12);
            plot_->yAxis->setRange(range.lower - margin, range.upper + margin);
        }
        if (plot_->xAxis->range().size() <= 0)
            plot_->xAxis->setRange(plot_->xAxis->range().lower - 1, plot_->xAxis->range().upper + 1);
    }
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void CurvesPlot::applyTheme(bool print) {
    const PlotTheme theme = print ? PlotTheme::print() : PlotTheme::of(palette(), font());
    QFont small = print ? font() : theme.scaled(0.9);
    plot_->setBackground(theme.background);
    for (QCPAxis* axis : {plot_->xAxis, plot_->yAxis}) {
        axis->setBasePen(QPen(theme.muted));
        axis->setTickPen(QPen(theme.muted));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(theme.muted);
        axis->setLabelColor(theme.muted);
        axis->setTickLabelFont(small);
        axis->setLabelFont(small);
        axis->grid()->setPen(QPen(theme.grid));
        axis->grid()->setZeroLinePen(QPen(theme.grid));
        axis->setNumberFormat(QStringLiteral("gb"));
        axis->setNumberPrecision(4);
    }
    QColor behind = theme.background;
    behind.setAlpha(200);
    plot_->legend->setBrush(behind);
    plot_->legend->setBorderPen(Qt::NoPen);
    plot_->legend->setTextColor(theme.text);
    plot_->legend->setFont(small);
    plot_->legend->setIconSize(18, 8);
    plot_->legend->setRowSpacing(-2);
}

QPixmap CurvesPlot::picture(const QSize& size) {
    print_ = true;
    applyTheme(true);
    rebuild();
    const QPixmap pixmap = plot_->toPixmap(size.width(), size.height(), 2);
    print_ = false;
    applyTheme(false);
    rebuild();
    return pixmap;
}

std::shared_ptr<CurvesPlot> CurvesPlot::copy() const {
    auto made = std::make_shared<CurvesPlot>();
    made->smoothing_ = smoothing_;
    made->logarithmic_ = logarithmic_;
    made->zoomed_ = zoomed_;
    made->plot_->xAxis->setRange(plot_->xAxis->range());
    made->plot_->yAxis->setRange(plot_->yAxis->range());
    made->setLabels(xLabel(), yLabel());
    made->setCurves(curves_);
    return made;
}

void CurvesPlot::drawOn(QCPPainter& painter, const QRectF& area, double unit) {
    print_ = true;
    QFont small = PlotTheme::print().font;
    small.setPixelSize(kPrintPixels);
    setFont(small);
    applyTheme(true);
    rebuild();
    painter.save();
    painter.translate(area.topLeft());
    painter.scale(unit, unit);
    plot_->toPainter(&painter, qRound(area.width() / unit), qRound(area.height() / unit));
    painter.restore();
    print_ = false;
}

QString CurvesPlot::xLabel() const {
    return plot_->xAxis->label();
}

QString CurvesPlot::yLabel() const {
    return plot_->yAxis->label();
}

void CurvesPlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        applyTheme(print_);
        rebuild();
    }
    QWidget::changeEvent(event);
}

}  // namespace sqil
