#include "widgets/TimeLeft.h"

#include <limits>

namespace sqil {
namespace {
constexpr qint64 kTooEarly = 1000;  // ms
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
}  // namespace

void TimeLeft::update(const QString& what, qint64 done, qint64 total) {
    if (!timer_.isValid())
        timer_.start();
    updateAt(what, done, total, timer_.elapsed());
}

void TimeLeft::updateAt(const QString& what, qint64 done, qint64 total, qint64 milliseconds) {
    if (what != what_ || done < firstDone_) {
        what_ = what;
        firstDone_ = done;
        firstMilliseconds_ = milliseconds;
        seconds_ = kUnknown;
        return;
    }
    const qint64 worked = done - firstDone_, took = milliseconds - firstMilliseconds_;
    if (total <= 0 || worked <= 0 || took < kTooEarly) {
        seconds_ = kUnknown;
        return;
    }
    seconds_ = double(total - done) * double(took) / double(worked) / 1e3;
}

}  // namespace sqil
