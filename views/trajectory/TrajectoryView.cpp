#include "views/trajectory/TrajectoryView.h"

#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPointer>
#include <QSaveFile>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "views/session/Paths.h"
#include "widgets/ColourBar.h"
#include "widgets/EmptyState.h"
#include "widgets/SpaceView.h"

namespace sqil {
namespace {

constexpr const char* kPositionSetting = "studio/trajectory/position";
constexpr const char* kModelSetting = "studio/trajectory/model";
constexpr int kBuildMilliseconds = 120;  ///< numbers come in up to twenty times a second
constexpr std::size_t kMostEpisodes = 200;
constexpr std::int64_t kMostPoints = 300'000;
constexpr double kPictureScale = 2;
constexpr float kThin = 0.0045f, kThick = 0.009f;  ///< radii as shares of the paths' extent

struct Stored {
    std::optional<std::string> position, model;
};

bool isKnown(const std::vector<float>& values, std::size_t step) {
    return step < values.size() && std::isfinite(values[step]);
}

/// Colours of recorded policies, apart for people with a colour vision deficiency (Okabe and Ito 2008).
QColor categorical(int index) {
    static const QRgb colours[] = {0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442};
    return QColor(colours[index % int(std::size(colours))]);
}

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
        if (const int episode = episodeOfPath(path); episode >= 0)
            session_.selection().setEpisode(episode, point);
    });
    connect(space_, &SpaceView::problemChanged, this, [this] {
        empty_->setTexts(tr("No 3-D view"), space_->problem());
        setCurrentWidget(empty_);
    });
    connect(&selection, &Selection::stepChanged, this, &TrajectoryView::placeMarker);
    connect(&selection, &Selection::episodeChanged, this, [this] {
        if (episodes_ == Episodes::Current)
            fitNext_ = true;
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

QWidget* TrajectoryView::makeTools() {
    auto* tools = new QWidget;
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(10, 6, 10, 6);
    row->setSpacing(6);
    keys_ = new QComboBox;
    keys_->setToolTip(tr("The observation that is the position"));
    keys_->setAccessibleName(keys_->toolTip());
    keys_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    keys_->setMinimumContentsLength(6);
    connect(keys_, &QComboBox::activated, this, [this](int index) { setSource(proposals_[std::size_t(index)]); });
    row->addWidget(keys_, 1);
    const QString axes[] = {tr("x"), tr("y"), tr("z")};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        elements_[axis] = new QComboBox;
        elements_[axis]->setToolTip(tr("Element of the observation that is %1").arg(axes[axis]));
        elements_[axis]->setAccessibleName(elements_[axis]->toolTip());
        connect(elements_[axis], &QComboBox::activated, this, &TrajectoryView::chooseElements);
        row->addWidget(elements_[axis]);
    }
    colours_ = new QComboBox;
    colours_->setToolTip(tr("What the paths' colours say"));
    colours_->setAccessibleName(colours_->toolTip());
    colours_->addItem(tr("SIS"), int(Colouring::Sis));
    colours_->addItem(tr("Gap"), int(Colouring::Gap));
    colours_->addItem(tr("Success"), int(Colouring::Outcome));
    colours_->addItem(tr("Recorded policy"), int(Colouring::Recorded));
    connect(colours_, &QComboBox::activated, this,
            [this](int index) { setColouring(Colouring(colours_->itemData(index).toInt())); });
    row->addWidget(colours_);
    auto* views = new QToolButton;
    views->setText(tr("View"));
    views->setToolTip(tr("Where to look from; files"));
    views->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(views);
    const auto toggle = [&](const QString& text, bool on, std::function<void()> changed) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(on);
        connect(action, &QAction::toggled, this, [changed = std::move(changed)] { changed(); });
        return action;
    };
    all_ = toggle(tr("&All episodes"), true,
                  [this] { setEpisodes(all_->isChecked() ? Episodes::All : Episodes::Current); });
    critical_ = toggle(tr("&Critical states as balls"), true, [this] { build(); });
    picture_ = toggle(tr("Camera frame at the &cursor"), true, [this] { updateFrame(); });
    orthographic_ = toggle(tr("&Orthographic"), false, [this] { space_->setOrthographic(orthographic_->isChecked()); });
    menu->addSeparator();
    using Preset = SpaceCamera::Preset;
    for (const auto& [name, preset] :
         {std::pair(tr("&Isometric"), Preset::Isometric), std::pair(tr("From the &front"), Preset::Front),
          std::pair(tr("From the &side"), Preset::Side), std::pair(tr("From &above"), Preset::Top)})
        menu->addAction(name, this, [this, preset = preset] { space_->look(preset); });
    menu->addAction(tr("Show &everything"), space_, &SpaceView::fit);
    menu->addSeparator();
    menu->addAction(tr("Scene from a &MuJoCo model…"), this, &TrajectoryView::chooseModel);
    menu->addAction(tr("&Without a scene"), this, [this] { setModel({}); });
    menu->addSeparator();
    menu->addAction(tr("Save as &PNG…"), this, &TrajectoryView::choosePicture);
    views->setMenu(menu);
    row->addWidget(views);
    return tools;
}

