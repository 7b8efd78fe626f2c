#pragma once
// What the tests of the real window share: settings of their own, a small project, mouse and keyboard.
#include <QDir>
#include <QDropEvent>
#include <QMimeData>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

#include "app/studio/MainWindow.h"
#include "plugins/Plugins.h"
#include "tests/views/SmallProject.h"
#include "views/timeline/TimelineView.h"
#include "widgets/timeline/TimelinePlot.h"

namespace sqil::test {

constexpr int kWait = 120'000;

class WindowFixture : public QObject {
    Q_OBJECT
protected:
    QTemporaryDir settings_;
    std::unique_ptr<SmallProject> project_;
    std::unique_ptr<MainWindow> window_;

    StudioSession& session() { return window_->session(); }
    Selection& selection() { return window_->session().selection(); }
    TimelinePlot* plot() { return window_->timeline().plot(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(window_.get(), key, modifiers); }

    /// For initTestCase(): false where the sample is missing.
    bool prepare(const QString& name) {
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
        QCoreApplication::setOrganizationName(QStringLiteral("sqil-test"));
        QCoreApplication::setApplicationName(name);
        // What an earlier run, perhaps of another checkout, has left there.
        QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)).removeRecursively();
        registerPlugins();
        if (!SmallProject::hasSample())
            return false;
        project_ = smallProject();
        return true;
    }

    void closeWindow() {
        if (window_)
            window_->close();
        window_.reset();
    }

    void drop(const QStringList& files) {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString& file : files)
            urls << QUrl::fromLocalFile(file);
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(window_.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(window_.get(), &event);
    }

    void openWindow() {
        window_ = std::make_unique<MainWindow>();
        window_->show();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    }

    void openSmallProject() {
        openWindow();
        drop(QStringList{project_->path("study.sqil")} + project_->files());
        QTRY_VERIFY_WITH_TIMEOUT(session().results().totalSteps() == 24 && session().results().analysedSteps() == 24,
                                 kWait);
        selection().setEpisode(1, 0);
        QTRY_COMPARE(session().frames().episode, 1);
        QTRY_VERIFY(session().controlRate() > 0);
    }
};

}  // namespace sqil::test
