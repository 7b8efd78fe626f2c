// sqil-studio without anybody in front of it: it takes its picture and ends, whatever the project lacks.
#include <QImage>
#include <QProcess>

#include "core/project/Project.h"
#include "tests/views/WindowFixture.h"
#include "views/session/Paths.h"
#include "views/session/ProjectContents.h"

using namespace sqil;

class UnattendedTest : public QObject {
    Q_OBJECT

    QTemporaryDir home_;

    /// The exit code, or −1: it had to be ended.
    int run(const QStringList& arguments, QString& errors) {
        QProcess studio;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HOME"), home_.path());
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        studio.setProcessEnvironment(environment);
        studio.start(toQString(test::programs() / "sqil-studio"), arguments);
        if (!studio.waitForFinished(test::kWait)) {
            studio.kill();
            studio.waitForFinished();
            return -1;
        }
        errors = QString::fromUtf8(studio.readAllStandardError());
        return studio.exitStatus() == QProcess::NormalExit ? studio.exitCode() : -2;
    }
    static bool isPicture(const QString& file) { return QImage(file).size() == QSize(1000, 700); }

private slots:
    void initTestCase() {
        registerPlugins();
        if (!test::SmallProject::hasSample())
            QSKIP("the sample policy is not there");
    }

    void anEmptyProject() {
        const QString project = home_.filePath(QStringLiteral("empty.sqil")),
                      picture = home_.filePath(QStringLiteral("empty.png"));
        QVERIFY(Project::create(toPath(project)).has_value());
        QString errors;
        QCOMPARE(run({project, QStringLiteral("--panel"), QStringLiteral("jobs"), QStringLiteral("--size"),
                      QStringLiteral("1000x700"), QStringLiteral("--screenshot"), picture},
                     errors),
                 0);
        QVERIFY(isPicture(picture));
    }

    void aStepThatCannotBeAnalysed() {
        const auto project = test::smallProject(3);
        const QString picture = project->path("broken.png");
        QString errors;
        QCOMPARE(run(QStringList{project->path("study.sqil")} + project->files() +
                         QStringList{QStringLiteral("--episode"), QStringLiteral("demo_0"), QStringLiteral("--step"),
                                     QStringLiteral("3"), QStringLiteral("--size"), QStringLiteral("1000x700"),
                                     QStringLiteral("--screenshot"), picture},
                     errors),
                 0);
        QVERIFY(isPicture(picture));
    }

    void rolloutsThatMovedAreNamed() {
        const auto project = test::smallProject();
        {
            const auto created = Project::create(toPath(project->path("study.sqil")));
            QVERIFY(created && addFile(**created, project->policy) && addFile(**created, project->rollouts));
        }
        std::filesystem::rename(project->rollouts, toPath(project->path("elsewhere.hdf5")));
        const QString picture = project->path("moved.png");
        QString errors;
        QCOMPARE(run({project->path("study.sqil"), QStringLiteral("--panel"), QStringLiteral("jobs"),
                      QStringLiteral("--size"), QStringLiteral("1000x700"), QStringLiteral("--screenshot"), picture},
                     errors),
                 3);
        QVERIFY2(errors.contains(QStringLiteral("rollouts.hdf5: the file is not there")), qPrintable(errors));
        QVERIFY(isPicture(picture));
    }
};

QTEST_GUILESS_MAIN(UnattendedTest)
#include "UnattendedTest.moc"
