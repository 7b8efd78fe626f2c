#include "views/frames/FramesView.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QPainter>
#include <QSlider>
#include <QToolButton>
#include <cmath>

#include "views/frames/MapGeometry.h"
#include "views/frames/SaliencyFigure.h"
#include "views/session/Paths.h"
#include "widgets/ColourBar.h"
#include "widgets/DockTitleBar.h"
#include "widgets/EmptyState.h"
#include "widgets/ImageView.h"
#include "widgets/Numbers.h"
#include "widgets/PictureBoard.h"
#include "widgets/SegmentedControl.h"
#include "widgets/StateStrip.h"

namespace sqil {
namespace {

constexpr int kHeatPixels = 384;  ///< longer side of the overlay: smooth at any zoom, 1 ms to make

QIcon swatch(const ColourMap& map) {
    QPixmap pixmap(32, 12);
    QPainter painter(&pixmap);
    for (int x = 0; x < pixmap.width(); ++x) {
        painter.setPen(QColor(map.at(x / double(pixmap.width() - 1))));
        painter.drawLine(x, 0, x, pixmap.height());
    }
    return QIcon(pixmap);
}

QSize heatSize(QSize picture) {
    return picture.scaled(kHeatPixels, kHeatPixels, Qt::KeepAspectRatio);
}

}  // namespace

FramesView::FramesView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent), session_(session), colours_(&ColourMap::viridis()) {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(12, 8, 12, 10);
    column->setSpacing(8);
    column->addWidget(makeHeader());
    board_ = new PictureBoard(page);
    bar_ = new ColourBar(board_);
    board_->setLegend(bar_);
    column->addWidget(board_, 1);
    strips_ = new QVBoxLayout;
    strips_->setSpacing(6);
    column->addLayout(strips_);
    addWidget(page);
    empty_ = new EmptyState(this);
    addWidget(empty_);

    Selection& selection = session_.selection();
    connect(&selection, &Selection::mapModeChanged, this, [this] { rebuildPanels(); });
    connect(&session_, &StudioSession::framesChanged, this, &FramesView::showFrames);
    connect(&session_, &StudioSession::comparisonChanged, this, [this] {
        updateModes();
        updateEmptyState();
        rebuildPanels();
    });
    connect(&session_, &StudioSession::projectChanged, this, &FramesView::updateEmptyState);
    connect(&session_, &StudioSession::cardChanged, this, &FramesView::showMaps);
    connect(&session_.results(), &Results::mapsUpdated, this, [this](int episode, qint64 step) {
        const bool shown = episode == session_.frames().episode && (step < 0 || step == session_.frames().step);
        if (shown || episodeScale_)
            showMaps();
    });
    updateModes();
    updateEmptyState();
}

FramesView::~FramesView() = default;

