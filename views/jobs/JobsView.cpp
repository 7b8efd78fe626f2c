#include "views/jobs/JobsView.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTabWidget>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>

#include "views/jobs/DeviceUse.h"
#include "views/jobs/JobCurves.h"
#include "views/jobs/JobDialog.h"
#include "views/jobs/JobLog.h"
#include "views/jobs/JobParameters.h"
#include "views/jobs/JobSummary.h"
#include "views/jobs/JobsModel.h"
#include "views/session/Paths.h"
#include "widgets/EmptyState.h"
#include "widgets/Numbers.h"
#include "widgets/SvgIcon.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr QSize kPlotSize(620, 260);

/// A thin bar under the text of the progress column.
class ProgressDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyledItemDelegate::paint(painter, option, index);
        const double share = index.data(JobsModel::ShareRole).toDouble();
        if (share <= 0 || share >= 1)
            return;
        const QRectF line(option.rect.left() + 3, option.rect.bottom() - 2, option.rect.width() - 6, 2);
        painter->fillRect(line, option.palette.color(QPalette::Mid));
        painter->fillRect(QRectF(line.left(), line.top(), line.width() * share, line.height()),
                          option.palette.color(QPalette::Highlight));
    }
};

json parsed(const std::string& text) {
    const json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
    return value.is_object() ? value : json::object();
}

/// Paths of a stored specification as the form shows them.
json absoluteParameters(const std::filesystem::path& project, const JobRecord& job) {
    json parameters = parsed(job.parametersJson);
    const JobKind* kind = findJobKind(job.kind);
    for (auto& [name, value] : parameters.items()) {
        const JobParameter* parameter = kind ? kind->find(name) : nullptr;
        if (!parameter || !value.is_string() ||
            (parameter->type != ParameterType::File && parameter->type != ParameterType::Folder))
            continue;
        const std::filesystem::path path(value.get<std::string>());
        const bool isCommand = parameter->file == FileKind::Program && !path.has_parent_path();
        if (!path.empty() && path.is_relative() && !path.string().starts_with('@') && !isCommand)
            value = (project.parent_path() / path).lexically_normal().string();
    }
    return parameters;
}

}  // namespace

JobsView::JobsView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent), session_(session), feed_(new JobsFeed(this)), model_(new JobsModel(this)) {
    empty_ = new EmptyState(this);
    empty_->setTexts(
        tr("No jobs yet"),
        tr("Repair the quantized policy by training, roll it out in a simulator, or measure it. Jobs go on "
           "when the window is closed."));
    empty_->setButton(tr("Repair…"));
    connect(empty_, &EmptyState::buttonClicked, this, [this] { newJob(); });
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeList());
    splitter->addWidget(makeDetails());
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 6);
    splitter->setSizes({480, 760});
    addWidget(empty_);
    addWidget(splitter);
    connect(&session_, &StudioSession::projectChanged, this, &JobsView::followProject);
    connect(feed_, &JobsFeed::changed, this, &JobsView::take);
    connect(feed_, &JobsFeed::errorOccurred, this, &JobsView::errorOccurred);
    connect(feed_, &JobsFeed::jobEnded, this, [this](const JobRecord& job) {
        if (!policiesOf(job).empty())
            session_.refreshProject();
        emit jobEnded(job);
    });
    connect(feed_, &JobsFeed::detailsArrived, this, [this](const JobDetails& details) {
        curves_->add(details);
        auto& lines = logs_[details.job];
        if (details.restarted)
            lines.clear();
        lines.insert(lines.end(), details.log.begin(), details.log.end());
        if (details.job == logged_) {
            if (details.restarted)
                log_->clear();
            log_->add(details.log);
        }
    });
    clock_.setInterval(1000);
    connect(&clock_, &QTimer::timeout, this, &JobsView::updateTime);
    clock_.start();
    updateButtons();
}

std::optional<Figure> JobsView::figure() const {
    return curves_->figure();
}

std::optional<DataTable> JobsView::dataTable() const {
    return curves_->dataTable();
}

