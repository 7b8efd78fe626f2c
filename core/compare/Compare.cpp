#include "core/compare/Compare.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/analysis/Analysis.h"
#include "core/analysis/AnalyzerFactory.h"
#include "core/project/Project.h"
#include "core/quant/QuantizeFile.h"
#include "core/sim/EvaluateFile.h"
#include "core/train/Fingerprint.h"
#include "core/train/SisWeights.h"
#include "core/train/TrainFile.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr const char* kKind = "comparison";
constexpr std::int64_t kGapSteps = 4000;
constexpr std::array kTrained = {"qat", "qrd", "sqil"};
constexpr std::array kAfterTraining = {"ptq", "awq", "smoothquant", "nf4", "quarot"};

bool isTrained(const std::string& recipe) {
    return std::find(kTrained.begin(), kTrained.end(), recipe) != kTrained.end();
}

/// A row to be made: which policy, from what.
struct Cell {
    std::string recipe;
    std::optional<std::uint64_t> seed;
};

std::vector<Cell> cellsOf(const CompareSpec& spec) {
    std::vector<Cell> cells;
    for (const std::string& recipe : spec.recipes) {
        if (!isTrained(recipe)) {
            cells.push_back({recipe, std::nullopt});
            continue;
        }
        for (int seed = 0; seed < spec.seeds; ++seed)
            cells.push_back({recipe, spec.training.seed + static_cast<std::uint64_t>(seed)});
    }
    return cells;
}

QuantSpec quantizationOf(const CompareSpec& spec, const std::string& recipe) {
    QuantSpec quantization = spec.quantization;
    if (auto method = parseQuantMethod(recipe))
        quantization.method = *method;
    return quantization;
}

TrainSpec trainingOf(const CompareSpec& spec, const Cell& cell) {
    TrainSpec training = spec.training;
    training.recipe = cell.recipe == "qat" ? Recipe::Qat : cell.recipe == "qrd" ? Recipe::Qrd : Recipe::Sqil;
    training.quantization = spec.quantization;
    training.seed = *cell.seed;
    return training;
}

json numberOrNull(double value) {
    return std::isfinite(value) ? json(value) : json();
}

double numberOf(const json& value) {
    return value.is_number() ? value.get<double>() : ComparisonRow::kNone;
}

class Comparison {
public:
    Comparison(const CompareSpec& spec, const Progress& progress, const RowDone& rowDone)
        : spec_(spec), progress_(progress), rowDone_(rowDone) {}

    Result<std::vector<ComparisonRow>> run() {
        if (auto opened = open(); !opened)
            return tl::unexpected(opened.error());
        std::vector<ComparisonRow> rows;
        for (const Cell& cell : cellsOf(spec_)) {
            auto row = rowOf(cell);
            if (!row)
                return fail(row.error().kind, nameOf(cell) + ": " + row.error().message);
            if (rowDone_)
                rowDone_(*row);
            rows.push_back(std::move(*row));
        }
        return rows;
    }

private:
    static std::string nameOf(const Cell& cell) {
        return cell.seed ? cell.recipe + ", seed " + std::to_string(*cell.seed) : cell.recipe;
    }

    Result<void> open() {
        if (auto valid = check(spec_); !valid)
            return valid;
        std::error_code problem;
        std::filesystem::create_directories(spec_.folder, problem);
        if (problem)
            return fail(ErrorKind::Io, spec_.folder.string() + ": cannot be made: " + problem.message());
        auto rollouts = Rollouts::open(spec_.rollouts);
        if (!rollouts)
            return tl::unexpected(rollouts.error());
        rollouts_ = std::move(*rollouts);
        for (const auto& [path, mark] :
             {std::pair{&spec_.policy, &policyMark_}, std::pair{&spec_.rollouts, &rolloutsMark_}}) {
            auto fingerprint = fingerprintOf(*path);
            if (!fingerprint)
                return tl::unexpected(fingerprint.error());
            *mark = std::move(*fingerprint);
        }
        auto project = std::filesystem::exists(spec_.project, problem) ? Project::open(spec_.project)
                                                                       : Project::create(spec_.project);
        if (!project)
            return tl::unexpected(project.error());
        project_ = std::move(*project);
        return {};
    }

