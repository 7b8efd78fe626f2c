#include <ATen/ATen.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QThread>
#include <QtTest>
#include <csignal>

#include "tests/TestPaths.h"
#include "tests/train/SmallTask.h"

using namespace sqil;

namespace {

std::map<std::string, at::Tensor> weightsOf(const std::filesystem::path& policy) {
    const auto file = readPolicyFile(policy);
    if (!file)
        qFatal("%s", file.error().message.c_str());
    std::map<std::string, at::Tensor> tensors;
    for (const Binding& binding : file->graph.bindings)
        tensors[binding.name] = binding.tensor;
    return tensors;
}

/// Largest difference of any weight.
double distance(const std::filesystem::path& first, const std::filesystem::path& second) {
    const auto left = weightsOf(first), right = weightsOf(second);
    double largest = left.size() == right.size() && !left.empty() ? 0 : 1e9;
    for (const auto& [name, tensor] : left)
        largest = std::max(largest, (tensor - right.at(name)).abs().max().item<double>());
    return largest;
}

}  // namespace

/// Several processes that train together, as users start them.
class RanksTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    std::filesystem::path path(const char* name) const { return folder_.filePath(name).toStdString(); }

    void start(QProcess& process, const char* out, QStringList more) const {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("OMP_NUM_THREADS", "1");
        process.setProcessEnvironment(environment);
        QStringList arguments{"train",
                              "--policy",
                              folder_.filePath("policy.pt2"),
                              "--rollouts",
                              folder_.filePath("rollouts.hdf5"),
                              "--weights",
                              "4",
                              "--activations",
                              "4",
                              "--evaluate-every",
                              "10",
                              "--checkpoint-every",
                              "1",
                              "--keep-best",
                              "false",
                              "--out",
                              folder_.filePath(out)};
        process.start(QString::fromStdString((test::programs() / "sqil").string()), arguments + more);
        QVERIFY(process.waitForStarted());
    }
    /// What it says of its failure; empty: none.
    QByteArray run(const char* out, const QStringList& more) const {
        QProcess process;
        start(process, out, more);
        if (!process.waitForFinished(120'000))
            return "it did not end";
        return process.exitCode() == 0 ? QByteArray() : process.readAllStandardError() + " ";
    }

private Q_SLOTS:
    void initTestCase() { test::SmallTask().write(folder_.path().toStdString()); }

    void asOneWithALargerBatch_data() {
        QTest::addColumn<QString>("recipe");
        QTest::newRow("qat") << "qat";
        QTest::newRow("sqil") << "sqil";
    }
    void asOneWithALargerBatch() {
        QFETCH(QString, recipe);
        const QStringList common{"--recipe", recipe, "--steps", "40", "--accumulation", "2"};
        QCOMPARE(run("one.pt2", common + QStringList{"--batch", "16"}), QByteArray());
        QCOMPARE(run("two.pt2", common + QStringList{"--batch", "8", "--ranks", "2"}), QByteArray());
        QCOMPARE(run("half.pt2", common + QStringList{"--batch", "8"}), QByteArray());
        const double rounding = distance(path("one.pt2"), path("two.pt2"));
        const double otherBatch = distance(path("one.pt2"), path("half.pt2"));
        QVERIFY2(rounding < 1e-3 && rounding < otherBatch / 20,
                 qPrintable(QString("%1 against %2").arg(rounding).arg(otherBatch)));
    }

    void killedAndResumedIsTheSame() {
        const QStringList settings{"--recipe", "qrd", "--steps", "1500", "--batch", "8", "--ranks", "2", "--resume"};
        QElapsedTimer whole;
        whole.start();
        QCOMPARE(run("whole.pt2", settings), QByteArray());
        const qint64 takes = whole.elapsed();
        int kills = 0;
        for (int attempt = 0; attempt < 3; ++attempt) {
            QProcess process;
            start(process, "killed.pt2", settings);
            if (process.waitForFinished(static_cast<int>(takes / 3)))
                break;
            process.kill();  // SIGKILL: its other rank ends with it
            process.waitForFinished();
            ++kills;
        }
        QVERIFY(kills >= 1);
        if (!std::filesystem::exists(path("killed.pt2")))
            QCOMPARE(run("killed.pt2", settings), QByteArray());
        QCOMPARE(distance(path("whole.pt2"), path("killed.pt2")), 0.0);
    }

    void aRankThatIsGoneIsSaid() {
        QProcess process;
        start(process, "gone.pt2", {"--recipe", "qat", "--steps", "1000000", "--batch", "8", "--ranks", "2"});
        QFile children(QString("/proc/%1/task/%1/children").arg(process.processId()));
        int child = 0;
        for (int wait = 0; wait < 600 && !(child && std::filesystem::exists(path("gone.checkpoint"))); ++wait) {
            QThread::msleep(50);
            if (!child && children.open(QIODevice::ReadOnly)) {
                child = children.readAll().trimmed().toInt();
                children.close();
            }
        }
        QVERIFY(child > 0);
        QCOMPARE(::kill(child, SIGKILL), 0);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 5);
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("rank 1 has ended") && said.contains("gone.checkpoint"), said.constData());
        // The checkpoint is of two ranks.
        const QByteArray alone = run("gone.pt2", {"--recipe", "qat", "--steps", "1000000", "--batch", "8", "--resume"});
        QVERIFY2(alone.contains("of 2 ranks"), alone.constData());
    }

    void aLossThatIsNotFiniteStopsAll() {
        const QByteArray said =
            run("nan.pt2", {"--recipe", "qat", "--steps", "200", "--batch", "8", "--ranks", "2", "--optimizer", "sgd",
                            "--learning-rate", "1e30", "--schedule", "constant", "--gradient-clip", "0"});
        QVERIFY2(said.contains("NaN or infinite at step") && said.contains("nan.checkpoint"), said.constData());
        QVERIFY(!std::filesystem::exists(path("nan.pt2")));
    }

    void wrongNumbersAreRefused() {
        for (const char* ranks : {"0", "-3", "1000"})
            QVERIFY(run("wrong.pt2", {"--ranks", ranks}).contains("expected 1 to 64"));
    }
};

QTEST_GUILESS_MAIN(RanksTest)
#include "RanksTest.moc"
