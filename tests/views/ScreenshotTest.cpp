// Every panel in both themes, compared with what it looked like when it was last looked at. The pictures are kept at
// half size; where one differs, what is shown now and where it differs lie under Testing/screenshots of the build
// folder.
//
//   SQIL_RENEW_SCREENSHOTS=1 build/release/tests/test_screenshots     keeps what they look like now
#include <QDockWidget>
#include <QFontDatabase>
#include <QLabel>
#include <QPainter>
#include <cmath>

#include "app/studio/ProjectNotices.h"
#include "tests/views/WindowFixture.h"
#include "views/card/CardDialog.h"
#include "views/card/CardPreviewPanel.h"
#include "views/frames/FramesView.h"
#include "views/layers/LayersView.h"
#include "views/session/Paths.h"
#include "views/trajectory/TrajectoryView.h"
#include "widgets/HistogramPlot.h"
#include "widgets/SpaceView.h"

using namespace sqil;

namespace {

constexpr int kBlock = 4;                ///< pixels of a kept picture: differences in antialiasing vanish in their mean
constexpr double kMeanDifference = 3;    ///< of 255
constexpr double kBlockDifference = 30;  ///< a block that differs so is seen
constexpr double kSeenShare = 0.015;     ///< of all blocks
constexpr int kSettled = 3;              ///< pictures in a row that are the same

QImage scaled(const QImage& image, int divisor) {
    return image.convertToFormat(QImage::Format_RGB32)
        .scaled(std::max(1, image.width() / divisor), std::max(1, image.height() / divisor), Qt::IgnoreAspectRatio,
                Qt::SmoothTransformation);
}

struct Difference {
    double mean = 0, seen = 0;
    QImage where;  ///< a pixel a block: the brighter, the more it differs
    bool isSmall() const { return mean <= kMeanDifference && seen <= kSeenShare; }
};

Difference differenceOf(const QImage& a, const QImage& b) {
    const QImage one = scaled(a, kBlock), two = scaled(b, kBlock);
    if (a.size() != b.size())
        return {255, 1, {}};
    Difference difference{0, 0, QImage(one.size(), QImage::Format_RGB32)};
    for (int y = 0; y < one.height(); ++y)
        for (int x = 0; x < one.width(); ++x) {
            const QRgb p = one.pixel(x, y), q = two.pixel(x, y);
            const int distance =
                std::max({std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)), std::abs(qBlue(p) - qBlue(q))});
            difference.mean += distance;
            difference.seen += distance > kBlockDifference;
            const int light = std::min(255, distance * 4);
            difference.where.setPixel(x, y, qRgb(light, light, light));
        }
    const double count = double(one.width()) * one.height();
    difference.mean /= count;
    difference.seen /= count;
    return difference;
}

bool isRenewing() {
    return qEnvironmentVariableIsSet("SQIL_RENEW_SCREENSHOTS");
}

/// Once nothing moves any more.
QImage settledPicture(QWidget* widget) {
    QImage before;
    for (int same = 0, tries = 0; same < kSettled && tries < 60; ++tries) {
        QTest::qWait(120);
        const QImage now = widget->grab().toImage();
        same = now == before ? same + 1 : 0;
        before = now;
    }
    return scaled(before, 2);
}

}  // namespace

class ScreenshotTest : public test::WindowFixture {
    Q_OBJECT

    QString folder_, actual_;