    /// Everything that the row depends on, and nothing else.
    std::string identityOf(const Cell& cell) const {
        json identity{{"recipe", cell.recipe},
                      {"policy", policyMark_},
                      {"environment", spec_.evaluation.environment.name},
                      {"environment_settings", spec_.evaluation.environment.settings},
                      {"episodes", spec_.evaluation.episodes},
                      {"seed", spec_.evaluation.seed},
                      {"maximum_steps", spec_.evaluation.maximumSteps},
                      {"steps_after_success", spec_.evaluation.stepsAfterSuccess}};
        if (cell.recipe != "fp") {
            identity["rollouts"] = rolloutsMark_;
            identity["quantization"] = json::parse(toJson(quantizationOf(spec_, cell.recipe)));
        }
        if (cell.seed) {
            json training = json::parse(toJson(trainingOf(spec_, cell)));
            if (spec_.training.start == QuantMethod::Ptq)
                training.erase("start");  // rows made before there was a choice keep their identity
            identity["training"] = std::move(training);
            if (cell.recipe == "sqil" && spec_.sis)
                identity["sis"] = json::parse(toJson(*spec_.sis));
        }
        return identity.dump();
    }

    Result<ComparisonRow> rowOf(const Cell& cell) {
        const std::string identity = identityOf(cell);
        auto stored = project_->result(kKind, identity);
        if (!stored)
            return tl::unexpected(stored.error());
        if (*stored)
            if (auto row = parse((*stored)->resultJson, cell))
                return *row;
        ComparisonRow row;
        row.recipe = cell.recipe;
        row.seed = cell.seed;
        if (auto made = makePolicy(cell, row); !made)
            return tl::unexpected(made.error());
        EvaluationSpec evaluation = spec_.evaluation;
        evaluation.policyName = nameOf(cell);
        auto evaluated = evaluatePolicyFile(row.policy, spec_.card, evaluation, progress_);
        if (!evaluated)
            return tl::unexpected(evaluated.error());
        row.evaluation = std::move(*evaluated);
        if (cell.recipe != "fp")
            if (auto measured = measureGap(row); !measured)
                return tl::unexpected(measured.error());
        if (auto kept = project_->putResult({0, kKind, identity, text(row), ""}); !kept)
            return tl::unexpected(kept.error());
        return row;
    }

    Result<void> makePolicy(const Cell& cell, ComparisonRow& row) {
        if (cell.recipe == "fp") {
            row.policy = spec_.policy;
            return {};
        }
        Checksum mark;
        mark.add(identityOf(cell));
        const std::string name = spec_.policy.stem().string() + "-" + cell.recipe +
                                 (cell.seed ? "-" + std::to_string(*cell.seed) : "") + "-" +
                                 shortName(spec_.quantization) + "-" + mark.text();
        row.policy = spec_.folder / (name + ".pt2");
        std::error_code ignored;
        if (std::filesystem::exists(row.policy, ignored))
            return {};  // made by a run that was stopped in its evaluation
        if (!cell.seed)
            return quantizePolicyFile(spec_.policy, spec_.card, *rollouts_, quantizationOf(spec_, cell.recipe),
                                      row.policy, progress_)
                .map([](const auto&) {});
        TrainFileOptions options;
        options.policy = spec_.policy;
        options.card = spec_.card;
        options.rollouts = spec_.rollouts;
        options.out = row.policy;
        options.project = spec_.project;
        options.computeMissingSis = true;
        options.sisSpec = spec_.sis;
        options.memoryBytes = spec_.memoryBytes;
        options.spec = trainingOf(spec_, cell);
        options.resume = true;
        return trainPolicyFile(options, progress_).map([&](const TrainReport& report) {
            row.trainSeconds = report.seconds;
        });
    }

    /// On the recorded states: in all, and at critical ones where the project has their SIS.
    Result<void> measureGap(ComparisonRow& row) {
        AnalysisSpec analysis;
        auto analyzer = openAnalyzer({spec_.policy, row.policy, spec_.card}, rollouts_, analysis);
        if (!analyzer)  // a policy without images: no image can be perturbed
            analysis.perturbations.front().kind = PerturbationKind::State,
            analyzer = openAnalyzer({spec_.policy, row.policy, spec_.card}, rollouts_, analysis);
        if (!analyzer)
            return tl::unexpected(analyzer.error());
        const auto sis = sisOfRecordedStates();
        double threshold = ComparisonRow::kNone;
        if (sis) {
            std::vector<float> all;
            for (const auto& episode : sis->byEpisode)
                all.insert(all.end(), episode.begin(), episode.end());
            threshold = criticalThreshold(all, spec_.training.topPercent);
        }
        double sums[2] = {0, 0};
        std::int64_t counts[2] = {0, 0}, steps = 0;
        for (std::size_t episode = 0; episode < rollouts_->info().episodes.size() && steps < kGapSteps; ++episode) {
            if (!report(progress_, "Measuring the gap", steps, kGapSteps))
                return fail(ErrorKind::Cancelled, "the comparison was stopped");
            if (rollouts_->info().episodes[episode].steps == 0)
                continue;
            auto results = (*analyzer)->actions(episode);
            if (!results)
                return tl::unexpected(results.error());
            for (std::size_t step = 0; step < results->size(); ++step, ++steps) {
                const float gap = (*results)[step].gap;
                if (!std::isfinite(gap))
                    continue;
                const bool critical =
                    sis && step < sis->byEpisode[episode].size() && sis->byEpisode[episode][step] > threshold;
                sums[critical] += gap;
                ++counts[critical];
            }
        }
        const auto mean = [](double sum, std::int64_t count) {
            return count > 0 ? sum / static_cast<double>(count) : ComparisonRow::kNone;
        };
        row.gap = mean(sums[0] + sums[1], counts[0] + counts[1]);
        if (std::isfinite(threshold)) {
            row.gapCritical = mean(sums[1], counts[1]);
            row.gapOther = mean(sums[0], counts[0]);
        }
        return {};
    }