QToolButton* JobsView::addButton(QWidget* bar, const char* name, const char* iconName, const QString& text,
                                 std::function<void()> run) {
    auto* button = new QToolButton(bar);
    button->setObjectName(QLatin1String(name));
    button->setIcon(icon(iconName));
    button->setText(text);
    button->setToolTip(text);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(button, &QToolButton::clicked, this, [run = std::move(run)] { run(); });
    bar->layout()->addWidget(button);
    return button;
}

QWidget* JobsView::makeList() {
    auto* list = new QWidget(this);
    auto* column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* bar = new QWidget(list);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(6, 3, 6, 3);
    line->setSpacing(2);
    addButton(bar, "newJob", "quantize", tr("New…"), [this] { newJob(); });
    addButton(bar, "pause", "pause", tr("Pause"), [this] { changeSelected(&JobStore::pause); });
    addButton(bar, "resume", "play", tr("Resume"), [this] { changeSelected(&JobStore::resume); });
    addButton(bar, "cancel", "close", tr("Cancel"), [this] { changeSelected(&JobStore::cancel); });
    addButton(bar, "duplicate", "compared", tr("Duplicate…"), [this] { duplicate(); });
    addButton(bar, "remove", "unused", tr("Remove"), [this] { changeSelected(&JobStore::remove); });
    button("duplicate")->setToolTip(tr("A new job with these parameters, to be changed"));
    button("cancel")->setToolTip(tr("Stop; training keeps a checkpoint and can be resumed"));
    button("remove")->setToolTip(tr("Take it out of the list; the files it has made stay"));
    line->addStretch();
    column->addWidget(bar);
    tree_ = new QTreeView(list);
    tree_->setModel(model_);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->setUniformRowHeights(true);
    tree_->setAllColumnsShowFocus(true);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->setAccessibleName(tr("Jobs"));
    tree_->setItemDelegateForColumn(JobsModel::Progress, new ProgressDelegate(tree_));
    tree_->header()->setStretchLastSection(false);
    tree_->header()->setSectionResizeMode(JobsModel::Name, QHeaderView::Stretch);
    tree_->setColumnWidth(JobsModel::State, 78);
    tree_->setColumnWidth(JobsModel::Progress, 150);
    tree_->setColumnWidth(JobsModel::Left, 92);
    column->addWidget(tree_, 1);
    connect(tree_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &JobsView::updateDetails);
    connect(tree_, &QTreeView::customContextMenuRequested, this, &JobsView::showMenu);
    return list;
}

QWidget* JobsView::makeDetails() {
    auto* details = new QWidget(this);
    auto* column = new QVBoxLayout(details);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(10, 4, 8, 4);
    title_ = new QLabel(details);
    title_->setTextFormat(Qt::RichText);
    title_->setMinimumWidth(100);
    compare_ = new QPushButton(icon("compared"), tr("Compare in the workbench"), details);
    compare_->setToolTip(tr("Show the policy that this job has made beside the full-precision one"));
    export_ = new QPushButton(icon("export"), tr("Summary…"), details);
    export_->setToolTip(tr("Write this job's summary page as HTML or PDF"));
    head->addWidget(title_, 1);
    head->addWidget(compare_);
    head->addWidget(export_);
    column->addLayout(head);
    tabs_ = new QTabWidget(details);
    tabs_->setDocumentMode(true);
    tabs_->setAccessibleName(tr("Details of the job"));
    curves_ = new JobCurves(tabs_);
    log_ = new JobLog(tabs_);
    parameters_ = new JobParameters(tabs_);
    summary_ = new QTextBrowser(tabs_);
    summary_->setOpenLinks(false);
    summary_->setFrameShape(QFrame::NoFrame);
    tabs_->addTab(curves_, tr("Curves"));
    tabs_->addTab(log_, tr("Log"));
    tabs_->addTab(parameters_, tr("Parameters"));
    tabs_->addTab(summary_, tr("Summary"));
    column->addWidget(tabs_, 1);
    connect(compare_, &QPushButton::clicked, this, &JobsView::compareResult);
    connect(export_, &QPushButton::clicked, this, &JobsView::chooseSummaryFile);
    connect(tabs_, &QTabWidget::currentChanged, this, &JobsView::updateDetails);
    return details;
}

QToolButton* JobsView::button(const char* name) const {
    return findChild<QToolButton*>(QLatin1String(name));
}

