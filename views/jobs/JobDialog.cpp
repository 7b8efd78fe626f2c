#include "views/jobs/JobDialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

#include "core/jobs/JobPresets.h"
#include "views/jobs/JobEstimator.h"
#include "views/session/Paths.h"
#include "widgets/Heading.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr int kCheckMilliseconds = 80;
constexpr int kSideWidth = 290;

QLabel* note(QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

}  // namespace

JobDialog::JobDialog(JobDialogContext context, QWidget* parent)
    : QDialog(parent), context_(std::move(context)), estimator_(std::make_unique<JobEstimator>()) {
    setWindowTitle(tr("New job"));
    auto* column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addWidget(makeHead());
    auto* middle = new QHBoxLayout;
    middle->setSpacing(14);
    scroll_ = new QScrollArea(this);
    scroll_->setWidgetResizable(true);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    middle->addWidget(scroll_, 1);
    middle->addWidget(makeSide());
    column->addLayout(middle, 1);
    problem_ = new QLabel(this);
    problem_->setObjectName(QStringLiteral("problem"));
    problem_->setWordWrap(true);
    column->addWidget(problem_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    start_ = buttons->addButton(tr("Start"), QDialogButtonBox::AcceptRole);
    start_->setObjectName(QStringLiteral("start"));
    start_->setDefault(true);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        if (const auto made = batch()) {
            emit submitted(*made);
            accept();
        }
    });
    checking_.setSingleShot(true);
    checking_.setInterval(kCheckMilliseconds);
    connect(&checking_, &QTimer::timeout, this, &JobDialog::update);
    connect(estimator_.get(), &JobEstimator::finished, this, [this](const QString& text) {
        estimated_->setText(text);
        estimate_->setText(tr("Measure again"));
    });
    setKind("train");
    resize(940, 640);
}

JobDialog::~JobDialog() = default;

QWidget* JobDialog::makeHead() {
    auto* head = new QWidget(this);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    kind_ = new QComboBox(head);
    kind_->setObjectName(QStringLiteral("kind"));
    for (const JobKind& kind : jobKinds()) {
        kind_->addItem(toQString(kind.title), toQString(kind.name));
        kind_->setItemData(kind_->count() - 1, toQString(kind.purpose), Qt::ToolTipRole);
    }
    kind_->setAccessibleName(tr("Kind of job"));
    preset_ = new QComboBox(head);
    preset_->setObjectName(QStringLiteral("preset"));
    preset_->setAccessibleName(tr("Preset"));
    name_ = new QLineEdit(head);
    name_->setAccessibleName(tr("Name"));
    name_->setToolTip(tr("What the job is called in the queue"));
    advanced_ = new QCheckBox(tr("&All settings"), head);
    advanced_->setObjectName(QStringLiteral("advanced"));
    line->addWidget(kind_);
    line->addWidget(preset_);
    line->addWidget(name_, 1);
    line->addWidget(advanced_);
    column->addLayout(line);
    note_ = note(head);
    column->addWidget(note_);
    connect(kind_, &QComboBox::activated, this, [this] { setKind(kind_->currentData().toString().toStdString()); });
    connect(preset_, &QComboBox::activated, this,
            [this] { setPreset(preset_->currentData().toString().toStdString()); });
    connect(name_, &QLineEdit::textChanged, &checking_, qOverload<>(&QTimer::start));
    connect(advanced_, &QCheckBox::toggled, this, [this](bool shown) { form_->setAdvancedShown(shown); });
    return head;
}

