#include "core/policy/Pt2Weights.h"

#include <ATen/Functions.h>
#include <limits>
#include <optional>
#include <vector>

#include "core/policy/FileProblem.h"
#include "core/policy/Pt2Schema.h"

namespace sqil {
namespace {

constexpr std::size_t mostDimensions = 64;

struct Layout {
    at::ScalarType type = at::kFloat;
    std::vector<std::int64_t> sizes, strides;
    std::int64_t offset = 0;
};

std::int64_t concrete(const JsonView& size) {
    if (!size.has("as_int"))
        size.complain("expected a plain number: weights have fixed sizes");
    const std::int64_t value = size["as_int"].integer();
    if (value < 0)
        size.complain("a size, stride or offset cannot be negative");
    return value;
}

std::vector<std::int64_t> concreteList(const JsonView& list) {
    if (list.size() > mostDimensions)
        list.complain("more dimensions than a tensor can have");
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < list.size(); ++i)
        values.push_back(concrete(list.item(i)));
    return values;
}

Layout layoutOf(const JsonView& meta) {
    Layout layout;
    const auto type = scalarTypeFromPt2(meta["dtype"].integer());
    if (!type)
        meta["dtype"].complain("an element type this program does not know");
    if (const auto kind = layoutFromPt2(meta["layout"].integer()); kind != at::kStrided)
        unsupported(meta.place() + ": a sparse weight; make it dense before exporting the policy");
    layout.type = *type;
    layout.sizes = concreteList(meta["sizes"]);
    layout.strides = concreteList(meta["strides"]);
    layout.offset = concrete(meta["storage_offset"]);
    if (layout.sizes.size() != layout.strides.size())
        meta.complain("as many strides as sizes are needed");
    return layout;
}

/// Elements of storage that the layout reaches; none where that overflows.
std::optional<std::int64_t> reach(const Layout& layout) {
    std::int64_t last = layout.offset;
    for (std::size_t i = 0; i < layout.sizes.size(); ++i) {
        if (layout.sizes[i] == 0)
            return 0;
        std::int64_t step = 0;
        if (__builtin_mul_overflow(layout.sizes[i] - 1, layout.strides[i], &step) ||
            __builtin_add_overflow(last, step, &last))
            return std::nullopt;
    }
    return last == std::numeric_limits<std::int64_t>::max() ? std::nullopt : std::optional(last + 1);
}

/// A stride of 0 can claim any number of elements from one stored byte.
bool claimsAbsurdSize(const Layout& layout, std::int64_t stored) {
    std::int64_t elements = 1;
    for (const std::int64_t size : layout.sizes)
        if (__builtin_mul_overflow(elements, size, &elements))
            return true;
    return elements / 4096 > std::max<std::int64_t>(stored, 1);
}

class Storages {
public:
    Storages(const ZipArchive& archive, std::string folder) : archive_(archive), folder_(std::move(folder)) {}

    /// The whole file as a one-dimensional tensor.
    at::Tensor flat(const std::string& file, at::ScalarType type, const JsonView& place) {
        const auto key = std::make_pair(file, type);
        if (const auto known = storages_.find(key); known != storages_.end())
            return known->second;
        const ZipArchive::Entry* entry = archive_.find(folder_ + file);
        if (!entry)
            place.complain("the archive has no file \"" + folder_ + file + "\"");
        const std::size_t width = c10::elementSize(type);
        if (entry->size % width != 0)
            place.complain("\"" + file + "\" has " + std::to_string(entry->size) + " bytes, not a multiple of the " +
                           std::to_string(width) + " of one element");
        at::Tensor flat = at::empty({static_cast<std::int64_t>(entry->size / width)}, at::TensorOptions().dtype(type));
        archive_.read(*entry,
                      {static_cast<std::byte*>(flat.mutable_data_ptr()), static_cast<std::size_t>(entry->size)});
        storages_.emplace(key, flat);
        return flat;
    }

private:
    const ZipArchive& archive_;
    std::string folder_;
    std::map<std::pair<std::string, at::ScalarType>, at::Tensor> storages_;
};

}  // namespace

std::map<std::string, StoredTensor> readPt2Tensors(const ZipArchive& archive, const JsonView& table,
                                                   const std::string& folder) {
    std::map<std::string, StoredTensor> tensors;
    Storages storages(archive, folder);
    const JsonView config = table["config"];
    config.expectObject();
    for (const auto& [name, value] : config.raw().items()) {
        const JsonView entry(value, config.place() + "[\"" + name + "\"]");
        if (entry["use_pickle"].boolean())
            unsupported(entry.place() +
                        ": stored as a Python pickle (a tensor subclass such as torchao's, or a custom "
                        "object). Pickles can run code, so they are never read: export the policy with "
                        "plain tensors.");
        const JsonView meta = entry["tensor_meta"];
        const Layout layout = layoutOf(meta);
        const at::Tensor flat = storages.flat(entry["path_name"].text(), layout.type, entry);
        const auto needed = reach(layout);
        if (!needed || *needed > flat.numel() || claimsAbsurdSize(layout, flat.numel()))
            meta.complain("sizes and strides reach beyond the " + std::to_string(flat.numel()) +
                          " elements that are stored");
        StoredTensor stored;
        stored.tensor = flat.as_strided(layout.sizes, layout.strides, *needed == 0 ? 0 : layout.offset);
        stored.trainable = entry["is_param"].boolean() && meta["requires_grad"].boolean();
        tensors.emplace(name, std::move(stored));
    }
    return tensors;
}

}  // namespace sqil
