#pragma once
#include <QStackedWidget>
#include <vector>

#include "views/figures/ViewExport.h"
#include "views/session/StudioSession.h"
#include "widgets/HeatMap.h"

class QComboBox;
class QHBoxLayout;
class QMenu;
class QSlider;
class QVBoxLayout;

namespace sqil {

class ColourBar;
class EmptyState;
class ImageView;
class PictureBoard;
class SegmentedControl;
class StateStrip;

/// The cameras of the step under the cursor, with the policy's saliency over them.
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

private:
    /// One picture: a camera under one policy's saliency.
    struct Panel {
        std::string camera;
        MapMode mode = MapMode::FullPrecision;
        ImageView* view = nullptr;
        PlaceMap map;
    };

    QWidget* makeHeader();
    void rebuildPanels();
    void showFrames();
    void showMaps();
    void showMap(Panel& panel, const StepMaps* maps, double largest);
    void showStates(const StepMaps* maps, double largest);
    void showReadout(const Panel& panel, QPointF fraction, bool inside);
    void updateModes();
    void updateEmptyState();
    PlaceMap mapOf(const StepMaps* maps, MapMode mode, const std::string& camera, QSize size) const;
    double largestOf(const StepMaps* maps) const;
    const ColourMap& coloursOf(MapMode mode) const;
    QString titleOf(const Panel& panel) const;

    StudioSession& session_;
    EmptyState* empty_;
    QHBoxLayout* header_;
    SegmentedControl* modes_;
    QSlider* opacity_;
    QComboBox* colourBox_;
    QComboBox* scaleBox_;
    PictureBoard* board_;
    QVBoxLayout* strips_;
    ColourBar* bar_;
    std::vector<Panel> panels_;
    std::vector<StateStrip*> stateStrips_;
    std::vector<std::string> cameras_;
    const ColourMap* colours_;
    bool smooth_ = true;
    bool episodeScale_ = false;
};

}  // namespace sqil
