// Training from the real window, through the real panel and real worker processes.
#include <QDir>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "app/studio/JobNotices.h"
#include "app/studio/MainWindow.h"
#include "plugins/Plugins.h"
#include "tests/views/SmallProject.h"
#include "views/jobs/JobCurves.h"
#include "views/jobs/JobDialog.h"
#include "views/jobs/JobLog.h"
#include "views/jobs/JobParameters.h"
#include "views/jobs/JobsModel.h"
#include "views/jobs/JobsView.h"
#include "widgets/MessageBar.h"

using namespace sqil;
using nlohmann::json;

namespace {
constexpr int kWait = 600'000;  // on a busy machine the sample's SIS takes minutes
}

class JobsWindowTest : public QObject {
    Q_OBJECT

    QTemporaryDir settings_;
    std::unique_ptr<MainWindow> window_;
    std::filesystem::path project_;  ///< with jobs

    StudioSession& session() { return window_->session(); }
    JobsView& jobs() { return window_->jobsView(); }
    const JobRecord* job(RecordId id) { return jobs().feed().snapshot()->find(id); }
    JobState stateOf(RecordId id) { return job(id) ? job(id)->state : JobState::Queued; }
    void click(const char* button) { QTest::mouseClick(jobs().button(button), Qt::LeftButton); }

