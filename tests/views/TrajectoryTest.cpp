// The paths' dock in the real window. Without OpenGL it must explain itself, and nothing else may suffer.
#include <QDockWidget>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

#include "app/studio/MainWindow.h"
#include "plugins/Plugins.h"
#include "tests/views/SmallProject.h"
#include "views/trajectory/TrajectoryView.h"
#include "widgets/EmptyState.h"
#include "widgets/SpaceView.h"

using namespace sqil;

namespace {

constexpr int kWait = 120'000;

/// With an X server (xvfb-run) and its OpenGL where there is one; else on Qt's offscreen platform, without.
const bool platformChosen = [] {
    if (qEnvironmentVariableIsEmpty("DISPLAY"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    return true;
}();

}  // namespace

class TrajectoryTest : public QObject {
    Q_OBJECT

    QTemporaryDir settings_;
    std::unique_ptr<test::SmallProject> project_;
    std::unique_ptr<MainWindow> window_;
    TrajectoryView* view_ = nullptr;

    StudioSession& session() { return window_->session(); }
    bool hasOpenGl() { return view_->space()->problem().isEmpty(); }

    void openTrajectory() {
        window_ = std::make_unique<MainWindow>();
        window_->setSettingsKept(false);
        window_->resize(1400, 900);
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        session().openFiles(QStringList{project_->path("paths.sqil")} + project_->files());
        QTRY_VERIFY_WITH_TIMEOUT(session().results().totalSteps() == 24 && session().results().analysedSteps() == 24,
                                 kWait);
        session().selection().setEpisode(0, 0);
        view_ = window_->findChild<TrajectoryView*>();
        QVERIFY(view_);
        auto* dock = qobject_cast<QDockWidget*>(view_->parentWidget());
        QVERIFY(dock);
        dock->setFloating(true);
        dock->resize(700, 560);
        dock->show();
        QTRY_VERIFY_WITH_TIMEOUT(!hasOpenGl() || view_->space()->isDrawn(), kWait);
        if (hasOpenGl())
            QTRY_COMPARE_WITH_TIMEOUT(view_->space()->scene().paths.size(), std::size_t{2}, kWait);
        settle();
    }

    /// Until what the analysis has still told is drawn.
    void settle() {
        QSignalSpy rebuilt(view_, &TrajectoryView::sceneChanged);
        for (int calm = 0, round = 0; calm < 3 && round < 100; ++round) {
            QTest::qWait(100);
            calm = rebuilt.isEmpty() ? calm + 1 : 0;
            rebuilt.clear();
        }
    }

    /// Pixels that are nothing like the background.
    static int colouredPixels(const QImage& image, const QRect& area) {
        int count = 0;
        for (int y = area.top(); y <= area.bottom(); ++y)
            for (int x = area.left(); x <= area.right(); ++x)
                count += image.valid(x, y) && QColor(image.pixel(x, y)).saturation() > 90;
        return count;
    }

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
        QCoreApplication::setOrganizationName(QStringLiteral("sqil-test"));
        QCoreApplication::setApplicationName(QStringLiteral("sqil-trajectory-test"));
        registerPlugins();
        if (!test::SmallProject::hasSample())
            QSKIP("the sample policy is not there");
        project_ = test::smallProject();
    }
    void cleanup() {
        if (window_)
            window_->close();
        window_.reset();
    }

    void withoutOpenGlTheDockSaysSo() {
        openTrajectory();
        if (hasOpenGl())
            QSKIP("this display has OpenGL");
        auto* explanation = view_->findChild<EmptyState*>();
        QVERIFY(explanation->isVisible());
        session().selection().setStep(5);
        QTRY_COMPARE(session().frames().step, 5);
        view_->savePicture(project_->path("none.png"));
        QVERIFY(!QFile::exists(project_->path("none.png")));
    }

    void thePathsAreDrawn() {
        openTrajectory();
        if (!hasOpenGl())
            QSKIP("this display has no OpenGL");
        QCOMPARE(view_->source().key, std::string("robot0_eef_pos"));
        const auto positions = readPositions(*session().comparison().rollouts, 0, view_->source());
        QVERIFY(positions.has_value());
        const SpacePath& path = view_->space()->scene().paths.front();
        QCOMPARE(path.points.size(), std::size_t{12});
        QCOMPARE(path.points[4].y(), (*positions)[13]);
        QVERIFY(path.radius > view_->space()->scene().paths.back().radius);  // the current episode is thicker
        const QImage image = view_->space()->picture(2);
        QCOMPARE(image.size(), view_->space()->size() * 2);
        for (const std::size_t step : {2, 6, 9}) {
            const auto seen = view_->space()->positionOf(path.points[step]);
            QVERIFY(seen);
            const QPoint centre = (*seen * 2).toPoint();
            QVERIFY2(colouredPixels(image, QRect(centre - QPoint(8, 8), QSize(17, 17))) > 8,
                     qPrintable(QString::number(step)));
        }
    }

    void theMarkerFollowsTheCursorWithoutBuildingTubes() {
        openTrajectory();
        if (!hasOpenGl())
            QSKIP("this display has no OpenGL");
        QSignalSpy rebuilt(view_, &TrajectoryView::sceneChanged);
        const qint64 frames = view_->space()->framesDrawn();
        for (const qint64 step : {3, 8, 11}) {
            session().selection().setStep(step);
            QCOMPARE(view_->space()->marker(),
                     std::optional(view_->space()->scene().paths.front().points[std::size_t(step)]));
            QTRY_VERIFY(view_->space()->framesDrawn() > frames);
        }
        QCOMPARE(rebuilt.count(), 0);
    }

    void aClickOnAPathMovesTheCursor() {
        openTrajectory();
        if (!hasOpenGl())
            QSKIP("this display has no OpenGL");
        view_->setEpisodes(TrajectoryView::Episodes::Current);
        SpaceView* space = view_->space();
        QTRY_COMPARE(space->scene().paths.size(), std::size_t{1});
        const auto seen = space->positionOf(space->scene().paths[0].points[9]);
        QVERIFY(seen);
        QTest::mouseClick(space, Qt::LeftButton, {}, seen->toPoint());
        // Steps can lie within a pixel of each other.
        const auto picked =
            space->positionOf(space->scene().paths[0].points[std::size_t(session().selection().step())]);
        QVERIFY(std::hypot(picked->x() - seen->x(), picked->y() - seen->y()) < 2);
        QCOMPARE(session().selection().episode(), 0);
    }

    void theChoiceIsKeptInTheProject() {
        openTrajectory();
        if (!hasOpenGl())
            QSKIP("this display has no OpenGL");
        view_->setSource({"robot0_eef_pos", {1, 2, -1}});
        QTRY_VERIFY(view_->space()->scene().paths.front().points[0].z() == 0);
        QTRY_VERIFY(!session().jobs().isBusy());
        cleanup();
        openTrajectory();
        QTRY_VERIFY(view_->source().elements == (std::array<int, 3>{1, 2, -1}));
        view_->setSource({"robot0_eef_pos", {0, 1, 2}});
        QTRY_VERIFY(!session().jobs().isBusy());
    }

    void picturesAreWrittenAtTwiceTheSize() {
        openTrajectory();
        if (!hasOpenGl())
            QSKIP("this display has no OpenGL");
        const QString file = project_->path("path.png");
        view_->setColouring(TrajectoryView::Colouring::Gap);
        view_->savePicture(file);
        const QImage image(file);
        QCOMPARE(image.height(), view_->space()->height() * 2);
        QVERIFY(image.width() > view_->space()->width() * 2);  // the colour bar
    }
};

QTEST_MAIN(TrajectoryTest)
#include "TrajectoryTest.moc"
