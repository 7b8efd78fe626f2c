#include "views/scatter/ScatterView.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QToolButton>
#include <cmath>

#include "widgets/EmptyState.h"
#include "widgets/Numbers.h"
#include "widgets/PrecisionRecallPlot.h"

namespace sqil {
namespace {

constexpr int kRefreshMilliseconds = 400;
constexpr std::size_t kMostDots = 3000;  ///< more are drawn as density
constexpr double kCellPixels = 3;
constexpr double kReachPixels = 12;  ///< of a click

QString estimate(const Interval& interval) {
    const QString value = QLocale().toString(interval.value, 'f', 2);
    if (!std::isfinite(interval.value))
        return QStringLiteral("–");
    if (!std::isfinite(interval.low))
        return value;
    return QStringLiteral("%1 [%2, %3]")
        .arg(value, QLocale().toString(interval.low, 'f', 2), QLocale().toString(interval.high, 'f', 2))
        .replace(QLatin1Char('-'), QChar(0x2212));
}

QString share(double value) {
    return std::isfinite(value) ? QLocale().toString(value, 'f', 2) : QStringLiteral("–");
}

QColor between(const QColor& a, const QColor& b, double part) {
    return QColor::fromRgbF(float(a.redF() + (b.redF() - a.redF()) * part),
                            float(a.greenF() + (b.greenF() - a.greenF()) * part),
                            float(a.blueF() + (b.blueF() - a.blueF()) * part));
}

}  // namespace

ScatterView::ScatterView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent),
      session_(session),
      sis_(session),
      gap_(session),
      relations_([this](StepRelation relation) { show(std::move(relation)); }),
      densities_([this](const DensityPicture& density) {
          mostInACell_ = density.largest;
          plot_->setDensity(density.all, density.picked, density.horizontal, density.vertical);
          showStatistics();
      }) {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    auto* parts = new QSplitter(Qt::Horizontal, page);
    parts->setChildrenCollapsible(false);
    plot_ = new ScatterPlot(parts);
    plot_->setAccessibleName(tr("SIS against action gap, a point a step"));
    parts->addWidget(plot_);
    parts->addWidget(makeStatistics());
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    column->addWidget(parts, 1);
    addWidget(page);
    empty_ = new EmptyState(this);
    addWidget(empty_);

    refreshing_.setSingleShot(true);
    connect(&refreshing_, &QTimer::timeout, this, &ScatterView::refresh);
    Selection& selection = session_.selection();
    connect(plot_, &ScatterPlot::densityWanted, this, &ScatterView::requestDensity);
    connect(plot_, &ScatterPlot::clicked, this, &ScatterView::goTo);
    connect(plot_, &ScatterPlot::brushCleared, &selection, &Selection::clearBrushed);
    connect(plot_, &ScatterPlot::brushed, this, [this](const QRectF& values) {
        if (relation_.points)
            session_.selection().setBrushed(relation_.points->within(values));
    });
    connect(&selection, &Selection::brushedChanged, this, [this] {
        picked_ =
            relation_.points ? relation_.points->indicesOf(session_.selection().brushed()) : std::vector<std::size_t>{};
        fill(*plot_);
        requestDensity();
        showStatistics();
    });
    connect(&selection, &Selection::episodeChanged, this, &ScatterView::updateCursor);
    connect(&selection, &Selection::stepChanged, this, &ScatterView::updateCursor);
    connect(&session_, &StudioSession::comparisonChanged, this, [this] {
        updateEmptyState();
        updateSeries();
    });
    Results& results = session_.results();
    connect(&results, &Results::wasReset, this, [this] {
        sis_.forget();
        gap_.forget();
        relations_.reset();
        show({});
        refreshing_.start(0);
    });
    connect(&results, &Results::episodeUpdated, this, [this](int episode) {
        sis_.markChanged(episode);
        gap_.markChanged(episode);
        if (!refreshing_.isActive())
            refreshing_.start(kRefreshMilliseconds);
    });
    connect(&results, &Results::thresholdChanged, this, [this] {
        if (!refreshing_.isActive())
            refreshing_.start(kRefreshMilliseconds);
    });
    updateEmptyState();
    updateSeries();
}

ScatterView::~ScatterView() = default;

