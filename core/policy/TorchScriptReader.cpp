#include "core/policy/TorchScriptReader.h"
#include "core/policy/FileProblem.h"
namespace sqil {
PolicyFile readTorchScript(const ZipArchive& archive) { unsupported(archive.path().string() + ": TorchScript"); }
}
