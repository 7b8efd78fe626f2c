#include "core/policy/PickleFollower.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/policy/FileProblem.h"

namespace sqil {
namespace {

constexpr int deepestNesting = 100;
constexpr std::size_t longestType = 2000;

using Item = PickleItem;
using ItemPointer = PickleItemPointer;

struct ElementType {
    std::string_view storage;
    std::uint64_t bytes;
};

constexpr std::array<ElementType, 12> storages{{{"torch FloatStorage", 4},
                                                {"torch DoubleStorage", 8},
                                                {"torch HalfStorage", 2},
                                                {"torch BFloat16Storage", 2},
                                                {"torch LongStorage", 8},
                                                {"torch IntStorage", 4},
                                                {"torch ShortStorage", 2},
                                                {"torch CharStorage", 1},
                                                {"torch ByteStorage", 1},
                                                {"torch BoolStorage", 1},
                                                {"torch ComplexFloatStorage", 8},
                                                {"torch ComplexDoubleStorage", 16}}};

template<class Table>
bool holds(const Table& table, std::string_view name) {
    return std::find(table.begin(), table.end(), name) != table.end();
}

const ElementType* elementType(std::string_view name) {
    const auto found =
        std::find_if(storages.begin(), storages.end(), [&](const ElementType& e) { return e.storage == name; });
    return found == storages.end() ? nullptr : &*found;
}

/// A class that the archive's own code defines; not one that LibTorch implements ("torch.classes").
bool isOwnClass(std::string_view name) {
    return name.starts_with("__torch__") && name.find("torch.classes") == std::string_view::npos;
}

class PickleFollower {
public:
    PickleFollower(std::string_view pickle, std::string place, const StorageSize& storedBytes, const PickleRules& rules)
        : pickle_(pickle), place_(std::move(place)), storedBytes_(storedBytes), rules_(rules) {}

    ItemPointer follow() {
        while (!step()) {
        }
        if (stack_.size() != 1 || stack_.front()->kind == Item::Kind::Mark)
            complain("does not leave one value");
        return stack_.front();
    }

private:
    using Kind = Item::Kind;

    [[noreturn]] void complain(const std::string& problem) const {
        badFile(place_ + ": at byte " + std::to_string(at_) + " the pickle " + problem);
    }

    // Bytes

    std::string_view take(std::size_t count) {
        if (count > pickle_.size() - at_)
            complain("ends in the middle of a value");
        const std::string_view bytes = pickle_.substr(at_, count);
        at_ += count;
        return bytes;
    }

    std::uint64_t number(std::size_t bytes) {
        std::uint64_t value = 0;
        const std::string_view stored = take(bytes);
        for (std::size_t i = 0; i < bytes; ++i)
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(stored[i])) << (8 * i);
        return value;
    }

    std::string line() {
        const std::size_t end = pickle_.find('\n', at_);
        if (end == std::string_view::npos)
            complain("ends in the middle of a name");
        std::string text(pickle_.substr(at_, end - at_));
        at_ = end + 1;
        return text;
    }

    // Stack

    void push(Item item) { stack_.push_back(std::make_shared<Item>(std::move(item))); }
    void pushInteger(std::int64_t value) { push({.kind = Kind::Integer, .integer = value, .text = {}, .items = {}}); }
    void pushKind(Kind kind) { push({.kind = kind, .text = {}, .items = {}}); }

    ItemPointer pop() {
        if (stack_.empty() || stack_.back()->kind == Kind::Mark)
            complain("takes a value where there is none");
        ItemPointer item = stack_.back();
        stack_.pop_back();
        return item;
    }

    Item& top() {
        if (stack_.empty() || stack_.back()->kind == Kind::Mark)
            complain("takes a value where there is none");
        return *stack_.back();
    }

