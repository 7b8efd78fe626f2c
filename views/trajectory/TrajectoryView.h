#pragma once
#include <QStackedWidget>
#include <QTimer>

#include "views/figures/ViewExport.h"
#include "views/session/StudioSession.h"
#include "views/trajectory/PathScene.h"
#include "views/trajectory/SceneModel.h"
#include "views/trajectory/TrajectorySettings.h"

class QAction;
class QComboBox;
class QLabel;
class QMenu;

namespace sqil {

class ColourBar;
class EmptyState;
class OverlayMenu;
class PositionChooser;
class SpaceView;

/// The paths of end effector or base in space: tubes coloured by SIS or gap, the critical states on them, the current
/// step's frame at the cursor; other rollouts laid over them. Nothing is read, and no OpenGL asked for, before the dock
/// is looked at.
class TrajectoryView : public QStackedWidget, public FigureSource, public TableSource {
    Q_OBJECT
public:
    explicit TrajectoryView(StudioSession& session, QWidget* parent = nullptr);

    SpaceView* space() const { return space_; }
    const PositionSource& source() const { return source_; }
    /// The rollouts that are drawn, with their positions: first those that are shown in the window.
    const std::vector<PathFile>& files() const { return files_; }
    const std::vector<PathPlace>& places() const { return shown_.places; }  ///< of each path of the scene
    const std::vector<PathLegendEntry>& legend() const { return shown_.legend; }
    const PathOptions& options() const { return options_; }
    std::optional<Figure> figure() const override;
    std::optional<DataTable> dataTable() const override;

public slots:
    void setSource(const sqil::PositionSource& source);  ///< kept in the project
    void setColouring(sqil::PathColouring colouring);
    void setChoice(sqil::PathChoice choice);
    void setModel(const QString& file);  ///< MJCF; empty: none; kept in the project
    /// Rollouts laid over those that are shown, without these themselves; kept in the project.
    void setOver(std::vector<std::filesystem::path> files);

signals:
    void sceneChanged();

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeTools();
    QMenu* makeMenu(QWidget* parent);
    QComboBox* makeColours();
    void updateSource();
    void takeSettings(const TrajectorySettings& settings);
    void read();
    void takeReading(const PathReading& reading, const PositionSource& source);
    void buildLater();
    void build();
    void updateNote();
    void placeMarkers();
    void updateFrame();
    void chooseModel();
    void store(const char* setting, const std::string& value);
    std::vector<PathCompanion> companions() const;
    std::optional<QVector3D> pointAtCursor(const PathPlace& place) const;
    std::vector<SpaceGlyph> glyphsAtCursor(const std::vector<PathCompanion>& companions) const;
    QImage frameAtCursor() const;
    static std::array<QString, 3> axisNames();
    QString valueLabel() const;
    QString unit() const;
    bool isRead() const { return !files_.empty() && comparison_ == session_.comparison().id; }

    StudioSession& session_;
    int comparison_ = 0;  ///< whose paths these are
    PositionSource source_;
    std::vector<std::filesystem::path> over_;
    std::vector<PathFile> files_;
    PathOptions options_;
    PathScene shown_;
    std::vector<PathCompanion> companions_;
    QString modelFile_;
    SceneModel model_;
    bool fitNext_ = true;
    int reading_ = 0;
    int asked_ = -1;             ///< the current episode when positions were read last, or are being read
    PositionSource readSource_;  ///< of files_
    QStringList problems_;       ///< already told
    QTimer building_;

    SpaceView* space_;
    ColourBar* bar_;
    QLabel* note_;
    PositionChooser* position_;
    OverlayMenu* overlays_;
    QComboBox* colours_;
    std::array<QAction*, 3> choices_{};
    QAction* critical_;
    QAction* picture_;
    QAction* orthographic_;
    EmptyState* empty_;
    QWidget* page_;
};

}  // namespace sqil