QWidget* ScatterView::makeHeader() {
    auto* header = new QWidget(this);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(8, 4, 8, 2);
    row->setSpacing(6);
    gapBox_ = new QComboBox(header);
    gapBox_->setAccessibleName(tr("Gap shown"));
    gapBox_->setToolTip(tr("Whose action gap is shown against SIS"));
    gapBox_->setFocusPolicy(Qt::TabFocus);
    connect(gapBox_, &QComboBox::currentIndexChanged, this, &ScatterView::chooseGap);
    row->addWidget(gapBox_);
    logarithmic_ = new QToolButton(header);
    logarithmic_->setText(tr("Log axes"));
    logarithmic_->setCheckable(true);
    logarithmic_->setChecked(true);
    logarithmic_->setAutoRaise(true);
    logarithmic_->setFocusPolicy(Qt::TabFocus);
    logarithmic_->setToolTip(tr("Logarithmic axes: small values have as much room as large ones; zeros have no place"));
    connect(logarithmic_, &QToolButton::toggled, this, [this](bool on) {
        plot_->setLogarithmic(on);
        showStatistics();
    });
    row->addWidget(logarithmic_);
    row->addStretch();
    auto* label = new QLabel(tr("Large gaps:"), header);
    largeKind_ = new QComboBox(header);
    largeKind_->setFocusPolicy(Qt::TabFocus);
    largeKind_->setAccessibleName(tr("How large gaps are chosen"));
    largeKind_->addItem(tr("top"));
    largeKind_->addItem(tr("above"));
    largeBox_ = new QDoubleSpinBox(header);
    largeBox_->setAccessibleName(tr("Which gaps are large"));
    largeBox_->setKeyboardTracking(false);
    largeBox_->setFocusPolicy(Qt::StrongFocus);
    label->setBuddy(largeBox_);
    const auto fitBox = [this] {
        const QSignalBlocker quiet(largeBox_);
        const bool byShare = largeKind_->currentIndex() == 0;
        largeBox_->setRange(byShare ? 0.1 : 0, byShare ? 99.9 : 1e6);
        largeBox_->setDecimals(byShare ? 1 : 4);
        largeBox_->setSuffix(byShare ? tr(" %") : QString());
        largeBox_->setSingleStep(byShare ? 1 : 0.05);
        largeBox_->setValue(byShare ? large_.topPercent : large_.above);
        largeBox_->setToolTip(byShare ? tr("The top p % of all gaps count as large")
                                      : tr("Gaps above this value (normalized units) count as large"));
    };
    fitBox();
    connect(largeKind_, &QComboBox::currentIndexChanged, this, [this, fitBox](int kind) {
        large_.byShare = kind == 0;
        if (!large_.byShare && std::isfinite(relation_.detector.gapAbove))
            large_.above = relation_.detector.gapAbove;  // from where the share has it
        fitBox();
        refreshing_.start(0);
    });
    connect(largeBox_, &QDoubleSpinBox::valueChanged, this, &ScatterView::chooseLarge);
    row->addWidget(label);
    row->addWidget(largeKind_);
    row->addWidget(largeBox_);
    return header;
}

QWidget* ScatterView::makeStatistics() {
    auto* panel = new QWidget(this);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(4, 2, 8, 4);
    column->setSpacing(2);
    correlation_ = new QLabel(panel);
    detector_ = new QLabel(panel);
    for (QLabel* label : {correlation_, detector_}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::RichText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setContentsMargins(8, 2, 4, 2);
        label->setMinimumWidth(190);
    }
    correlation_->setAccessibleName(tr("Correlation of SIS and gap"));
    detector_->setAccessibleName(tr("SIS as a detector of large gaps"));
    curve_ = new PrecisionRecallPlot(panel);
    curve_->setAccessibleName(tr("Precision over recall of SIS as a detector of large gaps"));
    column->addWidget(correlation_);
    column->addWidget(detector_);
    column->addWidget(curve_, 1);
    return panel;
}

void ScatterView::updateSeries() {
    gaps_.clear();
    std::optional<StepSeries> sis;
    for (StepSeries& one : stepSeries(session_)) {
        if (one.kind == StepSeries::Kind::Sis)
            sis = one;
        if (one.kind == StepSeries::Kind::Gap)
            gaps_.push_back(std::move(one));
    }
    sis_.setSeries(sis);
    {
        const QSignalBlocker quiet(gapBox_);
        const int shown = std::max(0, gapBox_->currentIndex());
        gapBox_->clear();
        for (std::size_t index = 0; index < gaps_.size(); ++index)
            gapBox_->addItem(tr("Gap of %1").arg(session_.comparedName(gaps_[index].compared)));
        if (shown < gapBox_->count())
            gapBox_->setCurrentIndex(shown);
    }
    chooseGap();
}

