// Parameters, specifications, chains and grids: what is accepted, what is refused and in which words.
#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <set>

#include "core/jobs/CommandLine.h"
#include "core/jobs/JobSpec.h"
#include "core/jobs/kinds/Kinds.h"
#include "core/project/JobStore.h"

using namespace sqil;
using nlohmann::json;

namespace {

bool says(const Error& error, const char* text) {
    return error.message.find(text) != std::string::npos;
}

JobSpec spec(const char* kind, json parameters, std::string label = {}) {
    return {.kind = kind, .label = std::move(label), .parameters = std::move(parameters)};
}

JobSpec training(json more = json::object(), std::string label = {}) {
    json parameters{{"policy", "P.pt2"}, {"rollouts", "R.hdf5"}};
    if (more.is_object())
        parameters.update(more);
    return spec("train", parameters, std::move(label));
}

}  // namespace

class JobSpecTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyParameterDescribesItself() {
        for (const JobKind& kind : jobKinds()) {
            std::set<std::string> names;
            for (const JobParameter& parameter : kind.parameters) {
                QVERIFY2(names.insert(parameter.name).second, parameter.name.c_str());
                QVERIFY2(!parameter.help.empty() && !parameter.group.empty(), parameter.name.c_str());
                QVERIFY2((parameter.type == ParameterType::Choice) <= !parameter.choices.empty(),
                         parameter.name.c_str());
                if (parameter.standard.is_null())
                    continue;
                QVERIFY2(checkValue(parameter, parameter.standard), parameter.name.c_str());
                const auto read = parseValue(parameter, textOf(parameter.standard));
                QVERIFY2(read && *read == parameter.standard, parameter.name.c_str());
            }
        }
    }

    /// The form offers exactly what the recipe takes: every field, every choice, the same standard values.
    void trainingParametersAreTheRecipe() {
        const JobKind* kind = findJobKind("train");
        const json standard = json::parse(toJson(TrainSpec{}));
        for (const std::string& field : fieldNames()) {
            const JobParameter* parameter = kind->find(field);
            QVERIFY2(parameter, field.c_str());
            QVERIFY2(parameter->standard == standard.at(field), field.c_str());
            for (const std::string& choice : parameter->choices) {
                TrainSpec set;
                QVERIFY2(setField(set, field, choice), choice.c_str());
            }
            if (parameter->type == ParameterType::Choice) {
                TrainSpec set;
                QVERIFY(!setField(set, field, "nothing of the kind"));
            }
        }
        const auto options = kinds::trainOptions(
            training(
                {{"beta", 3.5}, {"weights", 3}, {"activations", 5}, {"steps", 77}, {"keep_best", false}, {"lora", 8}})
                .parameters);
        QVERIFY(options.has_value());
        QCOMPARE(options->spec.beta, 3.5);
        QCOMPARE(options->spec.steps, 77);
        QCOMPARE(options->spec.quantization->weightBits, 3);
        QCOMPARE(options->spec.quantization->activationBits, 5);
        QCOMPARE(options->spec.keepBest, false);
        QCOMPARE(options->spec.adapters->rank, 8);
    }

    void wrongValuesAreNamed_data() {
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* parameters, const char* says) {
            QTest::newRow(name) << QString::fromLatin1(parameters) << QString::fromUtf8(says);
        };
        row("unknown", R"({"stepz": 3})", "stepz: is no parameter of train");
        row("range", R"({"steps": 0})", "at least 1");
        row("unit", R"({"steps": 0})", "(steps)");
        row("type", R"({"steps": "many"})", "a whole number");
        row("choice", R"({"recipe": "magic"})", "fp, qat, qrd, sqil");
        row("bits", R"({"weights": 1})", "2 to 8");
        row("together", R"({"steps": 10, "warmup": 20})", "warmup");
    }
    void wrongValuesAreNamed() {
        QFETCH(QString, parameters);
        QFETCH(QString, says);
        const auto checked = check(training(json::parse(parameters.toStdString())));
        QVERIFY(!checked);
        QVERIFY2(QString::fromStdString(checked.error().message).contains(says), checked.error().message.c_str());
    }

    void theCommandLineIsWhatAShellTakes() {
        QCOMPARE(commandLine(*findJobKind("bench-policy"),
                             {{"policy", "it's here/p.pt2"}, {"widths", {"W8A8", "W4A4"}}, {"seconds", 2.5}}),
                 std::string("sqil bench policy --policy 'it'\\''s here/p.pt2' --widths W8A8,W4A4 --seconds 2.5"));
        QCOMPARE(commandLine(*findJobKind("layers"), {{"asymmetric", true}, {"layer", {"a=8", "b=4/8"}}}),
                 std::string("sqil layers --asymmetric --layer a=8 --layer b=4/8"));
    }

    /// One description serves them all: what each kind asks for has help, a place in the form and a valid standard.
    void everyKindIsDescribed() {
        for (const JobKind& kind : jobKinds()) {
            QVERIFY2(!kind.title.empty() && !kind.purpose.empty() && kind.run, kind.name.c_str());
            for (const JobParameter& parameter : kind.parameters) {
                QVERIFY2(!parameter.help.empty() && !parameter.group.empty(), parameter.name.c_str());
                QVERIFY2(kind.find(parameter.name) == &parameter, parameter.name.c_str());  // no name twice
                if (!parameter.standard.is_null())
                    QVERIFY2(checkValue(parameter, parameter.standard), (kind.name + " " + parameter.name).c_str());
            }
        }
    }

    void missingFilesAreNamed() {
        const auto missing = check(spec("train", {{"policy", "P.pt2"}}));
        QVERIFY(!missing && says(missing.error(), "rollouts: is missing"));
        QVERIFY(!check(spec("dance", {})));
        JobSpec wrongDevice = training();
        wrongDevice.device = "tpu";
        QVERIFY(says(check(wrongDevice).error(), "cuda:0"));
        JobSpec wrongLauncher = training();
        wrongLauncher.launcher = "pigeon";
        QVERIFY(says(check(wrongLauncher).error(), "slurm"));
    }

    void specificationsSurviveJson() {
        JobSpec before = training({{"seed", 4}}, "repair");
        before.name = "Name";
        before.after = {"7"};
        before.priority = 5;
        before.device = "cuda:1";
        const auto after = parseJobSpec(json::parse(toJson(before)));
        QVERIFY(after.has_value());
        QCOMPARE(toJson(*after), toJson(before));
        QVERIFY(!parseJobSpec(json{{"kind", "train"}, {"parametres", 1}}));
        QVERIFY(!parseJobBatch("[1, 2"));
    }

    void gridsCopyWhatDependsOnThem() {
        JobBatch batch;
        batch.jobs = {spec("evaluate", {{"policy", "@repair/policy"}, {"env", "gym/X-v1"}}, "test"),
                      training({}, "repair"), spec("analyze", {{"policy", "P.pt2"}, {"rollouts", "R.hdf5"}}, "look")};
        batch.jobs[1].after = {"look"};
        batch.grid["repair.seed"] = {1, 2, 3};
        batch.grid["weights"] = {4, 8};
        const auto jobs = unfold(batch);
        QVERIFY2(jobs, jobs ? "" : jobs.error().message.c_str());
        std::map<std::string, int> count;
        std::set<std::string> labels, trained;
        for (const JobSpec& job : *jobs) {
            ++count[job.kind];
            labels.insert(job.label);
            if (job.kind == "train")
                trained.insert(job.parameters.at("seed").dump() + "/" + job.parameters.at("weights").dump());
            if (job.kind == "evaluate") {  // each takes its own training's policy
                const std::string from = job.parameters.at("policy");
                QVERIFY(labels.contains(from.substr(1, from.find('/') - 1)));
            }
        }
        QCOMPARE(count["analyze"], 1);
        QCOMPARE(count["train"], 6);
        QCOMPARE(count["evaluate"], 6);
        QCOMPARE(trained.size(), std::size_t(6));
        QCOMPARE(jobs->front().kind, std::string("analyze"));  // what others wait for comes first
    }

    void impossibleBatchesAreRefused() {
        JobBatch circle;
        circle.jobs = {training({}, "a"), training({}, "b")};
        circle.jobs[0].after = {"b"};
        circle.jobs[1].after = {"a"};
        QVERIFY(says(unfold(circle).error(), "circle"));
        JobBatch twice;
        twice.jobs = {training({}, "a"), training({}, "a")};
        QVERIFY(says(unfold(twice).error(), "two jobs"));
        JobBatch key;
        key.jobs = {training({}, "a")};
        key.grid["b.seed"] = {1};
        QVERIFY(says(unfold(key).error(), "b.seed"));
        JobBatch value;
        value.jobs = {training()};
        value.grid["weights"] = {4, 1};
        QVERIFY(says(unfold(value).error(), "2 to 8"));
        JobBatch many;
        many.jobs = {training()};
        for (int seed = 0; seed < 40; ++seed)
            many.grid["seed"].push_back(seed);
        many.grid["steps"] = many.grid["seed"];
        QVERIFY(!unfold(many));
        QVERIFY(!unfold(JobBatch{}));
    }

    void submittedPathsFollowTheProject() {
        const QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        for (const char* name : {"P.pt2", "R.hdf5"})
            std::ofstream(root / name) << "x";
        auto project = Project::create(root / "study.sqil");
        QVERIFY(project.has_value());
        JobBatch batch;
        batch.name = "chain";
        batch.jobs = {training({{"policy", (root / "P.pt2").string()}, {"rollouts", (root / "R.hdf5").string()}}, "a"),
                      spec("evaluate", {{"policy", "@a/policy"}, {"env", "gym/X-v1"}, {"python", "python3"}})};
        const auto ids = submit(**project, batch);
        QVERIFY2(ids, ids ? "" : ids.error().message.c_str());
        QCOMPARE(ids->size(), std::size_t(3));
        JobStore store(**project);
        const JobRecord group = *store.job(ids->at(0)), first = *store.job(ids->at(1)), second = *store.job(ids->at(2));
        QVERIFY(group.isGroup());
        QCOMPARE(first.parent, std::optional(group.id));
        QCOMPARE(json::parse(first.parametersJson).at("policy").get<std::string>(), std::string("P.pt2"));
        QCOMPARE(resolvedParameters(**project, first)->at("policy").get<std::string>(), (root / "P.pt2").string());
        QCOMPARE(second.needs, std::vector<RecordId>{first.id});
        QCOMPARE(json::parse(second.parametersJson).at("policy").get<std::string>(),
                 "@" + std::to_string(first.id) + "/policy");
        // Nothing has been made yet.
        QVERIFY(!resolvedParameters(**project, second));
        QVERIFY(*store.claim(first.id, "{}"));
        QVERIFY(*store.end(first.id, "{}", JobState::Finished, "", R"({"outputs": {"policy": "/x/Q.pt2"}})"));
        QCOMPARE(resolvedParameters(**project, second)->at("policy").get<std::string>(), std::string("/x/Q.pt2"));
        QCOMPARE(resolvedParameters(**project, second)->at("python").get<std::string>(), std::string("python3"));

        JobBatch missing;
        missing.jobs = {training()};
        const auto refused = submit(**project, missing);
        QVERIFY(!refused && refused.error().kind == ErrorKind::NotFound && says(refused.error(), "P.pt2"));
        QCOMPARE(store.jobs()->size(), std::size_t(3));  // all or none
    }
};

QTEST_APPLESS_MAIN(JobSpecTest)
#include "JobSpecTest.moc"
