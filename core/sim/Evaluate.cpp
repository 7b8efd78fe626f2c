#include "core/sim/Evaluate.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <deque>
#include <map>
#include <random>

#include <nlohmann/json.hpp>

#include "core/data/RolloutWriter.h"
#include "core/sim/Statistics.h"

namespace sqil {
namespace {

constexpr int kMostAttempts = 3;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

StepBlock emptyBlock(const KeySpec& key) {
    StepBlock block{key.type, {0}, {}};
    block.shape.insert(block.shape.end(), key.shape.begin(), key.shape.end());
    return block;
}

void append(StepBlock& block, std::span<const std::byte> step) {
    block.bytes.insert(block.bytes.end(), step.begin(), step.end());
    ++block.shape[0];
}

/// Noise of one episode: a pure function of its seed.
class Disturbance {
public:
    Disturbance() = default;
    Disturbance(double most, std::uint64_t seed, std::size_t dimensions) : random_(seed), state_(dimensions, 0.0) {
        strength_ = std::uniform_real_distribution<double>(0, most)(random_);
    }

    std::vector<float> addTo(std::span<const float> action, const EnvironmentInfo& info) {
        std::vector<float> executed(action.begin(), action.end());
        for (std::size_t i = 0; i < executed.size(); ++i) {
            state_[i] = kCorrelation * state_[i] + std::sqrt(1 - kCorrelation * kCorrelation) * normal_(random_);
            executed[i] =
                std::clamp(executed[i] + static_cast<float>(strength_ * state_[i]), info.low[i], info.high[i]);
        }
        return executed;
    }

private:
    static constexpr double kCorrelation = 0.8;
    std::mt19937_64 random_;
    std::normal_distribution<double> normal_;
    std::vector<double> state_;
    double strength_ = 0;
};

/// An episode on its way through a slot.
struct Running {
    std::int64_t episode = -1;
    EpisodeOutcome outcome;
    std::optional<std::int64_t> successStep;
    EpisodeRecord record;
    Disturbance disturbance;
};

/// Finished episodes reach the file in the order of their seeds.
class Recorder {
public:
    static Result<Recorder> create(const EvaluationSpec& spec, const EnvironmentInfo& info) {
        Recorder recorder;
        if (spec.record.empty())
            return recorder;
        const nlohmann::json environment{{"env_name", spec.environment.name}, {"type", 2}, {"env_kwargs", nullptr}};
        auto writer = RolloutWriter::create(spec.record, environment.dump());
        if (!writer)
            return tl::unexpected(writer.error());
        recorder.writer_ = std::move(*writer);
        recorder.info_ = &info;
        recorder.policy_ = spec.policyName;
        return recorder;
    }

    bool isOn() const { return writer_ != nullptr; }

    void begin(Running& running) const {
        running.record = {};
        if (!isOn())
            return;
        for (const KeySpec& key : info_->observations)
            running.record.observations.emplace(key.name, emptyBlock(key));
        KeySpec action{"actions", ValueType::Float32, {info_->actionDimensions}};
        running.record.actions = emptyBlock(action);
    }

    void add(Running& running, const VectorEnvironment& environment, int slot, std::span<const float> action) const {
        if (!isOn())
            return;
        for (std::size_t key = 0; key < info_->observations.size(); ++key)
            append(running.record.observations.at(info_->observations[key].name), environment.observation(slot, key));
        append(running.record.actions, std::as_bytes(action));
    }

    Result<void> finish(Running& running) {
        if (!isOn())
            return {};
        EpisodeRecord& record = running.record;
        record.success = running.outcome.success;
        record.attributes["seed"] = std::to_string(running.outcome.seed);
        if (!policy_.empty())
            record.attributes["policy"] = policy_;
        if (!running.outcome.problem.empty())
            record.attributes["evaluation_problem"] = running.outcome.problem;
        waiting_.emplace(running.episode, std::move(record));
        for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_;
             first = waiting_.erase(first), ++next_)
            if (auto written = writer_->append(first->second); !written)
                return written;
        return {};
    }