void ScatterView::chooseGap() {
    const int index = gapBox_->currentIndex();
    gap_.setSeries(index >= 0 && std::size_t(index) < gaps_.size() ? std::optional(gaps_[std::size_t(index)])
                                                                   : std::nullopt);
    plot_->setAxisLabels(tr("SIS (mean S)"), tr("action gap (normalized)"));
    refreshing_.start(0);
}

void ScatterView::chooseLarge() {
    (large_.byShare ? large_.topPercent : large_.above) = largeBox_->value();
    refreshing_.start(0);
}

void ScatterView::showEvent(QShowEvent* event) {
    QStackedWidget::showEvent(event);
    refreshing_.start(0);
}

void ScatterView::refresh() {
    if (!isVisible() || !gap_.series() || !sis_.series())
        return;  // showEvent() makes up for it
    sis_.update();
    gap_.update();
    relations_.start([sis = sis_.values(), gap = gap_.values(), large = large_,
                      threshold = session_.results().threshold()] { return relate(sis, gap, large, threshold); });
}

void ScatterView::show(StepRelation relation) {
    relation_ = std::move(relation);
    picked_.clear();
    if (relation_.points) {
        picked_ = relation_.points->indicesOf(session_.selection().brushed());
        if (!relation_.points->limits.isNull())
            plot_->setLimits(relation_.points->limits);
    }
    fill(*plot_);
    fill(*curve_);
    requestDensity();
    showStatistics();
    updateCursor();
}

void ScatterView::fill(ScatterPlot& plot) const {
    QVector<double> x, y, pickedX, pickedY;
    const bool known = relation_.points != nullptr;
    if (known && relation_.points->count() <= kMostDots) {
        for (std::size_t point = 0; point < relation_.points->count(); ++point) {
            x.append(double(relation_.points->x[point]));
            y.append(double(relation_.points->y[point]));
        }
        for (const std::size_t point : picked_) {
            pickedX.append(x[qsizetype(point)]);
            pickedY.append(y[qsizetype(point)]);
        }
    }
    plot.setAxisLabels(tr("SIS (mean S)"), tr("action gap (normalized)"));
    plot.setDots(x, y);
    plot.setPickedDots(pickedX, pickedY);
    plot.setLines(known ? relation_.detector.atThreshold.score : std::nan(""), tr("T"),
                  known ? relation_.detector.gapAbove : std::nan(""), tr("large"));
}

void ScatterView::fill(PrecisionRecallPlot& curve) const {
    const Detector& detector = relation_.detector;
    const bool known = relation_.points && relation_.points->count() > 0;
    QVector<double> recall, precision;
    for (const DetectorPoint& point : detector.curve) {
        recall.append(point.recall);
        precision.append(point.precision);
    }
    curve.setCurve(recall, precision);
    curve.setBaseRate(known ? detector.baseRate : std::nan(""));
    const bool raised = known && detector.atThreshold.raised > 0 && detector.large > 0;
    curve.setPoint(
        raised ? std::optional(QPointF(detector.atThreshold.recall, detector.atThreshold.precision)) : std::nullopt,
        tr("at T"));
}

ScatterView::DensityPicture ScatterView::densityOf(const StepPoints& points, const std::vector<std::size_t>& picked,
                                                   const ScatterAxis& horizontal, const ScatterAxis& vertical,
                                                   QSize cells, const PlotTheme& theme) {
    DensityPicture density;
    density.horizontal = horizontal;
    density.vertical = vertical;
    const ScatterCounts all = countPoints(points.x, points.y, horizontal, vertical, cells);
    density.largest = all.largest;
    density.all = densityImage(all, between(theme.background, theme.first, 0.25), theme.first);
    if (!picked.empty()) {
        std::vector<float> x, y;
        for (const std::size_t point : picked) {
            x.push_back(points.x[point]);
            y.push_back(points.y[point]);
        }
        density.picked = densityImage(countPoints(x, y, horizontal, vertical, cells),
                                      between(theme.background, theme.second, 0.45), theme.second);
    }
    return density;
}

void ScatterView::requestDensity() {
    if (!relation_.points || relation_.points->count() <= kMostDots) {
        densities_.reset();
        plot_->setDensity({}, {}, {}, {});
        return;
    }
    const QSize cells = (QSizeF(plot_->plotPixels()) / kCellPixels).toSize().expandedTo(QSize(1, 1));
    densities_.start([points = relation_.points, picked = picked_, horizontal = plot_->horizontalAxis(),
                      vertical = plot_->verticalAxis(), cells, theme = PlotTheme::of(palette(), font())] {
        return densityOf(*points, picked, horizontal, vertical, cells, theme);
    });
}

