#include "core/train/TrainingData.h"

#include <ATen/ATen.h>

#include <cmath>
#include <cstring>

#include "core/policy/Preprocessing.h"
#include "core/train/CounterRandom.h"

namespace sqil {
namespace {

constexpr std::uint64_t kOrderStream = 0x0D, kSplitStream = 0x5B;
constexpr std::uint64_t kReadAtOnce = std::uint64_t{32} << 20;
const std::string kActions = "actions";

std::uint64_t stepBytes(const KeySpec& key) {
    return static_cast<std::uint64_t>(key.elements()) * sizeOf(key.type);
}

std::string mebibytes(std::uint64_t bytes) {
    return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MiB";
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const std::int64_t size : shape)
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text.empty() ? "one number" : text;
}

template<class Value>
bool allFinite(const std::byte* bytes, std::size_t count) {
    const auto* values = reinterpret_cast<const Value*>(bytes);
    return std::all_of(values, values + count, [](Value value) { return std::isfinite(value); });
}

bool isUsable(const StepBlock& block, std::int64_t row, std::size_t bytes) {
    const std::byte* start = block.bytes.data() + static_cast<std::size_t>(row) * bytes;
    if (block.type == ValueType::Float32)
        return allFinite<float>(start, bytes / sizeof(float));
    if (block.type == ValueType::Float64)
        return allFinite<double>(start, bytes / sizeof(double));
    return true;
}

at::ScalarType scalarType(ValueType type) {
    switch (type) {
        case ValueType::UInt8:
            return at::kByte;
        case ValueType::Int32:
            return at::kInt;
        case ValueType::Int64:
            return at::kLong;
        case ValueType::Float64:
            return at::kDouble;
        case ValueType::Bool:
            return at::kBool;
        case ValueType::Float32:
            break;
    }
    return at::kFloat;
}

/// The rows of a block, in the order of `items`.
StepBlock gather(const StepBlock& all, std::span<const std::int64_t> items) {
    StepBlock block;
    block.type = all.type;
    block.shape = all.shape;
    block.shape[0] = static_cast<std::int64_t>(items.size());
    const std::size_t bytes = all.bytes.size() / static_cast<std::size_t>(all.shape[0]);
    block.bytes.resize(bytes * items.size());
    for (std::size_t row = 0; row < items.size(); ++row)
        std::memcpy(block.bytes.data() + row * bytes, all.bytes.data() + static_cast<std::size_t>(items[row]) * bytes,
                    bytes);
    return block;
}

/// What is read of every step, and where it goes.
struct Column {
    const KeySpec* key;
    std::string name;
    StepBlock* into;
};

void appendRows(const StepBlock& from, const std::vector<bool>& usable, StepBlock& into) {
    const std::size_t bytes = from.bytes.size() / usable.size();
    for (std::size_t row = 0; row < usable.size(); ++row)
        if (usable[row])
            into.bytes.insert(into.bytes.end(), from.bytes.begin() + static_cast<std::ptrdiff_t>(row * bytes),
                              from.bytes.begin() + static_cast<std::ptrdiff_t>((row + 1) * bytes));
}

}  // namespace

Result<TrainingData> TrainingData::load(std::shared_ptr<const Policy> policy, Rollouts& rollouts, const TrainSpec& spec,
                                        std::uint64_t memoryBytes, const Progress& progress) {
    TrainingData data;
    data.policy_ = std::move(policy);
    const RolloutsInfo& info = rollouts.info();
    for (const EpisodeInfo& episode : info.episodes)
        data.episodeNames_.push_back(episode.name);
    const PolicyGraph& graph = data.policy_->graph();
    for (const ValueId value : graph.inputs)
        for (const CardInput& input : data.policy_->card().inputs)
            if (input.name == graph.values[static_cast<std::size_t>(value)].name)
                data.cards_.push_back(input);
    std::uint64_t bytesOfStep = 0;
    for (const CardInput& card : data.cards_) {
        const KeySpec* key = info.observation(card.key);
        if (!key)
            return fail(ErrorKind::NotFound,
                        info.path.string() + ": has no observation \"" + card.key + "\", which the policy takes");
        bytesOfStep += stepBytes(*key);
    }
    if (auto valid = data.checkActions(info, spec); !valid)
        return tl::unexpected(valid.error());
    const bool withActions = info.action.has_value();
    if (withActions)
        bytesOfStep += stepBytes(*info.action);
    const auto steps = static_cast<std::uint64_t>(info.totalSteps());
    std::uint64_t bytes = 0;
    if (__builtin_mul_overflow(bytesOfStep, steps, &bytes) || bytes > memoryBytes)
        return fail(ErrorKind::BadInput, info.path.string() + ": its " + std::to_string(steps) + " steps take " +
                                             mebibytes(bytes) + " of memory, more than the " + mebibytes(memoryBytes) +
                                             " that are allowed; raise --memory, or train on fewer episodes");
    if (auto read = data.read(rollouts, withActions, progress); !read)
        return tl::unexpected(read.error());
    if (data.places_.empty())
        return fail(ErrorKind::BadInput, info.path.string() + ": no step can be trained on" +
                                             (data.leftOut_ ? ": all have NaN or infinite values" : ""));
    if (auto divided = data.split(spec); !divided)
        return tl::unexpected(divided.error());
    return data;
}

