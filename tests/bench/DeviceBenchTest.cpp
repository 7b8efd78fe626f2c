#include <ATen/ATen.h>

#include <QtTest>

#include "core/bench/DeviceClock.h"
#include "core/bench/KernelBench.h"
#include "core/bench/OperatorCheck.h"
#include "core/bench/PolicyBench.h"
#include "core/bench/ReportStore.h"
#include "tests/FakeAccelerator.h"
#include "tests/TestPaths.h"

using namespace sqil;
using nlohmann::json;
using test::FakeAccelerator;

namespace {

constexpr KernelCase kCases[] = {
    {"W4A16, 1 x 64 x 64, groups of 32", true, false, 1, 64, 64, 32},
    {"W8A16, 2 x 48 x 64, per channel", false, false, 2, 48, 64, 0},
    {"W8A8, 32 x 64 x 64, per channel", false, true, 32, 64, 64, 0},
    {"W4A4, 32 x 64 x 64, per channel", true, true, 32, 64, 64, 0},
};

bool hasNote(const json& report, const char* text) {
    return report.at("notes").dump().find(text) != std::string::npos;
}

}  // namespace

/// `sqil bench kernels` and `policy` on a device: what they report and refuse, never how fast anything is.
class DeviceBenchTest : public QObject {
    Q_OBJECT

    static KernelBenchOptions kernelOptions() {
        KernelBenchOptions options;
        options.seconds = 0;
        options.device = "cuda:0";  // as NVML's stand-in calls it
        return options;
    }
    static PolicyBenchOptions policyOptions() {
        PolicyBenchOptions options;
        options.policy = test::sample() / "policy.pt2";
        options.widths = {"W8A8", "W4A16"};
        options.seconds = 0;
        options.device = "cuda:0";
        return options;
    }

private Q_SLOTS:
    void initTestCase() {
        FakeAccelerator::install();
        qputenv("SQIL_NVML", FAKE_NVML_PATH);
        qunsetenv("CUDA_VISIBLE_DEVICES");
    }
    void init() {
        FakeAccelerator::reset();
        FakeAccelerator::memory = std::int64_t{48} << 20;
        qunsetenv("FAKE_NVML");
    }

    void clocksMeasureTheWorkAlone() {
        for (const at::Device device : {at::Device(at::kCPU), FakeAccelerator::device()}) {
            int before = 0, work = 0;
            const double seconds = DeviceClock(device).seconds(
                [&] {
                    ++work;
                    QTest::qSleep(20);
                },
                [&] {
                    QVERIFY(work == 0);
                    ++before;
                });
            QCOMPARE(before + work, 2);
            QVERIFY2(seconds >= 0.019, std::to_string(seconds).c_str());
        }
    }

    /// What --verify and the tests on a GPU run: every operator, its weight in either layout.
    void operatorsAreCheckedWithBothLayouts() {
        constexpr int cases = 3, packedOperators = 7;
        const auto results = checkOperators(FakeAccelerator::device(), cases);
        QCOMPARE(results.size(), std::size_t{10});
        for (const KernelCheckResult& result : results)
            QVERIFY2(result.failures == 0, (result.kernel + ": " + result.firstFailure).c_str());
        QCOMPARE(FakeAccelerator::repacked, std::int64_t{cases * packedOperators});
        QCOMPARE(FakeAccelerator::packedCalls, std::int64_t{2 * cases * packedOperators});
        QCOMPARE(FakeAccelerator::unpackedWeights, std::int64_t{cases * packedOperators});
    }

    void kernelsAreMeasuredOnTheDevice() {
        const auto report = benchKernelsOn(FakeAccelerator::device(), kCases, kernelOptions());
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        const auto checked = checkReport(*report);
        QVERIFY2(checked, checked ? "" : checked.error().message.c_str());
        QCOMPARE(report->at("cases").size(), std::size(kCases));
        QCOMPARE(report->at("machine").at("gpu").at("name").get<std::string>(), "Fake GPU 0");
        QCOMPARE(report->at("device").get<std::string>(), "cuda:0");
        const json& four = report->at("cases")[0];
        for (const char* way : {"sqil linear_w4a16", "torch float32", "torch bfloat16"})
            QVERIFY2(four.at("ways").contains(way), way);
        QCOMPARE(four.at("own").get<std::string>(), "sqil linear_w4a16");
        QVERIFY(four.at("rounds").get<int>() >= 3);
        QVERIFY(four.at("ways").at("sqil linear_w4a16").at("warm_ms").get<double>() > 0);
        QCOMPARE(four.at("gpu").at("graphics_mhz").get<double>(), 1500.0);
        QCOMPARE(four.at("gpu").at("watts").get<double>(), 200.0);
        QCOMPARE(four.at("digits").get<int>(), 0);  // floats, on a device
        QVERIFY(four.at("ratios").contains("torch bfloat16_over_sqil"));
        // What is compared computes the same: four bits within their rounding, bfloat16 within its own.
        QVERIFY(four.at("ways").at("sqil linear_w4a16").at("distance").get<double>() < 0.2);
        const json& eight = report->at("cases")[1].at("ways");
        QVERIFY(eight.at("sqil linear_w8a16").at("distance").get<double>() < 0.02);
        QVERIFY(eight.at("torch bfloat16").at("distance").get<double>() < 0.02);
        QVERIFY(eight.contains("torch _weight_int8pack_mm"));
        QVERIFY(eight.at("torch _weight_int8pack_mm").at("distance").get<double>() < 0.02);
        QVERIFY(report->at("cases")[2].at("ways").contains("torch _int_mm (sums alone)"));
        // CUDA's own packing is not on this device: named, and left out.
        QVERIFY(!four.at("ways").contains("torch _weight_int4pack_mm") && hasNote(*report, "_weight_int4pack_mm"));
        QVERIFY(hasNote(*report, "ONNX Runtime: not measured"));
        for (const char* roof : {"read_gb_per_s", "float_gflop_per_s", "integer_gop_per_s"})
            QVERIFY(report->at("roofs").at(roof).get<double>() > 0);
        // Weights once per case, calls recorded and replayed.
        QCOMPARE(FakeAccelerator::repacked, static_cast<std::int64_t>(std::size(kCases)));
        QCOMPARE(FakeAccelerator::unpackedWeights, std::int64_t{0});
        QVERIFY(FakeAccelerator::replays > 0);
    }

