#include <QApplication>
#include <QTimer>
#include <memory>

#include "app/studio/Arguments.h"
#include "app/studio/MainWindow.h"
#include "app/studio/Translations.h"
#include "app/studio/Unattended.h"
#include "app/studio/WindowBenchmark.h"
#include "plugins/Plugins.h"

int main(int argc, char** argv) {
    // Figures and screenshots need no display.
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") &&
        qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        for (int index = 1; index < argc; ++index)
            if (const QByteArray argument(argv[index]); argument.startsWith("--export") ||
                                                        argument.startsWith("--screenshot") || argument == "--help" ||
                                                        argument == "--version" || argument == "-h" || argument == "-v")
                qputenv("QT_QPA_PLATFORM", "offscreen");

    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("sqil-studio"));
    QApplication::setApplicationName(QStringLiteral("sqil-studio"));
    QApplication::setApplicationDisplayName(QStringLiteral("SQIL Studio"));
    QApplication::setApplicationVersion(QStringLiteral(SQIL_VERSION));
    sqil::installTranslations(application);
    const sqil::Arguments arguments = sqil::parseArguments();
    sqil::registerPlugins();

    sqil::MainWindow window;
    if (arguments.isUnattended())
        window.setSettingsKept(false);
    if (arguments.theme)
        window.setTheme(sqil::Theme::modeNamed(*arguments.theme));
    if (arguments.size.isValid())
        window.resize(arguments.size);
    std::unique_ptr<sqil::WindowBenchmark> benchmark;
    if (arguments.benchmark) {
        benchmark = std::make_unique<sqil::WindowBenchmark>(window, arguments.benchmarkLarge);
        QTimer::singleShot(0, benchmark.get(), &sqil::WindowBenchmark::start);
    }
    window.show();
    if (benchmark)
        return QApplication::exec();

    sqil::Unattended unattended(window, arguments);
    // After the first paint: the window is there before anything is read.
    QTimer::singleShot(0, &unattended, &sqil::Unattended::start);
    return QApplication::exec();
}
