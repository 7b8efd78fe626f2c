#pragma once
#include <QStackedWidget>
#include <QTimer>
#include <map>

#include "views/figures/ViewExport.h"
#include "views/session/StudioSession.h"
#include "views/trajectory/PositionKeys.h"
#include "views/trajectory/SceneModel.h"

class QAction;
class QComboBox;
class QLabel;

namespace sqil {

class ColourBar;
class EmptyState;
class SpaceView;

/// The paths of end effector or base in space: tubes coloured by SIS or gap, the critical states on them, the current
/// step's frame at the cursor. Nothing is read, and no OpenGL asked for, before the dock is looked at.
class TrajectoryView : public QStackedWidget, public TableSource {
    Q_OBJECT
public:
    enum class Colouring { Sis = 1, Gap, Outcome, Recorded };
    enum class Episodes { Current = 1, All };

    explicit TrajectoryView(StudioSession& session, QWidget* parent = nullptr);

    SpaceView* space() const { return space_; }
    const PositionSource& source() const { return source_; }
    int episodeOfPath(int path) const { return path < int(episodeOfPath_.size()) ? episodeOfPath_[path] : -1; }
    Colouring colouring() const { return colouring_; }
    Episodes episodes() const { return episodes_; }
    std::optional<DataTable> dataTable() const override;

public slots:
    void setSource(const sqil::PositionSource& source);  ///< kept in the project
    void setColouring(Colouring colouring);
    void setEpisodes(Episodes episodes);
    void setModel(const QString& file);  ///< MJCF; empty: none; kept in the project
    void savePicture(const QString& file);

signals:
    void sceneChanged();

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeTools();
    void updateSource();
    void takeStored(const std::optional<std::string>& source, const std::optional<std::string>& model);
    void read();
    void takePositions(const std::map<int, std::vector<float>>& positions);
    void buildLater();
    void build();
    void placeMarker();
    void updateFrame();
    void fillKeys();
    void chooseElements();
    void chooseModel();
    void choosePicture();
    void store(const char* setting, const std::string& value);
    std::vector<int> shownEpisodes() const;
    double largestValue() const;
    QColor colourOfOutcome(int episode) const;
    QString unit() const;
    const std::vector<float>* positionsOf(int episode) const;

    StudioSession& session_;
    int comparison_ = 0;  ///< whose paths these are
    PositionSource source_;
    std::vector<PositionSource> proposals_;
    std::map<int, std::vector<float>> positions_;  ///< by episode
    std::vector<int> episodeOfPath_;
    Colouring colouring_ = Colouring::Sis;
    Episodes episodes_ = Episodes::All;
    QString modelFile_;
    SceneModel model_;
    bool fitNext_ = true;
    int reading_ = 0;
    QTimer building_;

    SpaceView* space_;
    ColourBar* bar_;
    QLabel* note_;
    QComboBox* keys_;
    std::array<QComboBox*, 3> elements_{};
    QComboBox* colours_;
    QAction* all_;
    QAction* critical_;
    QAction* picture_;
    QAction* orthographic_;
    EmptyState* empty_;
    QWidget* page_;
};

}  // namespace sqil