QWidget* JobDialog::makeSide() {
    auto* side = new QWidget(this);
    side->setFixedWidth(kSideWidth);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    const auto check = [this] { checking_.start(); };

    repeat_ = new QWidget(side);
    auto* repeat = new QFormLayout(repeat_);
    repeat->setContentsMargins(0, 0, 0, 6);
    repeat->addRow(heading(tr("Repeat for each"), repeat_));
    seeds_ = new QLineEdit(repeat_);
    seeds_->setObjectName(QStringLiteral("seeds"));
    seeds_->setPlaceholderText(tr("1,2,3"));
    seeds_->setToolTip(tr("One job for each seed, as one entry that unfolds"));
    bits_ = new QLineEdit(repeat_);
    bits_->setObjectName(QStringLiteral("bits"));
    bits_->setPlaceholderText(tr("4,8"));
    bits_->setToolTip(tr("One job for each bit width of the weights"));
    repeat->addRow(tr("Seeds"), seeds_);
    repeat->addRow(tr("Weight bits"), bits_);
    column->addWidget(repeat_);

    chain_ = new QWidget(side);
    auto* chain = new QVBoxLayout(chain_);
    chain->setContentsMargins(0, 0, 0, 6);
    chain->addWidget(heading(tr("Before and after"), chain_));
    analyseFirst_ = new QCheckBox(tr("Analyse first"), chain_);
    analyseFirst_->setToolTip(tr("SIS of all recorded steps, into the project"));
    evaluateThen_ = new QCheckBox(tr("Then roll out in"), chain_);
    evaluateThen_->setObjectName(QStringLiteral("evaluateThen"));
    evaluateThen_->setToolTip(tr("Success and return of the trained policy in a simulator"));
    environment_ = new QLineEdit(chain_);
    environment_->setObjectName(QStringLiteral("environment"));
    environment_->setPlaceholderText(QStringLiteral("metaworld/pick-place-v3"));
    environment_->setAccessibleName(tr("Simulator"));
    episodes_ = new QSpinBox(chain_);
    episodes_->setRange(1, 100000);
    episodes_->setValue(50);
    episodes_->setSuffix(tr(" episodes"));
    benchThen_ = new QCheckBox(tr("Then measure a training step"), chain_);
    benchThen_->setToolTip(tr("Time of a quantized training step against full precision and PyTorch"));
    chain->addWidget(analyseFirst_);
    chain->addWidget(evaluateThen_);
    chain->addWidget(environment_);
    chain->addWidget(episodes_);
    chain->addWidget(benchThen_);
    column->addWidget(chain_);

    auto* where = new QFormLayout;
    where->setContentsMargins(0, 0, 0, 6);
    where->addRow(heading(tr("When and where"), side));
    device_ = new QComboBox(side);
    device_->setEditable(true);
    device_->addItems({QStringLiteral("cpu"), QStringLiteral("cuda:0")});
    device_->setToolTip(tr("Jobs on one device wait for each other"));
    launcher_ = new QComboBox(side);
    launcher_->addItem(tr("this machine"), QStringLiteral("local"));
    launcher_->addItem(tr("Slurm"), QStringLiteral("slurm"));
    priority_ = new QSpinBox(side);
    priority_->setRange(-100, 100);
    priority_->setToolTip(tr("Larger comes first"));
    where->addRow(tr("Device"), device_);
    where->addRow(tr("Runs on"), launcher_);
    where->addRow(tr("Priority"), priority_);
    column->addLayout(where);

    column->addWidget(heading(tr("Time and memory"), side));
    estimate_ = new QPushButton(tr("Measure a few steps"), side);
    estimate_->setObjectName(QStringLiteral("estimate"));
    estimated_ = note(side);
    estimated_->setObjectName(QStringLiteral("estimated"));
    column->addWidget(estimate_);
    column->addWidget(estimated_);
    column->addStretch();
    connect(estimate_, &QPushButton::clicked, this, &JobDialog::estimate);
    for (QLineEdit* edit : {seeds_, bits_, environment_})
        connect(edit, &QLineEdit::textChanged, this, check);
    for (QCheckBox* box : {analyseFirst_, evaluateThen_, benchThen_})
        connect(box, &QCheckBox::toggled, this, check);
    connect(device_, &QComboBox::currentTextChanged, this, check);
    connect(launcher_, &QComboBox::currentTextChanged, this, check);
    return side;
}

/// The files that are on screen.
json JobDialog::beginning() const {
    json parameters = json::object();
    const auto* kind = findJobKind(kind_->currentData().toString().toStdString());
    const auto offer = [&](const char* name, const QString& path) {
        if (!path.isEmpty() && kind->find(name) && !kind->find(name)->isOutput)
            parameters[name] = path.toStdString();
    };
    offer("policy", context_.policy);
    offer("quantized", context_.quantized);
    offer("rollouts", context_.rollouts);
    return parameters;
}

void JobDialog::fillPresets() {
    preset_->clear();
    preset_->addItem(tr("Standard values"), QString());
    const std::string kind = kind_->currentData().toString().toStdString();
    for (const JobPreset& preset : jobPresets())
        if (preset.kind == kind) {
            preset_->addItem(toQString(preset.title), toQString(preset.name));
            preset_->setItemData(preset_->count() - 1, toQString(preset.note), Qt::ToolTipRole);
        }
    preset_->setEnabled(preset_->count() > 1);
}

void JobDialog::makeForm(const json& parameters) {
    const JobKind* kind = findJobKind(kind_->currentData().toString().toStdString());
    form_ = new JobForm(*kind, context_.files);
    form_->setParameters(parameters);
    form_->setAdvancedShown(advanced_->isChecked());
    scroll_->setWidget(form_);
    connect(form_, &JobForm::changed, this, [this] { checking_.start(); });
    estimate_->setEnabled(kind->measured);
    estimate_->setToolTip(kind->measured ? tr("Runs a small part of the job")
                                         : tr("This kind of job cannot be measured in part"));
    estimated_->clear();
    repeat_->setVisible(kind->find("seed") && kind->find("weights"));
    chain_->setVisible(kind->name == "train");
    update();
}

void JobDialog::setKind(const std::string& kind) {
    kind_->setCurrentIndex(kind_->findData(toQString(kind)));
    fillPresets();
    note_->setText(toQString(findJobKind(kind)->purpose));
    makeForm(beginning());
}

void JobDialog::setPreset(const std::string& name) {
    json parameters = beginning();
    const std::string kind = kind_->currentData().toString().toStdString();
    if (const auto preset = findPreset(kind, name); preset) {
        parameters.update(preset->parameters);
        note_->setText(toQString(preset->note));
    } else {
        note_->setText(toQString(findJobKind(kind)->purpose));
    }
    preset_->setCurrentIndex(std::max(0, preset_->findData(toQString(name))));
    makeForm(parameters);
}

