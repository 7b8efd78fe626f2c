#include "core/train/Checkpoint.h"

#include <ATen/ATen.h>

#include "core/policy/Safetensors.h"
#include "core/train/Fingerprint.h"

namespace sqil {
namespace {

constexpr const char* kFormat = "sqil-checkpoint-1";

std::string checksumOf(const Checkpoint& checkpoint) {
    Checksum checksum;
    checksum.add(checkpoint.state);
    for (const auto& [name, tensor] : checkpoint.tensors) {
        const at::Tensor stored = tensor.detach().to(at::kCPU).contiguous();
        std::string head = "\n" + name + "\n" + c10::toString(stored.scalar_type());
        for (const std::int64_t size : stored.sizes())
            head += " " + std::to_string(size);
        checksum.add(head + "\n");
        checksum.add({static_cast<const std::byte*>(stored.const_data_ptr()), stored.nbytes()});
    }
    return checksum.text();
}

}  // namespace

Result<void> writeCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
    const at::NoGradGuard noGradient;
    return writeSafetensors(
        path,
        {checkpoint.tensors, {{"format", kFormat}, {"state", checkpoint.state}, {"checksum", checksumOf(checkpoint)}}});
}

Result<Checkpoint> readCheckpoint(const std::filesystem::path& path) {
    auto file = readSafetensors(path);
    if (!file)
        return tl::unexpected(file.error());
    if (file->metadata["format"] != kFormat)
        return fail(ErrorKind::BadInput, path.string() + ": is no checkpoint of this program");
    Checkpoint checkpoint{file->metadata["state"], std::move(file->tensors)};
    if (file->metadata["checksum"] != checksumOf(checkpoint))
        return fail(ErrorKind::BadInput, path.string() +
                                             ": is damaged (its checksum does not fit its contents); delete it to "
                                             "train from the start");
    return checkpoint;
}

}  // namespace sqil
