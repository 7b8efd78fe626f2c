#include "views/layers/LayersView.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QTreeView>
#include <cmath>
#include <set>

#include "views/layers/BlameDelegate.h"
#include "views/layers/LayersFigure.h"
#include "views/session/Paths.h"
#include "widgets/EmptyState.h"
#include "widgets/GapPlot.h"
#include "widgets/GraphView.h"
#include "widgets/HistogramPlot.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr int kNarrow = 640, kRoomForPlots = 460, kRoomForDiagram = 620;  ///< pixels
constexpr std::int64_t kBlamedUnasked = 20'000'000;  ///< parameters: up to here the blame takes seconds

std::pair<double, double> meanAndLargest(const std::vector<float>& gaps) {
    double sum = 0, largest = 0;
    std::size_t count = 0;
    for (const float gap : gaps)
        if (std::isfinite(gap)) {
            sum += gap;
            largest = std::max(largest, double(gap));
            ++count;
        }
    return {count ? sum / double(count) : std::nan(""), largest};
}

}  // namespace

LayersView::LayersView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent), session_(session), model_(new LayersModel(this)) {
    page_ = new QWidget(this);
    auto* column = new QVBoxLayout(page_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    tree_ = new QTreeView;
    diagram_ = new GraphView;
    column->addWidget(makeTools());
    splitter_ = new QSplitter(page_);
    tree_->setModel(model_);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setUniformRowHeights(true);
    tree_->setIndentation(12);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->setSelectionBehavior(QAbstractItemView::SelectRows);
    tree_->setAllColumnsShowFocus(true);
    tree_->setAccessibleName(tr("Layers"));
    tree_->setItemDelegateForColumn(LayersModel::Alone, new BlameDelegate(tree_));
    tree_->setItemDelegateForColumn(LayersModel::AllBut, new BlameDelegate(tree_));
    tree_->installEventFilter(this);
    splitter_->addWidget(tree_);
    splitter_->addWidget(diagram_);
    side_ = makeSide();
    splitter_->addWidget(side_);
    splitter_->setStretchFactor(0, 5);
    splitter_->setStretchFactor(1, 3);
    splitter_->setStretchFactor(2, 4);
    column->addWidget(splitter_, 1);
    addWidget(page_);
    empty_ = new EmptyState(this);
    addWidget(empty_);

    connect(tree_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        followTree();
        updateTools();
    });
    connect(empty_, &EmptyState::buttonClicked, this, &LayersView::offerPolicies);
    connect(diagram_, &GraphView::boxSelected, this, &LayersView::selectBox);
    connect(diagram_, &GraphView::boxActivated, this, &LayersView::activateBox);
    connect(gapPlot_, &GapPlot::stepPicked, &session_.selection(), &Selection::setStep);
    connect(&session_.selection(), &Selection::stepChanged, gapPlot_, &GapPlot::setCursorStep);
    connect(&session_.selection(), &Selection::episodeChanged, this, [this] {
        recipeGaps_.clear();
        editedGaps_.clear();
        requestGaps();
    });
    connect(&session_, &StudioSession::comparisonChanged, this, &LayersView::updateSource);
    connect(&worker_, &LayersWorker::opened, this, [this](const LayersContent& content) {
        if (content.source == source_.id)
            showContent(content);
    });
    connect(&worker_, &LayersWorker::gapsComputed, this,
            [this](int source, int episode, const std::vector<LayerBits>& bits, const std::vector<float>& gaps) {
                if (source == source_.id)
                    takeGaps(episode, bits, gaps);
            });
    connect(&worker_, &LayersWorker::histogramsComputed, this,
            [this](int source, std::size_t layer, const LayerHistograms& histograms) {
                const auto selected = model_->layerOf(tree_->currentIndex());
                if (source != source_.id || selected != layer)
                    return;
                const auto counts = [](const QuantizationHistogram& each) {
                    return HistogramPlot::Counts{each.minimum, each.maximum, each.before, each.after};
                };
                weightHistogram_->setCounts(counts(histograms.weights));
                activationHistogram_->setCounts(counts(histograms.activations));
            });
    connect(&worker_, &LayersWorker::failed, this, [this](int source, const QString& message) {
        if (source != source_.id)
            return;
        if (isOpen()) {
            for (HistogramPlot* histogram : {weightHistogram_, activationHistogram_})
                if (histogram->isEmpty())
                    histogram->clearCounts({});  // nothing is being computed any more
            emit session_.errorOccurred(message);
            return;
        }
        empty_->setTexts(tr("These layers cannot be looked at"), message);
        empty_->setButton(policies_->count() > 1 ? tr("Another policy…") : QString());
        setCurrentWidget(empty_);
    });
    // Cancelled jobs bring nothing back: the button is there again when the last job is gone.
    connect(
        &session_.jobs(), &JobTracker::changed, this,
        [this] {
            if (blaming_ && !session_.jobs().isBusy()) {
                blaming_ = false;
                updateTools();
            }
        },
        Qt::QueuedConnection);
    updateSource();
}