void TrajectoryView::showEvent(QShowEvent* event) {
    QStackedWidget::showEvent(event);
    updateSource();
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
        positions_.clear();
        empty_->setTexts(tr("No path yet"), tr("Drop rollouts (.hdf5) on this window."));
        setCurrentWidget(empty_);
        return;
    }
    if (!isVisible() || comparison_ == session_.comparison().id)
        return;
    comparison_ = session_.comparison().id;
    positions_.clear();
    proposals_ = proposePositions(*session_.rolloutsInfo());
    if (proposals_.empty()) {
        empty_->setTexts(tr("No positions in these rollouts"),
                         tr("None of their observations is a vector of numbers that could be a place in space."));
        setCurrentWidget(empty_);
        return;
    }
    source_ = proposals_.front();
    setCurrentWidget(page_);
    fitNext_ = true;
    // What was chosen for this project before.
    session_.jobs().start<Stored>(
        tr("Reading the path's settings"),
        [path = session_.comparison().project](const Progress&) -> Result<Stored> {
            const auto project = Project::open(path);
            if (!project)
                return tl::unexpected(project.error());
            Stored stored;
            if (auto position = (*project)->setting(kPositionSetting))
                stored.position = *position;
            if (auto model = (*project)->setting(kModelSetting))
                stored.model = *model;
            return stored;
        },
        [view = QPointer<TrajectoryView>(this), comparison = comparison_](Result<Stored> stored) {
            if (view && view->comparison_ == comparison)
                view->takeStored(stored ? stored->position : std::nullopt, stored ? stored->model : std::nullopt);
        });
}

void TrajectoryView::takeStored(const std::optional<std::string>& position, const std::optional<std::string>& model) {
    if (position)
        if (const auto source = parsePositionSource(*position, *session_.rolloutsInfo()))
            source_ = *source;
    fillKeys();
    const QString file = model ? toQString(*model) : QString();
    if (file != modelFile_) {
        modelFile_.clear();
        model_ = {};
        if (!file.isEmpty())
            setModel(file);
    }
    read();
}

void TrajectoryView::fillKeys() {
    const QSignalBlocker quiet(keys_);
    keys_->clear();
    int current = -1;
    for (const PositionSource& proposal : proposals_) {
        if (proposal.key == source_.key)
            current = keys_->count();
        keys_->addItem(toQString(proposal.key));
    }
    keys_->setCurrentIndex(current);
    const KeySpec* key = session_.rolloutsInfo()->observation(source_.key);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const QSignalBlocker silent(elements_[axis]);
        elements_[axis]->clear();
        for (std::int64_t element = 0; key && element < key->shape[0]; ++element)
            elements_[axis]->addItem(QString::number(element), int(element));
        elements_[axis]->addItem(tr("none"), -1);
        elements_[axis]->setCurrentIndex(elements_[axis]->findData(source_.elements[axis]));
        // Three numbers are x, y and z: there is nothing to choose until somebody has.
        elements_[axis]->setVisible(key && (key->shape[0] > 3 || source_.elements != std::array<int, 3>{0, 1, 2}));
    }
}

void TrajectoryView::chooseElements() {
    PositionSource chosen = source_;
    for (std::size_t axis = 0; axis < 3; ++axis)
        chosen.elements[axis] = elements_[axis]->currentData().toInt();
    setSource(chosen);
}

void TrajectoryView::setSource(const PositionSource& source) {
    if (source == source_ || !session_.hasRollouts())
        return;
    source_ = source;
    fillKeys();
    store(kPositionSetting, toJson(source));
    fitNext_ = true;
    read();
}

