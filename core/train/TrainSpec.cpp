#include "core/train/TrainSpec.h"

#include <cmath>
#include <limits>
#include <set>
#include <type_traits>

#include <nlohmann/json.hpp>

namespace sqil {
namespace {

using nlohmann::json;

template<class Enumeration>
struct Named {
    Enumeration value;
    std::string_view name;
};

constexpr Named<Recipe> kRecipes[] = {
    {Recipe::Fp, "fp"}, {Recipe::Qat, "qat"}, {Recipe::Qrd, "qrd"}, {Recipe::Sqil, "sqil"}};
constexpr Named<OptimizerKind> kOptimizers[] = {
    {OptimizerKind::Adam, "adam"}, {OptimizerKind::AdamW, "adamw"}, {OptimizerKind::Sgd, "sgd"}};
constexpr Named<ScheduleKind> kSchedules[] = {{ScheduleKind::Constant, "constant"},
                                              {ScheduleKind::Cosine, "cosine"},
                                              {ScheduleKind::OneCycle, "onecycle"},
                                              {ScheduleKind::Linear, "linear"}};
constexpr Named<TrainPrecision> kPrecisions[] = {{TrainPrecision::Float32, "float32"},
                                                 {TrainPrecision::BFloat16, "bfloat16"}};
constexpr Named<ActionLoss> kActionLosses[] = {{ActionLoss::ByHead, "by-head"},
                                               {ActionLoss::Mse, "mse"},
                                               {ActionLoss::L1, "l1"},
                                               {ActionLoss::SmoothL1, "smooth-l1"},
                                               {ActionLoss::CrossEntropy, "cross-entropy"},
                                               {ActionLoss::LogLikelihood, "log-likelihood"}};
constexpr Named<Divergence> kDivergences[] = {{Divergence::ByHead, "by-head"},         {Divergence::Mse, "mse"},
                                              {Divergence::SquaredL2, "squared-l2"},   {Divergence::Kl, "kl"},
                                              {Divergence::GaussianKl, "gaussian-kl"}, {Divergence::BetaKl, "beta-kl"}};
constexpr Named<RecordedActions> kRecordedActions[] = {
    {RecordedActions::Check, "check"}, {RecordedActions::Normalized, "normalized"}, {RecordedActions::Units, "units"}};
constexpr Named<AdapterBase> kAdapterBases[] = {
    {AdapterBase::FullPrecision, "full-precision"}, {AdapterBase::Ptq, "ptq"}, {AdapterBase::NormalFloat, "nf4"}};

constexpr Named<QuantMethod> kStarts[] = {{QuantMethod::Ptq, "ptq"},
                                          {QuantMethod::Awq, "awq"},
                                          {QuantMethod::SmoothQuant, "smoothquant"},
                                          {QuantMethod::QuaRot, "quarot"}};

const auto& tableOf(Recipe) {
    return kRecipes;
}
const auto& tableOf(OptimizerKind) {
    return kOptimizers;
}
const auto& tableOf(ScheduleKind) {
    return kSchedules;
}
const auto& tableOf(TrainPrecision) {
    return kPrecisions;
}
const auto& tableOf(ActionLoss) {
    return kActionLosses;
}
const auto& tableOf(Divergence) {
    return kDivergences;
}
const auto& tableOf(RecordedActions) {
    return kRecordedActions;
}
const auto& tableOf(AdapterBase) {
    return kAdapterBases;
}

const auto& tableOf(QuantMethod) {
    return kStarts;
}

template<class Enumeration>
std::string_view nameIn(Enumeration value) {
    for (const auto& entry : tableOf(value))
        if (entry.value == value)
            return entry.name;
    return {};
}

[[noreturn]] void complain(const std::string& problem) {
    throw Error{ErrorKind::BadInput, problem};
}

/// The one list of fields: their names in JSON, and where they are.
template<class Spec, class Visit>
void visitFields(Spec& spec, Visit&& visit) {
    visit("recipe", spec.recipe);
    visit("start", spec.start);
    visit("steps", spec.steps);
    visit("batch", spec.batch);
    visit("accumulation", spec.accumulation);
    visit("optimizer", spec.optimizer);
    visit("learning_rate", spec.learningRate);
    visit("step_size_factor", spec.stepSizeFactor);
    visit("weight_decay", spec.weightDecay);
    visit("beta1", spec.beta1);
    visit("beta2", spec.beta2);
    visit("momentum", spec.momentum);
    visit("schedule", spec.schedule);
    visit("warmup", spec.warmup);
    visit("gradient_clip", spec.gradientClip);
    visit("precision", spec.precision);
    visit("action_loss", spec.actionLoss);
    visit("divergence", spec.divergence);
    visit("qat_weight", spec.qatWeight);
    visit("qrd_weight", spec.qrdWeight);
    visit("beta", spec.beta);
    visit("top_percent", spec.topPercent);
    visit("recorded_actions", spec.recordedActions);
    visit("seed", spec.seed);
    visit("shift", spec.augmentation.shift);
    visit("crop", spec.augmentation.crop);
    visit("brightness", spec.augmentation.brightness);
    visit("contrast", spec.augmentation.contrast);
    visit("colour", spec.augmentation.colour);
    visit("ema_decay", spec.emaDecay);
    visit("held_out", spec.heldOut);
    visit("evaluate_every", spec.evaluateEvery);
    visit("patience", spec.patience);
    visit("keep_best", spec.keepBest);
    visit("checkpoint_every", spec.checkpointEvery);
}

template<class Spec, class Visit>
void visitAdapterFields(Spec& adapters, Visit&& visit) {
    visit("rank", adapters.rank);
    visit("alpha", adapters.alpha);
    visit("dropout", adapters.dropout);
    visit("base", adapters.base);
}

template<class Value>
json written(const Value& value) {
    if constexpr (std::is_enum_v<Value>)
        return nameIn(value);
    else
        return value;
}

template<class Value>
void readEnumeration(const std::string& field, std::string_view name, Value& value) {
    std::string known;
    for (const auto& entry : tableOf(value)) {
        if (entry.name == name) {
            value = entry.value;
            return;
        }
        known += (known.empty() ? "" : ", ") + std::string(entry.name);
    }
    complain(field + ": \"" + std::string(name) + "\" is not known; expected one of " + known);
}

template<class Value>
void readValue(const std::string& field, const json& source, Value& value) {
    if constexpr (std::is_enum_v<Value>) {
        if (!source.is_string())
            complain(field + ": expected a name in quotation marks");
        readEnumeration(field, source.get<std::string>(), value);
    } else if constexpr (std::is_same_v<Value, bool>) {
        if (!source.is_boolean())
            complain(field + ": expected true or false");
        value = source.get<bool>();
    } else if constexpr (std::is_same_v<Value, std::uint64_t>) {
        if (!source.is_number_unsigned())
            complain(field + ": expected a whole number that is not negative");
        value = source.get<std::uint64_t>();
    } else if constexpr (std::is_integral_v<Value>) {
        if (!source.is_number_integer() || (source.is_number_unsigned() && source.get<std::uint64_t>() > INT64_MAX))
            complain(field + ": expected a whole number");
        const auto wide = source.get<std::int64_t>();
        value = static_cast<Value>(wide);
        if (value != wide)
            complain(field + ": " + std::to_string(wide) + " is too large");
    } else {
        if (!source.is_number())
            complain(field + ": expected a number");
        value = source.get<double>();
    }
}

void require(bool holds, const std::string& field, const std::string& expected, const std::string& found) {
    if (!holds)
        complain(field + ": " + found + "; expected " + expected);
}

void requireNumber(const std::string& field, double value, double least, double most) {
    std::string range = "at least " + json(least).dump();
    if (std::isfinite(most))
        range += " and at most " + json(most).dump();
    require(std::isfinite(value) && value >= least && value <= most, field, range, json(value).dump());
}

void requireWhole(const std::string& field, std::int64_t value, std::int64_t least, std::int64_t most) {
    require(value >= least && value <= most, field, std::to_string(least) + " to " + std::to_string(most),
            std::to_string(value));
}

constexpr std::int64_t kMost = std::int64_t{1} << 40;
constexpr double kEndless = std::numeric_limits<double>::infinity();

void checkFields(const TrainSpec& spec) {
    requireWhole("steps", spec.steps, 1, kMost);
    requireWhole("batch", spec.batch, 1, 1 << 20);
    requireWhole("accumulation", spec.accumulation, 1, 1 << 20);
    requireNumber("learning_rate", spec.learningRate, 0, kEndless);
    require(spec.learningRate > 0, "learning_rate", "more than 0", "0");
    requireNumber("step_size_factor", spec.stepSizeFactor, 0, kEndless);
    requireNumber("weight_decay", spec.weightDecay, 0, kEndless);
    requireNumber("beta1", spec.beta1, 0, 1 - 1e-9);
    requireNumber("beta2", spec.beta2, 0, 1 - 1e-12);
    requireNumber("momentum", spec.momentum, 0, 1 - 1e-9);
    requireWhole("warmup", spec.warmup, 0, kMost);
    require(spec.warmup < spec.steps || spec.warmup == 0, "warmup",
            "fewer than the " + std::to_string(spec.steps) + " steps", std::to_string(spec.warmup));
    requireNumber("gradient_clip", spec.gradientClip, 0, kEndless);
    requireNumber("qat_weight", spec.qatWeight, 0, kEndless);
    requireNumber("qrd_weight", spec.qrdWeight, 0, kEndless);
    requireNumber("beta", spec.beta, 0, kEndless);
    requireNumber("top_percent", spec.topPercent, 0, 100);
    require(spec.topPercent > 0 && spec.topPercent < 100, "top_percent", "more than 0 and less than 100",
            json(spec.topPercent).dump());
    requireWhole("shift", spec.augmentation.shift, 0, 1 << 12);
    requireNumber("crop", spec.augmentation.crop, 0.1, 1);
    requireNumber("brightness", spec.augmentation.brightness, 0, 1);
    requireNumber("contrast", spec.augmentation.contrast, 0, 1);
    requireNumber("colour", spec.augmentation.colour, 0, 1);
    requireNumber("ema_decay", spec.emaDecay, 0, 1 - 1e-12);
    requireNumber("held_out", spec.heldOut, 0, 0.9);
    requireWhole("evaluate_every", spec.evaluateEvery, 1, kMost);
    requireWhole("patience", spec.patience, 0, kMost);
    requireWhole("checkpoint_every", spec.checkpointEvery, 1, kMost);
    if (spec.usesDistillation())
        require(spec.qatWeight > 0 || spec.qrdWeight > 0, "qrd_weight", "more than 0 here or for qat_weight", "0");
    else
        require(spec.qatWeight > 0, "qat_weight",
                "more than 0: it is the only loss of recipe " + std::string(nameOf(spec.recipe)), "0");
    if (spec.recipe == Recipe::Fp)
        require(!spec.quantization, "quantization", "none for recipe fp", "given");
    else
        require(spec.quantization.has_value(), "quantization",
                "the bits of weights and activations for recipe " + std::string(nameOf(spec.recipe)), "missing");
    if (spec.quantization)
        if (auto valid = check(*spec.quantization); !valid)
            complain("quantization: " + valid.error().message);
    require(spec.start != QuantMethod::Nf4, "start", "ptq, awq, smoothquant or quarot", "nf4");
    if (spec.recipe == Recipe::Fp || spec.adapters)
        require(spec.start == QuantMethod::Ptq, "start",
                spec.adapters ? "ptq with adapters, whose frozen weights are what adapters.base says"
                              : "ptq for recipe fp, which quantizes nothing",
                std::string(nameIn(spec.start)));
    if (spec.adapters) {
        requireWhole("adapters.rank", spec.adapters->rank, 1, 4096);
        requireNumber("adapters.alpha", spec.adapters->alpha, 0, kEndless);
        require(spec.adapters->alpha > 0, "adapters.alpha", "more than 0", "0");
        requireNumber("adapters.dropout", spec.adapters->dropout, 0, 0.95);
        require(spec.recipe != Recipe::Fp || spec.adapters->base == AdapterBase::FullPrecision, "adapters.base",
                "full-precision for recipe fp", std::string(nameOf(spec.adapters->base)));
    }
}

json jsonOf(const TrainSpec& spec) {
    json result{{"format", "sqil-train-spec"}, {"version", 1}};
    visitFields(spec, [&](const char* name, const auto& value) { result[name] = written(value); });
    if (spec.quantization)
        result["quantization"] = json::parse(toJson(*spec.quantization));
    if (spec.adapters) {
        json& adapters = result["adapters"] = json::object();
        visitAdapterFields(*spec.adapters,
                           [&](const char* name, const auto& value) { adapters[name] = written(value); });
    }
    return result;
}

void refuseUnknown(const json& source, const std::set<std::string>& known, const std::string& prefix) {
    for (const auto& [name, value] : source.items())
        if (!known.contains(name))
            complain(prefix + name + ": is no field of a training recipe");
}

AdapterSpec adaptersFrom(const json& source) {
    if (!source.is_object())
        complain("adapters: expected an object");
    AdapterSpec adapters;
    std::set<std::string> known;
    visitAdapterFields(adapters, [&](const char* name, auto& value) {
        known.insert(name);
        if (source.contains(name))
            readValue(std::string("adapters.") + name, source[name], value);
    });
    refuseUnknown(source, known, "adapters.");
    return adapters;
}

TrainSpec specFrom(const json& source) {
    if (!source.is_object())
        complain("a training recipe is a JSON object");
    TrainSpec spec;
    std::set<std::string> known{"format", "version", "quantization", "adapters"};
    visitFields(spec, [&](const char* name, auto& value) {
        known.insert(name);
        if (source.contains(name))
            readValue(name, source[name], value);
    });
    refuseUnknown(source, known, "");
    if (source.contains("version") && source["version"] != 1)
        complain("version: " + source["version"].dump() + "; this program reads version 1");
    if (source.contains("quantization") && !source["quantization"].is_null()) {
        auto quantization = parseQuantSpec(source["quantization"].dump());
        if (!quantization)
            complain("quantization: " + quantization.error().message);
        spec.quantization = *quantization;
    }
    if (source.contains("adapters") && !source["adapters"].is_null())
        spec.adapters = adaptersFrom(source["adapters"]);
    return spec;
}

}  // namespace

std::string_view nameOf(Recipe value) {
    return nameIn(value);
}
std::string_view nameOf(OptimizerKind value) {
    return nameIn(value);
}
std::string_view nameOf(ScheduleKind value) {
    return nameIn(value);
}
std::string_view nameOf(TrainPrecision value) {
    return nameIn(value);
}
std::string_view nameOf(ActionLoss value) {
    return nameIn(value);
}
std::string_view nameOf(Divergence value) {
    return nameIn(value);
}
std::string_view nameOf(RecordedActions value) {
    return nameIn(value);
}
std::string_view nameOf(AdapterBase value) {
    return nameIn(value);
}

Result<void> check(const TrainSpec& spec) {
    try {
        checkFields(spec);
        return {};
    } catch (const Error& error) {
        return tl::unexpected(error);
    }
}

std::string toJson(const TrainSpec& spec) {
    return jsonOf(spec).dump();
}

Result<TrainSpec> parseTrainSpec(std::string_view text) {
    constexpr std::size_t longest = 1 << 20;
    if (text.size() > longest)
        return fail(ErrorKind::BadInput, "training recipe: longer than a recipe can be");
    try {
        bool tooDeep = false;
        const json source = json::parse(text, [&](int depth, json::parse_event_t, json&) {
            tooDeep = tooDeep || depth > 16;
            return !tooDeep;
        });
        if (tooDeep)
            complain("training recipe: nested more deeply than a recipe can be");
        TrainSpec spec = specFrom(source);
        checkFields(spec);
        return spec;
    } catch (const Error& error) {
        return tl::unexpected(error);
    } catch (const json::exception& problem) {
        return fail(ErrorKind::BadInput, std::string("training recipe: ") + problem.what());
    }
}

Result<void> setField(TrainSpec& spec, std::string_view name, std::string_view text) {
    bool found = false;
    try {
        visitFields(spec, [&](const char* field, auto& value) {
            if (field != name)
                return;
            found = true;
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_enum_v<Value>) {
                readEnumeration(field, text, value);
            } else {
                const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
                readValue(field, parsed, value);
            }
        });
    } catch (const Error& error) {
        return fail(error.kind, error.message + " (found \"" + std::string(text) + "\")");
    }
    if (!found)
        return fail(ErrorKind::BadInput, "\"" + std::string(name) + "\" is no field of a training recipe");
    return {};
}

std::vector<std::string> fieldNames() {
    std::vector<std::string> names;
    const TrainSpec spec;
    visitFields(spec, [&](const char* name, const auto&) { names.emplace_back(name); });
    return names;
}

std::vector<std::string> differences(const TrainSpec& first, const TrainSpec& second) {
    const json left = jsonOf(first), right = jsonOf(second);
    std::set<std::string> names;
    for (const json* side : {&left, &right})
        for (const auto& [name, value] : side->items())
            if (left.value(name, json()) != right.value(name, json()))
                names.insert(name);
    return {names.begin(), names.end()};
}

}  // namespace sqil