    std::vector<ItemPointer> popToMark() {
        std::vector<ItemPointer> items;
        while (!stack_.empty() && stack_.back()->kind != Kind::Mark) {
            items.push_back(stack_.back());
            stack_.pop_back();
        }
        if (stack_.empty())
            complain("takes a list that was not begun");
        stack_.pop_back();
        std::reverse(items.begin(), items.end());
        return items;
    }

    void hold(Item& holder, const ItemPointer& item) {
        if (item.get() == &holder)
            complain("puts a value into itself");
        item->held = true;
        holder.depth = std::max(holder.depth, item->depth + 1);
        if (holder.depth > deepestNesting)
            complain("nests values more than " + std::to_string(deepestNesting) + " levels deep");
    }

    void pushTuple(std::vector<ItemPointer> items) {
        Item tuple;
        tuple.kind = Kind::Tuple;
        for (const ItemPointer& item : items)
            hold(tuple, item);
        tuple.items = std::move(items);
        push(std::move(tuple));
    }

    void fill(Kind kind, const std::vector<ItemPointer>& items) {
        Item& holder = top();
        if (holder.kind != kind || holder.held)
            complain("adds to something that is no new list or dictionary");
        if (kind == Kind::Dictionary && items.size() % 2 != 0)
            complain("has a key without a value");
        for (const ItemPointer& item : items)
            hold(holder, item);
        if (kind == Kind::Dictionary)
            holder.items.insert(holder.items.end(), items.begin(), items.end());
    }

    // Opcodes. True at the end.

    bool step() {
        if (at_ >= pickle_.size())
            complain("ends without its end mark");
        const auto code = static_cast<unsigned char>(pickle_[at_++]);
        switch (code) {
            case 0x80:
                take(1);
                break;  // PROTO
            case '(':
                pushKind(Kind::Mark);
                break;  // MARK
            case '.':
                return true;  // STOP
            case 'N':
            case 0x88:
            case 0x89:
                pushKind(Kind::Other);
                break;  // NONE, NEWTRUE, NEWFALSE
            case 'K':
                pushInteger(static_cast<std::int64_t>(number(1)));
                break;  // BININT1
            case 'M':
                pushInteger(static_cast<std::int64_t>(number(2)));
                break;  // BININT2
            case 'J':
                pushInteger(static_cast<std::int32_t>(number(4)));
                break;  // BININT
            case 0x8a:
                pushLong();
                break;  // LONG1
            case 'G':
                take(8);
                pushKind(Kind::Other);
                break;  // BINFLOAT
            case 'X':
                pushText(number(4));
                break;  // BINUNICODE
            case ')':
                pushTuple({});
                break;  // EMPTY_TUPLE
            case 't':
                pushTuple(popToMark());
                break;  // TUPLE
            case 0x85:
                tupleOf(1);
                break;
            case 0x86:
                tupleOf(2);
                break;
            case 0x87:
                tupleOf(3);
                break;
            case ']':
                pushKind(Kind::List);
                break;  // EMPTY_LIST
            case '}':
                pushKind(Kind::Dictionary);
                break;  // EMPTY_DICT
            case 'a': {
                const ItemPointer item = pop();
                fill(Kind::List, {item});
                break;
            }  // APPEND
            case 'e': {
                const auto items = popToMark();
                fill(Kind::List, items);
                break;
            }  // APPENDS
            case 's': {
                const ItemPointer value = pop(), key = pop();
                fill(Kind::Dictionary, {key, value});
                break;
            }
            case 'u': {
                const auto items = popToMark();
                fill(Kind::Dictionary, items);
                break;
            }  // SETITEMS
            case 'q':
                memo_[number(1)] = pointerToTop();
                break;  // BINPUT
            case 'r':
                memo_[number(4)] = pointerToTop();
                break;  // LONG_BINPUT
            case 'h':
                recall(number(1));
                break;  // BINGET
            case 'j':
                recall(number(4));
                break;  // LONG_BINGET
            case 'c':
                pushGlobal();
                break;  // GLOBAL
            case 0x81:
                makeObject();
                break;  // NEWOBJ
            case 'b':
                setState();
                break;  // BUILD
            case 'R':
                reduce();
                break;  // REDUCE
            case 'Q':
                makeStorage();
                break;  // BINPERSID
            default:
                --at_;
                complain("uses operation " + std::to_string(code) + ", which " + std::string(rules_.files) +
                         " do not need");
        }
        return false;
    }