    void whatIsNotThereIsNamed() {
        FakeAccelerator::records = false;
        qputenv("FAKE_NVML", "unloaded");
        const auto report = benchKernelsOn(FakeAccelerator::device(), std::span(kCases).first(1), kernelOptions());
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY(hasNote(*report, "what starting a kernel costs"));
        QVERIFY(hasNote(*report, "clocks and power: not measured"));
        QVERIFY(!report->at("machine").contains("gpu"));
        QCOMPARE(FakeAccelerator::replays, std::int64_t{0});
    }

    void anUnknownGpuIsRefused() {
        FakeAccelerator::refusal =
            "this GPU is of compute capability 5.0; the CUDA kernels of this build are for sm_75";
        const auto report = benchKernelsOn(FakeAccelerator::device(), kCases, kernelOptions());
        QVERIFY(!report);
        QCOMPARE(report.error().kind, ErrorKind::Unsupported);
        QVERIFY2(report.error().message.find("compute capability 5.0") != std::string::npos,
                 report.error().message.c_str());

        // A policy still has its float ways.
        const auto policy = benchPolicyOn(FakeAccelerator::device(), policyOptions());
        QVERIFY2(policy, policy ? "" : policy.error().message.c_str());
        QVERIFY(policy->at("ways").contains("float32") && !policy->at("ways").contains("W8A8"));
        QVERIFY(hasNote(*policy, "compute capability 5.0"));
    }

    void tooLargeCasesAreLeftOut() {
        const KernelCase cases[] = {kCases[0], {"large", true, false, 1, 4096, 2048, 32}};
        const auto report = benchKernelsOn(FakeAccelerator::device(), cases, kernelOptions());
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QCOMPARE(report->at("cases").size(), std::size_t{1});
        QVERIFY(hasNote(*report, "large: left out"));
        QVERIFY(hasNote(*report, "out of memory"));
        const auto none = benchKernelsOn(FakeAccelerator::device(), std::span(cases).last(1), kernelOptions());
        QVERIFY(!none);
        QCOMPARE(none.error().kind, ErrorKind::Io);
    }

    void policiesAreMeasuredOnTheDevice_data() {
        QTest::addColumn<bool>("graphs");
        QTest::addColumn<bool>("records");
        QTest::newRow("as it is") << false << true;
        QTest::newRow("replayed") << true << true;
        QTest::newRow("cannot be replayed") << true << false;
    }
    void policiesAreMeasuredOnTheDevice() {
        QFETCH(bool, graphs);
        QFETCH(bool, records);
        FakeAccelerator::records = records;
        PolicyBenchOptions options = policyOptions();
        options.graphs = graphs;
        const auto report = benchPolicyOn(FakeAccelerator::device(), options);
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY(checkReport(*report));
        for (const char* name : {"float32", "bfloat16", "W8A8", "W4A16"}) {
            QVERIFY2(report->at("ways").contains(name), report->dump(1).c_str());
            const json& way = report->at("ways").at(name);
            for (const char* number : {"median_ms", "device_ms", "cold_ms", "weights_mb", "step_mb", "energy_mj"})
                QVERIFY2(way.at(number).get<double>() > 0, number);
            QCOMPARE(way.at("replayed").get<bool>(), graphs && records);
        }
        QVERIFY(report->at("ways").at("W8A8").at("distance").get<double>() < 0.1);
        QCOMPARE(FakeAccelerator::replays > 0, graphs && records);
        QCOMPARE(hasNote(*report, "steps are not replayed"), graphs && !records);
        QCOMPARE(FakeAccelerator::unpackedWeights, std::int64_t{0});
        QCOMPARE(report->at("energy_from").get<std::string>(), "the GPU's energy counter");
        QCOMPARE(report->at("machine").at("gpu").at("driver").get<std::string>(), "999.1");
    }

    void aPolicyThatDoesNotFitSaysSo() {
        FakeAccelerator::memory = 4096;
        const auto report = benchPolicyOn(FakeAccelerator::device(), policyOptions());
        QVERIFY(!report);
        QCOMPARE(report.error().kind, ErrorKind::Io);
        QVERIFY2(report.error().message.find("out of memory") != std::string::npos, report.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(DeviceBenchTest)
#include "DeviceBenchTest.moc"
