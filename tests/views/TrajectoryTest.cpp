// The paths' dock in the real window. Without OpenGL it must explain itself, and nothing else may suffer.
#include <QDockWidget>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <algorithm>
#include <cmath>

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

    void openTrajectory(const QString& name = QStringLiteral("paths.sqil"), std::optional<QStringList> files = {},
                        std::size_t paths = 2) {
        window_ = std::make_unique<MainWindow>();
        window_->setSettingsKept(false);
        window_->resize(1400, 900);
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        session().openFiles(QStringList{project_->folder.filePath(name)} + files.value_or(project_->files()));
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
            QTRY_COMPARE_WITH_TIMEOUT(view_->space()->scene().paths.size(), paths, kWait);
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
        QVERIFY(!view_->figure());
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
        view_->setChoice(PathChoice::Current);
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

    /// Behind other docks nothing is drawn; figures are of what is chosen, and coming back shows it.
    void whatChangedWhileHiddenIsThere() {
        openTrajectory();
        if (!hasOpenGl())
            QSKIP("this display has no OpenGL");
        view_->setChoice(PathChoice::Current);
        auto* dock = qobject_cast<QDockWidget*>(view_->parentWidget());
        dock->hide();
        session().selection().setEpisode(1, 3);
        QTRY_VERIFY(session().frames().episode == 1 && session().frames().step == 3);
        const auto written = [&](const char* name) {
            const auto figure = view_->figure();
            QFile file(project_->path(name));
            if (!figure || !writeFigure(*figure, file.fileName(), FigureFormat::Svg) || !file.open(QIODevice::ReadOnly))
                return QByteArray();
            return file.readAll();
        };
        const QByteArray hidden = written("hidden.svg");
        dock->show();
        const auto positions = readPositions(*session().comparison().rollouts, 1, view_->source());
        QVERIFY(positions.has_value());
        QTRY_COMPARE(view_->space()->scene().paths.front().points[4].y(), (*positions)[13]);
        QVERIFY(!hidden.isEmpty());
        // The camera's distance is found step by step: the same to a hundredth of a millimetre.
        const QRegularExpression number(QStringLiteral("-?[0-9]+(\\.[0-9]+)?"));
        const QString before = QString::fromUtf8(hidden), after = QString::fromUtf8(written("shown.svg"));
        QCOMPARE(QString(before).remove(number), QString(after).remove(number));
        auto left = number.globalMatch(before), right = number.globalMatch(after);
        while (left.hasNext() && right.hasNext()) {
            const double one = left.next().captured().toDouble(), other = right.next().captured().toDouble();
            QVERIFY2(std::abs(one - other) < 0.1, qPrintable(QStringLiteral("%1 and %2").arg(one).arg(other)));
        }
    }

    /// An episode that was not sampled is read once, however often the view is built meanwhile.
    void anUnreadEpisodeIsReadOnce() {
        const QString many = project_->path("many.hdf5");
        test::writeRollouts(toPath(many), std::vector<std::string>(205, "demo_0"), 1);
        openTrajectory();
        if (!hasOpenGl())
            QSKIP("this display has no OpenGL");
        session().openFiles({many});
        QTRY_VERIFY_WITH_TIMEOUT(view_->files().size() == 1 && view_->files().front().positions.size() == 200, kWait);
        const auto& positions = view_->files().front().positions;
        int unread = 0;
        while (positions.contains(unread))
            ++unread;
        session().selection().setEpisode(unread, 0);
        QSignalSpy jobs(&session().jobs(), &JobTracker::changed);
        view_->setColouring(PathColouring::Gap);
        view_->setColouring(PathColouring::Sis);
        QCOMPARE(jobs.count(), 0);
        QTRY_VERIFY_WITH_TIMEOUT(view_->files().front().positionsOf(unread), kWait);
        QTRY_VERIFY(std::ranges::count(view_->places(), PathPlace{0, unread}) == 1);
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

    /// Rollouts of another policy from the same seeds, over those that are shown.
    void otherRolloutsAreLaidOver() {
        const QString other = project_->path("ptq.hdf5"), main = project_->path("fp.hdf5");
        test::writeRollouts(toPath(main), {"demo_0", "demo_1"}, 12, -1, true);   // full precision, 10000 and 10001
        test::writeRollouts(toPath(other), {"demo_5", "demo_4"}, 10, -1, true);  // 4 bits, 10001 and 10000
        openTrajectory(QStringLiteral("over.sqil"),
                       QStringList{toQString(project_->policy), main, toQString(project_->quantized)});
        if (!hasOpenGl())
            QSKIP("this display has no OpenGL");
        view_->setOver({toPath(main), toPath(other)});  // not over themselves
        QTRY_COMPARE_WITH_TIMEOUT(view_->space()->scene().paths.size(), std::size_t{4}, kWait);
        QCOMPARE(view_->options().colouring, PathColouring::Recorded);
        QCOMPARE(view_->legend().size(), std::size_t{2});
        QCOMPARE(view_->legend()[0].name, QStringLiteral("fp in fp"));
        QCOMPARE(view_->legend()[1].name, QStringLiteral("ptq-w4 in ptq"));
        QVERIFY(view_->legend()[0].colour != view_->legend()[1].colour);
        QCOMPARE(view_->space()->scene().paths[0].colours[3], view_->legend()[0].colour.rgb());
        QCOMPARE(view_->space()->scene().paths[2].colours[3], view_->legend()[1].colour.rgb());

        // The episode of the same seed, wherever it lies in its file; a ball shows where it is at this step.
        session().selection().setEpisode(0, 4);
        view_->setChoice(PathChoice::SameBeginning);
        QCOMPARE(view_->places(), (std::vector<PathPlace>{{0, 0}, {1, 1}}));
        const auto read = Rollouts::open(toPath(other));
        QVERIFY(read);
        const auto positions = readPositions(**read, 1, view_->source());
        QVERIFY(positions);
        QCOMPARE(view_->space()->companions().size(), std::size_t{1});
        QCOMPARE(view_->space()->companions()[0].point.y(), (*positions)[13]);
        QCOMPARE(view_->space()->companions()[0].colour, view_->legend()[1].colour.rgb());
        session().selection().setStep(11);  // the other has ended
        QVERIFY(view_->space()->companions().empty());
        session().selection().setEpisode(1, 0);
        QCOMPARE(view_->places(), (std::vector<PathPlace>{{0, 1}, {1, 0}}));

        // By value, only what was analysed has one.
        view_->setColouring(PathColouring::Sis);
        QCOMPARE(view_->legend().size(), std::size_t{1});
        QCOMPARE(view_->space()->scene().paths[1].colours[3], view_->legend()[0].colour.rgb());
        const auto table = view_->dataTable();
        QVERIFY(table);
        QCOMPARE(table->rows(), std::size_t{22});
        QCOMPARE(std::get<std::vector<QString>>(table->columns[2].values)[21], QStringLiteral("ptq-w4"));
        QVERIFY(std::isnan(std::get<std::vector<float>>(table->columns[7].values)[21]));

        QTRY_VERIFY(!session().jobs().isBusy());
        cleanup();
        openTrajectory(QStringLiteral("over.sqil"), QStringList{}, 4);
        QTRY_COMPARE_WITH_TIMEOUT(view_->files().size(), std::size_t{2}, kWait);  // the project has kept it
        QVERIFY(QFile::remove(other));
        view_->setOver({});
        QTRY_COMPARE(view_->files().size(), std::size_t{1});
        QSignalSpy warnings(&session(), &StudioSession::warningOccurred);
        view_->setOver({toPath(other)});
        QTRY_COMPARE(warnings.count(), 1);
        QCOMPARE(view_->files().size(), std::size_t{1});
    }

    void figuresAreStrokesOrAPictureBetweenThem() {
        openTrajectory();
        if (!hasOpenGl())
            QSKIP("this display has no OpenGL");
        view_->setColouring(PathColouring::Gap);
        auto figure = view_->figure();
        QVERIFY(figure);
        const QString file = project_->path("path.svg");
        QVERIFY(writeFigure(*figure, file, FigureFormat::Svg));
        QFile svg(file);
        QVERIFY(svg.open(QIODevice::ReadOnly));
        QByteArray drawn = svg.readAll();
        QVERIFY(drawn.count("<polyline") + drawn.count("<path") > 30);
        QVERIFY(drawn.contains("Gap"));
        QCOMPARE(drawn.count("<image"), 1);  // the camera's frame at the cursor
        svg.close();
        // Solids are the renderer's: they come as a picture, the axes stay strokes.
        QFile model(project_->path("box.xml"));
        QVERIFY(model.open(QIODevice::WriteOnly));
        model.write(
            "<mujoco><worldbody><geom type=\"box\" size=\".05 .05 .05\" rgba=\"1 0 0 1\"/></worldbody></mujoco>");
        model.close();
        view_->setModel(model.fileName());
        QTRY_COMPARE(view_->space()->scene().solids.size(), std::size_t{1});
        figure = view_->figure();
        QVERIFY(writeFigure(*figure, file, FigureFormat::Svg));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        drawn = svg.readAll();
        QCOMPARE(drawn.count("<image"), 2);
        view_->setModel({});
        // What was on screen is there again.
        const QImage image = view_->space()->picture(1);
        QVERIFY(colouredPixels(image, image.rect()) > 100);
    }
};

QTEST_MAIN(TrajectoryTest)
#include "TrajectoryTest.moc"