    void pushLong() {
        const std::size_t bytes = number(1);
        if (bytes > 8)
            complain("holds an integer of more than 64 bits");
        std::uint64_t value = number(bytes);
        if (bytes > 0 && bytes < 8 && (value >> (8 * bytes - 1)))
            value |= ~std::uint64_t{0} << (8 * bytes);
        pushInteger(static_cast<std::int64_t>(value));
    }

    void pushText(std::uint64_t length) {
        Item item;
        item.kind = Kind::Text;
        item.text = std::string(take(length));
        push(std::move(item));
    }

    void tupleOf(std::size_t count) {
        std::vector<ItemPointer> items(count);
        for (std::size_t i = count; i-- > 0;)
            items[i] = pop();
        pushTuple(std::move(items));
    }

    ItemPointer pointerToTop() {
        top();
        return stack_.back();
    }

    void recall(std::uint64_t slot) {
        const auto found = memo_.find(slot);
        if (found == memo_.end())
            complain("recalls a value that it never stored");
        stack_.push_back(found->second);
    }

    void pushGlobal() {
        Item item;
        item.kind = Kind::Global;
        const std::string module = line();
        item.text = module + " " + line();
        if (!isModule(item.text) && !holds(rules_.functions, item.text) && !elementType(item.text))
            unsupported(place_ + ": names " + item.text + ", which would be called or made on loading. " +
                        std::string(rules_.advice));
        push(std::move(item));
    }

    void makeObject() {
        const ItemPointer arguments = pop(), type = pop();
        if (type->kind != Kind::Global || !isModule(type->text) || arguments->kind != Kind::Tuple)
            complain("makes an object of something that is no module");
        pushKind(Kind::Object);
    }

    bool isModule(std::string_view name) const { return rules_.modules && isOwnClass(name); }

    void setState() {
        const ItemPointer state = pop();
        Item& object = top();
        const bool takesAttributes =
            object.kind == Kind::Object || (object.kind == Kind::Dictionary && rules_.dictionaryAttributes);
        if (!takesAttributes || object.held || state->kind != Kind::Dictionary)
            complain("sets attributes of something that takes none");
        hold(object, state);
    }

    void reduce() {
        const ItemPointer arguments = pop(), function = pop();
        if (function->kind != Kind::Global || !holds(rules_.functions, function->text) ||
            arguments->kind != Kind::Tuple)
            complain("calls something that is no function");
        const std::string_view name = function->text;
        const auto& given = arguments->items;
        if (name == "torch._utils _rebuild_tensor_v2") {
            checkTensor(given);
            Item tensor;
            tensor.kind = Kind::Tensor;
            tensor.items = given;
            tensor.depth = arguments->depth;
            push(std::move(tensor));
        } else if (name == "collections OrderedDict") {
            if (!given.empty())
                complain("makes an ordered dictionary of something");
            pushKind(Kind::Dictionary);
        } else if (name == "torch device") {
            if (given.size() != 1 || given[0]->kind != Kind::Text)
                complain("makes a device of something that is no name");
            pushKind(Kind::Other);
        } else if (name == "torch.jit._pickle restore_type_tag") {
            const bool container =
                given.size() == 2 && (given[0]->kind == Kind::List || given[0]->kind == Kind::Dictionary);
            if (!container || given[1]->kind != Kind::Text || given[1]->text.size() > longestType ||
                std::count(given[1]->text.begin(), given[1]->text.end(), '[') > deepestNesting)
                complain("gives a type to something that is no list or dictionary");
            stack_.push_back(given[0]);
        } else {
            if (given.size() != 1 || given[0]->kind != Kind::List)
                complain("makes a list of something that is none");
            stack_.push_back(given[0]);
        }
    }

