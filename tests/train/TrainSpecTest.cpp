#include <QtTest>
#include <nlohmann/json.hpp>

#include "core/train/CounterRandom.h"
#include "core/train/Schedule.h"
#include "core/train/TrainSpec.h"

using namespace sqil;

class TrainSpecTest : public QObject {
    Q_OBJECT

    static TrainSpec valid() {
        TrainSpec spec;
        spec.quantization = QuantSpec{};
        return spec;
    }

private Q_SLOTS:
    void jsonBringsEveryFieldBack() {
        // Every field away from its default: what toJson() leaves out would come back as the default.
        TrainSpec spec = valid();
        const auto before = nlohmann::json::parse(toJson(spec));
        const std::map<std::string, std::string> values{{"recipe", "qrd"},
                                                        {"start", "awq"},
                                                        {"steps", "123"},
                                                        {"batch", "7"},
                                                        {"accumulation", "3"},
                                                        {"optimizer", "sgd"},
                                                        {"learning_rate", "0.125"},
                                                        {"step_size_factor", "0.5"},
                                                        {"weight_decay", "0.25"},
                                                        {"beta1", "0.5"},
                                                        {"beta2", "0.75"},
                                                        {"momentum", "0.5"},
                                                        {"schedule", "onecycle"},
                                                        {"warmup", "5"},
                                                        {"gradient_clip", "0.5"},
                                                        {"precision", "bfloat16"},
                                                        {"action_loss", "l1"},
                                                        {"divergence", "squared-l2"},
                                                        {"qat_weight", "0.5"},
                                                        {"qrd_weight", "4"},
                                                        {"beta", "3"},
                                                        {"top_percent", "10"},
                                                        {"recorded_actions", "units"},
                                                        {"seed", "18446744073709551615"},
                                                        {"shift", "4"},
                                                        {"crop", "0.5"},
                                                        {"brightness", "0.25"},
                                                        {"contrast", "0.5"},
                                                        {"colour", "0.75"},
                                                        {"ema_decay", "0.5"},
                                                        {"held_out", "0.25"},
                                                        {"evaluate_every", "11"},
                                                        {"patience", "2"},
                                                        {"keep_best", "false"},
                                                        {"checkpoint_every", "13"}};
        for (const std::string& name : fieldNames()) {
            QVERIFY2(values.contains(name), name.c_str());
            const auto set = setField(spec, name, values.at(name));
            QVERIFY2(set.has_value(), set ? "" : set.error().message.c_str());
        }
        const auto after = nlohmann::json::parse(toJson(spec));
        for (const std::string& name : fieldNames())
            QVERIFY2(before.at(name) != after.at(name), name.c_str());
        const auto back = parseTrainSpec(toJson(spec));
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QCOMPARE(nlohmann::json::parse(toJson(*back)), after);
        QVERIFY(differences(*back, spec).empty());
        QCOMPARE(differences(valid(), spec).size(), fieldNames().size());

        TrainSpec adapted = valid();
        adapted.adapters = AdapterSpec{8, 4, 0.25, AdapterBase::NormalFloat};
        const auto again = parseTrainSpec(toJson(adapted));
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
        QVERIFY(differences(*again, adapted).empty());
        QCOMPARE(differences(valid(), adapted), std::vector<std::string>{"adapters"});
    }

