#include "views/timeline/TimelineView.h"

#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QSettings>
#include <QToolButton>
#include <cmath>

#include "views/session/Paths.h"
#include "views/timeline/BookmarkMenu.h"
#include "views/timeline/TimelineExport.h"
#include "widgets/EmptyState.h"
#include "widgets/Numbers.h"
#include "widgets/SegmentedControl.h"
#include "widgets/SvgIcon.h"
#include "widgets/timeline/TimelinePlot.h"

namespace sqil {
namespace {

const QString kLanesSetting = QStringLiteral("timeline/lanes");

}  // namespace

TimelineView::TimelineView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent),
      session_(session),
      series_(new TimelineSeries(session, this)),
      bookmarks_(new BookmarkMenu(session, this)) {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    const QVariantMap stored = QSettings().value(kLanesSetting).toMap();
    for (auto lane = stored.begin(); lane != stored.end(); ++lane)
        chosenLanes_[lane.key()] = lane.value().toBool();
    column->addWidget(makeHeader());
    auto* scroll = new QScrollArea(page);  // more lanes than there is room for
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    plot_ = new TimelinePlot;
    plot_->setAccessibleName(tr("SIS and action gap over the steps of the episode"));
    scroll->setWidget(plot_);
    column->addWidget(scroll, 1);
    addWidget(page);
    empty_ = new EmptyState(this);
    addWidget(empty_);

    connect(plot_, &TimelinePlot::cursorMoved, this, [this](qint64 at) {
        const auto [episode, step] = series_->placeOf(at);
        session_.selection().setEpisode(episode, step);
    });
    connect(plot_, &TimelinePlot::thresholdMoved, this, [this](const QString&, double value) { moveThreshold(value); });
    connect(plot_, &TimelinePlot::thresholdReleased, this, [this] {
        if (dragFrom_)
            session_.finishTopPercent(*dragFrom_);
        dragFrom_.reset();
        updateLanes();
    });
    connect(plot_, &TimelinePlot::menuRequested, this, &TimelineView::showPlotMenu);
    connectSession();
    updateEmptyState();
}

void TimelineView::connectSession() {
    Selection& selection = session_.selection();
    Results& results = session_.results();
    connect(series_, &TimelineSeries::valuesChanged, this, [this] {
        plot_->seriesChanged();
        updateThresholdText();
    });
    connect(series_, &TimelineSeries::criticalChanged, this, &TimelineView::updateCritical);
    connect(&session_.selection(), &Selection::brushedChanged, this, &TimelineView::updatePicked);
    connect(&selection, &Selection::stepChanged, this, &TimelineView::updateCursor);
    connect(&selection, &Selection::episodeChanged, this, &TimelineView::followEpisode);
    connect(&selection, &Selection::topPercentChanged, this, [this](double percent) {
        const QSignalBlocker quiet(topPercent_);
        topPercent_->setValue(percent);
    });
    connect(&session_, &StudioSession::cardChanged, this, &TimelineView::rebuild);
    connect(&session_, &StudioSession::comparisonChanged, this, &TimelineView::rebuild);
    connect(&results, &Results::wasReset, this, [this] {
        series_->updateAll();
        updateThresholdText();
    });
    connect(&results, &Results::episodeUpdated, series_, &TimelineSeries::updateEpisode);
    connect(&results, &Results::episodesUpdated, series_, &TimelineSeries::updateAll);
    connect(&results, &Results::thresholdChanged, series_, &TimelineSeries::updateThreshold);
    connect(&session_.bookmarks(), &Bookmarks::changed, this, &TimelineView::updateFlags);
}

QWidget* TimelineView::makeHeader() {
    auto* header = header_ = new QWidget(this);
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

    scope_ = new SegmentedControl(header);
    scope_->addSegment(int(TimelineSeries::Scope::Episode), tr("Episode"), tr("The steps of this episode"));
    scope_->addSegment(int(TimelineSeries::Scope::DataSet), tr("All"),
                       tr("The steps of all episodes, one after the other (A)"));
    scope_->setCurrent(int(TimelineSeries::Scope::Episode));
    connect(scope_, &SegmentedControl::chosen, this, [this](int scope) { setScope(TimelineSeries::Scope(scope)); });
    row->addWidget(scope_);
    row->addSpacing(4);

    position_ = new QLabel(header);
    position_->setAccessibleName(tr("Position"));
    state_ = new QLabel(header);
    state_->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(position_);
    row->addWidget(state_);
    row->addStretch();

    auto* label = criticalLabel_ = new QLabel(tr("Critical: top"), header);
    topPercent_ = new QDoubleSpinBox(header);
    topPercent_->setRange(0.1, 99.9);
    topPercent_->setDecimals(1);
    topPercent_->setSingleStep(1);
    topPercent_->setSuffix(tr(" %"));
    topPercent_->setValue(session_.selection().topPercent());
    topPercent_->setKeyboardTracking(false);
    topPercent_->setFocusPolicy(Qt::StrongFocus);
    topPercent_->setAccessibleName(tr("Share of states that are critical"));
    topPercent_->setToolTip(
        tr("Critical states are those whose SIS is among the highest p % of the whole data set. The dashed line in the "
           "SIS lane can be dragged, too."));
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
    row->addWidget(makeLaneButton());
    return header;
}

