// The session without a window: opening, analysing in the right order, keeping and reusing results.
#include <QDir>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <cmath>
#include <fstream>

#include "plugins/Plugins.h"
#include "tests/views/SmallProject.h"
#include "views/session/StudioSession.h"

using namespace sqil;

namespace {

constexpr int kWait = 120'000;

/// The session's own project file for these files: in the same folder.
void open(StudioSession& session, const test::SmallProject& project) {
    session.openFiles(QStringList{project.path("study.sqil")} + project.files());
}

bool analysed(StudioSession& session) {
    return session.results().totalSteps() > 0 && session.results().analysedSteps() == session.results().totalSteps() &&
           !session.jobs().isBusy();
}

}  // namespace

class SessionTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)).removeRecursively();
        registerPlugins();
        if (!test::SmallProject::hasSample())
            QSKIP("the sample policy is not there");
    }

    void seriesSurviveTheProjectFile() {
        EpisodeResults results;
        StepResult step;
        step.sis = 0.5f;
        step.gap = 0.25f;
        step.divergence = 0.125f;
        step.action = {1, 2};
        step.quantizedAction = {3, 4};
        step.sisOfModality = {0.5f};
        step.saliency = {{"image", 1, 2, {1, 2}}};
        step.quantizedSaliency = {{"image", 1, 2, {3, 4}}};
        results.put(1, 3, step);
        QVERIFY(!results.hasNumbers(0, true) && results.hasNumbers(1, true));
        const EpisodeResults back = fromSeries(toSeries(results, true), 3);
        QCOMPARE(back.sis[1], 0.5f);
        QCOMPARE(back.gap[1], 0.25f);
        QCOMPARE(back.divergence[1], 0.125f);
        QCOMPARE(back.action[3], 2.f);
        QCOMPARE(back.quantizedAction[2], 3.f);
        QCOMPARE(back.sisOfModality.at("image")[1], 0.5f);
        QVERIFY(std::isnan(back.sis[0]) && std::isnan(back.action[0]));
        const StepMaps maps = fromRecords(toRecords(results.maps.at(1)));
        QCOMPARE(maps.quantized[0].scores, (std::vector<float>{3, 4}));
        // Series of another length belong to other rollouts: not taken.
        QVERIFY(std::isnan(fromSeries(toSeries(results, true), 4).sis[1]));
    }

    void whatIsKnownStaysWhenMerging() {
        EpisodeResults mine, other;
        StepResult a, b;
        a.sis = 1;
        a.gap = 1;
        b.sis = 2;
        b.gap = 2;
        mine.put(0, 2, a);
        other.put(0, 2, b);
        other.put(1, 2, b);
        mine.merge(other);
        QCOMPARE(mine.sis, (std::vector<float>{1, 2}));
    }

    void analysesEverythingAndReusesIt() {
        const auto project = test::smallProject();
        std::vector<float> sis, gap;
        {
            StudioSession session;
            QSignalSpy errors(&session, &StudioSession::errorOccurred);
            open(session, *project);
            QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
            QVERIFY2(errors.isEmpty(), errors.isEmpty() ? "" : qPrintable(errors.first().first().toString()));
            QCOMPARE(session.analysis().computedStates(), 24);
            sis = session.results().episode(1).sis;
            gap = session.results().episode(1).gap;
            QVERIFY(std::isfinite(session.results().threshold()));
            QVERIFY(session.results().largestGap(1) > 0);
            session.selection().setEpisode(1, 7);
            QTRY_COMPARE(session.frames().step, 7);
        }
        StudioSession session;
        session.openProject(project->path("study.sqil"));
        QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
        QCOMPARE(session.results().episode(1).sis, sis);
        QCOMPARE(session.results().episode(1).gap, gap);
        QCOMPARE(session.selection().episode(), 1);  // where it was left
        QCOMPARE(session.selection().step(), 7);
        QTRY_VERIFY(session.results().maps(1, 7) != nullptr);
        QVERIFY(!session.results().maps(1, 7)->quantized.empty());
        QTRY_VERIFY(session.controlRate() > 0);
        QTest::qWait(300);
        QCOMPARE(session.analysis().computedStates(), 0);
    }

    void theStateOnScreenComesFirst() {
        const auto project = test::smallProject();
        StudioSession session;
        std::vector<std::pair<int, qint64>> order;
        connect(&session.analysis(), &AnalysisWorker::stepAnalysed, &session,
                [&](int, int episode, qint64 step, const StepResult&) { order.emplace_back(episode, step); });
        connect(&session, &StudioSession::comparisonChanged, &session, [&] {
            if (session.hasPolicy() && session.selection().episode() < 0)
                QTimer::singleShot(0, &session, [&] { session.selection().setEpisode(1, 6); });
        });
        open(session, *project);
        QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
        QCOMPARE(order.size(), std::size_t(24));
        // From where the cursor came to be: every state of its episode before any of the other.
        const auto firstOther = std::find_if(
            order.begin(), order.end(), [&](const auto& one) { return one.first != session.selection().episode(); });
        QVERIFY(std::distance(order.begin(), firstOther) >= 11);
    }

    void firstPlaceIsAFailureAtItsLargestGap() {
        const auto project = test::smallProject();
        StudioSession session;
        open(session, *project);
        QTRY_COMPARE_WITH_TIMEOUT(session.selection().episode(), 1, kWait);  // demo_4 failed
        QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
        QCOMPARE(session.selection().step(), session.results().stepOfLargestGap(1));
    }

    void criticalStatesAndGaps() {
        const auto project = test::smallProject();
        StudioSession session;
        open(session, *project);
        QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
        QTRY_VERIFY(std::isfinite(session.results().threshold()));
        const auto critical = [&] {
            int count = 0;
            for (int episode = 0; episode < 2; ++episode)
                for (qint64 step = 0; step < 12; ++step)
                    count += session.results().isCritical(episode, step);
            return count;
        };
        QTRY_COMPARE(critical(), 5);  // the top 20 % of 24: those above the 80th percentile
        session.selection().setEpisode(0, 0);
        session.nextCritical(1);
        QVERIFY(session.results().isCritical(session.selection().episode(), session.selection().step()));
        session.selection().setEpisode(1, 0);
        session.nextLargestGap();
        QCOMPARE(session.selection().step(), session.results().stepOfLargestGap(1));
        const qint64 largest = session.selection().step();
        session.nextLargestGap();
        QVERIFY(session.results().episode(1).gap[std::size_t(session.selection().step())] <=
                session.results().episode(1).gap[std::size_t(largest)]);

        session.setTopPercent(50);
        QTRY_VERIFY(session.selection().topPercent() == 50);
        QCOMPARE(critical(), 12);
        session.undoStack().undo();
        QCOMPARE(session.selection().topPercent(), 20.0);
        session.undoStack().redo();
        QCOMPARE(session.selection().topPercent(), 50.0);
    }

    void brokenObservationIsToldAndLeftOut() {
        const auto project = test::smallProject(3);
        StudioSession session;
        QSignalSpy warnings(&session, &StudioSession::warningOccurred);
        open(session, *project);
        QTRY_VERIFY_WITH_TIMEOUT(session.results().analysedSteps() == 23, kWait);
        QTRY_VERIFY(!warnings.isEmpty());
        QVERIFY2(warnings.first().first().toString().contains(QStringLiteral("step 3")),
                 qPrintable(warnings.first().first().toString()));
        QVERIFY(std::isnan(session.results().episode(0).sis[3]));
        QVERIFY(std::isfinite(session.results().episode(0).sis[4]));
    }

    void unreadableFilesAreErrorsAndLeaveNothing_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("policy") << "broken.pt2" << QByteArray("PK\x03\x04 nothing of the sort");
        QTest::newRow("rollouts") << "broken.hdf5" << QByteArray("\x89HDF\r\n\x1a\n truncated");
        QTest::newRow("project") << "broken.sqil" << QByteArray("not SQLite at all");
        QTest::newRow("unknown kind") << "notes.txt" << QByteArray("hello");
    }
    void unreadableFilesAreErrorsAndLeaveNothing() {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QTemporaryDir folder;
        const QString file = folder.filePath(name);
        std::ofstream(file.toStdString(), std::ios::binary) << content.toStdString();
        StudioSession session;
        QSignalSpy errors(&session, &StudioSession::errorOccurred);
        session.openFiles({file});
        QTRY_VERIFY_WITH_TIMEOUT(!errors.isEmpty(), 20'000);
        QVERIFY2(errors.first().first().toString().contains(name), qPrintable(errors.first().first().toString()));
        QVERIFY(!session.hasProject());
        QVERIFY(!std::filesystem::exists(automaticProject(toPath(file))));
    }

    void missingFileIsNamed() {
        const auto project = test::smallProject();
        {
            StudioSession session;
            open(session, *project);
            QTRY_VERIFY_WITH_TIMEOUT(session.hasPolicy(), kWait);
        }
        std::filesystem::rename(project->rollouts, toPath(project->path("moved.hdf5")));
        StudioSession session;
        std::vector<MissingFile> missing;
        connect(&session, &StudioSession::filesMissing, &session,
                [&](const std::vector<MissingFile>& files) { missing = files; });
        QSignalSpy errors(&session, &StudioSession::errorOccurred);
        session.openProject(project->path("study.sqil"));
        QTRY_COMPARE_WITH_TIMEOUT(missing.size(), std::size_t(1), 20'000);
        QVERIFY(missing[0].isRollouts);
        QCOMPARE(missing[0].path.filename(), project->rollouts.filename());
        QVERIFY(errors.isEmpty());  // one message, not two
        QVERIFY(!session.hasRollouts());
        session.locateRollouts(session.contents().rollouts.front().record.id, project->path("moved.hdf5"));
        QTRY_VERIFY_WITH_TIMEOUT(session.hasRollouts(), 20'000);
        QVERIFY(missing.empty());
    }

    void quantizingAddsAPolicy() {
        const auto project = test::smallProject();
        StudioSession session;
        QSignalSpy errors(&session, &StudioSession::errorOccurred);
        session.openFiles({project->path("study.sqil"), toQString(project->policy), toQString(project->rollouts)});
        QTRY_VERIFY_WITH_TIMEOUT(session.hasPolicy() && session.hasRollouts(), 20'000);
        QVERIFY(!session.hasQuantized());
        QuantSpec spec;
        spec.weightBits = 3;
        session.quantize(spec);
        QTRY_VERIFY_WITH_TIMEOUT(session.hasQuantized(), kWait);
        QVERIFY(session.quantizedName().contains(QStringLiteral("W3A16")));
        QVERIFY(errors.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
        QVERIFY(session.results().largestGap(0) > 0);

        session.removePolicy(session.comparison().quantized->id);
        QTRY_VERIFY_WITH_TIMEOUT(!session.hasQuantized() && !session.jobs().isBusy(), 20'000);
        QCOMPARE(session.contents().policies.size(), std::size_t(1));
        QVERIFY(session.hasPolicy());
    }

    void severalPoliciesAreComparedAtOnce() {
        const auto project = test::smallProject();
        const auto third = toPath(project->path("policy-w3.pt2"));
        QuantSpec spec;
        spec.weightBits = 3;
        QVERIFY(quantizePolicyFile(project->policy, project->rollouts, spec, third, {}).has_value());
        std::vector<float> gap, otherGap;
        {
            StudioSession session;
            QSignalSpy errors(&session, &StudioSession::errorOccurred);
            open(session, *project);
            QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
            QCOMPARE(session.comparedCount(), std::size_t(1));
            session.openFiles({toQString(third)});  // becomes the primary one
            QTRY_VERIFY_WITH_TIMEOUT(analysed(session) && session.contents().policies.size() == 3, kWait);
            const RecordId w3 = session.comparison().quantized->id;
            const RecordId w4 = session.contents().policies[1].record.id == w3
                                    ? session.contents().policies[2].record.id
                                    : session.contents().policies[1].record.id;
            session.comparePolicy(w4);
            QVERIFY(!session.isCompared(w3));
            session.alsoCompare(w3, true);
            QCOMPARE(session.comparedCount(), std::size_t(2));
            QVERIFY(session.comparedName(0).contains(QStringLiteral("W4A16")));
            QVERIFY2(session.comparedName(1).contains(QStringLiteral("W3A16")), qPrintable(session.comparedName(1)));
            const auto known = [&](const std::vector<float>& values) {
                return values.size() == 12 &&
                       std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
            };
            QTRY_VERIFY_WITH_TIMEOUT(analysed(session) && known(session.results().episode(0).gapOf(1)) &&
                                         known(session.results().episode(1).gapOf(1)),
                                     kWait);
            const EpisodeResults& results = session.results().episode(0);
            gap = results.gapOf(0);
            otherGap = results.gapOf(1);
            QVERIFY(gap != otherGap);
            // The gap is the distance of the two actions, whichever policy it is.
            for (std::size_t compared = 0; compared < 2; ++compared)
                for (std::size_t step = 0; step < 12; ++step) {
                    double sum = 0;
                    for (std::size_t dimension = 0; dimension < results.width; ++dimension) {
                        const std::size_t at = step * results.width + dimension;
                        sum += std::pow(double(results.action[at]) - double(results.actionOf(compared)[at]), 2);
                    }
                    QVERIFY(std::abs(std::sqrt(sum) - double(results.gapOf(compared)[step])) < 1e-5);
                }
            QCOMPARE(session.results().largestGap(0, 1), double(*std::max_element(otherGap.begin(), otherGap.end())));

            // The other one becomes the primary: the numbers change places, and SIS is not computed again.
            session.comparePolicy(w3);
            QCOMPARE(session.comparison().quantized->id, w3);
            QCOMPARE(session.comparison().others.size(), std::size_t(1));
            QTRY_VERIFY_WITH_TIMEOUT(analysed(session) && known(session.results().episode(0).gapOf(1)), kWait);
            QCOMPARE(session.results().episode(0).gapOf(0), otherGap);
            QCOMPARE(session.results().episode(0).gapOf(1), gap);
            session.alsoCompare(w3, false);  // the primary one leaves: the other takes its place
            QCOMPARE(session.comparison().quantized->id, w4);
            QCOMPARE(session.comparedCount(), std::size_t(1));
            session.alsoCompare(w4, false);  // the last one stays
            QCOMPARE(session.comparedCount(), std::size_t(1));
            session.alsoCompare(w3, true);
            session.selection().setEpisode(0, 3);
            QVERIFY2(errors.isEmpty(), errors.isEmpty() ? "" : qPrintable(errors.first().first().toString()));
        }
        StudioSession session;
        session.openProject(project->path("study.sqil"));
        QTRY_COMPARE_WITH_TIMEOUT(session.comparedCount(), std::size_t(2), kWait);
        QTRY_COMPARE_WITH_TIMEOUT(session.results().episode(0).gapOf(1), otherGap, kWait);
        session.removePolicy(session.comparison().others[0].id);
        QTRY_VERIFY_WITH_TIMEOUT(session.comparedCount() == 1 && !session.jobs().isBusy(), 20'000);
        QCOMPARE(session.contents().policies.size(), std::size_t(2));
    }

    void changedPolicyIsNoticed() {
        const auto project = test::smallProject();
        {
            StudioSession session;
            open(session, *project);
            QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
        }
        std::filesystem::last_write_time(project->policy,
                                         std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
        StudioSession session;
        QSignalSpy outdated(&session, &StudioSession::resultsOutdated);
        session.openProject(project->path("study.sqil"));
        QTRY_VERIFY_WITH_TIMEOUT(!outdated.isEmpty(), 20'000);
        session.recompute();
        QTRY_COMPARE_WITH_TIMEOUT(session.analysis().computedStates(), 24, kWait);
        QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
    }

    void savedCopyHasTheResults() {
        const auto project = test::smallProject();
        StudioSession session;
        open(session, *project);
        QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
        const std::vector<float> sis = session.results().episode(0).sis;
        QTest::qWait(200);  // the last series is being written
        session.saveProjectAs(project->path("copy.sqil"));
        QTRY_VERIFY_WITH_TIMEOUT(session.contents().path.filename() == "copy.sqil" && analysed(session), 20'000);
        QCOMPARE(session.results().episode(0).sis, sis);
        QTRY_VERIFY(session.results().maps(session.selection().episode(), 0) != nullptr);
        QTest::qWait(300);
        QCOMPARE(session.analysis().computedStates(), 24);  // nothing was computed for the copy
    }

    void stoppingAndResuming() {
        const auto project = test::smallProject();
        StudioSession session;
        open(session, *project);
        QTRY_VERIFY_WITH_TIMEOUT(session.results().analysedSteps() > 0, kWait);
        session.setAnalysisPaused(true);
        QTest::qWait(1500);
        const qint64 stopped = session.analysis().computedStates();
        QTest::qWait(1000);
        QCOMPARE(session.analysis().computedStates(), stopped);
        session.setAnalysisPaused(false);
        QTRY_VERIFY_WITH_TIMEOUT(analysed(session), kWait);
    }
};

QTEST_MAIN(SessionTest)
#include "SessionTest.moc"