    void errorsNameTheField_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("named");
        const QString quantization = R"("quantization":{},)";
        QTest::newRow("unknown") << R"({"recipe":"fp","learning_rat":1})"
                                 << "learning_rat";
        QTest::newRow("type") << R"({"recipe":"fp","steps":"many"})"
                              << "steps";
        QTest::newRow("fraction") << R"({"recipe":"fp","batch":1.5})"
                                  << "batch";
        QTest::newRow("zero steps") << R"({"recipe":"fp","steps":0})"
                                    << "steps";
        QTest::newRow("too large for int") << R"({"recipe":"fp","shift":99999999999})"
                                           << "shift";
        QTest::newRow("negative seed") << R"({"recipe":"fp","seed":-1})"
                                       << "seed";
        QTest::newRow("rate") << R"({"recipe":"fp","learning_rate":-1})"
                              << "learning_rate";
        QTest::newRow("enumeration") << R"({"recipe":"fp","schedule":"sine"})"
                                     << "schedule";
        QTest::newRow("percent") << R"({"recipe":"fp","top_percent":100})"
                                 << "top_percent";
        QTest::newRow("no bits") << R"({"recipe":"sqil"})"
                                 << "quantization";
        QTest::newRow("bits for fp") << R"({"recipe":"fp","quantization":{}})"
                                     << "quantization";
        QTest::newRow("bad bits") << R"({"recipe":"qat","quantization":{"weight_bits":1}})"
                                  << "quantization";
        QTest::newRow("no loss") << R"({"recipe":"qat","quantization":{},"qat_weight":0})"
                                 << "qat_weight";
        QTest::newRow("adapter") << R"({"recipe":"qat","quantization":{},"adapters":{"rank":0}})"
                                 << "adapters.rank";
        QTest::newRow("start") << R"({"recipe":"qat","quantization":{},"start":"nf4"})"
                               << "start";
        QTest::newRow("start of fp") << R"({"recipe":"fp","start":"awq"})"
                                     << "start";
        QTest::newRow("start of adapters") << R"({"recipe":"qat","quantization":{},"start":"awq","adapters":{}})"
                                           << "start";
        QTest::newRow("adapter field") << R"({"recipe":"qat","quantization":{},"adapters":{"rnk":1}})"
                                       << "adapters.rnk";
        QTest::newRow("no JSON") << R"({"recipe":)"
                                 << "training recipe";
        QTest::newRow("nested") << QString("[").repeated(10000) << "training recipe";
        QTest::newRow("future") << R"({"recipe":"fp","version":2})"
                                << "version";
    }
    void errorsNameTheField() {
        QFETCH(QString, json);
        QFETCH(QString, named);
        const auto spec = parseTrainSpec(json.toStdString());
        QVERIFY(!spec.has_value());
        QVERIFY2(QString::fromStdString(spec.error().message).startsWith(named), spec.error().message.c_str());
    }

    void defaultsAreTheMethods() {
        const TrainSpec spec;
        QCOMPARE(spec.qatWeight, 1.0);
        QCOMPARE(spec.qrdWeight, 1.0);
        QCOMPARE(spec.beta, 2.0);
        QCOMPARE(spec.topPercent, 20.0);
    }

    void oneCycleIsPyTorchs() {
        TrainSpec spec;
        spec.steps = 10;
        spec.schedule = ScheduleKind::OneCycle;
        // torch 2.11: OneCycleLR(max_lr=1, total_steps=10)
        const double expected[] = {0.04,
                                   0.52,
                                   1.0,
                                   0.9504846320134737,
                                   0.8117456539497631,
                                   0.6112620219362893,
                                   0.38874197806371075,
                                   0.18825834605023697,
                                   0.049519367986526286,
                                   4e-06};
        for (int step = 0; step < 10; ++step)
            QVERIFY(std::abs(learningRateFactor(spec, step) - expected[step]) < 1e-12);
    }

    void warmUpEndsAtTheFullRate() {
        TrainSpec spec;
        spec.steps = 20;
        spec.warmup = 4;
        for (const auto kind : {ScheduleKind::Constant, ScheduleKind::Cosine, ScheduleKind::Linear}) {
            spec.schedule = kind;
            QCOMPARE(learningRateFactor(spec, 0), 0.25);
            QCOMPARE(learningRateFactor(spec, 3), 1.0);
            QCOMPARE(learningRateFactor(spec, 4), 1.0);
            QCOMPARE(learningRateFactor(spec, 12), kind == ScheduleKind::Constant ? 1.0 : 0.5);
        }
    }

    void randomNumbersAreSpreadAndKeyed() {
        CounterRandom first{1, 2}, same{1, 2}, other{2, 1};
        double sum = 0;
        std::vector<int> bins(10, 0);
        bool allEqual = true;
        for (int index = 0; index < 100000; ++index) {
            const double value = first.uniform();
            QCOMPARE(value, same.uniform());
            allEqual = allEqual && value == other.uniform();
            sum += value;
            ++bins[static_cast<std::size_t>(value * 10)];
        }
        QVERIFY(!allEqual);
        QVERIFY(std::abs(sum / 100000 - 0.5) < 0.005);
        for (const int bin : bins)
            QVERIFY(std::abs(bin - 10000) < 500);
    }
};

QTEST_GUILESS_MAIN(TrainSpecTest)
#include "TrainSpecTest.moc"
