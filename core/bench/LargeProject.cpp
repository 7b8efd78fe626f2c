#include "core/bench/LargeProject.h"

#include <ATen/ATen.h>

#include <cmath>
#include <cstring>

#include "core/analysis/AnalyzerFactory.h"
#include "core/data/RolloutWriter.h"
#include "core/policy/PolicyCard.h"
#include "core/policy/PolicyFile.h"
#include "core/project/Project.h"
#include "core/project/SeriesNames.h"
#include "core/quant/QuantizeFile.h"

namespace sqil {
namespace {

constexpr std::int64_t kState = 6, kActions = 4;

/// One linear layer from the state to the action.
PolicyFile smallPolicy() {
    at::manual_seed(1);
    PolicyFile policy;
    PolicyGraph& graph = policy.graph;
    const Dimension batch = std::string("s0");
    graph.symbolRanges["s0"] = {1, 1 << 20};
    const auto meta = [](std::vector<Dimension> sizes) { return TensorMeta{at::kFloat, std::move(sizes), {}}; };
    const ValueId state = graph.addValue("state", meta({batch, kState}));
    graph.inputs = {state};
    const auto bind = [&](const std::string& name, const at::Tensor& tensor) {
        const std::vector<Dimension> sizes(tensor.sizes().begin(), tensor.sizes().end());
        Binding binding;
        binding.value = graph.addValue("layer_" + name, meta(sizes));
        binding.name = "layer." + name;
        binding.tensor = tensor;
        graph.bindings.push_back(binding);
        return binding.value;
    };
    Node node;
    node.target = "aten::linear";
    node.arguments = {{"input", state},
                      {"weight", bind("weight", at::randn({kActions, kState}))},
                      {"bias", bind("bias", at::randn({kActions}) * 0.1)}};
    const ValueId action = graph.addValue("action", meta({batch, kActions}));
    node.name = "action";
    node.outputs = {action};
    node.module = "layer";
    graph.nodes.push_back(std::move(node));
    graph.outputs = {action};
    PolicyCard card;
    card.name = "Large project's policy";
    CardInput input;
    input.name = input.key = "state";
    card.inputs = {input};
    card.dimensions = {{"dx", "m", 0.01, 0}, {"dy", "m", 0.01, 0}, {"dz", "m", 0.01, 0}, {"gripper", "", 1, 0}};
    card.controlRateHz = 20;
    policy.extraFiles["policy.card.json"] = toJson(card);
    return policy;
}

/// A number in [0, 1) that depends on its place alone (SplitMix64's finalizer).
double noise(std::int64_t episode, std::int64_t step, std::uint64_t stream) {
    std::uint64_t x = static_cast<std::uint64_t>(episode) * 0x9E3779B97F4A7C15u +
                      static_cast<std::uint64_t>(step) * 0xD1B54A32D192ED03u + stream * 0x8CB92BA72F3D8DD7u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1.0p-53;
}

bool succeeds(std::int64_t episode) {
    return noise(episode, 0, 9) > 0.3;
}

StepBlock rows(std::int64_t steps, std::int64_t width, const std::vector<float>& values) {
    StepBlock block{ValueType::Float32, {steps, width}, {}};
    block.bytes.resize(values.size() * sizeof(float));
    std::memcpy(block.bytes.data(), values.data(), block.bytes.size());
    return block;
}

EpisodeRecord record(std::int64_t episode, std::int64_t steps) {
    std::vector<float> state, position, action, rewards;
    for (std::int64_t step = 0; step < steps; ++step) {
        const double t = static_cast<double>(step) / static_cast<double>(steps);
        const double swing = 0.05 * noise(episode, 0, 1);
        const double place[3] = {0.1 * std::cos(3 * t) + swing, 0.4 + 0.3 * t, 0.05 + 0.2 * std::sin(3.1 * t) - swing};
        for (std::int64_t index = 0; index < kState; ++index)
            state.push_back(static_cast<float>(index < 3 ? place[index] : noise(episode, step, 2) - 0.5));
        for (const double coordinate : place)
            position.push_back(static_cast<float>(coordinate));
        for (std::int64_t index = 0; index < kActions; ++index)
            action.push_back(static_cast<float>(std::sin(3 * t + static_cast<double>(index))));
        rewards.push_back(succeeds(episode) && step + 1 == steps ? 1.f : 0.f);
    }
    EpisodeRecord made;
    made.observations["state"] = rows(steps, kState, state);
    made.observations["robot0_eef_pos"] = rows(steps, 3, position);
    made.actions = rows(steps, kActions, action);
    made.rewards = std::move(rewards);
    made.success = succeeds(episode);
    return made;
}

/// SIS with two bumps; a gap that is large at the second one where the episode fails; actions that differ by it.
std::vector<Series> numbers(std::int64_t episode, std::int64_t steps) {
    Series sis{series::kSis, 1, {}}, gap{series::kGap, 1, {}}, divergence{series::kDivergence, 1, {}};
    Series action{series::kAction, kActions, {}}, other{series::kQuantizedAction, kActions, {}};
    const double first = 0.15 + 0.2 * noise(episode, 0, 3), second = 0.55 + 0.3 * noise(episode, 0, 4);
    const auto bump = [](double t, double at) { return std::exp(-std::pow((t - at) / 0.04, 2)); };
    for (std::int64_t step = 0; step < steps; ++step) {
        const double t = static_cast<double>(step) / static_cast<double>(steps);
        const double noisy = 0.002 * noise(episode, step, 5);
        sis.values.push_back(static_cast<float>(0.004 + noisy + 0.02 * bump(t, first) + 0.03 * bump(t, second)));
        const double distance = 0.03 + 0.02 * noise(episode, step, 6) +
                                (succeeds(episode) ? 0.08 : 0.6) * noise(episode, 0, 7) * bump(t, second);
        gap.values.push_back(static_cast<float>(distance));
        divergence.values.push_back(static_cast<float>(0.05 + 0.1 * bump(t, second)));
        for (std::int64_t index = 0; index < kActions; ++index) {
            const double value = std::sin(3 * t + static_cast<double>(index));
            action.values.push_back(static_cast<float>(value));
            other.values.push_back(static_cast<float>(value + distance / std::sqrt(double(kActions))));
        }
    }
    return {std::move(sis), std::move(gap), std::move(divergence), std::move(action), std::move(other)};
}

Result<void> writeRollouts(const std::filesystem::path& path, const LargeProjectSize& size, const Progress& progress) {
    auto writer = RolloutWriter::create(path, "{}");
    if (!writer)
        return tl::unexpected(writer.error());
    for (std::int64_t episode = 0; episode < size.episodes; ++episode) {
        if (!report(progress, "recording", episode, size.episodes))
            return fail(ErrorKind::Cancelled, "cancelled");
        if (auto added = (*writer)->append(record(episode, size.steps)); !added)
            return added;
    }
    return (*writer)->finish();
}

Result<void> writeNumbers(Project& project, RecordId analysis, const LargeProjectSize& size, const Progress& progress) {
    for (std::int64_t episode = 0; episode < size.episodes; ++episode) {
        if (!report(progress, "analysing", episode, size.episodes))
            return fail(ErrorKind::Cancelled, "cancelled");
        if (auto put = project.putSeries(analysis, "demo_" + std::to_string(episode), numbers(episode, size.steps));
            !put)
            return put;
    }
    return {};
}

}  // namespace

Result<std::filesystem::path> makeLargeProject(const std::filesystem::path& folder, const LargeProjectSize& size,
                                               const Progress& progress) {
    if (size.episodes < 1 || size.steps < 1)
        return fail(ErrorKind::BadInput, "a project of " + std::to_string(size.episodes) + " episodes of " +
                                             std::to_string(size.steps) + " steps; expected at least one of each");
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    const auto path = folder / "large.sqil", rollouts = folder / "large.hdf5", policy = folder / "policy.pt2",
               quantized = folder / "policy-w4.pt2";
    for (const char* name : {"large.sqil", "large.sqil-wal", "large.sqil-shm", "large.hdf5"})
        std::filesystem::remove(folder / name, problem);
    if (auto written = writePolicyFile(policy, smallPolicy()); !written)
        return tl::unexpected(written.error());
    if (auto written = writeRollouts(rollouts, size, progress); !written)
        return tl::unexpected(written.error());
    if (auto made = quantizePolicyFile(policy, rollouts, QuantSpec{}, quantized, progress); !made)
        return tl::unexpected(made.error());

    AnalysisSpec spec;
    spec.perturbations = {PerturbationSpec{PerturbationKind::State}};
    auto opened = Rollouts::open(rollouts);
    if (!opened)
        return tl::unexpected(opened.error());
    // The parameters that a real analysis of these files has: the window takes the numbers for its own.
    auto analyzer = openAnalyzer(policy, quantized, *opened, spec);
    if (!analyzer)
        return tl::unexpected(analyzer.error());
    auto project = Project::create(path);
    if (!project)
        return tl::unexpected(project.error());
    AnalysisRecord analysis;
    const auto reference = (*project)->addPolicy({0, "Full precision", policy, {}, {}, {}});
    const auto set = (*project)->addRollouts({0, "Large", rollouts});
    if (!reference || !set)
        return tl::unexpected(reference ? set.error() : reference.error());
    const auto other = (*project)->addPolicy({0, "W4A16", quantized, {}, toJson(QuantSpec{}), *reference});
    if (!other)
        return tl::unexpected(other.error());
    analysis.policy = *reference;
    analysis.quantized = *other;
    analysis.rollouts = *set;
    analysis.parametersJson = (*analyzer)->parametersJson();
    const auto id = (*project)->findOrAddAnalysis(analysis);
    if (!id)
        return tl::unexpected(id.error());
    if (auto written = writeNumbers(**project, *id, size, progress); !written) {
        project->reset();
        std::filesystem::remove(path, problem);
        return tl::unexpected(written.error());
    }
    return path;
}

}  // namespace sqil
