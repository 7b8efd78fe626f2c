// The command palette and the shortcuts sheet: everything the window can do, found by keyboard.
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>

#include "app/studio/CommandPalette.h"
#include "app/studio/Commands.h"
#include "app/studio/ShortcutsSheet.h"
#include "tests/views/WindowFixture.h"
#include "widgets/FuzzyMatch.h"

using namespace sqil;

class PaletteTest : public test::WindowFixture {
    Q_OBJECT

    CommandPalette* openPalette(const QString& typed) {
        window_->activateWindow();  // the last popup has left no window active
        if (!QTest::qWaitForWindowActive(window_.get()))
            return nullptr;
        press(Qt::Key_K, Qt::ControlModifier);
        auto* palette = window_->findChild<CommandPalette*>();
        if (palette)
            QTest::keyClicks(palette->edit(), typed);
        return palette;
    }
    void enter(CommandPalette* palette) { QTest::keyClick(palette->edit(), Qt::Key_Return); }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-palette-test")))
            QSKIP("the sample policy is not there");
    }
    void cleanup() { closeWindow(); }

    void fuzzyMatching() {
        QVERIFY(!fuzzyMatch(QStringLiteral("xyz"), QStringLiteral("Next largest gap")));
        QCOMPARE(fuzzyMatch(QStringLiteral("nlg"), QStringLiteral("Next largest gap"))->positions,
                 (QList<int>{0, 5, 13}));
        QCOMPARE(fuzzyMatch(QStringLiteral("gap"), QStringLiteral("Next largest gap"))->positions,
                 (QList<int>{13, 14, 15}));
        QVERIFY(fuzzyMatch(QStringLiteral("gap next"), QStringLiteral("Next largest gap")));  // words in any order
        QVERIFY(fuzzyMatch(QStringLiteral("uber"), QString::fromUtf8("Über")));
        const auto score = [](const char* query, const char* text) {
            return fuzzyMatch(QLatin1String(query), QLatin1String(text))->score;
        };
        QVERIFY(score("dark", "Dark") > score("dark", "Drag and mark"));
        QVERIFY(score("demo_1", "Go to demo_1") > score("demo_1", "Go to demo_11"));
        QVERIFY(score("pl", "Play") > score("pl", "Simple"));
        QVERIFY(fuzzyMatch(QString(), QStringLiteral("anything"))->positions.isEmpty());
    }

    void commandsAreFoundAndRun() {
        openSmallProject();
        CommandPalette* palette = openPalette(QStringLiteral("dark"));
        QVERIFY(palette);
        QCOMPARE(palette->shown().value(0), QStringLiteral("Dark"));
        enter(palette);
        QTRY_COMPARE(window_->theme().mode(), Theme::Mode::Dark);
        window_->setTheme(Theme::Mode::System);
    }

    void episodesAndStepsAreFound() {
        openSmallProject();
        CommandPalette* palette = openPalette(QStringLiteral("demo_0"));
        QVERIFY(palette);
        QCOMPARE(palette->shown().value(0), QStringLiteral("Go to demo_0"));
        enter(palette);
        QTRY_COMPARE(selection().episode(), 0);
        QTRY_VERIFY(!window_->findChild<CommandPalette*>());
        palette = openPalette(QStringLiteral("step 7"));
        QVERIFY(palette);
        QCOMPARE(palette->shown().value(0), QStringLiteral("Go to step 7"));
        enter(palette);
        QTRY_COMPARE(selection().step(), 7);
        QTRY_VERIFY(!window_->findChild<CommandPalette*>());
        palette = openPalette(QStringLiteral("demo_1 900"));  // beyond its end
        QCOMPARE(palette->shown().value(0), QStringLiteral("Go to step 11"));
        enter(palette);
        QTRY_VERIFY(selection().episode() == 1 && selection().step() == 11);
    }

    void arrowsChooseAndEscapeLeaves() {
        openSmallProject();
        CommandPalette* palette = openPalette(QStringLiteral("layout"));
        QVERIFY(palette);
        QVERIFY(palette->shown().size() > 1);
        QTest::keyClick(palette->edit(), Qt::Key_Down);
        QTest::keyClick(palette->edit(), Qt::Key_Up);
        QTest::keyClick(palette->edit(), Qt::Key_Escape);
        QTRY_VERIFY(!window_->findChild<CommandPalette*>());
        palette = openPalette(QStringLiteral("benchm"));
        QVERIFY(palette);
        QCOMPARE(palette->shown().value(0), QStringLiteral("Benchmark"));
        enter(palette);
        QTRY_COMPARE(window_->layouts().current(), QStringLiteral("benchmark"));
        window_->layouts().choose(QStringLiteral("inspect"));
    }

    void nothingFoundSaysSo() {
        openSmallProject();
        CommandPalette* palette = openPalette(QStringLiteral("qqqzzz"));
        QVERIFY(palette);
        QVERIFY(palette->shown().isEmpty());
        enter(palette);  // does nothing
        QVERIFY(palette->isVisible());
        palette->reject();
    }

    void theSheetHasEveryKeyOfTheWindow() {
        openSmallProject();
        press(Qt::Key_F1);
        ShortcutsSheet* sheet = nullptr;
        QTRY_VERIFY((sheet = window_->findChild<ShortcutsSheet*>()) && sheet->isVisible());
        QStringList texts;
        for (const QLabel* label : sheet->findChildren<QLabel*>())
            texts << label->text();
        int keys = 0;
        for (const QAction* action : window_->findChildren<QAction*>()) {
            if (action->shortcuts().isEmpty() || action->text().isEmpty())
                continue;
            ++keys;
            QVERIFY2(texts.contains(plainText(action->text())), qPrintable(action->text()));
        }
        QVERIFY2(keys > 25, qPrintable(QString::number(keys)));
        sheet->close();
    }

    void everyCommandHasItsOwnKey() {
        openSmallProject();
        QHash<QString, QString> owners;
        for (const Command& command : commandsOf(*window_))
            for (const QKeySequence& keys : command.action->shortcuts()) {
                const QString text = keys.toString();
                QVERIFY2(!owners.contains(text), qPrintable(text + QStringLiteral(": ") + owners[text] +
                                                            QStringLiteral(", ") + command.path()));
                owners[text] = command.path();
            }
    }
};

QTEST_MAIN(PaletteTest)
#include "PaletteTest.moc"