    /// Empty: as it was. Else what differs, and the files that show it.
    QString mismatch(const QImage& shown, const QString& name) {
        const QString expected = folder_ + QLatin1Char('/') + name + QStringLiteral(".png");
        const QImage before(expected);
        if (before.isNull())
            return expected + QStringLiteral(" is missing; see the first lines of tests/views/ScreenshotTest.cpp");
        const Difference difference = differenceOf(shown, before);
        if (difference.isSmall())
            return {};
        QDir().mkpath(actual_);
        const QString now = actual_ + QLatin1Char('/') + name + QStringLiteral("-now.png");
        const QString where = actual_ + QLatin1Char('/') + name + QStringLiteral("-difference.png");
        shown.save(now);
        if (!difference.where.isNull())
            difference.where.scaled(shown.size()).save(where);
        // CTest attaches files that are named so to its report.
        for (const QString& file : {expected, now, where})
            std::printf("<DartMeasurementFile name=\"%s\" type=\"image/png\">%s</DartMeasurementFile>\n",
                        qPrintable(QFileInfo(file).completeBaseName()), qPrintable(file));
        return QStringLiteral("%1 looks different (mean %2 of 255, %3 % of it seen): %4, %5")
            .arg(name)
            .arg(difference.mean, 0, 'f', 1)
            .arg(difference.seen * 100, 0, 'f', 1)
            .arg(now, where);
    }

    QStringList problems_;
    void compare(QWidget* widget, const QString& name) {
        const QImage shown = settledPicture(widget);
        if (isRenewing()) {
            QVERIFY(shown.convertToFormat(QImage::Format_RGB888)
                        .save(folder_ + QLatin1Char('/') + name + QStringLiteral(".png"), "PNG", 0));
            return;
        }
        if (const QString problem = mismatch(shown, name); !problem.isEmpty())
            problems_ << problem;
    }

