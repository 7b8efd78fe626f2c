#pragma once
#include <string>

#include <nlohmann/json.hpp>

namespace sqil {

/// Seconds of a steady clock.
double now();

/// {"processor": model name, "processors": count, "threads": …, "libtorch": version}: what every report begins with.
nlohmann::json describeMachine(int threads);

/// LibTorch's number of threads, put back at the end.
class ThreadCount {
public:
    explicit ThreadCount(int threads);
    ~ThreadCount();
    ThreadCount(const ThreadCount&) = delete;
    ThreadCount& operator=(const ThreadCount&) = delete;

private:
    int before_;
};

}  // namespace sqil
