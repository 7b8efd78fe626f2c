#pragma once
#include <QStackedWidget>
#include <map>

#include "views/figures/ViewExport.h"
#include "views/layers/LayerBoxes.h"
#include "views/session/StudioSession.h"
#include "widgets/GraphView.h"

class QAction;
class QBoxLayout;
class QComboBox;
class QLabel;
class QSplitter;
class QTreeView;

namespace sqil {

class EmptyState;
class GapPlot;
class HistogramPlot;

/// The policy's graph as a tree and a diagram, each layer's blame, and its bits: editing them runs the current episode
/// again and shows the gap that the choice would have.
class LayersView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    /// Boxes that a diagram can have and still be read unasked.
    static constexpr std::size_t kReadableBoxes = 60;

    explicit LayersView(StudioSession& session, QWidget* parent = nullptr);
    ~LayersView() override;

    LayersModel& model() { return *model_; }
    QTreeView* tree() const { return tree_; }
    GraphView* diagram() const { return diagram_; }
    GapPlot* gapPlot() const { return gapPlot_; }
    HistogramPlot* weightHistogram() const { return weightHistogram_; }
    const std::vector<float>& recipeGaps() const { return recipeGaps_; }
    const std::vector<float>& editedGaps() const { return editedGaps_; }  ///< empty: nothing is edited
    bool isEdited() const;
    RecordId policy() const { return policy_; }  ///< the compared one whose layers are shown; 0: none is compared
    QComboBox* policyBox() const { return policies_; }
    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;
    /// The layers shown are those of the policies compared; while the dock is not in front, they may not be.
    bool isOpen() const { return source_.id != 0 && opened_ == source_.id && comparison_ == session_.comparison().id; }

public slots:
    /// One of the compared policies: its layers, their blame and bits are shown.
    void setPolicy(sqil::RecordId policy);
    /// One undo step. Layers that share a weight go together.
    void setWidths(const std::vector<std::size_t>& layers, std::optional<int> weights, std::optional<int> activations);
    void resetWidths();  ///< the recipe's
    void computeBlame();
    void suggest(double budget);
    void saveAs(const QString& path);

signals:
    void widthsChanged();
    void gapsChanged();

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    /// Whose bits are edited.
    struct Pair {
        std::filesystem::path project;
        RecordId policy = 0, quantized = 0;
        auto operator<=>(const Pair&) const = default;
    };

    QWidget* makeTools();
    QWidget* makeSide();
    QComboBox* makeWidths(const QString& toolTip, bool weights);
    void updateSource();
    void openPolicy();
    void offerPolicies();
    QString policyName() const;
    void showContent(const LayersContent& content);
    void applyWidths(const std::vector<LayerBits>& bits);
    bool restoreWidths(const Pair& pair, const std::vector<LayerBits>& bits);
    void pushWidths(const QString& text, const std::vector<LayerBits>& bits);
    void requestGaps();
    void takeGaps(int episode, const std::vector<LayerBits>& bits, const std::vector<float>& gaps);
    void takeReport(const BlameReport& report);
    void updateGapText();
    void updateTools();
    void updateDiagram(bool rebuild);
    void followTree();
    void selectBox(int box);
    void activateBox(int box);
    void showHistograms();
    void chooseBudget();
    void chooseFile();
    bool handleKey(int key, bool activations);
    std::vector<std::size_t> selectedLayers() const;
    static QString widthName(int bits);
    static double meanGap(const std::vector<float>& gaps);

    StudioSession& session_;
    LayersModel* model_;
    LayersWorker worker_;
    LayersSource source_;
    int comparison_ = 0;  ///< whose policies these are
    int sources_ = 0, opened_ = 0;
    RecordId policy_ = 0, primary_ = 0;
    Pair pair_;                                     ///< of source_
    std::map<Pair, std::vector<LayerBits>> edits_;  ///< unsaved, of every pair that was edited, whatever is shown
    bool blaming_ = false;
    bool following_ = false;
    GraphFolding folding_;
    std::vector<LayerBits> recipe_;
    std::vector<float> recipeGaps_, editedGaps_;
    LayerColouring colouring_ = LayerColouring::Blame;

    QTreeView* tree_;
    GraphView* diagram_;
    HistogramPlot* weightHistogram_;
    HistogramPlot* activationHistogram_;
    GapPlot* gapPlot_;
    QBoxLayout* histograms_;
    QLabel* gapText_;
    QComboBox* policies_;
    QComboBox* weightWidths_;
    QComboBox* activationWidths_;
    QAction* reset_;
    QAction* blame_;
    QAction* suggest_;
    QAction* save_;
    QSplitter* splitter_;
    QWidget* side_;
    EmptyState* empty_;
    QWidget* page_;
};

}  // namespace sqil
