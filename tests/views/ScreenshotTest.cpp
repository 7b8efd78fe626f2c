// Every panel in both themes, compared with what it looked like when it was last looked at.
//
//   SQIL_RENEW_SCREENSHOTS=1 ctest --preset release -R screenshots     keeps what they look like now
#include <QDockWidget>
#include <QFontDatabase>
#include <cmath>

#include "tests/views/WindowFixture.h"
#include "views/frames/FramesView.h"
#include "views/session/Paths.h"

using namespace sqil;

namespace {

constexpr int kBlock = 8;                ///< pixels: differences in antialiasing vanish in their mean
constexpr double kMeanDifference = 3;    ///< of 255
constexpr double kBlockDifference = 40;  ///< a block that differs so is seen
constexpr double kSeenShare = 0.02;      ///< of all blocks

QImage blocksOf(const QImage& image) {
    return image.convertToFormat(QImage::Format_RGB32)
        .scaled(std::max(1, image.width() / kBlock), std::max(1, image.height() / kBlock), Qt::IgnoreAspectRatio,
                Qt::SmoothTransformation);
}

struct Difference {
    double mean = 0, seen = 0;
    bool isSmall() const { return mean <= kMeanDifference && seen <= kSeenShare; }
};

Difference differenceOf(const QImage& a, const QImage& b) {
    const QImage one = blocksOf(a), two = blocksOf(b);
    if (one.size() != two.size())
        return {255, 1};
    Difference difference;
    for (int y = 0; y < one.height(); ++y)
        for (int x = 0; x < one.width(); ++x) {
            const QRgb p = one.pixel(x, y), q = two.pixel(x, y);
            const double distance =
                (std::abs(qRed(p) - qRed(q)) + std::abs(qGreen(p) - qGreen(q)) + std::abs(qBlue(p) - qBlue(q))) / 3.0;
            difference.mean += distance;
            difference.seen += distance > kBlockDifference;
        }
    const double count = double(one.width()) * one.height();
    return {difference.mean / count, difference.seen / count};
}

/// 256 colours are enough to see what changed, and a quarter of the size.
bool save(const QImage& image, const QString& file) {
    return image.convertToFormat(QImage::Format_Indexed8, Qt::ThresholdDither | Qt::AvoidDither).save(file, "PNG", 0);
}

}  // namespace

class ScreenshotTest : public test::WindowFixture {
    Q_OBJECT

    QString folder_, actual_;

    void compare(QWidget* widget, const QString& name) {
        const QImage shown = widget->grab().toImage();
        const QString expected = folder_ + QLatin1Char('/') + name + QStringLiteral(".png");
        if (qEnvironmentVariableIsSet("SQIL_RENEW_SCREENSHOTS")) {
            QVERIFY2(save(shown, expected), qPrintable(expected));
            return;
        }
        const QImage before(expected);
        QVERIFY2(!before.isNull(),
                 qPrintable(expected + QStringLiteral(" is missing; see the first lines of this file")));
        const Difference difference = differenceOf(shown, before);
        if (difference.isSmall())
            return;
        const QString file = actual_ + QLatin1Char('/') + name + QStringLiteral(".png");
        shown.save(file);
        // CTest attaches files that are named so to its report.
        std::printf("<DartMeasurementFile name=\"%s now\" type=\"image/png\">%s</DartMeasurementFile>\n",
                    qPrintable(name), qPrintable(file));
        std::printf("<DartMeasurementFile name=\"%s before\" type=\"image/png\">%s</DartMeasurementFile>\n",
                    qPrintable(name), qPrintable(expected));
        QFAIL(qPrintable(QStringLiteral("%1 looks different (mean %2 of 255, %3 % of it seen): %4")
                             .arg(name)
                             .arg(difference.mean, 0, 'f', 1)
                             .arg(difference.seen * 100, 0, 'f', 1)
                             .arg(file)));
    }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-screenshot-test")))
            QSKIP("the sample policy is not there");
        if (!QFontDatabase::families().contains(QStringLiteral("Inter")))
            QSKIP("the font of the screenshots is not installed (fonts-inter)");
        QFont font(QStringLiteral("Inter"));
        font.setPixelSize(13);
        QApplication::setFont(font);
        folder_ = QString::fromStdString((test::testData() / "views" / "screenshots").string());
        actual_ = QString::fromStdString((test::programs().parent_path() / "screenshots").string());
        QDir().mkpath(folder_);
        QDir().mkpath(actual_);
    }
    void cleanupTestCase() { closeWindow(); }

    void differencesAreSeen() {
        QImage plain(320, 200, QImage::Format_RGB32);
        plain.fill(QColor(0x22272e));
        QImage other = plain;
        QVERIFY(differenceOf(plain, other).isSmall());
        QPainter(&other).fillRect(40, 40, 80, 60, QColor(0xe3e8ee));  // a panel's worth of text
        QVERIFY(!differenceOf(plain, other).isSmall());
        QImage shifted = plain;
        QPainter(&shifted).drawLine(10, 10, 300, 10);  // a hairline is not
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
        const QString theme = dark ? QStringLiteral("dark") : QStringLiteral("light");
        if (!window_) {
            openSmallProject();
            window_->resize(1280, 800);
        }
        window_->setTheme(dark ? Theme::Mode::Dark : Theme::Mode::Light);
        selection().setEpisode(1, 5);
        QTRY_VERIFY(session().frames().step == 5 && session().results().maps(1, 5) != nullptr);
        QTRY_VERIFY(!session().jobs().isBusy());
        for (QDockWidget* dock : window_->docks()) {
            // Alone and floating at one size: what other panels do does not matter.
            dock->setFloating(true);
            dock->show();
            dock->resize(480, 360);
            QTest::qWait(400);
            compare(dock->widget(), dock->objectName().chopped(4) + QLatin1Char('-') + theme);
            dock->setFloating(false);
        }
        window_->layouts().choose(QStringLiteral("inspect"));
        QTest::qWait(100);
        compare(&window_->frames(), QStringLiteral("frames-") + theme);
    }

    void welcomePage() {
        closeWindow();
        QSettings().clear();
        openWindow();
        window_->resize(1280, 800);
        window_->setTheme(Theme::Mode::Light);
        QTest::qWait(100);
        compare(window_->centralWidget(), QStringLiteral("welcome-light"));
    }
};

QTEST_MAIN(ScreenshotTest)
#include "ScreenshotTest.moc"
