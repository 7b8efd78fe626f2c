#include "views/benchmark/BenchmarkView.h"

#include <QComboBox>
#include <QFileDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "views/benchmark/BenchmarkBars.h"
#include "widgets/EmptyState.h"
#include "widgets/IntervalBars.h"
#include "widgets/LabelledPoints.h"
#include "widgets/Numbers.h"
#include "widgets/SvgIcon.h"

namespace sqil {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// "W4A16, 1 x 4096 x 4096, groups of 128" as it fits beside a point.
QString shortKernel(QString name) {
    return name.replace(QStringLiteral(" x "), QStringLiteral("×"))
        .replace(QStringLiteral(", groups of "), QStringLiteral(" g"))
        .remove(QStringLiteral(", per channel"))
        .replace(QStringLiteral(", "), QStringLiteral(" "));
}

/// Of success against latency: no other point is both faster and better.
LabelledLine frontOf(std::vector<LabelledPoint> points) {
    LabelledLine front{BenchmarkView::tr("best for its time"), {}, {}, false};
    std::ranges::sort(points, {}, &LabelledPoint::x);
    double best = -1;
    for (const LabelledPoint& point : points)
        if (point.y > best) {
            best = point.y;
            front.x << point.x;
            front.y << point.y;
        }
    return front;
}

LabelledLine roofOf(const QString& name, double bandwidth, double peak, double least, double most) {
    const double ridge = peak / bandwidth;
    LabelledLine roof{name, {}, {}, true};
    for (const double intensity : {std::min(least, ridge / 2), ridge, std::max(most, ridge * 2)}) {
        roof.x << intensity;
        roof.y << std::min(intensity * bandwidth, peak);
    }
    return roof;
}

}  // namespace

BenchmarkView::BenchmarkView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent),
      session_(session),
      reading_([this](BenchmarkContents contents) { take(std::move(contents)); }) {
    empty_ = new EmptyState(this);
    empty_->setTexts(tr("Nothing measured yet"),
                     tr("Measure a policy's latency, memory and energy at each bit width on this machine, or drop "
                        "reports of other machines here (JSON of “sqil bench”)."));
    empty_->setButton(tr("Measure…"));
    connect(empty_, &EmptyState::buttonClicked, this, &BenchmarkView::benchmarkRequested);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeList());
    splitter->addWidget(makePlots());
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({280, 700});
    addWidget(empty_);
    addWidget(splitter);
    connect(&session_, &StudioSession::projectChanged, this, &BenchmarkView::refresh);
    updatePlots();
}

QWidget* BenchmarkView::makeList() {
    auto* side = new QWidget(this);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->setSpacing(2);
    const auto add = [&](const char* name, const char* iconName, const QString& text, const QString& tip, auto run) {
        auto* button = new QToolButton(side);
        button->setObjectName(QLatin1String(name));
        button->setIcon(icon(iconName));
        button->setText(text);
        button->setToolTip(tip);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        connect(button, &QToolButton::clicked, this, run);
        bar->addWidget(button);
        return button;
    };
    add("measure", "play", tr("Measure…"), tr("A benchmark as a job of this project"),
        &BenchmarkView::benchmarkRequested);
    add("importReports", "open", tr("Import…"), tr("Reports that “sqil bench … --json” has written on other machines"),
        &BenchmarkView::chooseImport);
    remove_ = add("removeReport", "unused", tr("Remove"), tr("Take the report out of the project (Delete)"),
                  &BenchmarkView::removeSelected);
    bar->addStretch();
    column->addLayout(bar);
    list_ = new QListWidget(side);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setAccessibleName(tr("Benchmark reports"));
    list_->setTextElideMode(Qt::ElideRight);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setSpacing(1);
    list_->installEventFilter(this);
    connect(list_, &QListWidget::itemChanged, this, [this](const QListWidgetItem* item) {
        const RecordId id = item->data(Qt::UserRole).toLongLong();
        std::erase(unticked_, id);
        if (item->checkState() != Qt::Checked)
            unticked_.push_back(id);
        updatePlots();
    });
    connect(list_, &QListWidget::currentItemChanged, this,
            [this](const QListWidgetItem* item) { remove_->setEnabled(item != nullptr); });
    column->addWidget(list_, 1);
    return side;
}

