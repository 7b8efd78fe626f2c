#include "views/frames/FramesView.h"

#include <QApplication>
#include <QBoxLayout>
#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QSlider>
#include <QToolButton>
#include <cmath>

#include "views/frames/PerturbationPeek.h"
#include "views/frames/SaliencyFigure.h"
#include "views/frames/StateStrips.h"
#include "views/session/Paths.h"
#include "views/session/StepProbe.h"
#include "widgets/ColourBar.h"
#include "widgets/DockTitleBar.h"
#include "widgets/EmptyState.h"
#include "widgets/FoldingBar.h"
#include "widgets/ImageView.h"
#include "widgets/Numbers.h"
#include "widgets/PictureBoard.h"
#include "widgets/SegmentedControl.h"

namespace sqil {
namespace {

constexpr int kHeatPixels = 384;  ///< longer side of the overlay: smooth at any zoom, 1 ms to make
constexpr std::size_t kMostInARow = 5;

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
    auto* legend = new QWidget(board_);
    auto* bars = new QHBoxLayout(legend);
    bars->setContentsMargins(0, 0, 0, 0);
    bars->setSpacing(4);
    bar_ = new ColourBar(legend);
    differenceBar_ = new ColourBar(legend);
    bar_->setLabel(tr("saliency S = ½|Δπ|²"));
    differenceBar_->setLabel(tr("ΔS, quantized − full precision"));
    differenceBar_->setColours(ColourMap::difference());
    bars->addWidget(bar_);
    bars->addWidget(differenceBar_);
    board_->setLegend(legend);
    column->addWidget(board_, 1);
    strips_ = new StateStrips(page);
    column->addWidget(strips_);
    addWidget(page);
    empty_ = new EmptyState(this);
    addWidget(empty_);

    peek_ = new PerturbationPeek(session_, this);
    connect(peek_, &PerturbationPeek::ready, this, &FramesView::showHover);
    qApp->installEventFilter(this);