void JobsView::followProject() {
    const auto& path = session_.contents().path;
    if (feed_->snapshot()->project == path)
        return;
    curves_->clear();
    log_->clear();
    logs_.clear();
    logged_ = wanted_ = 0;
    feed_->open(path);
}

/// What the feed has seen.
void JobsView::take() {
    const auto& jobs = feed_->snapshot()->jobs;
    const auto before = selectedJobs();
    const RecordId current = wanted_ != 0 ? wanted_ : before.empty() ? 0 : before.front().id;
    const int rows = model_->rowCount();
    model_->setJobs(jobs);
    setCurrentIndex(jobs.empty() ? 0 : 1);
    if (model_->rowCount() != rows)
        tree_->expandAll();
    if (const QModelIndex index = model_->indexOf(current);
        index.isValid() && (wanted_ != 0 || !tree_->selectionModel()->hasSelection())) {
        wanted_ = 0;
        tree_->setCurrentIndex(index);
    }
    if (!tree_->selectionModel()->hasSelection() && model_->rowCount() > 0)
        tree_->setCurrentIndex(model_->index(model_->rowCount() - 1, 0));
    updateDetails();
    int running = 0, waiting = 0;
    double share = 0;
    for (const JobRecord& job : jobs) {
        if (job.isGroup())
            continue;
        running += job.state == JobState::Running;
        waiting += job.state == JobState::Queued;
        share += job.state == JobState::Running ? job.share() : 0;
    }
    emit queueChanged(running, waiting, running > 0 ? share / running : 0);
}

std::vector<JobRecord> JobsView::selectedJobs() const {
    std::vector<JobRecord> jobs;
    for (const QModelIndex& index : tree_->selectionModel()->selectedRows())
        if (const JobRecord* job = model_->job(index))
            jobs.push_back(*job);
    std::ranges::sort(jobs, {}, &JobRecord::id);
    return jobs;
}

void JobsView::select(RecordId job) {
    if (const QModelIndex index = model_->indexOf(job); index.isValid())
        tree_->setCurrentIndex(index);
    else
        wanted_ = job;
}

void JobsView::updateDetails() {
    // A group stands for the jobs below it.
    std::vector<JobRecord> shown;
    for (const JobRecord& job : selectedJobs()) {
        if (!job.isGroup()) {
            shown.push_back(job);
            continue;
        }
        for (const JobRecord& below : feed_->snapshot()->jobs)
            if (below.parent == job.id)
                shown.push_back(below);
    }
    std::vector<RecordId> ids;
    std::vector<std::pair<RecordId, QString>> named;
    for (const JobRecord& job : shown)
        if (std::ranges::find(ids, job.id) == ids.end()) {
            ids.push_back(job.id);
            named.emplace_back(job.id, toQString(job.name));
        }
    feed_->watch(ids);
    curves_->setJobs(named);
    for (const JobRecord& job : shown)
        curves_->setAbsent(job.id, absentDeviceUse(job));
    const RecordId logged = ids.empty() ? 0 : ids.front();
    if (logged != logged_) {
        logged_ = logged;
        log_->clear();
        log_->add(logs_[logged]);
    }
    if (tabs_->currentWidget() == parameters_)
        parameters_->setJobs(shown);
    if (tabs_->currentWidget() == summary_ && !shown.empty())
        summary_->setHtml(summaryHtml());
    updateButtons();
    updateTime();
}

