#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sqil {

/// Bytes stored under a storage's key in the archive; none where there is no such file.
using StorageSize = std::function<std::optional<std::uint64_t>(const std::string& key)>;

/// What an unpickler would have on its stack, as a description.
struct PickleItem {
    enum class Kind { Mark, Other, Integer, Text, Tuple, List, Dictionary, Global, Object, Storage, Tensor };
    Kind kind = Kind::Other;
    std::int64_t integer = 0;  ///< or elements of a storage
    std::string text;          ///< or the name of a global, the key of a storage
    /// Of a tuple; keys and values of a dictionary in turns; of a tensor (storage, offset, sizes, strides, …); of a
    /// storage its type. Not kept of lists and objects.
    std::vector<std::shared_ptr<PickleItem>> items;
    int depth = 1;
    /// Inside another item: may not change any more, so that depths stay true and nothing holds itself.
    bool held = false;
};
using PickleItemPointer = std::shared_ptr<PickleItem>;

/// What a kind of file needs of pickle's language; all else is refused.
struct PickleRules {
    std::span<const std::string_view> functions;  ///< that may be called ("collections OrderedDict")
    bool modules = false;                         ///< objects of classes that the archive's own code defines
    bool dictionaryAttributes = false;  ///< an ordered dictionary may have attributes (state_dict()'s _metadata)
    std::string_view files;             ///< "TorchScript files", for messages
    std::string_view advice;            ///< what to do where a class or function is refused
};

/// Bytes of one element of a storage type ("torch FloatStorage"); none for other names.
std::optional<std::uint64_t> elementBytes(std::string_view storageType);

/// Follows a pickle on a stack of descriptions without making anything of it. Every class or function that the rules
/// do not name is refused by name; tensors' sizes and strides stay inside the bytes that are stored for them.
/// Returns what is left. Throws FileProblem that names `place`.
PickleItemPointer followPickle(std::string_view pickle, const std::string& place, const StorageSize& storedBytes,
                               const PickleRules& rules);

}  // namespace sqil
