// Views export themselves: a figure, their numbers, a copy.
#include <qcustomplot.h>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <cmath>

#include "tests/views/WindowFixture.h"
#include "views/actions/ActionsView.h"
#include "views/figures/DataTable.h"
#include "views/figures/FigureDialog.h"
#include "widgets/MessageBar.h"

using namespace sqil;

class ExportTest : public test::WindowFixture {
    Q_OBJECT

    QByteArray bytesOf(const QString& file) {
        QFile opened(file);
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }
    FigureDialog* openFigureDialog(const char* action) {
        window_->command(QLatin1String(action))->trigger();
        return window_->findChild<FigureDialog*>();
    }

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-export-test")))
            QSKIP("the sample policy is not there");
    }
    void cleanup() { closeWindow(); }

    void csvFollowsRfc4180() {
        const DataTable table{
            QStringLiteral("t"),
            {{QStringLiteral("a \"name\", quoted"), std::vector<QString>{QStringLiteral("x,y"), QStringLiteral("é")}},
             {QStringLiteral("f"), std::vector<float>{0.1F, std::numeric_limits<float>::quiet_NaN(), 1e-12F}},
             {QStringLiteral("n"), std::vector<qint64>{-3}}}};
        QCOMPARE(table.rows(), std::size_t(3));
        QCOMPARE(toCsv(table),
                 std::string("\"a \"\"name\"\", quoted\",f,n\r\n\"x,y\",0.1,-3\r\n\xc3\xa9,,\r\n,1e-12,\r\n"));
        QVERIFY(toCsv(table, [](std::string_view, long long, long long) { return false; }).empty());
    }

    void figureKeepsItsSize_data() {
        QTest::addColumn<int>("format");
        QTest::newRow("pdf") << int(FigureFormat::Pdf);
        QTest::newRow("svg") << int(FigureFormat::Svg);
        QTest::newRow("png") << int(FigureFormat::Png);
    }
    void figureKeepsItsSize() {
        QFETCH(int, format);
        Figure figure{QStringLiteral("square"), 50, 25, [](QCPPainter& painter, QSize units) {
                          painter.fillRect(0, 0, units.width() / 2, units.height(), Qt::red);
                      }};
        const QString file = project_->path(("square" + endingOf(FigureFormat(format)).toStdString()).c_str());
        const auto saved = writeFigure(figure, file, FigureFormat(format), 254);
        QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
        const QByteArray bytes = bytesOf(file);
        if (FigureFormat(format) == FigureFormat::Png) {
            const QImage picture(file);
            QCOMPARE(picture.size(), QSize(500, 250));  // 254 dots an inch: ten a millimetre
            QCOMPARE(qRound(picture.dotsPerMeterX() / 10.0), 1000);
            QCOMPARE(picture.pixel(100, 100), qRgb(255, 0, 0));
            QCOMPARE(picture.pixel(400, 100), qRgb(255, 255, 255));
        } else if (FigureFormat(format) == FigureFormat::Svg) {
            QVERIFY2(bytes.contains("width=\"50"), bytes.left(400).constData());
        } else {
            QVERIFY(bytes.startsWith("%PDF-"));
            QVERIFY2(bytes.contains("/MediaBox [0 0 142.000000 71.0000000]") || bytes.contains("/MediaBox [0 0 14"),
                     bytes.mid(bytes.indexOf("/MediaBox"), 60).constData());
        }
    }

    void emptyWindowSaysWhyThereIsNothing() {
        openWindow();
        QVERIFY(!openFigureDialog("timelineExportFigure"));
        QVERIFY(window_->messages().messages().first().contains(QStringLiteral("Timeline shows nothing yet")));
    }

    void figureDialogWritesAndRemembersItsFolder() {
        openSmallProject();
        FigureDialog* dialog = openFigureDialog("timelineExportFigure");
        QVERIFY(dialog);
        dialog->setFile(project_->path("own.svg"));
        QCOMPARE(dialog->format(), FigureFormat::Svg);
        dialog->setFormat(FigureFormat::Png);
        QVERIFY(dialog->file().endsWith(QStringLiteral("own.png")));
        dialog->setWidthMillimetres(kColumnMillimetres);
        dialog->setDotsPerInch(300);
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("exportButton")), Qt::LeftButton);
        const QImage picture(project_->path("own.png"));
        QVERIFY(std::abs(picture.width() - 3.25 * 300) <= 1);
        QVERIFY(window_->messages().messages().first().contains(QStringLiteral("own.png")));

        QTRY_VERIFY(!window_->findChild<FigureDialog*>());
        dialog = openFigureDialog("actionsExportFigure");
        QVERIFY(dialog);
        QCOMPARE(QFileInfo(dialog->file()).absolutePath(), QFileInfo(project_->path("own.png")).absolutePath());
        QCOMPARE(dialog->format(), FigureFormat::Png);
        dialog->setFile(QStringLiteral("/proc/nowhere/figure.pdf"));
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("exportButton")), Qt::LeftButton);
        QVERIFY(dialog->isVisible());  // it says that there is no such folder, and stays
        dialog->reject();
    }

    void dataAreTheNumbersShown() {
        openSmallProject();
        window_->command(QStringLiteral("actionsExportData"))->trigger();
        auto* dialog = window_->findChild<QFileDialog*>();
        QVERIFY(dialog);
        const QString file = project_->path("actions.csv");
        emit dialog->fileSelected(file);
        dialog->reject();
        QTRY_VERIFY(QFile::exists(file));
        const QList<QByteArray> lines = bytesOf(file).split('\n');
        QCOMPARE(lines.size(), 14);  // header, twelve steps, the end
        const EpisodeResults& results = session().results().episode(1);
        const QList<QByteArray> header = lines[0].trimmed().split(',');
        QCOMPARE(header[0], QByteArray("step"));
        const QList<QByteArray> cells = lines[8].trimmed().split(',');
        QCOMPARE(cells[0].toInt(), 7);
        QCOMPARE(cells[1].toFloat(), static_cast<float>(results.action[7 * results.width] * 0.01));

        const auto table = window_->timeline().dataTable();
        QVERIFY(table);
        QCOMPARE(table->rows(), std::size_t(12));
        for (const DataColumn& column : table->columns)
            if (column.name == QLatin1String("SIS"))
                QCOMPARE(std::get<std::vector<float>>(column.values), results.sis);
    }

    void pictureIsCopied() {
        openSmallProject();
        QGuiApplication::clipboard()->clear();
        window_->command(QStringLiteral("actionsCopyPicture"))->trigger();
        QVERIFY(std::abs(QGuiApplication::clipboard()->image().width() - 3.25 * 300) <= 1);
    }

    void theMenuButtonOpensTheMenu() {
        openWindow();
        window_->session().openFiles({project_->path("study.sqil")});
        QTRY_VERIFY(window_->timeline().isVisible());
        int buttons = 0;
        for (const QToolButton* button : window_->findChildren<QToolButton*>())
            if (button->menu() && button->accessibleName().startsWith(QStringLiteral("Menu of ")))
                ++buttons;
        QVERIFY2(buttons >= 4, qPrintable(QString::number(buttons)));  // frames, timeline, actions, rollouts
    }
};

QTEST_MAIN(ExportTest)
#include "ExportTest.moc"
