#include "views/frames/StateStrips.h"

#include <QVBoxLayout>
#include <cmath>

#include "views/frames/MapGeometry.h"
#include "widgets/StateStrip.h"

namespace sqil {
namespace {

using Kind = SaliencyPanel::Kind;

std::vector<StateScores> scoresOfStates(const SaliencyPanel& panel, const StudioSession& session, int episode,
                                        qint64 step) {
    const auto* scores = scoresOf(panel, session, episode, step);
    if (!scores)
        return {};
    std::vector<StateScores> states = stateScores(*scores, session.card());
    if (panel.kind != Kind::Difference)
        return states;
    const auto reference = scoresOfStates({panel.camera, Kind::FullPrecision, 0}, session, episode, step);
    for (std::size_t index = 0; index < std::min(states.size(), reference.size()); ++index)
        for (std::size_t place = 0; place < std::min(states[index].scores.size(), reference[index].scores.size());
             ++place)
            states[index].scores[place] -= reference[index].scores[place];
    return states;
}

}  // namespace

StateStrips::StateStrips(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
    column_->setContentsMargins(0, 0, 0, 0);
    column_->setSpacing(6);
}

double StateStrips::largestOf(const std::vector<SaliencyPanel>& panels, const StudioSession& session, int episode,
                              qint64 step, bool differences) {
    double largest = 0;
    for (const SaliencyPanel& panel : panels)
        if ((panel.kind == Kind::Difference) == differences)
            for (const StateScores& state : scoresOfStates(panel, session, episode, step))
                for (const float score : state.scores)
                    largest = std::max(largest, std::isfinite(score) ? std::abs(double(score)) : 0.0);
    return largest;
}

void StateStrips::show(const std::vector<SaliencyPanel>& panels, const StudioSession& session, int episode, qint64 step,
                       const ColourMap& colours, double largest, double largestDifference) {
    struct Shown {
        QString title;
        std::vector<float> scores;
        bool difference;
    };
    if (!session.results().maps(episode, step) && !strips_.empty())
        return;
    std::vector<Shown> shown;
    for (SaliencyPanel panel : panels)
        for (StateScores& state : scoresOfStates(panel, session, episode, step)) {
            panel.camera = state.key.toStdString();
            shown.push_back({titleOf(panel, session), std::move(state.scores), panel.kind == Kind::Difference});
        }
    while (strips_.size() > shown.size()) {
        strips_.back()->deleteLater();
        strips_.pop_back();
    }
    while (strips_.size() < shown.size()) {
        strips_.push_back(new StateStrip(this));
        column_->addWidget(strips_.back());
    }
    for (std::size_t index = 0; index < shown.size(); ++index) {
        strips_[index]->setTitle(shown[index].title);
        strips_[index]->setColours(shown[index].difference ? ColourMap::difference() : colours,
                                   shown[index].difference ? largestDifference : largest);
        strips_[index]->setScores(shown[index].scores);
    }
}

}  // namespace sqil
