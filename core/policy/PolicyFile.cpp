#include "core/policy/PolicyFile.h"

#include <c10/util/Exception.h>
#include <new>

#include "core/base/AtomicFile.h"
#include "core/policy/FileProblem.h"
#include "core/policy/Pt2Reader.h"
#include "core/policy/Pt2Writer.h"
#include "core/policy/StableBaselines3Reader.h"
#include "core/policy/TorchScriptReader.h"

namespace sqil {
namespace {

/// Runs one of the room's readers or writers; whatever it throws becomes an Error that names the file.
template<class Work>
auto guarded(const std::filesystem::path& path, const Work& work) -> Result<decltype(work())> {
    try {
        return work();
    } catch (const FileProblem& problem) {
        return tl::unexpected(problem.error());
    } catch (const c10::Error& error) {
        return fail(ErrorKind::BadInput, path.string() + ": " + error.what_without_backtrace());
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::Io, path.string() + ": there is not enough memory for this policy");
    } catch (const std::exception& error) {
        return fail(ErrorKind::BadInput, path.string() + ": " + error.what());
    }
}

}  // namespace

Result<PolicyFile> readPolicyFile(const std::filesystem::path& path) {
    return guarded(path, [&] {
        const ZipArchive archive(path);
        if (isPt2(archive))
            return readPt2(archive);
        return isStableBaselines3(archive) ? readStableBaselines3(archive) : readTorchScript(archive);
    });
}

Result<void> writePolicyFile(const std::filesystem::path& path, const PolicyFile& file) {
    const auto write = [&](const std::filesystem::path& temporary) -> Result<void> {
        auto written = guarded(path, [&] {
            writePt2(temporary, file);
            return true;
        });
        return written ? Result<void>() : tl::unexpected(written.error());
    };
    return replaceFile(path, write);
}

}  // namespace sqil
