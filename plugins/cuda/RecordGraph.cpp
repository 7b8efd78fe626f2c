#include <ATen/core/CachingHostAllocator.h>
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>

#include "core/policy/DeviceGraph.h"

// core/policy/DeviceGraph.h's recorder for CUDA.
namespace sqil::cuda {
namespace {

constexpr int kWarmUps = 2;  // libraries choose their kernels and take their memory before the recording

/// `later` does nothing before what `earlier` holds now is done.
void queueAfter(const c10::cuda::CUDAStream& earlier, const c10::cuda::CUDAStream& later) {
    at::cuda::CUDAEvent reached;
    reached.record(earlier);
    reached.block(later);
}

/// Recorded and replayed on a stream of its own: the counters and the memory that kernels share belong to a stream
/// (Register.cpp), so that replays and other calls never meet in them.
class CudaGraph final : public DeviceGraph {
public:
    CudaGraph(at::Device device, const DeviceWork& work)
        : device_(device), stream_(c10::cuda::getStreamFromPool(false, device.index())) {
        const c10::cuda::CUDAGuard onDevice(device);
        queueAfter(c10::cuda::getCurrentCUDAStream(device.index()), stream_);
        const c10::cuda::CUDAStreamGuard onStream(stream_);
        for (int call = 0; call < kWarmUps; ++call)
            work();
        stream_.synchronize();
        const auto pool = at::cuda::graph_pool_handle();
        try {
            graph_.capture_begin(pool, cudaStreamCaptureModeThreadLocal);  // other threads may allocate meanwhile
            outputs_ = work();
            graph_.capture_end();
        } catch (...) {
            outputs_.clear();
            abandon(pool);
            throw;
        }
    }

    void replay() override {
        const c10::cuda::CUDAGuard onDevice(device_);
        const auto current = c10::cuda::getCurrentCUDAStream(device_.index());
        queueAfter(current, stream_);
        {
            const c10::cuda::CUDAStreamGuard onStream(stream_);
            graph_.replay();
        }
        queueAfter(stream_, current);
    }

private:
    /// Ends a recording that failed, so that the stream and the allocator can be used again.
    void abandon(const at::cuda::MempoolId_t& pool) {
        cudaStreamCaptureStatus status{};
        if (cudaStreamIsCapturing(stream_, &status) == cudaSuccess && status != cudaStreamCaptureStatusNone) {
            cudaGraph_t unfinished = nullptr;
            if (cudaStreamEndCapture(stream_, &unfinished) == cudaSuccess && unfinished)
                cudaGraphDestroy(unfinished);
        }
        static_cast<void>(cudaGetLastError());  // the recording's own: the caller hears of the first
        // Both allocators still ask the recording, which is about to go, whether an allocation is its own.
        quietly([&] { c10::cuda::CUDACachingAllocator::endAllocateToPool(device_.index(), pool); });
        quietly([&] { c10::cuda::CUDACachingAllocator::releasePool(device_.index(), pool); });
        quietly([&] { at::getHostAllocator(at::kCUDA)->end_allocate_to_pool(pool); });
        quietly([&] { at::getHostAllocator(at::kCUDA)->release_pool(pool); });
    }

    /// What capture_end() may have done already.
    template<class Work>
    static void quietly(Work&& work) {
        try {
            work();
        } catch (const c10::Error&) {
        }
    }

    at::Device device_;
    c10::cuda::CUDAStream stream_;
    at::cuda::CUDAGraph graph_;
};

}  // namespace
}  // namespace sqil::cuda

/// Found by core/policy/Device.cpp: a GraphRecorder.
extern "C" __attribute__((visibility("default"))) sqil::DeviceGraph* sqilRecordGraph(at::Device device,
                                                                                     const sqil::DeviceWork& work) {
    return new sqil::cuda::CudaGraph(device, work);
}
