// Every panel's menu writes what it shows: PDF, SVG, PNG, and its numbers as CSV.
#include <QDockWidget>
#include <QFileDialog>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QToolButton>
#include <QTreeView>
#include <QXmlStreamReader>
#include <cmath>

#include "tests/views/WindowFixture.h"
#include "views/figures/FigureDialog.h"
#include "views/jobs/JobCurves.h"
#include "views/layers/LayersView.h"
#include "views/rollouts/RolloutsView.h"
#include "views/trajectory/TrajectoryView.h"
#include "widgets/HistogramPlot.h"
#include "widgets/SpaceView.h"

using namespace sqil;

namespace {

/// With an X server (xvfb-run) and its OpenGL where there is one; else on Qt's offscreen platform, without.
const bool platformChosen = [] {
    if (qEnvironmentVariableIsEmpty("DISPLAY"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    return true;
}();

}  // namespace

class EveryExportTest : public test::WindowFixture {
    Q_OBJECT

    static QByteArray bytesOf(const QString& file) {
        QFile opened(file);
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }

    /// All texts of an SVG; empty where it is not well formed.
    static QString textsOf(const QString& file) {
        QXmlStreamReader xml(bytesOf(file));
        QStringList texts;
        while (!xml.atEnd())
            if (xml.readNext() == QXmlStreamReader::Characters)
                texts << xml.text().toString().simplified();
        return xml.hasError() ? QString() : texts.join(QLatin1Char(' ')).simplified();
    }

    /// Millimetres of a PDF's first page.
    static QSizeF pageOf(const QString& file) {
        const QRegularExpression box(QStringLiteral("/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)\\]"));
        const auto found = box.match(QString::fromLatin1(bytesOf(file)));
        return QSizeF(found.captured(1).toDouble(), found.captured(2).toDouble()) * 25.4 / 72;
    }

    static int colours(const QImage& picture) {
        QSet<QRgb> seen;
        for (int y = 0; y < picture.height(); y += 3)
            for (int x = 0; x < picture.width(); x += 3)
                seen.insert(picture.pixel(x, y));
        return int(seen.size());
    }

    QString exported(const QString& view, const QString& ending) {
        window_->command(view + QStringLiteral("ExportFigure"))->trigger();
        auto* dialog = window_->findChild<FigureDialog*>();
        if (!dialog)
            return {};
        const QString file = project_->folder.filePath(view + ending);
        QFile::remove(file);  // it would ask
        dialog->setFile(file);
        width_ = dialog->figure().width;
        height_ = dialog->figure().height;
        QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("exportButton")), Qt::LeftButton);
        return QTest::qWaitFor([this] { return !window_->findChild<FigureDialog*>(); }) && QFile::exists(file)
                   ? file
                   : QString();
    }

    QList<QByteArray> exportedRows(const QString& view) {
        window_->command(view + QStringLiteral("ExportData"))->trigger();
        auto* dialog = window_->findChild<QFileDialog*>();
        if (!dialog)
            return {};
        const QString file = project_->folder.filePath(view + QStringLiteral(".csv"));
        emit dialog->fileSelected(file);
        delete dialog;
        if (!QTest::qWaitFor([&] { return QFile::exists(file); }))
            return {};
        QList<QByteArray> rows = bytesOf(file).split('\n');
        rows.removeLast();
        return rows;
    }

    template<class View>
    View* shown() {
        auto* view = window_->findChild<View*>();
        auto* dock = qobject_cast<QDockWidget*>(view->parentWidget());
        dock->setFloating(true);
        dock->resize(760, 560);
        dock->show();
        return view;
    }

    /// The window with everything that a panel can show; opened once.
    void openEverything() {
        if (window_)
            return;
        openSmallProject();
        auto* layers = shown<LayersView>();
        QTRY_VERIFY_WITH_TIMEOUT(layers->isOpen() && layers->model().report() && !layers->recipeGaps().empty(),
                                 test::kWait);
        QTRY_VERIFY_WITH_TIMEOUT(!layers->weightHistogram()->isEmpty(), test::kWait);
        auto* trajectory = shown<TrajectoryView>();
        QTRY_VERIFY_WITH_TIMEOUT(!trajectory->space()->problem().isEmpty() ||
                                     (trajectory->space()->isDrawn() && !trajectory->places().empty()),
                                 test::kWait);
        QTRY_VERIFY(session().probe().hasAllMaps(1, 0));
        QTRY_VERIFY(!session().jobs().isBusy());
    }

    double width_ = 0, height_ = 0;

private slots:
    void initTestCase() {
        if (!prepare(QStringLiteral("sqil-every-export-test")))
            QSKIP("the sample policy is not there");
    }
    void cleanupTestCase() { closeWindow(); }

    void everyDataViewHasTheWholeMenu() {
        openEverything();
        int menus = 0;
        for (const QDockWidget* dock : window_->docks()) {
            const QString name = dock->widget()->objectName();
            if (name == QLatin1String("project"))  // lists files and choices: it has no data of its own
                continue;
            ++menus;
            for (const char* command : {"ExportFigure", "CopyPicture", "ExportData"})
                QVERIFY2(window_->command(name + QLatin1String(command)), qPrintable(name + QLatin1String(command)));
        }
        QCOMPARE(menus, 10);
    }

