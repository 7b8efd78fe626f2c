// What goes wrong in real life: files that moved, damaged projects, two windows, and second thoughts.
#include <QFile>
#include <QSignalSpy>
#include <QToolButton>
#include <fstream>

#include "app/studio/RecentButton.h"
#include "app/studio/RecentFiles.h"
#include "tests/views/WindowFixture.h"
#include "views/session/Paths.h"
#include "views/session/Relocation.h"
#include "widgets/MessageBar.h"

using namespace sqil;
namespace fs = std::filesystem;

class TroubleTest : public test::WindowFixture {
    Q_OBJECT

    std::size_t policies() { return session().contents().policies.size(); }
    QString firstMessage() { return window_->messages().messages().value(0); }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-trouble-test")))
            QSKIP("the sample policy is not there");
    }
    void cleanup() { closeWindow(); }

    void everyEditCanBeUndone() {
        openSmallProject();
        QUndoStack& undo = session().undoStack();
        QVERIFY(undo.canUndo());  // the files were added
        const RecordId quantized = session().comparison().quantized->id;
        const qint64 analysed = session().results().analysedSteps();

        session().rename(quantized, false, QStringLiteral("Four bits"));
        QTRY_COMPARE(session().quantizedName(), QStringLiteral("Four bits"));
        QVERIFY(undo.undoText().contains(QStringLiteral("Four bits")));
        press(Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(session().quantizedName() != QStringLiteral("Four bits"));
        press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(session().quantizedName(), QStringLiteral("Four bits"));

        session().removePolicy(quantized);
        QTRY_COMPARE(policies(), std::size_t(1));
        QTRY_VERIFY(!session().hasQuantized());
        undo.undo();
        QTRY_COMPARE(policies(), std::size_t(2));
        // Its results are back as well: nothing is computed again.
        session().comparePolicy(quantized);
        QTRY_COMPARE_WITH_TIMEOUT(session().results().analysedSteps(), analysed, test::kWait);

        const RecordId rollouts = session().comparison().rolloutsRecord.id;
        session().removeRollouts(rollouts);
        QTRY_VERIFY(!session().hasRollouts());
        undo.undo();
        QTRY_VERIFY(session().hasRollouts());

        const auto before = toJson(session().comparison().spec);
        window_->command(QStringLiteral("perturbation-patch-mean"))->trigger();
        QVERIFY(toJson(session().comparison().spec) != before);
        undo.undo();
        QCOMPARE(toJson(session().comparison().spec), before);

        session().setTopPercent(35);
        undo.undo();
        QCOMPARE(selection().topPercent(), 20.0);
        while (undo.canUndo())
            undo.undo();
        QTRY_COMPARE(policies(), std::size_t(0));  // as it was before the files were added
        while (undo.canRedo())
            undo.redo();
        QTRY_COMPARE(policies(), std::size_t(2));
    }

    void whatWasRemovedIsGoneAtTheNextOpening() {
        openSmallProject();
        const QString path = project_->path("study.sqil");
        QTRY_COMPARE(policies(), std::size_t(2));
        session().removePolicy(session().comparison().quantized->id);
        QTRY_COMPARE(policies(), std::size_t(1));
        closeWindow();
        openWindow();
        session().openProject(path);
        QTRY_COMPARE(policies(), std::size_t(1));
        QCOMPARE(Project::open(toPath(path)).value()->policies()->size(), std::size_t(1));
        closeWindow();
        QFile::remove(path);
    }

    void filesThatMovedAreFoundTogether() {
        const fs::path before = toPath(project_->path("before")), after = toPath(project_->path("after"));
        fs::create_directories(before);
        for (const fs::path& file : {project_->policy, project_->quantized, project_->rollouts})
            fs::copy_file(file, before / file.filename());
        fs::copy_file(toPath(project_->path("policy.card.json")), before / "policy.card.json");
        openWindow();
        drop({project_->path("moved.sqil"), toQString(before / "policy.pt2"), toQString(before / "policy-w4.pt2"),
              toQString(before / "rollouts.hdf5")});
        QTRY_VERIFY_WITH_TIMEOUT(session().hasQuantized() && session().hasRollouts(), test::kWait);
        closeWindow();
        fs::rename(before, after);

        openWindow();
        session().openProject(project_->path("moved.sqil"));
        QTRY_VERIFY_WITH_TIMEOUT(firstMessage().contains(QStringLiteral("not where the project says")), test::kWait);
        QVERIFY(!session().hasRollouts());
        const auto missing = missingFiles(session().contents());
        QCOMPARE(missing.size(), std::size_t(3));
        session().locate(missing[0], toQString(after / missing[0].path.filename()));  // one of them
        QTRY_VERIFY_WITH_TIMEOUT(session().hasQuantized() && session().hasRollouts(), test::kWait);
        QVERIFY(missingFiles(session().contents()).empty());
        QCOMPARE(session().comparison().rolloutsRecord.path, after / "rollouts.hdf5");
    }

    void siblingsKeepTheirPlaceInAMovedTree() {
        QTemporaryDir folder;
        const fs::path root = toPath(folder.path());
        const auto put = [&](const char* name) {
            fs::create_directories((root / name).parent_path());
            std::ofstream(root / name) << 'x';
        };
        put("new/study/policies/p.pt2");
        put("new/study/data/r.hdf5");
        const MissingFile policy{1, false, "/old/study/policies/p.pt2"}, rollouts{1, true, "/old/study/data/r.hdf5"},
            other{2, true, "/old/study/data/none.hdf5"};
        const auto found = findSiblings(policy, root / "new/study/policies/p.pt2", {policy, rollouts, other});
        QCOMPARE(found.size(), std::size_t(2));
        QCOMPARE(found[1].path, root / "new/study/data/r.hdf5");
    }

    void aDamagedProjectShowsWhatIsLeft() {
        openSmallProject();
        closeWindow();
        const QString path = project_->path("study.sqil"), damaged = project_->path("damaged.sqil");
        QFile::remove(damaged);
        QVERIFY(QFile::copy(path, damaged));
        QFile file(damaged);
        QVERIFY(file.resize(file.size() * 8 / 10 + 100));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray before = file.readAll();
        file.close();

        openWindow();
        session().openProject(damaged);
        QTRY_VERIFY_WITH_TIMEOUT(session().isRecovered(), test::kWait);
        QTRY_VERIFY(firstMessage().contains(QStringLiteral("is damaged")));
        QCOMPARE(policies(), std::size_t(2));
        QTRY_VERIFY_WITH_TIMEOUT(session().hasRollouts(), test::kWait);  // relative paths still lead there
        QVERIFY(window_->windowTitle().contains(QStringLiteral("recovered")));
        QVERIFY(!window_->recentFiles().files().contains(damaged));
        session().setTopPercent(33);  // work goes on, in the copy
        const QString repaired = project_->path("repaired.sqil");
        session().saveProjectAs(repaired);
        QTRY_VERIFY_WITH_TIMEOUT(!session().isRecovered(), test::kWait);
        QCOMPARE(Project::open(toPath(repaired)).value()->policies()->size(), std::size_t(2));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), before);
    }

    void nothingReadableSaysSo() {
        const QString path = project_->path("garbage.sqil");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(9000, 'x'));
        file.close();
        openWindow();
        session().openProject(path);
        QTRY_VERIFY_WITH_TIMEOUT(firstMessage().contains(QStringLiteral("garbage.sqil")), test::kWait);
        QVERIFY(!session().hasProject());
    }

    void twoWindowsShareAProject() {
        openSmallProject();
        MainWindow other;
        other.setSettingsKept(false);
        other.show();
        other.session().openProject(project_->path("study.sqil"));
        QTRY_VERIFY_WITH_TIMEOUT(other.session().hasQuantized(), test::kWait);
        const RecordId id = session().comparison().policy.id;
        session().rename(id, false, QStringLiteral("Renamed here"));
        QTRY_COMPARE_WITH_TIMEOUT(other.session().policyName(), QStringLiteral("Renamed here"), 20'000);
        other.session().rename(id, false, QStringLiteral("Renamed there"));
        QTRY_COMPARE_WITH_TIMEOUT(session().policyName(), QStringLiteral("Renamed there"), 20'000);
        other.session().setTopPercent(12);
        QTRY_COMPARE_WITH_TIMEOUT(selection().topPercent(), 12.0, 20'000);
        // Both keep what they were looking at.
        QCOMPARE(selection().episode(), 1);
        QVERIFY(window_->messages().messages().isEmpty());
    }

    void theWelcomePageKnowsItsProjects() {
        openSmallProject();
        closeWindow();
        openWindow();
        RecentButton* mine = nullptr;
        for (RecentButton* button : window_->findChildren<RecentButton*>())
            if (button->file() == project_->path("study.sqil"))
                mine = button;
        QVERIFY(mine);
        QTRY_COMPARE_WITH_TIMEOUT(mine->status(), QStringLiteral("2 policies"), 20'000);
        QTest::mouseClick(mine, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(session().hasQuantized(), test::kWait);
    }
};

QTEST_MAIN(TroubleTest)
#include "TroubleTest.moc"
