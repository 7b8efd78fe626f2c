#pragma once

namespace sqil {

/// LibTorch's number of threads, put back at the end of the scope.
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