/// Where the panel is narrow there is only what fits, the most useful first; nothing is squeezed.
void TimelineView::resizeEvent(QResizeEvent* event) {
    QStackedWidget::resizeEvent(event);
    const QList<QWidget*> optional{threshold_, criticalLabel_, speed_, state_, topPercent_, scope_, position_};
    for (QWidget* widget : optional)
        widget->hide();
    for (auto widget = optional.rbegin(); widget != optional.rend(); ++widget) {
        (*widget)->show();
        if (header_->layout()->minimumSize().width() > width())
            (*widget)->hide();
    }
}

QWidget* TimelineView::makeLaneButton() {
    auto* group = new QWidget(this);
    auto* row = new QHBoxLayout(group);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    laneMenu_ = new QMenu(tr("Lanes"), this);
    laneMenu_->setToolTipsVisible(true);
    connect(laneMenu_, &QMenu::aboutToShow, this, &TimelineView::fillLaneMenu);
    const auto button = [&](const char* iconName, const QString& text, const QString& toolTip, QMenu* menu) {
        auto* tool = new QToolButton(group);
        tool->setIcon(icon(iconName));
        tool->setAutoRaise(true);
        tool->setFocusPolicy(Qt::TabFocus);
        tool->setPopupMode(QToolButton::InstantPopup);
        tool->setMenu(menu);
        tool->setAccessibleName(text);
        tool->setToolTip(toolTip);
        row->addWidget(tool);
    };
    button("bookmark", tr("Bookmarks"), tr("Bookmarks and notes (B marks the step, Shift+B with a note)"), bookmarks_);
    button("lanes", tr("Lanes"), tr("Which lanes are shown"), laneMenu_);
    return group;
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
    return timelineFigure(plot_->scene());
}

std::optional<DataTable> TimelineView::dataTable() const {
    return timelineTable(session_);
}

QString TimelineView::position() const {
    return position_->text();
}

QString TimelineView::thresholdText() const {
    return threshold_->text();
}

bool TimelineView::isShown(const LaneChoice& choice) const {
    return chosenLanes_.value(choice.lane.key, choice.isShownFirst);
}

QStringList TimelineView::shownLanes() const {
    QStringList keys;
    for (const TimelineLane& lane : plot_->scene().lanes)
        keys << lane.key;
    return keys;
}

/// Everything anew: other steps, other lanes.
void TimelineView::rebuild() {
    updateEmptyState();
    std::vector<LaneChoice> shown;
    for (LaneChoice& choice : laneChoices(session_))
        if (isShown(choice))
            shown.push_back(std::move(choice));
    const bool sameSteps = series_->scope() == TimelineSeries::Scope(scope_->current());
    const StepRange visible = plot_->visibleSteps();
    const qint64 before = plot_->steps();
    series_->show(TimelineSeries::Scope(scope_->current()), session_.selection().episode(), std::move(shown));
    plot_->setSteps(series_->steps(), session_.controlRate(), series_->segments());
    updateLanes();
    updateCritical();
    updateFlags();
    updateCursor();
    if (sameSteps && before == series_->steps() && before > 0)
        plot_->setVisibleSteps(visible);
}

void TimelineView::followEpisode() {
    if (series_->scope() == TimelineSeries::Scope::Episode) {
        rebuild();
        plot_->showEverything();
    } else {
        updateCursor();
    }
}

void TimelineView::setScope(TimelineSeries::Scope scope) {
    scope_->setCurrent(int(scope));
    rebuild();
    plot_->showEverything();
}

void TimelineView::showLane(const QString& key, bool shown) {
    chosenLanes_[key] = shown;
    QVariantMap stored;
    for (auto lane = chosenLanes_.begin(); lane != chosenLanes_.end(); ++lane)
        stored[lane.key()] = lane.value();
    QSettings().setValue(kLanesSetting, stored);
    rebuild();
}

