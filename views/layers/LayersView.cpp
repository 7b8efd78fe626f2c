#include "views/layers/LayersView.h"

#include <QActionGroup>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPointer>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>
#include <QUndoCommand>
#include <cmath>
#include <set>

#include "views/layers/BlameDelegate.h"
#include "views/session/Paths.h"
#include "widgets/ColourMap.h"
#include "widgets/EmptyState.h"
#include "widgets/GapPlot.h"
#include "widgets/GraphView.h"
#include "widgets/HistogramPlot.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr std::size_t kReadableBoxes = 60;
constexpr std::int64_t kBlamedUnasked = 20'000'000;  ///< parameters: up to here the blame takes seconds
constexpr int kWidths[] = {kFullPrecisionBits, 8, 7, 6, 5, 4, 3, 2};

/// New widths; typing several after another stays several commands, since each was looked at.
class SetWidths : public QUndoCommand {
public:
    SetWidths(const QString& text, std::vector<LayerBits> before, std::vector<LayerBits> after,
              std::function<bool(const std::vector<LayerBits>&)> apply)
        : QUndoCommand(text), before_(std::move(before)), after_(std::move(after)), apply_(std::move(apply)) {}
    void undo() override { setObsolete(!apply_(before_)); }
    void redo() override { setObsolete(!apply_(after_)); }

private:
    std::vector<LayerBits> before_, after_;
    std::function<bool(const std::vector<LayerBits>&)> apply_;
};

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

QString widthName(int bits) {
    return bits >= kFullPrecisionBits ? LayersView::tr("float") : QString::number(bits);
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
    splitter_->addWidget(makeSide());
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
            emit session_.errorOccurred(message);
            return;
        }
        empty_->setTexts(tr("These layers cannot be looked at"), message);
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

QComboBox* LayersView::makeWidths(const QString& toolTip, bool weights) {
    auto* widths = new QComboBox;
    widths->setToolTip(toolTip);
    widths->setAccessibleName(toolTip);
    for (const int width : kWidths)
        widths->addItem(widthName(width), width);
    connect(widths, &QComboBox::activated, this, [this, widths, weights](int index) {
        const int width = widths->itemData(index).toInt();
        weights ? setWidths(selectedLayers(), width, std::nullopt) : setWidths(selectedLayers(), std::nullopt, width);
    });
    return widths;
}

QWidget* LayersView::makeTools() {
    auto* tools = new QWidget;
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(10, 6, 10, 6);
    row->setSpacing(6);
    weightWidths_ = makeWidths(tr("Bits of the selected layers' weights (keys 2 to 8, 0: floating point)"), true);
    activationWidths_ =
        makeWidths(tr("Bits of what the selected layers read (Alt+2 to Alt+8, Alt+0: floating point)"), false);
    auto* more = new QToolButton;
    more->setText(tr("More"));
    more->setToolTip(tr("Blame, suggestions, files, colours"));
    more->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(more);
    menu->setToolTipsVisible(true);
    const auto command = [&](const QString& text, const QString& toolTip, auto run) {
        QAction* action = menu->addAction(text, this, run);
        action->setToolTip(toolTip);
        return action;
    };
    reset_ = command(tr("&Reset bits"), tr("Every layer as in the quantized policy again"), [this] { resetWidths(); });
    suggest_ = command(tr("Sug&gest bits…"), tr("Low weight bits for every layer within a budget for the action gap"),
                       [this] { chooseBudget(); });
    save_ = command(tr("&Save as policy…"), tr("Write these bits as a policy (.pt2) and compare it"),
                    [this] { chooseFile(); });
    menu->addSeparator();
    blame_ = command(tr("&Blame layers"), tr("Quantize each layer alone, and all but each, over recorded steps"),
                     [this] { computeBlame(); });
    menu->addSeparator();
    auto* colours = new QActionGroup(menu);
    for (const auto& [text, colouring] : {std::pair(tr("Colour by b&lame"), Colouring::Blame),
                                          std::pair(tr("Colour by weight bi&ts"), Colouring::Bits)}) {
        QAction* action = command(text, tr("Colours of the diagram's boxes"), [this, colouring = colouring] {
            colouring_ = colouring;
            updateDiagram(false);
        });
        action->setCheckable(true);
        action->setChecked(colouring == colouring_);
        colours->addAction(action);
    }
    menu->addSeparator();
    command(tr("&Fit the diagram"), tr("Double click beside a box"), [this] { diagram_->fit(); });
    command(tr("&Unfold every module"), tr("A double click on a box folds or unfolds its module"), [this] {
        folding_.unfoldAll();
        updateDiagram(true);
    });
    command(tr("F&old to fit"), tr("As many modules as leave the diagram readable"), [this] {
        folding_.foldToFit(kReadableBoxes);
        updateDiagram(true);
    });
    more->setMenu(menu);
    const auto label = [row](const QString& text, QWidget* buddy) {
        auto* made = new QLabel(text);
        made->setBuddy(buddy);
        row->addWidget(made);
        row->addWidget(buddy);
    };
    label(tr("&W"), weightWidths_);
    label(tr("&A"), activationWidths_);
    row->addStretch(1);
    row->addWidget(more);
    return tools;
}

