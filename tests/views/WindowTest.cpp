// The real window under mouse and keyboard.
#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>
#include <cmath>

#include "app/studio/ProgressPanel.h"
#include "app/studio/ShortcutsSheet.h"
#include "tests/views/WindowFixture.h"
#include "views/actions/ActionsView.h"
#include "views/figures/Figures.h"
#include "views/frames/FramesView.h"
#include "views/matrix/MatrixView.h"
#include "views/project/ProjectModel.h"
#include "views/project/ProjectView.h"
#include "views/quantize/QuantizeDialog.h"
#include "views/scatter/ScatterView.h"
#include "widgets/ActionBars.h"
#include "widgets/ImageView.h"
#include "widgets/MessageBar.h"

using namespace sqil;

using test::kWait;

class WindowTest : public test::WindowFixture {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-window-test")))
            QSKIP("the sample policy is not there");
    }
    void cleanup() { closeWindow(); }

    void emptyWindowSaysWhatToDo() {
        openWindow();
        QVERIFY(window_->findChild<QPushButton*>(QStringLiteral("openSample"))->isVisible());
        QVERIFY(!window_->command(QStringLiteral("play"))->isEnabled());
        QVERIFY(!window_->timeline().isVisible());
    }

    void windowComesBeforeTheWork() {
        openWindow();
        drop(QStringList{project_->path("early.sqil")} + project_->files());
        QElapsedTimer timer;
        qint64 longest = 0;
        timer.start();
        while ((!session().hasPolicy() || session().results().analysedSteps() < 12) &&
               timer.elapsed() < kWait) {  // no pass of the event loop waits for a file
            QElapsedTimer pass;
            pass.start();
            QCoreApplication::processEvents();
            longest = std::max(longest, pass.elapsed());
            QTest::qSleep(1);
        }
        QVERIFY(session().hasPolicy());
        qInfo("longest pass of the event loop while opening: %lld ms", longest);
        QVERIFY2(longest < 400, qPrintable(QString::number(longest)));
    }

    void keysMoveTheCursor() {
        openSmallProject();
        QSignalSpy moved(&selection(), &Selection::stepChanged);
        press(Qt::Key_Right);
        press(Qt::Key_Right);
        QCOMPARE(selection().step(), 2);
        press(Qt::Key_Left);
        QCOMPARE(selection().step(), 1);
        press(Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(selection().step(), 11);
        press(Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(selection().step(), 1);
        press(Qt::Key_End);
        QCOMPARE(selection().step(), 11);
        press(Qt::Key_Right);
        QCOMPARE(selection().step(), 11);
        press(Qt::Key_Home);
        QCOMPARE(selection().step(), 0);
        QCOMPARE(plot()->cursorStep(), 0);
        QVERIFY(window_->timeline().position().contains(QStringLiteral("step 0 of 12")));
        press(Qt::Key_PageUp);
        QCOMPARE(selection().episode(), 0);
        press(Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(selection().episode(), 1);
        press(Qt::Key_G);
        QCOMPARE(selection().step(), session().results().stepOfLargestGap(1));
        press(Qt::Key_N);
        QVERIFY(session().results().isCritical(selection().episode(), selection().step()));
        press(Qt::Key_P);
        QVERIFY(session().results().isCritical(selection().episode(), selection().step()));
    }

    void draggingTheTimelineMovesAllViews() {
        openSmallProject();
        const int y = plot()->laneRect(1).center().y();
        const auto at = [&](qint64 step) { return QPoint(qRound(plot()->pixelOf(step)), y); };
        QTest::mousePress(plot(), Qt::LeftButton, {}, at(2));
        QCOMPARE(selection().step(), 2);
        for (const qint64 step : {4, 6, 9})
            QTest::mouseMove(plot(), at(step));
        QTest::mouseRelease(plot(), Qt::LeftButton, {}, at(9));
        QCOMPARE(selection().step(), 9);
        QTRY_COMPARE(session().frames().step, 9);

        // The frame is the rollouts' own, pixel for pixel.
        const auto block = session().comparison().rollouts->step(1, "agentview_image", 9);
        QVERIFY(block.has_value());
        const QImage shown = window_->frames().pictures().front()->image();
        QCOMPARE(shown.size(), QSize(96, 96));
        const auto bytes = block->as<std::uint8_t>();
        for (const QPoint pixel : {QPoint(0, 0), QPoint(50, 40), QPoint(95, 95)}) {
            const std::size_t offset = std::size_t(pixel.y() * 96 + pixel.x()) * 3;
            QCOMPARE(shown.pixel(pixel), qRgb(bytes[offset], bytes[offset + 1], bytes[offset + 2]));
        }

        // The bars show the actions at that step, in metres: normalized · 0.01.
        const EpisodeResults& results = session().results().episode(1);
        const ActionBars* bars = window_->actionsView().bars();
        QCOMPARE(bars->dimensionCount(), results.width);
        for (std::size_t dimension = 0; dimension < 3; ++dimension) {
            QCOMPARE(bars->value(0, dimension),
                     static_cast<float>(results.action[9 * results.width + dimension] * 0.01));
            QCOMPARE(bars->value(1, dimension),
                     static_cast<float>(results.quantizedAction[9 * results.width + dimension] * 0.01));
        }
    }

    void scrubbingIsSmooth() {
        openSmallProject();
        std::vector<qint64> passes;
        for (int pass = 0; pass < 200; ++pass) {
            QElapsedTimer timer;
            timer.start();
            selection().setStep(pass % 12);
            QCoreApplication::processEvents();
            passes.push_back(timer.nsecsElapsed() / 1000);
        }
        std::sort(passes.begin(), passes.end());
        qInfo("a step while scrubbing: median %lld us, largest %lld us", passes[100], passes.back());
        QVERIFY2(passes[100] < 16'000, qPrintable(QString::number(passes[100])));
    }

    void mapModes() {
        openSmallProject();
        QTRY_VERIFY(session().results().maps(1, session().frames().step) != nullptr);
        const auto overlay = [&] { return window_->frames().pictures().front()->overlay(); };
        QCOMPARE(selection().mapMode(), MapMode::SideBySide);
        QCOMPARE(window_->frames().pictures().size(), std::size_t(2));
        press(Qt::Key_1);
        QTRY_VERIFY(window_->frames().pictures().size() == 1 && !overlay().isNull());
        const QImage fullPrecision = overlay();
        press(Qt::Key_2);
        QCOMPARE(selection().mapMode(), MapMode::Quantized);
        QVERIFY(!overlay().isNull() && overlay() != fullPrecision);
        press(Qt::Key_3);
        QCOMPARE(selection().mapMode(), MapMode::Difference);
        QVERIFY(!overlay().isNull() && overlay() != fullPrecision);
        press(Qt::Key_1);
        QCOMPARE(overlay(), fullPrecision);
        window_->frames().setColours(QStringLiteral("magma"));
        QVERIFY(overlay() != fullPrecision);
        const double opacity = window_->frames().opacity();
        press(Qt::Key_Minus);
        QVERIFY(std::abs(window_->frames().opacity() - (opacity - 0.1)) < 0.011);
        QCOMPARE(window_->frames().pictures().front()->overlayOpacity(), window_->frames().opacity());
        press(Qt::Key_Plus);
        QVERIFY(std::abs(window_->frames().opacity() - opacity) < 0.011);
    }

    void hoverReadsTheScore() {
        openSmallProject();
        QTRY_VERIFY(session().results().maps(1, session().frames().step) != nullptr);
        press(Qt::Key_1);
        ImageView* picture = window_->frames().pictures().front();
        QTRY_VERIFY(!picture->overlay().isNull());
        QTest::mouseMove(picture, picture->imageRect().center().toPoint());
        QTRY_VERIFY2(
            picture->readout().startsWith(QStringLiteral("x 4")) && picture->readout().contains(QStringLiteral("S ")),
            qPrintable(picture->readout()));
    }

    void playingFollowsTheControlRate() {
        openSmallProject();
        press(Qt::Key_Home);
        QSignalSpy playing(&session().playback(), &Playback::playingChanged);
        press(Qt::Key_Space);
        QVERIFY(session().playback().isPlaying());
        QTRY_COMPARE_WITH_TIMEOUT(selection().step(), 11, 5000);
        QTRY_VERIFY(!session().playback().isPlaying());  // stops at the end
        QCOMPARE(playing.count(), 2);

        session().playback().setRate(20);  // 11 steps: 0.55 s
        press(Qt::Key_Home);
        QElapsedTimer timer;
        timer.start();
        press(Qt::Key_Space);
        QTRY_COMPARE_WITH_TIMEOUT(selection().step(), 11, 5000);
        QVERIFY2(timer.elapsed() > 500 && timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    }

    void criticalShareCanBeEditedAndUndone() {
        openSmallProject();
        QDoubleSpinBox* box = window_->timeline().topPercentBox();
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, QStringLiteral("50"));
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(selection().topPercent(), 50.0);
        QCOMPARE(selection().mapMode(), MapMode::SideBySide);  // the digits typed are no shortcuts
        for (qint64 step = 0; step < 12; ++step)
            QTRY_COMPARE(plot()->scene().critical->contains(step), session().results().isCritical(1, step));
        session().undoStack().undo();
        QCOMPARE(box->value(), 20.0);
    }

    void treeShowsPoliciesAndRollouts() {
        openSmallProject();
        ProjectModel* model = window_->projectView().model();
        QCOMPARE(model->rowCount(model->index(0, 0)), 2);
        const QModelIndex rollouts = model->rolloutsIndex();
        QCOMPARE(rollouts.data().toString(), QStringLiteral("rollouts"));
        QCOMPARE(rollouts.siblingAtColumn(ProjectModel::Steps).data().toString(), QStringLiteral("24"));
    }

    void themes() {
        openSmallProject();
        window_->setTheme(Theme::Mode::Dark);
        QVERIFY(window_->palette().color(QPalette::Window).lightness() < 100);
        const QImage dark = window_->grab().toImage();
        window_->setTheme(Theme::Mode::Light);
        QVERIFY(window_->palette().color(QPalette::Window).lightness() > 200);
        const QImage light = window_->grab().toImage();
        const QPoint inPlot =
            plot()->mapTo(window_.get(), QPoint(plot()->laneRect(0).right() + 60, plot()->laneRect(0).bottom() - 2));
        QVERIFY(qGray(dark.pixel(inPlot)) < 90 && qGray(light.pixel(inPlot)) > 200);
    }

    void badFilesAreToldInPlace() {
        openSmallProject();
        const QString file = project_->path("broken.pt2");
        QFile broken(file);
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("PK broken") > 0);
        broken.close();
        drop({file});
        QTRY_VERIFY_WITH_TIMEOUT(!window_->messages().messages().isEmpty(), 20'000);
        QVERIFY2(window_->messages().messages().first().contains(QStringLiteral("broken.pt2")),
                 qPrintable(window_->messages().messages().first()));
        QVERIFY(window_->messages().isVisible());
        QVERIFY(session().hasPolicy() && selection().episode() >= 0);  // what was open stays
    }

    void restartComputesNothingAgain() {
        openSmallProject();
        selection().setEpisode(0, 5);
        QTRY_COMPARE(session().frames().step, 5);
        window_->close();
        window_.reset();
        openWindow();
        session().openProject(project_->path("study.sqil"));
        QTRY_VERIFY_WITH_TIMEOUT(session().results().totalSteps() == 24 && session().results().analysedSteps() == 24,
                                 20'000);
        QCOMPARE(selection().episode(), 0);
        QCOMPARE(selection().step(), 5);
        QTRY_VERIFY(!window_->frames().pictures().front()->overlay().isNull());
        QTest::qWait(300);
        QCOMPARE(session().analysis().computedStates(), 0);
    }

    void settingsSurviveARestart() {
        openSmallProject();
        window_->setTheme(Theme::Mode::Dark);
        window_->frames().setColours(QStringLiteral("cividis"));
        window_->frames().setOpacity(0.4);
        window_->close();
        window_.reset();
        openWindow();
        QCOMPARE(window_->theme().mode(), Theme::Mode::Dark);
        QCOMPARE(window_->frames().colours().name(), QStringLiteral("cividis"));
        QVERIFY(std::abs(window_->frames().opacity() - 0.4) < 0.01);
        QVERIFY(QSettings()
                    .value(QStringLiteral("recent"))
                    .toStringList()
                    .join(QString())
                    .contains(QStringLiteral("study.sqil")));
        window_->setTheme(Theme::Mode::System);
        window_->frames().setColours(QStringLiteral("viridis"));
        window_->frames().setOpacity(0.75);
    }

    void figures() {
        openSmallProject();
        QTRY_VERIFY(session().results().maps(1, session().frames().step) != nullptr);
        // A panel that was never in front has nothing to draw yet.
        QVERIFY(window_->showPanel(QStringLiteral("episodes")));
        QTRY_VERIFY(window_->matrixView().figure().has_value());
        QVERIFY(window_->showPanel(QStringLiteral("scatter")));
        QTRY_VERIFY(window_->scatterView().figure().has_value());
        QVERIFY(window_->showPanel(QStringLiteral("timeline")));
        QTRY_VERIFY(window_->timeline().figure().has_value());
        const QString folder = project_->path("figures");
        const auto written = window_->exportTo(folder);
        QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
        const auto isWritten = [&](const QString& file) { return written->contains(folder + QLatin1Char('/') + file); };
        for (const char* name : {"saliency", "actions", "timeline", "episodes", "scatter", "discrepancy", "sis-peaks"})
            for (const char* ending : {".pdf", ".svg", ".png"})
                QVERIFY2(isWritten(QLatin1String(name) + QLatin1String(ending)), name);
        QVERIFY(isWritten(QStringLiteral("timeline.csv")) && isWritten(QStringLiteral("actions.csv")));
        for (const QString& name :
             {QStringLiteral("saliency"), QStringLiteral("timeline"), QStringLiteral("actions")}) {
            QFile pdf(folder + QLatin1Char('/') + name + QStringLiteral(".pdf"));
            QVERIFY(pdf.open(QIODevice::ReadOnly) && pdf.read(5) == "%PDF-");
            const QImage png(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
            const double millimetres = png.width() / (png.dotsPerMeterX() / 1000.0);
            QVERIFY2(std::abs(millimetres - 25.4 * (name == QLatin1String("actions") ? 3.25 : 6.75)) < 0.2,
                     qPrintable(QString::number(millimetres)));
        }
        QVERIFY(!window_->exportTo(QStringLiteral("/proc/nowhere")).has_value());
    }

    void quantizeDialogKeepsToTheRules() {
        QuantizeDialog dialog(QStringLiteral("policy"));
        QCOMPARE(dialog.spec().weightBits, 4);
        QuantSpec spec;
        spec.weightBits = 16;
        dialog.setSpec(spec);
        bool anyEnabled = false;
        for (const QPushButton* button : dialog.findChildren<QPushButton*>())
            if (button->isDefault())
                anyEnabled = button->isEnabled();
        QVERIFY(!anyEnabled);  // nothing would be quantized
    }

    void shortcutsSheetOpens() {
        openWindow();
        press(Qt::Key_F1);
        ShortcutsSheet* sheet = nullptr;
        QTRY_VERIFY((sheet = window_->findChild<ShortcutsSheet*>()) && sheet->isVisible());
        QStringList texts;
        for (const QLabel* label : sheet->findChildren<QLabel*>())
            texts << label->text();
        QVERIFY(texts.contains(QStringLiteral("Space")));
        QVERIFY(texts.contains(QStringLiteral("Next largest gap")));
        sheet->close();
    }

    void sampleOpensAtAFailure() {
        openWindow();
        QTest::mouseClick(window_->findChild<QPushButton*>(QStringLiteral("openSample")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(session().hasQuantized() && selection().episode() >= 0, kWait);
        const EpisodeInfo& episode = session().rolloutsInfo()->episodes[std::size_t(selection().episode())];
        QVERIFY(!episode.success.value_or(true));
        QTRY_VERIFY_WITH_TIMEOUT(
            session().results().stepOfLargestGap(selection().episode()) == selection().step() && selection().step() > 0,
            kWait);
        QTRY_VERIFY_WITH_TIMEOUT(session().results().maps(selection().episode(), selection().step()) != nullptr, kWait);
        QVERIFY(window_->messages().messages().isEmpty());
    }
};

QTEST_MAIN(WindowTest)
#include "WindowTest.moc"
