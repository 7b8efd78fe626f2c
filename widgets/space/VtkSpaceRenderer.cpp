// The 3-D module: SpaceRenderer by VTK, in an OpenGL context of its own. The only file that includes VTK.
#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkCubeSource.h>
#include <vtkCylinderSource.h>
#include <vtkFloatArray.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkGlyph3DMapper.h>
#include <vtkLight.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>
#include <vtkSphereSource.h>
#include <vtkTransform.h>
#include <vtkTubeFilter.h>
#include <vtkUnsignedCharArray.h>

#include <QCoreApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <algorithm>
#include <cmath>
#include <cstring>

#include "widgets/SpaceRenderer.h"

namespace sqil {
namespace {

constexpr int kTubeSides = 10;
constexpr int kRound = 20;  // facets of balls

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SpaceRenderer)
};

/// Makes a context current, and puts back what was current before: other parts of the window may draw with OpenGL too.
class Current {
public:
    Current(QOpenGLContext& context, QSurface& surface)
        : before_(QOpenGLContext::currentContext()), beforeSurface_(before_ ? before_->surface() : nullptr) {
        ok_ = context.makeCurrent(&surface);
    }
    ~Current() {
        if (before_ && beforeSurface_)
            before_->makeCurrent(beforeSurface_);
        else if (QOpenGLContext* now = QOpenGLContext::currentContext())
            now->doneCurrent();
    }
    bool isOk() const { return ok_; }

private:
    QOpenGLContext* before_;
    QSurface* beforeSurface_;
    bool ok_ = false;
};

void setColour(vtkProperty* property, QRgb colour) {
    property->SetColor(qRed(colour) / 255.0, qGreen(colour) / 255.0, qBlue(colour) / 255.0);
    property->SetOpacity(qAlpha(colour) / 255.0);
}

vtkNew<vtkUnsignedCharArray> colourArray() {
    vtkNew<vtkUnsignedCharArray> colours;
    colours->SetName("colours");
    colours->SetNumberOfComponents(3);
    return colours;
}

void append(vtkUnsignedCharArray* colours, QRgb colour) {
    colours->InsertNextTuple3(qRed(colour), qGreen(colour), qBlue(colour));
}

class VtkSpaceRenderer final : public SpaceRenderer {
public:
    bool open(QString& problem) {
        QSurfaceFormat format;
        format.setRenderableType(QSurfaceFormat::OpenGL);
        format.setVersion(3, 2);
        format.setProfile(QSurfaceFormat::CoreProfile);
        format.setSwapInterval(0);
        context_.setFormat(format);
        if (!context_.create() || context_.isOpenGLES() || context_.format().version() < std::pair(3, 2)) {
            problem = Words::tr("This display has no OpenGL 3.2, which the 3-D view needs. Everything else works.");
            return false;
        }
        surface_.setFormat(context_.format());
        surface_.create();
        const Current current(context_, surface_);
        if (!surface_.isValid() || !current.isOk()) {
            problem = Words::tr("OpenGL refuses to draw on this display. Everything else works.");
            return false;
        }
        const auto* name = reinterpret_cast<const char*>(context_.functions()->glGetString(GL_RENDERER));
        const QString device = QString::fromLatin1(name ? name : "");
        // Software draws every sample: there smooth edges cost more than they are worth.
        const bool software = device.contains(QLatin1String("llvmpipe")) || device.contains(QLatin1String("softpipe"));
        window_->SetOwnContext(false);
        window_->SetReadyForRendering(true);
        window_->SetMapped(true);
        window_->SetSupportsOpenGL(1);
        window_->SetIsDirect(1);
        window_->SetIsCurrent(true);
        window_->SetForceMaximumHardwareLineWidth(1);
        window_->SetFrameBlitModeToNoBlit();
        window_->SetMultiSamples(software ? 0 : 4);
        window_->SetSize(64, 64);
        window_->OpenGLInitContext();
        renderer_->SetUseFXAA(software);
        window_->AddRenderer(renderer_);
        renderer_->AutomaticLightCreationOff();
        vtkNew<vtkLight> headlight;
        headlight->SetLightTypeToHeadlight();
        headlight->SetIntensity(1.0);
        renderer_->AddLight(headlight);
        marker_->SetThetaResolution(kRound);
        marker_->SetPhiResolution(kRound);
        marker_->SetRadius(1);
        markerMapper_->SetInputConnection(marker_->GetOutputPort());
        return true;
    }

