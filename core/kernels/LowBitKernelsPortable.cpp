#include "core/kernels/VectorPortable.h"

#define SQIL_LOW_BIT_NAME "portable"
#define SQIL_LOW_BIT_TABLE lowBitPortable
#define SQIL_LOW_BIT_WIDE 1
#define SQIL_LOW_BIT_ROWS 4
#include "core/kernels/LowBitKernels.inl"
