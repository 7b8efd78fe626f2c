#include <ATen/ATen.h>
#include <zip.h>

#include <QTemporaryDir>
#include <QtTest>
#include <random>

#include "core/policy/Policy.h"
#include "tests/TestPaths.h"
#include "tests/policy/RecordedRuns.h"

using namespace sqil;

namespace {

std::filesystem::path agents() {
    return test::reference() / "sb3_agents";
}

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string zipped(const QTemporaryDir& folder, const Entries& entries) {
    const QString path = folder.filePath("inner.zip");
    QFile::remove(path);
    zip_t* archive = zip_open(path.toUtf8().constData(), ZIP_CREATE, nullptr);
    Q_ASSERT(archive);
    for (const auto& [name, bytes] : entries) {
        const zip_int64_t index =
            zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
    }
    zip_close(archive);
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

// A state dictionary as torch.save() pickles it, opcode by opcode.
std::string text(const std::string& words) {
    std::string length(4, '\0');
    for (int i = 0; i < 4; ++i)
        length[static_cast<std::size_t>(i)] = static_cast<char>(words.size() >> (8 * i));
    return "X" + length + words;
}
std::string number(int value) {
    std::string bytes(4, '\0');
    for (int i = 0; i < 4; ++i)
        bytes[static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
    return "J" + bytes;
}
std::string global(const std::string& module, const std::string& name) {
    return "c" + module + "\n" + name + "\n";
}
std::string tuple(const std::vector<int>& values) {
    std::string body = "(";
    for (const int value : values)
        body += number(value);
    return body + "t";
}
std::string tensor(const std::string& key, int elements, const std::vector<int>& sizes, const std::vector<int>& strides,
                   const std::string& storage = "FloatStorage") {
    return global("torch._utils", "_rebuild_tensor_v2") + "((" + text("storage") + global("torch", storage) +
           text(key) + text("cpu") + number(elements) + "tQ" + number(0) + tuple(sizes) + tuple(strides) + "\x89" +
           global("collections", "OrderedDict") + ")RtR";
}
std::string dictionary(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string pickle = "\x80\x02" + global("collections", "OrderedDict") + ")R(";
    for (const auto& [name, value] : entries)
        pickle += text(name) + value;
    return pickle + "u.";
}

/// TD3 of one linear layer: 3 observations, 2 actions.
std::vector<std::pair<std::string, std::string>> smallActor() {
    return {{"actor.mu.0.weight", tensor("0", 6, {2, 3}, {3, 1})}, {"actor.mu.0.bias", tensor("1", 2, {2}, {1})}};
}

std::string description(const std::string& changes = "{}") {
    auto json = nlohmann::json::parse(R"({
        "policy_kwargs": {}, "use_sde": false,
        "observation_space": {":type:": "<class 'gymnasium.spaces.box.Box'>", "dtype": "float32", "_shape": [3]},
        "action_space": {":type:": "<class 'gymnasium.spaces.box.Box'>", "_shape": [2], "low": "[-1. -2.]",
                         "high": "[1. 2.]"}})");
    json.merge_patch(nlohmann::json::parse(changes));
    return json.dump();
}

std::string floats(std::initializer_list<float> values) {
    return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(float)};
}

}  // namespace

/// Agents of Stable-Baselines3: the same actions as its predict(), and files that try more than that.
class StableBaselines3Test : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    std::filesystem::path agentFile(const std::string& data, const std::string& pickle, Entries storages = {}) const {
        if (storages.empty())
            storages = {{"archive/data/0", floats({1, 2, 3, 4, 5, 6})}, {"archive/data/1", floats({0.5f, -0.5f})}};
        storages.insert(storages.begin(), {"archive/data.pkl", pickle});
        return write({{"data", data}, {"policy.pth", zipped(folder_, storages)}});
    }
    std::filesystem::path write(const Entries& entries) const {
        const QString path = folder_.filePath("agent.zip");
        QFile file(path);
        const std::string bytes = zipped(folder_, entries);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0)
            qFatal("the test cannot write its file");
        return path.toStdString();
    }
    static QString problemOf(const std::filesystem::path& path) {
        const auto policy = Policy::load(path, {});
        return policy ? QString() : QString::fromStdString(policy.error().message);
    }

