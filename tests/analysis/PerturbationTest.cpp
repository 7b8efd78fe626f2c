#include <QtTest>
#include <cmath>
#include <fstream>
#include <numeric>

#include <nlohmann/json.hpp>

#include "core/analysis/GaussianFilter.h"
#include "core/analysis/ImagePerturbation.h"
#include "tests/TestPaths.h"

using namespace sqil;

namespace {

PerturbationSpec greydanus(double stride, double maskSigma, double blurSigma) {
    PerturbationSpec spec;
    spec.stride = stride;
    spec.maskSigma = maskSigma;
    spec.blurSigma = blurSigma;
    return spec;
}

PerturbationSpec patches(int size) {
    PerturbationSpec spec;
    spec.kind = PerturbationKind::PatchMean;
    spec.patch = size;
    return spec;
}

}  // namespace

/// Masks, filters and grids, against SciPy's values in fixtures/saliency.json.
class PerturbationTest : public QObject {
    Q_OBJECT
    nlohmann::json fixture_;

private Q_SLOTS:
    void initTestCase() {
        std::ifstream file(test::testData() / "analysis/fixtures/saliency.json");
        fixture_ = nlohmann::json::parse(file);
        QVERIFY(fixture_["masks"].size() >= 5 && fixture_["images"].size() >= 4);
    }

    void masksEqualSciPys() {
        for (const auto& expected : fixture_["masks"]) {
            const std::int64_t height = expected["height"], width = expected["width"];
            // A stride of 1 has a place at every pixel.
            const auto made = ImagePerturbation::create(greydanus(1, expected["sigma"], 1), height, width);
            QVERIFY(made);
            const auto rows = made->rows().mask(expected["row"]), columns = made->columns().mask(expected["column"]);
            const std::size_t row = expected["row"], column = expected["column"];
            const auto alongRow = expected["along_row"].get<std::vector<double>>();
            const auto alongColumn = expected["along_column"].get<std::vector<double>>();
            for (std::size_t x = 0; x < columns.size(); ++x)
                QVERIFY(std::abs(double{rows[row]} * columns[x] - alongRow[x]) < 1e-6);
            for (std::size_t y = 0; y < rows.size(); ++y)
                QVERIFY(std::abs(double{rows[y]} * columns[column] - alongColumn[y]) < 1e-6);
            const double sum =
                std::accumulate(rows.begin(), rows.end(), 0.0) * std::accumulate(columns.begin(), columns.end(), 0.0);
            QVERIFY(std::abs(sum / expected["sum"].get<double>() - 1) < 1e-6);
        }
    }

    void reachIsExactlyTheMasksSupport() {
        const auto made = ImagePerturbation::create(greydanus(5, 5, 3), 84, 84);
        QVERIFY(made);
        QCOMPARE(made->places().count(), 289);
        for (std::int64_t place = 0; place < made->rows().places(); ++place) {
            const PixelRange reach = made->rows().reach(place);
            QCOMPARE(reach.begin, std::max<std::int64_t>(0, 5 * place - 20));
            QCOMPARE(reach.end, std::min<std::int64_t>(84, 5 * place + 21));
            for (std::int64_t y = 0; y < 84; ++y)
                QCOMPARE(made->rows().mask(place)[static_cast<std::size_t>(y)] != 0, y >= reach.begin && y < reach.end);
        }
    }

    void filterEqualsSciPys() {
        for (const auto& expected : fixture_["images"]) {
            const auto image = expected["image"].get<std::vector<float>>();
            const auto filtered = expected["filtered"].get<std::vector<float>>();
            std::vector<float> result(image.size());
            gaussianFilter(image, expected["height"], expected["width"], gaussianKernel(expected["sigma"]), result);
            for (std::size_t i = 0; i < result.size(); ++i)
                QVERIFY2(std::abs(result[i] - filtered[i]) <= 1e-6f, qPrintable(QString::number(i)));
        }
    }

    void raggedPatchesCoverEveryPixelOnce() {
        const auto made = ImagePerturbation::create(patches(10), 25, 32);
        QVERIFY(made);
        QCOMPARE(made->places().rows, 3);
        QCOMPARE(made->places().columns, 4);
        QCOMPARE(made->places().firstCentre, 4.5);
        std::vector<float> image(2 * 25 * 32);
        for (std::size_t i = 0; i < image.size(); ++i)
            image[i] = static_cast<float>((i * 37) % 101) / 101;
        const auto change = made->change(image, 2);
        std::vector<int> covered(image.size(), 0);
        for (std::int64_t place = 0; place < made->places().count(); ++place) {
            std::vector<float> result(image.size());
            made->apply(image, change, place, result);
            for (std::size_t channel = 0; channel < 2; ++channel) {
                const auto first = image.begin() + static_cast<std::ptrdiff_t>(channel * 800);
                const double mean = std::accumulate(first, first + 800, 0.0) / 800;
                for (std::size_t i = channel * 800; i < (channel + 1) * 800; ++i)
                    if (result[i] != image[i]) {
                        ++covered[i];
                        QVERIFY(std::abs(result[i] - mean) < 1e-6);
                    }
            }
        }
        for (const int times : covered)
            QCOMPARE(times, 1);
    }

    void defaultsScaleWithTheShorterSide() {
        const auto published = placesOf({}, 80, 80);
        QVERIFY(published && published->stride == 5 && published->maskSigma == 5 && published->blurSigma == 3);
        QCOMPARE(published->count(), 256);
        const auto wide = placesOf({}, 160, 400);
        QVERIFY(wide && wide->stride == 10 && wide->maskSigma == 10 && wide->blurSigma == 6);
        QCOMPARE(wide->rows, 16);
        QCOMPARE(wide->columns, 40);
        const auto small = placesOf({}, 6, 9);
        QVERIFY(small && small->stride == 1 && small->rows == 6 && small->columns == 9);
        const auto patch = placesOf(patches(0), 224, 224);
        QVERIFY(patch && patch->patch == 28 && patch->count() == 64);
    }

    void wrongSettingsAreErrors() {
        QVERIFY(!placesOf(greydanus(2.5, 5, 3), 80, 80));
        QVERIFY(!placesOf(greydanus(-1, 5, 3), 80, 80));
        QVERIFY(!placesOf(greydanus(5, -1, 3), 80, 80));
        QVERIFY(!placesOf(greydanus(5, std::nan(""), 3), 80, 80));
        QVERIFY(!placesOf(greydanus(5, 5, 1e9), 80, 80));
        QVERIFY(!placesOf(patches(-3), 80, 80));
        QVERIFY(!placesOf({}, 0, 80));
        QVERIFY(!placesOf({PerturbationKind::State}, 80, 80));
        QVERIFY(placesOf(greydanus(500, 5, 3), 80, 80)->count() == 1);
        QVERIFY(placesOf(patches(500), 80, 80)->count() == 1);
    }

    void namesGoBackAndForth() {
        for (const auto kind : {PerturbationKind::Greydanus, PerturbationKind::PatchMean, PerturbationKind::State})
            QVERIFY(parsePerturbationKind(nameOf(kind)) == kind);
        QVERIFY(!parsePerturbationKind("grad-cam"));
    }
};

QTEST_GUILESS_MAIN(PerturbationTest)
#include "PerturbationTest.moc"