LayersView::~LayersView() = default;

void LayersView::showEvent(QShowEvent* event) {
    QStackedWidget::showEvent(event);
    updateSource();
}

/// A narrow dock has its parts above each other, a small one only those that have room: the tree goes last.
void LayersView::resizeEvent(QResizeEvent* event) {
    QStackedWidget::resizeEvent(event);
    const auto orientation = width() < kNarrow ? Qt::Vertical : Qt::Horizontal;
    const bool stacked = orientation == Qt::Vertical;
    const bool withDiagram = !stacked || height() >= kRoomForDiagram, withPlots = !stacked || height() >= kRoomForPlots;
    const bool same = withDiagram == diagram_->isVisibleTo(splitter_) && withPlots == side_->isVisibleTo(splitter_);
    if (same && splitter_->orientation() == orientation && splitter_->sizes().value(0) > 0)
        return;
    diagram_->setVisible(withDiagram);
    side_->setVisible(withPlots);
    splitter_->setOrientation(orientation);
    // Beside the tree the histograms are low: side by side, each keeps the height for its axis.
    histograms_->setDirection(stacked ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    const int whole = stacked ? height() : width();
    splitter_->setSizes({whole * 5 / 12, whole * 3 / 12, whole * 4 / 12});
}

/// Nothing is opened before the dock is looked at.
void LayersView::updateSource() {
    const Comparison& comparison = session_.comparison();
    if (!session_.hasPolicy() || !session_.hasRollouts()) {
        source_.id = comparison_ = 0;
        worker_.clearSource();
        empty_->setTexts(tr("No layers yet"), session_.hasPolicy() ? tr("Drop rollouts (.hdf5) on this window.")
                                                                   : tr("Drop a policy (.pt2) on this window."));
        setCurrentWidget(empty_);
        return;
    }
    if (!isVisible() || comparison.id == comparison_)
        return;
    comparison_ = comparison.id;
    // Another primary policy is what is to be looked at now; else the choice stays.
    const RecordId primary = comparison.quantized ? comparison.quantized->id : 0;
    if (primary != primary_ || !session_.isCompared(policy_))
        policy_ = primary;
    primary_ = primary;
    openPolicy();
}

/// The layers of the chosen one of the compared policies.
void LayersView::openPolicy() {
    const Comparison& comparison = session_.comparison();
    policies_->clear();
    std::filesystem::path quantized;
    for (std::size_t index = 0; index < comparison.comparedCount(); ++index) {
        const PolicyRecord& compared = comparison.compared(index);
        policies_->addItem(session_.comparedName(index), qlonglong(compared.id));
        if (compared.id != policy_)
            continue;
        policies_->setCurrentIndex(int(index));
        quantized = compared.path;
    }
    policies_->setVisible(policies_->count() > 1);
    source_ = {
        ++sources_, {comparison.policy.path, quantized, {}}, QuantSpec{}, comparison.rollouts, comparison.project};
    pair_ = {comparison.project, comparison.policy.id, policy_};
    recipeGaps_.clear();
    editedGaps_.clear();
    blaming_ = false;
    empty_->setTexts(tr("Opening the layers…"), {});
    empty_->setButton({});
    setCurrentWidget(empty_);
    worker_.setSource(source_);
}

void LayersView::setPolicy(RecordId policy) {
    if (policy == policy_ || !session_.isCompared(policy) || comparison_ != session_.comparison().id)
        return;
    policy_ = policy;
    openPolicy();
}

QString LayersView::policyName() const {
    return policies_->count() > 0 ? policies_->currentText() : QString();
}

/// Where the layers of one compared policy cannot be shown, those of another may.
void LayersView::offerPolicies() {
    QMenu menu(this);
    for (int index = 0; index < policies_->count(); ++index)
        if (const RecordId policy = policies_->itemData(index).toLongLong(); policy != policy_)
            menu.addAction(policies_->itemText(index), this, [this, policy] { setPolicy(policy); });
    menu.exec(QCursor::pos());
}

void LayersView::showContent(const LayersContent& content) {
    opened_ = content.source;
    recipe_ = content.bits;
    model_->setContent(content.outline, content.layers);
    if (const auto edited = edits_.find(pair_); edited != edits_.end() && edited->second.size() == recipe_.size())
        model_->setBits(edited->second);
    if (content.report)
        model_->setReport(content.report);
    folding_ = GraphFolding(content.outline);
    folding_.foldToFit(kReadableBoxes);
    updateDiagram(true);
    tree_->expandAll();
    QHeaderView* header = tree_->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setMinimumSectionSize(40);
    // Blame and bits first: they must not be scrolled to.
    const int order[] = {LayersModel::Name,       LayersModel::Alone,          LayersModel::AllBut,
                         LayersModel::WeightBits, LayersModel::ActivationBits, LayersModel::Operator,
                         LayersModel::Shape,      LayersModel::Parameters};
    for (int place = 0; place < LayersModel::ColumnCount; ++place)
        header->moveSection(header->visualIndex(order[place]), place);
    setCurrentWidget(page_);
    // The first layer: there is always something to see.
    for (std::size_t node = 0; node < content.outline.nodes.size(); ++node)
        if (model_->layerOfNode(node)) {
            tree_->setCurrentIndex(model_->indexOfNode(node));
            break;
        }
    updateTools();
    requestGaps();
    std::int64_t parameters = 0;
    for (const SensitiveLayer& layer : content.layers)
        parameters += layer.parameters;
    if (!content.report && parameters <= kBlamedUnasked)
        computeBlame();
}

bool LayersView::isEdited() const {
    return isOpen() && model_->bits() != recipe_;
}

std::vector<std::size_t> LayersView::selectedLayers() const {
    std::set<std::size_t> layers;
    for (const QModelIndex& index : tree_->selectionModel()->selectedRows())
        for (const std::size_t layer : model_->layersBelow(index))
            layers.insert(layer);
    return {layers.begin(), layers.end()};
}

void LayersView::applyWidths(const std::vector<LayerBits>& bits) {
    model_->setBits(bits);
    edits_[pair_] = bits;
    editedGaps_.clear();  // of the bits before
    updateDiagram(false);
    updateTools();
    showHistograms();
    requestGaps();
    emit widthsChanged();
}

void LayersView::requestGaps() {
    if (!isOpen() || session_.selection().episode() < 0)
        return;
    updateGapText();
    gapPlot_->setCursorStep(session_.selection().step());
    if (recipeGaps_.empty()) {
        worker_.requestGaps(recipe_, session_.selection().episode());
        return;
    }
    gapPlot_->setCourses(recipeGaps_, editedGaps_);
    if (isEdited())
        worker_.requestGaps(model_->bits(), session_.selection().episode());
}

void LayersView::takeGaps(int episode, const std::vector<LayerBits>& bits, const std::vector<float>& gaps) {
    if (episode != session_.selection().episode())
        return;
    if (bits == recipe_)
        recipeGaps_ = gaps;
    if (bits == model_->bits())
        editedGaps_ = isEdited() ? gaps : std::vector<float>{};
    gapPlot_->setCourses(recipeGaps_, editedGaps_);
    gapPlot_->setCursorStep(session_.selection().step());
    if (isEdited() && bits == recipe_)
        worker_.requestGaps(model_->bits(), episode);
    updateGapText();
    emit gapsChanged();
}

double LayersView::meanGap(const std::vector<float>& gaps) {
    return meanAndLargest(gaps).first;
}

void LayersView::updateGapText() {
    const auto episode = session_.episodeName(session_.selection().episode());
    if (recipeGaps_.empty()) {
        gapText_->setText(tr("Gap of %1: being computed…").arg(episode.toHtmlEscaped()));
        return;
    }
    const auto [mean, largest] = meanAndLargest(recipeGaps_);
    if (!isEdited()) {
        gapText_->setText(tr("Gap of %1: mean <b>%2</b>, largest <b>%3</b>")
                              .arg(episode.toHtmlEscaped(), significant(mean), significant(largest)));
        return;
    }
    const auto [newMean, newLargest] = meanAndLargest(editedGaps_);
    const bool known = !editedGaps_.empty();
    gapText_->setText(tr("Gap of %1: mean %2 → <b>%3</b>, largest %4 → <b>%5</b>")
                          .arg(episode.toHtmlEscaped(), significant(mean),
                               known ? significant(newMean) : QStringLiteral("…"), significant(largest),
                               known ? significant(newLargest) : QStringLiteral("…")));
}

void LayersView::takeReport(const BlameReport& report) {
    model_->setReport(report);
    updateDiagram(false);
}

std::optional<Figure> LayersView::figure() const {
    if (!isOpen())
        return std::nullopt;
    LayersPicture picture;
    picture.policy = session_.policyName();
    picture.quantized = policyName();
    picture.episode = session_.episodeName(session_.selection().episode());
    picture.colours = colouring_ == LayerColouring::Bits ? tr("colour: bits of the weights, fewer are brighter")
                      : model_->report()                 ? tr("colour: blame, more is brighter")
                                                         : QString();
    picture.boxes = diagram_->boxes();
    picture.edges = diagram_->edges();
    picture.selectedBox = diagram_->selected();
    picture.recipeGaps = recipeGaps_;
    picture.editedGaps = editedGaps_;
    picture.step = session_.selection().step();
    if (const auto layer = model_->layerOf(tree_->currentIndex())) {
        picture.selectedLayer = layer;
        picture.layer = toQString(model_->layers()[*layer].name);
        picture.weights = weightHistogram_->counts();
        picture.activations = activationHistogram_->counts();
    }
    return layersFigure(std::move(picture), *model_);
}

std::optional<DataTable> LayersView::dataTable() const {
    return isOpen() ? std::optional(layersTable(policyName(), *model_)) : std::nullopt;
}

void LayersView::updateTools() {
    const std::vector<std::size_t> layers = isOpen() ? selectedLayers() : std::vector<std::size_t>{};
    const auto showWidth = [&](QComboBox* widths, auto width) {
        widths->setEnabled(!layers.empty());
        int shown = layers.empty() ? -1 : widths->findData(width(model_->bits()[layers.front()]));
        for (const std::size_t layer : layers)
            if (widths->findData(width(model_->bits()[layer])) != shown)
                shown = -1;
        widths->setCurrentIndex(shown);
    };
    showWidth(weightWidths_, [](LayerBits bits) { return bits.weights; });
    showWidth(activationWidths_, [](LayerBits bits) { return bits.activations; });
    reset_->setEnabled(isEdited());
    blame_->setEnabled(isOpen() && !blaming_);
    suggest_->setEnabled(isOpen());
    save_->setEnabled(isOpen() && (isEdited() || !session_.hasQuantized()));
}

void LayersView::updateDiagram(bool rebuild) {
    std::vector<GraphBox> boxes = layerBoxes(folding_, *model_, colouring_);
    if (rebuild)
        diagram_->setGraph(std::move(boxes), folding_.edges());
    else
        diagram_->updateBoxes(std::move(boxes));
}

void LayersView::followTree() {
    if (following_)
        return;
    const auto node = model_->nodeOf(tree_->currentIndex());
    if (node)
        diagram_->setSelected(folding_.boxOf(*node));
    showHistograms();
}

void LayersView::showHistograms() {
    const auto layer = model_->layerOf(tree_->currentIndex());
    if (!layer) {
        weightHistogram_->clearCounts(tr("Select a layer"));
        activationHistogram_->clearCounts({});
        return;
    }
    // Figures must not have the counts of the layer before.
    weightHistogram_->clearCounts(tr("Being computed…"));
    activationHistogram_->clearCounts({});
    worker_.requestHistograms(*layer, model_->bits()[*layer]);
}

void LayersView::selectBox(int box) {
    const auto& nodes = folding_.boxes()[std::size_t(box)].nodes;
    following_ = true;
    tree_->setCurrentIndex(model_->indexOfNode(nodes.front()));
    if (nodes.size() > 1) {  // all of the module's layers can be edited at once
        QItemSelection all;
        for (const std::size_t node : nodes)
            if (model_->layerOfNode(node)) {
                const QModelIndex index = model_->indexOfNode(node);
                all.select(index, index.siblingAtColumn(LayersModel::ColumnCount - 1));
            }
        tree_->selectionModel()->select(all, QItemSelectionModel::ClearAndSelect);
    }
    tree_->scrollTo(tree_->currentIndex());
    following_ = false;
    showHistograms();
}

void LayersView::activateBox(int box) {
    const GraphFolding::Box activated = folding_.boxes()[std::size_t(box)];
    const std::size_t node = activated.nodes.front();
    if (activated.isFolded())
        folding_.unfold(activated.module);
    else if (!folding_.foldAround(node))
        return;
    updateDiagram(true);
    diagram_->setSelected(folding_.boxOf(node));
}

}  // namespace sqil