void JobsView::updateTime() {
    const auto selected = selectedJobs();
    if (selected.empty()) {
        title_->clear();
        return;
    }
    const JobRecord* job = model_->job(selected.front().id);
    if (!job)
        return;
    QStringList parts{JobsModel::stateText(*job)};
    if (job->state == JobState::Running && !job->stage.empty())
        parts << (job->total > 0 ? tr("%1 %2 of %3").arg(toQString(job->stage)).arg(job->done).arg(job->total)
                                 : toQString(job->stage));
    if (const auto left = job->secondsLeft(millisecondsNow()))
        parts << tr("%1 left").arg(duration(*left));
    else if (job->startedAt > 0)
        parts << duration(job->activeSeconds(millisecondsNow()));
    if (job->state == JobState::Running && job->memoryBytes > 0)
        parts << deviceUse(*job).join(QStringLiteral(", "));
    if (!job->message.empty())
        parts << toQString(job->message);
    QString name = toQString(job->name);
    if (selected.size() > 1)
        name = tr("%n jobs", nullptr, int(selected.size()));
    const QString rest = title_->fontMetrics().elidedText(
        parts.join(QStringLiteral("  ·  ")), Qt::ElideRight,
        std::max(100, title_->width() - 40 - title_->fontMetrics().horizontalAdvance(name)));
    title_->setText(QStringLiteral("<b>%1</b>&nbsp;&nbsp;<span style='color:%2'>%3</span>")
                        .arg(name.toHtmlEscaped(), palette().color(QPalette::PlaceholderText).name(),
                             selected.size() > 1 ? QString() : rest.toHtmlEscaped()));
    if (job->state == JobState::Running)
        parts << absentDeviceUse(*job);
    title_->setToolTip(parts.join(QLatin1Char('\n')));
    if (std::ranges::any_of(feed_->snapshot()->jobs,
                            [](const JobRecord& one) { return one.state == JobState::Running; }))
        tree_->viewport()->update();
}

void JobsView::updateButtons() {
    const auto selected = selectedJobs();
    const bool writable = !feed_->snapshot()->readOnly && session_.hasProject();
    const auto any = [&](auto holds) { return writable && std::ranges::any_of(selected, holds); };
    button("newJob")->setEnabled(writable);
    button("pause")->setEnabled(any([](const JobRecord& job) {
        return job.state == JobState::Queued || (job.state == JobState::Running && job.request == JobRequest::None);
    }));
    button("resume")->setEnabled(any([](const JobRecord& job) {
        return job.state == JobState::Paused || job.state == JobState::Failed || job.state == JobState::Cancelled;
    }));
    button("cancel")->setEnabled(
        any([](const JobRecord& job) { return !isOver(job.state) && job.request != JobRequest::Cancel; }));
    button("remove")->setEnabled(any([](const JobRecord& job) { return job.state != JobState::Running; }));
    button("duplicate")->setEnabled(writable && selected.size() == 1 && !selected.front().isGroup());
    compare_->setEnabled(selected.size() == 1 && !policiesOf(selected.front()).empty());
    export_->setEnabled(selected.size() == 1);
}

void JobsView::changeSelected(Result<void> (JobStore::*what)(RecordId)) {
    std::vector<RecordId> ids;
    for (const JobRecord& job : selectedJobs())
        ids.push_back(job.id);
    if (ids.empty())
        return;
    feed_->change(
        [ids, what](Project& project) -> Result<void> {
            JobStore store(project);
            Result<void> outcome;
            for (const RecordId id : ids)
                if (auto changed = (store.*what)(id); !changed && ids.size() == 1)
                    outcome = changed;  // of several, those that cannot are left as they are
            return outcome;
        },
        [this](const Result<void>& outcome) {
            if (!outcome)
                emit errorOccurred(toQString(outcome.error().message));
        });
}

JobDialog* JobsView::openDialog() {
    JobDialogContext context;
    context.project = session_.contents().path;
    for (const PolicyItem& item : session_.contents().policies)
        context.files.push_back({item.isQuantized() ? FileKind::Quantized : FileKind::Policy,
                                 toQString(item.record.name), toQString(item.record.path)});
    for (const PolicyItem& item : session_.contents().policies)
        if (item.isQuantized())  // what takes any policy is offered all
            context.files.push_back({FileKind::Policy, toQString(item.record.name), toQString(item.record.path)});
    for (const RolloutsItem& item : session_.contents().rollouts)
        context.files.push_back({FileKind::Rollouts, toQString(item.record.name), toQString(item.record.path)});
    if (session_.hasPolicy())
        context.policy = toQString(session_.comparison().policy.path);
    if (session_.hasQuantized())
        context.quantized = toQString(session_.comparison().quantized->path);
    if (session_.hasRollouts())
        context.rollouts = toQString(session_.comparison().rolloutsRecord.path);
    auto* dialog = new JobDialog(context, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &JobDialog::submitted, this, &JobsView::submit);
    return dialog;
}