    Result<void> close() { return isOn() ? writer_->finish() : Result<void>{}; }

private:
    std::unique_ptr<RolloutWriter> writer_;
    const EnvironmentInfo* info_ = nullptr;
    std::string policy_;
    std::map<std::int64_t, EpisodeRecord> waiting_;
    std::int64_t next_ = 0;
};

/// The loop: slots that have answered get actions in batches of one size.
class Evaluator {
public:
    Evaluator(Actor& actor, const EvaluationSpec& spec, VectorEnvironment& environment, Recorder recorder,
              const EpisodeEnded& ended)
        : actor_(actor),
          spec_(spec),
          environment_(environment),
          info_(environment.info()),
          recorder_(std::move(recorder)),
          ended_(ended),
          slots_(static_cast<std::size_t>(environment.slots())) {
        limit_ = spec.maximumSteps > 0 ? spec.maximumSteps : info_.maximumSteps;
        result_.environment = spec.environment.name;
        result_.versionsJson = info_.versionsJson;
        result_.episodes.resize(static_cast<std::size_t>(spec.episodes));
    }

    Result<Evaluation> run(const Progress& progress) {
        const double start = now();
        for (std::int64_t episode = 0; episode < spec_.episodes; ++episode)
            open_.push_back(episode);
        for (int slot = 0; slot < environment_.slots(); ++slot)
            startNext(slot);
        while (finished_ < spec_.episodes) {
            if (!report(progress, "Rolling out " + spec_.environment.name, finished_, spec_.episodes))
                return fail(ErrorKind::Cancelled, "the evaluation was cancelled");
            auto answers = environment_.wait();
            if (!answers)
                return tl::unexpected(answers.error());
            std::vector<int> ready;
            for (const SlotResult& answer : *answers)
                if (auto taken = take(answer, ready); !taken)
                    return tl::unexpected(taken.error());
            if (auto moved = move(ready); !moved)
                return tl::unexpected(moved.error());
        }
        result_.seconds = now() - start;
        result_.incidents = environment_.incidents();
        if (auto closed = recorder_.close(); !closed)
            return tl::unexpected(closed.error());
        return std::move(result_);
    }

private:
    void startNext(int slot) {
        Running& running = slots_[static_cast<std::size_t>(slot)];
        running = {};
        if (open_.empty())
            return;
        running.episode = open_.front();
        open_.pop_front();
        running.outcome.seed = spec_.seed + static_cast<std::uint64_t>(running.episode);
        recorder_.begin(running);
        if (spec_.disturbance > 0)
            running.disturbance =
                Disturbance(spec_.disturbance, running.outcome.seed, static_cast<std::size_t>(info_.actionDimensions));
        isFresh_.insert_or_assign(slot, true);
        environment_.reset(slot, running.outcome.seed);
    }

    Result<void> take(const SlotResult& answer, std::vector<int>& ready) {
        Running& running = slots_[static_cast<std::size_t>(answer.slot)];
        if (running.episode < 0)
            return {};
        if (answer.lost) {
            if (++attempts_[running.episode] >= kMostAttempts)
                return fail(ErrorKind::Io, spec_.environment.name + ": the episode of seed " +
                                               std::to_string(running.outcome.seed) + " lost its worker " +
                                               std::to_string(kMostAttempts) +
                                               " times; the last time: " + environment_.incidents().back());
            open_.push_front(running.episode);
            startNext(answer.slot);
            return {};
        }
        bool& fresh = isFresh_[answer.slot];
        if (fresh) {  // the answer to reset(): nothing was done yet
            fresh = false;
            ready.push_back(answer.slot);
            return {};
        }
        EpisodeOutcome& outcome = running.outcome;
        const std::int64_t step = outcome.steps++;
        ++result_.steps;
        if (recorder_.isOn()) {
            running.record.rewards.push_back(static_cast<float>(answer.reward));
            running.record.dones.push_back(0);
        }
        if (std::isfinite(answer.reward))
            outcome.episodeReturn += answer.reward;
        else
            outcome.problem = "the reward of step " + std::to_string(step) + " is not finite";
        if (answer.success) {
            outcome.success = outcome.success.value_or(false) || *answer.success;
            if (*answer.success && !running.successStep)
                running.successStep = step;
        }
        const bool afterSuccess = running.successStep && step >= *running.successStep + spec_.stepsAfterSuccess;
        if (answer.terminated || answer.truncated || afterSuccess || outcome.steps >= limit_ ||
            !outcome.problem.empty())
            return finish(answer.slot);
        ready.push_back(answer.slot);
        return {};
    }

