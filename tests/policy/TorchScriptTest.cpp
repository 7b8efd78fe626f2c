#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <zip.h>

#include <QTemporaryDir>
#include <QtTest>
#include <random>

#include "core/policy/FileProblem.h"
#include "core/policy/GraphExecutor.h"
#include "core/policy/PickleCheck.h"
#include "core/policy/PolicyFile.h"
#include "core/policy/ScriptCodeCheck.h"

using namespace sqil;

namespace {

QByteArray contentsOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Saves a module of one weight (3×4) whose methods are these.
void saveScript(const QString& path, const std::string& methods) {
    torch::jit::Module module("Policy");
    module.register_parameter("weight", at::linspace(-1, 1, 12).reshape({3, 4}), false);
    module.define(methods);
    module.save(path.toStdString());
}

/// Changes one entry of an archive, checksums and all.
void editEntry(const QString& path, const char* suffix, const std::function<void(std::string&)>& edit) {
    zip_t* archive = zip_open(path.toUtf8().constData(), 0, nullptr);
    QVERIFY(archive);
    std::string text;
    bool found = false;
    for (zip_uint64_t index = 0; !found && index < static_cast<zip_uint64_t>(zip_get_num_entries(archive, 0));
         ++index) {
        if (!QByteArray(zip_get_name(archive, index, 0)).endsWith(suffix))
            continue;
        found = true;
        zip_stat_t stat;
        zip_stat_index(archive, index, 0, &stat);
        text.resize(stat.size);
        zip_file_t* entry = zip_fopen_index(archive, index, 0);
        QCOMPARE(zip_fread(entry, text.data(), stat.size), static_cast<zip_int64_t>(stat.size));
        zip_fclose(entry);
        edit(text);
        zip_file_replace(archive, index, zip_source_buffer(archive, text.data(), text.size(), 0), 0);
        zip_set_file_compression(archive, index, ZIP_CM_STORE, 0);
    }
    QVERIFY(found);
    QCOMPARE(zip_close(archive), 0);
}

QString problemOf(const QString& path) {
    const auto policy = readPolicyFile(path.toStdString());
    if (!policy)
        return QString::fromStdString(policy.error().message);
    const auto executor = GraphExecutor::create(policy->graph);
    return executor ? QString() : QString::fromStdString(executor.error().message);
}

/// What the pickle check says to these bytes; empty: nothing.
QString pickleProblem(const std::string& pickle) {
    try {
        checkPickle(pickle, "test", [](const std::string& key) {
            return key == "0" ? std::optional<std::uint64_t>(48) : std::nullopt;
        });
        return {};
    } catch (const FileProblem& problem) {
        return QString::fromStdString(problem.error().message);
    }
}

std::string global(const std::string& module, const std::string& name) {
    return "c" + module + "\n" + name + "\n";
}
std::string text(const std::string& words) {
    return std::string("X") + static_cast<char>(words.size()) + std::string(3, '\0') + words;
}
std::string small(int number) {
    return std::string("K") + static_cast<char>(number);
}

/// A float tensor of sizes {rows, 4} and strides {4, 1} over `elements` elements stored under `key`.
std::string tensor(int rows, int elements, const std::string& key = "0") {
    return global("torch._utils", "_rebuild_tensor_v2") + "((" + text("storage") + global("torch", "FloatStorage") +
           text(key) + text("cpu") + small(elements) + "tQ" + small(0) + "(" + small(rows) + small(4) + "t(" +
           small(4) + small(1) + "t\x89" + global("collections", "OrderedDict") + ")RtR";
}

std::string whole(const std::string& body) {
    return "\x80\x02" + body + ".";
}

}  // namespace

/// TorchScript files as graphs, and files that try more than that.
class TorchScriptTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    QString path_ = folder_.filePath("policy.pt");