    ~VtkSpaceRenderer() override {
        const Current current(context_, surface_);
        renderer_->RemoveAllViewProps();
        window_->Finalize();
    }

    void setScene(const SpaceScene& scene) override {
        const Current current(context_, surface_);
        for (const auto& actor : actors_)
            renderer_->RemoveActor(actor);
        actors_.clear();
        renderer_->SetBackground(scene.background.redF(), scene.background.greenF(), scene.background.blueF());
        addLines(scene.lines);
        // Tubes of one radius are one actor: the number of draw calls does not grow with the episodes.
        std::vector<float> radii;
        for (const SpacePath& path : scene.paths)
            if (std::find(radii.begin(), radii.end(), path.radius) == radii.end())
                radii.push_back(path.radius);
        for (const float radius : radii)
            addTubes(scene.paths, radius);
        addGlyphs(scene.glyphs);
        for (const SpaceSolid& solid : scene.solids)
            addSolid(solid);
    }

    void setMarkers(const std::vector<SpaceGlyph>& markers) override {
        while (markers_.size() < markers.size()) {
            markers_.emplace_back(vtkSmartPointer<vtkActor>::New());
            markers_.back()->SetMapper(markerMapper_);
            renderer_->AddActor(markers_.back());
        }
        for (std::size_t index = 0; index < markers_.size(); ++index) {
            vtkActor* actor = markers_[index];
            actor->SetVisibility(index < markers.size());
            if (index >= markers.size())
                continue;
            const SpaceGlyph& marker = markers[index];
            actor->SetPosition(marker.point.x(), marker.point.y(), marker.point.z());
            actor->SetScale(marker.radius);
            setColour(actor->GetProperty(), marker.colour);
            actor->GetProperty()->SetAmbient(0.35);
        }
    }

    QImage render(const SpaceCamera& view, const QSize& size) override {
        if (size.isEmpty())
            return {};
        const Current current(context_, surface_);
        if (!current.isOk())
            return {};
        window_->SetSize(size.width(), size.height());
        vtkCamera* camera = renderer_->GetActiveCamera();
        const QVector3D position = view.position(), up = view.up();
        camera->SetPosition(position.x(), position.y(), position.z());
        camera->SetFocalPoint(view.centre.x(), view.centre.y(), view.centre.z());
        camera->SetViewUp(up.x(), up.y(), up.z());
        camera->SetViewAngle(SpaceCamera::viewAngle);
        camera->SetParallelProjection(view.orthographic);
        camera->SetParallelScale(view.parallelScale());
        renderer_->ResetCameraClippingRange();
        window_->Render();
        QImage image(size, QImage::Format_RGBA8888);
        vtkNew<vtkUnsignedCharArray> pixels;
        window_->GetRGBACharPixelData(0, 0, size.width() - 1, size.height() - 1, 0, pixels);
        const auto bytes = std::size_t(size.width()) * std::size_t(size.height()) * 4;
        if (pixels->GetNumberOfValues() < vtkIdType(bytes))
            return {};
        for (int row = 0; row < size.height(); ++row)  // OpenGL's first row is the lowest
            std::memcpy(image.scanLine(size.height() - 1 - row), pixels->GetPointer(vtkIdType(row) * size.width() * 4),
                        std::size_t(size.width()) * 4);
        return image.convertToFormat(QImage::Format_RGB32);
    }

private:
    vtkActor* add(vtkPolyDataMapper* mapper) {
        vtkNew<vtkActor> actor;
        actor->SetMapper(mapper);
        renderer_->AddActor(actor);
        actors_.emplace_back(actor);
        return actor;
    }