QWidget* FramesView::makeHeader() {
    auto* header = new QWidget(this);
    auto* row = header_ = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    modes_ = new SegmentedControl(header);
    modes_->setAccessibleName(tr("Saliency shown"));
    modes_->addSegment(int(MapMode::FullPrecision), tr("Full precision"),
                       tr("Where the full-precision policy looks (1)"));
    modes_->addSegment(int(MapMode::Quantized), tr("Quantized"), tr("Where the quantized policy looks (2)"));
    modes_->addSegment(int(MapMode::Difference), tr("Difference"), tr("Quantized minus full precision (3)"));
    modes_->addSegment(int(MapMode::SideBySide), tr("Both"), tr("Full precision and quantized side by side (4)"));
    connect(modes_, &SegmentedControl::chosen, this, [this](int id) { session_.selection().setMapMode(MapMode(id)); });
    row->addWidget(modes_);
    row->addStretch();

    auto* overlayLabel = new QLabel(tr("Overlay"), header);
    opacity_ = new QSlider(Qt::Horizontal, header);
    opacity_->setRange(0, 100);
    opacity_->setPageStep(10);
    opacity_->setFixedWidth(90);
    opacity_->setFocusPolicy(Qt::TabFocus);
    opacity_->setAccessibleName(tr("Opacity of the saliency overlay"));
    overlayLabel->setBuddy(opacity_);
    connect(opacity_, &QSlider::valueChanged, this, [this](int percent) {
        opacity_->setToolTip(tr("Opacity of the saliency overlay: %1 % (+ and −)").arg(percent));
        for (Panel& panel : panels_)
            panel.view->setOverlayOpacity(percent / 100.0);
        emit optionsChanged();
    });
    opacity_->setValue(75);
    row->addWidget(overlayLabel);
    row->addWidget(opacity_);

    colourBox_ = new QComboBox(header);
    colourBox_->setAccessibleName(tr("Colour map"));
    colourBox_->setToolTip(tr("Colour map of the saliency"));
    colourBox_->setIconSize(QSize(32, 12));
    colourBox_->setFocusPolicy(Qt::TabFocus);
    for (const ColourMap* map : ColourMap::sequential())
        colourBox_->addItem(swatch(*map), map->name());
    connect(colourBox_, &QComboBox::textActivated, this, &FramesView::setColours);
    row->addWidget(colourBox_);

    scaleBox_ = new QComboBox(header);
    scaleBox_->setAccessibleName(tr("Colour scale"));
    scaleBox_->setToolTip(
        tr("Where the colours end: at the largest score of the frame, which shows faint maps, or of the episode, "
           "which makes frames comparable"));
    scaleBox_->setFocusPolicy(Qt::TabFocus);
    scaleBox_->addItems({tr("Scale: frame"), tr("Scale: episode")});
    connect(scaleBox_, &QComboBox::activated, this, [this](int index) { setEpisodeScale(index == 1); });
    row->addWidget(scaleBox_);
    return header;
}

std::optional<Figure> FramesView::figure() const {
    return saliencyFigure(session_, {colours_, opacity(), episodeScale_});
}

std::optional<DataTable> FramesView::dataTable() const {
    return saliencyTable(session_);
}

void FramesView::setMenu(QMenu* menu) {
    header_->addWidget(makeMenuButton(menu, tr("Frames"), this));
}

double FramesView::opacity() const {
    return opacity_->value() / 100.0;
}
void FramesView::setOpacity(double opacity) {
    opacity_->setValue(static_cast<int>(std::lround(opacity * 100)));
}

void FramesView::setSmooth(bool smooth) {
    smooth_ = smooth;
    for (Panel& panel : panels_)
        panel.view->setSmooth(smooth);
    emit optionsChanged();
}

void FramesView::setColours(const QString& name) {
    colours_ = &ColourMap::named(name);
    colourBox_->setCurrentText(colours_->name());
    showMaps();
    emit optionsChanged();
}

void FramesView::setEpisodeScale(bool episode) {
    episodeScale_ = episode;
    scaleBox_->setCurrentIndex(episode ? 1 : 0);
    showMaps();
    emit optionsChanged();
}

std::vector<ImageView*> FramesView::pictures() const {
    std::vector<ImageView*> views;
    for (const Panel& panel : panels_)
        views.push_back(panel.view);
    return views;
}

void FramesView::updateModes() {
    const bool compared = session_.hasQuantized();
    for (const MapMode mode : {MapMode::Quantized, MapMode::Difference, MapMode::SideBySide})
        modes_->setSegmentEnabled(int(mode), compared);
    modes_->setCurrent(int(session_.selection().mapMode()));
}

void FramesView::updateEmptyState() {
    const RolloutsInfo* info = session_.rolloutsInfo();
    if (!info) {
        empty_->setTexts(tr("No rollouts to look at"),
                         tr("Drop recorded rollouts (.hdf5) on this window, or add them with File ▸ Add files."));
        setCurrentIndex(1);
    } else if (info->totalSteps() == 0) {
        empty_->setTexts(tr("These rollouts have no steps"),
                         tr("Every episode in %1 is empty.").arg(toQString(info->path)));
        setCurrentIndex(1);
    } else {
        setCurrentIndex(0);
    }
}

