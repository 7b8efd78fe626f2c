#include <QtTest>

#include "core/quant/QuantSpec.h"

using namespace sqil;

class QuantSpecTest : public QObject {
    Q_OBJECT
private slots:
    void roundTripsThroughJson() {
        QuantSpec spec;
        spec.method = QuantMethod::SmoothQuant;
        spec.asymmetric = true;
        spec.foldBatchNorm = false;
        spec.migration = 0.25;
        spec.weightBits = 3;
        spec.activationBits = 8;
        spec.granularity = Granularity::Group;
        spec.groupSize = 32;
        spec.weightRange = RangeMethod::Mse;
        spec.activationRange = RangeMethod::Percentile;
        spec.percentile = 99.5;
        spec.firstLastAt8 = false;
        spec.weightBitsOfLayer["conv1"] = 8;
        spec.activationBitsOfLayer["conv1"] = 16;
        const auto again = parseQuantSpec(toJson(spec));
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
        QCOMPARE(toJson(*again), toJson(spec));
        QCOMPARE(shortName(*again), std::string("W3A8"));
    }

    void refusesWhatCannotBe_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("mentions");
        QTest::newRow("one bit") << QByteArray(R"({"weight_bits": 1})") << QByteArray("2 to 8");
        QTest::newRow("nine bits") << QByteArray(R"({"activation_bits": 9})") << QByteArray("activations");
        QTest::newRow("layer") << QByteArray(R"({"weight_bits_of_layer": {"head": 0}})") << QByteArray("head");
        QTest::newRow("granularity") << QByteArray(R"({"granularity": "row"})") << QByteArray("tensor, channel, group");
        QTest::newRow("range") << QByteArray(R"({"weight_range": "max"})") << QByteArray("min-max, percentile, mse");
        QTest::newRow("group size") << QByteArray(R"({"group_size": 0})") << QByteArray("group size");
        QTest::newRow("percentile") << QByteArray(R"({"percentile": 101})") << QByteArray("percentile");
        QTest::newRow("method") << QByteArray(R"({"method": "gptq"})")
                                << QByteArray("ptq, awq, smoothquant, nf4, quarot");
        QTest::newRow("migration") << QByteArray(R"({"migration": 1.5})") << QByteArray("migration");
        QTest::newRow("awq's range") << QByteArray(R"({"method": "awq", "weight_range": "mse"})")
                                     << QByteArray("weight range");
        QTest::newRow("nf4's bits") << QByteArray(R"({"method": "nf4", "weight_bits": 3})") << QByteArray("nf4");
        QTest::newRow("nf4's zero point")
            << QByteArray(R"({"method": "nf4", "asymmetric": true})") << QByteArray("asymmetric");
        QTest::newRow("type") << QByteArray(R"({"weight_bits": "four"})") << QByteArray("quantization settings");
        QTest::newRow("not JSON") << QByteArray("{") << QByteArray("quantization settings");
    }
    void refusesWhatCannotBe() {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, mentions);
        const auto spec = parseQuantSpec(json.toStdString());
        QVERIFY(!spec);
        QVERIFY2(QByteArray::fromStdString(spec.error().message).contains(mentions), spec.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(QuantSpecTest)
#include "QuantSpecTest.moc"
