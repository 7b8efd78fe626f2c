#include "core/policy/TorchScriptReader.h"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/serialization/import.h>

#include "core/policy/FileProblem.h"
#include "core/policy/TorchScriptFollower.h"

namespace sqil {
namespace {

constexpr std::uint64_t maximumCodeBytes = 64 << 20;

bool isCode(const std::string& entry) {
    return entry.find("/code/") != std::string::npos && entry.ends_with(".py");
}

/// LibTorch runs __setstate__ methods while it loads, before anything can be looked at: a file that has
/// them is refused from its text alone. Everything else in the file is data to LibTorch's loader.
void checkCode(const ZipArchive& archive) {
    bool anyCode = false;
    for (const auto& entry : archive.entries()) {
        if (!isCode(entry.name))
            continue;
        anyCode = true;
        const std::string code = archive.text(entry, maximumCodeBytes);
        for (const char* method : {"__setstate__", "__getstate__"})
            if (code.find(method) != std::string::npos)
                unsupported(archive.path().string() + ": " + entry.name + " defines " + method +
                            ", which would be run on loading; nothing in a policy file is run. Save the policy with "
                            "torch.export.save() instead.");
    }
    if (!anyCode)
        unsupported(archive.path().string() +
                    ": is neither a torch.export archive nor TorchScript (a file of torch.save() holds a pickle, which "
                    "is never "
                    "read). Save the policy with torch.export.save().");
}

}  // namespace

PolicyFile readTorchScript(const ZipArchive& archive) {
    checkCode(archive);
    torch::jit::Module module = [&] {
        try {
            torch::jit::Module loaded = torch::jit::load(archive.path().string(), at::kCPU, /*load_debug_files=*/false);
            loaded.eval();
            return loaded;
        } catch (const c10::Error& problem) {
            badFile(archive.path().string() + ": is no TorchScript that LibTorch can load: " +
                    std::string(problem.what_without_backtrace()).substr(0, 400));
        }
    }();
    const auto forward = module.find_method("forward");
    if (!forward)
        badFile(archive.path().string() + ": has no forward()");
    const auto graph = forward->graph()->copy();
    torch::jit::Inline(*graph);
    PolicyFile file;
    file.graph = followTorchScript(archive.path().string(), module, *graph);
    file.graph.removeInPlace();
    return file;
}

}  // namespace sqil