private Q_SLOTS:
    void functionsLoopsAndSizes() {
        saveScript(path_, R"(
def twice(self, x):
    return x + x

def forward(self, x):
    rows, columns = x.size()
    y = torch.linear(x, self.weight)
    for i in range(3):
        y = self.twice(y) * (i + 1)
    first, second = torch.chunk(x, 2, 1)
    parts = torch.split(y, 1, 1)
    return torch.cat([y.view(rows, 3), first, parts[2]], 1), second * columns
)");
        const auto policy = readPolicyFile(path_.toStdString());
        QVERIFY2(policy, policy ? "" : policy.error().message.c_str());
        QCOMPARE(policy->graph.parameterCount(), std::int64_t{12});
        const auto executor = GraphExecutor::create(policy->graph);
        QVERIFY2(executor, executor ? "" : executor.error().message.c_str());
        for (const std::int64_t batch : {1, 5}) {
            const at::Tensor x = at::randn({batch, 4});
            const auto outputs = executor->run(std::vector{x});
            QVERIFY2(outputs, outputs ? "" : outputs.error().message.c_str());
            const at::Tensor y = at::matmul(x, at::linspace(-1, 1, 12).reshape({3, 4}).t()) * 48;
            const at::Tensor expected = at::cat({y, x.slice(1, 0, 2), y.slice(1, 2, 3)}, 1);
            QVERIFY(at::allclose((*outputs)[0], expected, 1e-5, 1e-6));
            QVERIFY(at::allclose((*outputs)[1], x.slice(1, 2) * 4));
        }
    }

    void callsWithoutEndAreRefused() {
        // Each function calls the one before twice: 2⁶⁰ steps in sixty lines.
        std::string methods = "def f0(self, x):\n    return x + 1\n";
        for (int i = 1; i <= 60; ++i) {
            const std::string before = "self.f" + std::to_string(i - 1);
            methods += "def f" + std::to_string(i) + "(self, x):\n    return " + before + "(" + before + "(x))\n";
        }
        saveScript(path_, methods + "def forward(self, x):\n    return self.f60(x)\n");
        QVERIFY2(problemOf(path_).contains("more steps"), qPrintable(problemOf(path_)));
    }

    void fileAccessIsRefused() {
        const QString victim = folder_.filePath("victim");
        saveScript(path_, "def forward(self, x):\n    return x + torch.from_file(\"" + victim.toStdString() +
                              "\", True, 4)\n");
        QVERIFY2(problemOf(path_).contains("from_file"), qPrintable(problemOf(path_)));
        QVERIFY(!QFile::exists(victim));
    }

    void methodsThatRunOnLoadingAreRefused() {
        saveScript(path_, "def forward(self, x):\n    return torch.linear(x, self.weight)\n");
        QCOMPARE(problemOf(path_), QString());
        editEntry(path_, ".py", [](std::string& code) {
            code += "  def __setstate__(self: __torch__.Policy, s: int) -> NoneType:\n    return None\n";
        });
        QVERIFY2(problemOf(path_).contains("__setstate__"), qPrintable(problemOf(path_)));
        // Under a name that only a reader without regard to case would find.
        zip_t* archive = zip_open(path_.toUtf8().constData(), 0, nullptr);
        QVERIFY(archive);
        for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(zip_get_num_entries(archive, 0)); ++index) {
            const QByteArray name = zip_get_name(archive, index, 0);
            if (name.endsWith(".py"))
                QCOMPARE(zip_file_rename(archive, index, name.left(name.size() - 3).append(".PY").constData(), 0), 0);
        }
        QCOMPARE(zip_close(archive), 0);
        QVERIFY(!problemOf(path_).isEmpty());
    }

    void storageThatIsNotThereIsRefused() {
        saveScript(path_, "def forward(self, x):\n    return torch.linear(x, self.weight)\n");
        // 12 elements are stored; 200 are claimed, which LibTorch would read beyond its buffer.
        editEntry(path_, "data.pkl", [](std::string& pickle) {
            const auto location = pickle.find("cpu");
            const auto count = pickle.find("K\x0c", location);
            QVERIFY(location != std::string::npos && count != std::string::npos);
            pickle[count + 1] = static_cast<char>(200);
        });
        const QString problem = problemOf(path_);
        QVERIFY2(problem.contains("200 elements") && problem.contains("48 bytes"), qPrintable(problem));
    }

    void damagedFilesNeverCrash() {
        saveScript(path_, "def forward(self, x):\n    return torch.linear(x, self.weight).relu_()\n");
        const QByteArray good = contentsOf(path_);
        QVERIFY(good.size() > 1000);
        const QString damaged = folder_.filePath("damaged.pt");
        const auto tryBytes = [&](const QByteArray& bytes) {
            QFile file(damaged);
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush()
                       ? problemOf(damaged)
                       : QString();
        };
        for (int part = 0; part < 50; ++part)
            QVERIFY(!tryBytes(good.left(good.size() * part / 50)).isEmpty());
        std::mt19937 random(5);
        for (int trial = 0; trial < 300; ++trial) {
            QByteArray bytes = good;
            bytes[std::uniform_int_distribution<int>(0, static_cast<int>(good.size()) - 1)(random)] ^=
                static_cast<char>(1 << (trial % 8));
            tryBytes(bytes);
        }
        // The pickle itself, with its checksum made good.
        for (int trial = 0; trial < 200; ++trial) {
            QFile::remove(damaged);
            QVERIFY(QFile::copy(path_, damaged));
            editEntry(damaged, "data.pkl", [&](std::string& pickle) {
                pickle[std::uniform_int_distribution<std::size_t>(0, pickle.size() - 1)(random)] ^=
                    static_cast<char>(1 << (trial % 8));
            });
            problemOf(damaged);
        }
    }

    void pickles_data() {
        QTest::addColumn<QByteArray>("pickle");
        QTest::addColumn<QString>("mentions");
        const auto row = [](const char* name, const std::string& pickle, const char* mentions) {
            QTest::newRow(name) << QByteArray::fromStdString(pickle) << QString(mentions);
        };
        row("a tensor", whole(tensor(3, 12)), "");
        row("a module", whole(global("__torch__", "Policy") + ")\x81}(" + text("w") + tensor(3, 12) + "ub"), "");
        row("a typed list",
            whole(global("torch.jit._pickle", "restore_type_tag") + "(](" + small(1) + "e" + text("List[int]") + "tR"),
            "");
        row("a command", whole(global("os", "system") + "(" + text("true") + "tR"), "os system");
        row("a class of LibTorch",
            whole(global("__torch__.torch.classes.quantized", "LinearPackedParamsBase") + ")\x81"), "torch.classes");
        row("another protocol's names", whole(text("os") + text("system") + "\x93"), "operation 147");
        row("beyond the storage", whole(tensor(4, 12)), "reaches beyond the 12");
        row("beyond the file", whole(tensor(3, 13)), "48 bytes");
        row("no such file", whole(tensor(3, 12, "1")), "no file");
        row("calls a number", whole(small(1) + ")R"), "no function");
        row("an object of no class", whole(small(1) + ")\x81"), "no module");
        row("nothing to take", whole("R"), "where there is none");
        row("no mark", whole("t"), "not begun");
        row("no end", "\x80\x02N", "without its end");
        row("two values", whole("NN"), "one value");
        row("unknown memo", whole("h\x05"), "never stored");
        row("cut text", std::string("\x80\x02X\xff\xff\xff\xff", 7) + "a", "middle of a value");
        row("a list in itself", whole("]q" + std::string(1, '\0') + "h" + std::string(1, '\0') + "a"), "into itself");
        row("a list that grows later",
            whole("]q" + std::string(1, '\0') + "](h" + std::string(1, '\0') + "eh" + std::string(1, '\0') + "Na"),
            "no new list");
        std::string deep = ")";
        for (int i = 0; i < 100000; ++i)
            deep += "\x85";
        row("deep nesting", whole(deep), "levels deep");
    }
    void pickles() {
        QFETCH(QByteArray, pickle);
        QFETCH(QString, mentions);
        const QString problem = pickleProblem(pickle.toStdString());
        QVERIFY2(mentions.isEmpty() ? problem.isEmpty() : problem.contains(mentions), qPrintable("says: " + problem));
    }

    void deepCodeIsRefused_data() {
        QTest::addColumn<QString>("code");
        QTest::newRow("brackets") << QString(100000, '(');
        QTest::newRow("signs") << "x = " + QString(100000, '-') + "1";
        QTest::newRow("words") << "x = " + QString("not ").repeated(100000) + "True";
        QTest::newRow("calls") << "x = f" + QString("()").repeated(100000);
        QTest::newRow("attributes") << "x = a" + QString(".a").repeated(100000);
        QTest::newRow("blocks") << "\n" + QString(100000, ' ') + "pass";
    }
    void deepCodeIsRefused() {
        QFETCH(QString, code);
        QVERIFY_EXCEPTION_THROWN(checkScriptCode(code.toStdString(), "test"), FileProblem);
    }
};

QTEST_GUILESS_MAIN(TorchScriptTest)
#include "TorchScriptTest.moc"
