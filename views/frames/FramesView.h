#pragma once
#include <QStackedWidget>
#include <vector>

#include "views/figures/ViewExport.h"
#include "views/frames/PanelMaps.h"
#include "views/session/StudioSession.h"
#include "widgets/HeatMap.h"

class QComboBox;
class QMenu;
class QSlider;
class QToolButton;

namespace sqil {

class ColourBar;
class EmptyState;
class FoldingBar;
class ImageView;
class PictureBoard;
class PerturbationPeek;
class SegmentedControl;
class StateStrips;

/// The cameras of the step under the cursor, with saliency over them: of the reference, of every compared policy, and
/// their differences, side by side.
class FramesView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit FramesView(StudioSession& session, QWidget* parent = nullptr);
    ~FramesView() override;

    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;
    void setMenu(QMenu* menu);  ///< a button for it at the end of the header

    double opacity() const;
    std::vector<ImageView*> pictures() const;
    const ColourMap& colours() const { return *colours_; }
    QToolButton* peekButton() const { return peekButton_; }
    bool isPeeking() const;  ///< the perturbation under the mouse is shown: toggled, or Alt is held

public slots:
    void setOpacity(double opacity);
    void changeOpacity(double by) { setOpacity(opacity() + by); }
    void setSmooth(bool smooth);
    void setColours(const QString& name);
    void setEpisodeScale(bool episode);  ///< colours end at the episode's largest score instead of the frame's

public:
    bool isSmooth() const { return smooth_; }
    bool hasEpisodeScale() const { return episodeScale_; }

signals:
    void optionsChanged();

protected:
    bool eventFilter(QObject* object, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    /// One picture: what it shows, and where.
    struct Panel {
        SaliencyPanel what;
        ImageView* view = nullptr;
        PlaceMap map;
    };
    struct Scales {
        double largest = 0, largestDifference = 0;
    };

    QWidget* makeHeader();
    void addOverlayControls(FoldingBar* header);
    ImageView* makePicture(const SaliencyPanel& what, int index);
    void rebuildPanels();
    void showFrames();
    void showMaps();
    void showMap(Panel& panel, const Scales& scales);
    void showHover();
    void updateModes();
    void updateEmptyState();
    Scales scales() const;

    StudioSession& session_;
    EmptyState* empty_;
    FoldingBar* header_;
    SegmentedControl* modes_;
    QSlider* opacity_;
    QComboBox* colourBox_;
    QComboBox* scaleBox_;
    PictureBoard* board_;
    StateStrips* strips_;
    ColourBar* bar_;
    ColourBar* differenceBar_;
    QToolButton* peekButton_;
    PerturbationPeek* peek_;
    std::vector<Panel> panels_;
    std::vector<SaliencyPanel> statePanels_;  ///< what the strips beneath show
    int hovered_ = -1;                        ///< the panel under the mouse
    QPointF hoveredAt_;                       ///< fractions of its picture
    bool altPeek_ = false;
    const ColourMap* colours_;
    bool smooth_ = true;
    bool episodeScale_ = false;
};

}  // namespace sqil