    Result<void> finish(int slot) {
        Running& running = slots_[static_cast<std::size_t>(slot)];
        if (!running.record.dones.empty())
            running.record.dones.back() = 1;
        if (auto recorded = recorder_.finish(running); !recorded)
            return recorded;
        result_.episodes[static_cast<std::size_t>(running.episode)] = running.outcome;
        ++finished_;
        if (ended_)
            ended_(running.outcome);
        startNext(slot);
        return {};
    }

    /// Acts for slots that have answered; a smaller batch is filled up with its last row.
    Result<void> move(const std::vector<int>& ready) {
        if (ready.empty())
            return {};
        const std::size_t rows = std::max(static_cast<std::size_t>(environment_.batch()), ready.size());
        ActorBatch batch;
        for (std::size_t row = 0; row < rows; ++row) {
            const Running& running = slots_[static_cast<std::size_t>(ready[std::min(row, ready.size() - 1)])];
            batch.episodes.push_back(running.episode);
            batch.seeds.push_back(running.outcome.seed);
            batch.steps.push_back(running.outcome.steps);
        }
        for (std::size_t key = 0; key < info_.observations.size(); ++key) {
            StepBlock block = emptyBlock(info_.observations[key]);
            for (std::size_t row = 0; row < rows; ++row)
                append(block, environment_.observation(ready[std::min(row, ready.size() - 1)], key));
            batch.observations.emplace(info_.observations[key].name, std::move(block));
        }
        auto actions = actor_.act(batch);
        if (!actions)
            return tl::unexpected(actions.error());
        const auto width = static_cast<std::size_t>(info_.actionDimensions);
        for (std::size_t row = 0; row < ready.size(); ++row) {
            const std::span<const float> action(actions->data() + row * width, width);
            Running& running = slots_[static_cast<std::size_t>(ready[row])];
            if (!std::all_of(action.begin(), action.end(), [](float value) { return std::isfinite(value); })) {
                running.outcome.problem =
                    "the policy's action at step " + std::to_string(running.outcome.steps) + " is not finite";
                if (auto done = finish(ready[row]); !done)
                    return done;
                continue;
            }
            recorder_.add(running, environment_, ready[row], action);
            if (spec_.disturbance > 0 && !info_.discreteActions)
                environment_.step(ready[row], running.disturbance.addTo(action, info_));
            else
                environment_.step(ready[row], action);
        }
        return {};
    }

    Actor& actor_;
    const EvaluationSpec& spec_;
    VectorEnvironment& environment_;
    const EnvironmentInfo& info_;
    Recorder recorder_;
    const EpisodeEnded& ended_;
    std::vector<Running> slots_;
    std::map<int, bool> isFresh_;
    std::map<std::int64_t, int> attempts_;
    std::deque<std::int64_t> open_;
    std::int64_t limit_ = 0, finished_ = 0;
    Evaluation result_;
};

}  // namespace

std::vector<double> Evaluation::returns() const {
    std::vector<double> values;
    for (const EpisodeOutcome& episode : episodes)
        values.push_back(episode.episodeReturn);
    return values;
}

std::vector<double> Evaluation::successes() const {
    std::vector<double> values;
    for (const EpisodeOutcome& episode : episodes)
        if (episode.success)
            values.push_back(*episode.success ? 1 : 0);
    return values.size() == episodes.size() ? values : std::vector<double>{};
}

RolloutsInfo observedBy(const EnvironmentInfo& environment) {
    RolloutsInfo observed;
    observed.path = environment.name;
    observed.format = "environment";
    observed.observations = environment.observations;
    return observed;
}

