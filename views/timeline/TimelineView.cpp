#include "views/timeline/TimelineView.h"

#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <cmath>

#include "views/session/Paths.h"
#include "views/timeline/TimelineExport.h"
#include "widgets/EmptyState.h"
#include "widgets/Numbers.h"
#include "widgets/TimelinePlot.h"

namespace sqil {

TimelineView::TimelineView(StudioSession& session, QWidget* parent) : QStackedWidget(parent), session_(session) {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    plot_ = new TimelinePlot(page);
    plot_->setAccessibleName(tr("SIS and action gap over the steps of the episode"));
    column->addWidget(plot_, 1);
    addWidget(page);
    empty_ = new EmptyState(this);
    addWidget(empty_);

    Selection& selection = session_.selection();
    connect(plot_, &TimelinePlot::cursorMoved, &selection, &Selection::setStep);
    connect(&selection, &Selection::stepChanged, this, &TimelineView::updateCursor);
    connect(&selection, &Selection::episodeChanged, this, &TimelineView::newEpisode);
    connect(&selection, &Selection::topPercentChanged, this, [this](double percent) {
        const QSignalBlocker quiet(topPercent_);
        topPercent_->setValue(percent);
    });
    connect(&session_, &StudioSession::cardChanged, this, &TimelineView::newEpisode);
    connect(&session_, &StudioSession::comparisonChanged, this, &TimelineView::newEpisode);
    connect(&session_.results(), &Results::wasReset, this, &TimelineView::updateTracks);
    connect(&session_.results(), &Results::episodeUpdated, this, [this](int episode) {
        updateThresholdText();
        if (episode == session_.selection().episode())
            updateTracks();
    });
    connect(&session_.results(), &Results::thresholdChanged, this, &TimelineView::updateTracks);
    updateEmptyState();
}

QWidget* TimelineView::makeHeader() {
    auto* header = new QWidget(this);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(8, 4, 12, 2);
    row->setSpacing(6);
    transport_ = new QHBoxLayout;
    transport_->setSpacing(0);
    row->addLayout(transport_);

    speed_ = new QComboBox(header);
    speed_->setFocusPolicy(Qt::TabFocus);
    speed_->setAccessibleName(tr("Playing speed"));
    speed_->setToolTip(tr("Playing speed: 1× is the policy's control rate"));
    for (const double factor : {0.1, 0.25, 0.5, 1.0, 2.0, 4.0})
        speed_->addItem(tr("%1×").arg(QLocale().toString(factor)), factor);
    speed_->setCurrentIndex(3);
    connect(speed_, &QComboBox::activated, this,
            [this] { session_.playback().setSpeed(speed_->currentData().toDouble()); });
    row->addWidget(speed_);
    row->addSpacing(6);

    position_ = new QLabel(header);
    position_->setAccessibleName(tr("Position"));
    state_ = new QLabel(header);
    state_->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(position_);
    row->addWidget(state_);
    row->addStretch();

    auto* label = new QLabel(tr("Critical: top"), header);
    topPercent_ = new QDoubleSpinBox(header);
    topPercent_->setRange(0.1, 99.9);
    topPercent_->setDecimals(1);
    topPercent_->setSingleStep(1);
    topPercent_->setSuffix(tr(" %"));
    topPercent_->setValue(session_.selection().topPercent());
    topPercent_->setKeyboardTracking(false);
    topPercent_->setFocusPolicy(Qt::StrongFocus);
    topPercent_->setAccessibleName(tr("Share of states that are critical"));
    topPercent_->setToolTip(tr("Critical states are those whose SIS is among the highest p % of the whole data set"));
    label->setBuddy(topPercent_);
    connect(topPercent_, &QDoubleSpinBox::valueChanged, &session_, &StudioSession::setTopPercent);
    threshold_ = new QLabel(header);
    threshold_->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(label);
    row->addWidget(topPercent_);
    row->addWidget(threshold_);
    jumps_ = new QHBoxLayout;
    jumps_->setSpacing(0);
    row->addLayout(jumps_);
    return header;
}

void TimelineView::setCommands(const QList<QAction*>& transport, const QList<QAction*>& jumps) {
    const auto add = [](QHBoxLayout* row, const QList<QAction*>& actions) {
        for (QAction* action : actions) {
            auto* button = new QToolButton;
            button->setDefaultAction(action);
            button->setAutoRaise(true);
            button->setFocusPolicy(Qt::TabFocus);
            button->setAccessibleName(action->text().remove(QLatin1Char('&')));
            row->addWidget(button);
        }
    };
    add(transport_, transport);
    add(jumps_, jumps);
}

std::optional<Figure> TimelineView::figure() const {
    return timelineFigure(*plot_, session_.controlRate());
}

std::optional<DataTable> TimelineView::dataTable() const {
    return timelineTable(session_);
}

QString TimelineView::position() const {
    return position_->text();
}

void TimelineView::newEpisode() {
    updateEmptyState();
    plot_->setSteps(session_.selection().steps(), session_.controlRate());
    updateTracks();
    updateCursor();
}

void TimelineView::updateTracks() {
    const int episode = session_.selection().episode();
    if (episode < 0)
        return;
    const Results& results = session_.results();
    const EpisodeResults& values = results.episode(episode);
    std::vector<TimelinePlot::Track> tracks;
    if (session_.hasPolicy()) {
        TimelinePlot::Track sis;
        sis.name = tr("SIS");
        sis.unit = tr("mean S");
        sis.values = values.sis;
        if (std::isfinite(results.threshold())) {
            sis.threshold = results.threshold();
            sis.thresholdLabel = tr("T %1").arg(significant(results.threshold()));
        }
        tracks.push_back(std::move(sis));
    }
    if (session_.hasQuantized()) {
        TimelinePlot::Track gap;
        gap.name = tr("Action gap");
        gap.unit = tr("normalized");
        gap.compared = true;
        gap.values = values.gap;
        tracks.push_back(std::move(gap));
    }
    plot_->setTracks(std::move(tracks));
    updateBands();
    updateCursor();
    updateThresholdText();
}

void TimelineView::updateBands() {
    const int episode = session_.selection().episode();
    plot_->setBands(StepBands::where(session_.selection().steps(),
                                     [&](qint64 step) { return session_.results().isCritical(episode, step); }));
}

void TimelineView::updateCursor() {
    const Selection& selection = session_.selection();
    plot_->setCursorStep(selection.step());
    if (selection.episode() < 0)
        return;
    const double rate = session_.controlRate();
    QString text = tr("%1 · step %2 of %3")
                       .arg(session_.episodeName(selection.episode()))
                       .arg(selection.step())
                       .arg(selection.steps());
    if (rate > 0)
        text += tr(" · %1 s").arg(QLocale().toString(double(selection.step()) / rate, 'f', 2));
    position_->setText(text);
    state_->setText(session_.results().isCritical(selection.episode(), selection.step()) ? tr("critical") : QString());
}

void TimelineView::updateThresholdText() {
    const Results& results = session_.results();
    if (!session_.hasPolicy() || results.totalSteps() == 0) {
        threshold_->clear();
        return;
    }
    threshold_->setText(results.analysedSteps() < results.totalSteps()
                            ? tr("of %1 states so far").arg(results.analysedSteps())
                            : tr("of %1 states").arg(results.totalSteps()));
    threshold_->setToolTip(tr("Threshold T: SIS %1, over %2 of %3 states of the data set")
                               .arg(significant(results.threshold()))
                               .arg(results.analysedSteps())
                               .arg(results.totalSteps()));
}

void TimelineView::updateEmptyState() {
    if (session_.hasRollouts() && !session_.hasPolicy()) {
        empty_->setTexts(
            tr("No policy to analyse"),
            tr("Drop the full-precision policy (.pt2) on this window: SIS and the action gap appear here."));
        setCurrentIndex(1);
    } else if (!session_.hasRollouts()) {
        empty_->setTexts(tr("No episode selected"),
                         tr("The timeline shows SIS and the action gap over an episode's steps."));
        setCurrentIndex(1);
    } else {
        setCurrentIndex(0);
    }
}

}  // namespace sqil