void TimelineView::fillLaneMenu() {
    laneMenu_->clear();
    for (const LaneChoice& choice : laneChoices(session_)) {
        const bool isAction = choice.lane.key.startsWith(QLatin1String("action/"));
        QAction* action = laneMenu_->addAction(isAction ? tr("Action: %1").arg(choice.lane.name) : choice.lane.name);
        action->setToolTip(choice.lane.toolTip);
        action->setCheckable(true);
        action->setChecked(isShown(choice));
        action->setEnabled(choice.lane.key != kSisLane);
        connect(action, &QAction::triggered, this, [this, key = choice.lane.key](bool shown) { showLane(key, shown); });
    }
}

void TimelineView::updateLanes() {
    plot_->setLanes(series_->lanes());
}

void TimelineView::updatePicked() {
    const StepSet& brushed = session_.selection().brushed();
    if (brushed.isEmpty() || series_->steps() == 0) {
        plot_->setPicked(nullptr);
        return;
    }
    std::vector<float> picked(static_cast<std::size_t>(series_->steps()), 0.f);
    for (const StepSet::Stretch& one : brushed.stretches()) {
        const qint64 first = series_->timelineStep(one.episode, one.first);
        if (first < 0)
            continue;  // of an episode that is not on the timeline
        const auto begin = picked.begin() + first;
        std::fill(begin, begin + std::min<qint64>(one.last - one.first + 1, series_->steps() - first), 1.f);
    }
    plot_->setPicked(std::make_shared<StepCounts>(picked, 0.5));
}

void TimelineView::updateCritical() {
    const double threshold = session_.results().threshold(), divergence = session_.results().divergenceThreshold();
    const auto known = [](double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; };
    plot_->setCritical(series_->critical());
    updatePicked();
    QString label = std::isfinite(threshold) ? thresholdLabel(threshold) : QString();
    if (dragFrom_)
        label += tr(" · top %1 % · %2 states critical")
                     .arg(QLocale().toString(session_.selection().topPercent(), 'f', 1),
                          QLocale().toString(session_.results().criticalStates()));
    plot_->setThreshold(kSisLane, known(threshold), label);
    plot_->setThreshold(kGapLane, known(divergence), tr("5 % largest"));
    updateThresholdText();
    updateCursor();
}

/// The threshold follows the mouse; what is critical follows the threshold.
void TimelineView::moveThreshold(double sis) {
    if (!dragFrom_)
        dragFrom_ = session_.selection().topPercent();
    const double percent = session_.results().topPercentOf(sis);
    if (std::isfinite(percent))
        session_.selection().setTopPercent(percent);
}

void TimelineView::updateFlags() {
    std::vector<TimelineFlag> flags;
    for (const Bookmark& bookmark : session_.bookmarks().all())
        if (const qint64 at = series_->timelineStep(bookmark.episode, bookmark.step); at >= 0)
            flags.push_back({at, bookmark.note});
    plot_->setFlags(std::move(flags));
}

void TimelineView::updateCursor() {
    const Selection& selection = session_.selection();
    if (selection.episode() < 0) {
        position_->clear();
        return;
    }
    plot_->setCursorStep(series_->timelineStep(selection.episode(), selection.step()));
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
    const QLocale locale;
    const QString critical = locale.toString(results.criticalStates());
    threshold_->setText(results.analysedSteps() < results.totalSteps()
                            ? tr("%1 of %2 states so far").arg(critical, locale.toString(results.analysedSteps()))
                            : tr("%1 of %2 states").arg(critical, locale.toString(results.totalSteps())));
    threshold_->setToolTip(tr("Threshold T: SIS %1, over %2 of %3 states of the data set")
                               .arg(significant(results.threshold()))
                               .arg(results.analysedSteps())
                               .arg(results.totalSteps()));
}

void TimelineView::toggleBookmark() {
    session_.toggleBookmark(session_.selection().episode(), session_.selection().step());
}

void TimelineView::writeNote() {
    bookmarks_->writeNote(session_.selection().episode(), session_.selection().step());
}

void TimelineView::showPlotMenu(const QPoint& position, qint64 at) {
    const auto [episode, step] = series_->placeOf(at);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Go to step %1").arg(step), this,
                    [this, episode, step] { session_.selection().setEpisode(episode, step); });
    menu->addAction(session_.bookmarks().find(episode, step) ? tr("Remove the bookmark of step %1").arg(step)
                                                             : tr("Bookmark step %1").arg(step),
                    this, [this, episode, step] { session_.toggleBookmark(episode, step); });
    menu->addAction(tr("Bookmark with a note…"), this, [this, episode, step] { bookmarks_->writeNote(episode, step); });
    menu->addSeparator();
    menu->addAction(tr("Show everything"), plot_, &TimelinePlot::showEverything);
    menu->addMenu(laneMenu_);
    menu->popup(position);
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
