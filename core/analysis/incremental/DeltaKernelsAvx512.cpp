#define SQIL_KERNEL_NAME "avx512"
#define SQIL_KERNEL_TABLE deltaKernelsAvx512
#define SQIL_KERNEL_VECTOR 16
#define SQIL_KERNEL_PANEL 4
#define SQIL_KERNEL_ROWS 12, 12, 8, 6
#include "core/analysis/incremental/DeltaKernels.inl"
