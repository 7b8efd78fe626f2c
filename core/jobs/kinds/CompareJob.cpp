#include "core/base/AtomicFile.h"
#include "core/compare/ComparisonTable.h"
#include "core/jobs/kinds/Common.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/jobs/kinds/PerturbationParameters.h"

namespace sqil::kinds {
namespace {

using nlohmann::json;

std::vector<JobParameter> parameters() {
    const std::string group = "Recipes";
    const CompareSpec standard;
    std::vector<JobParameter> all{policyParameter("Full-precision policy (.pt2, .pt, .zip)"), cardParameter(),
                                  rolloutsParameter("Recorded rollouts, for calibration and training")};
    JobParameter recipes =
        choiceParameter("recipes", "Of fp, ptq, awq, smoothquant, nf4, quarot, qat, qrd, sqil", "", group,
                        {"fp", "ptq", "awq", "smoothquant", "nf4", "quarot", "qat", "qrd", "sqil"});
    recipes.isList = true;
    recipes.standard = standard.recipes;
    all.push_back(recipes);
    all.push_back(
        wholeParameter("seeds", "Training seeds of qat, qrd and sqil", standard.seeds, group, "seeds", 1, 1000));
    all.push_back(wholeParameter("steps", "Of training, the same for every recipe", standard.training.steps, group,
                                 "steps", 1, 1e12));
    all.push_back(choiceParameter("start", "Quantizers that training starts from: ptq, awq, smoothquant or quarot",
                                  std::string(nameOf(standard.training.start)), group,
                                  {"ptq", "awq", "smoothquant", "quarot"}));
    JobParameter set = textParameter(
        "set", "One training setting, such as learning_rate=1e-4 (`sqil train --help` lists them); repeatable", group);
    set.isList = true;
    set.separated = false;
    all.push_back(advanced(set));
    all.push_back({.name = "recipe_file",
                   .help = "Training settings as JSON",
                   .type = ParameterType::File,
                   .group = group,
                   .advanced = true});
    all.push_back(
        advanced(numberParameter("memory", "GiB that the recorded steps may take", 8, group, "GiB", 0.001, 1e6)));
    for (JobParameter& parameter : perturbationParameters("SIS of recipe sqil", json::array()))
        all.push_back(advanced(std::move(parameter)));
    append(all, bitParameters(standard.quantization.activationBits));
    all.push_back(advanced(choiceParameter("activation_range", "min-max, percentile or mse", "mse", "Quantization",
                                           {"min-max", "percentile", "mse"})));
    append(all, environmentParameters());
    all.push_back({.name = "project",
                   .help = "Project file that keeps rows and SIS (made if missing)",
                   .type = ParameterType::File,
                   .group = "Files",
                   .file = FileKind::Project,
                   .advanced = true});
    all.push_back({.name = "folder",
                   .help = "Of the policies made; default: the project's name without .sqil",
                   .type = ParameterType::Folder,
                   .group = "Files",
                   .advanced = true});
    all.push_back(reportParameter("csv", "One line a policy"));
    all.push_back(reportParameter("latex", "The table for a paper"));
    all.push_back(reportParameter("out", "Everything, JSON"));
    return all;
}

Result<void> applySettings(const Values& values, bool readsFiles, TrainSpec& training) {
    if (readsFiles && !values.path("recipe_file").empty()) {
        auto text = readTextFile(values.path("recipe_file"), 1 << 20);
        if (!text)
            return tl::unexpected(text.error());
        auto parsed = parseTrainSpec(*text);
        if (!parsed)
            return tl::unexpected(parsed.error());
        training = *parsed;
        if (values.isGiven("steps"))
            training.steps = values.whole("steps");
    } else {
        training.steps = values.whole("steps");
    }
    if (values.isGiven("start"))
        if (auto set = setField(training, "start", values.text("start")); !set)
            return set;
    for (const std::string& setting : values.texts("set")) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            return fail(ErrorKind::BadInput, "--set " + setting + ": expected NAME=VALUE, such as learning_rate=1e-4");
        if (auto set = setField(training, setting.substr(0, equals), setting.substr(equals + 1)); !set)
            return set;
    }
    return {};
}

Result<CompareOptions> optionsOf(const JobKind& kind, const json& given, bool readsFiles) {
    const Values values(kind, given);
    CompareOptions options;
    CompareSpec& spec = options.spec;
    spec.policy = values.path("policy");
    spec.card = values.path("card");
    spec.rollouts = values.path("rollouts");
    spec.project = values.path("project");
    spec.folder = values.path("folder");
    spec.recipes = values.texts("recipes");
    spec.seeds = values.integer("seeds");
    spec.evaluation = evaluationSpec(values);
    if (auto applied = applySettings(values, readsFiles, spec.training); !applied)
        return tl::unexpected(applied.error());
    spec.memoryBytes = static_cast<std::uint64_t>(values.real("memory") * (1 << 30));
    auto perturbations = perturbationsOf(values);
    if (!perturbations)
        return tl::unexpected(perturbations.error());
    if (!perturbations->empty())
        spec.sis = AnalysisSpec{std::move(*perturbations), spec.training.topPercent};
    if (auto applied = applyBits(values, spec.quantization); !applied)
        return tl::unexpected(applied.error());
    auto range = parseRangeMethod(values.text("activation_range"));
    if (!range)
        return tl::unexpected(range.error());
    spec.quantization.activationRange = *range;
    if (spec.folder.empty() && !spec.project.empty()) {
        spec.folder = spec.project;
        spec.folder.replace_extension("");
    }
    options.csv = values.path("csv");
    options.latex = values.path("latex");
    options.out = values.path("out");
    return options;
}

Result<json> run(const JobKind& kind, const json& given, const JobContext& context) {
    auto options = optionsOf(kind, given, true);
    if (!options)
        return tl::unexpected(options.error());
    if (options->spec.project.empty())
        options->spec.project = context.project;
    if (options->spec.folder.empty())
        options->spec.folder = context.folder;
    std::int64_t made = 0;
    const auto rows = compareRecipes(options->spec, context.progress, [&](const ComparisonRow& row) {
        const json summary = summaryOf(row.evaluation);
        log(context, LogLevel::Information,
            row.recipe + (row.seed ? " seed " + std::to_string(*row.seed) : "") + ": success " +
                summary.value("success", json()).dump() + ", return " + summary.value("return", json()).dump());
        if (context.metrics)
            context.metrics({{"step", ++made},
                             {"success", summary.value("success", json())},
                             {"return", summary.value("return", json())}});
    });
    if (!rows)
        return tl::unexpected(rows.error());
    const ComparisonTable table = tableOf(*rows);
    const auto out = outputPath(options->out, context, "comparison.json");
    auto written = writeTextFile(out, toJson(table, *rows).dump(1) + "\n");
    if (written && !options->csv.empty())
        written = writeTextFile(options->csv, csvOf(*rows));
    if (written && !options->latex.empty())
        written = writeTextFile(options->latex, latexOf(table));
    if (!written)
        return tl::unexpected(written.error());
    json policies = json::array();
    for (const ComparisonRow& row : *rows) {
        if (row.recipe == "fp" || row.policy.empty())
            continue;
        const std::string name = row.recipe + (row.seed ? " seed " + std::to_string(*row.seed) : "");
        auto added = addPolicy(context, row.policy, name, options->spec.policy);
        if (!added)
            return tl::unexpected(added.error());
        policies.push_back(*added);
    }
    return json{{"outputs", {{"report", out.string()}}},
                {"policies", policies},
                {"summary", {{"policies", rows->size()}, {"table", textOf(table)}}}};
}

}  // namespace

JobKind compare() {
    JobKind kind{
        .name = "compare",
        .title = "Compare",
        .purpose = "The whole table: recipes × training seeds, rolled out on the same episodes, with intervals",
        .parameters = parameters(),
        .check = {},
        .run = {},
        .resumes = true,
        .measured = false};
    const JobKind described = kind;
    kind.check = [described](const json& given) { return optionsOf(described, given, false).map([](const auto&) {}); };
    kind.run = [described](const json& given, const JobContext& context) { return run(described, given, context); };
    return kind;
}

Result<CompareOptions> compareOptions(const json& given) {
    return optionsOf(*findJobKind("compare"), given, true);
}

}  // namespace sqil::kinds
