#include <QTemporaryDir>
#include <QtTest>
#include <random>

#include <zip.h>

#include <nlohmann/json.hpp>

#include "core/policy/GraphExecutor.h"
#include "core/policy/PolicyFile.h"
#include "tests/TestPaths.h"

using namespace sqil;

namespace {

QByteArray sampleBytes() {
    QFile file(QString::fromStdString((test::sample() / "policy.pt2").string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What happens when a file of these bytes is read and, where that works, made ready to run.
QString problemOf(const QByteArray& bytes, const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return "the test cannot write its file";
    file.close();
    const auto policy = readPolicyFile(path.toStdString());
    if (!policy)
        return QString::fromStdString(policy.error().message);
    const auto executor = GraphExecutor::create(policy->graph);
    return executor ? QString() : QString::fromStdString(executor.error().message);
}

/// The sample with one entry of its archive edited, checksums and all.
QByteArray withEntry(const QString& folder, const char* suffix, const std::function<void(std::string&)>& edit) {
    const QString path = folder + "/edited.pt2";
    QFile::remove(path);
    QFile::copy(QString::fromStdString((test::sample() / "policy.pt2").string()), path);
    QFile(path).setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    zip_t* archive = zip_open(path.toUtf8().constData(), 0, nullptr);
    Q_ASSERT(archive);
    std::string text;
    for (zip_int64_t index = 0; index < zip_get_num_entries(archive, 0); ++index) {
        if (!QByteArray(zip_get_name(archive, static_cast<zip_uint64_t>(index), 0)).endsWith(suffix))
            continue;
        zip_stat_t stat;
        zip_stat_index(archive, static_cast<zip_uint64_t>(index), 0, &stat);
        text.resize(stat.size);
        zip_file_t* entry = zip_fopen_index(archive, static_cast<zip_uint64_t>(index), 0);
        zip_fread(entry, text.data(), stat.size);
        zip_fclose(entry);
        edit(text);
        zip_file_replace(archive, static_cast<zip_uint64_t>(index),
                         zip_source_buffer(archive, text.data(), text.size(), 0), 0);
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
        break;
    }
    zip_close(archive);
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void replaceFirst(std::string& text, const std::string& from, const std::string& to) {
    const auto position = text.find(from);
    Q_ASSERT(position != std::string::npos);
    text.replace(position, from.size(), to);
}

}  // namespace

/// Files that are cut, flipped or made to harm: each gives an Error in words, none a crash.
class DamagedPolicyTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    QByteArray sample_ = sampleBytes();
    QString path() const { return folder_.filePath("damaged.pt2"); }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(sample_.size() > 100000);
        QCOMPARE(problemOf(sample_, path()), QString());
    }

    void truncatedAnywhere() {
        for (int part = 0; part < 64; ++part) {
            const QString problem = problemOf(sample_.left(sample_.size() * part / 64), path());
            QVERIFY2(problem.contains("damaged.pt2"), qPrintable(QString("%1/64: ").arg(part) + problem));
        }
        for (int cut = 1; cut < 64; ++cut)
            QVERIFY(!problemOf(sample_.left(sample_.size() - cut), path()).isEmpty());
    }

    void flippedBytesNeverCrash() {
        std::mt19937 random(11);
        // Half of the flips go to the end, where the archive's directory is.
        const int size = static_cast<int>(sample_.size());
        int refused = 0;
        for (int trial = 0; trial < 200; ++trial) {
            QByteArray bytes = sample_;
            for (int flip = 0; flip < 3; ++flip) {
                const int low = trial % 2 ? size - 4096 : 0;
                bytes[std::uniform_int_distribution<int>(low, size - 1)(random)] ^=
                    static_cast<char>(1 << (flip + trial % 5));
            }
            refused += !problemOf(bytes, path()).isEmpty();
        }
        QVERIFY(refused > 50);
    }

    void hostileGraphs_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("unknown operator") << "torch.ops.aten.relu.default"
                                          << "torch.ops.aten.rectify.default"
                                          << "aten::rectify";
        QTest::newRow("reads files") << "torch.ops.aten.relu.default"
                                     << "torch.ops.aten.from_file.default"
                                     << "from_file";
        QTest::newRow("another library") << "torch.ops.aten.relu.default"
                                         << "torch.ops.os.system.default"
                                         << "os";
        QTest::newRow("higher-order") << "torch.ops.aten.relu.default"
                                      << "torch.ops.higher_order.cond"
                                      << "cond";
        QTest::newRow("value that is not there") << "\"as_tensor\": {\"name\": \"cat"
                                                 << "\"as_tensor\": {\"name\": \"dog"
                                                 << "nothing before this place defines";
        QTest::newRow("huge size") << "\"sizes\": [{\"as_int\": 32}"
                                   << "\"sizes\": [{\"as_int\": 4611686018427387904}"
                                   << "damaged.pt2";
        QTest::newRow("negative size") << "\"sizes\": [{\"as_int\": 32}"
                                       << "\"sizes\": [{\"as_int\": -32}"
                                       << "damaged.pt2";
        QTest::newRow("not JSON") << "{\"graph_module\""
                                  << "{graph_module\""
                                  << "model.json";
    }
    void hostileGraphs() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, mentions);
        const bool isSize = from.contains("sizes");
        const QByteArray bytes =
            withEntry(folder_.path(), isSize ? "model_weights_config.json" : "models/model.json",
                      [&](std::string& text) { replaceFirst(text, from.toStdString(), to.toStdString()); });
        const QString problem = problemOf(bytes, path());
        QVERIFY2(problem.contains(mentions), qPrintable(problem));
    }

    void pickledWeightsAreRefused() {
        const QByteArray bytes = withEntry(folder_.path(), "model_weights_config.json", [](std::string& text) {
            replaceFirst(text, "\"use_pickle\": false", "\"use_pickle\": true");
        });
        QVERIFY(problemOf(bytes, path()).contains("pickle"));
    }

    void deepJsonIsRefused() {
        const QByteArray bytes =
            withEntry(folder_.path(), "models/model.json", [](std::string& text) { text = std::string(200000, '['); });
        QVERIFY(!problemOf(bytes, path()).isEmpty());
    }

    void otherArchivesAreExplained_data() {
        QTest::addColumn<QString>("entry");
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("PyTorch 2.5") << "serialized_exported_program.json"
                                     << "{}"
                                     << "torch.export.save";
        QTest::newRow("compiled code only") << "p/archive_format"
                                            << "pt2"
                                            << "AOTInductor";
        QTest::newRow("another kind") << "p/archive_format"
                                      << "onnx"
                                      << "expected \"pt2\"";
        QTest::newRow("any ZIP file") << "word/document.xml"
                                      << "<w/>"
                                      << "neither a torch.export archive, nor TorchScript";
    }
    void otherArchivesAreExplained() {
        QFETCH(QString, entry);
        QFETCH(QString, content);
        QFETCH(QString, mentions);
        const QString other = folder_.filePath("other.pt2");
        QFile::remove(other);
        const QByteArray bytes = content.toUtf8();
        zip_t* archive = zip_open(other.toUtf8().constData(), ZIP_CREATE, nullptr);
        QVERIFY(archive);
        zip_file_add(archive, entry.toUtf8().constData(),
                     zip_source_buffer(archive, bytes.constData(), static_cast<zip_uint64_t>(bytes.size()), 0), 0);
        QCOMPARE(zip_close(archive), 0);
        const auto policy = readPolicyFile(other.toStdString());
        QVERIFY(!policy);
        QVERIFY2(QString::fromStdString(policy.error().message).contains(mentions), policy.error().message.c_str());
    }

    void whatIsNoFile() {
        QVERIFY(!readPolicyFile(folder_.path().toStdString()));
        QVERIFY(!readPolicyFile("/no/such/policy.pt2"));
        QVERIFY(!problemOf("", path()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(DamagedPolicyTest)
#include "DamagedPolicyTest.moc"