void TrajectoryView::store(const char* setting, const std::string& value) {
    struct Done {};
    session_.jobs().start<Done>(
        tr("Keeping the path's settings"),
        [path = session_.comparison().project, setting, value](const Progress&) -> Result<Done> {
            const auto project = Project::open(path);
            if (!project)
                return tl::unexpected(project.error());
            if (!(*project)->readOnly())
                if (auto put = (*project)->putSetting(setting, value); !put)
                    return tl::unexpected(put.error());
            return Done{};
        },
        [view = QPointer<TrajectoryView>(this)](Result<Done> done) {
            if (view && !done)
                emit view->session_.errorOccurred(toQString(done.error().message));
        });
}

/// All that is shown at most: evenly spread over a large data set, the current episode always among them.
std::vector<int> TrajectoryView::shownEpisodes() const {
    const int current = session_.selection().episode();
    if (episodes_ == Episodes::Current)
        return current >= 0 ? std::vector<int>{current} : std::vector<int>{};
    std::vector<int> shown;
    for (const auto& [episode, positions] : positions_)
        shown.push_back(episode);
    return shown;
}

void TrajectoryView::read() {
    const RolloutsInfo& info = *session_.rolloutsInfo();
    const std::size_t count = std::min(info.episodes.size(), kMostEpisodes);
    std::set<int> wanted;
    std::int64_t points = 0;
    for (std::size_t index = 0; index < count && points < kMostPoints; ++index) {
        const std::size_t episode = index * info.episodes.size() / count;
        wanted.insert(int(episode));
        points += info.episodes[episode].steps;
    }
    if (session_.selection().episode() >= 0)
        wanted.insert(session_.selection().episode());
    using Positions = std::map<int, std::vector<float>>;
    session_.jobs().start<Positions>(
        tr("Reading paths"),
        [rollouts = session_.comparison().rollouts, source = source_,
         wanted](const Progress& progress) -> Result<Positions> {
            Positions positions;
            for (const int episode : wanted) {
                if (!report(progress, "Reading paths", qint64(positions.size()), qint64(wanted.size())))
                    return fail(ErrorKind::Cancelled, "cancelled");
                auto read = readPositions(*rollouts, std::size_t(episode), source);
                if (!read)
                    return tl::unexpected(read.error());
                positions.emplace(episode, std::move(*read));
            }
            return positions;
        },
        [view = QPointer<TrajectoryView>(this), comparison = comparison_,
         reading = ++reading_](Result<Positions> positions) {
            if (!view || view->comparison_ != comparison || view->reading_ != reading)
                return;
            if (positions)
                view->takePositions(*positions);
            else
                emit view->session_.errorOccurred(toQString(positions.error().message));
        });
}

void TrajectoryView::takePositions(const std::map<int, std::vector<float>>& positions) {
    positions_ = positions;
    build();
}

const std::vector<float>* TrajectoryView::positionsOf(int episode) const {
    const auto found = positions_.find(episode);
    return found == positions_.end() ? nullptr : &found->second;
}

void TrajectoryView::setColouring(Colouring colouring) {
    colouring_ = colouring;
    colours_->setCurrentIndex(colours_->findData(int(colouring)));
    build();
}

void TrajectoryView::setEpisodes(Episodes episodes) {
    if (episodes == episodes_)
        return;
    episodes_ = episodes;
    all_->setChecked(episodes == Episodes::All);
    fitNext_ = true;
    build();
}

void TrajectoryView::buildLater() {
    if (isVisible() && !building_.isActive())
        building_.start();
}

double TrajectoryView::largestValue() const {
    double largest = 0;
    for (const int episode : shownEpisodes()) {
        const EpisodeResults& results = session_.results().episode(episode);
        for (const float value : colouring_ == Colouring::Gap ? results.gap : results.sis)
            if (std::isfinite(value))
                largest = std::max(largest, double(value));
    }
    return largest;
}

QColor TrajectoryView::colourOfOutcome(int episode) const {
    const PlotTheme theme = PlotTheme::of(palette(), font());
    const auto& success = session_.rolloutsInfo()->episodes[std::size_t(episode)].success;
    return !success ? theme.muted : *success ? theme.first : theme.second;
}