QWidget* BenchmarkView::makePlots() {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(8, 4, 8, 6);
    column->setSpacing(2);
    choice_ = new QComboBox(page);
    choice_->setAccessibleName(tr("What the benchmark plot shows"));
    for (const auto measure :
         {BenchmarkMeasure::Latency, BenchmarkMeasure::Memory, BenchmarkMeasure::Energy, BenchmarkMeasure::SpeedUp})
        choice_->addItem(titleOf(measure));
    choice_->addItem(tr("Kernels under the roofs"));
    choice_->addItem(tr("Success against latency"));
    choice_->addItem(tr("Training step"));
    choice_->addItem(tr("Training step, relative"));
    choice_->addItem(tr("Saliency of a frame"));
    choice_->addItem(tr("Saliency of a frame, relative"));
    choice_->addItem(tr("Rollouts"));
    connect(choice_, &QComboBox::currentIndexChanged, this, &BenchmarkView::updatePlots);
    auto* head = new QHBoxLayout;
    head->addWidget(choice_);
    head->addStretch();
    column->addLayout(head);
    plots_ = new QStackedWidget(page);
    bars_ = new IntervalBars(plots_);
    points_ = new LabelledPoints(plots_);
    note_ = new QLabel(plots_);
    note_->setAlignment(Qt::AlignCenter);
    note_->setWordWrap(true);
    note_->setForegroundRole(QPalette::PlaceholderText);
    plots_->addWidget(bars_);
    plots_->addWidget(points_);
    plots_->addWidget(note_);
    column->addWidget(plots_, 1);
    return page;
}

bool BenchmarkView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == list_ && (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (event->type() == QEvent::ShortcutOverride && (key == Qt::Key_Space || key == Qt::Key_Delete)) {
            event->accept();  // here it ticks a report off instead of playing
            return true;
        }
        if (event->type() == QEvent::KeyPress && key == Qt::Key_Delete) {
            removeSelected();
            return true;
        }
    }
    return QStackedWidget::eventFilter(watched, event);
}

void BenchmarkView::refresh() {
    reading_.start([path = session_.contents().path] { return readBenchmarks(path); });
}

void BenchmarkView::take(BenchmarkContents contents) {
    if (contents.project != session_.contents().path)
        return;
    if (contents.project != contents_.project)
        unticked_.clear();
    const bool isNew = contents.reports.size() > contents_.reports.size() || contents.project != contents_.project;
    const RecordId current = list_->currentItem() ? list_->currentItem()->data(Qt::UserRole).toLongLong() : 0;
    contents_ = std::move(contents);
    {
        const QSignalBlocker quiet(list_);
        list_->clear();
        for (const BenchmarkReport& one : contents_.reports) {
            auto* item = new QListWidgetItem(one.title, list_);
            item->setData(Qt::UserRole, qlonglong(one.record.id));
            item->setToolTip(one.details);
            item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
            item->setCheckState(std::ranges::find(unticked_, one.record.id) == unticked_.end() ? Qt::Checked
                                                                                               : Qt::Unchecked);
            if (one.record.id == current)
                list_->setCurrentItem(item);
        }
    }
    remove_->setEnabled(list_->currentItem() != nullptr);
    setCurrentIndex(contents_.reports.empty() ? 0 : 1);
    updatePlots();
    if (isNew)
        chooseWhatIsThere();
}

BenchmarkView::Shown BenchmarkView::shown() const {
    return Shown(std::max(0, choice_->currentIndex()));
}

std::vector<const BenchmarkReport*> BenchmarkView::ticked(const char* kind) const {
    std::vector<const BenchmarkReport*> reports;
    for (const BenchmarkReport& one : contents_.reports)
        if (one.kind == QLatin1String(kind) && std::ranges::find(unticked_, one.record.id) == unticked_.end())
            reports.push_back(&one);
    return reports;
}

QString BenchmarkView::note() const {
    return plots_->currentWidget() == note_ ? note_->text() : QString();
}

void BenchmarkView::showNote(const QString& text) {
    note_->setText(text);
    plots_->setCurrentWidget(note_);
}

