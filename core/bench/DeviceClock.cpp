#include "core/bench/DeviceClock.h"

#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "core/bench/Machine.h"

namespace sqil {

double DeviceClock::seconds(const std::function<void()>& work, const std::function<void()>& before) const {
    if (before)
        before();
    if (device_.is_cpu()) {
        const double start = now();
        work();
        return now() - start;
    }
    const c10::Stream stream = c10::impl::VirtualGuardImpl(device_.type()).getStream(device_);
    c10::Event start(device_.type(), c10::EventFlag::BACKEND_DEFAULT);
    c10::Event end(device_.type(), c10::EventFlag::BACKEND_DEFAULT);
    start.record(stream);
    work();
    end.record(stream);
    end.synchronize();
    return start.elapsedTime(end) / 1e3;
}

}  // namespace sqil
