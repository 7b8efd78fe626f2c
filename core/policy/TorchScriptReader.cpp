#include "core/policy/TorchScriptReader.h"

#include <caffe2/serialize/file_adapter.h>
#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <cctype>

#include "core/policy/FileProblem.h"
#include "core/policy/PickleCheck.h"
#include "core/policy/ScriptCodeCheck.h"
#include "core/policy/TorchScriptFollower.h"

namespace sqil {
namespace {

using caffe2::serialize::PyTorchStreamReader;

constexpr std::uint64_t largestText = 64 << 20;

/// Wherever it lies and however it is spelt: ZIP readers may look names up without regard to case.
bool isCode(std::string record) {
    std::transform(record.begin(), record.end(), record.begin(), [](unsigned char c) { return std::tolower(c); });
    return record.ends_with(".py");
}

/// What any TorchScript archive has: code, and the module's attributes.
bool holdsScript(const ZipArchive& archive) {
    bool code = false, data = false;
    for (const auto& entry : archive.entries()) {
        code = code || (entry.name.find("/code/") != std::string::npos && entry.name.ends_with(".py"));
        data = data || entry.name.ends_with("/data.pkl");
    }
    return code && data;
}

/// The archive as LibTorch's loader will see it: looked at through the loader's own ZIP reader and the
/// same open file, so that no other reading of it can get past the checks.
class Inspection {
public:
    Inspection(std::string file, const std::shared_ptr<caffe2::serialize::ReadAdapterInterface>& bytes)
        : file_(std::move(file)), reader_(bytes), fileSize_(bytes->size()) {}

    void run() {
        for (const std::string& record : reader_.getAllRecords())
            if (isCode(record))
                checkScriptCode(text(record), file_ + ": " + record);
        if (reader_.hasRecord("model.json"))
            unsupported(file_ + ": TorchScript as PyTorch 1.3 and older wrote it. Load it there and save it again.");
        for (const char* name : {"data", "constants"})
            checkPickleOf(name);
    }

private:
    std::string text(const std::string& record) {
        if (reader_.getRecordSize(record) > largestText)
            badFile(file_ + ": " + record + " has more bytes than such a text can have");
        const auto [bytes, size] = reader_.getRecord(record);
        return {static_cast<const char*>(bytes.get()), size};
    }

    void checkPickleOf(const std::string& name) {
        const std::string record = name + ".pkl";
        if (!reader_.hasRecord(record))
            return;
        const StorageSize storedBytes = [&](const std::string& key) -> std::optional<std::uint64_t> {
            const std::string path = name + "/" + key;
            if (!reader_.hasRecord(path))
                return std::nullopt;
            const std::uint64_t size = reader_.getRecordSize(path);
            return size <= fileSize_ ? std::optional(size) : std::nullopt;
        };
        checkPickle(text(record), file_ + ": " + record, storedBytes);
    }

    std::string file_;
    PyTorchStreamReader reader_;
    std::uint64_t fileSize_;
};

}  // namespace

PolicyFile readTorchScript(const ZipArchive& archive) {
    const std::string path = archive.path().string();
    if (!holdsScript(archive))
        unsupported(path +
                    ": is neither a torch.export archive, nor TorchScript, nor a Stable-Baselines3 agent (a file of "
                    "torch.save() holds a pickle, which is never read). Save the policy with torch.export.save().");
    PolicyFile file;
    try {
        const auto bytes = std::make_shared<caffe2::serialize::FileAdapter>(path);
        Inspection(path, bytes).run();
        torch::jit::Module module = torch::jit::load(bytes, at::kCPU, /*load_debug_files=*/false);
        module.eval();
        file.graph = followTorchScript(path, module);
    } catch (const c10::Error& problem) {
        badFile(path + ": is no TorchScript that LibTorch can load: " +
                std::string(problem.what_without_backtrace()).substr(0, 400));
    }
    file.graph.removeInPlace();
    return file;
}

}  // namespace sqil
