#include "core/policy/Device.h"

#include "core/policy/DeviceCheck.h"
#include "core/policy/DeviceGraph.h"

#include <ATen/Context.h>
#include <dlfcn.h>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>

namespace sqil {
namespace {

/// The folder that LibTorch was loaded from.
std::filesystem::path torchFolder() {
    Dl_info info{};
    if (dladdr(reinterpret_cast<const void*>(&at::globalContext), &info) == 0 || !info.dli_fname)
        return {};
    return std::filesystem::path(info.dli_fname).parent_path();
}

/// plugins/libsqil_cuda.so beside the program's folder, or what SQIL_CUDA_PLUGIN names.
std::filesystem::path operatorsLibrary() {
    if (const char* named = std::getenv("SQIL_CUDA_PLUGIN"))
        return named;
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() / "plugins" /
           "libsqil_cuda.so";
}

std::string& operatorsProblem() {
    static auto& problem = *new std::string("CUDA was not asked for yet");
    return problem;
}

Result<void> loadCuda() {
    const std::filesystem::path library = torchFolder() / "libtorch_cuda.so";
    std::error_code ignored;
    if (!std::filesystem::exists(library, ignored))
        return fail(ErrorKind::NotFound, library.string() +
                                             ": not there. This LibTorch was built for the CPU only; point "
                                             "LIBTORCH_ROOT at one with CUDA.");
    // Without a driver the library would load and then fail with a message about itself.
    void* driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!driver)
        return fail(ErrorKind::NotFound, "no NVIDIA driver on this machine (libcuda.so.1 is not found); use the CPU");
    if (!dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
        const char* reason = dlerror();
        return fail(ErrorKind::Io, library.string() + ": cannot be loaded: " + (reason ? reason : "no reason given"));
    }
    // It must follow libtorch_cuda.so, whose symbols it needs. Where it was not built the rest of CUDA works.
    const auto operators = loadCudaOperators(operatorsLibrary());
    operatorsProblem() = operators ? std::string() : operators.error().message;
    return {};
}

Result<void> cudaIsLoaded() {
    static std::mutex guard;
    static std::optional<Result<void>> outcome;
    const std::lock_guard lock(guard);
    if (!outcome)
        outcome = loadCuda();
    return *outcome;
}

}  // namespace

Result<void> loadCudaOperators(const std::filesystem::path& library) {
    std::error_code ignored;
    if (!std::filesystem::exists(library, ignored))
        return fail(ErrorKind::NotFound,
                    library.string() +
                        " is not there: this build has no CUDA kernels for low-bit operators (configure "
                        "with -DSQIL_CUDA=ON, or name the module in SQIL_CUDA_PLUGIN)");
    void* operators = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!operators) {
        const char* reason = dlerror();
        return fail(ErrorKind::Io, library.string() + ": cannot be loaded: " + (reason ? reason : "no reason given"));
    }
    if (auto* recorder = reinterpret_cast<GraphRecorder>(dlsym(operators, "sqilRecordGraph")))
        setGraphRecorder(at::kCUDA, recorder);
    return {};
}

Result<at::Device> openDevice(std::string_view name) {
    if (name == "cpu")
        return at::Device(at::kCPU);
    try {
        const at::Device device{std::string(name)};
        if (!device.is_cuda())
            return fail(ErrorKind::Unsupported,
                        "device \"" + std::string(name) + "\": only cpu and cuda are supported");
        if (auto loaded = cudaIsLoaded(); !loaded)
            return tl::unexpected(loaded.error());
        if (!at::hasCUDA())
            return fail(ErrorKind::NotFound,
                        "the NVIDIA driver or its GPU cannot be used (driver too old for this "
                        "LibTorch, or no GPU given to this process); use the CPU");
        const auto count = at::globalContext().getAcceleratorHooksInterface(at::kCUDA).deviceCount();
        if (device.index() >= count)
            return fail(ErrorKind::NotFound, "device \"" + std::string(name) + "\" is not there: this machine has " +
                                                 std::to_string(count) + " GPUs, counted from 0");
        return device.has_index() ? device : at::Device(at::kCUDA, 0);
    } catch (const c10::Error& error) {
        return fail(ErrorKind::BadInput, "device \"" + std::string(name) + "\": expected cpu, cuda or cuda:N (" +
                                             error.what_without_backtrace() + ")");
    }
}

Result<void> checkDevice(std::string_view name) {
    return openDevice(name).map([](at::Device) {});
}

Result<void> lowBitCudaKernels() {
    if (auto device = openDevice("cuda"); !device)
        return tl::unexpected(device.error());
    if (!operatorsProblem().empty())
        return fail(ErrorKind::NotFound, operatorsProblem());
    return {};
}

}  // namespace sqil
