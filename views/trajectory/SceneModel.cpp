#include "views/trajectory/SceneModel.h"

#include <QCoreApplication>
#include <QMap>
#include <QQuaternion>
#include <QXmlStreamReader>
#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/AtomicFile.h"

namespace sqil {
namespace {

constexpr std::size_t kLargestFile = 16 << 20;
constexpr std::size_t kMostGeoms = 20'000;
constexpr int kDeepest = 256;
constexpr float kPlaneThickness = 0.002f;
constexpr float kLargestPlane = 2;  ///< half size of a plane that is infinite

using Attributes = QMap<QString, QString>;

/// What is wrong, at which line.
struct Problem {
    QString text;
};

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SceneModel)
};

struct Pose {
    QVector3D position;
    QQuaternion rotation;

    Pose operator*(const Pose& inner) const {
        return {position + rotation.rotatedVector(inner.position), rotation * inner.rotation};
    }
};

class Reader {
public:
    explicit Reader(const QByteArray& text) : xml_(text) {}

    SceneModel read() {
        if (!xml_.readNextStartElement() || xml_.name() != QLatin1String("mujoco"))
            throw Problem{Words::tr("is no MuJoCo model: the root element should be <mujoco>")};
        while (xml_.readNextStartElement()) {
            if (xml_.name() == QLatin1String("compiler"))
                readCompiler();
            else if (xml_.name() == QLatin1String("default"))
                readDefault({}, 0);
            else if (xml_.name() == QLatin1String("worldbody"))
                readBody({}, {}, 0);
            else
                skip();
        }
        if (xml_.hasError())
            throw Problem{xml_.errorString()};
        if (meshes_ > 0)
            model_.leftOut << Words::tr("%1 meshes and height fields").arg(meshes_);
        if (includes_ > 0)
            model_.leftOut << Words::tr("%1 included files").arg(includes_);
        return std::move(model_);
    }

    qint64 line() const { return xml_.lineNumber(); }

private:
    void skip() {
        includes_ += xml_.name() == QLatin1String("include");
        xml_.skipCurrentElement();
    }

    Attributes attributes() const {
        Attributes all;
        for (const QXmlStreamAttribute& attribute : xml_.attributes())
            all.insert(attribute.name().toString(), attribute.value().toString());
        return all;
    }

    static std::vector<float> numbers(const Attributes& attributes, const QString& name, int least, int most) {
        std::vector<float> values;
        const auto found = attributes.find(name);
        if (found == attributes.end())
            return values;
        for (const QString& part : found->simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
            bool ok = false;
            const float value = part.toFloat(&ok);
            if (!ok || !std::isfinite(value))
                throw Problem{Words::tr("%1=\"%2\": expected numbers").arg(name, found->left(60))};
            values.push_back(value);
        }
        if (int(values.size()) < least || int(values.size()) > most)
            throw Problem{Words::tr("%1=\"%2\": expected %3 numbers").arg(name, found->left(60)).arg(least)};
        return values;
    }

    void readCompiler() {
        const Attributes all = attributes();
        if (all.contains(QStringLiteral("angle")))
            degrees_ = all.value(QStringLiteral("angle")) != QLatin1String("radian");
        if (all.contains(QStringLiteral("eulerseq")))
            eulerOrder_ = all.value(QStringLiteral("eulerseq"));
        xml_.skipCurrentElement();
    }

    /// A class inherits what its parent says of geoms.
    void readDefault(const Attributes& inherited, int depth) {
        if (depth > kDeepest)
            throw Problem{Words::tr("defaults are nested too deeply")};
        const QString name = xml_.attributes().hasAttribute(QLatin1String("class"))
                                 ? xml_.attributes().value(QLatin1String("class")).toString()
                                 : QStringLiteral("main");
        defaults_[name] = inherited;
        while (xml_.readNextStartElement()) {
            if (xml_.name() == QLatin1String("geom")) {
                defaults_[name] = merged(defaults_[name], attributes());
                xml_.skipCurrentElement();
            } else if (xml_.name() == QLatin1String("default")) {
                readDefault(defaults_[name], depth + 1);
            } else {
                skip();
            }
        }
    }

    static Attributes merged(Attributes base, const Attributes& own) {
        for (auto entry = own.begin(); entry != own.end(); ++entry)
            base.insert(entry.key(), entry.value());
        return base;
    }

    QQuaternion rotationOf(const Attributes& all) const {
        const float toDegrees = degrees_ ? 1.f : float(180 / M_PI);
        if (const auto q = numbers(all, QStringLiteral("quat"), 4, 4); !q.empty())
            return QQuaternion(q[0], q[1], q[2], q[3]).normalized();
        if (const auto a = numbers(all, QStringLiteral("axisangle"), 4, 4); !a.empty())
            return QQuaternion::fromAxisAndAngle(a[0], a[1], a[2], a[3] * toDegrees);
        QQuaternion rotation;
        if (const auto e = numbers(all, QStringLiteral("euler"), 3, 3); !e.empty())
            for (int index = 0; index < 3 && index < eulerOrder_.size(); ++index) {
                const QChar letter = eulerOrder_[index].toLower();
                const QVector3D axis(letter == QLatin1Char('x'), letter == QLatin1Char('y'),
                                     letter == QLatin1Char('z'));
                const auto turn = QQuaternion::fromAxisAndAngle(axis, e[std::size_t(index)] * toDegrees);
                // Small letters turn with the body, capitals stay with the world.
                rotation = eulerOrder_[index].isUpper() ? turn * rotation : rotation * turn;
            }
        return rotation;
    }

