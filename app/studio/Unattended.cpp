#include "app/studio/Unattended.h"

#include <QApplication>
#include <cmath>
#include <cstdio>

#include "app/studio/MainWindow.h"
#include "views/frames/FramesView.h"
#include "views/session/Paths.h"

namespace sqil {
namespace {

constexpr int kCheckMilliseconds = 50;
constexpr int kSettledChecks = 6;  // the window has shown everything by then

MapMode modeNamed(const QString& name) {
    return name == QLatin1String("quantized")    ? MapMode::Quantized
           : name == QLatin1String("difference") ? MapMode::Difference
           : name == QLatin1String("both")       ? MapMode::SideBySide
           : name == QLatin1String("all")        ? MapMode::Everything
                                                 : MapMode::FullPrecision;
}

}  // namespace

Unattended::Unattended(MainWindow& window, const Arguments& arguments, QObject* parent)
    : QObject(parent), window_(window), arguments_(arguments) {
    StudioSession& session = window_.session();
    connect(&session, &StudioSession::comparisonChanged, this, &Unattended::goToPlace, Qt::QueuedConnection);
    connect(&session, &StudioSession::errorOccurred, this, [this](const QString& message) { errors_ << message; });
    connect(&session, &StudioSession::projectChanged, this, &Unattended::arrange, Qt::QueuedConnection);
    connect(&session, &StudioSession::analysisFinished, this,
            [this, &session] { finished_ = session.comparison().id; });
    connect(&session, &StudioSession::filesMissing, this, [this](const std::vector<MissingFile>& files) {
        for (const MissingFile& file : files)
            errors_ << tr("%1: the file is not there; was it moved?").arg(toQString(file.path));
    });
    checking_.setInterval(kCheckMilliseconds);
    connect(&checking_, &QTimer::timeout, this, &Unattended::check);
}

void Unattended::start() {
    StudioSession& session = window_.session();
    QStringList files = arguments_.files;
    if (!arguments_.quantized.isEmpty())
        files << arguments_.quantized;
    if (arguments_.sample)
        session.openSample();
    else if (!files.isEmpty())
        session.openFiles(files);
    if (arguments_.isUnattended())
        checking_.start();
}

void Unattended::arrange() {
    if (arranged_ || !window_.session().hasProject())
        return;
    arranged_ = true;
    if (!arguments_.layout.isEmpty())
        window_.layouts().choose(arguments_.layout);
    if (!arguments_.panel.isEmpty() && !window_.showPanel(arguments_.panel))
        emit window_.session().errorOccurred(tr("There is no panel “%1”.").arg(arguments_.panel));
}

void Unattended::goToPlace() {
    StudioSession& session = window_.session();
    if (placed_ || !session.hasRollouts())
        return;
    placed_ = true;
    int episode = session.selection().episode();
    if (!arguments_.episode.isEmpty()) {
        const auto index = session.rolloutsInfo()->episodeIndex(arguments_.episode.toStdString());
        if (index)
            episode = static_cast<int>(*index);
        else
            emit session.errorOccurred(tr("There is no episode “%1” in these rollouts.").arg(arguments_.episode));
    }
    if (!arguments_.episode.isEmpty() || arguments_.step)
        session.selection().setEpisode(episode, arguments_.step.value_or(0));
    if (arguments_.map && session.hasQuantized())
        session.selection().setMapMode(modeNamed(*arguments_.map));
}

bool Unattended::isReady() const {
    StudioSession& session = window_.session();
    const Selection& selection = session.selection();
    if (!arguments_.sample && arguments_.files.isEmpty())
        return true;
    if (session.jobs().isBusy() || !arranged_)
        return false;
    if (!session.hasRollouts() || selection.episode() < 0)
        return true;  // a project without rollouts, or their file is missing: there is nothing to wait for
    if (!placed_)
        return false;
    if (session.frames().episode != selection.episode() || session.frames().step != selection.step())
        return false;
    if (!session.hasPolicy())
        return true;
    // After the last state nothing more comes, also where some could not be analysed.
    const bool finished = finished_ == session.comparison().id;
    const EpisodeResults& results = session.results().episode(selection.episode());
    const auto step = static_cast<std::size_t>(selection.step());
    if (finished && (step >= results.sis.size() || !std::isfinite(results.sis[step])))
        return true;
    if (!finished && !session.results().isComplete(selection.episode()))
        return false;
    if (!finished && window_.frames().hasEpisodeScale())  // its end is the largest score of all maps
        return session.results().episode(selection.episode()).maps.size() == std::size_t(selection.steps());
    if (!session.probe().hasAllMaps(selection.episode(), selection.step()) &&
        selection.mapMode() != MapMode::FullPrecision)
        return false;
    const StepMaps* maps = session.results().maps(selection.episode(), selection.step());
    return maps && (!session.hasQuantized() || !maps->quantized.empty());
}

void Unattended::check() {
    if (done_)
        return;
    StudioSession& session = window_.session();
    const bool failed = !errors_.isEmpty() && !session.jobs().isBusy();
    settledChecks_ = isReady() ? settledChecks_ + 1 : 0;
    if (!failed && settledChecks_ < kSettledChecks)
        return;
    if (!failed && !arguments_.exportFolder.isEmpty()) {
        const auto written = window_.exportTo(arguments_.exportFolder);
        if (!written)
            errors_ << QString::fromStdString(written.error().message);
        else
            for (const QString& file : *written)
                std::printf("%s\n", qPrintable(file));
    }
    if (!arguments_.screenshot.isEmpty() && !window_.grab().save(arguments_.screenshot))
        errors_ << tr("%1: cannot be written").arg(arguments_.screenshot);
    for (const QString& message : errors_)
        std::fprintf(stderr, "sqil-studio: %s\n", qPrintable(message));
    finish(errors_.isEmpty() ? 0 : 3);
}

void Unattended::finish(int code) {
    done_ = true;
    checking_.stop();
    QApplication::exit(code);
}

}  // namespace sqil
