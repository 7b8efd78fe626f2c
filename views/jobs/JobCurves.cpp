#include "views/jobs/JobCurves.h"

#include <qcustomplot.h>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QVBoxLayout>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "views/session/Paths.h"
#include "widgets/PlotTheme.h"

namespace sqil {
namespace {

constexpr double kPlotMillimetres = 58;

struct Chart {
    QString title, axis;
    std::vector<std::pair<const char*, QString>> values;  ///< name in the metrics, name in the legend
    bool isOfDevice = false;                              ///< over time, not over steps
    double scale = 1;
    bool overEpisodes = false;
};

std::vector<Chart> charts() {
    return {
        {JobCurves::tr("Loss terms"),
         JobCurves::tr("loss"),
         {{"qat", QStringLiteral("L_QAT")},
          {"qrd_critical", JobCurves::tr("D at critical states")},
          {"qrd_other", JobCurves::tr("D at other states")}}},
        {JobCurves::tr("Whole loss"), JobCurves::tr("loss"), {{"loss", JobCurves::tr("loss")}}},
        {JobCurves::tr("Held-out action gap"),
         JobCurves::tr("gap, normalized"),
         {{"held_out_gap", JobCurves::tr("all states")},
          {"held_out_gap_critical", JobCurves::tr("critical")},
          {"held_out_gap_other", JobCurves::tr("others")}}},
        {JobCurves::tr("Quantizer steps"),
         JobCurves::tr("γ, geometric mean"),
         {{"weight_step", JobCurves::tr("weights")}, {"activation_step", JobCurves::tr("activations")}}},
        {JobCurves::tr("Learning rate"), JobCurves::tr("learning rate"), {{"learning_rate", JobCurves::tr("rate")}}},
        {JobCurves::tr("Gradient norm"), JobCurves::tr("‖∇L‖₂"), {{"gradient_norm", JobCurves::tr("norm")}}},
        {JobCurves::tr("Speed"), JobCurves::tr("steps per second"), {{"steps_per_second", JobCurves::tr("speed")}}},
        {JobCurves::tr("Success"),
         JobCurves::tr("share of episodes"),
         {{"success", JobCurves::tr("success")},
          {"success_low", JobCurves::tr("95 % interval, low")},
          {"success_high", JobCurves::tr("95 % interval, high")}},
         false,
         1,
         true},
        {JobCurves::tr("Return"), JobCurves::tr("return"), {{"return", JobCurves::tr("return")}}, false, 1, true},
        {JobCurves::tr("Device use"),
         JobCurves::tr("use, %"),
         {{"processor", JobCurves::tr("processor, % of one")}, {"gpu_percent", JobCurves::tr("GPU")}},
         true},
        {JobCurves::tr("Memory"),
         JobCurves::tr("memory, MiB"),
         {{"memory", JobCurves::tr("the job's")}, {"gpu_memory", JobCurves::tr("GPU, all programs")}},
         true,
         1.0 / (1 << 20)},
        {JobCurves::tr("Power"),
         JobCurves::tr("power, W"),
         {{"cpu_watts", JobCurves::tr("processors")}, {"gpu_watts", JobCurves::tr("GPU")}},
         true}};
}

}  // namespace

JobCurves::JobCurves(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 8, 6);
    column->setSpacing(4);
    std::array<QHBoxLayout*, 2> heads{};
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    for (std::size_t index = 0; index < plots_.size(); ++index) {
        auto* half = new QVBoxLayout;
        half->setSpacing(2);
        choices_[index] = new QComboBox(this);
        choices_[index]->setObjectName(QStringLiteral("chart%1").arg(index));
        choices_[index]->setAccessibleName(tr("What the plot shows"));
        for (const Chart& chart : charts())
            choices_[index]->addItem(chart.title);
        choices_[index]->setCurrentIndex(index == 0 ? 0 : 2);
        plots_[index] = new CurvesPlot(this);
        connect(choices_[index], &QComboBox::currentIndexChanged, this, &JobCurves::update);
        heads[index] = new QHBoxLayout;
        heads[index]->addWidget(choices_[index]);
        heads[index]->addStretch();
        half->addLayout(heads[index]);
        half->addWidget(plots_[index], 1);
        row->addLayout(half, 1);
    }
    smoothing_ = new QSlider(Qt::Horizontal, this);
    smoothing_->setRange(0, 98);
    smoothing_->setFixedWidth(110);
    smoothing_->setAccessibleName(tr("Smoothing"));
    smoothing_->setToolTip(tr("Exponential average over the past; the values stay behind it"));
    auto* logarithmic = new QCheckBox(tr("Logarithmic"), this);
    connect(smoothing_, &QSlider::valueChanged, this, [this](int value) {
        for (CurvesPlot* plot : plots_)
            plot->setSmoothing(value / 100.0);
    });
    connect(logarithmic, &QCheckBox::toggled, this, [this](bool on) {
        for (CurvesPlot* plot : plots_)
            plot->setLogarithmic(on);
    });
    heads[1]->addWidget(logarithmic);
    heads[1]->addSpacing(8);
    heads[1]->addWidget(new QLabel(tr("Smoothing"), this));
    heads[1]->addWidget(smoothing_);
    column->addLayout(row, 1);
    update();
}