Result<std::unique_ptr<VectorEnvironment>> openEnvironment(const EvaluationSpec& spec, const Progress& progress) {
    EnvironmentOptions options = spec.environment;
    options.workers =
        static_cast<int>(std::min<std::int64_t>(options.workers, std::max<std::int64_t>(spec.episodes, 1)));
    if (!report(progress, "Starting " + options.name, 0, 0))
        return fail(ErrorKind::Cancelled, "the evaluation was cancelled");
    return openEnvironment(options);
}

Result<Evaluation> evaluate(Actor& actor, VectorEnvironment& environment, const EvaluationSpec& spec,
                            const Progress& progress, const EpisodeEnded& ended) {
    if (spec.episodes < 1)
        return fail(ErrorKind::BadInput, "episodes: " + std::to_string(spec.episodes) + "; expected 1 or more");
    if (auto prepared = actor.prepare(environment.info()); !prepared)
        return tl::unexpected(prepared.error());
    auto recorder = Recorder::create(spec, environment.info());
    if (!recorder)
        return tl::unexpected(recorder.error());
    return Evaluator(actor, spec, environment, std::move(*recorder), ended).run(progress);
}

nlohmann::json toJson(const Evaluation& evaluation) {
    const auto returns = evaluation.returns();
    const auto successes = evaluation.successes();
    const Interval mean = bootstrapMean(returns);
    nlohmann::json json{
        {"environment", evaluation.environment},
        {"episodes", evaluation.episodes.size()},
        {"steps", evaluation.steps},
        {"seconds", evaluation.seconds},
        {"steps_per_second", evaluation.seconds > 0 ? static_cast<double>(evaluation.steps) / evaluation.seconds : 0.0},
        {"return", {{"mean", mean.value}, {"low", mean.low}, {"high", mean.high}}},
        {"incidents", evaluation.incidents},
        {"outcomes", nlohmann::json::array()}};
    if (!successes.empty()) {
        const auto count = static_cast<std::int64_t>(std::count(successes.begin(), successes.end(), 1.0));
        const Interval rate = wilsonInterval(count, static_cast<std::int64_t>(successes.size()));
        json["success"] = {{"successes", count}, {"rate", rate.value}, {"low", rate.low}, {"high", rate.high}};
    }
    if (const auto score = normalizedScore(evaluation.environment, mean.value))
        json["normalized_score"] = *score;
    if (!evaluation.versionsJson.empty())
        json["versions"] = nlohmann::json::parse(evaluation.versionsJson, nullptr, false);
    for (const EpisodeOutcome& episode : evaluation.episodes) {
        nlohmann::json entry{{"seed", episode.seed}, {"steps", episode.steps}, {"return", episode.episodeReturn}};
        if (episode.success)
            entry["success"] = *episode.success;
        if (!episode.problem.empty())
            entry["problem"] = episode.problem;
        json["outcomes"].push_back(std::move(entry));
    }
    return json;
}

Result<Evaluation> parseEvaluation(const nlohmann::json& json) {
    try {
        Evaluation evaluation;
        evaluation.environment = json.at("environment").get<std::string>();
        evaluation.steps = json.value("steps", std::int64_t{0});
        evaluation.seconds = json.value("seconds", 0.0);
        evaluation.incidents = json.value("incidents", std::vector<std::string>{});
        if (json.contains("versions"))
            evaluation.versionsJson = json.at("versions").dump();
        for (const auto& entry : json.at("outcomes")) {
            EpisodeOutcome episode;
            episode.seed = entry.at("seed").get<std::uint64_t>();
            episode.steps = entry.at("steps").get<std::int64_t>();
            episode.episodeReturn = entry.at("return").get<double>();
            if (entry.contains("success"))
                episode.success = entry.at("success").get<bool>();
            episode.problem = entry.value("problem", std::string());
            evaluation.episodes.push_back(std::move(episode));
        }
        return evaluation;
    } catch (const nlohmann::json::exception& problem) {
        return fail(ErrorKind::BadInput, std::string("is no evaluation: ") + problem.what());
    }
}

}  // namespace sqil