QWidget* LayersView::makeSide() {
    auto* side = new QWidget;
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(10, 4, 4, 4);
    column->setSpacing(2);
    gapText_ = new QLabel;
    gapText_->setWordWrap(true);
    gapText_->setTextFormat(Qt::RichText);
    gapPlot_ = new GapPlot;
    gapPlot_->setNames(tr("Action gap over the episode's steps, normalized units"), tr("as quantized"),
                       tr("with these bits"));
    weightHistogram_ = new HistogramPlot;
    weightHistogram_->setTitle(tr("Weights"));
    weightHistogram_->setNames(tr("before"), tr("quantized"));
    activationHistogram_ = new HistogramPlot;
    activationHistogram_->setTitle(tr("What the layer reads"));
    activationHistogram_->setNames(tr("before"), tr("quantized"));
    column->addWidget(gapText_);
    column->addWidget(gapPlot_, 1);
    histograms_ = new QBoxLayout(QBoxLayout::TopToBottom);
    histograms_->addWidget(weightHistogram_, 1);
    histograms_->addWidget(activationHistogram_, 1);
    column->addLayout(histograms_, 1);
    return side;
}

void LayersView::showEvent(QShowEvent* event) {
    QStackedWidget::showEvent(event);
    updateSource();
}

/// A narrow dock has its parts above each other.
void LayersView::resizeEvent(QResizeEvent* event) {
    QStackedWidget::resizeEvent(event);
    const auto orientation = width() < 640 ? Qt::Vertical : Qt::Horizontal;
    if (splitter_->orientation() == orientation && splitter_->sizes().value(0) > 0)
        return;
    splitter_->setOrientation(orientation);
    // A low panel has its plots side by side: each keeps the height for its axis.
    histograms_->setDirection(orientation == Qt::Vertical ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    const int whole = orientation == Qt::Vertical ? height() : width();
    splitter_->setSizes({whole * 5 / 12, whole * 3 / 12, whole * 4 / 12});
}

/// Nothing is opened before the dock is looked at.
void LayersView::updateSource() {
    const Comparison& comparison = session_.comparison();
    if (!session_.hasPolicy() || !session_.hasRollouts()) {
        source_.id = 0;
        worker_.clearSource();
        empty_->setTexts(tr("No layers yet"), session_.hasPolicy() ? tr("Drop rollouts (.hdf5) on this window.")
                                                                   : tr("Drop a policy (.pt2) on this window."));
        setCurrentWidget(empty_);
        return;
    }
    if (!isVisible() || comparison.id == source_.id)
        return;
    source_ = {
        comparison.id,
        {comparison.policy.path, comparison.quantized ? comparison.quantized->path : std::filesystem::path(), {}},
        QuantSpec{},
        comparison.rollouts,
        comparison.project};
    recipeGaps_.clear();
    editedGaps_.clear();
    blaming_ = false;
    empty_->setTexts(tr("Opening the layers…"), {});
    setCurrentWidget(empty_);
    worker_.setSource(source_);
}

void LayersView::showContent(const LayersContent& content) {
    opened_ = content.source;
    recipe_ = content.bits;
    model_->setContent(content.outline, content.layers);
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

void LayersView::setWidths(const std::vector<std::size_t>& layers, std::optional<int> weights,
                           std::optional<int> activations) {
    if (!isOpen() || layers.empty())
        return;
    std::vector<LayerBits> bits = model_->bits();
    for (const std::size_t chosen : layers)
        for (const std::size_t layer : model_->layers()[chosen].sharing) {
            if (weights)
                bits[layer].weights = *weights;
            if (activations)
                bits[layer].activations = *activations;
        }
    const QString what = layers.size() == 1 ? toQString(model_->layers()[layers.front()].name)
                                            : tr("%n layer(s)", nullptr, int(layers.size()));
    pushWidths(weights ? tr("Set weights of %1 to %2 bits").arg(what, widthName(*weights))
                       : tr("Set activations of %1 to %2 bits").arg(what, widthName(activations.value_or(0))),
               bits);
}

void LayersView::resetWidths() {
    if (isOpen())
        pushWidths(tr("Reset the layers' bits"), recipe_);
}

void LayersView::pushWidths(const QString& text, const std::vector<LayerBits>& bits) {
    if (bits == model_->bits())
        return;
    session_.undoStack().push(
        new SetWidths(text, model_->bits(), bits,
                      [view = QPointer<LayersView>(this), source = source_.id](const std::vector<LayerBits>& wanted) {
                          if (!view || view->source_.id != source || !view->isOpen())
                              return false;  // other policies by now
                          view->applyWidths(wanted);
                          return true;
                      }));
}

void LayersView::applyWidths(const std::vector<LayerBits>& bits) {
    model_->setBits(bits);
    if (!isEdited())
        editedGaps_.clear();
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
    if (recipeGaps_.empty())
        worker_.requestGaps(recipe_, session_.selection().episode());
    else if (isEdited())
        worker_.requestGaps(model_->bits(), session_.selection().episode());
    else
        gapPlot_->setCourses(recipeGaps_, {});
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

void LayersView::computeBlame() {
    if (!isOpen() || blaming_)
        return;
    blaming_ = true;
    updateTools();
    session_.jobs().start<BlameReport>(
        tr("Blaming layers"),
        [source = source_, bits = model_->bits(),
         atRecipe = !isEdited()](const Progress& progress) -> Result<BlameReport> {
            const auto sensitivity = LayerSensitivity::open(source.paths, source.rollouts, source.spec, progress);
            if (!sensitivity)
                return tl::unexpected(sensitivity.error());
            auto report = (*sensitivity)->blame(bits, source.blameSteps, BlameRuns::AloneAndAllBut, progress);
            if (!report)
                return report;
            auto project = Project::open(source.project);
            if (!project)
                return tl::unexpected(project.error());
            if (!(*project)->readOnly()) {
                const auto kept = (*project)->putResult({0,
                                                         kBlameResult,
                                                         blameSpecification(source.paths, source.rollouts->info().path,
                                                                            **sensitivity, bits, source.blameSteps),
                                                         toJson(*report, (*sensitivity)->layers()),
                                                         {}});
                if (!kept)
                    return tl::unexpected(kept.error());
            }
            return report;
        },
        [view = QPointer<LayersView>(this), source = source_.id](Result<BlameReport> report) {
            if (!view || view->source_.id != source)
                return;
            view->blaming_ = false;
            if (report)
                view->takeReport(*report);
            else
                emit view->session_.errorOccurred(toQString(report.error().message));
            view->updateTools();
        });
}

void LayersView::takeReport(const BlameReport& report) {
    model_->setReport(report);
    updateDiagram(false);
}

void LayersView::chooseBudget() {
    const double now = meanAndLargest(recipeGaps_).first;
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Suggest bits"));
    dialog->setLabelText(tr("Largest mean action gap (normalized units) over %1 recorded steps:\n"
                            "now %2 in this episode")
                             .arg(source_.blameSteps)
                             .arg(significant(now)));
    dialog->setInputMode(QInputDialog::DoubleInput);
    dialog->setDoubleDecimals(5);
    dialog->setDoubleRange(0.00001, 1e6);
    dialog->setDoubleValue(std::isfinite(now) ? std::max(0.00001, now / 2) : 0.1);
    connect(dialog, &QInputDialog::doubleValueSelected, this, &LayersView::suggest);
    dialog->open();
}

void LayersView::suggest(double budget) {
    if (!isOpen())
        return;
    session_.jobs().start<BitSuggestion>(
        tr("Looking for low bits"),
        [source = source_, bits = model_->bits(), budget](const Progress& progress) -> Result<BitSuggestion> {
            const auto sensitivity = LayerSensitivity::open(source.paths, source.rollouts, source.spec, progress);
            if (!sensitivity)
                return tl::unexpected(sensitivity.error());
            return suggestBits(**sensitivity, bits, budget, source.blameSteps, progress);
        },
        [view = QPointer<LayersView>(this), source = source_.id](Result<BitSuggestion> suggestion) {
            if (!view || view->source_.id != source)
                return;
            if (suggestion)
                view->pushWidths(tr("Take the suggested bits (%1 a weight)").arg(suggestion->meanWeightBits, 0, 'f', 1),
                                 suggestion->bits);
            else
                emit view->session_.errorOccurred(toQString(suggestion.error().message));
        });
}

void LayersView::chooseFile() {
    const auto folder = toQString(source_.project.parent_path());
    QString file = QFileDialog::getSaveFileName(
        this, tr("Save as policy"),
        folder + QLatin1Char('/') + toQString(source_.paths.policy.stem()) + QStringLiteral("-mixed.pt2"),
        tr("Policies (*.pt2)"));
    if (file.isEmpty())
        return;
    if (!file.endsWith(QLatin1String(".pt2")))
        file += QStringLiteral(".pt2");
    saveAs(file);
}

void LayersView::saveAs(const QString& path) {
    if (!isOpen())
        return;
    struct Saved {};
    session_.jobs().start<Saved>(
        tr("Saving the policy"),
        [source = source_, bits = model_->bits(), path = toPath(path)](const Progress& progress) -> Result<Saved> {
            const auto sensitivity = LayerSensitivity::open(source.paths, source.rollouts, source.spec, progress);
            if (!sensitivity)
                return tl::unexpected(sensitivity.error());
            if (auto saved = (*sensitivity)->save(bits, path, progress); !saved)
                return tl::unexpected(saved.error());
            return Saved{};
        },
        [view = QPointer<LayersView>(this), path](Result<Saved> saved) {
            if (!view)
                return;
            if (saved)
                view->session_.openFiles({path});
            else
                emit view->session_.errorOccurred(toQString(saved.error().message));
        });
}

std::optional<DataTable> LayersView::dataTable() const {
    if (!isOpen())
        return std::nullopt;
    std::vector<QString> names, operators;
    std::vector<qint64> parameters, weights, activations;
    std::vector<double> alone, allBut;
    for (std::size_t index = 0; index < model_->layers().size(); ++index) {
        const SensitiveLayer& layer = model_->layers()[index];
        names.push_back(toQString(layer.name));
        operators.push_back(toQString(layer.target));
        parameters.push_back(layer.parameters);
        weights.push_back(model_->bits()[index].weights);
        activations.push_back(model_->bits()[index].activations);
        const auto& report = model_->report();
        alone.push_back(report ? report->layers[index].alone : std::nan(""));
        allBut.push_back(report ? report->layers[index].allBut : std::nan(""));
    }
    return DataTable{QStringLiteral("layers"),
                     {{QStringLiteral("layer"), names},
                      {QStringLiteral("operator"), operators},
                      {QStringLiteral("weights"), parameters},
                      {QStringLiteral("weight bits"), weights},
                      {QStringLiteral("activation bits"), activations},
                      {QStringLiteral("gap alone (normalized)"), alone},
                      {QStringLiteral("gap all but (normalized)"), allBut}}};
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

QColor LayersView::colourOf(const std::vector<std::size_t>& layers) const {
    if (layers.empty())
        return {};
    double value = 0;
    if (colouring_ == Colouring::Bits) {
        int narrowest = kFullPrecisionBits;
        for (const std::size_t layer : layers)
            narrowest = std::min(narrowest, model_->bits()[layer].weights);
        // 8 bits and more dark, 2 bits bright.
        value = narrowest > 8 ? 0 : 0.25 + 0.75 * (8 - narrowest) / 6.0;
    } else {
        if (!model_->report())
            return {};
        double largest = 0;
        for (const LayerBlame& blame : model_->report()->layers)
            largest = std::max(largest, blame.alone);
        for (const std::size_t layer : layers)
            value = std::max(value, model_->report()->layers[layer].alone);
        value = largest > 0 ? value / largest : 0;
    }
    return QColor(ColourMap::viridis().at(0.12 + 0.88 * value));
}

GraphBox LayersView::boxOf(const GraphFolding::Box& box) const {
    const OutlineNode& first = folding_.outline().nodes[box.nodes.front()];
    std::vector<std::size_t> layers;
    for (const std::size_t node : box.nodes)
        if (const auto layer = model_->layerOfNode(node))
            layers.push_back(*layer);
    const QModelIndex index = model_->indexOfNode(box.nodes.front());
    const auto cell = [&](const QModelIndex& row, int column) { return row.siblingAtColumn(column).data().toString(); };
    GraphBox made;
    made.colour = colourOf(layers);
    if (box.isFolded()) {
        made.collapsed = true;
        made.title = toQString(box.module);
        made.name = tr("%n operator(s)", nullptr, int(box.nodes.size())) +
                    (layers.empty() ? QString() : tr(", %n layer(s)", nullptr, int(layers.size())));
        made.detail = cell(model_->indexOfNode(box.nodes.back()), LayersModel::Shape);
        made.toolTip = tr("%1\nDouble click or Return: show its parts").arg(made.title);
        return made;
    }
    made.title = cell(index, LayersModel::Operator);
    if (first.target.empty()) {
        made.title = toQString(first.name);
        made.detail = cell(index, LayersModel::Shape);
        made.toolTip = tr("Input of the policy");
        return made;
    }
    made.detail = cell(index, LayersModel::Shape);
    made.toolTip = index.data(Qt::ToolTipRole).toString();
    if (layers.empty())
        return made;
    const LayerBits bits = model_->bits()[layers.front()];
    made.name = toQString(model_->layers()[layers.front()].name);
    made.detail = QStringLiteral("W%1A%2").arg(bits.weights).arg(bits.activations);
    if (model_->report())
        made.detail += QStringLiteral(" · ") + significant(model_->report()->layers[layers.front()].alone);
    made.toolTip += QLatin1Char('\n') + tr("Output: %1").arg(cell(index, LayersModel::Shape)) + QLatin1Char('\n') +
                    tr("Below: bits of weights and activations, and the gap that the layer makes alone");
    return made;
}

void LayersView::updateDiagram(bool rebuild) {
    std::vector<GraphBox> boxes;
    for (const GraphFolding::Box& box : folding_.boxes())
        boxes.push_back(boxOf(box));
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

bool LayersView::handleKey(int key, bool activations) {
    int width = 0;
    if (key == Qt::Key_0)
        width = kFullPrecisionBits;
    else if (key >= Qt::Key_2 && key <= Qt::Key_8)
        width = 2 + (key - Qt::Key_2);
    else
        return false;
    activations ? setWidths(selectedLayers(), std::nullopt, width) : setWidths(selectedLayers(), width, std::nullopt);
    return true;
}

/// In the tree, digits are bits, whatever they are elsewhere in the window.
bool LayersView::eventFilter(QObject* object, QEvent* event) {
    if (object == tree_ && (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress)) {
        auto* key = static_cast<QKeyEvent*>(event);
        const auto modifiers = key->modifiers() & ~Qt::KeypadModifier;
        const bool isWidth = key->key() == Qt::Key_0 || (key->key() >= Qt::Key_2 && key->key() <= Qt::Key_8);
        if (isWidth && (modifiers == Qt::NoModifier || modifiers == Qt::AltModifier)) {
            if (event->type() == QEvent::KeyPress)
                return handleKey(key->key(), modifiers == Qt::AltModifier);
            event->accept();
            return true;
        }
    }
    return QStackedWidget::eventFilter(object, event);
}

}  // namespace sqil
