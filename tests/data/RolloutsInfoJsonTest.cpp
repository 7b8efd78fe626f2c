// A listing handed from one process to another comes back as it was.
#include <QTest>
#include <csignal>

#include "core/data/Hdf5.h"
#include "core/data/RolloutsInfoJson.h"

using namespace sqil;

class RolloutsInfoJsonTest : public QObject {
    Q_OBJECT
private slots:
    void listingsComeBack() {
        RolloutsInfo info;
        info.path = "/data/ü \"x\".hdf5";
        info.format = "robomimic HDF5";
        info.attributes = {{"env_args", "{\"a\": [1, 2]}"}, {"skipped", ""}};
        info.observations = {{"image", ValueType::UInt8, {96, 96, 3}}, {"state", ValueType::Float64, {}}};
        info.action = KeySpec{"actions", ValueType::Float32, {7}};
        info.episodes = {{"demo_0", 12, true, 3.25, {}},
                         {"demo_1", 0, std::nullopt, std::nullopt, {{"problem", "none"}}}};
        const auto back = parseRolloutsInfo(toJson(info));
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QCOMPARE(back->path, info.path);
        QCOMPARE(back->format, info.format);
        QCOMPARE(back->attributes, info.attributes);
        QCOMPARE(back->observations.size(), std::size_t(2));
        QCOMPARE(back->observations[0].name, std::string("image"));
        QVERIFY(back->observations[0].isImage());
        QVERIFY(back->observations[1].type == ValueType::Float64 && back->observations[1].shape.empty());
        QCOMPARE(back->action->shape, (std::vector<std::int64_t>{7}));
        QCOMPARE(back->episodes[0].success, std::optional(true));
        QCOMPARE(back->episodes[0].totalReward, std::optional(3.25));
        QCOMPARE(back->episodes[1].steps, std::int64_t{0});
        QVERIFY(!back->episodes[1].success && !back->episodes[1].totalReward);
        QCOMPARE(back->episodes[1].attributes.at("problem"), std::string("none"));
        info.action.reset();
        QVERIFY(!parseRolloutsInfo(toJson(info))->action);
    }

    void whatIsNoListingIsRefused() {
        for (const char* text : {"", "{}", "[]", "{\"version\": 99}", "{\"version\": 1, \"path\": 3}"})
            QVERIFY(!parseRolloutsInfo(text).has_value());
    }

    void badBytesBecomeText() {
        RolloutsInfo info;
        info.attributes["raw"] = "\xff\xfe";
        QVERIFY(parseRolloutsInfo(toJson(info)).has_value());
    }

    void answersComeFromACopyOfTheProcess() {
        const std::string large(3 << 20, 'x');  // more than a pipe holds
        const auto answer = hdf5::answerApart("file", [&] { return large; });
        QVERIFY(answer.has_value() && *answer);
        QVERIFY(**answer == large);
        const auto thrown = hdf5::answerApart("file", []() -> std::string { throw std::runtime_error("no"); });
        QVERIFY(thrown.has_value() && !*thrown);
        const auto crashed = hdf5::answerApart("file", []() -> std::string {
            std::raise(SIGSEGV);
            return {};
        });
        QVERIFY(!crashed.has_value());
        QVERIFY2(crashed.error().message.find("damaged") != std::string::npos, crashed.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(RolloutsInfoJsonTest)
#include "RolloutsInfoJsonTest.moc"
