#define SQIL_STEP_NAME "avx2"
#define SQIL_STEP_TABLE learnedStepAvx2
#define SQIL_STEP_LANES 8
#include "core/quant/LearnedStepKernels.inl"
