#include "views/inspector/RecordedStep.h"

#include <algorithm>

namespace sqil {
namespace {

template<class T>
std::vector<double> doubles(const StepBlock& block) {
    const auto values = block.as<T>();
    return {values.begin(), values.end()};
}

std::vector<double> valuesOf(const StepBlock& block) {
    switch (block.type) {
        case ValueType::UInt8:
        case ValueType::Bool:
            return doubles<std::uint8_t>(block);
        case ValueType::Int32:
            return doubles<std::int32_t>(block);
        case ValueType::Int64:
            return doubles<std::int64_t>(block);
        case ValueType::Float32:
            return doubles<float>(block);
        case ValueType::Float64:
            break;
    }
    return doubles<double>(block);
}

RecordedValue read(Rollouts& rollouts, int episode, qint64 step, const KeySpec& key, const std::string& name) {
    RecordedValue value;
    value.key = QString::fromStdString(key.name);
    value.type = QString::fromLatin1(nameOf(key.type).data(), qsizetype(nameOf(key.type).size()));
    value.shape = key.shape;
    value.isImage = key.isImage();
    if (value.isImage || key.elements() > std::int64_t(kMostValues))
        return value;
    const auto block = rollouts.step(static_cast<std::size_t>(episode), name, step);
    if (block)
        value.values = valuesOf(*block);
    else
        value.problem = QString::fromStdString(block.error().message);
    return value;
}

}  // namespace

RecordedStep readStep(Rollouts& rollouts, int episode, qint64 step) {
    RecordedStep recorded{episode, step, {}, {}, {}};
    const RolloutsInfo& info = rollouts.info();
    for (const KeySpec& key : info.observations)
        recorded.observations.push_back(read(rollouts, episode, step, key, key.name));
    if (info.action)
        recorded.action = read(rollouts, episode, step, *info.action, "actions");
    KeySpec reward;
    reward.name = "reward";
    auto value = read(rollouts, episode, step, reward, "rewards");
    if (value.problem.isEmpty())  // most files have none: that is no problem of the step
        recorded.reward = std::move(value);
    return recorded;
}

}  // namespace sqil
