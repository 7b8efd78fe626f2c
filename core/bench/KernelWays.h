#pragma once
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/bench/DeviceClock.h"
#include "core/kernels/PanelLayout.h"
#include "core/policy/DeviceGraph.h"
#include "core/quant/Quantizer.h"

namespace sqil {

/// One operator on one shape.
struct KernelCase {
    const char* name;
    bool fourBits;
    bool integerActivations;
    std::int64_t rows, outputs, inputs, group;
};

/// Llama-2-7B's projections (OpenVLA's language model) for one token and a few, and integer products of a batch.
std::span<const KernelCase> kernelCases();

/// One way of computing a case, called in turns with the others.
struct KernelWay {
    std::string name;
    std::function<Result<double>()> seconds;    ///< of one layer, over more weights than caches hold where there are
    std::function<Result<double>()> warm = {};  ///< of one layer whose weights were read just before; null: as seconds
    std::vector<double> samples = {}, warmSamples = {};
    /// ‖outputs − float32's‖ / ‖float32's‖; not a number: its outputs are codes or sums.
    double distance = std::numeric_limits<double>::quiet_NaN();
};

/// Makes the ways of one case on a device. All hold as many layers; weights differ only in memory, which is all that
/// counts here. Throws c10::Error where the device's memory does not suffice. Outlives its ways' calls.
class KernelSubject {
public:
    KernelSubject(const KernelCase& what, at::Device device);

    int layers() const { return layers_; }
    std::int64_t bytes() const { return bytes_; }  ///< that one layer's operator reads

    /// The packed operator first. The error is of that one: its kernels are not there, or not for this GPU.
    Result<std::vector<KernelWay>> ways();
    /// Why calls were not recorded and replayed, so that their times hold what starting them costs; empty: they were,
    /// or this is the CPU.
    const std::string& notReplayed() const { return notReplayed_; }

private:
    using Compute = std::function<at::Tensor(int layer)>;
    KernelWay timed(std::string name, Compute compute, bool comparable = true);
    std::function<Result<double>()> timedWork(const std::string& name, const Compute& compute, bool same);
    std::vector<at::Tensor> copies(const at::Tensor& tensor) const;
    at::Tensor onDevice(const at::Tensor& tensor) const;
    Result<at::Tensor> deviceWeight(const at::Tensor& packed, WeightFormat format, std::int64_t outputs) const;
    Result<KernelWay> floatWay();
    Result<KernelWay> integerWay();
    KernelWay torchWay(const char* name, at::ScalarType type);
    KernelWay torchInt4Way();
    KernelWay torchInt8Way();
    KernelWay torchIntegerWay();

    KernelCase what_;
    DeviceClock clock_;
    int layers_ = 1;  ///< held
    int calls_ = 1;   ///< of one timing
    std::int64_t bytes_ = 0;
    at::Tensor weight_, x_, expected_, flush_;
    QuantizedWeight quantized_;
    std::string notReplayed_;
};

}  // namespace sqil