private Q_SLOTS:
    void sameActions_data() {
        QTest::addColumn<QString>("name");
        if (!std::filesystem::exists(agents() / "index.json"))
            QSKIP("needs the reference environment: scripts/test.sh makes it");
        for (const auto& entry : test::readJson(agents() / "index.json"))
            QTest::newRow(entry.get<std::string>().c_str()) << QString::fromStdString(entry.get<std::string>());
    }
    void sameActions() {
        QFETCH(QString, name);
        const auto recorded = test::readJson(agents() / (name + ".json").toStdString());
        const auto policy = Policy::load(agents() / (name + ".zip").toStdString(), {});
        QVERIFY2(policy, policy ? "" : policy.error().message.c_str());
        const auto rows = recorded.at("observations").get<std::vector<std::vector<float>>>();
        std::vector<at::Tensor> observations;
        for (const auto& row : rows)
            observations.push_back(at::tensor(row));
        const at::NoGradGuard none;
        const auto head = (*policy)->forward(std::vector{at::stack(observations)});
        QVERIFY2(head, head ? "" : head.error().message.c_str());
        const at::Tensor action = (*policy)->action(*head);
        const bool discrete = recorded.contains("probabilities");
        QCOMPARE((*policy)->card().head, discrete ? ActionHead::Categorical : ActionHead::Deterministic);
        if (discrete) {
            const auto wanted = recorded.at("actions").get<std::vector<double>>();
            const auto probabilities = recorded.at("probabilities").get<std::vector<std::vector<float>>>();
            for (std::size_t row = 0; row < wanted.size(); ++row) {
                const at::Tensor given = action[static_cast<std::int64_t>(row)];
                QVERIFY(at::allclose(given, at::tensor(probabilities[row]), 1e-5, 1e-6));
                QCOMPARE(given.argmax().item<std::int64_t>(), static_cast<std::int64_t>(wanted[row]));
            }
            return;
        }
        const auto wanted = recorded.at("actions").get<std::vector<std::vector<float>>>();
        for (std::size_t row = 0; row < wanted.size(); ++row)
            QVERIFY2(at::allclose(action[static_cast<std::int64_t>(row)], at::tensor(wanted[row]), 1e-5, 1e-6),
                     c10::str(action[static_cast<std::int64_t>(row)], " instead of ", wanted[row]).c_str());
    }

    void imagesAreRefusedInWords() {
        if (!std::filesystem::exists(agents() / "sees-images.zip"))
            QSKIP("needs the reference environment: scripts/test.sh makes it");
        QVERIFY(problemOf(agents() / "sees-images.zip").contains("sees images"));
    }

    void realExpert() {
        const auto path = test::sharedData() / "sb3-sac" / "HalfCheetah-v3.zip";
        if (!std::filesystem::exists(path))
            QSKIP("needs shared/data/sb3-sac beside the checkout");
        const auto policy = Policy::load(path, {});
        QVERIFY2(policy, policy ? "" : policy.error().message.c_str());
        QCOMPARE((*policy)->graph().parameterCount(), std::int64_t{17 * 256 + 256 + 256 * 256 + 256 + 256 * 6 + 6});
        const PolicyCard& card = (*policy)->card();
        QCOMPARE(card.inputs.front().key, std::string("observation"));
        QCOMPARE(card.dimensions.size(), std::size_t{6});
        QCOMPARE(card.dimensions[2].name, std::string("back foot"));
        QCOMPARE(card.dimensions[2].unit, std::string("N·m"));
        QCOMPARE(card.dimensions[2].scale, 60.0);
        QCOMPARE(card.controlRateHz, 20.0);
    }

    /// tanh(W·x + b), scaled to the bounds; and the same again from the .pt2 it is written to.
    void smallActorByHand() {
        const auto path = agentFile(description(), dictionary(smallActor()));
        const auto policy = Policy::load(path, {});
        QVERIFY2(policy, policy ? "" : policy.error().message.c_str());
        const at::Tensor x = at::tensor({0.1f, -0.2f, 0.05f}).reshape({1, 3});
        const auto action = (*policy)->forward(std::vector{x});
        QVERIFY(action);
        const double first = 0.1 - 0.4 + 0.15 + 0.5, second = 0.4 - 1.0 + 0.3 - 0.5;
        const auto expected = at::tensor({std::tanh(first), 2 * std::tanh(second)}, at::kFloat).reshape({1, 2});
        QVERIFY(at::allclose(*action, expected, 1e-5, 1e-6));

        const auto written = folder_.filePath("agent.pt2").toStdString();
        const auto done = writePolicyFile(written, (*policy)->file());
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        const auto again = Policy::load(written, {});
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QCOMPARE((*again)->card().dimensions.size(), std::size_t{2});
        QVERIFY(at::equal(*(*again)->forward(std::vector{x}), *action));
    }

    void hostileWeights_data() {
        QTest::addColumn<QByteArray>("pickle");
        QTest::addColumn<QString>("mentions");
        const auto row = [](const char* name, const std::string& pickle, const char* mentions) {
            QTest::newRow(name) << QByteArray(pickle.data(), static_cast<int>(pickle.size())) << mentions;
        };
        const auto with = [](const std::string& weight) {
            return dictionary({{"actor.mu.0.weight", weight}, smallActor()[1]});
        };
        row("runs a command", "\x80\x02" + global("os", "system") + "(" + text("true") + "tR.", "names os system");
        row("runs builtins", "\x80\x02" + global("builtins", "eval") + ".", "names builtins eval");
        row("a module of its own", "\x80\x02" + global("__torch__.Evil", "Evil") + ")\x81.", "names __torch__.Evil");
        row("STACK_GLOBAL", "\x80\x04" + text("os") + text("system") + "\x93.", "uses operation 147");
        row("INST", "\x80\x02(ios\nsystem\n.", "uses operation 105");
        row("a function of TorchScript", "\x80\x02" + global("torch.jit._pickle", "restore_type_tag") + ".",
            "names torch.jit._pickle restore_type_tag");
        row("more than is stored", with(tensor("0", 7, {2, 3}, {3, 1})), "claims 7 elements");
        row("no such storage", with(tensor("9", 6, {2, 3}, {3, 1})), "no file");
        row("out of the folder", with(tensor("../../data", 6, {2, 3}, {3, 1})), "no file");
        row("strides beyond", with(tensor("0", 6, {2, 3}, {4, 1})), "reaches beyond");
        row("negative stride", with(tensor("0", 6, {2, 3}, {-3, 1})), "no number from 0 on");
        row("repeats its elements", with(tensor("0", 6, {2000000, 3000000}, {0, 0})), "repeat");
        row("overflowing sizes", with(tensor("0", 6, {2147483647, 2147483647, 2147483647}, {1, 1, 1})),
            "reaches beyond");
        row("whole numbers", with(tensor("0", 3, {1, 3}, {3, 1}, "LongStorage")), "LongStorage");
        row("no dictionary", "\x80\x02].", "no dictionary");
        row("not a tensor", dictionary({{"actor.mu.0.weight", number(3)}}), "no tensor");
        row("twice", dictionary({smallActor()[0], smallActor()[0]}), "there twice");
        row("cut short", dictionary(smallActor()).substr(0, 60), "ends");
        row("recursion", "\x80\x02" + std::string(5000, ']') + std::string(4999, 'a') + ".", "levels deep");
        row("no bias", dictionary({smallActor()[0]}), "actor.mu.0.bias is missing");
        row("no actor", dictionary({{"critic.qf0.0.weight", tensor("0", 6, {2, 3}, {3, 1})}}), "no actor");
        row("a layer that is not linear",
            dictionary({smallActor()[0], smallActor()[1], {"actor.mu.1.weight", tensor("1", 2, {2}, {1})}}),
            "no linear layer");
        row("other observations", with(tensor("0", 4, {2, 2}, {2, 1})), "expected a matrix of 3 columns");
        row("other actions",
            dictionary(
                {{"actor.mu.0.weight", tensor("0", 3, {1, 3}, {3, 1})}, {"actor.mu.0.bias", tensor("1", 1, {1}, {1})}}),
            "action space has 2");
    }
    void hostileWeights() {
        QFETCH(QByteArray, pickle);
        QFETCH(QString, mentions);
        const QString problem = problemOf(agentFile(description(), pickle.toStdString()));
        QVERIFY2(problem.contains(mentions), qPrintable(problem));
        QVERIFY2(problem.contains("agent.zip"), qPrintable(problem));
    }

    void descriptionsThatAreRefused_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("mentions");
        const auto row = [](const char* name, const std::string& json, const char* mentions) {
            QTest::newRow(name) << QString::fromStdString(json) << mentions;
        };
        row("no JSON", "{", "not valid JSON");
        row("nothing", "{}", "observation_space");
        row("dictionary of observations",
            description(R"({"observation_space": {":type:": "<class 'gymnasium.spaces.dict.Dict'>"}})"),
            "observes a Dict");
        row("pictures", description(R"({"observation_space": {"dtype": "uint8", "_shape": [84, 84, 4]}})"),
            "sees images");
        row("huge", description(R"({"observation_space": {"_shape": [4000000000, 4000000000]}})"), "expected sizes");
        row("no actions", description(R"({"action_space": {"_shape": [0]}})"), "expected sizes");
        row("unbounded", description(R"({"action_space": {"low": "[-inf -2.]"}})"), "finite");
        row("too few bounds", description(R"({"action_space": {"low": "[-1. -2. -3.]"}})"), "expected 2 numbers");
        row("abridged", description(R"({"action_space": {"low": "[-1. ... -2.]"}})"), "abridged");
        row("upside down", description(R"({"action_space": {"low": "[1. 2.]"}})"), "not below");
        row("several choices",
            description(R"({"action_space": {":type:": "<class 'gymnasium.spaces.multi_discrete.MultiDiscrete'>"}})"),
            "MultiDiscrete");
        row("choice of a continuous actor",
            description(R"({"action_space": {":type:": "<class 'gymnasium.spaces.discrete.Discrete'>", "n": "2"}})"),
            "continuous");
        row("unknown activation",
            description(R"({"policy_kwargs": {"activation_fn": "<class 'torch.nn.modules.activation.Mish'>"}})"),
            "Mish");
    }
    void descriptionsThatAreRefused() {
        QFETCH(QString, json);
        QFETCH(QString, mentions);
        const QString problem = problemOf(agentFile(json.toStdString(), dictionary(smallActor())));
        QVERIFY2(problem.contains(mentions), qPrintable(problem));
    }

    void weightsBeforePyTorch16() {
        const QString problem = problemOf(write({{"data", description()}, {"policy.pth", "\x80\x02\x8a\x0al"}}));
        QVERIFY2(problem.contains("policy.pth") && problem.contains("not a complete archive"), qPrintable(problem));
    }

    /// Whatever happens to the bytes, it is said in words.
    void damagedFiles() {
        const auto whole = agentFile(description(), dictionary(smallActor()));
        QFile file(QString::fromStdString(whole.string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        file.close();
        QVERIFY(problemOf(whole).isEmpty());
        std::mt19937 random(5);
        int refused = 0;
        for (int trial = 0; trial < 400; ++trial) {
            QByteArray damaged = bytes;
            if (trial % 4 == 0)
                damaged.truncate(static_cast<int>(random() % static_cast<unsigned>(bytes.size())));
            else
                for (int change = 0; change <= trial % 3; ++change)
                    damaged[static_cast<int>(random() % static_cast<unsigned>(bytes.size()))] =
                        static_cast<char>(random());
            const QString path = folder_.filePath("damaged.zip");
            QFile out(path);
            QVERIFY(out.open(QIODevice::WriteOnly) && out.write(damaged) == damaged.size());
            out.close();
            refused += problemOf(path.toStdString()).isEmpty() ? 0 : 1;
        }
        QVERIFY2(refused > 300, qPrintable(QString::number(refused)));
    }
};

QTEST_GUILESS_MAIN(StableBaselines3Test)
#include "StableBaselines3Test.moc"
