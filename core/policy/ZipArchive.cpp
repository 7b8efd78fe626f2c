#include "core/policy/ZipArchive.h"

#include <system_error>

#include <zip.h>

#include "core/policy/FileProblem.h"

namespace sqil {
namespace {

// Deflate cannot do better than about 1030 : 1; JSON of large graphs reaches 30 : 1.
constexpr std::uint64_t largestRatio = 200;
constexpr std::uint64_t smallEntry = 1 << 20;
constexpr zip_int64_t mostEntries = 1'000'000;

[[noreturn]] void notComplete(const std::string& path, const std::string& words) {
    badFile(path + ": not a complete archive (" + words +
            "). Policies are ZIP archives as torch.export.save(), torch.jit.save() and Stable-Baselines3 write them; "
            "a file cut short while it was copied looks like this: copy or export it again.");
}

}  // namespace

struct ZipArchive::Handle {
    zip_t* zip = nullptr;
    ~Handle() {
        if (zip)
            zip_discard(zip);
    }
};

ZipArchive::ZipArchive(const std::filesystem::path& path) : path_(path), handle_(std::make_unique<Handle>()) {
    std::error_code failed;
    const std::uintmax_t fileSize = std::filesystem::file_size(path, failed);
    if (failed)
        throw FileProblem(ErrorKind::NotFound, path.string() + ": cannot be read: " + failed.message());

    int code = 0;
    handle_->zip = zip_open(path.c_str(), ZIP_RDONLY, &code);
    if (!handle_->zip) {
        zip_error_t reason;
        zip_error_init_with_code(&reason, code);
        const std::string words = zip_error_strerror(&reason);
        zip_error_fini(&reason);
        if (code == ZIP_ER_OPEN || code == ZIP_ER_READ)
            throw FileProblem(ErrorKind::Io, path.string() + ": cannot be read: " + words);
        notComplete(path.string(), words);
    }
    list(fileSize);
}

ZipArchive::ZipArchive(std::filesystem::path path, std::vector<std::byte> bytes)
    : path_(std::move(path)), bytes_(std::move(bytes)), handle_(std::make_unique<Handle>()) {
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_t* source = zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, &reason);
    handle_->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &reason) : nullptr;
    const std::string words = handle_->zip ? "" : zip_error_strerror(&reason);
    zip_error_fini(&reason);
    if (!handle_->zip) {
        if (source)
            zip_source_free(source);
        notComplete(path_.string(), words);
    }
    list(bytes_.size());
}

void ZipArchive::list(std::uint64_t fileSize) {
    const std::filesystem::path& path = path_;
    const zip_int64_t count = zip_get_num_entries(handle_->zip, 0);
    if (count > mostEntries)
        badFile(path.string() + ": lists " + std::to_string(count) + " files, more than a policy has");
    std::uint64_t stored = 0;
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t stat;
        if (zip_stat_index(handle_->zip, static_cast<zip_uint64_t>(i), 0, &stat) != 0 ||
            !(stat.valid & ZIP_STAT_NAME) || !(stat.valid & ZIP_STAT_SIZE) || !(stat.valid & ZIP_STAT_COMP_SIZE))
            badFile(path.string() + ": the description of file " + std::to_string(i) + " in the archive is damaged");
        Entry entry{stat.name, stat.size, stat.comp_size, static_cast<std::uint64_t>(i)};
        const std::string where = path.string() + ": " + entry.name + " in the archive";
        if (!byName_.emplace(entry.name, entries_.size()).second)
            badFile(where + " is there twice");
        if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
            badFile(where + " is encrypted");
        stored += entry.storedSize;
        if (entry.storedSize > fileSize || stored > fileSize)
            badFile(where + " claims " + std::to_string(entry.storedSize) + " bytes, but the whole file has " +
                    std::to_string(fileSize));
        const bool compressed = (stat.valid & ZIP_STAT_COMP_METHOD) && stat.comp_method != ZIP_CM_STORE;
        if (!compressed && entry.size != entry.storedSize)
            badFile(where + " claims " + std::to_string(entry.size) + " bytes, but " +
                    std::to_string(entry.storedSize) + " are stored");
        if (entry.size > smallEntry && entry.size / largestRatio > entry.storedSize)
            badFile(where + " would grow from " + std::to_string(entry.storedSize) + " to " +
                    std::to_string(entry.size) + " bytes: refused, as no policy compresses so well");
        entries_.push_back(std::move(entry));
    }
}

ZipArchive::~ZipArchive() = default;

const ZipArchive::Entry* ZipArchive::find(const std::string& name) const {
    const auto found = byName_.find(name);
    return found == byName_.end() ? nullptr : &entries_[found->second];
}

std::string ZipArchive::text(const Entry& entry, std::uint64_t maximumBytes) const {
    if (entry.size > maximumBytes)
        badFile(path_.string() + ": " + entry.name + " has " + std::to_string(entry.size) + " bytes, more than the " +
                std::to_string(maximumBytes) + " that such a text can have");
    std::string text(entry.size, '\0');
    read(entry, std::as_writable_bytes(std::span(text)));
    return text;
}

void ZipArchive::read(const Entry& entry, std::span<std::byte> into) const {
    const std::string where = path_.string() + ": " + entry.name + " in the archive";
    if (into.size() != entry.size)
        badFile(where + " has " + std::to_string(entry.size) + " bytes, expected " + std::to_string(into.size()));
    zip_file_t* file = zip_fopen_index(handle_->zip, entry.index, 0);
    if (!file)
        badFile(where + " cannot be read: " + zip_strerror(handle_->zip));
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> closes(file, &zip_fclose);
    std::size_t done = 0;
    while (done < into.size()) {
        const zip_int64_t got = zip_fread(file, into.data() + done, into.size() - done);
        if (got <= 0)
            badFile(where + " is damaged or cut short after " + std::to_string(done) + " of " +
                    std::to_string(into.size()) + " bytes: " + zip_file_strerror(file));
        done += static_cast<std::size_t>(got);
    }
    // The checksum is compared when the end is reached.
    std::byte beyond;
    if (zip_fread(file, &beyond, 1) != 0)
        badFile(where + " is damaged: " + zip_file_strerror(file));
}

}  // namespace sqil
