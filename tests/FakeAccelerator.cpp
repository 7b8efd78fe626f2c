#include "tests/FakeAccelerator.h"

#include <ATen/ATen.h>
#include <ATen/EmptyTensor.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <chrono>
#include <cstdlib>
#include <cstring>

#include "core/policy/DeviceGraph.h"

namespace sqil::test {

std::int64_t FakeAccelerator::repacked = 0;
std::int64_t FakeAccelerator::unpackedWeights = 0;
std::int64_t FakeAccelerator::packedCalls = 0;
std::int64_t FakeAccelerator::recorded = 0;
std::int64_t FakeAccelerator::replays = 0;
std::int64_t FakeAccelerator::memory = 0;
const char* FakeAccelerator::refusal = nullptr;
bool FakeAccelerator::records = true;

void FakeAccelerator::reset() {
    repacked = unpackedWeights = packedCalls = recorded = replays = 0;
    memory = std::int64_t{8} << 30;
    refusal = nullptr;
    records = true;
}

namespace {

std::int64_t held = 0, peak = 0;

struct Block {
    void* data;
    std::int64_t bytes;
};

void release(void* context) {
    auto* block = static_cast<Block*>(context);
    held -= block->bytes;
    std::free(block->data);
    delete block;
}

class Allocator final : public c10::DeviceAllocator {
public:
    c10::DataPtr allocate(std::size_t bytes) override {
        const auto wanted = static_cast<std::int64_t>(bytes);
        if (held + wanted > FakeAccelerator::memory)
            TORCH_CHECK_WITH(OutOfMemoryError, false, "CUDA out of memory. Tried to allocate ", wanted >> 20,
                             ".00 MiB. GPU 0 has a total capacity of which little is free.");
        auto* block = new Block{std::aligned_alloc(64, (bytes + 64) / 64 * 64), wanted};
        held += wanted;
        peak = std::max(peak, held);
        return {block->data, block, &release, FakeAccelerator::device()};
    }
    c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
    void copy_data(void* to, const void* from, std::size_t bytes) const override { default_copy_data(to, from, bytes); }
    bool initialized() override { return true; }
    void emptyCache(c10::MempoolId_t) override {}
    void recordStream(const c10::DataPtr&, c10::Stream) override {}
    c10::CachingDeviceAllocator::DeviceStats getDeviceStats(c10::DeviceIndex) override {
        c10::CachingDeviceAllocator::DeviceStats stats;
        stats.allocated_bytes[0].current = held;
        stats.allocated_bytes[0].peak = peak;
        return stats;
    }
    void resetAccumulatedStats(c10::DeviceIndex) override {}
    void resetPeakStats(c10::DeviceIndex) override { peak = held; }
    std::pair<std::size_t, std::size_t> getMemoryInfo(c10::DeviceIndex) override {
        return {static_cast<std::size_t>(std::max<std::int64_t>(0, FakeAccelerator::memory - held)),
                static_cast<std::size_t>(FakeAccelerator::memory)};
    }
};

double clock() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// One stream, on which everything is done at once.
class Guard final : public c10::impl::DeviceGuardImplInterface {
public:
    c10::DeviceType type() const override { return at::kPrivateUse1; }
    c10::Device exchangeDevice(c10::Device) const override { return FakeAccelerator::device(); }
    c10::Device getDevice() const override { return FakeAccelerator::device(); }
    void setDevice(c10::Device) const override {}
    void uncheckedSetDevice(c10::Device) const noexcept override {}
    c10::Stream getStream(c10::Device device) const override { return c10::Stream(c10::Stream::DEFAULT, device); }
    c10::Stream getDefaultStream(c10::Device device) const override {
        return c10::Stream(c10::Stream::DEFAULT, device);
    }
    c10::Stream exchangeStream(c10::Stream stream) const override { return stream; }
    c10::DeviceIndex deviceCount() const noexcept override { return 1; }
    void record(void** event, const c10::Stream&, c10::DeviceIndex, c10::EventFlag) const override {
        if (!*event)
            *event = new double;
        *static_cast<double*>(*event) = clock();
    }
    void block(void*, const c10::Stream&) const override {}
    bool queryEvent(void*) const override { return true; }
    void synchronizeEvent(void*) const override {}
    void synchronizeDevice(c10::DeviceIndex) const override {}
    double elapsedTime(void* first, void* second, c10::DeviceIndex) const override {
        return *static_cast<double*>(second) - *static_cast<double*>(first);
    }
    void destroyEvent(void* event, c10::DeviceIndex) const noexcept override { delete static_cast<double*>(event); }
};

/// The same memory as a tensor of the CPU.
at::Tensor onCpu(const at::Tensor& tensor) {
    if (tensor.is_cpu())
        return tensor;
    return at::from_blob(tensor.numel() ? tensor.data_ptr() : nullptr, tensor.sizes(), tensor.strides(),
                         at::TensorOptions(tensor.scalar_type()));
}

at::Tensor emptyStrided(at::IntArrayRef sizes, at::IntArrayRef strides, std::optional<at::ScalarType> type,
                        std::optional<at::Layout>, std::optional<at::Device>, std::optional<bool>) {
    return at::detail::empty_strided_generic(sizes, strides, c10::GetAllocator(at::kPrivateUse1),
                                             c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                             type.value_or(at::kFloat));
}

at::Tensor empty(at::IntArrayRef sizes, std::optional<at::ScalarType> type, std::optional<at::Layout>,
                 std::optional<at::Device>, std::optional<bool>, std::optional<at::MemoryFormat> format) {
    return at::detail::empty_generic(sizes, c10::GetAllocator(at::kPrivateUse1),
                                     c10::DispatchKeySet(c10::DispatchKey::PrivateUse1), type.value_or(at::kFloat),
                                     format);
}

at::Tensor copyFrom(const at::Tensor& from, const at::Tensor& to, bool) {
    onCpu(to).copy_(onCpu(from));
    return to;
}

at::Tensor copyFromAndResize(const at::Tensor& from, const at::Tensor& to) {
    if (to.sizes() != from.sizes()) {
        const at::Tensor fresh = at::empty(from.sizes(), to.options());
        const_cast<at::Tensor&>(to).set_(fresh.storage(), 0, fresh.sizes(), fresh.strides());
    }
    return copyFrom(from, to, false);
}

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                       at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                       at::IntArrayRef outputPadding, std::int64_t groups) {
    const std::optional<at::Tensor> offsets = bias && bias->defined() ? std::optional(onCpu(*bias)) : std::nullopt;
    return at::convolution(onCpu(input), onCpu(weight), offsets, stride, padding, dilation, transposed, outputPadding,
                           groups)
        .to(FakeAccelerator::device());
}

void onTheCpu(const c10::OperatorHandle& operation, torch::jit::Stack* stack) {
    at::native::cpu_fallback(operation, stack);
}

at::Tensor repack(const at::Tensor& weight, std::int64_t, std::int64_t) {
    TORCH_CHECK(!FakeAccelerator::refusal, FakeAccelerator::refusal);
    TORCH_CHECK(weight.scalar_type() == at::kByte && weight.numel() % 4 == 0, "weight: expected packed bytes");
    ++FakeAccelerator::repacked;
    const at::Tensor words = at::empty({weight.numel() / 4}, weight.options().dtype(at::kInt));
    std::memcpy(words.data_ptr(), weight.contiguous().data_ptr(), static_cast<std::size_t>(weight.numel()));
    return words;
}

/// A packed operator: its second argument is the weight.
void packedOperator(const c10::OperatorHandle& operation, torch::jit::Stack* stack) {
    const std::size_t count = operation.schema().arguments().size();
    c10::IValue& weight = (*stack)[stack->size() - count + 1];
    ++FakeAccelerator::packedCalls;
    const at::Tensor given = weight.toTensor();
    if (given.scalar_type() == at::kInt)
        weight = onCpu(given).view(at::kByte).clone().to(FakeAccelerator::device());
    else
        ++FakeAccelerator::unpackedWeights;
    at::native::cpu_fallback(operation, stack);
}

class Graph final : public DeviceGraph {
public:
    explicit Graph(const DeviceWork& work) : work_(work) {
        outputs_ = work_();
        ++FakeAccelerator::recorded;
    }
    void replay() override {
        ++FakeAccelerator::replays;
        const auto fresh = work_();
        for (std::size_t i = 0; i < fresh.size(); ++i)
            outputs_[i].copy_(fresh[i]);
    }

private:
    DeviceWork work_;
};

DeviceGraph* record(at::Device, const DeviceWork& work) {
    TORCH_CHECK(FakeAccelerator::records, "operation not permitted when stream is capturing");
    return new Graph(work);
}

void registerOperators() {
    static torch::Library aten = [] {
        torch::Library library(torch::Library::IMPL, "aten", c10::DispatchKey::PrivateUse1, __FILE__, __LINE__);
        library.impl("empty.memory_format", TORCH_FN(empty));
        library.impl("empty_strided", TORCH_FN(emptyStrided));
        library.impl("_copy_from", TORCH_FN(copyFrom));
        library.impl("_copy_from_and_resize", TORCH_FN(copyFromAndResize));
        library.impl("as_strided", TORCH_FN(at::native::as_strided_tensorimpl));
        library.impl("convolution_overrideable", TORCH_FN(convolution));
        library.impl("view", TORCH_FN(at::native::view));
        return library;
    }();
    static torch::Library every = [] {
        torch::Library library(torch::Library::IMPL, "_", c10::DispatchKey::PrivateUse1, __FILE__, __LINE__);
        library.fallback(torch::CppFunction::makeFromBoxedFunction<&onTheCpu>());
        return library;
    }();
    static torch::Library sqil = [] {
        torch::Library library(torch::Library::IMPL, "sqil", c10::DispatchKey::PrivateUse1, __FILE__, __LINE__);
        library.impl("repack_weight", TORCH_FN(repack));
        for (const char* name : {"linear_w4a16", "linear_w8a16", "linear_w8a8", "linear_w4a8", "linear_w4a4",
                                 "conv2d_w8a8", "conv2d_w4a4"})
            library.impl(name, torch::CppFunction::makeFromBoxedFunction<&packedOperator>());
        return library;
    }();
}

}  // namespace

void FakeAccelerator::install() {
    static const bool once = [] {
        reset();
        static Allocator allocator;
        c10::SetAllocator(at::kPrivateUse1, &allocator);
        static Guard guard;
        static c10::impl::DeviceGuardImplRegistrar registrar(at::kPrivateUse1, &guard);
        registerOperators();
        setGraphRecorder(at::kPrivateUse1, &record);
        return true;
    }();
    static_cast<void>(once);
}

}  // namespace sqil::test
