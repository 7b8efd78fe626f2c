// Layouts as the user meets them: switched, arranged, saved, restored at the next start.
#include <QDockWidget>
#include <QMenu>
#include <QToolButton>

#include "tests/views/WindowFixture.h"

using namespace sqil;

class LayoutTest : public test::WindowFixture {
    Q_OBJECT

    QDockWidget* dock(const char* name) {
        return window_->findChild<QDockWidget*>(QLatin1String(name) + QStringLiteral("Dock"));
    }
    void openProject() {
        openWindow();
        session().openProject(project_->path("layouts.sqil"));
        QTRY_VERIFY(dock("timeline")->isVisible());
    }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-layout-test")))
            QSKIP("the sample policy is not there");
        openWindow();
        session().createProject(project_->path("layouts.sqil"));
        QTRY_VERIFY(session().hasProject());
        closeWindow();
    }
    void cleanup() {
        closeWindow();
        QSettings().clear();
    }

    void everyLayoutNamesItsPanelsOnce() {
        QSet<QString> names;
        for (const Layout& layout : builtInLayouts()) {
            QVERIFY(!names.contains(layout.name) && !layout.places.isEmpty());
            names << layout.name;
            for (const auto& places : {layout.places, layout.widePlaces}) {
                QStringList docks;
                for (const LayoutPlace& place : places)
                    docks << place.docks;
                QCOMPARE(docks.removeDuplicates(), 0);
            }
        }
    }

    /// On the command line in every language, however it is written.
    void layoutsAreChosenByTheirNames() {
        openProject();
        for (const char* name : {"Figures", "figures", "FIGURES"}) {
            window_->layouts().choose(QStringLiteral("inspect"));
            window_->layouts().choose(QLatin1String(name));
            QCOMPARE(window_->layouts().current(), QStringLiteral("figures"));
        }
        window_->layouts().choose(QStringLiteral("nowhere"));
        QCOMPARE(window_->layouts().current(), QStringLiteral("figures"));
    }

    void keysSwitchTheLayout() {
        openProject();
        QCOMPARE(window_->layouts().current(), QStringLiteral("inspect"));
        press(Qt::Key_4, Qt::ControlModifier);
        QCOMPARE(window_->layouts().current(), QStringLiteral("figures"));
        press(Qt::Key_3, Qt::ControlModifier);
        QCOMPARE(window_->layouts().current(), QStringLiteral("benchmark"));
        QVERIFY(!dock("timeline")->isVisible());
        press(Qt::Key_1, Qt::ControlModifier);
        QVERIFY(dock("timeline")->isVisible());
        QCOMPARE(window_->dockWidgetArea(dock("timeline")), Qt::BottomDockWidgetArea);
    }

    void theBarSwitchesToo() {
        openProject();
        for (QToolButton* button : window_->findChildren<QToolButton*>())
            if (button->text() == QLatin1String("Figures"))
                QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(window_->layouts().current(), QStringLiteral("figures"));
    }

    void aClosedPanelStaysClosedAndResetBringsItBack() {
        openProject();
        dock("actions")->close();
        closeWindow();
        openProject();
        QVERIFY(!dock("actions")->isVisible());
        window_->command(QStringLiteral("resetLayout"))->trigger();
        QVERIFY(!dock("actions")->isHidden());
    }

    void ownLayoutsAreKeptRenamedAndDeleted() {
        openProject();
        dock("actions")->close();
        window_->addDockWidget(Qt::LeftDockWidgetArea, dock("timeline"));
        window_->layouts().saveAs(QStringLiteral("Mine"));
        press(Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(window_->dockWidgetArea(dock("timeline")), Qt::BottomDockWidgetArea);
        closeWindow();
        openProject();
        QVERIFY(window_->layouts().titles().contains(QStringLiteral("Mine")));
        press(Qt::Key_5, Qt::ControlModifier);
        QCOMPARE(window_->layouts().current(), QStringLiteral("Mine"));
        QCOMPARE(window_->dockWidgetArea(dock("timeline")), Qt::LeftDockWidgetArea);
        QVERIFY(!dock("actions")->isVisible());
        window_->layouts().rename(QStringLiteral("Mine"), QStringLiteral("Ours"));
        QCOMPARE(window_->layouts().current(), QStringLiteral("Ours"));
        window_->layouts().rename(QStringLiteral("Ours"), QStringLiteral("Train"));  // taken
        QCOMPARE(window_->layouts().current(), QStringLiteral("Ours"));
        window_->layouts().remove(QStringLiteral("Ours"));
        QCOMPARE(window_->layouts().current(), QStringLiteral("inspect"));
        QVERIFY(!window_->layouts().titles().contains(QStringLiteral("Ours")));
    }

    void panelsNewerThanTheLayoutJoinIt() {
        openProject();
        SavedLayout old = savedLayout(*window_, window_->docks(), QStringLiteral("old"));
        auto* added = new QDockWidget(QStringLiteral("Later"), window_.get());
        added->setObjectName(QStringLiteral("laterDock"));
        added->setProperty("area", int(Qt::RightDockWidgetArea));
        QVERIFY(restoreLayout(*window_, window_->docks() + QList<QDockWidget*>{added}, old));
        QVERIFY(!added->isHidden());
        QCOMPARE(window_->dockWidgetArea(added), Qt::RightDockWidgetArea);
        QVERIFY(window_->tabifiedDockWidgets(dock("actions")).contains(added));
        QVERIFY(!restoreLayout(*window_, window_->docks(), SavedLayout::fromJson("not JSON")));
        QCOMPARE(SavedLayout::fromJson(old.toJson()).state, old.state);
    }

    void panelsKeepASensibleSize_data() {
        QTest::addColumn<QSize>("size");
        QTest::newRow("laptop") << QSize(1280, 800);
        QTest::newRow("desk") << QSize(2560, 1440);
    }
    void panelsKeepASensibleSize() {
        QFETCH(QSize, size);
        openProject();
        window_->resize(size);
        for (const Layout& layout : builtInLayouts()) {
            window_->layouts().choose(layout.name);
            QCoreApplication::processEvents();
            for (const QDockWidget* panel : window_->docks())
                if (!panel->visibleRegion().isEmpty())  // not behind another
                    QVERIFY2(panel->width() >= 150 && panel->height() >= 100,
                             qPrintable(QStringLiteral("%1: %2 is %3 × %4")
                                            .arg(layout.name, panel->windowTitle())
                                            .arg(panel->width())
                                            .arg(panel->height())));
            QVERIFY(window_->centralWidget()->width() >= 200);
        }
    }
};

QTEST_MAIN(LayoutTest)
#include "LayoutTest.moc"
