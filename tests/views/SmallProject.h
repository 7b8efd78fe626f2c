#pragma once
#include <QTemporaryDir>
#include <QTest>
#include <limits>

#include "core/data/RolloutWriter.h"
#include "core/data/Rollouts.h"
#include "core/quant/QuantizeFile.h"
#include "tests/TestPaths.h"
#include "views/session/Paths.h"

namespace sqil::test {

/// A few short episodes cut from the sample's, and the sample policy at 4 bits: an analysis of seconds.
struct SmallProject {
    QTemporaryDir folder;
    std::filesystem::path policy, quantized, rollouts;

    static bool hasSample() { return std::filesystem::exists(sample() / "policy.pt2"); }
    QString path(const char* name) const { return folder.filePath(QLatin1String(name)); }
    QStringList files() const { return {toQString(policy), toQString(rollouts), toQString(quantized)}; }
};

inline StepBlock cut(const StepBlock& block, std::int64_t steps) {
    StepBlock result{block.type, block.shape, {}};
    const std::size_t bytes =
        block.bytes.size() / static_cast<std::size_t>(block.shape[0]) * static_cast<std::size_t>(steps);
    result.shape[0] = steps;
    result.bytes.assign(block.bytes.begin(), block.bytes.begin() + static_cast<std::ptrdiff_t>(bytes));
    return result;
}

/// Cuts the named episodes to `steps`; `broken` ≥ 0: that step of the first one has a NaN in its state.
/// `withAttributes`: their seeds and policies are recorded, as in the sample.
inline void writeRollouts(const std::filesystem::path& file, const std::vector<std::string>& episodes,
                          std::int64_t steps, int broken = -1, bool withAttributes = false) {
    auto source = Rollouts::open(sample() / "rollouts.hdf5");
    QVERIFY2(source, source ? "" : source.error().message.c_str());
    const RolloutsInfo& info = (*source)->info();
    auto writer = RolloutWriter::create(file, "{}");
    QVERIFY2(writer, writer ? "" : writer.error().message.c_str());
    for (const std::string& name : episodes) {
        const std::size_t episode = *info.episodeIndex(name);
        EpisodeRecord record;
        for (const KeySpec& key : info.observations)
            record.observations[key.name] = cut(*(*source)->range(episode, key.name, 0, steps), steps);
        record.actions = cut(*(*source)->range(episode, "actions", 0, steps), steps);
        record.success = info.episodes[episode].success;
        if (withAttributes)
            record.attributes = info.episodes[episode].attributes;
        if (broken >= 0 && name == episodes.front()) {
            StepBlock& state = record.observations.at("robot0_eef_pos");
            const std::size_t row = state.bytes.size() / static_cast<std::size_t>(steps);
            if (state.type == ValueType::Float32)
                *reinterpret_cast<float*>(state.bytes.data() + row * std::size_t(broken)) =
                    std::numeric_limits<float>::quiet_NaN();
            else
                *reinterpret_cast<double*>(state.bytes.data() + row * std::size_t(broken)) =
                    std::numeric_limits<double>::quiet_NaN();
        }
        const auto appended = (*writer)->append(record);
        QVERIFY2(appended, appended ? "" : appended.error().message.c_str());
    }
    const auto finished = (*writer)->finish();
    QVERIFY2(finished, finished ? "" : finished.error().message.c_str());
}

inline std::unique_ptr<SmallProject> smallProject(int broken = -1) {
    auto project = std::make_unique<SmallProject>();
    project->policy = toPath(project->path("policy.pt2"));
    project->quantized = toPath(project->path("policy-w4.pt2"));
    project->rollouts = toPath(project->path("rollouts.hdf5"));
    std::filesystem::copy_file(sample() / "policy.pt2", project->policy);
    std::filesystem::copy_file(sample() / "policy.card.json", toPath(project->path("policy.card.json")));
    writeRollouts(project->rollouts, {"demo_0", "demo_4"}, 12, broken);
    const auto made = quantizePolicyFile(project->policy, project->rollouts, QuantSpec{}, project->quantized, {});
    if (!made)
        QTest::qFail(made.error().message.c_str(), __FILE__, __LINE__);
    return project;
}

}  // namespace sqil::test
