#include "views/trajectory/TrajectoryView.h"

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <algorithm>
#include <cmath>

#include "views/session/Paths.h"
#include "views/trajectory/OverlayMenu.h"
#include "views/trajectory/PositionChooser.h"
#include "views/trajectory/TrajectoryFigure.h"
#include "widgets/ColourBar.h"
#include "widgets/EmptyState.h"
#include "widgets/SpaceView.h"

namespace sqil {
namespace {

constexpr int kBuildMilliseconds = 120;  ///< numbers come in up to twenty times a second

}  // namespace

TrajectoryView::TrajectoryView(StudioSession& session, QWidget* parent) : QStackedWidget(parent), session_(session) {
    page_ = new QWidget(this);
    auto* column = new QVBoxLayout(page_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    space_ = new SpaceView;
    column->addWidget(makeTools());
    auto* middle = new QHBoxLayout;
    middle->setContentsMargins(0, 0, 0, 0);
    bar_ = new ColourBar;
    bar_->setTight(true);
    middle->addWidget(space_, 1);
    middle->addWidget(bar_);
    column->addLayout(middle, 1);
    note_ = new QLabel;
    note_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    note_->setContentsMargins(10, 4, 10, 4);
    column->addWidget(note_);
    addWidget(page_);
    empty_ = new EmptyState(this);
    addWidget(empty_);
    building_.setSingleShot(true);
    building_.setInterval(kBuildMilliseconds);
    connect(&building_, &QTimer::timeout, this, &TrajectoryView::build);

    Selection& selection = session_.selection();
    connect(space_, &SpaceView::picked, this, [this](int path, int point) {
        // A path of other rollouts stands for nothing in the other panels but its moment.
        const PathPlace place = path < int(shown_.places.size()) ? shown_.places[std::size_t(path)] : PathPlace{-1, -1};
        if (place.file == 0)
            session_.selection().setEpisode(place.episode, point);
        else if (place.file > 0)
            session_.selection().setStep(point);
    });
    connect(space_, &SpaceView::problemChanged, this, [this] {
        empty_->setTexts(tr("No 3-D view"), space_->problem());
        setCurrentWidget(empty_);
    });
    connect(&selection, &Selection::stepChanged, this, &TrajectoryView::placeMarkers);
    connect(&selection, &Selection::episodeChanged, this, [this] {
        if (options_.choice != PathChoice::All)
            fitNext_ = true;
        asked_ = -1;  // what failed is tried again
        build();
    });
    connect(&session_, &StudioSession::framesChanged, this, &TrajectoryView::updateFrame);
    connect(&session_, &StudioSession::comparisonChanged, this, &TrajectoryView::updateSource);
    connect(&session_, &StudioSession::cardChanged, this, &TrajectoryView::buildLater);
    connect(&session_.results(), &Results::episodeUpdated, this, &TrajectoryView::buildLater);
    connect(&session_.results(), &Results::wasReset, this, &TrajectoryView::buildLater);
    connect(&session_.results(), &Results::thresholdChanged, this, &TrajectoryView::buildLater);
    updateSource();
}

void TrajectoryView::showEvent(QShowEvent* event) {
    QStackedWidget::showEvent(event);
    updateSource();
    buildLater();  // what changed while nobody looked
}

void TrajectoryView::changeEvent(QEvent* event) {
    QStackedWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        buildLater();
}

void TrajectoryView::updateSource() {
    if (!space_->problem().isEmpty())
        return;  // the reason stays on screen
    if (!session_.hasRollouts()) {
        comparison_ = 0;
        files_.clear();
        empty_->setTexts(tr("No path yet"), tr("Drop rollouts (.hdf5) on this window."));
        setCurrentWidget(empty_);
        return;
    }
    if (!isVisible() || comparison_ == session_.comparison().id)
        return;
    comparison_ = session_.comparison().id;
    files_.clear();
    const std::vector<PositionSource> proposals = proposePositions(*session_.rolloutsInfo());
    position_->setProposals(proposals);
    if (proposals.empty()) {
        empty_->setTexts(tr("No positions in these rollouts"),
                         tr("None of their observations is a vector of numbers that could be a place in space."));
        setCurrentWidget(empty_);
        return;
    }
    source_ = proposals.front();
    setCurrentWidget(page_);
    fitNext_ = true;
    session_.jobs().start<TrajectorySettings>(
        tr("Reading the path's settings"),
        [path = session_.comparison().project](const Progress&) { return TrajectorySettings::read(path); },
        [view = QPointer<TrajectoryView>(this), comparison = comparison_](Result<TrajectorySettings> settings) {
            if (view && view->comparison_ == comparison)
                view->takeSettings(settings ? *settings : TrajectorySettings{});
        });
}

/// What was chosen for this project before.
void TrajectoryView::takeSettings(const TrajectorySettings& settings) {
    if (settings.position)
        if (const auto source = parsePositionSource(*settings.position, *session_.rolloutsInfo()))
            source_ = *source;
    position_->setSource(source_, *session_.rolloutsInfo());
    over_ = settings.over;
    std::erase(over_, session_.comparison().rolloutsRecord.path);
    overlays_->setFiles(over_);
    const QString file = settings.model ? toQString(*settings.model) : QString();
    if (file != modelFile_) {
        modelFile_.clear();
        model_ = {};
        if (!file.isEmpty())
            setModel(file);
    }
    read();
}

void TrajectoryView::setSource(const PositionSource& source) {
    if (source == source_ || !session_.hasRollouts())
        return;
    source_ = source;
    position_->setSource(source_, *session_.rolloutsInfo());
    store(TrajectorySettings::kPosition, toJson(source));
    fitNext_ = true;
    read();
}

void TrajectoryView::setOver(std::vector<std::filesystem::path> files) {
    std::erase(files, session_.comparison().rolloutsRecord.path);  // not over themselves
    if (files == over_ || !session_.hasRollouts())
        return;
    over_ = std::move(files);
    overlays_->setFiles(over_);
    store(TrajectorySettings::kOver, TrajectorySettings::toJson(over_));
    // What is laid over something is to be told apart from it.
    if (!over_.empty()) {
        if (options_.choice == PathChoice::Current)
            setChoice(PathChoice::SameBeginning);
        setColouring(PathColouring::Recorded);
    }
    fitNext_ = true;
    read();
}

void TrajectoryView::store(const char* setting, const std::string& value) {
    struct Done {};
    session_.jobs().start<Done>(
        tr("Keeping the path's settings"),
        [path = session_.comparison().project, setting, value](const Progress&) -> Result<Done> {
            if (const auto stored = TrajectorySettings::store(path, setting, value); !stored)
                return tl::unexpected(stored.error());
            return Done{};
        },
        [view = QPointer<TrajectoryView>(this)](Result<Done> done) {
            if (view && !done)
                emit view->session_.errorOccurred(toQString(done.error().message));
        });
}

/// What was read of the same source before is not read again.
void TrajectoryView::read() {
    const Comparison& comparison = session_.comparison();
    PathRequest request{{}, source_, session_.selection().episode()};
    asked_ = request.current;
    request.files.push_back(
        {toQString(comparison.rolloutsRecord.name), comparison.rolloutsRecord.path, comparison.rollouts, {}});
    for (const std::filesystem::path& path : over_) {
        PathFile file{toQString(path.stem()), path, nullptr, {}};
        for (const RolloutsItem& item : session_.contents().rollouts)
            if (item.record.path == path) {
                file.name = toQString(item.record.name);
                file.rollouts = item.rollouts;
            }
        request.files.push_back(std::move(file));
    }
    if (readSource_ == source_)
        for (PathFile& wanted : request.files)
            if (const auto read = std::ranges::find(files_, wanted.path, &PathFile::path); read != files_.end())
                wanted = *read;
    session_.jobs().start<PathReading>(
        tr("Reading paths"), [request](const Progress& progress) { return readPaths(request, progress); },
        [view = QPointer<TrajectoryView>(this), comparison = comparison_, source = source_,
         reading = ++reading_](Result<PathReading> read) {
            if (!view || view->comparison_ != comparison || view->reading_ != reading)
                return;
            if (read)
                view->takeReading(*read, source);
            else
                emit view->session_.errorOccurred(toQString(read.error().message));
        });
}

void TrajectoryView::takeReading(const PathReading& reading, const PositionSource& source) {
    for (const QString& problem : reading.problems)
        if (!problems_.contains(problem))
            emit session_.warningOccurred(tr("Left out of the paths: %1").arg(problem));
    problems_ = reading.problems;
    files_ = reading.files;
    readSource_ = source;
    build();
}

void TrajectoryView::setColouring(PathColouring colouring) {
    options_.colouring = colouring;
    colours_->setCurrentIndex(colours_->findData(int(colouring)));
    build();
}

void TrajectoryView::setChoice(PathChoice choice) {
    if (choice == options_.choice)
        return;
    options_.choice = choice;
    choices_[std::size_t(choice) - 1]->setChecked(true);
    fitNext_ = true;
    build();
}

void TrajectoryView::buildLater() {
    if (isVisible() && !building_.isActive())
        building_.start();
}

/// The action's unit is the path's where the action moves it: dx, dy, dz in metres.
QString TrajectoryView::unit() const {
    const auto& dimensions = session_.card().dimensions;
    if (dimensions.size() < 2 || dimensions[0].unit != dimensions[1].unit)
        return {};
    return toQString(dimensions[0].unit) == QLatin1String("m") ? QStringLiteral("m") : QString();
}

std::array<QString, 3> TrajectoryView::axisNames() {
    return {tr("x"), tr("y"), tr("z")};
}

QString TrajectoryView::valueLabel() const {
    return options_.colouring == PathColouring::Gap ? tr("Gap") : tr("SIS");
}

void TrajectoryView::build() {
    building_.stop();
    if (!isVisible() || !isRead())
        return;
    const int current = session_.selection().episode();
    if (current >= 0 && !files_.front().positionsOf(current)) {  // not among those that were read
        if (asked_ != current)
            read();
        return;
    }
    const PlotTheme theme = PlotTheme::of(palette(), font());
    shown_ = makePathScene(session_, files_, options_, theme);
    shown_.scene.solids = model_.solids;
    companions_ = companions();
    space_->setMarkerColour(theme.dark ? Qt::white : QColor(0x111111));
    space_->setScene(shown_.scene, axisNames(), unit(), std::exchange(fitNext_, false));
    bar_->setVisible(shown_.byValue);
    bar_->setLabel(valueLabel());
    bar_->setLargest(shown_.largest);
    updateNote();
    placeMarkers();
    updateFrame();
    emit sceneChanged();
}

void TrajectoryView::updateNote() {
    const std::size_t paths = shown_.places.size(), episodes = session_.rolloutsInfo()->episodes.size();
    QStringList parts;
    for (const PathLegendEntry& entry : shown_.legend)
        parts << QStringLiteral("<font color=\"%1\">■</font> %2").arg(entry.colour.name(), entry.name.toHtmlEscaped());
    const QLocale locale;
    const bool some = options_.choice == PathChoice::All && files_.size() == 1 && paths < episodes;
    parts
        << (some
                ? tr("%1 of %2 episodes").arg(locale.toString(qulonglong(paths)), locale.toString(qulonglong(episodes)))
            : paths == 1 ? tr("1 episode")
                         : tr("%1 episodes").arg(locale.toString(qulonglong(paths))))
        << tr("%1 critical of %2 states")
               .arg(locale.toString(qulonglong(shown_.criticalStates)), locale.toString(qulonglong(shown_.steps)));
    if (!model_.leftOut.isEmpty())
        parts << tr("not shown: %1").arg(model_.leftOut.join(QStringLiteral(", ")));
    const QString note = parts.join(QStringLiteral(" · "));
    note_->setText(note);
    note_->setToolTip(note);
}

std::vector<PathCompanion> TrajectoryView::companions() const {
    return options_.choice == PathChoice::SameBeginning ? companionsOf(files_, session_.selection().episode())
                                                        : std::vector<PathCompanion>{};
}

std::optional<QVector3D> TrajectoryView::pointAtCursor(const PathPlace& place) const {
    const auto point = std::size_t(place.file) < files_.size()
                           ? files_[std::size_t(place.file)].pointAt(place.episode, session_.selection().step())
                           : std::nullopt;
    return point && std::isfinite(point->x() + point->y() + point->z()) ? point : std::nullopt;
}

std::vector<SpaceGlyph> TrajectoryView::glyphsAtCursor(const std::vector<PathCompanion>& companions) const {
    std::vector<SpaceGlyph> glyphs;
    for (const PathCompanion& companion : companions)
        if (const auto point = pointAtCursor(companion.place))
            glyphs.push_back({*point, companion.colour.rgb(), 0});
    return glyphs;
}

void TrajectoryView::placeMarkers() {
    space_->setCompanions(glyphsAtCursor(companions_));
    space_->setMarker(pointAtCursor({0, session_.selection().episode()}));
}

QImage TrajectoryView::frameAtCursor() const {
    const StepFrames& frames = session_.frames();
    const bool show =
        picture_->isChecked() && !frames.cameras.empty() && frames.episode == session_.selection().episode();
    return show ? frames.cameras.front().image : QImage();
}

void TrajectoryView::updateFrame() {
    space_->setPicture(frameAtCursor());
}

void TrajectoryView::chooseModel() {
    const QString file = QFileDialog::getOpenFileName(this, tr("MuJoCo model"), {}, tr("MuJoCo models (*.xml *.mjcf)"));
    if (!file.isEmpty())
        setModel(file);
}

void TrajectoryView::setModel(const QString& file) {
    if (file.isEmpty()) {
        modelFile_.clear();
        model_ = {};
        if (session_.hasProject())
            store(TrajectorySettings::kModel, {});
        build();
        return;
    }
    session_.jobs().start<SceneModel>(
        tr("Reading the scene"), [path = toPath(file)](const Progress&) { return readSceneModel(path); },
        [view = QPointer<TrajectoryView>(this), file](Result<SceneModel> model) {
            if (!view)
                return;
            if (!model) {
                emit view->session_.errorOccurred(toQString(model.error().message));
                return;
            }
            view->model_ = std::move(*model);
            view->modelFile_ = file;
            if (view->session_.hasProject())
                view->store(TrajectorySettings::kModel, file.toStdString());
            view->build();
        });
}

/// Of what is chosen now, whatever was drawn last: the dock may be hidden behind others.
std::optional<Figure> TrajectoryView::figure() const {
    if (!isRead() || !space_->problem().isEmpty())
        return std::nullopt;
    const PlotTheme theme = PlotTheme::print();
    TrajectoryPicture picture;
    picture.paths = makePathScene(session_, files_, options_, theme);
    picture.paths.scene.solids = model_.solids;
    if (picture.paths.scene.paths.empty())
        return std::nullopt;
    picture.axes.measure(picture.paths.scene.paths, axisNames(), unit());
    picture.camera = space_->camera();
    picture.fitted = space_->isFitted() || fitNext_;
    if (fitNext_)
        picture.camera.look(picture.axes.preset(), picture.axes.middle(), picture.axes.radius());
    picture.marker = pointAtCursor({0, session_.selection().episode()});
    picture.companions = glyphsAtCursor(companions());
    picture.frame = frameAtCursor();
    picture.valueLabel = valueLabel();
    picture.render = [space = space_](const SpaceScene& scene, const SpaceCamera& camera, const QSize& size) {
        return space->render(scene, camera, size);
    };
    return trajectoryFigure(std::move(picture));
}

std::optional<DataTable> TrajectoryView::dataTable() const {
    if (!isRead())
        return std::nullopt;
    DataTable table =
        trajectoryTable(session_, files_, chosenPaths(files_, options_.choice, session_.selection().episode()), unit());
    return table.rows() > 0 ? std::optional(std::move(table)) : std::nullopt;
}

}  // namespace sqil