bool ScatterView::ensureRelation() const {
    if (!relation_.points && sis_.series() && gap_.series()) {
        sis_.update();
        gap_.update();
        relation_ = relate(sis_.values(), gap_.values(), large_, session_.results().threshold());
        if (!relation_.points->limits.isNull())
            plot_->setLimits(relation_.points->limits);
    }
    return relation_.points && relation_.points->count() > 0;
}

std::optional<Figure> ScatterView::figure() const {
    if (!ensureRelation())
        return std::nullopt;
    Figure figure;
    figure.name = QStringLiteral("scatter");
    figure.width = kPageMillimetres;
    figure.height = 66;
    const QSize cells(260, 200);
    DensityPicture density;
    if (relation_.points->count() > kMostDots)
        density = densityOf(*relation_.points, picked_, plot_->horizontalAxis(), plot_->verticalAxis(), cells,
                            PlotTheme::print());
    // Plots of their own, filled now: what is drawn later is what is shown now.
    auto plot = std::make_shared<ScatterPlot>();
    auto curve = std::make_shared<PrecisionRecallPlot>();
    plot->setTheme(PlotTheme::print());
    curve->setTheme(PlotTheme::print());
    plot->setLogarithmic(plot_->isLogarithmic());
    plot->xAxis->setRange(plot_->xAxis->range());
    plot->yAxis->setRange(plot_->yAxis->range());
    fill(*plot);
    fill(*curve);
    plot->setDensity(density.all, density.picked, density.horizontal, density.vertical);
    figure.draw = [plot, curve, caption = caption()](QCPPainter& painter, QSize size) {
        const PlotTheme theme = PlotTheme::print();
        const int left = size.width() * 58 / 100, line = 44;
        painter.fillRect(QRect(QPoint(), size), theme.background);
        plot->toPainter(&painter, left, size.height() - line);
        painter.save();
        painter.translate(left, 0);
        curve->toPainter(&painter, size.width() - left, size.height() - line);
        painter.restore();
        painter.setFont(theme.font);
        painter.setPen(theme.muted);
        painter.drawText(QRect(0, size.height() - line, size.width(), line), Qt::AlignLeft | Qt::AlignVCenter, caption);
    };
    return figure;
}

std::optional<DataTable> ScatterView::dataTable() const {
    if (!ensureRelation())
        return std::nullopt;
    const StepPoints& points = *relation_.points;
    std::vector<QString> episodes;
    std::vector<qint64> steps;
    for (std::size_t point = 0; point < points.count(); ++point) {
        episodes.push_back(session_.episodeName(points.episode[point]));
        steps.push_back(points.step[point]);
    }
    return DataTable{QStringLiteral("scatter"),
                     {{tr("episode"), std::move(episodes)},
                      {tr("step"), std::move(steps)},
                      {tr("SIS (mean S)"), points.x},
                      {tr("action gap (normalized)"), points.y}}};
}

QString ScatterView::statistics() const {
    return correlation_->text() + QLatin1Char('\n') + detector_->text();
}

QString ScatterView::caption() const {
    const Correlation& correlation = relation_.correlation;
    const Detector& detector = relation_.detector;
    const bool overEpisodes = std::isfinite(correlation.pearsonOverEpisodes.low);
    return tr("%1 steps; Pearson r %2, Spearman ρ %3; average precision %4 (chance %5)")
        .arg(QLocale().toString(qlonglong(detector.steps)),
             estimate(overEpisodes ? correlation.pearsonOverEpisodes : correlation.pearson),
             estimate(overEpisodes ? correlation.spearmanOverEpisodes : correlation.spearman),
             share(detector.averagePrecision), share(detector.baseRate));
}

