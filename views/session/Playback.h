#pragma once
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace sqil {

class Selection;

/// Moves the cursor at the control rate. Where the machine cannot keep up, steps are skipped: the
/// time shown stays true.
class Playback : public QObject {
    Q_OBJECT
public:
    Playback(Selection& selection, QObject* parent = nullptr);

    bool isPlaying() const { return timer_.isActive(); }
    void setRate(double stepsPerSecond);  ///< 0: not known; 20 is taken
    void setSpeed(double factor);         ///< 1: the control rate
    double speed() const { return speed_; }

public slots:
    void toggle();
    void stop();

signals:
    void playingChanged(bool playing);

private:
    void start();
    void restartClock();
    void tick();

    Selection& selection_;
    QTimer timer_;
    QElapsedTimer clock_;
    qint64 firstStep_ = 0, lastSet_ = 0;
    double rate_ = 20, speed_ = 1;
};

}  // namespace sqil
