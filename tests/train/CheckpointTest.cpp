#include <ATen/ATen.h>

#include <sys/resource.h>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>

#include "core/policy/Safetensors.h"
#include "core/train/Checkpoint.h"
#include "core/train/Fingerprint.h"

using namespace sqil;

namespace {

QByteArray bytesOf(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", path.c_str());
    return file.readAll();
}

void writeBytes(const std::filesystem::path& path, const QByteArray& bytes) {
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", path.c_str());
}

QByteArray withHeader(const QByteArray& header, const QByteArray& data) {
    QByteArray bytes(8, '\0');
    for (int index = 0; index < 8; ++index)
        bytes[index] = static_cast<char>(static_cast<quint64>(header.size()) >> (8 * index));
    return bytes + header + data;
}

}  // namespace

class CheckpointTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    std::filesystem::path path(const char* name) const { return folder_.filePath(name).toStdString(); }

    static Checkpoint small() {
        at::manual_seed(5);
        return {R"({"step":7})", {{"weight/a", at::randn({3, 2})}, {"optimizer/count/a", at::full({}, 7.0f)}}};
    }

private Q_SLOTS:
    void everyElementTypeComesBack() {
        Safetensors contents;
        contents.metadata = {{"note", "ü \" \n"}};
        for (const auto type : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong, at::kInt, at::kShort,
                                at::kChar, at::kByte, at::kBool})
            contents.tensors[c10::toString(type)] = at::arange(6).remainder(2).view({2, 3}).to(type);
        contents.tensors["empty"] = at::zeros({0, 4});
        contents.tensors["number"] = at::full({}, 2.5f);
        contents.tensors["strided"] = at::arange(6, at::kFloat).view({2, 3}).t();
        QVERIFY(writeSafetensors(path("all"), contents).has_value());
        const auto back = readSafetensors(path("all"));
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QCOMPARE(back->metadata, contents.metadata);
        QCOMPARE(back->tensors.size(), contents.tensors.size());
        for (const auto& [name, tensor] : contents.tensors) {
            const at::Tensor& found = back->tensors.at(name);
            QVERIFY2(found.scalar_type() == tensor.scalar_type() && at::equal(found, tensor), name.c_str());
        }
    }

    /// A file as the format's own documentation lays it out.
    void readsAFileMadeByHand() {
        writeBytes(path("hand"), withHeader(R"({"b":{"dtype":"I16","shape":[2],"data_offsets":[4,8]},)"
                                            R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}   )",
                                            QByteArray("\0\0\x80\x3f\x01\x00\xff\xff", 8)));
        const auto file = readSafetensors(path("hand"));
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        QCOMPARE(file->tensors.at("a").item<float>(), 1.0f);
        QCOMPARE(file->tensors.at("b")[1].item<std::int16_t>(), std::int16_t{-1});
    }

    void hostileHeadersAreErrors_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("dataBytes");
        const auto one = [](const char* shape, const char* offsets) {
            return QByteArray(R"({"a":{"dtype":"F32","shape":)") + shape + R"(,"data_offsets":)" + offsets + "}}";
        };
        QTest::newRow("beyond the end") << one("[2]", "[0,8]") << 4;
        QTest::newRow("backwards") << one("[2]", "[8,0]") << 8;
        QTest::newRow("another size") << one("[3]", "[0,8]") << 8;
        QTest::newRow("overflow") << one("[4611686018427387904,4,4]", "[0,0]") << 0;
        QTest::newRow("overflow behind a zero") << one("[0,18446744073709551615]", "[0,0]") << 0;
        QTest::newRow("negative") << one("[-1]", "[0,4]") << 4;
        QTest::newRow("hole") << one("[1]", "[4,8]") << 8;
        QTest::newRow("more data than tensors") << one("[1]", "[0,4]") << 8;
        QTest::newRow("overlap") << QByteArray(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                                               R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})")
                                 << 4;
        QTest::newRow("twice") << QByteArray(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                                             R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})")
                               << 4;
        QTest::newRow("type") << QByteArray(R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})") << 4;
        QTest::newRow("list") << QByteArray("[]") << 0;
        QTest::newRow("nested") << QByteArray("[").repeated(100000) << 0;
        QTest::newRow("text") << QByteArray("hello") << 0;
        QTest::newRow("metadata") << QByteArray(R"({"__metadata__":{"a":1}})") << 0;
        QTest::newRow("many dimensions") << QByteArray(R"({"a":{"dtype":"F32","shape":[)") +
                                                QByteArray("1,").repeated(1000) + R"(1],"data_offsets":[0,4]}})"
                                         << 4;
    }
    void hostileHeadersAreErrors() {
        QFETCH(QByteArray, header);
        QFETCH(int, dataBytes);
        writeBytes(path("hostile"), withHeader(header, QByteArray(dataBytes, 'x')));
        const auto file = readSafetensors(path("hostile"));
        QVERIFY(!file.has_value());
        QVERIFY2(file.error().message.find("hostile") != std::string::npos, file.error().message.c_str());
    }

    void headerLengthsAreErrors() {
        for (const QByteArray& bytes : {QByteArray(), QByteArray(7, '\xff'), QByteArray(8, '\xff'),
                                        QByteArray(64, '\xff'), QByteArray(8, '\0')}) {
            writeBytes(path("length"), bytes);
            QVERIFY(!readSafetensors(path("length")).has_value());
        }
        QCOMPARE(readSafetensors(path("nowhere")).error().kind, ErrorKind::NotFound);
        QVERIFY(!readSafetensors(folder_.path().toStdString()).has_value());
    }

    void everyFlippedByteIsFound() {
        const auto file = path("flipped");
        QVERIFY(writeCheckpoint(file, small()).has_value());
        const auto whole = readCheckpoint(file);
        QVERIFY(whole.has_value());
        QCOMPARE(whole->state, small().state);
        QVERIFY(at::equal(whole->tensors.at("weight/a"), small().tensors.at("weight/a")));
        const QByteArray bytes = bytesOf(file);
        int silent = 0;
        for (qsizetype index = 0; index < bytes.size(); ++index)
            for (const int bit : {0, 5}) {
                QByteArray damaged = bytes;
                damaged[index] = static_cast<char>(damaged[index] ^ (1 << bit));
                writeBytes(file, damaged);
                const auto read = readCheckpoint(file);
                // Blanks between header and data may become other JSON whitespace; contents must not change.
                if (read && (read->state != small().state || read->tensors.size() != 2 ||
                             !at::equal(read->tensors.at("weight/a"), small().tensors.at("weight/a"))))
                    ++silent;
            }
        QCOMPARE(silent, 0);
    }

    void everyTruncationIsFound() {
        const auto file = path("truncated");
        QVERIFY(writeCheckpoint(file, small()).has_value());
        const QByteArray bytes = bytesOf(file);
        for (qsizetype size = 0; size < bytes.size(); ++size) {
            writeBytes(file, bytes.left(size));
            QVERIFY(!readCheckpoint(file).has_value());
        }
        writeBytes(file, bytes + "x");
        QVERIFY(!readCheckpoint(file).has_value());
    }

    void aFullDiskKeepsTheOldCheckpoint() {
        const auto file = path("full");
        QVERIFY(writeCheckpoint(file, small()).has_value());
        Checkpoint large = small();
        large.tensors["weight/b"] = at::zeros({1 << 18});
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        rlimit tight = before;
        tight.rlim_cur = 1 << 16;
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
        const auto written = writeCheckpoint(file, large);
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!written.has_value());
        QCOMPARE(written.error().kind, ErrorKind::Io);
        QVERIFY2(written.error().message.find("space") != std::string::npos, written.error().message.c_str());
        const auto old = readCheckpoint(file);
        QVERIFY(old.has_value());
        QCOMPARE(old->tensors.size(), std::size_t{2});
        QCOMPARE(QDir(folder_.path()).entryList({"full*"}, QDir::Files).size(), 1);
    }

    void checksumsDoNotDependOnTheParts() {
        const std::string text = "The quick brown fox jumps over the lazy dog";
        Checksum whole;
        whole.add(text);
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            Checksum parts;
            parts.add(text.substr(0, cut));
            parts.add(text.substr(cut));
            QCOMPARE(parts.text(), whole.text());
        }
        Checksum longer;
        longer.add(text + '\0');
        QVERIFY(longer.text() != whole.text());
    }
};

QTEST_GUILESS_MAIN(CheckpointTest)
#include "CheckpointTest.moc"