    /// With the parameters that the spec asks for, where it does; else the project's only kind.
    Result<StoredSis> sisOfRecordedStates() {
        const SisFiles files{spec_.policy, spec_.card, spec_.rollouts};
        if (!spec_.sis)
            return storedSis(*project_, files, rollouts_->info());
        auto analyzer = openAnalyzer({spec_.policy, {}, spec_.card}, rollouts_, *spec_.sis);
        if (!analyzer)
            return tl::unexpected(analyzer.error());
        const auto analyses = project_->analyses();
        if (!analyses)
            return tl::unexpected(analyses.error());
        for (const AnalysisRecord& record : *analyses)
            if (!record.quantized && record.parametersJson == (*analyzer)->parametersJson())
                if (auto sis = storedSis(*project_, files, rollouts_->info(), record.id))
                    return sis;
        return fail(ErrorKind::NotFound, "no recipe has needed this SIS yet");
    }

    static std::string text(const ComparisonRow& row) {
        return json{{"policy", row.policy.string()},
                    {"evaluation", toJson(row.evaluation)},
                    {"gap", numberOrNull(row.gap)},
                    {"gap_critical", numberOrNull(row.gapCritical)},
                    {"gap_other", numberOrNull(row.gapOther)},
                    {"train_seconds", row.trainSeconds}}
            .dump();
    }

    static Result<ComparisonRow> parse(const std::string& stored, const Cell& cell) {
        const json result = json::parse(stored, nullptr, false);
        if (!result.is_object() || !result.contains("evaluation"))
            return fail(ErrorKind::BadInput, "the project's row is damaged");
        auto evaluation = parseEvaluation(result["evaluation"]);
        if (!evaluation)
            return tl::unexpected(evaluation.error());
        ComparisonRow row;
        row.recipe = cell.recipe;
        row.seed = cell.seed;
        row.policy = result.value("policy", std::string());
        row.evaluation = std::move(*evaluation);
        row.gap = numberOf(result.value("gap", json()));
        row.gapCritical = numberOf(result.value("gap_critical", json()));
        row.gapOther = numberOf(result.value("gap_other", json()));
        row.trainSeconds = result.value("train_seconds", 0.0);
        row.fromProject = true;
        return row;
    }

    const CompareSpec& spec_;
    const Progress& progress_;
    const RowDone& rowDone_;
    std::shared_ptr<Rollouts> rollouts_;
    std::unique_ptr<Project> project_;
    std::string policyMark_, rolloutsMark_;
};

}  // namespace

Result<void> check(const CompareSpec& spec) {
    for (const std::string& recipe : spec.recipes)
        if (recipe != "fp" && !isTrained(recipe) &&
            std::find(kAfterTraining.begin(), kAfterTraining.end(), recipe) == kAfterTraining.end())
            return fail(ErrorKind::BadInput, "recipe \"" + recipe +
                                                 "\": expected fp, ptq, awq, smoothquant, nf4, quarot, qat, qrd or "
                                                 "sqil");
    if (spec.sis)
        if (auto valid = check(*spec.sis); !valid)
            return valid;
    if (spec.recipes.empty() || spec.seeds < 1)
        return fail(ErrorKind::BadInput, "a comparison needs at least one recipe and one seed");
    if (auto valid = check(spec.quantization); !valid)
        return valid;
    TrainSpec training = spec.training;
    training.quantization = spec.quantization;
    return check(training);
}

Result<std::vector<ComparisonRow>> compareRecipes(const CompareSpec& spec, const Progress& progress,
                                                  const RowDone& rowDone) {
    return Comparison(spec, progress, rowDone).run();
}

}  // namespace sqil
