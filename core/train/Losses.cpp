#include "core/train/Losses.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

namespace sqil {
namespace loss {
namespace {

constexpr double kLeastSpread = 1e-6;  // of a standard deviation or a Beta parameter
constexpr double kOffTheEnds = 1e-4;

at::Tensor perSample(const at::Tensor& losses) {
    return losses.dim() > 1 ? losses.flatten(1).mean(1) : losses;
}

struct Halves {
    at::Tensor first, second;
};
Halves halves(const at::Tensor& values) {
    const auto parts = values.chunk(2, 1);
    return {parts[0], parts[1]};
}

at::Tensor logBetaFunction(const Halves& parameters) {
    return parameters.first.lgamma() + parameters.second.lgamma() - (parameters.first + parameters.second).lgamma();
}

Halves bothPositive(const at::Tensor& values) {
    const Halves both = halves(values);
    return {both.first.clamp_min(kLeastSpread), both.second.clamp_min(kLeastSpread)};
}

std::string doesNotFit(std::string_view field, std::string_view name, ActionHead head) {
    return std::string(field) + ": " + std::string(name) + " does not fit a " + std::string(nameOf(head)) + " head";
}

bool isDiscrete(ActionHead head) {
    return head == ActionHead::Categorical || head == ActionHead::TokenLogits;
}

}  // namespace

at::Tensor meanSquaredError(const at::Tensor& values, const at::Tensor& wanted) {
    return perSample((values - wanted).square());
}

at::Tensor meanAbsoluteError(const at::Tensor& values, const at::Tensor& wanted) {
    return perSample((values - wanted).abs());
}

at::Tensor smoothAbsoluteError(const at::Tensor& values, const at::Tensor& wanted) {
    return perSample(at::smooth_l1_loss(values, wanted, at::Reduction::None, 1.0));
}

at::Tensor squaredL2(const at::Tensor& values, const at::Tensor& wanted) {
    return (values - wanted).square().flatten(1).sum(1);
}

at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& classes) {
    const at::Tensor logProbabilities = at::log_softmax(logits, -1);
    return perSample(-logProbabilities.gather(-1, classes.unsqueeze(-1)).squeeze(-1));
}

at::Tensor klDivergence(const at::Tensor& logits, const at::Tensor& teacherLogits) {
    const at::Tensor teacher = at::log_softmax(teacherLogits, -1);
    return perSample((teacher.exp() * (teacher - at::log_softmax(logits, -1))).sum(-1));
}

at::Tensor gaussianNegativeLogLikelihood(const at::Tensor& values, const at::Tensor& action) {
    const Halves both = halves(values);
    const at::Tensor deviation = both.second.clamp_min(kLeastSpread);
    const at::Tensor distance = (action - both.first) / deviation;
    return (0.5 * distance.square() + deviation.log() + 0.5 * std::log(2 * std::numbers::pi)).sum(1);
}

at::Tensor betaNegativeLogLikelihood(const at::Tensor& values, const at::Tensor& action) {
    const Halves both = bothPositive(values);
    const at::Tensor place = ((action + 1) / 2).clamp(kOffTheEnds, 1 - kOffTheEnds);
    const at::Tensor logDensity = (both.first - 1) * place.log() + (both.second - 1) * (1 - place).log() -
                                  logBetaFunction(both) - std::numbers::ln2;
    return -logDensity.sum(1);
}

at::Tensor gaussianKl(const at::Tensor& values, const at::Tensor& teacher) {
    const Halves student = halves(values), expert = halves(teacher);
    const at::Tensor studentStd = student.second.clamp_min(kLeastSpread);
    const at::Tensor expertStd = expert.second.clamp_min(kLeastSpread);
    return ((studentStd / expertStd).log() +
            (expertStd.square() + (expert.first - student.first).square()) / (2 * studentStd.square()) - 0.5)
        .sum(1);
}

at::Tensor betaKl(const at::Tensor& values, const at::Tensor& teacher) {
    const Halves student = bothPositive(values), expert = bothPositive(teacher);
    const at::Tensor both = (expert.first + expert.second).digamma();
    return (logBetaFunction(student) - logBetaFunction(expert) +
            (expert.first - student.first) * expert.first.digamma() +
            (expert.second - student.second) * expert.second.digamma() +
            (student.first - expert.first + student.second - expert.second) * both)
        .sum(1);
}

Result<ActionLoss> resolve(ActionLoss wanted, ActionHead head) {
    const bool spread = head == ActionHead::Gaussian || head == ActionHead::Beta;
    if (wanted == ActionLoss::ByHead)
        return isDiscrete(head) ? ActionLoss::CrossEntropy : spread ? ActionLoss::LogLikelihood : ActionLoss::Mse;
    const bool fits = wanted == ActionLoss::CrossEntropy    ? isDiscrete(head)
                      : wanted == ActionLoss::LogLikelihood ? spread
                                                            : !isDiscrete(head);
    if (!fits)
        return fail(ErrorKind::BadInput, doesNotFit("action_loss", nameOf(wanted), head));
    return wanted;
}

Result<Divergence> resolve(Divergence wanted, ActionHead head) {
    if (wanted == Divergence::ByHead)
        switch (head) {
            case ActionHead::Deterministic:
                return Divergence::Mse;
            case ActionHead::Categorical:
                return Divergence::Kl;
            case ActionHead::TokenLogits:
                return Divergence::SquaredL2;
            case ActionHead::Gaussian:
                return Divergence::GaussianKl;
            case ActionHead::Beta:
                return Divergence::BetaKl;
        }
    const bool fits = wanted == Divergence::Kl           ? isDiscrete(head)
                      : wanted == Divergence::GaussianKl ? head == ActionHead::Gaussian
                      : wanted == Divergence::BetaKl     ? head == ActionHead::Beta
                                                         : true;
    if (!fits)
        return fail(ErrorKind::BadInput, doesNotFit("divergence", nameOf(wanted), head));
    return wanted;
}

at::Tensor action(ActionLoss kind, ActionHead head, const at::Tensor& values, const at::Tensor& recorded) {
    switch (kind) {
        case ActionLoss::CrossEntropy:
            return crossEntropy(values, recorded);
        case ActionLoss::LogLikelihood:
            return head == ActionHead::Gaussian ? gaussianNegativeLogLikelihood(values, recorded)
                                                : betaNegativeLogLikelihood(values, recorded);
        case ActionLoss::L1:
            return meanAbsoluteError(actionOfValues(head, values), recorded);
        case ActionLoss::SmoothL1:
            return smoothAbsoluteError(actionOfValues(head, values), recorded);
        case ActionLoss::Mse:
        case ActionLoss::ByHead:
            break;
    }
    return meanSquaredError(actionOfValues(head, values), recorded);
}

at::Tensor divergence(Divergence kind, const at::Tensor& values, const at::Tensor& teacher) {
    switch (kind) {
        case Divergence::SquaredL2:
            return squaredL2(values, teacher);
        case Divergence::Kl:
            return klDivergence(values, teacher);
        case Divergence::GaussianKl:
            return gaussianKl(values, teacher);
        case Divergence::BetaKl:
            return betaKl(values, teacher);
        case Divergence::Mse:
        case Divergence::ByHead:
            break;
    }
    return meanSquaredError(values, teacher);
}

}  // namespace loss

at::Tensor actionOfValues(ActionHead head, const at::Tensor& values) {
    switch (head) {
        case ActionHead::Categorical:
        case ActionHead::TokenLogits:
            return at::softmax(values, -1).flatten(1);
        case ActionHead::Gaussian:
            return values.chunk(2, 1)[0];
        case ActionHead::Beta: {
            const auto halves = values.chunk(2, 1);
            return halves[0] / (halves[0] + halves[1]) * 2 - 1;
        }
        case ActionHead::Deterministic:
            break;
    }
    return values;
}

}  // namespace sqil
