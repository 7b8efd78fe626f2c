#include <ATen/ATen.h>

#include "core/bench/KernelBench.h"
#include "core/bench/Machine.h"
#include "core/bench/OperatorCheck.h"
#include "core/kernels/KernelCheck.h"
#include "core/policy/Device.h"

namespace sqil {

using nlohmann::json;

namespace {

/// The results as the report has them; false where a kernel is wrong.
bool describeChecks(const std::vector<KernelCheckResult>& kernels, json& to) {
    bool passed = true;
    for (const KernelCheckResult& kernel : kernels) {
        json entry{{"kernel", kernel.kernel},
                   {"cases", kernel.cases},
                   {"failures", kernel.failures},
                   {"worst_share_of_bound", kernel.worst}};
        if (kernel.failures > 0)
            entry["first_failure"] = kernel.firstFailure;
        passed = passed && kernel.failures == 0;
        to.push_back(std::move(entry));
    }
    return passed;
}

}  // namespace

json verifyKernels() {
    json result{{"benchmark", "verify"}, {"machine", describeMachine(2)}, {"kernels", json::array()}};
    result["machine"]["instructions"] = lowBitKernels().name;
    bool passed = describeChecks(checkKernels(lowBitKernels(), 160), result["kernels"]);
    if (const auto cuda = lowBitCudaKernels(); !cuda) {
        result["cuda"] = {{"skipped", cuda.error().message}};
    } else {
        result["cuda"] = {{"kernels", json::array()}};
        try {
            passed = describeChecks(checkOperators(at::Device(at::kCUDA, 0), 160), result["cuda"]["kernels"]) && passed;
        } catch (const c10::Error& error) {
            result["cuda"]["error"] = error.what_without_backtrace();
            passed = false;
        }
    }
    result["passed"] = passed;
    return result;
}

}  // namespace sqil
