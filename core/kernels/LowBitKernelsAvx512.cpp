#include "core/kernels/VectorAvx512.h"

#define SQIL_LOW_BIT_NAME "avx512"
#define SQIL_LOW_BIT_TABLE lowBitAvx512
#define SQIL_LOW_BIT_WIDE 4
#define SQIL_LOW_BIT_ROWS 6
#include "core/kernels/LowBitKernels.inl"
