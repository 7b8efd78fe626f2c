#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

#include "core/base/AtomicFile.h"

using namespace sqil;

namespace {

namespace fs = std::filesystem;

std::size_t filesIn(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

void write(const fs::path& path, const char* text) {
    std::ofstream(path) << text;
}

}  // namespace

class TestAtomicFile : public QObject {
    Q_OBJECT
private slots:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void textComesBack() {
        const std::string text("zero\0byte and ümlaut\n", 22);
        QVERIFY(writeTextFile(path("a.txt"), text).has_value());
        QCOMPARE(readTextFile(path("a.txt")).value(), text);
        QCOMPARE(filesIn(path("")), std::size_t{1});
    }

    void aFailedWriteLeavesTheOldFile() {
        QVERIFY(writeTextFile(path("a.txt"), "old").has_value());
        const auto replaced = replaceFile(path("a.txt"), [](const fs::path& temporary) -> Result<void> {
            write(temporary, "half");
            return fail(ErrorKind::Cancelled, "stopped");
        });
        QCOMPARE(replaced.error().message, std::string("stopped"));
        QCOMPARE(readTextFile(path("a.txt")).value(), std::string("old"));
        QCOMPARE(filesIn(path("")), std::size_t{1});
    }

    void aNewFileNeverReplaces() {
        PendingFile first(path("a.txt")), second(path("a.txt"));
        QVERIFY(first.temporary() != second.temporary());
        write(first.temporary(), "first");
        write(second.temporary(), "second");
        QVERIFY(first.commitNew().has_value());
        const auto refused = second.commitNew();
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("exists already") != std::string::npos);
        QCOMPARE(readTextFile(path("a.txt")).value(), std::string("first"));
        QVERIFY(second.commit().has_value());
        QCOMPARE(readTextFile(path("a.txt")).value(), std::string("second"));
        QCOMPARE(filesIn(path("")), std::size_t{1});
    }

    void whatIsNotCommittedIsRemoved() {
        {
            PendingFile pending(path("a.txt"));
            write(pending.temporary(), "half");
            PendingFile moved = std::move(pending);
        }
        QCOMPARE(filesIn(path("")), std::size_t{0});
        PendingFile never(path("b.txt"));
        QVERIFY(!never.commit());  // nothing was written
    }

    void readingHasLimits() {
        QVERIFY(writeTextFile(path("a.txt"), std::string(1000, 'x')).has_value());
        QVERIFY(readTextFile(path("a.txt"), 1000).has_value());
        QCOMPARE(readTextFile(path("a.txt"), 999).error().kind, ErrorKind::BadInput);
        QCOMPARE(readTextFile(path("missing.txt")).error().kind, ErrorKind::NotFound);
        QCOMPARE(readTextFile(path("")).error().kind, ErrorKind::BadInput);
        QCOMPARE(readTextFile("/dev/zero").error().kind, ErrorKind::BadInput);
        QVERIFY(!writeTextFile(path("no/such/folder.txt"), "x"));
        QVERIFY(writeTextFile(path("empty.txt"), "").has_value());
        QCOMPARE(readTextFile(path("empty.txt")).value(), std::string());
    }

private:
    fs::path path(const char* name) const { return fs::path(folder_->path().toStdString()) / name; }

    std::unique_ptr<QTemporaryDir> folder_;
};

QTEST_GUILESS_MAIN(TestAtomicFile)
#include "test_atomic_file.moc"