Result<void> TrainingData::checkActions(const RolloutsInfo& info, const TrainSpec& spec) const {
    const PolicyCard& card = policy_->card();
    if (!info.action) {
        if (spec.qatWeight > 0)
            return fail(ErrorKind::BadInput, info.path.string() +
                                                 ": records no actions, so there is no L_QAT; only recipes qrd and "
                                                 "sqil with qat_weight 0 can be trained on it");
        return {};
    }
    const std::int64_t recorded = info.action->elements();
    const auto dimensions = static_cast<std::int64_t>(card.dimensions.size());
    const bool classes = card.head == ActionHead::Categorical;
    if (dimensions == 0 || recorded == dimensions || (classes && recorded == 1))
        return {};
    std::string names;
    for (const ActionDimension& dimension : card.dimensions)
        names += (names.empty() ? "" : ", ") + dimension.name;
    return fail(ErrorKind::BadInput, info.path.string() + ": records actions of " + shapeText(info.action->shape) +
                                         ", the policy's card has " + std::to_string(dimensions) + " dimensions (" +
                                         names + "); train on rollouts of this policy's own task");
}

Result<void> TrainingData::read(Rollouts& rollouts, bool withActions, const Progress& progress) {
    const RolloutsInfo& info = rollouts.info();
    std::vector<Column> columns;
    blocks_.resize(cards_.size());
    for (std::size_t index = 0; index < cards_.size(); ++index)
        columns.push_back({info.observation(cards_[index].key), cards_[index].key, &blocks_[index]});
    if (withActions)
        columns.push_back({&*info.action, kActions, &actions_});
    std::uint64_t widest = 1;
    for (const Column& column : columns) {
        column.into->type = column.key->type;
        widest = std::max(widest, stepBytes(*column.key));
    }
    const auto stepsAtOnce = static_cast<std::int64_t>(std::max<std::uint64_t>(1, kReadAtOnce / widest));
    std::int64_t done = 0;
    for (std::size_t episode = 0; episode < info.episodes.size(); ++episode) {
        const std::int64_t steps = info.episodes[episode].steps;
        for (std::int64_t first = 0; first < steps; first += stepsAtOnce) {
            if (!report(progress, "Reading rollouts", done, info.totalSteps()))
                return fail(ErrorKind::Cancelled, "training was cancelled before it began");
            const std::int64_t count = std::min(stepsAtOnce, steps - first);
            std::vector<bool> usable(static_cast<std::size_t>(count), true);
            std::vector<StepBlock> read;
            for (const Column& column : columns) {
                auto block = rollouts.range(episode, column.name, first, count);
                if (!block)
                    return tl::unexpected(block.error());
                const auto bytes = stepBytes(*column.key);
                if (block->type != column.key->type || block->bytes.size() != bytes * static_cast<std::uint64_t>(count))
                    return fail(ErrorKind::BadInput, info.path.string() + ": " + info.episodes[episode].name + ": \"" +
                                                         column.name + "\" has another size than in other episodes");
                for (std::int64_t row = 0; row < count; ++row)
                    if (!isUsable(*block, row, bytes))
                        usable[static_cast<std::size_t>(row)] = false;
                read.push_back(std::move(*block));
            }
            for (std::size_t index = 0; index < columns.size(); ++index)
                appendRows(read[index], usable, *columns[index].into);
            for (std::int64_t row = 0; row < count; ++row) {
                if (usable[static_cast<std::size_t>(row)])
                    places_.push_back({episode, first + row});
                else
                    ++leftOut_;
            }
            done += count;
        }
    }
    for (const Column& column : columns) {
        column.into->shape = {static_cast<std::int64_t>(places_.size())};
        column.into->shape.insert(column.into->shape.end(), column.key->shape.begin(), column.key->shape.end());
    }
    return {};
}