    Pose poseOf(const Attributes& all) const {
        Pose pose;
        if (const auto p = numbers(all, QStringLiteral("pos"), 3, 3); !p.empty())
            pose.position = {p[0], p[1], p[2]};
        pose.rotation = rotationOf(all);
        return pose;
    }

    void readBody(const Pose& parent, const QString& inheritedClass, int depth) {
        if (depth > kDeepest)
            throw Problem{Words::tr("bodies are nested too deeply")};
        const Attributes all = attributes();
        const Pose pose = depth == 0 ? parent : parent * poseOf(all);
        const QString childClass = all.value(QStringLiteral("childclass"), inheritedClass);
        while (xml_.readNextStartElement()) {
            if (xml_.name() == QLatin1String("body"))
                readBody(pose, childClass, depth + 1);
            else if (xml_.name() == QLatin1String("geom"))
                readGeom(pose, childClass);
            else
                skip();
        }
    }

    void readGeom(const Pose& body, const QString& childClass) {
        const Attributes own = attributes();
        xml_.skipCurrentElement();
        const QString name = own.value(QStringLiteral("class"), childClass);
        const Attributes all = merged(defaults_.value(name.isEmpty() ? QStringLiteral("main") : name), own);
        const QString type = all.value(QStringLiteral("type"), QStringLiteral("sphere"));
        if (type == QLatin1String("mesh") || type == QLatin1String("hfield") || type == QLatin1String("sdf")) {
            ++meshes_;
            return;
        }
        if (model_.solids.size() >= kMostGeoms)
            throw Problem{Words::tr("has more than %1 geoms").arg(kMostGeoms)};
        const std::vector<float> size = numbers(all, QStringLiteral("size"), 1, 3);
        const auto half = [&](std::size_t index) { return index < size.size() ? std::abs(size[index]) : 0.f; };
        SpaceSolid solid;
        Pose pose = poseOf(all);
        float length = half(1);
        if (const auto ends = numbers(all, QStringLiteral("fromto"), 6, 6); !ends.empty()) {
            const QVector3D from(ends[0], ends[1], ends[2]), to(ends[3], ends[4], ends[5]);
            pose.position = (from + to) / 2;
            length = (to - from).length() / 2;
            if (length > 0)
                pose.rotation = QQuaternion::rotationTo({0, 0, 1}, to - from);
        }
        if (type == QLatin1String("box")) {
            solid.kind = SpaceSolid::Kind::Box;
            solid.size = {half(0), half(1), half(2)};
        } else if (type == QLatin1String("sphere")) {
            solid.kind = SpaceSolid::Kind::Sphere;
            solid.size = {half(0), half(0), half(0)};
        } else if (type == QLatin1String("ellipsoid")) {
            solid.kind = SpaceSolid::Kind::Ellipsoid;
            solid.size = {half(0), half(1), half(2)};
        } else if (type == QLatin1String("capsule") || type == QLatin1String("cylinder")) {
            solid.kind = type == QLatin1String("capsule") ? SpaceSolid::Kind::Capsule : SpaceSolid::Kind::Cylinder;
            solid.size = {half(0), length, 0};
        } else if (type == QLatin1String("plane")) {
            solid.kind = SpaceSolid::Kind::Box;
            const auto side = [&](std::size_t index) { return half(index) > 0 ? half(index) : kLargestPlane; };
            solid.size = {side(0), side(1), kPlaneThickness};
            pose.position -= pose.rotation.rotatedVector({0, 0, kPlaneThickness});
        } else {
            throw Problem{Words::tr("geom of type \"%1\": not one that MuJoCo has").arg(type.left(40))};
        }
        if (solid.size.x() <= 0)
            throw Problem{Words::tr("geom of type \"%1\" without a size").arg(type)};
        const Pose placed = body * pose;
        solid.position = placed.position;
        const QQuaternion turn = placed.rotation.normalized();
        solid.rotation[0] = turn.scalar();
        solid.rotation[1] = turn.x();
        solid.rotation[2] = turn.y();
        solid.rotation[3] = turn.z();
        const auto rgba = numbers(all, QStringLiteral("rgba"), 4, 4);
        const auto channel = [&](std::size_t index, float otherwise) {
            return std::clamp(rgba.empty() ? otherwise : rgba[index], 0.f, 1.f);
        };
        if (channel(3, 1) == 0)
            return;  // there to be touched, not to be seen
        solid.colour = QColor::fromRgbF(channel(0, 0.6f), channel(1, 0.6f), channel(2, 0.6f), channel(3, 1)).rgba();
        model_.solids.push_back(solid);
    }

    QXmlStreamReader xml_;
    SceneModel model_;
    QMap<QString, Attributes> defaults_;
    bool degrees_ = true;
    QString eulerOrder_ = QStringLiteral("xyz");
    int meshes_ = 0, includes_ = 0;
};

}  // namespace

Result<SceneModel> readSceneModel(const std::filesystem::path& file) {
    const auto text = readTextFile(file, kLargestFile);
    if (!text)
        return tl::unexpected(text.error());
    Reader reader(QByteArray::fromStdString(*text));
    try {
        return reader.read();
    } catch (const Problem& problem) {
        return fail(ErrorKind::BadInput,
                    file.string() + ", line " + std::to_string(reader.line()) + ": " + problem.text.toStdString());
    }
}

}  // namespace sqil
