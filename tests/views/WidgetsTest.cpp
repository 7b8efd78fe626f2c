// The widgets' arithmetic: colours, maps, numbers, hit testing.
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "widgets/ActionBars.h"
#include "widgets/ColourMap.h"
#include "widgets/DistributionBars.h"
#include "widgets/HeatMap.h"
#include "widgets/ImageView.h"
#include "widgets/MessageBar.h"
#include "widgets/Numbers.h"
#include "widgets/PictureBoard.h"
#include "widgets/StateStrip.h"
#include "widgets/TimeLeft.h"

using namespace sqil;

namespace {

/// CIE lightness L* of an sRGB colour.
double lightness(QRgb colour) {
    const auto linear = [](int channel) {
        const double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const double y = 0.2126 * linear(qRed(colour)) + 0.7152 * linear(qGreen(colour)) + 0.0722 * linear(qBlue(colour));
    return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

PlaceMap ramp(int rows, int columns) {
    PlaceMap map;
    map.rows = rows;
    map.columns = columns;
    map.strideX = 1.0 / columns;
    map.strideY = 1.0 / rows;
    map.firstX = map.strideX / 2;
    map.firstY = map.strideY / 2;
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
            map.scores.push_back(static_cast<float>(10 * row + column));
    return map;
}

/// Bilinear interpolation written the other way round: each place's weight is a product of tents.
double tentInterpolation(const PlaceMap& map, double x, double y) {
    const double column = std::clamp((x - map.firstX) / map.strideX, 0.0, map.columns - 1.0);
    const double row = std::clamp((y - map.firstY) / map.strideY, 0.0, map.rows - 1.0);
    double sum = 0;
    for (int r = 0; r < map.rows; ++r)
        for (int c = 0; c < map.columns; ++c)
            sum += std::max(0.0, 1 - std::abs(row - r)) * std::max(0.0, 1 - std::abs(column - c)) *
                   double(map.scores[std::size_t(r * map.columns + c)]);
    return sum;
}

}  // namespace

class WidgetsTest : public QObject {
    Q_OBJECT
private slots:
    void sequentialMapsGrowInLightness_data() {
        QTest::addColumn<QString>("name");
        for (const ColourMap* map : ColourMap::sequential())
            QTest::newRow(qPrintable(map->name())) << map->name();
    }
    void sequentialMapsGrowInLightness() {
        QFETCH(QString, name);
        const ColourMap& map = ColourMap::named(name);
        QCOMPARE(map.name(), name);
        for (int level = 1; level < 256; ++level)
            QVERIFY2(lightness(map.at(level / 255.0)) > lightness(map.at((level - 1) / 255.0)) - 0.25,
                     qPrintable(QString::number(level)));
        QVERIFY(lightness(map.at(1)) - lightness(map.at(0)) > 70);
    }

    void knownColours() {  // the published tables' ends and middles
        QCOMPARE(ColourMap::viridis().at(0), qRgb(0x44, 0x01, 0x54));
        QCOMPARE(ColourMap::viridis().at(1), qRgb(0xfd, 0xe7, 0x25));
        QCOMPARE(ColourMap::magma().at(1), qRgb(0xfc, 0xfd, 0xbf));
        const QRgb middle = ColourMap::viridis().at(128 / 255.0);  // (33, 145, 140) in the full table
        QVERIFY(std::abs(qRed(middle) - 33) <= 3 && std::abs(qGreen(middle) - 145) <= 3 &&
                std::abs(qBlue(middle) - 140) <= 3);
    }

    void differenceMapIsLightestInTheMiddle() {
        const ColourMap& map = ColourMap::difference();
        QVERIFY(map.isDiverging());
        for (int level = 1; level <= 127; ++level) {
            QVERIFY(lightness(map.at(level / 255.0)) >= lightness(map.at((level - 1) / 255.0)) - 0.25);
            QVERIFY(lightness(map.at(1 - level / 255.0)) >= lightness(map.at(1 - (level - 1) / 255.0)) - 0.25);
        }
        QVERIFY(qBlue(map.at(0)) > qRed(map.at(0)));
        QVERIFY(qRed(map.at(1)) > qBlue(map.at(1)));
        QCOMPARE(qAlpha(map.at(std::nan(""))), 0);
    }

    void upsamplingIsBilinear() {
        PlaceMap map = ramp(5, 7);
        map.firstX = 0.04;  // as a perturbation grid lies: not centred
        map.strideX = 0.15;
        const QSize size(53, 41);
        const std::vector<float> values = upsample(map, size);
        QCOMPARE(values.size(), std::size_t(size.width() * size.height()));
        for (int y = 0; y < size.height(); ++y)
            for (int x = 0; x < size.width(); ++x) {
                const double expected = tentInterpolation(map, (x + 0.5) / size.width(), (y + 0.5) / size.height());
                QVERIFY(std::abs(double(values[std::size_t(y * size.width() + x)]) - expected) < 1e-4);
            }
        QCOMPARE(scoreAt(map, map.firstX + 2 * map.strideX, map.firstY + 3 * map.strideY), 32.f);
        QCOMPARE(scoreAt(map, 0, 0), 0.f);
        QCOMPARE(scoreAt(map, 1, 1), 46.f);
    }

    void onePlaceFillsThePicture() {
        PlaceMap map = ramp(1, 1);
        map.scores[0] = 2;
        for (const float value : upsample(map, QSize(4, 3)))
            QCOMPARE(value, 2.f);
    }

    void brokenMapsGiveNothing() {
        PlaceMap map = ramp(3, 3);
        map.scores.pop_back();
        QVERIFY(map.isEmpty());
        QVERIFY(upsample(map, QSize(8, 8)).empty());
        QVERIFY(heatImage(map, QSize(8, 8), {}).isNull());
        QVERIFY(difference(ramp(2, 2), ramp(3, 3)).isEmpty());
    }

    void heatFollowsTheScale() {
        PlaceMap map = ramp(1, 2);
        map.scores = {0, 1};
        HeatStyle style;
        style.fade = false;
        const QImage full = heatImage(map, QSize(2, 1), style);
        QCOMPARE(full.pixel(0, 0), ColourMap::viridis().at(0));
        QCOMPARE(full.pixel(1, 0), ColourMap::viridis().at(1));
        style.largest = 2;
        QCOMPARE(heatImage(map, QSize(2, 1), style).pixel(1, 0), ColourMap::viridis().at(0.5));
        style.fade = true;
        QCOMPARE(qAlpha(heatImage(map, QSize(2, 1), style).pixel(0, 0)), 0);
        map.scores = {-2, 2};
        style.colours = &ColourMap::difference();
        style.fade = false;
        const QImage diverging = heatImage(map, QSize(2, 1), style);
        QCOMPARE(diverging.pixel(0, 0), ColourMap::difference().at(0));
        QCOMPARE(diverging.pixel(1, 0), ColourMap::difference().at(1));
        map.scores = {std::nanf(""), 1};
        QCOMPARE(qAlpha(heatImage(map, QSize(8, 1), style).pixel(0, 0)), 0);
        QCOMPARE(map.largest(), 1.f);
    }

    void numbers_data() {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("small") << 0.01824 << "0.0182";
        QTest::newRow("negative") << -0.5 << "−0.500";
        QTest::newRow("zero") << 0.0 << "0";
        QTest::newRow("rounds up a digit") << 9.996 << "10.0";
        QTest::newRow("power") << 3.14e-5 << "3.1×10⁻⁵";
        QTest::newRow("large") << 1234567.0 << "1.2×10⁶";
        QTest::newRow("nan") << std::nan("") << "–";
        QTest::newRow("infinite") << double(INFINITY) << "∞";
    }
    void numbers() {
        QFETCH(double, value);
        QFETCH(QString, text);
        QCOMPARE(significant(value), text);
    }
    void numbersKeepTheirWidth() {
        QCOMPARE(inRange(0.0066, 0.01), QStringLiteral("0.0066"));
        QCOMPARE(inRange(-0.00659, 0.01), QStringLiteral("−0.0066"));
        QCOMPARE(inRange(-1e-9, 0.01), QStringLiteral("0.0000"));
        QCOMPARE(inRange(12, 250), QStringLiteral("12"));
        QCOMPARE(withSign(0.21), QStringLiteral("+0.210"));
        QCOMPARE(duration(185), QStringLiteral("3 min 05 s"));
        QCOMPARE(duration(7800), QStringLiteral("2 h 10 min"));
    }

    void imageViewMapsPositions() {
        ImageView view;
        view.resize(300, 300 + view.titleHeight());
        view.setTitle(QStringLiteral("camera"));
        QImage image(96, 96, QImage::Format_RGB32);
        image.fill(Qt::gray);
        view.setImage(image);
        view.show();
        const QRectF picture = view.imageRect();
        QCOMPARE(picture.size(), QSizeF(300, 300));
        const auto centre = view.fractionAt(picture.center());
        QVERIFY(centre && std::abs(centre->x() - 0.5) < 1e-9 && std::abs(centre->y() - 0.5) < 1e-9);
        QVERIFY(!view.fractionAt(QPointF(10, 2)));  // on the title

        QSignalSpy hovered(&view, &ImageView::hovered);
        const QPointF inside(150, 200), outside(2, 2);
        for (const QPointF& position : {inside, outside}) {
            QMouseEvent move(QEvent::MouseMove, position, view.mapToGlobal(position), Qt::NoButton, {}, {});
            QCoreApplication::sendEvent(&view, &move);
            QCOMPARE(hovered.last()[1].toBool(), position == inside);
        }

        const QPointF mouse(75, 60 + view.titleHeight());
        const QPointF before = *view.fractionAt(mouse);
        QWheelEvent wheel(mouse, view.mapToGlobal(mouse), {}, QPoint(0, 360), Qt::NoButton, {}, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(&view, &wheel);
        QVERIFY(view.zoom() > 1.5);
        const QPointF after = *view.fractionAt(mouse);
        QVERIFY(std::abs(after.x() - before.x()) < 0.01 && std::abs(after.y() - before.y()) < 0.01);
        QTest::mouseDClick(&view, Qt::LeftButton, {}, QPoint(150, 150));
        QCOMPARE(view.zoom(), 1.0);
    }

    void boardKeepsPicturesTogether() {
        PictureBoard board;
        board.resize(800, 300);
        QWidget pictures[4];
        board.setPictures({&pictures[0], &pictures[1], &pictures[2], &pictures[3]}, 2);
        for (int index = 0; index < 4; index += 2) {
            QCOMPARE(pictures[index].y(), pictures[index + 1].y());
            QCOMPARE(pictures[index].size(), pictures[index + 1].size());
        }
        for (const QWidget& picture : pictures)
            QVERIFY(board.rect().contains(picture.geometry()));
        for (QWidget& picture : pictures)
            picture.setParent(nullptr);
    }

    void barsShowTheStep() {
        ActionBars bars;
        bars.setDimensions({{QStringLiteral("dx"), QStringLiteral("m")}, {QStringLiteral("grip"), QString()}});
        bars.setCourses({{QStringLiteral("fp"), {1, 2, 3, 4, 5, 6}, {}},
                         {QStringLiteral("w4"), {1.5, 2, 3.5, 4, 5.5, 6}, {}},
                         {QStringLiteral("w3"), {0, 0, 2, 0, 0, 0}, {0.1f, 0.1f, 0.2f, 0.1f, 0.1f, 0.1f}}});
        bars.setStep(1);
        QCOMPARE(bars.value(0, 0), 3.f);
        QCOMPARE(bars.value(1, 0), 3.5f);
        QCOMPARE(bars.value(2, 0), 2.f);
        QCOMPARE(bars.deviation(2, 0), 0.2f);
        QVERIFY(std::isnan(bars.deviation(0, 0)) && std::isnan(bars.value(3, 0)));
        bars.setStep(99);
        QVERIFY(std::isnan(bars.value(0, 0)));
        bars.resize(260, 500);
        bars.show();
        QSignalSpy picked(&bars, &ActionBars::stepPicked);
        QTest::mouseClick(&bars, Qt::LeftButton, {}, QPoint(249, 150));
        QCOMPARE(picked.count(), 1);
        QCOMPARE(picked.first().first().toLongLong(), 2);
    }

    void distributionsNameTheirBins() {
        QCOMPARE(DistributionBars::mostProbable({0.1f, 0.7f, 0.2f}), 1);
        QCOMPARE(DistributionBars::mostProbable({}), -1);
        DistributionBars bars;
        bars.setNames({QStringLiteral("full precision"), QStringLiteral("w4")});
        bars.setPanels({{QStringLiteral("gripper"), {{0.1f, 0.9f}, {0.8f, 0.2f}}}});
        bars.resize(300, bars.sizeHint().height());
        const QString left = bars.describe(QPointF(60, bars.height() - 30));
        QVERIFY2(left.contains(QStringLiteral("gripper, bin 0")) &&
                     left.contains(QStringLiteral("full precision: 0.1")) && left.contains(QStringLiteral("w4: 0.8")),
                 qPrintable(left));
        QVERIFY(bars.describe(QPointF(2, 2)).isEmpty());
        // The reference is filled in its colour; where the other one is higher only its outline is.
        const QImage drawn = bars.grab().toImage();
        QVERIFY(drawn.pixelColor(225, bars.height() - 20) == PlotTheme::of(bars.palette(), bars.font()).first);
    }

    void stripFindsItsCells() {
        StateStrip strip;
        strip.resize(300, strip.sizeHint().height());
        strip.setScores({1, 2, 3});
        QCOMPARE(strip.cellAt(QPointF(50, strip.height() - 5)), 0);
        QCOMPARE(strip.cellAt(QPointF(290, strip.height() - 5)), 2);
        QCOMPARE(strip.cellAt(QPointF(50, 2)), -1);
    }

    void messagesAreNeverLostNorDoubled() {
        MessageBar bar;
        bar.show(MessageBar::Level::Error, QStringLiteral("a"));
        bar.show(MessageBar::Level::Warning, QStringLiteral("b"));
        bar.show(MessageBar::Level::Error, QStringLiteral("a"));
        QCOMPARE(bar.messages(), QStringList({QStringLiteral("a"), QStringLiteral("b")}));
        bar.clear();
        QVERIFY(bar.messages().isEmpty() && bar.isHidden());
    }

    void timeLeftFollowsTheRate() {
        TimeLeft left;
        left.updateAt(QStringLiteral("copying"), 0, 100, 0);
        QVERIFY(std::isnan(left.seconds()));
        left.updateAt(QStringLiteral("copying"), 10, 100, 500);  // too early to say
        QVERIFY(std::isnan(left.seconds()));
        left.updateAt(QStringLiteral("copying"), 25, 100, 2000);
        QCOMPARE(left.seconds(), 6.0);
        left.updateAt(QStringLiteral("copying"), 50, 0, 3000);  // the total is not known
        QVERIFY(std::isnan(left.seconds()));
        left.updateAt(QStringLiteral("writing"), 5, 10, 4000);  // another stage has its own rate
        left.updateAt(QStringLiteral("writing"), 6, 10, 6000);
        QCOMPARE(left.seconds(), 8.0);
    }
};

QTEST_MAIN(WidgetsTest)
#include "WidgetsTest.moc"