/// The action's unit is the path's where the action moves it: dx, dy, dz in metres.
QString TrajectoryView::unit() const {
    const auto& dimensions = session_.card().dimensions;
    if (dimensions.size() < 2 || dimensions[0].unit != dimensions[1].unit)
        return {};
    return toQString(dimensions[0].unit) == QLatin1String("m") ? QStringLiteral("m") : QString();
}

void TrajectoryView::build() {
    building_.stop();
    if (!isVisible() || positions_.empty() || comparison_ != session_.comparison().id)
        return;
    const int current = session_.selection().episode();
    if (current >= 0 && !positionsOf(current)) {  // not among those that were read
        read();
        return;
    }
    const PlotTheme theme = PlotTheme::of(palette(), font());
    const Results& results = session_.results();
    const bool byValue = colouring_ == Colouring::Sis || colouring_ == Colouring::Gap;
    const double largest = byValue ? largestValue() : 0;
    const RolloutsInfo& info = *session_.rolloutsInfo();
    SpaceScene scene;
    scene.background = theme.background;
    scene.solids = model_.solids;
    episodeOfPath_.clear();
    std::map<std::string, int> recorded;
    std::size_t criticals = 0, steps = 0;
    QVector3D low(1e30f, 1e30f, 1e30f), high = -low;
    for (const int episode : shownEpisodes()) {
        const std::vector<float>* positions = positionsOf(episode);
        if (!positions || positions->empty())
            continue;
        const EpisodeResults& numbers = results.episode(episode);
        const std::vector<float>& values = colouring_ == Colouring::Gap ? numbers.gap : numbers.sis;
        const auto& attributes = info.episodes[std::size_t(episode)].attributes;
        const auto policy = attributes.find("policy");
        const std::string name = policy == attributes.end() ? std::string() : policy->second;
        const int category = recorded.try_emplace(name, int(recorded.size())).first->second;
        SpacePath path;
        path.radius = episode == current ? kThick : kThin;  // of the extent, below
        for (std::size_t step = 0; step * 3 + 2 < positions->size(); ++step) {
            const QVector3D point((*positions)[3 * step], (*positions)[3 * step + 1], (*positions)[3 * step + 2]);
            for (int axis = 0; axis < 3; ++axis)
                if (std::isfinite(point[axis])) {
                    low[axis] = std::min(low[axis], point[axis]);
                    high[axis] = std::max(high[axis], point[axis]);
                }
            QRgb colour = theme.missing.rgb();
            if (colouring_ == Colouring::Outcome)
                colour = colourOfOutcome(episode).rgb();
            else if (colouring_ == Colouring::Recorded)
                colour = categorical(category).rgb();
            else if (isKnown(values, step) && largest > 0)
                colour = ColourMap::viridis().at(double(values[step]) / largest);
            path.points.push_back(point);
            path.colours.push_back(colour);
            const bool critical = results.isCritical(episode, qint64(step));
            criticals += critical;
            ++steps;
            if (critical && critical_->isChecked())
                scene.glyphs.push_back({point, colour, episode == current ? 1.9f * kThick : 2.2f * kThin});
        }
        scene.paths.push_back(std::move(path));
        episodeOfPath_.push_back(episode);
    }
    const float extent = scene.paths.empty() ? 1.f : std::max(1e-6f, (high - low).length());
    for (SpacePath& path : scene.paths)
        path.radius *= extent;
    for (SpaceGlyph& glyph : scene.glyphs)
        glyph.radius *= extent;
    const std::size_t shown = scene.paths.size();
    space_->setMarkerColour(theme.dark ? Qt::white : QColor(0x111111));
    space_->setScene(std::move(scene), {tr("x"), tr("y"), tr("z")}, unit(), std::exchange(fitNext_, false));

    bar_->setVisible(byValue);
    bar_->setLabel(colouring_ == Colouring::Gap ? tr("Gap") : tr("SIS"));
    bar_->setLargest(largest);
    QString note = (shown == 1 ? tr("1 episode") : tr("%1 episodes").arg(shown)) + QStringLiteral(" · ") +
                   tr("%1 critical of %2 states").arg(criticals).arg(steps);
    if (shown < info.episodes.size() && episodes_ == Episodes::All)
        note += QStringLiteral(" · ") + tr("of %1 episodes").arg(info.episodes.size());
    if (colouring_ == Colouring::Outcome)
        note += QStringLiteral(" · ") + tr("<font color=\"%1\">success</font>, <font color=\"%2\">failure</font>")
                                            .arg(theme.first.name(), theme.second.name());
    if (colouring_ == Colouring::Recorded)
        for (const auto& [name, category] : recorded)
            note += QStringLiteral(" · <font color=\"%1\">%2</font>")
                        .arg(categorical(category).name(),
                             name.empty() ? tr("not recorded") : toQString(name).toHtmlEscaped());
    if (!model_.leftOut.isEmpty())
        note += QStringLiteral(" · ") + tr("not shown: %1").arg(model_.leftOut.join(QStringLiteral(", ")));
    note_->setText(note);
    note_->setToolTip(note);
    placeMarker();
    updateFrame();
    emit sceneChanged();
}

