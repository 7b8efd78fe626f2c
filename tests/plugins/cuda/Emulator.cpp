#include "tests/plugins/cuda/Emulator.h"

#include <cmath>
#include <cstring>
#include <deque>
#include <memory>
#include <stdexcept>
#include <vector>

#include <ucontext.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

#include "core/kernels/VectorPortable.h"
#include "plugins/cuda/index/Fragments.h"

namespace sqil::cuda {
namespace {

constexpr std::size_t kStack = 64 * 1024;

struct Copy {
    void* to;
    const void* from;
    int bytes;
    bool valid;
};

struct Barrier {
    int expected = 0, arrived = 0, generation = 0;
};

struct Fiber {
    ucontext_t context{};
    std::unique_ptr<char[]> stack;
    void* fakeStack = nullptr;
    bool done = false;
    std::vector<Copy> open;
    std::deque<std::vector<Copy>> committed;
};

/// What the lanes of a warp hand to a product.
struct Operands {
    std::uint32_t a[kLanesOfWarp][4], b[kLanesOfWarp][2];
    std::uint32_t c[kLanesOfWarp][4];  ///< bits; the product afterwards
    bool computed = false;
};

struct Block {
    const std::function<void()>* kernel = nullptr;
    int x = 0, y = 0, z = 0;
    std::vector<Fiber> fibers;
    std::vector<Barrier> warps;
    std::vector<Operands> operands;
    Barrier all;
    Words4* memory = nullptr;
    int sharedBytes = 0;
    int current = 0;
    ucontext_t scheduler{};
    std::exception_ptr failure;
};

Block* block = nullptr;
bool multiplies = true;

void require(bool holds, const char* what) {
    if (!holds)
        throw std::runtime_error(what);
}

void switchTo(ucontext_t& from, ucontext_t& to, [[maybe_unused]] void** fake, [[maybe_unused]] const void* bottom,
              [[maybe_unused]] std::size_t size) {
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_start_switch_fiber(fake, bottom, size);
#endif
    swapcontext(&from, &to);
}

const void* schedulerBottom = nullptr;
std::size_t schedulerSize = 0;

void arrivedOn([[maybe_unused]] void* fake, [[maybe_unused]] bool keep) {
#if defined(__SANITIZE_ADDRESS__)
    if (keep)
        __sanitizer_finish_switch_fiber(fake, &schedulerBottom, &schedulerSize);
    else
        __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
}

Fiber& self() {
    return block->fibers[static_cast<std::size_t>(block->current)];
}

void yield() {
    Fiber& fiber = self();
    switchTo(fiber.context, block->scheduler, &fiber.fakeStack, schedulerBottom, schedulerSize);
    arrivedOn(fiber.fakeStack, true);
}

void meet(Barrier& barrier) {
    const int generation = barrier.generation;
    if (++barrier.arrived == barrier.expected) {
        barrier.arrived = 0;
        ++barrier.generation;
        return;
    }
    while (barrier.generation == generation)
        yield();
}

void body() {
    arrivedOn(nullptr, true);
    try {
        (*block->kernel)();
    } catch (...) {
        block->failure = std::current_exception();
    }
    self().done = true;
    switchTo(self().context, block->scheduler, nullptr, schedulerBottom, schedulerSize);
}

void runBlock(int threads) {
    for (Fiber& fiber : block->fibers) {
        fiber.done = false;
        fiber.open.clear();
        fiber.committed.clear();
        getcontext(&fiber.context);
        fiber.context.uc_stack.ss_sp = fiber.stack.get();
        fiber.context.uc_stack.ss_size = kStack;
        fiber.context.uc_link = nullptr;
        makecontext(&fiber.context, body, 0);
    }
    // Threads run one after the other to their next meeting; the order changes from round to round.
    for (int left = threads, round = 0; left > 0; ++round) {
        left = 0;
        for (int i = 0; i < threads; ++i) {
            block->current = round % 2 == 0 ? i : threads - 1 - i;
            if (self().done)
                continue;
            void* fake = nullptr;
            switchTo(block->scheduler, self().context, &fake, self().stack.get(), kStack);
            arrivedOn(fake, false);
            if (block->failure)
                std::rethrow_exception(block->failure);
            if (!self().done)
                ++left;
        }
        require(round < 10'000'000, "the threads of a block wait for each other for ever");
    }
}

int lane() {
    return block->current % kLanesOfWarp;
}

std::int32_t integerOf(std::uint32_t word, int perRegister, int element, bool isSigned) {
    const int bits = 32 / perRegister;
    const std::uint32_t value = word >> bits * element & ((1U << bits) - 1);
    return isSigned && (value >> (bits - 1)) != 0 ? static_cast<std::int32_t>(value) - (1 << bits)
                                                  : static_cast<std::int32_t>(value);
}

/// D = A·B + C of a warp, element by element, of the operands put together from every lane's registers.
template<class Sum, class Total, class Number>
void compute(Operands& operands, int perRegister, Number number) {
    const int depth = 8 * perRegister;
    std::vector<Sum> a(static_cast<std::size_t>(16 * depth)), b(static_cast<std::size_t>(depth * 8));
    for (int lane = 0; lane < kLanesOfWarp; ++lane)
        for (int element = 0; element < perRegister; ++element) {
            for (int reg = 0; reg < 4; ++reg) {
                const Place place = placeInA(perRegister, lane, reg, element);
                a[static_cast<std::size_t>(place.row * depth + place.column)] =
                    number(operands.a[lane][reg], element, true);
            }
            for (int reg = 0; reg < 2; ++reg) {
                const Place place = placeInB(perRegister, lane, reg, element);
                b[static_cast<std::size_t>(place.column * depth + place.row)] =
                    number(operands.b[lane][reg], element, false);
            }
        }
    for (int lane = 0; lane < kLanesOfWarp; ++lane)
        for (int i = 0; i < 4; ++i) {
            const Place place = placeInC(lane, i);
            Total total;
            std::memcpy(&total, &operands.c[lane][i], sizeof total);
            auto sum = static_cast<Sum>(total);
            for (int k = 0; k < depth; ++k)
                sum += a[static_cast<std::size_t>(place.row * depth + k)] *
                       b[static_cast<std::size_t>(place.column * depth + k)];
            total = static_cast<Total>(sum);
            std::memcpy(&operands.c[lane][i], &total, sizeof total);
        }
    operands.computed = true;
}

/// `number(word, element, isA)`: an element of a register.
template<class Sum, class Number, class Total>
void product(int perRegister, Total (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1,
             Number number) {
    const auto warp = static_cast<std::size_t>(block->current / kLanesOfWarp);
    Operands& operands = block->operands[warp];
    std::memcpy(operands.a[lane()], a, sizeof operands.a[0]);
    std::memcpy(operands.c[lane()], c, sizeof operands.c[0]);
    operands.b[lane()][0] = b0;
    operands.b[lane()][1] = b1;
    operands.computed = false;
    meet(block->warps[warp]);
    if (!operands.computed)
        compute<Sum, Total>(operands, perRegister, number);
    std::memcpy(c, operands.c[lane()], sizeof operands.c[0]);
    meet(block->warps[warp]);
}

float halfOf(std::uint32_t word, int element) {
    return ::sqil::halfAsFloat(static_cast<std::uint16_t>(word >> 16 * element));
}

float bfloatOf(std::uint32_t word, int element) {
    return gpu::fromBits(word >> 16 * element << 16);
}

}  // namespace

void setMultipliesNibbles(bool yes) {
    multiplies = yes;
}

void emulate(const Grid& grid, int threads, int sharedBytes, const std::function<void()>& kernel) {
    require(sharedBytes <= 48 * 1024, "more than 48 KiB of shared memory");
    Block running;
    running.kernel = &kernel;
    running.fibers = std::vector<Fiber>(static_cast<std::size_t>(threads));
    for (Fiber& fiber : running.fibers)
        fiber.stack = std::make_unique<char[]>(kStack);
    const auto warps = static_cast<std::size_t>((threads + kLanesOfWarp - 1) / kLanesOfWarp);
    running.sharedBytes = sharedBytes;
    // Exactly as large as asked for, so that a sanitizer sees what lies beyond.
    std::vector<Words4> memory(static_cast<std::size_t>((sharedBytes + 15) / 16));
    running.memory = memory.data();
    block = &running;
    for (int z = 0; z < grid.z; ++z)
        for (int y = 0; y < grid.y; ++y)
            for (int x = 0; x < grid.x; ++x) {
                running.x = x;
                running.y = y;
                running.z = z;
                running.all = {threads, 0, 0};
                running.warps.assign(warps, {kLanesOfWarp, 0, 0});
                running.operands.resize(warps);
                if (!memory.empty())
                    std::memset(static_cast<void*>(memory.data()), 0xcd, memory.size() * sizeof(Words4));
                runBlock(threads);
            }
    block = nullptr;
}

namespace gpu {

int thread() {
    return block->current;
}
int blockX() {
    return block->x;
}
int blockY() {
    return block->y;
}
int blockZ() {
    return block->z;
}
void syncBlock() {
    meet(block->all);
}
void syncWarp() {
    meet(block->warps[static_cast<std::size_t>(block->current / kLanesOfWarp)]);
}
char* shared() {
    return reinterpret_cast<char*>(block->memory);
}
Words4 loadStreaming(const Words4* from) {
    require(reinterpret_cast<std::uintptr_t>(from) % 16 == 0, "a load of 128 bits is not aligned");
    return *from;
}

template<int Bytes>
void copyAsync(void* to, const void* from, bool valid) {
    require(reinterpret_cast<std::uintptr_t>(to) % Bytes == 0 && reinterpret_cast<std::uintptr_t>(from) % Bytes == 0,
            "an asynchronous copy is not aligned");
    const auto offset = static_cast<char*>(to) - shared();
    require(offset >= 0 && offset + Bytes <= block->sharedBytes, "a copy leaves shared memory");
    self().open.push_back({to, from, Bytes, valid});
}
template void copyAsync<4>(void*, const void*, bool);
template void copyAsync<16>(void*, const void*, bool);

void commitCopies() {
    self().committed.push_back(std::move(self().open));
    self().open.clear();
}

template<int Pending>
void waitForCopies() {
    auto& committed = self().committed;
    for (; committed.size() > static_cast<std::size_t>(Pending); committed.pop_front())
        for (const Copy& copy : committed.front()) {
            if (copy.valid)
                std::memcpy(copy.to, copy.from, static_cast<std::size_t>(copy.bytes));
            else
                std::memset(copy.to, 0, static_cast<std::size_t>(copy.bytes));
        }
}
template void waitForCopies<0>();
template void waitForCopies<1>();
template void waitForCopies<2>();

void multiplyHalves(float (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
    product<double>(2, c, a, b0, b1, [](std::uint32_t word, int element, bool) { return halfOf(word, element); });
}
void multiplyBFloats(float (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
    product<double>(2, c, a, b0, b1, [](std::uint32_t word, int element, bool) { return bfloatOf(word, element); });
}
void multiplyBytes(std::int32_t (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
    product<std::int32_t>(4, c, a, b0, b1,
                          [](std::uint32_t word, int element, bool isA) { return integerOf(word, 4, element, isA); });
}
void multiplyNibbles(std::int32_t (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
    require(multiplies, "this GPU does not multiply nibbles");
    product<std::int32_t>(8, c, a, b0, b1,
                          [](std::uint32_t word, int element, bool isA) { return integerOf(word, 8, element, isA); });
}
bool multipliesNibbles() {
    return multiplies;
}

std::uint32_t fmaHalves(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    std::uint32_t result = 0;
    for (int i = 0; i < 2; ++i)
        result |= std::uint32_t{asHalf(std::fma(halfOf(a, i), halfOf(b, i), halfOf(c, i)))} << 16 * i;
    return result;
}
std::uint32_t fmaBFloats(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    std::uint32_t result = 0;
    for (int i = 0; i < 2; ++i)
        result |= std::uint32_t{asBFloat(std::fma(bfloatOf(a, i), bfloatOf(b, i), bfloatOf(c, i)))} << 16 * i;
    return result;
}
std::uint32_t permuteBytes(std::uint32_t low, std::uint32_t high, std::uint32_t selector) {
    const std::uint64_t both = std::uint64_t{high} << 32 | low;
    std::uint32_t result = 0;
    for (int i = 0; i < 4; ++i)
        result |= static_cast<std::uint32_t>(both >> 8 * (selector >> 4 * i & 7U) & 255U) << 8 * i;
    return result;
}
std::uint16_t asHalf(float value) {
    return ::sqil::floatAsHalf(value);
}
std::uint16_t asBFloat(float value) {
    const std::uint32_t bits = toBits(value);
    return static_cast<std::uint16_t>((bits + 0x7fffU + (bits >> 16 & 1U)) >> 16);
}
float halfAsFloat(std::uint16_t bits) {
    return ::sqil::halfAsFloat(bits);
}
float add(float a, float b) {
    return a + b;
}
float multiply(float a, float b) {
    return a * b;
}
float roundToEven(float value) {
    return std::nearbyint(value);
}
float fromBits(std::uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, 4);
    return value;
}
std::uint32_t toBits(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, 4);
    return bits;
}
std::int32_t draw(std::int32_t* counter) {
    return (*counter)++;
}
void fence() {}

}  // namespace gpu
}  // namespace sqil::cuda
