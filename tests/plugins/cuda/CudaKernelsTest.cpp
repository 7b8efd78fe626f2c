#include <QtTest>

#include "core/bench/OperatorCheck.h"
#include "core/policy/Device.h"

using namespace sqil;

/// The sqil:: operators on the GPU at hand against the CPU's.
class CudaKernelsTest : public QObject {
    Q_OBJECT

    static void verify(const std::vector<KernelCheckResult>& results, int cases) {
        QCOMPARE(static_cast<int>(results.size()), 10);
        for (const KernelCheckResult& result : results) {
            QVERIFY2(result.failures == 0, (result.kernel + ": " + std::to_string(result.failures) + " of " +
                                            std::to_string(result.cases) + " differ, first at " + result.firstFailure)
                                               .c_str());
            QCOMPARE(result.cases, cases);
        }
    }

private Q_SLOTS:
    /// The check itself: the CPU agrees with the CPU, on inputs that its operators take.
    void theCpuAgreesWithItself() { verify(checkOperators(at::kCPU, 4), 4); }

    void cudaAgreesWithTheCpu() {
        if (const auto kernels = lowBitCudaKernels(); !kernels)
            QSKIP(kernels.error().message.c_str());
        verify(checkOperators(at::Device(at::kCUDA, 0), 60), 60);
    }
};

QTEST_GUILESS_MAIN(CudaKernelsTest)
#include "CudaKernelsTest.moc"