std::optional<DataTable> TrajectoryView::dataTable() const {
    if (positions_.empty() || comparison_ != session_.comparison().id)
        return std::nullopt;
    std::vector<QString> names;
    std::vector<qint64> steps;
    std::array<std::vector<float>, 3> places;
    for (const int episode : shownEpisodes())
        if (const std::vector<float>* positions = positionsOf(episode))
            for (std::size_t step = 0; 3 * step + 2 < positions->size(); ++step) {
                names.push_back(session_.episodeName(episode));
                steps.push_back(qint64(step));
                for (std::size_t axis = 0; axis < 3; ++axis)
                    places[axis].push_back((*positions)[3 * step + axis]);
            }
    const QString suffix = unit().isEmpty() ? QString() : QStringLiteral(" (%1)").arg(unit());
    return DataTable{QStringLiteral("trajectory"),
                     {{QStringLiteral("episode"), names},
                      {QStringLiteral("step"), steps},
                      {QStringLiteral("x") + suffix, places[0]},
                      {QStringLiteral("y") + suffix, places[1]},
                      {QStringLiteral("z") + suffix, places[2]}}};
}

void TrajectoryView::placeMarker() {
    const std::vector<float>* positions = positionsOf(session_.selection().episode());
    const auto step = std::size_t(std::max<qint64>(0, session_.selection().step()));
    if (!positions || 3 * step + 2 >= positions->size()) {
        space_->setMarker(std::nullopt);
        return;
    }
    space_->setMarker(QVector3D((*positions)[3 * step], (*positions)[3 * step + 1], (*positions)[3 * step + 2]));
}

void TrajectoryView::updateFrame() {
    const StepFrames& frames = session_.frames();
    const bool show =
        picture_->isChecked() && !frames.cameras.empty() && frames.episode == session_.selection().episode();
    space_->setPicture(show ? frames.cameras.front().image : QImage());
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
            store(kModelSetting, {});
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
                view->store(kModelSetting, file.toStdString());
            view->build();
        });
}

void TrajectoryView::choosePicture() {
    QString file = QFileDialog::getSaveFileName(this, tr("Save the path"), tr("trajectory.png"), tr("PNG (*.png)"));
    if (file.isEmpty())
        return;
    if (!file.endsWith(QLatin1String(".png")))
        file += QStringLiteral(".png");
    savePicture(file);
}

/// Twice the size on screen, with the colour bar beside it.
void TrajectoryView::savePicture(const QString& file) {
    const QImage scene = space_->picture(kPictureScale);
    if (scene.isNull()) {
        emit session_.errorOccurred(space_->problem().isEmpty() ? tr("The 3-D view could not be drawn.")
                                                                : space_->problem());
        return;
    }
    const PlotTheme theme = PlotTheme::of(palette(), font());
    const bool withBar = bar_->isVisibleTo(page_);
    const int side = withBar ? bar_->sizeHint().width() : 0;
    QImage page(scene.width() + int(side * kPictureScale), scene.height(), QImage::Format_RGB32);
    page.setDevicePixelRatio(kPictureScale);
    page.fill(theme.background);
    QPainter painter(&page);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawImage(QPointF(0, 0), scene);
    if (withBar)
        ColourBar::draw(painter, QRectF(scene.width() / kPictureScale, 0, side, scene.height() / kPictureScale),
                        ColourMap::viridis(), bar_->largest(), colouring_ == Colouring::Gap ? tr("Gap") : tr("SIS"),
                        theme);
    painter.end();
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || !page.save(&out, "PNG") || !out.commit())
        emit session_.errorOccurred(tr("%1: cannot be written: %2").arg(file, out.errorString()));
}

}  // namespace sqil