    void openWindowOnce() {
        if (window_)
            return;
        openSmallProject();
        window_->setSettingsKept(false);
        window_->resize(1280, 800);
        window_->setFocus();
    }
    /// Alone and floating at one size: what other panels do does not matter.
    void showAlone(QDockWidget* dock) {
        const bool isWide =
            dock->objectName() == QLatin1String("timelineDock") || dock->objectName() == QLatin1String("layersDock");
        dock->setFloating(true);
        dock->show();
        dock->resize(isWide ? 760 : 480, 360);
        if (auto* layers = qobject_cast<LayersView*>(dock->widget()))
            QTRY_VERIFY_WITH_TIMEOUT(layers->isOpen() && layers->model().report() && !layers->recipeGaps().empty() &&
                                         !layers->weightHistogram()->isEmpty(),
                                     test::kWait);
    }
    static QString nameOf(const QDockWidget* dock) { return dock->objectName().chopped(4); }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-screenshot-test")))
            QSKIP("the sample policy is not there");
        if (!QFontDatabase::families().contains(QStringLiteral("Inter")))
            QSKIP("the font of the screenshots is not installed (fonts-inter)");
        QFont font(QStringLiteral("Inter"));
        font.setPointSizeF(9.75);
        QApplication::setFont(font);
        QApplication::setCursorFlashTime(0);
        folder_ = QString::fromStdString((test::testData() / "views" / "screenshots").string());
        actual_ = QString::fromStdString((test::programs().parent_path() / "Testing" / "screenshots").string());
        QDir(actual_).removeRecursively();
        QDir().mkpath(folder_);
    }
    void init() { problems_.clear(); }
    void cleanupTestCase() { closeWindow(); }

    void differencesAreSeen() {
        QImage plain(160, 100, QImage::Format_RGB32);
        plain.fill(QColor(0x22272e));
        QImage other = plain;
        QVERIFY(differenceOf(plain, other).isSmall());
        QPainter(&other).fillRect(20, 20, 40, 30, QColor(0xe3e8ee));  // a panel's worth of text
        QVERIFY(!differenceOf(plain, other).isSmall());
        QImage shifted = plain;
        QPainter(&shifted).drawLine(10, 10, 100, 10);  // a hairline is not
        QVERIFY(differenceOf(plain, shifted).isSmall());
        QVERIFY(!differenceOf(plain, plain.copy(0, 0, 100, 100)).isSmall());
    }

    void panels_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void panels() {
        QFETCH(bool, dark);
        const QString theme = dark ? QStringLiteral("-dark") : QStringLiteral("-light");
        openWindowOnce();
        window_->setTheme(dark ? Theme::Mode::Dark : Theme::Mode::Light);
        selection().setEpisode(1, 5);
        QTRY_VERIFY(session().frames().step == 5 && session().results().maps(1, 5) != nullptr);
        QTRY_VERIFY(session().probe().hasAllMaps(1, 5));
        QTRY_VERIFY(!session().jobs().isBusy());
        compare(&window_->frames(), QStringLiteral("frames") + theme);
        for (QDockWidget* dock : window_->docks()) {
            showAlone(dock);
            if (auto* trajectory = qobject_cast<TrajectoryView*>(dock->widget())) {
                QTRY_VERIFY_WITH_TIMEOUT(!trajectory->space()->problem().isEmpty() || trajectory->space()->isDrawn(),
                                         test::kWait);
                if (!trajectory->space()->problem().isEmpty()) {
                    qInfo("the trajectory's picture is not compared: %s", qPrintable(trajectory->space()->problem()));
                    dock->setFloating(false);
                    continue;
                }
                QTRY_COMPARE_WITH_TIMEOUT(trajectory->space()->scene().paths.size(), std::size_t{2}, test::kWait);
                QTest::qWait(300);  // what the last results change is drawn
            }
            compare(dock->widget(), nameOf(dock) + theme);
            dock->setFloating(false);
        }
        window_->layouts().reset();
        QVERIFY2(problems_.isEmpty(), qPrintable(problems_.join(QLatin1Char('\n'))));
    }

    void cardDialog_data() { panels_data(); }
    void cardDialog() {
        QFETCH(bool, dark);
        openWindowOnce();
        window_->setTheme(dark ? Theme::Mode::Dark : Theme::Mode::Light);
        window_->projectNotices().editCard(session().contents().policies[0].record.id);
        CardDialog* dialog = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((dialog = window_->findChild<CardDialog*>()), test::kWait);
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->preview()->picture().isNull(), test::kWait);
        compare(dialog, dark ? QStringLiteral("card-dark") : QStringLiteral("card-light"));
        dialog->reject();
        QTRY_VERIFY(!window_->findChild<CardDialog*>());
        QVERIFY2(problems_.isEmpty(), qPrintable(problems_.join(QLatin1Char('\n'))));
    }

    /// The comparison would notice: something over one panel is told, and its pictures are there.
    void whatIsPaintedOverAPanelIsTold() {
        if (isRenewing())
            QSKIP("nothing is compared");
        openWindowOnce();
        window_->setTheme(Theme::Mode::Dark);
        selection().setEpisode(1, 5);
        auto* dock = window_->findChild<QDockWidget*>(QStringLiteral("actionsDock"));
        showAlone(dock);
        QCOMPARE(mismatch(settledPicture(dock->widget()), QStringLiteral("actions-dark")), QString());
        QLabel over(QStringLiteral("A sentence that does not belong here, in two lines or more of text"),
                    dock->widget());
        over.setWordWrap(true);
        over.setGeometry(60, 60, 150, 70);
        over.show();
        const QString problem = mismatch(settledPicture(dock->widget()), QStringLiteral("actions-dark"));
        QVERIFY(problem.contains(QStringLiteral("actions-dark looks different")));
        for (const char* kind : {"now", "difference"}) {
            const QString file = actual_ + QStringLiteral("/actions-dark-%1.png").arg(QLatin1String(kind));
            QVERIFY2(problem.contains(file) && !QImage(file).isNull(), qPrintable(file));
            QFile::remove(file);
        }
        dock->setFloating(false);
    }

    void welcomePage() {
        closeWindow();
        QSettings().clear();
        openWindow();
        window_->setSettingsKept(false);
        window_->resize(1280, 800);
        window_->setTheme(Theme::Mode::Light);
        compare(window_->centralWidget(), QStringLiteral("welcome-light"));
        QVERIFY2(problems_.isEmpty(), qPrintable(problems_.join(QLatin1Char('\n'))));
    }
};

QTEST_MAIN(ScreenshotTest)
#include "ScreenshotTest.moc"
