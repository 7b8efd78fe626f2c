#include "core/policy/Pt2Reader.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/policy/FileProblem.h"
#include "core/policy/JsonText.h"
#include "core/policy/Pt2GraphReader.h"
#include "core/policy/Pt2Weights.h"

namespace sqil {
namespace {

constexpr std::uint64_t largestJson = std::uint64_t{1} << 30;
constexpr std::uint64_t largestExtraFile = 256 << 20;

/// The folder that everything in the archive lies in ("policy/"), recognized by its format mark.
std::optional<std::string> rootOf(const ZipArchive& archive) {
    constexpr std::string_view mark = "archive_format";
    for (const auto& entry : archive.entries())
        if (entry.name == mark || entry.name.ends_with("/" + std::string(mark)))
            return entry.name.substr(0, entry.name.size() - mark.size());
    return std::nullopt;
}

/// Archives of PyTorch 2.1 to 2.7 hold these, beside pickled weights.
bool isOlderLayout(const ZipArchive& archive) {
    return std::any_of(archive.entries().begin(), archive.entries().end(), [](const ZipArchive::Entry& entry) {
        return entry.name.ends_with("serialized_exported_program.json") ||
               entry.name.ends_with("serialized_state_dict.pt") || entry.name.ends_with("serialized_state_dict.json");
    });
}

std::string savedAgain(const std::string& file) {
    return "Load it with torch.export.load(\"" + file +
           "\") and write it again with torch.export.save() of PyTorch 2.9 "
           "or newer.";
}

std::string modelFile(const ZipArchive& archive, const std::string& root) {
    std::vector<std::string> models;
    const std::string prefix = root + "models/";
    for (const auto& entry : archive.entries())
        if (entry.name.starts_with(prefix) && entry.name.ends_with(".json"))
            models.push_back(entry.name.substr(prefix.size(), entry.name.size() - prefix.size() - 5));
    if (models.empty())
        unsupported(archive.path().string() +
                    ": no exported program in it (models/NAME.json). Packages of AOTInductor "
                    "hold compiled code only; save the policy with torch.export.save().");
    if (models.size() == 1)
        return models.front();
    if (std::find(models.begin(), models.end(), "model") != models.end())
        return "model";
    std::string names;
    for (const std::string& name : models)
        names += (names.empty() ? "" : ", ") + name;
    unsupported(archive.path().string() + ": holds several programs (" + names +
                "); save the policy alone with torch.export.save()");
}

std::string textOf(const ZipArchive& archive, const std::string& name, std::uint64_t maximumBytes) {
    const ZipArchive::Entry* entry = archive.find(name);
    if (!entry)
        badFile(archive.path().string() + ": the archive has no file \"" + name + "\"; it is not complete");
    return archive.text(*entry, maximumBytes);
}

void checkVersions(const ZipArchive& archive, const std::string& root, const JsonView& program) {
    const std::string file = archive.path().string();
    if (const auto* entry = archive.find(root + "archive_version"))
        if (const std::string version = archive.text(*entry, 64); version != "0")
            unsupported(file + ": archive version " + version + "; this program reads version 0 (PyTorch 2.8 to 2.11)");
    if (const auto* entry = archive.find(root + "byteorder"))
        if (const std::string order = archive.text(*entry, 64); order != "little")
            unsupported(file + ": its weights are stored in " + order + "-endian order, only little-endian is read");
    const std::int64_t major = program["schema_version"]["major"].integer();
    if (major != 8)
        unsupported(file + ": written with version " + std::to_string(major) +
                    " of torch.export's schema; this program reads version 8. " + savedAgain(file));
}

std::map<std::string, StoredTensor> tensorsOf(const ZipArchive& archive, const std::string& root,
                                              const std::string& folder, const std::string& table) {
    const std::string name = root + folder + table;
    if (archive.find(root + folder + "model.pt"))
        unsupported(archive.path().string() + ": weights stored as a Python pickle (" + folder +
                    "model.pt), which is never read because pickles can run code. " +
                    savedAgain(archive.path().string()));
    const Json json = parseJson(textOf(archive, name, largestJson), archive.path().string() + ": " + name);
    return readPt2Tensors(archive, JsonView(json, archive.path().string() + ": " + table), root + folder);
}

}  // namespace

bool isPt2(const ZipArchive& archive) {
    return rootOf(archive).has_value() || isOlderLayout(archive);
}

PolicyFile readPt2(const ZipArchive& archive) {
    const std::string path = archive.path().string();
    const auto root = rootOf(archive);
    if (!root || isOlderLayout(archive))
        unsupported(path +
                    ": written by PyTorch 2.7 or older, whose .pt2 files hold the weights as a Python pickle. "
                    "Pickles can run code, so they are never read. " +
                    savedAgain(path));
    const auto format = textOf(archive, *root + "archive_format", 64);
    if (format != "pt2")
        unsupported(path + ": archive format \"" + format + "\", expected \"pt2\"");

    const std::string model = modelFile(archive, *root);
    const Json json = parseJson(textOf(archive, *root + "models/" + model + ".json", largestJson),
                                path + ": models/" + model + ".json");
    const JsonView program(json, path + ": models/" + model + ".json");
    checkVersions(archive, *root, program);

    Pt2Tensors tensors;
    tensors.weights = tensorsOf(archive, *root, "data/weights/", model + "_weights_config.json");
    tensors.constants = tensorsOf(archive, *root, "data/constants/", model + "_constants_config.json");

    PolicyFile file;
    file.graph = readPt2Graph(program, tensors);
    const std::string extra = *root + "extra/";
    for (const auto& entry : archive.entries())
        if (entry.name.starts_with(extra) && entry.name.size() > extra.size() && !entry.name.ends_with('/'))
            file.extraFiles[entry.name.substr(extra.size())] = archive.text(entry, largestExtraFile);
    return file;
}

}  // namespace sqil
