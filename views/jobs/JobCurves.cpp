#include "views/jobs/JobCurves.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QVBoxLayout>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "views/session/Paths.h"

namespace sqil {
namespace {

struct Chart {
    QString title, axis;
    std::vector<std::pair<const char*, QString>> values;  ///< name in the metrics, name in the legend
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
        {JobCurves::tr("Success"), JobCurves::tr("share of episodes"), {{"success", JobCurves::tr("success")}}},
        {JobCurves::tr("Return"), JobCurves::tr("return"), {{"return", JobCurves::tr("return")}}}};
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

void JobCurves::add(const JobDetails& details) {
    Run& run = runs_[details.job];
    if (details.restarted)
        run = {};
    for (const JobMetrics& metrics : details.metrics) {
        const auto data = nlohmann::json::parse(metrics.dataJson, nullptr, /*allow_exceptions=*/false);
        if (!data.is_object())
            continue;
        const qsizetype at = run.step.size();
        run.step << double(metrics.step);
        for (const auto& [name, value] : data.items())
            if (value.is_number()) {
                QVector<double>& column = run.values[toQString(name)];
                column.resize(at, std::numeric_limits<double>::quiet_NaN());
                column << value.get<double>();
            }
        for (QVector<double>& column : run.values)
            column.resize(at + 1, std::numeric_limits<double>::quiet_NaN());
    }
    update();
}

void JobCurves::clear() {
    runs_.clear();
    jobs_.clear();
    update();
}

qint64 JobCurves::steps(RecordId job) const {
    const auto run = runs_.find(job);
    return run == runs_.end() || run->step.isEmpty() ? 0 : qint64(run->step.last());
}

QMap<QString, double> JobCurves::lastValues(RecordId job) const {
    QMap<QString, double> last;
    const auto run = runs_.find(job);
    if (run != runs_.end())
        for (auto column = run->values.begin(); column != run->values.end(); ++column)
            for (const double value : *column)
                if (std::isfinite(value))
                    last[column.key()] = value;
    return last;
}

void JobCurves::update() {
    const auto all = charts();
    for (std::size_t index = 0; index < plots_.size(); ++index) {
        const Chart& chart = all[std::size_t(choices_[index]->currentIndex())];
        QVector<Curve> curves;
        for (std::size_t run = 0; run < jobs_.size(); ++run) {
            const auto found = runs_.find(jobs_[run].first);
            if (found == runs_.end())
                continue;
            for (std::size_t kind = 0; kind < chart.values.size(); ++kind) {
                const auto column = found->values.find(QLatin1String(chart.values[kind].first));
                if (column == found->values.end())
                    continue;
                // One run: its values are told apart by colour; several: runs by colour, values by line style.
                const bool alone = jobs_.size() == 1;
                const QString name = alone ? chart.values[kind].second
                                     : chart.values.size() == 1
                                         ? jobs_[run].second
                                         : jobs_[run].second + QStringLiteral(": ") + chart.values[kind].second;
                curves << Curve{name, alone ? int(kind) : int(run), alone ? 0 : int(kind), found->step, *column};
            }
        }
        plots_[index]->setLabels(
            chart.title == tr("Success") || chart.title == tr("Return") ? tr("episodes or policies") : tr("step"),
            chart.axis);
        plots_[index]->setEmptyText(jobs_.empty() ? tr("Choose one job, or several to compare them")
                                                  : tr("Nothing measured yet"));
        plots_[index]->setCurves(std::move(curves));
    }
}

}  // namespace sqil
