#include "views/session/Playback.h"

#include "views/session/Selection.h"

namespace sqil {
namespace {
constexpr double kUnknownRate = 20;
constexpr int kTickMilliseconds = 16;
}  // namespace

Playback::Playback(Selection& selection, QObject* parent) : QObject(parent), selection_(selection) {
    timer_.setTimerType(Qt::PreciseTimer);
    timer_.setInterval(kTickMilliseconds);
    connect(&timer_, &QTimer::timeout, this, &Playback::tick);
    connect(&selection_, &Selection::episodeChanged, this, &Playback::stop);
}

void Playback::setRate(double stepsPerSecond) {
    rate_ = stepsPerSecond > 0 ? stepsPerSecond : kUnknownRate;
    restartClock();
}

void Playback::setSpeed(double factor) {
    speed_ = factor;
    restartClock();
}

void Playback::toggle() {
    isPlaying() ? stop() : start();
}

void Playback::start() {
    if (selection_.steps() < 2)
        return;
    if (selection_.step() + 1 >= selection_.steps())
        selection_.setStep(0);
    restartClock();
    timer_.start();
    emit playingChanged(true);
}

void Playback::stop() {
    if (!timer_.isActive())
        return;
    timer_.stop();
    emit playingChanged(false);
}

void Playback::restartClock() {
    firstStep_ = lastSet_ = selection_.step();
    clock_.start();
}

void Playback::tick() {
    if (selection_.step() != lastSet_)  // the user has moved the cursor: play on from there
        restartClock();
    const auto step = firstStep_ + static_cast<qint64>(static_cast<double>(clock_.elapsed()) / 1000.0 * rate_ * speed_);
    selection_.setStep(step);
    lastSet_ = selection_.step();
    if (lastSet_ + 1 >= selection_.steps())
        stop();
}

}  // namespace sqil
