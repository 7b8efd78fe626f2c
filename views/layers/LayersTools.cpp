// The bar over the layers, its menu, and the plots at the side.
#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

#include "views/layers/LayersView.h"
#include "widgets/GapPlot.h"
#include "widgets/HistogramPlot.h"

namespace sqil {
namespace {

constexpr int kWidths[] = {kFullPrecisionBits, 8, 7, 6, 5, 4, 3, 2};

}  // namespace

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
    more->setProperty("hasWords", true);  // room for the arrow beside them
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
    for (const auto& [text, colouring] : {std::pair(tr("Colour by b&lame"), LayerColouring::Blame),
                                          std::pair(tr("Colour by weight bi&ts"), LayerColouring::Bits)}) {
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
        folding_.foldToFit(LayersView::kReadableBoxes);
        updateDiagram(true);
    });
    more->setMenu(menu);
    const auto label = [row](const QString& text, QWidget* buddy) {
        auto* made = new QLabel(text);
        made->setBuddy(buddy);
        row->addWidget(made);
        row->addWidget(buddy);
    };
    policies_ = new QComboBox;
    policies_->setToolTip(tr("The compared policy whose layers are shown"));
    policies_->setAccessibleName(policies_->toolTip());
    policies_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    policies_->setMinimumContentsLength(9);
    connect(policies_, &QComboBox::activated, this,
            [this](int index) { setPolicy(policies_->itemData(index).toLongLong()); });
    row->addWidget(policies_, 1);
    label(tr("&W"), weightWidths_);
    label(tr("&A"), activationWidths_);
    row->addStretch(0);
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

}  // namespace sqil
