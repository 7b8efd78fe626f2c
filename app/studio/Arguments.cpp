#include "app/studio/Arguments.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <cstdio>
#include <cstdlib>

namespace sqil {
namespace {

[[noreturn]] void refuse(const QString& message) {
    std::fprintf(stderr, "sqil-studio: %s\n`sqil-studio --help` lists the options.\n", qPrintable(message));
    std::exit(2);
}

QString absolute(const QString& path) {
    return path.isEmpty() ? path : QDir::cleanPath(QDir::current().absoluteFilePath(path));
}

QSize parseSize(const QString& text) {
    const QStringList parts = text.split(QLatin1Char('x'));
    const QSize size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
    if (size.width() < 200 || size.height() < 200 || size.width() > 16384 || size.height() > 16384)
        refuse(QStringLiteral("--size %1: expected WIDTHxHEIGHT in pixels, such as 1280x800").arg(text));
    return size;
}

}  // namespace

Arguments parseArguments() {
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Visual analysis of quantized robot policies: saliency, SIS and action gap over recorded rollouts.\n\n"
        "  sqil-studio study.sqil\n"
        "  sqil-studio policy.pt2 rollouts.hdf5 --quantized policy-w4.pt2\n"
        "  QT_QPA_PLATFORM=offscreen sqil-studio study.sqil --export figures"));
    const QCommandLineOption quantized(QStringLiteral("quantized"), QStringLiteral("Quantized policy to compare with."),
                                       QStringLiteral("Q.pt2"));
    const QCommandLineOption sample(QStringLiteral("sample"), QStringLiteral("Open the sample project."));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light or dark; default: the system's."),
                                   QStringLiteral("theme"));
    const QCommandLineOption exporting(
        QStringLiteral("export"), QStringLiteral("Draw figures of what is selected into DIR (PDF, SVG, PNG) and quit."),
        QStringLiteral("DIR"));
    const QCommandLineOption screenshot(QStringLiteral("screenshot"),
                                        QStringLiteral("Wait until the episode is analysed, save the window and quit."),
                                        QStringLiteral("FILE.png"));
    const QCommandLineOption episode(QStringLiteral("episode"), QStringLiteral("Show this episode."),
                                     QStringLiteral("NAME"));
    const QCommandLineOption step(QStringLiteral("step"), QStringLiteral("Show this step."), QStringLiteral("N"));
    const QCommandLineOption map(QStringLiteral("map"),
                                 QStringLiteral("Saliency shown: fp, quantized, difference, both or all."),
                                 QStringLiteral("map"));
    const QCommandLineOption size(QStringLiteral("size"), QStringLiteral("Size of the window."),
                                  QStringLiteral("WIDTHxHEIGHT"));
    const QCommandLineOption benchmark(
        QStringLiteral("benchmark"),
        QStringLiteral("Measure the window on the sample (start, scrubbing, stalls), print JSON and quit."));
    const QCommandLineOption large(QStringLiteral("large"),
                                   QStringLiteral("With --benchmark: a large project to open, pan and zoom as well."),
                                   QStringLiteral("PROJECT.sqil"));
    const QCommandLineOption layout(QStringLiteral("layout"),
                                    QStringLiteral("Arrange the panels so: inspect, train, benchmark, figures."),
                                    QStringLiteral("NAME"));
    const QCommandLineOption panel(QStringLiteral("panel"), QStringLiteral("Bring this panel to the front."),
                                   QStringLiteral("NAME"));
    parser.addOptions(
        {layout, panel, benchmark, large, quantized, sample, theme, exporting, screenshot, episode, step, map, size});
    parser.addPositionalArgument(
        QStringLiteral("FILES"),
        QStringLiteral("A project (.sqil), or a policy (.pt2, .pt, .zip) and rollouts (.hdf5)."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.process(*QCoreApplication::instance());

    Arguments arguments;
    for (const QString& file : parser.positionalArguments())
        arguments.files << absolute(file);
    arguments.quantized = absolute(parser.value(quantized));
    arguments.sample = parser.isSet(sample);
    arguments.layout = parser.value(layout);
    arguments.panel = parser.value(panel);
    arguments.benchmark = parser.isSet(benchmark);
    arguments.benchmarkLarge = absolute(parser.value(large));
    arguments.exportFolder = absolute(parser.value(exporting));
    arguments.screenshot = absolute(parser.value(screenshot));
    arguments.episode = parser.value(episode);
    if (parser.isSet(theme)) {
        arguments.theme = parser.value(theme);
        if (*arguments.theme != QLatin1String("light") && *arguments.theme != QLatin1String("dark"))
            refuse(QStringLiteral("--theme %1: expected light or dark").arg(*arguments.theme));
    }
    if (parser.isSet(step)) {
        bool isNumber = false;
        arguments.step = parser.value(step).toLongLong(&isNumber);
        if (!isNumber || *arguments.step < 0)
            refuse(QStringLiteral("--step %1: expected a step number from 0").arg(parser.value(step)));
    }
    if (parser.isSet(map)) {
        arguments.map = parser.value(map);
        if (!QStringList{QStringLiteral("fp"), QStringLiteral("quantized"), QStringLiteral("difference"),
                         QStringLiteral("both"), QStringLiteral("all")}
                 .contains(*arguments.map))
            refuse(QStringLiteral("--map %1: expected fp, quantized, difference, both or all").arg(*arguments.map));
    }
    if (parser.isSet(size))
        arguments.size = parseSize(parser.value(size));
    if (arguments.sample && !arguments.files.isEmpty())
        refuse(QStringLiteral("--sample opens files of its own; leave out %1").arg(arguments.files.first()));
    if (!arguments.exportFolder.isEmpty() && !arguments.sample && arguments.files.isEmpty())
        refuse(QStringLiteral("--export needs something to draw: a project, files or --sample"));
    return arguments;
}

}  // namespace sqil
