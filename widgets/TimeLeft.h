#pragma once
#include <QElapsedTimer>
#include <QString>

namespace sqil {

/// How long something still takes, from how far it has come. Says nothing in the first second, when it
/// would only guess.
class TimeLeft {
public:
    /// `what` other than before: a new clock.
    void update(const QString& what, qint64 done, qint64 total);
    /// Seconds; NaN: not known.
    double seconds() const { return seconds_; }

    /// The same with a given clock, for tests: milliseconds since `what` began.
    void updateAt(const QString& what, qint64 done, qint64 total, qint64 milliseconds);

private:
    QString what_;
    QElapsedTimer timer_;
    qint64 firstDone_ = 0;
    qint64 firstMilliseconds_ = 0;
    double seconds_ = 0;
};

}  // namespace sqil