    Selection& selection = session_.selection();
    connect(&selection, &Selection::mapModeChanged, this, [this] { rebuildPanels(); });
    connect(&session_.probe(), &StepProbe::mapsChanged, this, &FramesView::showMaps);
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

FramesView::~FramesView() {
    for (const Panel& panel : panels_)
        panel.view->disconnect(this);
}

QWidget* FramesView::makeHeader() {
    auto* header = header_ = new FoldingBar(tr("Overlay…"), this);
    header->popupButton()->setToolTip(tr("Opacity, colours and scale of the saliency, and the perturbation"));
    modes_ = new SegmentedControl(header);
    modes_->setAccessibleName(tr("Saliency shown"));
    modes_->addSegment(int(MapMode::FullPrecision), tr("Full precision"),
                       tr("Where the full-precision policy looks (1)"));
    modes_->addSegment(int(MapMode::Quantized), tr("Quantized"), tr("Where the quantized policy looks (2)"));
    modes_->addSegment(int(MapMode::Difference), tr("Difference"), tr("Quantized minus full precision (3)"));
    modes_->addSegment(int(MapMode::SideBySide), tr("Both"),
                       tr("Full precision and every compared policy side by side (4)"));
    modes_->addSegment(int(MapMode::Everything), tr("All"),
                       tr("Full precision, every compared policy and their differences (5)"));
    connect(modes_, &SegmentedControl::chosen, this, [this](int id) { session_.selection().setMapMode(MapMode(id)); });
    header->addWidget(modes_);
    peekButton_ = new QToolButton(header);
    peekButton_->setText(tr("Perturbation"));
    peekButton_->setCheckable(true);
    peekButton_->setAutoRaise(true);
    peekButton_->setFocusPolicy(Qt::TabFocus);
    peekButton_->setToolTip(tr(
        "Shows the picture as the policy saw it with the place under the mouse perturbed (while Alt is held, or always "
        "with this button)"));
    connect(peekButton_, &QToolButton::toggled, this, &FramesView::showHover);
    header->addFoldable(peekButton_);
    addOverlayControls(header);
    return header;
}

void FramesView::addOverlayControls(FoldingBar* header) {
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
    header->addFoldable(overlayLabel);
    header->addFoldable(opacity_);

    colourBox_ = new QComboBox(header);
    colourBox_->setAccessibleName(tr("Colour map"));
    colourBox_->setToolTip(tr("Colour map of the saliency"));
    colourBox_->setIconSize(QSize(32, 12));
    colourBox_->setFocusPolicy(Qt::TabFocus);
    for (const ColourMap* map : ColourMap::sequential())
        colourBox_->addItem(swatch(*map), map->name());
    connect(colourBox_, &QComboBox::textActivated, this, &FramesView::setColours);
    header->addFoldable(colourBox_);

    scaleBox_ = new QComboBox(header);
    scaleBox_->setAccessibleName(tr("Colour scale"));
    scaleBox_->setToolTip(
        tr("Where the colours end: at the largest score of the frame, which shows faint maps, or of the episode, "
           "which makes frames comparable"));
    scaleBox_->setFocusPolicy(Qt::TabFocus);
    scaleBox_->addItems({tr("Scale: frame"), tr("Scale: episode")});
    connect(scaleBox_, &QComboBox::activated, this, [this](int index) { setEpisodeScale(index == 1); });
    header->addFoldable(scaleBox_);
}

std::optional<Figure> FramesView::figure() const {
    return saliencyFigure(session_, {colours_, opacity(), episodeScale_});
}

std::optional<DataTable> FramesView::dataTable() const {
    return saliencyTable(session_);
}

void FramesView::setMenu(QMenu* menu) {
    header_->addLast(makeMenuButton(menu, tr("Frames"), this));
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
    for (const MapMode mode : {MapMode::Quantized, MapMode::Difference, MapMode::SideBySide, MapMode::Everything})
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

ImageView* FramesView::makePicture(const SaliencyPanel& what, int index) {
    auto* view = new ImageView(this);
    view->setTitle(titleOf(what, session_));
    view->setPlaceholder(tr("Reading…"));
    view->setSmooth(smooth_);
    view->setOverlayOpacity(opacity());
    connect(view, &ImageView::hovered, this, [this, index](QPointF fraction, bool inside) {
        if (!inside && hovered_ != index)
            return;
        hovered_ = inside ? index : -1;
        hoveredAt_ = fraction;
        showHover();
    });
    // Zoomed and moved together: the same place is seen in every picture.
    connect(view, &ImageView::viewChanged, this, [this, view](double zoom, QPointF pan) {
        for (const Panel& panel : panels_)
            if (panel.view != view)
                panel.view->setView(zoom, pan);
    });
    return view;
}

void FramesView::rebuildPanels() {
    const MapMode mode = session_.selection().mapMode();
    modes_->setCurrent(int(mode));
    const double zoom = panels_.empty() ? 1 : panels_.front().view->zoom();
    const QPointF pan = panels_.empty() ? QPointF() : panels_.front().view->pan();
    for (Panel& panel : panels_)
        panel.view->deleteLater();
    panels_.clear();
    hovered_ = -1;
    statePanels_ = panelsOf(mode, {}, session_.comparedCount());
    if (const RolloutsInfo* info = session_.rolloutsInfo())
        for (const KeySpec& key : info->observations)
            if (key.isImage())
                for (const SaliencyPanel& what : panelsOf(mode, key.name, session_.comparedCount()))
                    panels_.push_back({what, makePicture(what, static_cast<int>(panels_.size())), {}});
    if (panels_.empty()) {
        Panel none;
        none.view = new ImageView(this);
        none.view->setPlaceholder(tr("These rollouts have no camera."));
        panels_.push_back(none);
    }
    board_->setTitleHeight(panels_.front().view->titleHeight());
    std::vector<QWidget*> views;
    for (const Panel& panel : panels_)
        views.push_back(panel.view);
    // A camera's pictures stay in one row, unless they would be too many to be seen.
    board_->setPictures(views, statePanels_.size() <= kMostInARow ? static_cast<int>(statePanels_.size()) : 1);
    const auto has = [&](bool differences) {
        return std::any_of(statePanels_.begin(), statePanels_.end(), [&](const SaliencyPanel& panel) {
            return (panel.kind == SaliencyPanel::Kind::Difference) == differences;
        });
    };
    bar_->setVisible(session_.hasPolicy() && has(false));
    differenceBar_->setVisible(session_.hasPolicy() && has(true));
    session_.probe().setMapsWanted(isVisible() && mode != MapMode::FullPrecision);
    showFrames();
    for (const Panel& panel : panels_)
        panel.view->setView(zoom, pan);
}

void FramesView::showFrames() {
    for (Panel& panel : panels_)
        for (const CameraFrame& frame : session_.frames().cameras)
            if (frame.key == toQString(panel.what.camera)) {
                panel.view->setImage(frame.image);
                if (!frame.image.isNull())
                    board_->setAspect(double(frame.image.width()) / frame.image.height());
                panel.view->setPlaceholder(frame.problem.isEmpty() ? tr("This picture's format cannot be shown.")
                                                                   : frame.problem);
            }
    showMaps();
}

FramesView::Scales FramesView::scales() const {
    const StepFrames& frames = session_.frames();
    Scales scales;
    if (episodeScale_)  // of the maps that are kept; those of the step are counted as well
        scales = {session_.results().largestScore(), session_.results().largestDifference()};
    for (const Panel& panel : panels_) {
        const double largest = double(panel.map.largest());
        double& end = panel.what.kind == SaliencyPanel::Kind::Difference ? scales.largestDifference : scales.largest;
        end = std::max(end, largest);
    }
    // Where no picture is perturbed, the strips have the scale to themselves.
    if (scales.largest <= 0)
        scales.largest = StateStrips::largestOf(statePanels_, session_, frames.episode, frames.step, false);
    if (scales.largestDifference <= 0)
        scales.largestDifference = StateStrips::largestOf(statePanels_, session_, frames.episode, frames.step, true);
    return scales;
}

void FramesView::showMaps() {
    const StepFrames& frames = session_.frames();
    for (Panel& panel : panels_)
        panel.map = mapOf(panel.what, session_, frames.episode, frames.step, panel.view->image().size());
    const Scales ends = scales();
    for (Panel& panel : panels_)
        showMap(panel, ends);
    strips_->show(statePanels_, session_, frames.episode, frames.step, *colours_, ends.largest, ends.largestDifference);
    bar_->setColours(*colours_);
    bar_->setLargest(ends.largest);
    differenceBar_->setLargest(ends.largestDifference);
    showHover();
}

void FramesView::showMap(Panel& panel, const Scales& scales) {
    const bool isDifference = panel.what.kind == SaliencyPanel::Kind::Difference;
    HeatStyle style;
    style.colours = isDifference ? &ColourMap::difference() : colours_;
    style.largest = isDifference ? scales.largestDifference : scales.largest;
    panel.view->setOverlay(panel.map.isEmpty() ? QImage()
                                               : heatImage(panel.map, heatSize(panel.view->image().size()), style));
    const StepFrames& frames = session_.frames();
    const bool waiting = session_.hasPolicy() && !panel.view->image().isNull() &&
                         !scoresOf(panel.what, session_, frames.episode, frames.step);
    const QString problem = panel.what.kind == SaliencyPanel::Kind::FullPrecision
                                ? QString()
                                : session_.probe().problem(panel.what.compared);
    if (waiting)
        panel.view->setReadout(!problem.isEmpty()           ? problem
                               : session_.progress().paused ? tr("not analysed yet")
                                                            : tr("computing saliency…"));
    else if (!panel.view->isHovered())
        panel.view->setReadout({});
}

bool FramesView::isPeeking() const {
    return peekButton_->isChecked() || altPeek_;
}

/// What the mouse is over: the score there, and the perturbation as it was applied.
void FramesView::showHover() {
    const Panel* under =
        hovered_ >= 0 && hovered_ < static_cast<int>(panels_.size()) ? &panels_[std::size_t(hovered_)] : nullptr;
    for (const Panel& panel : panels_)
        if (&panel != under) {
            panel.view->setPeek({}, {});
            if (panel.map.isEmpty() == false)
                panel.view->setReadout({});
        }
    if (!under)
        return;
    const QSize size = under->view->image().size();
    QString text = tr("x %1, y %2 px").arg(int(hoveredAt_.x() * size.width())).arg(int(hoveredAt_.y() * size.height()));
    const int place = nearestPlace(under->map, hoveredAt_);
    if (place < 0) {
        under->view->setPeek({}, {});
        if (!session_.hasPolicy())
            under->view->setReadout(text);
        return;
    }
    const double score = double(under->map.scores[std::size_t(place)]);
    const int row = place / under->map.columns, column = place % under->map.columns;
    text += under->what.kind == SaliencyPanel::Kind::Difference
                ? tr(" · ΔS %1 at place %2, %3").arg(withSign(score)).arg(column).arg(row)
                : tr(" · S %1 at place %2, %3").arg(significant(score)).arg(column).arg(row);
    const PerturbationPeek::Peek* peek = isPeeking() ? peek_->peek(under->what.camera, place) : nullptr;
    if (peek && !peek->problem.isEmpty())
        text += QStringLiteral(" · ") + peek->problem;
    under->view->setPeek(peek ? peek->picture : QImage(), peek ? peek->reach : QRectF());
    under->view->setReadout(text);
    if (isPeeking() && !peek)
        peek_->request(under->what.camera, place);
}

bool FramesView::eventFilter(QObject* object, QEvent* event) {
    const bool isKey = event->type() == QEvent::KeyPress || event->type() == QEvent::KeyRelease ||
                       event->type() == QEvent::ShortcutOverride;
    if (isKey && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Alt && (hovered_ >= 0 || altPeek_)) {
        // The menu bar does not get this Alt: it belongs to the picture under the mouse.
        altPeek_ = event->type() != QEvent::KeyRelease;
        showHover();
        return true;
    }
    if (event->type() == QEvent::ApplicationDeactivate && altPeek_) {
        altPeek_ = false;
        showHover();
    }
    return QStackedWidget::eventFilter(object, event);
}

void FramesView::showEvent(QShowEvent* event) {
    QStackedWidget::showEvent(event);
    session_.probe().setMapsWanted(session_.selection().mapMode() != MapMode::FullPrecision);
}

void FramesView::hideEvent(QHideEvent* event) {
    QStackedWidget::hideEvent(event);
    session_.probe().setMapsWanted(false);
}

}  // namespace sqil
