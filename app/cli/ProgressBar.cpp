#include "app/cli/ProgressBar.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>

namespace sqil::cli {
namespace {

using Clock = std::chrono::steady_clock;
std::atomic<bool> interrupted{false};
bool lineIsOpen = false;

struct Bar {
    std::string stage;
    Clock::time_point start = Clock::now();
    Clock::time_point drawn;

    void show(std::string_view name, long long done, long long total) {
        const auto now = Clock::now();
        if (name != stage) {
            stage = name;
            start = now;
        } else if (now - drawn < std::chrono::milliseconds(100) && done < total) {
            return;
        }
        drawn = now;
        constexpr int width = 30;
        const double fraction =
            total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 0.0;
        const int filled = static_cast<int>(fraction * width);
        const double seconds = std::chrono::duration<double>(now - start).count();
        const std::string left =
            fraction > 0.02 && fraction < 1
                ? std::to_string(static_cast<long long>(seconds / fraction - seconds + 0.5)) + " s left"
                : "";
        std::fprintf(stderr, "\r\033[K%s [%s%s] %lld/%lld %s", stage.c_str(),
                     std::string(static_cast<std::size_t>(filled), '=').c_str(),
                     std::string(static_cast<std::size_t>(width - filled), ' ').c_str(), done, total, left.c_str());
        std::fflush(stderr);
        lineIsOpen = true;
    }
};

}  // namespace

Progress terminalProgress() {
    // The second Ctrl+C ends the program at once.
    std::signal(SIGINT, [](int) {
        interrupted = true;
        std::signal(SIGINT, SIG_DFL);
    });
    const bool isTerminal = ::isatty(STDERR_FILENO) != 0;
    return [bar = Bar{}, isTerminal](std::string_view stage, long long done, long long total) mutable {
        if (isTerminal)
            bar.show(stage, done, total);
        return !interrupted;
    };
}

void finishProgress() {
    if (lineIsOpen)
        std::fputs("\r\033[K", stderr);
    lineIsOpen = false;
}

}  // namespace sqil::cli