void BenchmarkView::fill(IntervalBars& bars) const {
    BenchmarkBars filled;
    switch (shown()) {
        case Training:
        case TrainingRatio:
            filled = barsOfTraining(ticked("train"), shown() == TrainingRatio);
            break;
        case Saliency:
        case SaliencyRatio:
            filled = barsOfSaliency(ticked("saliency"), shown() == SaliencyRatio);
            break;
        case RolloutRate:
            filled = barsOfRollouts(ticked("rollouts"));
            break;
        default:
            filled = barsOf(ticked("policy"), BenchmarkMeasure(int(shown())));
    }
    bars.setBars(filled.groups, std::move(filled.series), filled.axis, filled.unit);
}

void BenchmarkView::fill(LabelledPoints& plot) const {
    std::vector<LabelledPoint> points;
    std::vector<LabelledLine> lines;
    int series = 0;
    if (shown() == Kernels) {
        plot.setAxes(tr("arithmetic intensity (operations a byte of weights)"), tr("achieved (Gop/s)"), true, true);
        const auto reports = ticked("kernels");
        for (const BenchmarkReport* one : reports) {
            const Roofline roofline = rooflineOf(one->report);
            double least = INFINITY, most = 0;
            for (const KernelPoint& kernel : roofline.kernels) {
                least = std::min(least, kernel.intensity);
                most = std::max(most, kernel.intensity);
                points.push_back({shortKernel(kernel.name),
                                  tr("%1\n%2\n%3 Gop/s: %4 % of the arithmetic roof\n%5 GB/s: %6 % of the reading roof")
                                      .arg(kernel.name, one->title, significant(kernel.gigaOperations),
                                           significant(100 * kernel.gigaOperations / kernel.arithmeticRoof),
                                           significant(kernel.gigabytes),
                                           significant(100 * kernel.gigabytes / roofline.readGigabytes)),
                                  kernel.intensity, kernel.gigaOperations, kNone, kNone, series});
            }
            if (!(most > 0) || !(roofline.readGigabytes > 0))
                continue;
            const QString of = reports.size() > 1 ? QStringLiteral(", ") + one->title : QString();
            if (roofline.floatGigaOperations > 0)
                lines.push_back(
                    roofOf(tr("%1 GB/s, %2 Gflop/s%3")
                               .arg(significant(roofline.readGigabytes), significant(roofline.floatGigaOperations), of),
                           roofline.readGigabytes, roofline.floatGigaOperations, least, most));
            if (roofline.integerGigaOperations > 0)
                lines.push_back(
                    roofOf(tr("8-bit integers: %1 Gop/s%2").arg(significant(roofline.integerGigaOperations), of),
                           roofline.readGigabytes, roofline.integerGigaOperations, least, most));
            ++series;
        }
    } else {
        plot.setAxes(tr("one step, median (ms)"), tr("success (% of episodes)"), true, false);
        for (const BenchmarkReport* one : ticked("policy")) {
            std::vector<LabelledPoint> own;
            for (const SuccessPoint& point : contents_.successes)
                if (point.report == one->record.id)
                    own.push_back({point.way,
                                   tr("%1, %2\n%3 % of %4 episodes, 95 % interval %5 to %6 %\n%7 ms a step")
                                       .arg(point.way, one->title, significant(100 * point.success))
                                       .arg(point.episodes)
                                       .arg(significant(100 * point.low), significant(100 * point.high),
                                            significant(point.milliseconds)),
                                   point.milliseconds, 100 * point.success, 100 * point.low, 100 * point.high, series});
            if (own.empty())
                continue;
            if (own.size() > 1)
                lines.push_back(frontOf(own));
            points.insert(points.end(), own.begin(), own.end());
            ++series;
        }
    }
    plot.setPoints(std::move(points), std::move(lines));
}

void BenchmarkView::updatePlots() {
    const bool hasPolicies = !ticked("policy").empty();
    switch (shown()) {
        case Kernels:
            fill(*points_);
            points_->setAccessibleName(tr("Kernels: achieved operations a second under the machine's roofs"));
            if (points_->points().empty())
                return showNote(tr("No kernels were measured. Measure… ▸ Benchmark kernels."));
            return plots_->setCurrentWidget(points_);
        case Success:
            fill(*points_);
            points_->setAccessibleName(tr("Success against latency"));
            if (points_->points().empty())
                return showNote(hasPolicies ? tr("No evaluation in this project is of a policy that was measured. "
                                                 "Roll it out: Jobs ▸ New job… ▸ Evaluate.")
                                            : tr("No policy was measured, or none is ticked."));
            return plots_->setCurrentWidget(points_);
        default:
            fill(*bars_);
            bars_->setAccessibleName(tr("%1 of each way, with 95 % intervals").arg(choice_->currentText()));
            if (!bars_->series().empty())
                return plots_->setCurrentWidget(bars_);
            showNote(missingBars());
    }
}