void JobCurves::setJobs(const std::vector<std::pair<RecordId, QString>>& jobs) {
    if (jobs == jobs_)
        return;
    jobs_ = jobs;
    update();
}

void JobCurves::append(Run& run, double at, const std::string& text) {
    const auto data = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!data.is_object())
        return;
    const qsizetype row = run.step.size();
    run.step << at;
    for (const auto& [name, value] : data.items())
        if (value.is_number()) {
            QVector<double>& column = run.values[toQString(name)];
            column.resize(row, std::numeric_limits<double>::quiet_NaN());
            column << value.get<double>();
        }
    for (QVector<double>& column : run.values)
        column.resize(row + 1, std::numeric_limits<double>::quiet_NaN());
}

void JobCurves::add(const JobDetails& details) {
    Told& told = runs_[details.job];
    if (details.restarted)
        told = {};
    for (const JobMetrics& metrics : details.metrics)
        append(told.metrics, double(metrics.step), metrics.dataJson);
    for (const JobUsage& usage : details.usage) {
        if (told.firstTime == 0)
            told.firstTime = usage.time;
        append(told.usage, double(usage.time - told.firstTime) / 60e3, usage.dataJson);
    }
    update();
}

void JobCurves::setAbsent(RecordId job, const QStringList& reasons) {
    if (runs_[job].absent == reasons)
        return;
    runs_[job].absent = reasons;
    update();
}

void JobCurves::clear() {
    runs_.clear();
    jobs_.clear();
    update();
}

qint64 JobCurves::steps(RecordId job) const {
    const auto run = runs_.find(job);
    return run == runs_.end() || run->metrics.step.isEmpty() ? 0 : qint64(run->metrics.step.last());
}

QMap<QString, double> JobCurves::lastValues(RecordId job) const {
    QMap<QString, double> last;
    const auto run = runs_.find(job);
    if (run != runs_.end())
        for (auto column = run->metrics.values.begin(); column != run->metrics.values.end(); ++column)
            for (const double value : *column)
                if (std::isfinite(value))
                    last[column.key()] = value;
    return last;
}