JobDialog* JobsView::newJob(const std::string& kind, const std::string& preset) {
    if (!session_.hasProject())
        return nullptr;
    JobDialog* dialog = openDialog();
    if (kind != "train")
        dialog->setKind(kind);
    if (!preset.empty())
        dialog->setPreset(preset);
    dialog->open();
    return dialog;
}

void JobsView::duplicate() {
    const auto selected = selectedJobs();
    if (selected.size() != 1)
        return;
    const JobRecord& job = selected.front();
    JobDialog* dialog = openDialog();
    dialog->setSpec({.kind = job.kind,
                     .parameters = absoluteParameters(feed_->snapshot()->project, job),
                     .priority = job.priority,
                     .device = job.device,
                     .launcher = job.launcher});
    dialog->setWindowTitle(tr("New job like “%1”").arg(toQString(job.name)));
    dialog->open();
}

void JobsView::submit(const JobBatch& batch) {
    auto added = std::make_shared<std::vector<RecordId>>();
    feed_->change(
        [batch, added](Project& project) -> Result<void> {
            return sqil::submit(project, batch).map([&](std::vector<RecordId> ids) { *added = std::move(ids); });
        },
        [this, added](const Result<void>& outcome) {
            if (!outcome)
                emit errorOccurred(toQString(outcome.error().message));
            else
                select(added->size() > 1 ? added->at(1) : added->front());
        });
}

void JobsView::showMenu(const QPoint& at) {
    QMenu menu(this);
    for (const char* name : {"pause", "resume", "cancel", "duplicate", "remove"}) {
        QToolButton* source = button(name);
        QAction* action = menu.addAction(source->icon(), source->text(), source, &QToolButton::click);
        action->setEnabled(source->isEnabled());
    }
    menu.addSeparator();
    const auto selected = selectedJobs();
    const auto prioritize = [&](const QString& text, std::int64_t change) {
        QAction* action = menu.addAction(text, this, [this, selected, change] {
            feed_->change([selected, change](Project& project) -> Result<void> {
                for (const JobRecord& job : selected)
                    if (auto set = JobStore(project).setPriority(job.id, job.priority + change); !set)
                        return set;
                return {};
            });
        });
        action->setEnabled(!selected.empty() && !feed_->snapshot()->readOnly);
    };
    prioritize(tr("Higher priority"), 1);
    prioritize(tr("Lower priority"), -1);
    menu.exec(tree_->viewport()->mapToGlobal(at));
}

std::vector<RecordId> JobsView::policiesOf(const JobRecord& job) const {
    std::vector<RecordId> policies;
    const json result = parsed(job.resultJson);
    if (result.contains("policy") && result["policy"].is_number_integer())
        policies.push_back(result["policy"].get<RecordId>());
    if (result.contains("policies") && result["policies"].is_array())
        for (const json& one : result["policies"])
            if (one.is_number_integer())
                policies.push_back(one.get<RecordId>());
    return policies;
}

void JobsView::compareResult() {
    const auto selected = selectedJobs();
    if (selected.size() != 1)
        return;
    if (const auto policies = policiesOf(selected.front()); !policies.empty())
        session_.compareNewPolicy(policies.back());
}

QString JobsView::summaryHtml() const {
    const auto selected = selectedJobs();
    if (selected.empty())
        return {};
    std::vector<QPixmap> plots;
    const auto known = logs_.find(selected.front().id);
    if (curves_->steps(selected.front().id) > 0)
        for (int index = 0; index < 2; ++index)
            plots.push_back(curves_->plot(index)->picture(kPlotSize));
    return jobSummaryHtml(selected.front(), known == logs_.end() ? std::vector<JobLogLine>{} : known->second, plots);
}

Result<void> JobsView::exportSummary(const QString& file) const {
    return writeJobSummary(file, summaryHtml());
}

void JobsView::chooseSummaryFile() {
    const QString file = QFileDialog::getSaveFileName(this, tr("Write the summary"), tr("summary.html"),
                                                      tr("Web page (*.html);;PDF (*.pdf)"));
    if (file.isEmpty())
        return;
    if (const auto written = exportSummary(file); !written)
        emit errorOccurred(toQString(written.error().message));
}

}  // namespace sqil
