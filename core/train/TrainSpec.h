#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/Result.h"
#include "core/quant/QuantSpec.h"

namespace sqil {

/// METHOD "QRD and the total loss": behaviour cloning without quantization; L_QAT alone; L_QAT + L_QRD with α = 1;
/// L_QAT + L_QRD weighted by SIS.
enum class Recipe { Fp, Qat, Qrd, Sqil };
enum class OptimizerKind { Adam, AdamW, Sgd };
enum class ScheduleKind { Constant, Cosine, OneCycle, Linear };
enum class TrainPrecision { Float32, BFloat16 };
/// L_QAT. ByHead: mean squared error for deterministic heads, cross-entropy for categorical and token heads,
/// −log π(a|s) for Gaussian and Beta heads.
enum class ActionLoss { ByHead, Mse, L1, SmoothL1, CrossEntropy, LogLikelihood };
/// D of L_QRD. ByHead: mean squared error for deterministic heads, KL for categorical ones, squared L2 of the logits
/// for tokens, closed-form KL for Gaussian and Beta heads.
enum class Divergence { ByHead, Mse, SquaredL2, Kl, GaussianKl, BetaKl };
/// Whether recorded actions are the policy's normalized output or in the card's units. Check: normalized, unless the
/// full-precision policy's own actions fit far better to the other: then training is refused with a message.
enum class RecordedActions { Check, Normalized, Units };
/// What adapters stand on: frozen weights as they are, quantized after training, or in NF4.
enum class AdapterBase { FullPrecision, Ptq, NormalFloat };

/// Random changes of images, after the card's preprocessing; zeros change nothing.
struct AugmentationSpec {
    int shift = 0;          ///< pixels, up to this far along each axis; the border is repeated
    double crop = 1;        ///< side of a random crop as a share of the image's, resized back; 1: none
    double brightness = 0;  ///< factor within 1 ± this, on values as before the card's mean and std
    double contrast = 0;    ///< likewise, about the image's mean
    double colour = 0;      ///< likewise, about each pixel's grey (three channels only)

    bool any() const { return shift > 0 || crop < 1 || brightness > 0 || contrast > 0 || colour > 0; }
};

/// Low-rank adapters on every linear layer (Hu et al. 2021): W·x + (alpha/rank)·B·A·x, with W frozen.
struct AdapterSpec {
    int rank = 32;
    double alpha = 16;
    double dropout = 0;
    AdapterBase base = AdapterBase::Ptq;
};

/// Everything that a training run depends on, besides its files. METHOD "QRD and the total loss".
struct TrainSpec {
    Recipe recipe = Recipe::Sqil;
    std::optional<QuantSpec> quantization;  ///< none for recipe fp only
    /// Whose weights and steps training starts from (TrainingStart); with adapters only ptq, which have a base instead.
    QuantMethod start = QuantMethod::Ptq;
    std::int64_t steps = 2000;      ///< of the optimizer
    std::int64_t batch = 64;        ///< recorded steps a forward pass
    std::int64_t accumulation = 1;  ///< forward passes an optimizer's step
    OptimizerKind optimizer = OptimizerKind::Adam;
    double learningRate = 3e-4;
    double stepSizeFactor = 1;  ///< of the learning rate, for quantizer steps
    double weightDecay = 0;     ///< of weights, never of quantizer steps
    double beta1 = 0.9, beta2 = 0.999;
    double momentum = 0.9;  ///< sgd
    ScheduleKind schedule = ScheduleKind::Cosine;
    std::int64_t warmup = 0;  ///< steps
    double gradientClip = 1;  ///< largest norm of the whole gradient; 0: none
    TrainPrecision precision = TrainPrecision::Float32;
    ActionLoss actionLoss = ActionLoss::ByHead;
    Divergence divergence = Divergence::ByHead;
    double qatWeight = 1;
    double qrdWeight = 1;
    double beta = 2;         ///< α where SIS > T
    double topPercent = 20;  ///< p: T is the (100 − p) percentile of SIS over the data set
    RecordedActions recordedActions = RecordedActions::Check;
    std::uint64_t seed = 1;
    AugmentationSpec augmentation;
    double emaDecay = 0;   ///< of an average of the weights that is evaluated and exported; 0: none
    double heldOut = 0.1;  ///< share of the episodes, at least one where there are two
    std::int64_t evaluateEvery = 100;
    std::int64_t patience = 0;  ///< evaluations without a better one before training stops early; 0: never
    bool keepBest = true;       ///< export the state of the best evaluation instead of the last
    std::int64_t checkpointEvery = 100;
    std::optional<AdapterSpec> adapters;

    bool usesDistillation() const { return recipe == Recipe::Qrd || recipe == Recipe::Sqil; }
};

std::string_view nameOf(Recipe value);           ///< "fp", "qat", "qrd", "sqil"
std::string_view nameOf(OptimizerKind value);    ///< "adam", "adamw", "sgd"
std::string_view nameOf(ScheduleKind value);     ///< "constant", "cosine", "onecycle", "linear"
std::string_view nameOf(TrainPrecision value);   ///< "float32", "bfloat16"
std::string_view nameOf(ActionLoss value);       ///< "by-head", "mse", "l1", "smooth-l1", "cross-entropy", …
std::string_view nameOf(Divergence value);       ///< "by-head", "mse", "squared-l2", "kl", "gaussian-kl", "beta-kl"
std::string_view nameOf(RecordedActions value);  ///< "check", "normalized", "units"
std::string_view nameOf(AdapterBase value);      ///< "full-precision", "ptq", "nf4"

/// Every error names the field.
Result<void> check(const TrainSpec& spec);
std::string toJson(const TrainSpec& spec);
/// Fields that are left out keep their defaults; one that is not known is an error. The result is checked.
Result<TrainSpec> parseTrainSpec(std::string_view json);

/// Sets one field by its name in the JSON, from text ("0.001", "cosine", "true"). For command lines.
Result<void> setField(TrainSpec& spec, std::string_view name, std::string_view text);
/// Names of all fields except quantization and adapters, in order.
std::vector<std::string> fieldNames();

/// Fields in which the two differ; none: the same run.
std::vector<std::string> differences(const TrainSpec& first, const TrainSpec& second);

}  // namespace sqil