void JobDialog::setSpec(const JobSpec& spec) {
    kind_->setCurrentIndex(kind_->findData(toQString(spec.kind)));
    fillPresets();
    device_->setEditText(toQString(spec.device));
    launcher_->setCurrentIndex(std::max(0, launcher_->findData(toQString(spec.launcher))));
    priority_->setValue(int(spec.priority));
    makeForm(spec.parameters);
}

Result<void> JobDialog::addGrid(JobBatch& batch, const char* parameter, const QString& text) const {
    const JobParameter* known = form_->kind().find(parameter);
    if (!known || text.trimmed().isEmpty() || !repeat_->isVisibleTo(this))
        return {};
    JobParameter list = *known;
    list.isList = true;
    auto values = parseValue(list, text.trimmed().remove(QLatin1Char(' ')).toStdString());
    if (!values)
        return tl::unexpected(values.error());
    batch.grid[std::string("main.") + parameter] = values->get<std::vector<json>>();
    return {};
}

/// What comes before and after a training.
void JobDialog::addSteps(JobBatch& batch, JobSpec main) const {
    JobSpec like;  // when and where they run
    like.device = main.device;
    like.launcher = main.launcher;
    like.priority = main.priority;
    const auto step = [&like](const char* kind, json parameters) {
        JobSpec spec = like;
        spec.kind = kind;
        spec.parameters = std::move(parameters);
        return spec;
    };
    const json policy = main.parameters.value("policy", json("")),
               rollouts = main.parameters.value("rollouts", json(""));
    if (analyseFirst_->isChecked()) {
        batch.jobs.push_back(step("analyze", {{"policy", policy}, {"rollouts", rollouts}}));
        batch.jobs.back().label = "analysis";
        main.after.emplace_back("analysis");
    }
    const json weights = form_->kind().value(main.parameters, "weights"),
               activations = form_->kind().value(main.parameters, "activations");
    batch.jobs.push_back(std::move(main));
    if (evaluateThen_->isChecked())
        batch.jobs.push_back(step("evaluate", {{"policy", "@main/policy"},
                                               {"env", environment_->text().trimmed().toStdString()},
                                               {"episodes", episodes_->value()}}));
    if (benchThen_->isChecked()) {
        batch.jobs.push_back(
            step("bench-train",
                 {{"policy", policy}, {"rollouts", rollouts}, {"weights", weights}, {"activations", activations}}));
        batch.jobs.back().after.emplace_back("main");
    }
}

Result<JobBatch> JobDialog::batch() const {
    auto parameters = form_->parameters();
    if (!parameters)
        return tl::unexpected(parameters.error());
    JobSpec spec{.kind = form_->kind().name, .name = name_->text().trimmed().toStdString(), .label = "main"};
    spec.parameters = std::move(*parameters);
    spec.device = device_->currentText().trimmed().toStdString();
    spec.launcher = launcher_->currentData().toString().toStdString();
    spec.priority = priority_->value();
    JobBatch batch;
    batch.name = spec.name;
    if (spec.kind == "train")
        addSteps(batch, std::move(spec));
    else
        batch.jobs.push_back(std::move(spec));
    if (auto added = addGrid(batch, "seed", seeds_->text()); !added)
        return tl::unexpected(added.error());
    if (auto added = addGrid(batch, "weights", bits_->text()); !added)
        return tl::unexpected(added.error());
    if (auto unfolded = unfold(batch); !unfolded)
        return tl::unexpected(unfolded.error());
    return batch;
}

QString JobDialog::problem() const {
    const auto made = batch();
    return made ? QString() : toQString(made.error().message);
}

void JobDialog::update() {
    form_->showProblems();
    const bool isEvaluated = evaluateThen_->isChecked();
    environment_->setEnabled(isEvaluated);
    episodes_->setEnabled(isEvaluated);
    const auto made = batch();
    const auto jobs = made ? unfold(*made) : Result<std::vector<JobSpec>>(tl::unexpected(made.error()));
    QPalette colours = palette();
    if (!jobs)
        colours.setColor(QPalette::WindowText, QColor(0xd6454b));
    problem_->setPalette(colours);
    problem_->setText(!jobs              ? toQString(jobs.error().message)
                      : jobs->size() > 1 ? tr("%n jobs, as one entry of the queue.", nullptr, int(jobs->size()))
                                         : QString());
    start_->setEnabled(jobs.has_value());
    name_->setPlaceholderText(jobs ? toQString(nameOf(jobs->front())) : tr("Name"));
}

void JobDialog::estimate() {
    const auto made = batch();
    if (!made) {
        estimated_->setText(toQString(made.error().message));
        return;
    }
    for (const JobSpec& spec : made->jobs)
        if (spec.label == "main") {
            estimated_->setText(tr("Measuring…"));
            estimator_->start(context_.project, spec);
        }
}

}  // namespace sqil
