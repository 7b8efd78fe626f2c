#include <QtTest>
#include <chrono>
#include <thread>

#include "core/bench/DeviceUsage.h"
#include "core/bench/Energy.h"
#include "core/bench/GpuMonitor.h"
#include "core/bench/Machine.h"

using namespace sqil;

/// NVIDIA's management library as this program uses it, against a stand-in with known answers.
class GpuMonitorTest : public QObject {
    Q_OBJECT

    static std::shared_ptr<const GpuMonitor> opened() {
        auto monitor = GpuMonitor::open();
        return monitor ? *monitor : nullptr;
    }
    static std::string problemOf(const char* fault) {
        qputenv("FAKE_NVML", fault);
        const auto monitor = GpuMonitor::open();
        return monitor ? std::string() : monitor.error().message;
    }
    static void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(150)); }

private Q_SLOTS:
    void init() {
        qputenv("SQIL_NVML", FAKE_NVML_PATH);
        qunsetenv("FAKE_NVML");
        qunsetenv("CUDA_VISIBLE_DEVICES");
    }

    void itTellsWhatTheDriverTells() {
        const auto gpus = opened();
        QVERIFY(gpus);
        QCOMPARE(gpus->driver(), "999.1");
        QCOMPARE(gpus->count(), 2U);
        QCOMPARE(gpus->name(1), "Fake GPU 1");
        QCOMPARE(gpus->uuid(0), "GPU-100-fake");
        QCOMPARE(gpus->totalMemoryBytes(0).value(), std::int64_t(8) << 30);
        const GpuState state = gpus->state(1);
        QCOMPARE(state.percent.value(), 50.0);
        QCOMPARE(state.memoryBytes.value(), std::int64_t(2) << 30);
        QCOMPARE(state.watts.value(), 200.0);
        QCOMPARE(state.graphicsMegahertz.value(), 1500.0);
        QCOMPARE(state.memoryMegahertz.value(), 5000.0);
        QVERIFY(gpus->name(2).empty() && !gpus->state(2).watts);
        const auto machine = describeMachine(1);
        QCOMPARE(machine.at("nvidia_driver").get<std::string>(), "999.1");
        QCOMPARE(machine.at("gpus").size(), std::size_t(2));
    }

    void whatIsMissingIsNamed() {
        qputenv("SQIL_NVML", "libnvidia-ml-nowhere.so.1");
        QCOMPARE(problemOf(""), "no NVIDIA driver: libnvidia-ml-nowhere.so.1 was not found");
        QVERIFY(!describeMachine(1).contains("gpus"));
        qputenv("SQIL_NVML", "libm.so.6");
        QVERIFY(problemOf("").find("nvmlInit_v2") != std::string::npos);
        init();
        QVERIFY(problemOf("unloaded").find("not loaded") != std::string::npos);
        QVERIFY(problemOf("empty").find("sees no GPU") != std::string::npos);
    }

    void devicesAreThoseOfTheProcess() {
        const auto gpus = opened();
        QCOMPARE(gpus->indexOf("cuda:1").value(), 1U);
        QVERIFY(!gpus->indexOf("cuda:2"));
        QVERIFY(!gpus->indexOf("cpu"));
        qputenv("CUDA_VISIBLE_DEVICES", "1");
        QCOMPARE(gpus->indexOf("cuda:0").value(), 1U);
        QVERIFY(!gpus->indexOf("cuda:1"));
        qputenv("CUDA_VISIBLE_DEVICES", "GPU-200,GPU-100");
        QCOMPARE(gpus->indexOf("cuda:0").value(), 1U);
        QCOMPARE(gpus->indexOf("cuda:1").value(), 0U);
        QCOMPARE(visibleDevice("cuda:1", "2,3").value(), "3");
        QCOMPARE(visibleDevice("cuda", std::nullopt).value(), "0");
        QVERIFY(visibleDevice("cuda:0", "").error().message.find("may use 0 GPUs") != std::string::npos);
        QVERIFY(!visibleDevice("cuda:x", std::nullopt));
    }

    void energyIsCountedOrSampled() {
        GpuEnergyMeter counted(opened(), 0);
        QVERIFY(counted.problem().empty() && !counted.isSampled());
        const double before = now();
        counted.start();
        const double started = now();
        wait();
        const double ending = now();
        const double joules = counted.joules().value();
        // 100 W for at least the time between, at most the time around.
        QVERIFY2(joules >= 100 * (ending - started) - 0.11 && joules <= 100 * (now() - before) + 0.11,
                 qPrintable(QString::number(joules)));

        qputenv("FAKE_NVML", "old");
        GpuEnergyMeter sampled(opened(), 0);
        QVERIFY(sampled.problem().empty() && sampled.isSampled());
        for (int run = 0; run < 2; ++run) {  // and can be started again
            const double from = now();
            sampled.start();
            wait();
            const double taken = sampled.joules().value();
            QVERIFY2(taken > 0 && taken <= 200 * (now() - from), qPrintable(QString::number(taken)));
        }

        qputenv("FAKE_NVML", "silent");
        GpuEnergyMeter silent(opened(), 1);
        QVERIFY(silent.problem().find("Fake GPU 1") != std::string::npos);
        silent.start();
        QVERIFY(!silent.joules());
    }

    void aJobsDeviceIsReadOrItsAbsenceExplained() {
        DeviceUsage usage("cuda:1");
        const auto told = usage.read();
        QCOMPARE(told.at("gpu_percent").get<double>(), 50.0);
        QCOMPARE(told.at("gpu_memory").get<std::int64_t>(), std::int64_t(2) << 30);
        QCOMPARE(told.at("gpu_watts").get<double>(), 200.0);
        QVERIFY(!told.at("absent").contains("gpu"));
        QCOMPARE(told.at("absent").contains("cpu_watts"), !EnergyMeter().problem().empty());
        QVERIFY(!DeviceUsage("cpu").read().contains("gpu_percent"));
        QVERIFY(DeviceUsage("cpu").read().at("absent").contains("gpu"));
        qputenv("FAKE_NVML", "silent");
        const auto silent = DeviceUsage("cuda:0").read();
        QVERIFY(!silent.contains("gpu_watts") && silent.at("absent").contains("gpu_watts"));
        qputenv("SQIL_NVML", "/nowhere.so");
        QVERIFY(DeviceUsage("cuda:0").read().at("absent").at("gpu").get<std::string>().find("no NVIDIA driver") == 0);
    }
};

QTEST_GUILESS_MAIN(GpuMonitorTest)
#include "GpuMonitorTest.moc"
