#define SQIL_KERNEL_NAME "portable"
#define SQIL_KERNEL_TABLE deltaKernelsPortable
#define SQIL_KERNEL_VECTOR 4
#define SQIL_KERNEL_PANEL 2
#define SQIL_KERNEL_ROWS 8, 4
#include "core/analysis/incremental/DeltaKernels.inl"
