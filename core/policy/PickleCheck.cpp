#include "core/policy/PickleCheck.h"

#include <array>

namespace sqil {
namespace {

constexpr std::array<std::string_view, 8> functions{
    "torch._utils _rebuild_tensor_v2",    "collections OrderedDict",
    "torch.jit._pickle restore_type_tag", "torch.jit._pickle build_intlist",
    "torch.jit._pickle build_boollist",   "torch.jit._pickle build_tensorlist",
    "torch.jit._pickle build_doublelist", "torch device"};

constexpr PickleRules rules{functions, /*modules=*/true, /*dictionaryAttributes=*/false, "TorchScript files",
                            "Only tensors, numbers, lists and modules can be in a policy. Save it with "
                            "torch.export.save()."};

}  // namespace

void checkPickle(std::string_view pickle, const std::string& place, const StorageSize& storedBytes) {
    followPickle(pickle, place, storedBytes, rules);
}

}  // namespace sqil
