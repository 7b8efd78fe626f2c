#include "app/studio/StallWatch.h"

#include <pthread.h>
#include <QCoreApplication>
#include <QEvent>
#include <algorithm>
#include <chrono>

namespace sqil {
namespace {

constexpr auto kPause = std::chrono::milliseconds(4);
constexpr auto kLook = std::chrono::microseconds(500);

double milliseconds(std::chrono::steady_clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

double cpuMilliseconds(clockid_t clock) {
    timespec time{};
    return clock_gettime(clock, &time) == 0 ? double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6 : 0;
}

}  // namespace

StallWatch::StallWatch(QObject* parent) : QObject(parent) {
    if (pthread_getcpuclockid(pthread_self(), &guiClock_) != 0)
        guiClock_ = CLOCK_PROCESS_CPUTIME_ID;
    thread_ = std::thread([this] { watch(); });
}

StallWatch::~StallWatch() {
    stop_ = true;
    thread_.join();
}

StallWatch::Report StallWatch::report() const {
    const std::lock_guard lock(mutex_);
    return report_;
}

void StallWatch::reset() {
    const std::lock_guard lock(mutex_);
    report_ = {};
}

void StallWatch::watch() {
    while (!stop_) {
        handled_ = false;
        const auto posted = std::chrono::steady_clock::now();
        const double cpuBefore = cpuMilliseconds(guiClock_);
        QMetaObject::invokeMethod(
            this, [this] { handled_ = true; }, Qt::QueuedConnection);
        while (!handled_ && !stop_)
            std::this_thread::sleep_for(kLook);
        if (stop_)
            return;
        const double waited = milliseconds(std::chrono::steady_clock::now() - posted);
        const double own = std::min(waited, cpuMilliseconds(guiClock_) - cpuBefore);
        {
            const std::lock_guard lock(mutex_);
            ++report_.events;
            report_.over16 += waited > 16;
            report_.over50 += waited > 50;
            report_.over16OfOwn += own > 16;
            report_.over50OfOwn += own > 50;
            report_.longestMilliseconds = std::max(report_.longestMilliseconds, waited);
            report_.longestOfOwn = std::max(report_.longestOfOwn, own);
        }
        std::this_thread::sleep_for(kPause);
    }
}

}  // namespace sqil