    void writesWhatIsShown_data() {
        QTest::addColumn<QStringList>("texts");  // that the figure says
        QTest::addColumn<int>("rows");           // of the CSV, without its header
        QTest::addColumn<QByteArray>("column");  // that the CSV has
        QTest::newRow("frames") << QStringList{} << -1 << QByteArray("camera");
        QTest::newRow("timeline") << QStringList{"SIS"} << 12 << QByteArray("SIS");
        QTest::newRow("episodes") << QStringList{"demo_0", "demo_1"} << 2 << QByteArray("episode");
        QTest::newRow("scatter") << QStringList{"SIS"} << 24 << QByteArray("SIS");
        QTest::newRow("actions") << QStringList{"dx", "effort", "Quantized"} << 12 << QByteArray("step");
        QTest::newRow("inspector") << QStringList{"demo_1, step 0", "Importance", "Threshold T",
                                                  "Divergence of the saliency"}
                                   << -1 << QByteArray("section");
        QTest::newRow("rollouts") << QStringList{"demo_0", "demo_1", "failed", "succeeded"} << 2
                                  << QByteArray("mean SIS");
        QTest::newRow("layers") << QStringList{"Blame",      "Diagram", "action W4A16", "vision W4A16",
                                               "all but it", "conv2d",  "Weights of"}
                                << -2 << QByteArray("gap alone (normalized)");
        QTest::newRow("trajectory") << QStringList{"x (m)", "y (m)", "z (m)", "SIS"} << 24
                                    << QByteArray("recorded policy");
    }
    void writesWhatIsShown() {
        QFETCH(QStringList, texts);
        QFETCH(int, rows);
        QFETCH(QByteArray, column);
        openEverything();
        const QString view = QString::fromLatin1(QTest::currentDataTag());
        auto* trajectory = window_->findChild<TrajectoryView*>();
        if (view == QLatin1String("trajectory") && !trajectory->space()->problem().isEmpty())
            QSKIP("this display has no OpenGL");

        const QString pdf = exported(view, QStringLiteral(".pdf"));
        QVERIFY(!pdf.isEmpty());
        QVERIFY2(std::abs(pageOf(pdf).width() - width_) < 0.6 && std::abs(pageOf(pdf).height() - height_) < 0.6,
                 qPrintable(QStringLiteral("%1 × %2").arg(pageOf(pdf).width()).arg(pageOf(pdf).height())));

        const QString svg = exported(view, QStringLiteral(".svg"));
        QVERIFY(QSvgRenderer(svg).isValid());
        const QString written = textsOf(svg);
        for (const QString& text : texts)
            QVERIFY2(written.contains(text), qPrintable(text + QStringLiteral(" in: ") + written.left(1500)));

        const QString png = exported(view, QStringLiteral(".png"));
        const QImage picture(png);
        QVERIFY(std::abs(picture.width() - width_ / 25.4 * kFigureDotsPerInch) <= 2);
        QVERIFY2(colours(picture) > 8, qPrintable(QString::number(colours(picture))));

        const QList<QByteArray> lines = exportedRows(view);
        QVERIFY(lines.size() > 1);
        QVERIFY2(lines.first().contains(column), lines.first());
        if (rows == -2)
            rows = int(window_->findChild<LayersView*>()->model().layers().size());
        if (rows >= 0)
            QCOMPARE(lines.size() - 1, rows);
    }

    /// SQIL_KEEP_FIGURES=FOLDER: to be looked at.
    void figuresAreKept() {
        const QString folder = qEnvironmentVariable("SQIL_KEEP_FIGURES");
        if (folder.isEmpty())
            QSKIP("SQIL_KEEP_FIGURES names no folder");
        openEverything();
        QVERIFY(window_->exportTo(folder));
    }

    void vectorFiguresHoldNoPictureOfPlots() {
        openEverything();
        for (const char* view : {"layers", "inspector", "rollouts"}) {
            const QString svg = exported(QLatin1String(view), QStringLiteral(".svg"));
            QVERIFY2(!svg.isEmpty() && !bytesOf(svg).isEmpty(), view);
            QVERIFY2(!bytesOf(svg).contains("<image"), view);
        }
    }

    void allAtOnceNoneOverwritesAnother() {
        openEverything();
        const auto written = window_->exportTo(project_->folder.filePath(QStringLiteral("all")));
        QVERIFY2(written, written ? "" : written.error().message.c_str());
        QCOMPARE(QSet<QString>(written->begin(), written->end()).size(), written->size());
        const QDir folder(project_->folder.filePath(QStringLiteral("all")));
        for (const char* name :
             {"layers.pdf", "layers.csv", "rollouts.pdf", "rollouts.csv", "episodes.csv", "inspector.svg"})
            QVERIFY2(folder.exists(QLatin1String(name)), name);
    }

    void curvesOfJobs() {
        JobCurves curves;
        QVERIFY(!curves.figure() && !curves.dataTable());
        JobDetails details;
        details.job = 7;
        for (int step = 0; step < 5; ++step) {
            JobMetrics metrics;
            metrics.step = step * 10;
            metrics.dataJson = QStringLiteral("{\"qat\": %1, \"held_out_gap\": %2}")
                                   .arg(1.0 / (step + 1))
                                   .arg(0.5 - 0.1 * step)
                                   .toStdString();
            details.metrics.push_back(metrics);
        }
        curves.add(details);
        curves.setJobs({{7, QStringLiteral("repair")}});
        const auto figure = curves.figure();
        QVERIFY(figure);
        const QString svg = project_->folder.filePath(QStringLiteral("jobs.svg"));
        QVERIFY(writeFigure(*figure, svg, FigureFormat::Svg));
        for (const char* text : {"L_QAT", "all states", "gap, normalized", "Loss terms"})
            QVERIFY2(textsOf(svg).contains(QLatin1String(text)), text);
        const auto table = curves.dataTable();
        QVERIFY(table);
        QCOMPARE(table->rows(), std::size_t(10));
        QCOMPARE(std::get<std::vector<double>>(table->columns[4].values)[1], 0.5);
        QCOMPARE(std::get<std::vector<double>>(table->columns[3].values)[9], 40.0);
    }
};

QTEST_MAIN(EveryExportTest)
#include "EveryExportTest.moc"
