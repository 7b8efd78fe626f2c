#define SQIL_KERNEL_NAME "avx2"
#define SQIL_KERNEL_TABLE deltaKernelsAvx2
#define SQIL_KERNEL_VECTOR 8
#define SQIL_KERNEL_PANEL 2
#define SQIL_KERNEL_ROWS 12, 6
#include "core/analysis/incremental/DeltaKernels.inl"
