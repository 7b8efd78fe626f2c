#pragma once
#include <cstdint>

// The kernels are written against these functions alone. nvcc turns them into instructions; the tests compile the same
// kernels for the host, where an emulator (tests/plugins/cuda/Emulator.cpp) runs every thread of a block as a fiber.
#if defined(__CUDACC__)
#define SQIL_GPU __device__ __forceinline__
#define SQIL_KERNEL(threads) __global__ void __launch_bounds__(threads, 1)
#define SQIL_UNROLL _Pragma("unroll")
#else
#define SQIL_GPU inline
#define SQIL_KERNEL(threads) void
#define SQIL_UNROLL
#endif

namespace sqil::cuda {

struct alignas(16) Words4 {
    std::uint32_t of[4];
};
struct alignas(8) Words2 {
    std::uint32_t of[2];
};

namespace gpu {

#if !defined(__CUDACC__)

int thread();
int blockX();
int blockY();
int blockZ();
void syncBlock();
void syncWarp();
/// The block's dynamic shared memory.
char* shared();
Words4 loadStreaming(const Words4* from);
/// Into shared memory, done when waitForCopies() says so; zeros where `valid` is false.
template<int Bytes>
void copyAsync(void* to, const void* from, bool valid);
void commitCopies();
/// Until at most `Pending` of the groups committed are still under way.
template<int Pending>
void waitForCopies();
void multiplyHalves(float (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1);
void multiplyBFloats(float (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1);
/// int8 weights, uint8 activations.
void multiplyBytes(std::int32_t (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1);
/// int4 weights, uint4 activations.
void multiplyNibbles(std::int32_t (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1);
bool multipliesNibbles();
std::uint32_t fmaHalves(std::uint32_t a, std::uint32_t b, std::uint32_t c);
std::uint32_t fmaBFloats(std::uint32_t a, std::uint32_t b, std::uint32_t c);
std::uint32_t permuteBytes(std::uint32_t low, std::uint32_t high, std::uint32_t selector);
std::uint16_t asHalf(float value);
std::uint16_t asBFloat(float value);
float halfAsFloat(std::uint16_t bits);
float add(float a, float b);
float multiply(float a, float b);
float roundToEven(float value);
float fromBits(std::uint32_t bits);
std::uint32_t toBits(float value);
/// Adds one and gives what was there; what the block wrote before is seen by whoever draws a later number.
std::int32_t draw(std::int32_t* counter);
void fence();

#else

SQIL_GPU int thread() {
    return static_cast<int>(threadIdx.x);
}
SQIL_GPU int blockX() {
    return static_cast<int>(blockIdx.x);
}
SQIL_GPU int blockY() {
    return static_cast<int>(blockIdx.y);
}
SQIL_GPU int blockZ() {
    return static_cast<int>(blockIdx.z);
}
SQIL_GPU void syncBlock() {
    __syncthreads();
}
SQIL_GPU void syncWarp() {
    __syncwarp();
}
SQIL_GPU char* shared() {
    extern __shared__ Words4 memory[];
    return reinterpret_cast<char*>(memory);
}

/// Weights are read once: past the first-level cache.
SQIL_GPU Words4 loadStreaming(const Words4* from) {
    Words4 words;
    asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(words.of[0]), "=r"(words.of[1]), "=r"(words.of[2]), "=r"(words.of[3])
                 : "l"(from));
    return words;
}

template<int Bytes>
SQIL_GPU void copyAsync(void* to, const void* from, bool valid) {
    static_assert(Bytes == 4 || Bytes == 16);
#if __CUDA_ARCH__ >= 800
    const auto target = static_cast<std::uint32_t>(__cvta_generic_to_shared(to));
    const int size = valid ? Bytes : 0;
    if constexpr (Bytes == 16)
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(target), "l"(from), "r"(size) : "memory");
    else
        asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(target), "l"(from), "r"(size) : "memory");
#else
    if constexpr (Bytes == 16)
        *static_cast<Words4*>(to) = valid ? *static_cast<const Words4*>(from) : Words4{};
    else
        *static_cast<std::uint32_t*>(to) = valid ? *static_cast<const std::uint32_t*>(from) : 0U;
#endif
}
SQIL_GPU void commitCopies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}
template<int Pending>
SQIL_GPU void waitForCopies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
#endif
}

SQIL_GPU void multiplyHalves(float (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
#if __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
    // Turing's product takes eight inputs: registers 0 and 1 of A are the first, 2 and 3 the last.
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(b0));
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[2]), "r"(a[3]), "r"(b1));
#endif
}