Result<void> TrainingData::split(const TrainSpec& spec) {
    std::vector<std::size_t> episodes;
    for (const StepPlace& place : places_)
        if (episodes.empty() || episodes.back() != place.episode)
            episodes.push_back(place.episode);
    std::size_t count = 0;
    if (spec.heldOut > 0 && episodes.size() > 1)
        count = std::clamp<std::size_t>(
            static_cast<std::size_t>(std::llround(spec.heldOut * static_cast<double>(episodes.size()))), 1,
            episodes.size() - 1);
    CounterRandom random{kSplitStream, spec.seed};
    std::vector<bool> held(episodeNames_.size(), false);
    for (std::size_t taken = 0; taken < count; ++taken) {
        std::swap(episodes[taken], episodes[taken + random.below(episodes.size() - taken)]);
        held[episodes[taken]] = true;
    }
    for (std::size_t item = 0; item < places_.size(); ++item)
        (held[places_[item].episode] ? heldOut_ : training_).push_back(static_cast<std::int64_t>(item));
    return {};
}

std::string TrainingData::nameOf(std::int64_t item) const {
    const StepPlace& place = places_.at(static_cast<std::size_t>(item));
    return episodeNames_[place.episode] + ", step " + std::to_string(place.step);
}

Result<std::vector<at::Tensor>> TrainingData::inputs(std::span<const std::int64_t> items) const {
    const at::NoGradGuard noGradient;
    std::vector<at::Tensor> prepared;
    for (std::size_t index = 0; index < blocks_.size(); ++index) {
        const Value& wanted = policy_->graph().values[static_cast<std::size_t>(policy_->graph().inputs[index])];
        auto tensor = preprocess(gather(blocks_[index], items), cards_[index], wanted.meta ? &*wanted.meta : nullptr);
        if (!tensor)
            return tl::unexpected(tensor.error());
        prepared.push_back(tensor->to(policy_->device()));
    }
    return prepared;
}

at::Tensor TrainingData::actions(std::span<const std::int64_t> items) const {
    const at::NoGradGuard noGradient;
    const StepBlock block = gather(actions_, items);
    const at::Tensor stored =
        at::from_blob(const_cast<std::byte*>(block.bytes.data()), block.shape, scalarType(block.type)).clone();
    const at::Tensor rows = stored.reshape({stored.size(0), -1});
    switch (policy_->card().head) {
        case ActionHead::Categorical:
            return rows.size(1) == 1 ? rows.squeeze(1).round().to(at::kLong) : rows.argmax(1);
        case ActionHead::TokenLogits:
            return rows.round().to(at::kLong);
        default:
            return rows.to(at::kFloat);
    }
}

at::Tensor TrainingData::normalized(const at::Tensor& actions) const {
    std::vector<float> scales, offsets;
    for (const ActionDimension& dimension : policy_->card().dimensions) {
        scales.push_back(dimension.scale == 0 ? 1.0f : static_cast<float>(dimension.scale));
        offsets.push_back(static_cast<float>(dimension.offset));
    }
    if (scales.empty())
        return actions;
    return (actions - at::tensor(offsets)) / at::tensor(scales);
}

std::vector<std::int64_t> BatchOrder::take(std::int64_t first, std::int64_t count) {
    const auto size = static_cast<std::int64_t>(items_.size());
    std::vector<std::int64_t> taken;
    for (std::int64_t position = first; position < first + count; ++position) {
        if (position / size != epoch_) {
            epoch_ = position / size;
            shuffled_ = items_;
            CounterRandom random{kOrderStream, seed_, static_cast<std::uint64_t>(epoch_)};
            for (std::size_t last = shuffled_.size(); last > 1; --last)
                std::swap(shuffled_[last - 1], shuffled_[random.below(last)]);
        }
        taken.push_back(shuffled_[static_cast<std::size_t>(position % size)]);
    }
    return taken;
}

}  // namespace sqil