void FramesView::rebuildPanels() {
    const MapMode mode = session_.selection().mapMode();
    modes_->setCurrent(int(mode));
    for (Panel& panel : panels_)
        panel.view->deleteLater();
    panels_.clear();
    cameras_.clear();
    if (const RolloutsInfo* info = session_.rolloutsInfo())
        for (const KeySpec& key : info->observations)
            if (key.isImage())
                cameras_.push_back(key.name);
    const auto modes =
        mode == MapMode::SideBySide ? std::vector{MapMode::FullPrecision, MapMode::Quantized} : std::vector{mode};
    for (const std::string& camera : cameras_)
        for (const MapMode shown : modes) {
            Panel panel{camera, shown, new ImageView(this), {}};
            panel.view->setTitle(titleOf(panel));
            panel.view->setPlaceholder(tr("Reading…"));
            panel.view->setSmooth(smooth_);
            panel.view->setOverlayOpacity(opacity());
            const int index = static_cast<int>(panels_.size());
            connect(panel.view, &ImageView::hovered, this, [this, index](QPointF fraction, bool inside) {
                showReadout(panels_[std::size_t(index)], fraction, inside);
            });
            panels_.push_back(panel);
        }
    if (cameras_.empty()) {
        Panel none{{}, mode, new ImageView(this), {}};
        none.view->setPlaceholder(tr("These rollouts have no camera."));
        panels_.push_back(none);
    }
    board_->setTitleHeight(panels_.front().view->titleHeight());
    std::vector<QWidget*> views;
    for (const Panel& panel : panels_)
        views.push_back(panel.view);
    board_->setPictures(views, static_cast<int>(modes.size()));
    bar_->setColours(coloursOf(mode));
    bar_->setLabel(mode == MapMode::Difference ? tr("ΔS, quantized − full precision") : tr("saliency S = ½|Δπ|²"));
    showFrames();
}

QString FramesView::titleOf(const Panel& panel) const {
    const QString camera = toQString(panel.camera);
    switch (panel.mode) {
        case MapMode::FullPrecision:
            return tr("%1 · full precision").arg(camera);
        case MapMode::Quantized:
            return tr("%1 · quantized").arg(camera);
        case MapMode::Difference:
            return tr("%1 · quantized − full precision").arg(camera);
        case MapMode::SideBySide:
            break;
    }
    return camera;
}

void FramesView::showFrames() {
    for (Panel& panel : panels_)
        for (const CameraFrame& frame : session_.frames().cameras)
            if (frame.key == toQString(panel.camera)) {
                panel.view->setImage(frame.image);
                if (!frame.image.isNull())
                    board_->setAspect(double(frame.image.width()) / frame.image.height());
                panel.view->setPlaceholder(frame.problem.isEmpty() ? tr("This picture's format cannot be shown.")
                                                                   : frame.problem);
            }
    showMaps();
}

const ColourMap& FramesView::coloursOf(MapMode mode) const {
    return mode == MapMode::Difference ? ColourMap::difference() : *colours_;
}

PlaceMap FramesView::mapOf(const StepMaps* maps, MapMode mode, const std::string& camera, QSize size) const {
    if (!maps || size.isEmpty())
        return {};
    const auto of = [&](const std::vector<PlaceScores>& scores) {
        return cameraMap(scores, camera, session_.card(), session_.comparison().spec, size);
    };
    switch (mode) {
        case MapMode::Quantized:
            return of(maps->quantized);
        case MapMode::Difference:
            return difference(of(maps->quantized), of(maps->fullPrecision));
        default:
            return of(maps->fullPrecision);
    }
}

double FramesView::largestOf(const StepMaps* maps) const {
    const bool isDifference = session_.selection().mapMode() == MapMode::Difference;
    if (episodeScale_)
        return isDifference ? session_.results().largestDifference() : session_.results().largestScore();
    double largest = 0;
    for (const Panel& panel : panels_)
        largest =
            std::max(largest, double(mapOf(maps, panel.mode, panel.camera, panel.view->image().size()).largest()));
    if (!maps || largest > 0)
        return largest;
    const bool quantized = session_.selection().mapMode() == MapMode::Quantized;
    for (const PlaceScores& scores : quantized ? maps->quantized : maps->fullPrecision)
        for (const float score : scores.scores)
            largest = std::max(largest, std::isfinite(score) ? double(score) : 0.0);
    return largest;
}

