#include "views/actions/ActionsView.h"

#include <QComboBox>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "views/actions/ActionValues.h"
#include "views/actions/ActionsExport.h"
#include "views/session/StepProbe.h"
#include "widgets/ActionBars.h"
#include "widgets/EmptyState.h"

namespace sqil {
namespace {

constexpr qint64 kSpreadReach = 60;  ///< steps around the cursor for which heads are asked how sure they are

QScrollArea* scrolled(QWidget* contents, QWidget* parent) {
    auto* scroll = new QScrollArea(parent);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(contents);
    return scroll;
}

}  // namespace

ActionsView::ActionsView(StudioSession& session, QWidget* parent) : QStackedWidget(parent), session_(session) {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    kinds_ = new QStackedWidget(page);
    bars_ = new ActionBars;
    bars_->setReach(reach_->currentData().toInt());
    distributions_ = new DistributionBars;
    kinds_->addWidget(scrolled(bars_, kinds_));
    kinds_->addWidget(scrolled(distributions_, kinds_));
    column->addWidget(kinds_, 1);
    hint_ = new EmptyState(page);
    hint_->setTexts(tr("Nothing to compare with"),
                    tr("Make a low-bit version of this policy, or drop one you have on the window."));
    hint_->setButton(tr("Quantize…"));
    hint_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(hint_, &EmptyState::buttonClicked, this, &ActionsView::quantizeRequested);
    column->addWidget(hint_);
    addWidget(page);
    empty_ = new EmptyState(this);
    addWidget(empty_);

    Selection& selection = session_.selection();
    connect(&selection, &Selection::stepChanged, this, &ActionsView::updateStep);
    connect(bars_, &ActionBars::stepPicked, &selection, &Selection::setStep);
    connect(&selection, &Selection::episodeChanged, this, &ActionsView::updateCourses);
    connect(&session_, &StudioSession::cardChanged, this, [this] {
        updateDimensions();
        updateCourses();
    });
    connect(&session_, &StudioSession::comparisonChanged, this, [this] {
        updateEmptyState();
        updateCourses();
    });
    connect(&session_.probe(), &StepProbe::spreadChanged, this, &ActionsView::updateCourses);
    connect(&session_.results(), &Results::wasReset, this, &ActionsView::updateCourses);
    connect(&session_.results(), &Results::episodeUpdated, this, [this](int episode) {
        if (episode == session_.selection().episode())
            updateCourses();
    });
    updateEmptyState();
}

QWidget* ActionsView::makeHeader() {
    auto* header = new QWidget(this);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(10, 4, 8, 0);
    row->setSpacing(6);
    auto* label = new QLabel(tr("Courses"), header);
    reach_ = new QComboBox(header);
    reach_->setFocusPolicy(Qt::TabFocus);
    reach_->setAccessibleName(tr("Steps that the courses show"));
    reach_->setToolTip(tr("How much of the episode the courses beneath the bars show"));
    for (const int reach : {10, 25, 100})
        reach_->addItem(tr("± %1 steps").arg(reach), reach);
    reach_->addItem(tr("whole episode"), 0);
    reach_->setCurrentIndex(1);
    label->setBuddy(reach_);
    connect(reach_, &QComboBox::currentIndexChanged, this, [this] { bars_->setReach(reach_->currentData().toInt()); });
    row->addWidget(label);
    row->addWidget(reach_);
    row->addStretch();
    return header;
}

std::optional<Figure> ActionsView::figure() const {
    return actionsFigure(session_);
}

std::optional<DataTable> ActionsView::dataTable() const {
    return actionsTable(session_);
}

void ActionsView::showEvent(QShowEvent* event) {
    QStackedWidget::showEvent(event);
    session_.probe().setSpreadWanted(true, kSpreadReach);
}

void ActionsView::hideEvent(QHideEvent* event) {
    QStackedWidget::hideEvent(event);
    session_.probe().setSpreadWanted(false);
}

void ActionsView::updateDimensions() {
    const std::size_t width =
        std::max(session_.card().dimensions.size(), session_.results().episode(session_.selection().episode()).width);
    bars_->setDimensions(actionDimensions(session_.card(), width));
}

void ActionsView::updateCourses() {
    const int episode = session_.selection().episode();
    const bool distribution = isDistribution(session_.card());
    kinds_->setCurrentIndex(distribution ? 1 : 0);
    reach_->parentWidget()->setVisible(!distribution);
    distributions_->setNames(policyNames(session_));
    if (!distribution) {
        const EpisodeResults& results = session_.results().episode(episode);
        if (results.width != 0 && results.width != bars_->dimensionCount())
            updateDimensions();
        bars_->setCourses(actionCourses(session_, episode));
    }
    updateStep();
}

void ActionsView::updateStep() {
    const Selection& selection = session_.selection();
    bars_->setStep(selection.step());
    if (isDistribution(session_.card()))
        distributions_->setPanels(actionDistributions(session_, selection.episode(), selection.step()));
}

void ActionsView::updateEmptyState() {
    hint_->setVisible(!session_.hasQuantized());
    if (session_.hasPolicy() && session_.hasRollouts()) {
        setCurrentIndex(0);
        return;
    }
    empty_->setTexts(tr("No actions yet"), session_.hasPolicy() ? tr("Drop rollouts (.hdf5) on this window.")
                                                                : tr("Drop a policy (.pt2) on this window."));
    setCurrentIndex(1);
}

}  // namespace sqil