    /// ("storage", type, key, location, elements): the bytes must be there.
    void makeStorage() {
        const ItemPointer description = pop();
        const auto& given = description->items;
        const bool shaped = description->kind == Kind::Tuple && given.size() == 5 && given[0]->kind == Kind::Text &&
                            given[0]->text == "storage" && given[1]->kind == Kind::Global &&
                            given[2]->kind == Kind::Text && given[3]->kind == Kind::Text &&
                            given[4]->kind == Kind::Integer;
        const ElementType* type = shaped ? elementType(given[1]->text) : nullptr;
        if (!type)
            complain("describes a tensor's memory in an unknown way");
        const std::string& key = given[2]->text;
        const std::int64_t elements = given[4]->integer;
        const auto stored = storedBytes_(key);
        std::uint64_t needed = 0;
        if (!stored || elements < 0 ||
            __builtin_mul_overflow(static_cast<std::uint64_t>(elements), type->bytes, &needed) || needed > *stored)
            complain("claims " + std::to_string(elements) + " elements of " + std::string(type->storage) +
                     " under the key \"" + key + "\", where the archive holds " +
                     (stored ? std::to_string(*stored) + " bytes" : "no file"));
        Item item;
        item.kind = Kind::Storage;
        item.integer = elements;
        item.text = key;
        item.items = {given[1]};
        push(std::move(item));
    }

    std::vector<std::int64_t> integers(const Item& tuple) const {
        std::vector<std::int64_t> values;
        for (const ItemPointer& item : tuple.items) {
            if (item->kind != Kind::Integer || item->integer < 0)
                complain("has a size or stride that is no number from 0 on");
            values.push_back(item->integer);
        }
        return values;
    }

    /// (storage, offset, sizes, strides, requires_grad, hooks[, metadata])
    void checkTensor(const std::vector<ItemPointer>& given) const {
        const bool shaped = given.size() >= 6 && given.size() <= 7 && given[0]->kind == Kind::Storage &&
                            given[1]->kind == Kind::Integer && given[2]->kind == Kind::Tuple &&
                            given[3]->kind == Kind::Tuple && given[4]->kind == Kind::Other &&
                            given[5]->kind == Kind::Dictionary && given[2]->items.size() == given[3]->items.size() &&
                            given[2]->items.size() <= 64 && given[1]->integer >= 0;
        if (!shaped)
            complain("describes a tensor in an unknown way");
        const auto sizes = integers(*given[2]), strides = integers(*given[3]);
        std::int64_t last = given[1]->integer, elements = 1;
        bool overflowed = false;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            std::int64_t reach = 0;
            overflowed = overflowed || __builtin_mul_overflow(elements, sizes[i], &elements) ||
                         __builtin_mul_overflow(std::max<std::int64_t>(sizes[i] - 1, 0), strides[i], &reach) ||
                         __builtin_add_overflow(last, reach, &last);
        }
        if (overflowed || (elements > 0 && last >= given[0]->integer))
            complain("describes a tensor that reaches beyond the " + std::to_string(given[0]->integer) +
                     " elements stored for it");
    }

    std::string_view pickle_;
    std::string place_;
    const StorageSize& storedBytes_;
    const PickleRules& rules_;
    std::size_t at_ = 0;
    std::vector<ItemPointer> stack_;
    std::unordered_map<std::uint64_t, ItemPointer> memo_;
};

}  // namespace

std::optional<std::uint64_t> elementBytes(std::string_view storageType) {
    const ElementType* type = elementType(storageType);
    return type ? std::optional(type->bytes) : std::nullopt;
}

ItemPointer followPickle(std::string_view pickle, const std::string& place, const StorageSize& storedBytes,
                         const PickleRules& rules) {
    return PickleFollower(pickle, place, storedBytes, rules).follow();
}

}  // namespace sqil