    void addLines(const std::vector<SpaceLine>& lines) {
        if (lines.empty())
            return;
        vtkNew<vtkPoints> points;
        vtkNew<vtkCellArray> cells;
        const auto colours = colourArray();
        for (const SpaceLine& line : lines) {
            const vtkIdType ends[2] = {points->InsertNextPoint(line.from.x(), line.from.y(), line.from.z()),
                                       points->InsertNextPoint(line.to.x(), line.to.y(), line.to.z())};
            cells->InsertNextCell(2, ends);
            append(colours, line.colour);
        }
        vtkNew<vtkPolyData> data;
        data->SetPoints(points);
        data->SetLines(cells);
        data->GetCellData()->SetScalars(colours);
        vtkNew<vtkPolyDataMapper> mapper;
        mapper->SetInputData(data);
        add(mapper)->GetProperty()->LightingOff();
    }

    void addTubes(const std::vector<SpacePath>& paths, float radius) {
        vtkNew<vtkPoints> points;
        vtkNew<vtkCellArray> cells;
        const auto colours = colourArray();
        for (const SpacePath& path : paths) {
            if (path.radius != radius || path.points.size() != path.colours.size())
                continue;
            // Where the value is not finite the path is cut; a robot that stands still has no direction.
            std::vector<vtkIdType> run;
            const auto finish = [&] {
                if (run.size() > 1)
                    cells->InsertNextCell(vtkIdType(run.size()), run.data());
                run.clear();
            };
            const QVector3D* last = nullptr;
            for (std::size_t index = 0; index < path.points.size(); ++index) {
                const QVector3D& point = path.points[index];
                if (!std::isfinite(point.x() + point.y() + point.z())) {
                    finish();
                    last = nullptr;
                    continue;
                }
                if (last && (*last - point).length() < radius * 0.02f)
                    continue;
                run.push_back(points->InsertNextPoint(point.x(), point.y(), point.z()));
                append(colours, path.colours[index]);
                last = &point;
            }
            finish();
        }
        if (cells->GetNumberOfCells() == 0)
            return;
        vtkNew<vtkPolyData> data;
        data->SetPoints(points);
        data->SetLines(cells);
        data->GetPointData()->SetScalars(colours);
        vtkNew<vtkTubeFilter> tubes;
        tubes->SetInputData(data);
        tubes->SetRadius(radius);
        tubes->SetNumberOfSides(kTubeSides);
        tubes->CappingOn();
        tubes->Update();
        vtkNew<vtkPolyDataMapper> mapper;
        mapper->SetInputData(tubes->GetOutput());  // built once, not with every frame
        vtkProperty* property = add(mapper)->GetProperty();
        property->SetAmbient(0.25);
        property->SetDiffuse(0.8);
        property->SetSpecular(0.1);
    }

    void addGlyphs(const std::vector<SpaceGlyph>& glyphs) {
        if (glyphs.empty())
            return;
        vtkNew<vtkPoints> points;
        const auto colours = colourArray();
        vtkNew<vtkFloatArray> radii;
        radii->SetName("radii");
        for (const SpaceGlyph& glyph : glyphs) {
            if (!std::isfinite(glyph.point.x() + glyph.point.y() + glyph.point.z()))
                continue;
            points->InsertNextPoint(glyph.point.x(), glyph.point.y(), glyph.point.z());
            append(colours, glyph.colour);
            radii->InsertNextValue(glyph.radius);
        }
        vtkNew<vtkPolyData> data;
        data->SetPoints(points);
        data->GetPointData()->SetScalars(colours);
        data->GetPointData()->AddArray(radii);
        vtkNew<vtkSphereSource> ball;
        ball->SetRadius(1);
        ball->SetThetaResolution(12);
        ball->SetPhiResolution(10);
        vtkNew<vtkGlyph3DMapper> mapper;
        mapper->SetInputData(data);
        mapper->SetSourceConnection(ball->GetOutputPort());
        mapper->SetScaleArray("radii");
        mapper->SetScaleModeToScaleByMagnitude();
        vtkNew<vtkActor> actor;
        actor->SetMapper(mapper);
        actor->GetProperty()->SetAmbient(0.3);
        renderer_->AddActor(actor);
        actors_.emplace_back(actor);
    }