QString BenchmarkView::missingBars() const {
    switch (shown()) {
        case Training:
        case TrainingRatio:
            return tr("No training was measured, or none is ticked. Measure… ▸ Benchmark training.");
        case Saliency:
        case SaliencyRatio:
            return tr("No saliency was measured, or none is ticked. Measure… ▸ Benchmark saliency.");
        case RolloutRate:
            return tr("No rollouts were measured, or none are ticked. Measure… ▸ Benchmark rollouts.");
        default:
            return ticked("policy").empty() ? tr("No policy was measured, or none is ticked.")
                   : shown() == Energy      ? tr("No energy was measured: these machines show no counter that may be "
                                                      "read. The reports' tooltips say why.")
                                            : tr("The ticked reports do not have it.");
    }
}

void BenchmarkView::chooseWhatIsThere() {
    const int chosen = choice_->currentIndex();
    for (int index = 0; !note().isEmpty() && index < choice_->count(); ++index)
        choice_->setCurrentIndex(index);
    if (!note().isEmpty())
        choice_->setCurrentIndex(chosen);
}

void BenchmarkView::chooseImport() {
    const QStringList files =
        QFileDialog::getOpenFileNames(this, tr("Import benchmark reports"), {}, tr("Reports of sqil bench (*.json)"));
    if (!files.isEmpty())
        session_.importBenchmarks(files);
}

void BenchmarkView::removeSelected() {
    const QListWidgetItem* item = list_->currentItem();
    if (!item)
        return;
    const RecordId id = item->data(Qt::UserRole).toLongLong();
    for (const BenchmarkReport& one : contents_.reports)
        if (one.record.id == id)
            return session_.removeBenchmark(one.record, one.title);
}

std::optional<Figure> BenchmarkView::figure() const {
    Figure figure;
    figure.name = QStringLiteral("benchmark");
    figure.height = 66;
    if (isPoints()) {
        auto plot = std::make_shared<LabelledPoints>();
        plot->setTheme(PlotTheme::print());
        fill(*plot);
        if (plot->points().empty())
            return std::nullopt;
        figure.draw = [plot](QCPPainter& painter, QSize size) {
            plot->toPainter(&painter, size.width(), size.height());
        };
        return figure;
    }
    auto plot = std::make_shared<IntervalBars>();
    plot->setTheme(PlotTheme::print());
    fill(*plot);
    if (plot->series().empty())
        return std::nullopt;
    figure.draw = [plot](QCPPainter& painter, QSize size) { plot->toPainter(&painter, size.width(), size.height()); };
    return figure;
}

std::optional<DataTable> BenchmarkView::dataTable() const {
    std::vector<QString> machines, names;
    std::vector<double> first, second, third;
    if (isPoints()) {
        for (const LabelledPoint& point : points_->points()) {
            names.push_back(point.name);
            first.push_back(point.x);
            second.push_back(point.y);
        }
        if (names.empty())
            return std::nullopt;
        return DataTable{QStringLiteral("benchmark"),
                         {{tr("name"), std::move(names)},
                          {points_->xAxis->label(), std::move(first)},
                          {points_->yAxis->label(), std::move(second)}}};
    }
    for (const IntervalBars::Series& series : bars_->series())
        for (qsizetype way = 0; way < bars_->groups().size(); ++way) {
            const IntervalBar& bar = series.bars[std::size_t(way)];
            if (!std::isfinite(bar.value))
                continue;
            machines.push_back(series.name);
            names.push_back(bars_->groups()[way]);
            first.push_back(bar.value);
            second.push_back(bar.low);
            third.push_back(bar.high);
        }
    if (names.empty())
        return std::nullopt;
    return DataTable{QStringLiteral("benchmark"),
                     {{tr("report"), std::move(machines)},
                      {tr("way"), std::move(names)},
                      {bars_->yAxis->label(), std::move(first)},
                      {tr("95 % low"), std::move(second)},
                      {tr("95 % high"), std::move(third)}}};
}

}  // namespace sqil