void FramesView::showMaps() {
    const StepFrames& frames = session_.frames();
    const StepMaps* maps = session_.results().maps(frames.episode, frames.step);
    const double largest = largestOf(maps);
    for (Panel& panel : panels_)
        showMap(panel, maps, largest);
    showStates(maps, largest);
    bar_->setColours(coloursOf(session_.selection().mapMode()));
    bar_->setLargest(largest);
    if (bar_->isHidden() == session_.hasPolicy()) {
        bar_->setVisible(session_.hasPolicy());
        board_->setTitleHeight(panels_.empty() ? 0 : panels_.front().view->titleHeight());
    }
}

void FramesView::showMap(Panel& panel, const StepMaps* maps, double largest) {
    panel.map = mapOf(maps, panel.mode, panel.camera, panel.view->image().size());
    HeatStyle style;
    style.colours = &coloursOf(panel.mode);
    style.largest = largest;
    panel.view->setOverlay(panel.map.isEmpty() ? QImage()
                                               : heatImage(panel.map, heatSize(panel.view->image().size()), style));
    const bool waiting = !maps && session_.hasPolicy() && !panel.view->image().isNull();
    if (waiting)
        panel.view->setReadout(session_.progress().paused ? tr("not analysed yet") : tr("computing saliency…"));
    else if (!panel.view->isHovered())
        panel.view->setReadout({});
}

void FramesView::showStates(const StepMaps* maps, double largest) {
    if (!maps && !stateStrips_.empty())
        return;  // they stay until the next ones are there: no flicker while scrubbing
    const MapMode mode = session_.selection().mapMode();
    std::vector<StateScores> states;
    if (maps && mode == MapMode::SideBySide) {
        for (StateScores& one : stateScores(maps->fullPrecision, session_.card()))
            states.push_back({tr("%1 · full precision").arg(one.key), std::move(one.scores)});
        for (StateScores& one : stateScores(maps->quantized, session_.card()))
            states.push_back({tr("%1 · quantized").arg(one.key), std::move(one.scores)});
    } else if (maps) {
        states = stateScores(mode == MapMode::Quantized ? maps->quantized : maps->fullPrecision, session_.card());
        const auto quantized =
            mode == MapMode::Difference ? stateScores(maps->quantized, session_.card()) : std::vector<StateScores>{};
        for (std::size_t index = 0; index < std::min(states.size(), quantized.size()); ++index)
            for (std::size_t place = 0; place < std::min(states[index].scores.size(), quantized[index].scores.size());
                 ++place)
                states[index].scores[place] = quantized[index].scores[place] - states[index].scores[place];
    }
    while (stateStrips_.size() > states.size()) {
        stateStrips_.back()->deleteLater();
        stateStrips_.pop_back();
    }
    while (stateStrips_.size() < states.size()) {
        stateStrips_.push_back(new StateStrip(this));
        strips_->addWidget(stateStrips_.back());
    }
    for (std::size_t index = 0; index < states.size(); ++index) {
        stateStrips_[index]->setTitle(states[index].key);
        stateStrips_[index]->setColours(coloursOf(mode), largest);
        stateStrips_[index]->setScores(states[index].scores);
    }
}

void FramesView::showReadout(const Panel& panel, QPointF fraction, bool inside) {
    if (!inside) {
        panel.view->setReadout({});
        return;
    }
    const QSize size = panel.view->image().size();
    QString text = tr("x %1, y %2 px").arg(int(fraction.x() * size.width())).arg(int(fraction.y() * size.height()));
    if (!panel.map.isEmpty()) {
        const double score = scoreAt(panel.map, fraction.x(), fraction.y());
        text += panel.mode == MapMode::Difference ? tr(" · ΔS %1").arg(withSign(score))
                                                  : tr(" · S %1").arg(significant(score));
    }
    panel.view->setReadout(text);
}

}  // namespace sqil
