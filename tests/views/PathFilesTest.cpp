// Which paths are read and laid over each other, and what a project keeps of that choice.
#include <QTest>
#include <algorithm>

#include "plugins/Plugins.h"
#include "tests/views/SmallProject.h"
#include "views/trajectory/PathFiles.h"
#include "views/trajectory/TrajectorySettings.h"

using namespace sqil;

class PathFilesTest : public QObject {
    Q_OBJECT

    static constexpr int kMany = 205;  ///< more than are drawn of one file
    QTemporaryDir folder_;

    PathFile written(const char* name, int episodes) {
        const auto path = toPath(folder_.filePath(QLatin1String(name)));
        test::writeRollouts(path, std::vector<std::string>(std::size_t(episodes), "demo_0"), 1, -1, true);
        return {QLatin1String(name), path, Rollouts::open(path).value(), {}};
    }

private slots:
    void initTestCase() {
        registerPlugins();
        if (!test::SmallProject::hasSample())
            QSKIP("the sample policy is not there");
    }

    /// However many episodes of one seed a file has, those of the other files are there.
    void everyFileHasItsEpisodesOfOneBeginning() {
        const std::vector<PathFile> files{written("many.hdf5", kMany), written("over.hdf5", 2)};
        const std::vector<PathPlace> places = sameBeginnings(files, kMany - 1);
        QCOMPARE(places.front(), (PathPlace{0, kMany - 1}));
        QCOMPARE(std::ranges::count(places, 0, &PathPlace::file), 200);
        QCOMPARE(std::ranges::count(places, 1, &PathPlace::file), 2);
        QCOMPARE(std::ranges::count(places, PathPlace{0, kMany - 1}), 1);
    }

    void positionsThatAreThereAreKept() {
        PathRequest request{{written("kept.hdf5", 3)}, {"robot0_eef_pos", {0, 1, 2}}, 2};
        const std::vector<float> kept{7, 8, 9};
        request.files.front().positions[1] = kept;
        const auto reading = readPaths(request, {});
        QVERIFY(reading.has_value());
        const PathFile& file = reading->files.front();
        QCOMPARE(file.positions.size(), std::size_t(3));
        QCOMPARE(*file.positionsOf(1), kept);
        QCOMPARE(*file.positionsOf(2), readPositions(*file.rollouts, 2, request.source).value());
    }

    /// Names of files and keys are bytes: those that are no UTF-8 are stored as what can be read of them.
    void namesThatAreNoTextAreStored() {
        QVERIFY(QByteArray::fromStdString(TrajectorySettings::toJson({"/data/a\xff-b.hdf5"})).contains("/data/a"));
        QVERIFY(QByteArray::fromStdString(toJson(PositionSource{"pos\xff", {0, 1, 2}})).contains("pos"));
    }
};

QTEST_GUILESS_MAIN(PathFilesTest)
#include "PathFilesTest.moc"