    void addSolid(const SpaceSolid& solid) {
        vtkNew<vtkPolyDataMapper> mapper;
        vtkNew<vtkTransform> place;
        const QVector3D& size = solid.size;
        place->Translate(solid.position.x(), solid.position.y(), solid.position.z());
        const double w = std::clamp(double(solid.rotation[0]), -1.0, 1.0);
        const double angle = 2 * std::acos(w) * 180 / M_PI;
        if (std::abs(angle) > 1e-6)
            place->RotateWXYZ(angle, solid.rotation[1], solid.rotation[2], solid.rotation[3]);
        switch (solid.kind) {
            case SpaceSolid::Kind::Box: {
                vtkNew<vtkCubeSource> box;
                mapper->SetInputConnection(box->GetOutputPort());
                place->Scale(2 * size.x(), 2 * size.y(), 2 * size.z());
                break;
            }
            case SpaceSolid::Kind::Sphere:
            case SpaceSolid::Kind::Ellipsoid: {
                vtkNew<vtkSphereSource> ball;
                ball->SetRadius(1);
                ball->SetThetaResolution(kRound);
                ball->SetPhiResolution(kRound);
                mapper->SetInputConnection(ball->GetOutputPort());
                const bool round = solid.kind == SpaceSolid::Kind::Sphere;
                place->Scale(size.x(), round ? size.x() : size.y(), round ? size.x() : size.z());
                break;
            }
            case SpaceSolid::Kind::Capsule:
            case SpaceSolid::Kind::Cylinder: {
                vtkNew<vtkCylinderSource> body;
                body->SetResolution(kRound);
                body->SetRadius(size.x());
                body->SetHeight(2 * size.y());
                body->SetCapping(true);
                if (solid.kind == SpaceSolid::Kind::Capsule)
                    for (const float end : {-1.f, 1.f}) {  // a ball at each end
                        vtkNew<vtkTransform> tip;
                        tip->DeepCopy(place);
                        tip->Translate(0, 0, end * size.y());
                        tip->Scale(size.x(), size.x(), size.x());
                        vtkNew<vtkSphereSource> ball;
                        ball->SetRadius(1);
                        ball->SetThetaResolution(kRound);
                        ball->SetPhiResolution(kRound);
                        vtkNew<vtkPolyDataMapper> ballMapper;
                        ballMapper->SetInputConnection(ball->GetOutputPort());
                        vtkActor* actor = add(ballMapper);
                        actor->SetUserTransform(tip);
                        setColour(actor->GetProperty(), solid.colour);
                    }
                mapper->SetInputConnection(body->GetOutputPort());
                place->RotateX(90);  // VTK's cylinders stand along y
                break;
            }
        }
        vtkActor* actor = add(mapper);
        actor->SetUserTransform(place);
        setColour(actor->GetProperty(), solid.colour);
    }

    QOffscreenSurface surface_;
    QOpenGLContext context_;
    vtkNew<vtkGenericOpenGLRenderWindow> window_;
    vtkNew<vtkRenderer> renderer_;
    vtkNew<vtkSphereSource> marker_;
    vtkNew<vtkPolyDataMapper> markerMapper_;
    std::vector<vtkSmartPointer<vtkActor>> markers_;
    std::vector<vtkSmartPointer<vtkActor>> actors_;
};

}  // namespace
}  // namespace sqil

extern "C" Q_DECL_EXPORT sqil::SpaceRenderer* sqilMakeSpaceRenderer(QString* problem) {
    auto made = std::make_unique<sqil::VtkSpaceRenderer>();
    return made->open(*problem) ? made.release() : nullptr;
}
