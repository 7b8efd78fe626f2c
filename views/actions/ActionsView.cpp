#include "views/actions/ActionsView.h"

#include <QScrollArea>
#include <QVBoxLayout>

#include "views/actions/ActionValues.h"
#include "views/actions/ActionsExport.h"
#include "widgets/ActionBars.h"
#include "widgets/EmptyState.h"

namespace sqil {

ActionsView::ActionsView(StudioSession& session, QWidget* parent) : QStackedWidget(parent), session_(session) {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* scroll = new QScrollArea(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    bars_ = new ActionBars;
    bars_->setNames(tr("Full precision"), tr("Quantized"));
    scroll->setWidget(bars_);
    column->addWidget(scroll, 1);
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
    connect(&selection, &Selection::stepChanged, bars_, &ActionBars::setStep);
    connect(bars_, &ActionBars::stepPicked, &selection, &Selection::setStep);
    connect(&selection, &Selection::episodeChanged, this, &ActionsView::updateCourses);
    connect(&session_, &StudioSession::cardChanged, this, [this] {
        updateDimensions();
        updateCourses();
    });
    connect(&session_, &StudioSession::comparisonChanged, this, &ActionsView::updateEmptyState);
    connect(&session_.results(), &Results::wasReset, this, &ActionsView::updateCourses);
    connect(&session_.results(), &Results::episodeUpdated, this, [this](int episode) {
        if (episode == session_.selection().episode())
            updateCourses();
    });
    updateEmptyState();
}

std::optional<Figure> ActionsView::figure() const {
    return actionsFigure(session_);
}

std::optional<DataTable> ActionsView::dataTable() const {
    return actionsTable(session_);
}

void ActionsView::updateDimensions() {
    const std::size_t width =
        std::max(session_.card().dimensions.size(), session_.results().episode(session_.selection().episode()).width);
    bars_->setDimensions(actionDimensions(session_.card(), width));
}

void ActionsView::updateCourses() {
    const EpisodeResults& results = session_.results().episode(session_.selection().episode());
    if (results.width != 0 && results.width != bars_->dimensionCount())
        updateDimensions();
    bars_->setCourses(actionCourses(results, session_.card()));
    bars_->setStep(session_.selection().step());
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
