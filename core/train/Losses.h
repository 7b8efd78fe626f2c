#pragma once
#include <ATen/core/Tensor.h>

#include "core/base/Result.h"
#include "core/policy/PolicyCard.h"
#include "core/train/TrainSpec.h"

namespace sqil {

/// METHOD "QRD and the total loss". Pure functions: a batch of N in, one loss a sample out (N), float32,
/// differentiable with respect to the student's values.
///
/// `values` are what the head makes of the graph's outputs for training (headValues(), Student.h): the normalized
/// action N×A; logits N×K or N×D×V; (mean, standard deviation) or (alpha, beta) side by side N×2A.
namespace loss {

at::Tensor meanSquaredError(const at::Tensor& values, const at::Tensor& wanted);
at::Tensor meanAbsoluteError(const at::Tensor& values, const at::Tensor& wanted);
/// ½e² for |e| < 1, |e| − ½ beyond (Girshick 2015), the mean over a sample.
at::Tensor smoothAbsoluteError(const at::Tensor& values, const at::Tensor& wanted);
/// ‖values − wanted‖², summed over a sample.
at::Tensor squaredL2(const at::Tensor& values, const at::Tensor& wanted);
/// −log softmax(logits)[class]; N×K with classes N, or N×D×V with N×D: the mean over D. Classes are int64.
at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& classes);
/// KL(teacher ‖ student) of softmax(logits): the sum over classes, the mean over D.
at::Tensor klDivergence(const at::Tensor& logits, const at::Tensor& teacherLogits);
/// −log N(action; mean, std), summed over dimensions.
at::Tensor gaussianNegativeLogLikelihood(const at::Tensor& values, const at::Tensor& action);
/// −log of the density that Beta(alpha, beta) on [0, 1], mapped to [−1, 1], gives the action; the sum over dimensions.
/// Actions are moved 1e-4 off the ends, where the density may be infinite.
at::Tensor betaNegativeLogLikelihood(const at::Tensor& values, const at::Tensor& action);
/// KL(teacher ‖ student) in closed form, summed over dimensions:
/// ln(σ_Q/σ_F) + (σ_F² + (μ_F − μ_Q)²)/(2σ_Q²) − ½.
at::Tensor gaussianKl(const at::Tensor& values, const at::Tensor& teacher);
/// ln B(α_Q, β_Q) − ln B(α_F, β_F) + (α_F − α_Q)ψ(α_F) + (β_F − β_Q)ψ(β_F) + (α_Q − α_F + β_Q − β_F)ψ(α_F + β_F).
at::Tensor betaKl(const at::Tensor& values, const at::Tensor& teacher);

/// What ByHead means, and whether the loss fits the head.
Result<ActionLoss> resolve(ActionLoss wanted, ActionHead head);
Result<Divergence> resolve(Divergence wanted, ActionHead head);

/// L_QAT of a resolved kind; `recorded` is the normalized action N×A, or classes N or N×D.
at::Tensor action(ActionLoss kind, ActionHead head, const at::Tensor& values, const at::Tensor& recorded);
/// D(π_Q, π_FP) of a resolved kind.
at::Tensor divergence(Divergence kind, const at::Tensor& values, const at::Tensor& teacher);

}  // namespace loss

/// The normalized action N×A that values stand for, as Policy::action() gives it; probabilities of logits, flattened.
at::Tensor actionOfValues(ActionHead head, const at::Tensor& values);

}  // namespace sqil