    void openWindow() {
        window_ = std::make_unique<MainWindow>();
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    }
    void closeWindow() {
        window_->close();
        window_.reset();
    }
    static void type(JobDialog* dialog, const char* parameter, const QString& text) {
        auto* edit = qobject_cast<QLineEdit*>(dialog->form()->editor(parameter));
        QVERIFY(edit);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    /// For those who want to look: $SQIL_PICTURES is a folder.
    static void picture(QWidget* widget, const char* name) {
        const QString folder = qEnvironmentVariable("SQIL_PICTURES");
        if (!folder.isEmpty())
            widget->grab().save(folder + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png"));
    }
    static QPushButton* startButton(JobDialog* dialog) {
        return dialog->findChild<QPushButton*>(QStringLiteral("start"));
    }

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
        QCoreApplication::setOrganizationName(QStringLiteral("sqil-test"));
        QCoreApplication::setApplicationName(QStringLiteral("sqil-jobs-window-test"));
        QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)).removeRecursively();
        qputenv("SQIL_WORKER", QByteArray::fromStdString((test::programs() / "sqil").string()));
        registerPlugins();
        if (!test::SmallProject::hasSample())
            QSKIP("the sample policy is not there");
    }
    void cleanup() {
        if (window_)
            closeWindow();
        // No worker outlives the test, whatever became of it.
        for (int look = 0; look < 100 && !project_.empty(); ++look) {
            auto project = Project::open(project_);
            const auto all = project ? JobStore(**project).jobs() : Result<std::vector<JobRecord>>();
            bool any = false;
            for (std::size_t index = 0; all && index < all->size(); ++index)
                if (const JobRecord& job = all->at(index); !isOver(job.state) && !job.isGroup()) {
                    any = true;
                    static_cast<void>(JobStore(**project).cancel(job.id));
                }
            if (!any)
                break;
            QTest::qSleep(200);
        }
        project_.clear();
    }

    /// From the welcome page to a repaired policy on the screen, with the window closed in between.
    void repairTheSample() {
        openWindow();
        QTest::mouseClick(window_->findChild<QPushButton*>(QStringLiteral("repairSample")), Qt::LeftButton);
        JobDialog* dialog = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((dialog = window_->findChild<JobDialog*>()) && dialog->isVisible(), kWait);
        QCOMPARE(dialog->form()->text("recipe"), QStringLiteral("sqil"));
        QVERIFY(dialog->form()->text("policy").endsWith(QStringLiteral("policy.pt2")));
        QVERIFY(dialog->form()->text("rollouts").endsWith(QStringLiteral(".hdf5")));

        picture(dialog, "form");

        // Mistakes are told in the core's words, and nothing can be started with one.
        type(dialog, "steps", QStringLiteral("0"));
        QTRY_VERIFY(!startButton(dialog)->isEnabled());
        QVERIFY2(dialog->problem().contains(QStringLiteral("at least 1")), qPrintable(dialog->problem()));
        type(dialog, "steps", QStringLiteral("1500"));
        type(dialog, "batch", QStringLiteral("8"));
        QTRY_VERIFY2(startButton(dialog)->isEnabled(), qPrintable(dialog->problem()));
        QTest::mouseClick(startButton(dialog), Qt::LeftButton);

        QTRY_VERIFY_WITH_TIMEOUT(!jobs().feed().snapshot()->jobs.empty(), 20'000);
        const RecordId id = jobs().feed().snapshot()->jobs.front().id;
        const std::filesystem::path project = project_ = session().contents().path;
        QTRY_COMPARE_WITH_TIMEOUT(jobs().selectedJobs().size(), std::size_t(1), 20'000);

        // Curves grow; meanwhile the window answers.
        QElapsedTimer timer;
        qint64 longest = 0;
        timer.start();
        while (jobs().curves()->steps(id) < 20 && timer.elapsed() < kWait && !isOver(stateOf(id))) {
            QElapsedTimer pass;
            pass.start();
            QCoreApplication::processEvents();
            longest = std::max(longest, pass.elapsed());
            QTest::qSleep(2);
        }
        QVERIFY2(jobs().curves()->steps(id) >= 20,
                 job(id) ? (job(id)->stage + " " + std::to_string(job(id)->done) + " " + job(id)->message).c_str()
                         : "no job");
        qInfo("longest pass of the event loop while a job runs: %lld ms", longest);
        const auto values = jobs().curves()->lastValues(id);
        for (const char* name : {"qat", "qrd_critical", "qrd_other", "held_out_gap", "learning_rate", "weight_step"})
            QVERIFY2(values.contains(QLatin1String(name)), name);
        QCOMPARE(jobs().curves()->plot(0)->curves().size(), 3);

        picture(window_.get(), "running");
        closeWindow();
        QTest::qSleep(1500);  // nobody watches
        openWindow();
        session().openProject(toQString(project));
        QTRY_VERIFY_WITH_TIMEOUT(job(id), 60'000);
        QCOMPARE(stateOf(id), JobState::Running);  // it went on
        QCOMPARE(job(id)->attempt, 1);
        const std::int64_t reached = job(id)->done;
        jobs().select(id);
        window_->command(QStringLiteral("showJobs"))->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(jobs().curves()->steps(id) > 0, 20'000);  // its curves are all there again

        QTRY_VERIFY(jobs().button("cancel")->isEnabled());
        click("cancel");
        QTRY_COMPARE_WITH_TIMEOUT(stateOf(id), JobState::Cancelled, 60'000);
        QTRY_VERIFY(!window_->messages().messages().isEmpty());
        QVERIFY(window_->messages().messages().first().contains(QStringLiteral("resumed")));

        QTRY_VERIFY(jobs().button("resume")->isEnabled());
        click("resume");
        QTRY_VERIFY_WITH_TIMEOUT(stateOf(id) == JobState::Running && job(id)->stage == "Training", kWait);
        QVERIFY(job(id)->done >= reached);  // from its checkpoint
        QTRY_VERIFY_WITH_TIMEOUT(isOver(stateOf(id)), kWait);
        QVERIFY2(stateOf(id) == JobState::Finished, job(id)->message.c_str());
        QCOMPARE(job(id)->attempt, 2);
        QTRY_COMPARE_WITH_TIMEOUT(jobs().curves()->steps(id), 1500, 20'000);

        picture(window_.get(), "finished");
        // One click, and the workbench compares it.
        QTRY_VERIFY(jobs().compareButton()->isEnabled());
        QTest::mouseClick(jobs().compareButton(), Qt::LeftButton);
        const RecordId made = json::parse(job(id)->resultJson).at("policy").get<RecordId>();
        QTRY_VERIFY_WITH_TIMEOUT(session().hasQuantized() && session().comparison().quantized->id == made, 60'000);

        const QString page = jobs().summaryHtml();
        QVERIFY(page.contains(QStringLiteral("data:image/png")) && page.contains(QStringLiteral("exported gap")));
        const QString pdf = settings_.filePath(QStringLiteral("summary.pdf"));
        QVERIFY(jobs().exportSummary(pdf));
        QFile file(pdf);
        QVERIFY(file.open(QIODevice::ReadOnly) && file.read(5) == "%PDF-" && file.size() > 10'000);
        QVERIFY(jobs().exportSummary(settings_.filePath(QStringLiteral("summary.html"))));
        QVERIFY(!jobs().exportSummary(QStringLiteral("/proc/nowhere/summary.html")));
    }

    void formsSayWhatTheyMean() {
        JobDialog dialog(
            {.project = "/tmp/x.sqil", .files = {}, .policy = "/p.pt2", .quantized = {}, .rollouts = "/r.hdf5"});
        const auto plain = dialog.batch();
        QVERIFY2(plain, plain ? "" : plain.error().message.c_str());
        const json said{{"policy", "/p.pt2"}, {"rollouts", "/r.hdf5"}};  // what is standard is not said
        QVERIFY(plain->jobs.front().parameters == said);
        for (const JobKind& kind : jobKinds()) {  // every parameter has a row, or belongs to the project
            dialog.setKind(kind.name);
            for (const JobParameter& parameter : kind.parameters)
                QVERIFY2((dialog.form()->editor(parameter.name) != nullptr) == (parameter.file != FileKind::Project),
                         parameter.name.c_str());
        }
        dialog.setKind("train");
        dialog.findChild<QAbstractButton*>(QStringLiteral("advanced"))->setChecked(true);
        dialog.setPreset("cilrs-w4a4");
        dialog.show();
        picture(&dialog, "form-advanced");
        QCOMPARE(dialog.form()->text("action_loss"), QStringLiteral("l1"));
        QCOMPARE(dialog.form()->text("policy"), QStringLiteral("/p.pt2"));
        dialog.findChild<QLineEdit*>(QStringLiteral("seeds"))->setText(QStringLiteral("1, 2,3"));
        dialog.findChild<QLineEdit*>(QStringLiteral("bits"))->setText(QStringLiteral("4,8"));
        const auto grid = dialog.batch();
        QVERIFY2(grid, grid ? "" : grid.error().message.c_str());
        QCOMPARE(unfold(*grid)->size(), std::size_t(6));
        dialog.findChild<QLineEdit*>(QStringLiteral("bits"))->setText(QStringLiteral("1"));
        QVERIFY(dialog.problem().contains(QStringLiteral("2 to 8")));
        dialog.findChild<QLineEdit*>(QStringLiteral("bits"))->clear();
        dialog.findChild<QAbstractButton*>(QStringLiteral("evaluateThen"))->setChecked(true);
        QVERIFY2(dialog.problem().contains(QStringLiteral("env: is missing")), qPrintable(dialog.problem()));
        dialog.findChild<QLineEdit*>(QStringLiteral("environment"))->setText(QStringLiteral("gym/X-v1"));
        QCOMPARE(unfold(*dialog.batch())->size(), std::size_t(6));  // three seeds, each with its evaluation
        dialog.setSpec(plain->jobs.front());
        QCOMPARE(dialog.form()->text("action_loss"), QStringLiteral("by-head"));
    }

    void logsCanBeSearched() {
        JobLog log;
        log.add({{1, 0, 0, "Reading"}, {2, 0, 1, "two steps left out"}, {3, 0, 2, "The disk is full"}});
        QCOMPARE(log.shownText().count(QLatin1Char('\n')), 2);
        log.setLevel(1);
        QVERIFY(!log.shownText().contains(QStringLiteral("Reading")));
        log.setSearch(QStringLiteral("DISK"));
        QVERIFY(log.shownText().contains(QStringLiteral("disk is full")) &&
                !log.shownText().contains(QStringLiteral("left out")));
        log.setLevel(0);
        log.setSearch({});
        log.add({{4, 0, 0, "more"}});
        QCOMPARE(log.shownText().count(QLatin1Char('\n')), 3);
    }

    void differencesBetweenRuns() {
        JobRecord first{.id = 1, .kind = "train", .parametersJson = R"({"seed": 1, "policy": "P"})"};
        JobRecord second{.id = 2, .kind = "train", .parametersJson = R"({"seed": 2, "policy": "P", "weights": 8})"};
        const auto rows = parameterRows({first, second}, true);
        QCOMPARE(rows.size(), std::size_t(2));
        std::map<QString, QStringList> byName(rows.begin(), rows.end());
        QCOMPARE(byName[QStringLiteral("seed")], (QStringList{QStringLiteral("1"), QStringLiteral("2")}));
        QCOMPARE(byName[QStringLiteral("weights")], (QStringList{QStringLiteral("4"), QStringLiteral("8")}));
        QCOMPARE(parameterRows({first}, false).size(), std::size_t(2));
    }

    void groupsUnfold() {
        JobsModel model;
        std::vector<JobRecord> records(4);
        records[0] = {.id = 1, .name = "grid", .kind = kJobGroup, .done = 1, .total = 2};
        records[1] = {.id = 2, .parent = 1, .name = "a", .kind = "train", .state = JobState::Finished};
        records[2] = {.id = 3, .parent = 1, .name = "b", .kind = "train"};
        records[2].needs = {4};
        records[3] = {.id = 4, .name = "c", .kind = "train", .state = JobState::Failed, .message = "no disk"};
        model.setJobs(records);
        QCOMPARE(model.rowCount(), 2);
        const QModelIndex group = model.indexOf(1);
        QCOMPARE(model.rowCount(group), 2);
        QCOMPARE(model.parent(model.indexOf(3)), group);
        QVERIFY(
            model.indexOf(3, JobsModel::Progress).data().toString().contains(QStringLiteral("waits for c (failed)")));
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        records[2].state = JobState::Running;
        model.setJobs(records);
        QCOMPARE(reset.count(), 0);  // the same tree: selections stay
        QCOMPARE(model.indexOf(3, JobsModel::State).data().toString(), QStringLiteral("running"));
        QVERIFY(JobNotices::textOf(records[3]).contains(QStringLiteral("no disk")));
    }

    void smoothingIsTheAverageItSays() {
        const double nan = std::nan("");
        const auto values = CurvesPlot::smoothed({4, nan, 2, 0}, 0.5);
        QCOMPARE(values[0], 4.0);
        QVERIFY(std::isnan(values[1]));
        QCOMPARE(values[2], 3.0);
        QCOMPARE(values[3], 1.5);
    }
};

QTEST_MAIN(JobsWindowTest)
#include "JobsWindowTest.moc"
