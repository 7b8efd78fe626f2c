#pragma once

namespace sqil {

/// Quantization with one step over `count` contiguous values, and its gradients (LearnedStep.h), for one
/// instruction set. No LibTorch here: these files are compiled with flags of their own.
struct LearnedStepKernels {
    const char* name;
    /// out[i] = step·round(clip(values[i]/step, low, high)); NaN stays NaN.
    void (*quantize)(const float* values, float* out, long count, float step, float low, float high);
    /// Writes the gradient of the values (unless null) and returns the sum that is the gradient of the step.
    double (*gradients)(const float* values, const float* outGradient, float* valueGradient, long count, float step,
                        float low, float high);
};

extern const LearnedStepKernels learnedStepPortable;
#if defined(__x86_64__)
extern const LearnedStepKernels learnedStepAvx2;
extern const LearnedStepKernels learnedStepAvx512;
#endif

/// The best that this processor has; SQIL_KERNELS=portable|avx2 in the environment limits it.
const LearnedStepKernels& learnedStepKernels();

}  // namespace sqil
