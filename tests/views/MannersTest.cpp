// Manners of the window: names for screen readers, texts that can be translated, no waiting.
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QProcess>
#include <QScrollArea>
#include <QTabBar>
#include <QToolButton>
#include <QTranslator>

#include "app/studio/Commands.h"
#include "app/studio/StallWatch.h"
#include "tests/views/WindowFixture.h"
#include "views/figures/FigureDialog.h"
#include "views/quantize/QuantizeDialog.h"
#include "widgets/ColourMap.h"

using namespace sqil;

namespace {

/// The parts of Qt's own compound widgets answer for the whole.
bool isPartOfAnother(const QWidget* widget) {
    const QWidget* parent = widget->parentWidget();
    if (parent && qobject_cast<const QComboBox*>(parent->parentWidget()))  // the list that it drops down
        return true;
    return qobject_cast<const QAbstractSpinBox*>(parent) || qobject_cast<const QComboBox*>(parent) ||
           qobject_cast<const QAbstractScrollArea*>(parent) || qobject_cast<const QTabBar*>(widget) ||
           widget->objectName().startsWith(QLatin1String("qt_"));
}

QString nameOf(QWidget* widget) {
    const QAccessibleInterface* interface = QAccessible::queryAccessibleInterface(widget);
    return interface ? interface->text(QAccessible::Name) : widget->accessibleName();
}

QString placeOf(const QWidget* widget) {
    QStringList parts;
    for (; widget; widget = widget->parentWidget())
        parts.prepend(QLatin1String(widget->metaObject()->className()) +
                      (widget->objectName().isEmpty() ? QString() : QLatin1Char('#') + widget->objectName()));
    return parts.join(QStringLiteral(" > "));
}

QStringList namelessIn(QWidget* root) {
    QStringList nameless;
    for (QWidget* widget : root->findChildren<QWidget*>()) {
        if (widget->focusPolicy() == Qt::NoFocus || widget->isHidden() || isPartOfAnother(widget) ||
            qobject_cast<QScrollArea*>(widget) || qobject_cast<QMenu*>(widget) || qobject_cast<QMenuBar*>(widget))
            continue;
        if (nameOf(widget).trimmed().isEmpty())
            nameless << placeOf(widget);
    }
    return nameless;
}

}  // namespace

class MannersTest : public test::WindowFixture {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-manners-test")))
            QSKIP("the sample policy is not there");
    }
    void cleanup() { closeWindow(); }

    void everyControlHasAName() {
        openSmallProject();
        for (QDockWidget* dock : window_->docks())
            dock->show();
        QCoreApplication::processEvents();
        const QStringList nameless = namelessIn(window_.get());
        QVERIFY2(nameless.isEmpty(), qPrintable(QStringLiteral("\n") + nameless.join(QLatin1Char('\n'))));
        QuantizeDialog quantize(QStringLiteral("policy"), window_.get());
        QVERIFY2(namelessIn(&quantize).isEmpty(), qPrintable(namelessIn(&quantize).join(QLatin1Char('\n'))));
        const auto figure = window_->timeline().figure();
        QVERIFY(figure);
        FigureDialog exporting(*figure, QStringLiteral("Timeline"), window_.get());
        QVERIFY2(namelessIn(&exporting).isEmpty(), qPrintable(namelessIn(&exporting).join(QLatin1Char('\n'))));
    }

    void theWelcomePageHasNames() {
        openWindow();
        QVERIFY2(namelessIn(window_.get()).isEmpty(), qPrintable(namelessIn(window_.get()).join(QLatin1Char('\n'))));
    }

    void everyCommandCanBeTranslated() {
        QProcess make;
        const QString root = QString::fromStdString(test::testData().parent_path().string());
        QTemporaryDir folder;
        make.start(root + QStringLiteral("/scripts/translations.sh"), {QStringLiteral("pseudo"), folder.path()});
        QVERIFY(make.waitForFinished(120'000));
        const QByteArray said = make.readAllStandardError();
        if (said.contains("is missing"))
            QSKIP("Qt's translation tools are not installed (scripts/setup.sh tests)");
        QVERIFY2(make.exitCode() == 0, said.constData());
        QTranslator pseudo;
        QVERIFY(pseudo.load(folder.filePath(QStringLiteral("sqil-studio_eo.qm"))));
        QCoreApplication::installTranslator(&pseudo);
        openWindow();
        QStringList plain;
        const QString mark = QString::fromUtf8("⟦");
        for (const Command& command : commandsOf(*window_))
            if (command.action->data().typeId() != QMetaType::QString && !command.text.contains(mark) &&
                ColourMap::named(command.text).name() != command.text)  // names of maps are names
                plain << command.path();
        for (const QDockWidget* dock : window_->docks())
            if (!dock->windowTitle().contains(mark))
                plain << dock->windowTitle();
        for (const QToolButton* button : window_->findChildren<QToolButton*>())
            if (!button->toolTip().isEmpty() && !button->toolTip().contains(mark))
                plain << button->toolTip();
        QCoreApplication::removeTranslator(&pseudo);
        QVERIFY2(plain.isEmpty(), qPrintable(plain.join(QLatin1Char('\n'))));
    }

    /// The languages that come with the program speak the whole window, places for numbers and file endings included.
    void translationsAreWhole() {
        QProcess look;
        const QString root = QString::fromStdString(test::testData().parent_path().string());
        look.start(root + QStringLiteral("/scripts/translations.sh"), {QStringLiteral("missing")});
        QVERIFY(look.waitForFinished(120'000));
        const QByteArray said = look.readAllStandardError();
        if (said.contains("is missing"))
            QSKIP("Qt's translation tools are not installed (scripts/setup.sh tests)");
        const QByteArray missing = look.readAllStandardOutput();
        QVERIFY2(missing.isEmpty() && look.exitCode() == 0, (missing + said).constData());
    }

    void themesFollowTheSystemLive() {
        openWindow();
        window_->setTheme(Theme::Mode::System);
        window_->theme().followSystem(true);
        QVERIFY(window_->theme().isDark());
        QVERIFY(window_->palette().color(QPalette::Window).lightness() < 100);
        window_->theme().followSystem(false);
        QVERIFY(!window_->theme().isDark());
        window_->setTheme(Theme::Mode::Light);
        window_->theme().followSystem(true);  // the user has chosen
        QVERIFY(!window_->theme().isDark());
        window_->theme().followSystem(std::nullopt);
        window_->setTheme(Theme::Mode::System);
    }

    void theWatchSeesStalls() {
        StallWatch watch;
        QTRY_VERIFY(watch.report().events > 20);
        watch.reset();
        QElapsedTimer busy;
        QTimer::singleShot(0, this, [&] {
            busy.start();
            while (busy.elapsed() < 120) {
            }
        });
        QTRY_VERIFY(watch.report().over50 >= 1);
        QVERIFY(watch.report().longestMilliseconds > 60);
        QVERIFY(watch.report().longestOfOwn > 1);
    }
};

QTEST_MAIN(MannersTest)
#include "MannersTest.moc"
