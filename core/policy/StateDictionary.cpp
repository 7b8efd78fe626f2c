#include "core/policy/StateDictionary.h"

#include <ATen/Functions.h>

#include <array>
#include <cstring>

#include "core/policy/FileProblem.h"
#include "core/policy/PickleFollower.h"

namespace sqil {
namespace {

using Kind = PickleItem::Kind;

constexpr std::uint64_t largestPickle = 64 << 20;
constexpr std::array<std::string_view, 2> functions{"torch._utils _rebuild_tensor_v2", "collections OrderedDict"};
constexpr PickleRules rules{functions, /*modules=*/false, /*dictionaryAttributes=*/true, "state dictionaries",
                            "Only tensors can be in a state dictionary. Nothing of it was read."};

/// "archive/" of "archive/data.pkl".
std::string rootOf(const ZipArchive& archive) {
    constexpr std::string_view name = "data.pkl";
    for (const auto& entry : archive.entries())
        if (entry.name == name || entry.name.ends_with("/" + std::string(name)))
            return entry.name.substr(0, entry.name.size() - name.size());
    badFile(archive.path().string() +
            ": holds no data.pkl; expected a state dictionary as torch.save() of PyTorch 1.6 or newer writes it");
}

at::ScalarType typeOf(std::string_view storage, const std::string& place) {
    constexpr std::array<std::pair<std::string_view, at::ScalarType>, 4> types{
        {{"torch FloatStorage", at::kFloat},
         {"torch DoubleStorage", at::kDouble},
         {"torch HalfStorage", at::kHalf},
         {"torch BFloat16Storage", at::kBFloat16}}};
    for (const auto& [name, type] : types)
        if (name == storage)
            return type;
    unsupported(place + ": is of " + std::string(storage) + "; expected floating-point numbers");
}

std::vector<std::int64_t> integersOf(const PickleItem& tuple) {
    std::vector<std::int64_t> values;
    for (const auto& item : tuple.items)
        values.push_back(item->integer);
    return values;
}

class Reader {
public:
    explicit Reader(const ZipArchive& archive) : archive_(archive), root_(rootOf(archive)) {}

    std::map<std::string, at::Tensor> read() {
        const std::string file = archive_.path().string();
        if (const auto* entry = archive_.find(root_ + "byteorder"))
            if (const std::string order = archive_.text(*entry, 64); order != "little")
                unsupported(file + ": its weights are stored in " + order +
                            "-endian order, only little-endian is read");
        const std::string name = root_ + "data.pkl";
        const std::string pickle = archive_.text(*archive_.find(name), largestPickle);
        const StorageSize storedBytes = [&](const std::string& key) -> std::optional<std::uint64_t> {
            const auto* entry = archive_.find(root_ + "data/" + key);
            return entry ? std::optional(entry->size) : std::nullopt;
        };
        const auto dictionary = followPickle(pickle, file + ": " + name, storedBytes, rules);
        if (dictionary->kind != Kind::Dictionary)
            badFile(file + ": " + name + " is no dictionary; expected what module.state_dict() gives");
        std::map<std::string, at::Tensor> tensors;
        for (std::size_t i = 0; i + 1 < dictionary->items.size(); i += 2) {
            const PickleItem &key = *dictionary->items[i], &value = *dictionary->items[i + 1];
            if (key.kind != Kind::Text || value.kind != Kind::Tensor)
                badFile(file + ": " + name + ": entry " + std::to_string(i / 2) + " is no tensor with a name");
            if (!tensors.emplace(key.text, tensor(value, file + ": " + key.text)).second)
                badFile(file + ": " + key.text + " is there twice");
        }
        return tensors;
    }

private:
    at::Tensor tensor(const PickleItem& item, const std::string& place) {
        const PickleItem& storage = *item.items[0];
        const at::Tensor& all = storageOf(storage, place);
        const auto sizes = integersOf(*item.items[2]), strides = integersOf(*item.items[3]);
        std::int64_t elements = 1;
        for (const std::int64_t size : sizes)  // the follower has ruled out an overflow
            elements *= size;
        if (elements > storage.integer)
            badFile(place + ": its " + std::to_string(elements) + " elements repeat the " +
                    std::to_string(storage.integer) + " that are stored");
        if (elements == 0)
            return at::zeros(sizes);
        return all.as_strided(sizes, strides, item.items[1]->integer).to(at::kFloat).contiguous().clone();
    }

    const at::Tensor& storageOf(const PickleItem& storage, const std::string& place) {
        const auto known = storages_.find(storage.text);
        const at::ScalarType type = typeOf(storage.items.front()->text, place);
        if (known != storages_.end() && known->second.scalar_type() == type)
            return known->second;
        const auto* entry = archive_.find(root_ + "data/" + storage.text);
        std::vector<std::byte> bytes(entry->size);
        archive_.read(*entry, bytes);
        at::Tensor tensor = at::empty({static_cast<std::int64_t>(bytes.size() / elementSize(type))}, type);
        std::memcpy(tensor.mutable_data_ptr(), bytes.data(), tensor.nbytes());
        return storages_.insert_or_assign(storage.text, tensor).first->second;
    }

    const ZipArchive& archive_;
    std::string root_;
    std::map<std::string, at::Tensor> storages_;
};

}  // namespace

std::map<std::string, at::Tensor> readStateDictionary(const ZipArchive& archive) {
    return Reader(archive).read();
}

}  // namespace sqil
