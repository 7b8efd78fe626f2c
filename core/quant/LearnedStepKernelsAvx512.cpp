#define SQIL_STEP_NAME "avx512"
#define SQIL_STEP_TABLE learnedStepAvx512
#define SQIL_STEP_LANES 16
#include "core/quant/LearnedStepKernels.inl"