void ScatterView::showStatistics() {
    const Correlation& correlation = relation_.correlation;
    const Detector& detector = relation_.detector;
    if (!relation_.points || relation_.points->count() == 0) {
        correlation_->setText(tr("No step has both SIS and a gap yet."));
        detector_->clear();
        return;
    }
    const bool overEpisodes = std::isfinite(correlation.pearsonOverEpisodes.low);
    const auto row = [](const QString& name, const QString& value) {
        return QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td><b>%2</b></td></tr>").arg(name, value);
    };
    correlation_->setText(
        QStringLiteral("<table>") + row(tr("Steps"), stepsText()) +
        row(tr("Pearson r"), estimate(overEpisodes ? correlation.pearsonOverEpisodes : correlation.pearson)) +
        row(tr("Spearman ρ"), estimate(overEpisodes ? correlation.spearmanOverEpisodes : correlation.spearman)) +
        QStringLiteral("</table>"));
    correlation_->setToolTip(
        tr("%1 steps of %2 episodes.\nIn brackets the 95 % interval %3.\nTaking steps as independent: Pearson %4, "
           "Spearman %5 – too narrow, for the steps of an episode resemble each other.")
            .arg(correlation.steps)
            .arg(correlation.episodes)
            .arg(overEpisodes ? tr("over whole episodes (bootstrap)")
                              : tr("over steps (too few episodes for a bootstrap)"))
            .arg(estimate(correlation.pearson), estimate(correlation.spearman)));

    detector_->setText(QStringLiteral("<table>") +
                       row(tr("Average precision"),
                           tr("%1, chance %2").arg(share(detector.averagePrecision), share(detector.baseRate))) +
                       row(tr("At the threshold T"),
                           tr("precision %1, recall %2")
                               .arg(share(detector.atThreshold.precision), share(detector.atThreshold.recall))) +
                       QStringLiteral("</table>"));
    detector_->setToolTip(
        tr("SIS as a detector of gaps above %1: %2 of %3 steps have one.\nIt needs no quantized policy; "
           "chance is the share of such steps. T is the threshold of the critical states.")
            .arg(significant(detector.gapAbove))
            .arg(detector.large)
            .arg(detector.steps));
}

QString ScatterView::stepsText() const {
    const StepPoints& points = *relation_.points;
    const QLocale locale;
    QString text = locale.toString(qulonglong(points.count()));
    if (points.count() > kMostDots && mostInACell_ > 0)
        text += tr(", up to %1 at one place").arg(locale.toString(mostInACell_));
    if (plot_->isLogarithmic()) {
        qulonglong zeros = 0;
        for (std::size_t point = 0; point < points.count(); ++point)
            zeros += !(points.x[point] > 0) || !(points.y[point] > 0);
        if (zeros > 0)
            text += tr(", %1 of them zero: not shown").arg(locale.toString(zeros));
    }
    if (!picked_.empty())
        text += tr(", %1 picked out").arg(locale.toString(qulonglong(picked_.size())));
    return text;
}

void ScatterView::updateCursor() {
    const Selection& selection = session_.selection();
    const EpisodeResults& results = session_.results().episode(selection.episode());
    const auto at = static_cast<std::size_t>(std::max<qint64>(0, selection.step()));
    const int index = gapBox_->currentIndex();
    const std::vector<float> none;
    const auto& gap =
        index >= 0 && std::size_t(index) < gaps_.size() ? results.gapOf(gaps_[std::size_t(index)].compared) : none;
    if (at < results.sis.size() && at < gap.size() && std::isfinite(results.sis[at]) && std::isfinite(gap[at]))
        plot_->setCursorPoint(QPointF(double(results.sis[at]), double(gap[at])));
    else
        plot_->setCursorPoint(std::nullopt);
}

void ScatterView::goTo(const QPointF& pixel) {
    if (!relation_.points)
        return;
    const QRectF area(plot_->axisRect()->rect());
    const auto point = relation_.points->nearest(
        (pixel.x() - area.left()) / area.width(), (area.bottom() - pixel.y()) / area.height(),
        kReachPixels / area.height(), area.width() / area.height(), plot_->horizontalAxis(), plot_->verticalAxis());
    if (point)
        session_.selection().setEpisode(relation_.points->episode[*point], relation_.points->step[*point]);
    else
        session_.selection().clearBrushed();
}

void ScatterView::updateEmptyState() {
    if (session_.hasRollouts() && session_.hasQuantized()) {
        setCurrentIndex(0);
        return;
    }
    empty_->setTexts(tr("Nothing to set against SIS"),
                     session_.hasPolicy() && session_.hasRollouts()
                         ? tr("Make a low-bit version of the policy (Analysis ▸ Quantize), or drop one on this window: "
                              "its action gap is shown against SIS.")
                         : tr("Drop a policy (.pt2), its quantized version and rollouts (.hdf5) on this window."));
    setCurrentIndex(1);
}

}  // namespace sqil
