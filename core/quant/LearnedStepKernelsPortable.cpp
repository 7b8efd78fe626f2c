#define SQIL_STEP_NAME "portable"
#define SQIL_STEP_TABLE learnedStepPortable
#define SQIL_STEP_LANES 4
#include "core/quant/LearnedStepKernels.inl"