std::optional<Figure> JobCurves::figure() const {
    struct Half {
        QString title;
        std::shared_ptr<CurvesPlot> plot;
    };
    std::vector<Half> halves;
    for (std::size_t index = 0; index < plots_.size(); ++index)
        if (!plots_[index]->curves().isEmpty())
            halves.push_back({choices_[index]->currentText(), plots_[index]->copy()});
    if (halves.empty())
        return std::nullopt;
    Figure figure;
    figure.name = QStringLiteral("jobs");
    figure.width = halves.size() > 1 ? kPageMillimetres : kColumnMillimetres;
    figure.height = kPlotMillimetres;
    figure.draw = [halves](QCPPainter& painter, QSize size) {
        const PlotTheme theme = PlotTheme::print();
        painter.fillRect(QRect(QPoint(), size), theme.background);
        const double width = size.width() / double(halves.size()), line = 1.4 * QFontMetricsF(theme.font).height();
        for (std::size_t index = 0; index < halves.size(); ++index) {
            const QRectF area(double(index) * width, 0, width, size.height());
            painter.setFont(theme.scaled(1, true));
            painter.setPen(theme.text);
            painter.drawText(QRectF(area.topLeft(), QSizeF(width, line)), Qt::AlignCenter, halves[index].title);
            halves[index].plot->drawOn(painter, area.adjusted(0, line, 0, 0), theme.unit);
        }
    };
    return figure;
}

std::optional<DataTable> JobCurves::dataTable() const {
    std::vector<QString> plots, curves, axes;
    std::vector<double> x, y;
    for (std::size_t index = 0; index < plots_.size(); ++index)
        for (const Curve& curve : plots_[index]->curves())
            for (qsizetype point = 0; point < std::min(curve.x.size(), curve.y.size()); ++point) {
                if (!std::isfinite(curve.y[point]))
                    continue;
                plots.push_back(choices_[index]->currentText());
                curves.push_back(curve.name);
                axes.push_back(plots_[index]->xLabel());
                x.push_back(curve.x[point]);
                y.push_back(curve.y[point]);
            }
    if (plots.empty())
        return std::nullopt;
    return DataTable{QStringLiteral("jobs"),
                     {{QStringLiteral("plot"), std::move(plots)},
                      {QStringLiteral("curve"), std::move(curves)},
                      {QStringLiteral("over"), std::move(axes)},
                      {QStringLiteral("at"), std::move(x)},
                      {QStringLiteral("value"), std::move(y)}}};
}

void JobCurves::update() {
    const auto all = charts();
    for (std::size_t index = 0; index < plots_.size(); ++index) {
        const Chart& chart = all[std::size_t(choices_[index]->currentIndex())];
        QVector<Curve> curves;
        QStringList absent;
        for (std::size_t run = 0; run < jobs_.size(); ++run) {
            const auto found = runs_.find(jobs_[run].first);
            if (found == runs_.end())
                continue;
            absent << found->absent;
            const Run& told = chart.isOfDevice ? found->usage : found->metrics;
            for (std::size_t kind = 0; kind < chart.values.size(); ++kind) {
                const auto column = told.values.find(QLatin1String(chart.values[kind].first));
                if (column == told.values.end())
                    continue;
                // One run: its values are told apart by colour; several: runs by colour, values by line style.
                const bool alone = jobs_.size() == 1;
                const QString name = alone ? chart.values[kind].second
                                     : chart.values.size() == 1
                                         ? jobs_[run].second
                                         : jobs_[run].second + QStringLiteral(": ") + chart.values[kind].second;
                QVector<double> values = *column;
                for (double& value : values)
                    value *= chart.scale;
                curves << Curve{name, alone ? int(kind) : int(run), alone ? 0 : int(kind), told.step, values};
            }
        }
        absent.removeDuplicates();
        plots_[index]->setLabels(chart.isOfDevice     ? tr("minutes since the start")
                                 : chart.overEpisodes ? tr("episodes or policies")
                                                      : tr("step"),
                                 chart.axis);
        plots_[index]->setEmptyText(jobs_.empty() ? tr("Choose one job, or several to compare them")
                                    : chart.isOfDevice && !absent.isEmpty() ? absent.join(QLatin1Char('\n'))
                                                                            : tr("Nothing measured yet"));
        choices_[index]->setToolTip(chart.isOfDevice && !absent.isEmpty()
                                        ? tr("Not measured:\n%1").arg(absent.join(QLatin1Char('\n')))
                                        : QString());
        plots_[index]->setCurves(std::move(curves));
    }
}

}  // namespace sqil
