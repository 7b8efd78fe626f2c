#pragma once
#include <QImage>
#include <QWidget>
#include <array>
#include <functional>
#include <optional>

#include "widgets/SpaceAxes.h"
#include "widgets/SpaceRenderer.h"

namespace sqil {

/// A SpaceScene to look at from all sides. Left drag: turn; middle or right drag, or Shift: move; wheel: zoom; double
/// click: everything; a click picks the nearest point of a path. Axes, the marker's picture and labels are drawn over
/// the rendered scene. OpenGL is asked for when the view is first shown; without it, the view says so.
class SpaceView : public QWidget {
    Q_OBJECT
public:
    explicit SpaceView(QWidget* parent = nullptr);
    ~SpaceView() override;

    /// `unit` of the axes ("m"); may be empty. Keeps the camera unless `fit`.
    void setScene(SpaceScene scene, const std::array<QString, 3>& axes, const QString& unit, bool fit);
    const SpaceScene& scene() const { return scene_; }
    /// The marker and its picture: cheap, for every step of a scrub.
    void setMarker(std::optional<QVector3D> point);
    /// Balls beside the marker, of its size whatever their radius: where others are at that moment.
    void setCompanions(std::vector<SpaceGlyph> companions);
    const std::vector<SpaceGlyph>& companions() const { return companions_; }
    void setPicture(const QImage& picture);  ///< null: none
    void setMarkerColour(QColor colour);

    const SpaceCamera& camera() const { return camera_; }
    const SpaceAxes& axes() const { return axes_; }
    void look(SpaceCamera::Preset preset);
    void fit();
    void setOrthographic(bool orthographic);
    std::optional<QVector3D> marker() const { return marker_; }
    std::optional<QPointF> positionOf(const QVector3D& point) const;  ///< in the widget

    /// What is shown at `scale` times the widget's size, for files; null without OpenGL.
    QImage picture(double scale);
    /// Another scene with its own colours, from anywhere: the view stays as it is. Null without OpenGL.
    QImage render(const SpaceScene& scene, const SpaceCamera& camera, const QSize& size);
    const QString& problem() const { return problem_; }  ///< why nothing can be drawn; empty: it can, or was not asked
    bool isFitted() const { return fitted_; }            ///< everything is shown, until the user looks elsewhere
    bool isDrawn() const { return !frame_.isNull(); }
    qint64 framesDrawn() const { return frames_; }

    QSize sizeHint() const override { return {420, 320}; }
    QSize minimumSizeHint() const override { return {140, 120}; }

signals:
    void picked(int path, int point);
    void cameraMoved();
    void problemChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Nearest {
        int path = -1, point = -1;
        QPointF position;
    };

    bool hasRenderer();
    void redraw();  ///< the rendered scene is out of date
    void moved();   ///< by the user
    void renderFrame(double scale, QImage& frame);
    void drawOver(QPainter& painter) const;
    std::optional<Nearest> nearest(const QPointF& position) const;

    SpaceScene scene_;
    SpaceAxes axes_;
    SpaceCamera camera_;
    std::unique_ptr<SpaceRenderer> renderer_;
    bool asked_ = false;
    QString problem_;
    bool sceneChanged_ = true, dirty_ = true;
    QImage frame_;
    qint64 frames_ = 0;
    std::optional<QVector3D> marker_;
    QColor markerColour_ = Qt::white;
    std::vector<SpaceGlyph> companions_;
    QImage picture_;
    std::optional<QPointF> dragFrom_;
    bool dragged_ = false, panning_ = false, fitted_ = true;
};

}  // namespace sqil
