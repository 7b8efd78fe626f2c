// Included once by each LowBitKernels<instruction set>.cpp, after its Vector<instruction set>.h; it defines
// SQIL_LOW_BIT_TABLE, SQIL_LOW_BIT_NAME, SQIL_LOW_BIT_WIDE (vectors of a tile computed at once) and SQIL_LOW_BIT_ROWS
// (rows of such a tile). No standard library here but in the portable file: a function compiled with these flags must
// not be picked by the linker for code that runs on lesser processors. Compiled without floating-point contraction.
#include "core/kernels/LowBitKernels.h"

namespace sqil {
namespace {

constexpr int wide = SQIL_LOW_BIT_WIDE;
constexpr int tileRows = SQIL_LOW_BIT_ROWS;

SQIL_INLINE long least(long a, long b) {
    return a < b ? a : b;
}

// One idea each, in the order in which they need each other.
#include "core/kernels/PartialVectors.inl"
#include "core/kernels/FinishKernels.inl"
#include "core/kernels/IntegerKernels.inl"
#include "core/kernels/FloatKernels.inl"
#include "core/kernels/DigitKernels.inl"
#include "core/kernels/ExpandedKernels.inl"
#include "core/kernels/ElementKernels.inl"
#include "core/kernels/RoofKernels.inl"

}  // namespace

extern const LowBitKernels SQIL_LOW_BIT_TABLE = {SQIL_LOW_BIT_NAME, tileRows,         16,
                                                 integer,           table4,           float8,
                                                 digits4,           toDigits,         expandTable4,
                                                 expandFloat8,      multiplyExpanded, expandNibbles,
                                                 quantize,          quantizePlanes,   largestBytes,
                                                 largestHalves,     largestFloats,    halfToFloat,
                                                 floatToHalf,       readAll,          multiplyFloats,
                                                 multiplyIntegers};

}  // namespace sqil
