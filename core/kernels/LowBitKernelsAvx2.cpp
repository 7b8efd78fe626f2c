#include "core/kernels/VectorAvx2.h"

#define SQIL_LOW_BIT_NAME "avx2"
#define SQIL_LOW_BIT_TABLE lowBitAvx2
#define SQIL_LOW_BIT_WIDE 1
#define SQIL_LOW_BIT_ROWS 4
#include "core/kernels/LowBitKernels.inl"