/// Turing has none; the caller hands it halves.
SQIL_GPU void multiplyBFloats(float (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
#if __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
    __trap();
#endif
}

SQIL_GPU void multiplyBytes(std::int32_t (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
#if __CUDA_ARCH__ >= 800
    asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.u8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
    // Turing's product is 8 × 8 × 16: one register each, a quarter of the large one.
    SQIL_UNROLL
    for (int half = 0; half < 2; ++half) {
        asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.s8.u8.s32 {%0,%1}, {%2}, {%3}, {%0,%1};"
                     : "+r"(c[2 * half]), "+r"(c[2 * half + 1])
                     : "r"(a[half]), "r"(b0));
        asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.s8.u8.s32 {%0,%1}, {%2}, {%3}, {%0,%1};"
                     : "+r"(c[2 * half]), "+r"(c[2 * half + 1])
                     : "r"(a[half + 2]), "r"(b1));
    }
#endif
}

/// Tensor cores multiply nibbles from Turing to Ada; later ones only emulate it.
SQIL_GPU constexpr bool multipliesNibbles() {
#if __CUDA_ARCH__ < 900
    return true;
#else
    return false;
#endif
}

SQIL_GPU void multiplyNibbles(std::int32_t (&c)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
#if __CUDA_ARCH__ >= 800 && __CUDA_ARCH__ < 900
    asm volatile("mma.sync.aligned.m16n8k64.row.col.s32.s4.u4.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#elif __CUDA_ARCH__ < 800
    SQIL_UNROLL
    for (int half = 0; half < 2; ++half) {
        asm volatile("mma.sync.aligned.m8n8k32.row.col.s32.s4.u4.s32 {%0,%1}, {%2}, {%3}, {%0,%1};"
                     : "+r"(c[2 * half]), "+r"(c[2 * half + 1])
                     : "r"(a[half]), "r"(b0));
        asm volatile("mma.sync.aligned.m8n8k32.row.col.s32.s4.u4.s32 {%0,%1}, {%2}, {%3}, {%0,%1};"
                     : "+r"(c[2 * half]), "+r"(c[2 * half + 1])
                     : "r"(a[half + 2]), "r"(b1));
    }
#else
    __trap();
#endif
}

SQIL_GPU std::uint32_t fmaHalves(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    std::uint32_t d;
    asm("fma.rn.f16x2 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
    return d;
}
SQIL_GPU std::uint32_t fmaBFloats(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
#if __CUDA_ARCH__ >= 800
    std::uint32_t d;
    asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
    return d;
#else
    __trap();
    return 0;
#endif
}
SQIL_GPU std::uint32_t permuteBytes(std::uint32_t low, std::uint32_t high, std::uint32_t selector) {
    return __byte_perm(low, high, selector);
}

SQIL_GPU std::uint16_t asHalf(float value) {
    std::uint16_t bits;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
    return bits;
}
SQIL_GPU std::uint16_t asBFloat(float value) {
#if __CUDA_ARCH__ >= 800
    std::uint16_t bits;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(value));
    return bits;
#else
    __trap();
    return 0;
#endif
}
SQIL_GPU float halfAsFloat(std::uint16_t bits) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
}
/// Never contracted: integers' epilogues give the same bits as the processor's.
SQIL_GPU float add(float a, float b) {
    return __fadd_rn(a, b);
}
SQIL_GPU float multiply(float a, float b) {
    return __fmul_rn(a, b);
}
SQIL_GPU float roundToEven(float value) {
    return rintf(value);
}
SQIL_GPU float fromBits(std::uint32_t bits) {
    return __uint_as_float(bits);
}
SQIL_GPU std::uint32_t toBits(float value) {
    return __float_as_uint(value);
}
SQIL_GPU std::int32_t draw(std::int32_t* counter) {
    return atomicAdd(counter, 1);
}
SQIL_GPU void fence() {
    __threadfence();
}

#endif

}  // namespace gpu
}  // namespace sqil::cuda
