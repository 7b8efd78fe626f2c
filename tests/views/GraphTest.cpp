// Graphs and spaces without a window: layout, folding, camera, scene files.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <set>

#include "tests/TestPaths.h"
#include "views/layers/GraphFolding.h"
#include "views/trajectory/PositionKeys.h"
#include "views/trajectory/SceneModel.h"
#include "widgets/SpaceCamera.h"

using namespace sqil;

namespace {

void noOverlaps(const GraphLayout& layout, const std::vector<QSizeF>& sizes) {
    const auto rectangle = [&](std::size_t box) {
        return QRectF(layout.centres[box] - QPointF(sizes[box].width(), sizes[box].height()) / 2, sizes[box]);
    };
    for (std::size_t one = 0; one < sizes.size(); ++one)
        for (std::size_t other = one + 1; other < sizes.size(); ++other)
            QVERIFY2(!rectangle(one).adjusted(1, 1, -1, -1).intersects(rectangle(other)),
                     qPrintable(QStringLiteral("%1 and %2").arg(one).arg(other)));
}

OutlineNode node(const char* module, std::vector<std::size_t> inputs) {
    return {"n", "aten::relu", module, {}, {}, 0, std::move(inputs), false};
}

std::filesystem::path writeText(const QTemporaryDir& folder, const char* text) {
    const QString path = folder.filePath(QStringLiteral("scene.xml"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) < 0)
        qFatal("cannot write");
    return path.toStdString();
}

void close(const QVector3D& actual, const QVector3D& expected) {
    QVERIFY2((actual - expected).length() < 1e-5f,
             qPrintable(QStringLiteral("%1 %2 %3").arg(actual.x()).arg(actual.y()).arg(actual.z())));
}

}  // namespace

class GraphTest : public QObject {
    Q_OBJECT

private slots:
    void aChainRunsStraightDown() {
        const std::vector<QSizeF> sizes(4, QSizeF(100, 40));
        const auto layout = layOutGraph(sizes, {{0, 1}, {1, 2}, {2, 3}});
        for (std::size_t box = 1; box < 4; ++box) {
            QCOMPARE(layout.layers[box], int(box));
            QVERIFY(layout.centres[box].y() > layout.centres[box - 1].y() + 40);
            QVERIFY(std::abs(layout.centres[box].x() - layout.centres[0].x()) < 1e-6);
        }
    }

    void branchesStandSideBySideAndShortcutsBendAround() {
        const std::vector<QSizeF> sizes(5, QSizeF(100, 40));
        // A residual block: 0 → 1 → 2 → 3, 0 → 3, and a second branch 0 → 4 → 3.
        const std::vector<GraphEdge> edges{{0, 1}, {1, 2}, {2, 3}, {0, 3}, {0, 4}, {4, 3}};
        const auto layout = layOutGraph(sizes, edges);
        noOverlaps(layout, sizes);
        QCOMPARE(layout.layers[1], layout.layers[4]);
        QCOMPARE(layout.edges[3].size(), std::size_t{4});  // two rows are passed
        for (std::size_t edge = 0; edge < edges.size(); ++edge) {
            const QPointF from = layout.edges[edge].front(), to = layout.edges[edge].back();
            QCOMPARE(from.y(), layout.centres[std::size_t(edges[edge].from)].y() + 20);
            QCOMPARE(to.y(), layout.centres[std::size_t(edges[edge].to)].y() - 20);
        }
        for (const QPointF& bend : {layout.edges[3][1], layout.edges[3][2]})
            for (const std::size_t box : {1, 2, 4})
                QVERIFY(!QRectF(layout.centres[box] - QPointF(50, 20), sizes[box]).contains(bend));
    }

    void cyclesAndLonelyBoxesAreDrawn() {
        const std::vector<QSizeF> sizes{{80, 30}, {120, 50}, {60, 20}, {80, 30}};
        const auto layout = layOutGraph(sizes, {{0, 1}, {1, 2}, {2, 0}});
        noOverlaps(layout, sizes);
        QVERIFY(layout.edges[2].front().y() > layout.edges[2].back().y());  // upwards
        QVERIFY(layOutGraph({}, {}).centres.empty());
    }

    void largeGraphsStayFast() {
        std::vector<QSizeF> sizes(600, QSizeF(120, 50));
        std::vector<GraphEdge> edges;
        for (int box = 1; box < 600; ++box) {
            edges.push_back({box - 1, box});
            if (box % 5 == 0)
                edges.push_back({box - 5, box});
        }
        noOverlaps(layOutGraph(sizes, edges), sizes);
    }

    void modulesAreFoldedUntilTheGraphIsReadable() {
        GraphOutline outline;
        outline.nodes.push_back({"x", {}, {}, {}, {}, 0, {}, false});
        for (int block = 0; block < 10; ++block)
            for (int part = 0; part < 4; ++part) {
                const std::string module =
                    "body." + std::to_string(block) + (part < 2 ? ".conv" : ".norm") + std::to_string(part);
                outline.nodes.push_back(node(module.c_str(), {outline.nodes.size() - 1}));
            }
        GraphFolding folding(outline);
        QCOMPARE(folding.boxes().size(), std::size_t{41});
        folding.foldToFit(15);
        QCOMPARE(folding.boxes().size(), std::size_t{11});
        QCOMPARE(folding.edges().size(), std::size_t{10});
        std::set<std::size_t> covered;
        for (const auto& box : folding.boxes())
            covered.insert(box.nodes.begin(), box.nodes.end());
        QCOMPARE(covered.size(), outline.nodes.size());
        QCOMPARE(QString::fromStdString(folding.boxes()[1].module), QStringLiteral("body.0"));
        folding.unfold("body.0");
        QCOMPARE(folding.boxes().size(), std::size_t{14});
        QVERIFY(folding.foldAround(1));
        QCOMPARE(folding.boxes().size(), std::size_t{11});
        QVERIFY(!folding.foldAround(0));
        folding.unfoldAll();
        QCOMPARE(folding.boxes().size(), std::size_t{41});
    }

    void presetsLookFromWhereTheySay() {
        SpaceCamera camera;
        const QVector3D centre(1, 2, 3);
        camera.look(SpaceCamera::Preset::Front, centre, 1);
        close((camera.position() - centre).normalized(), {0, -1, 0});
        close(camera.up(), {0, 0, 1});
        camera.look(SpaceCamera::Preset::Side, centre, 1);
        close((camera.position() - centre).normalized(), {1, 0, 0});
        camera.look(SpaceCamera::Preset::Top, centre, 1);
        close((camera.position() - centre).normalized(), {0, 0, 1});
        close(camera.up(), {0, 1, 0});
        for (const bool orthographic : {false, true}) {
            camera.orthographic = orthographic;
            const QSizeF viewport(400, 300);
            const auto middle = camera.project(centre, viewport);
            QVERIFY(middle && std::hypot(middle->x() - 200, middle->y() - 150) < 1e-3);
            const auto right = camera.project(centre + QVector3D(0.1f, 0, 0), viewport);
            QVERIFY(right && right->x() > 200 && std::abs(right->y() - 150) < 1e-3);
            const auto upwards = camera.project(centre + QVector3D(0, 0.1f, 0), viewport);
            QVERIFY(upwards && upwards->y() < 150);
        }
    }

    void panningFollowsTheMouse() {
        SpaceCamera camera;
        camera.look(SpaceCamera::Preset::Isometric, {0, 0, 0}, 1);
        camera.orthographic = true;
        const QSizeF viewport(400, 300);
        camera.pan({30, -20}, viewport);
        const auto moved = camera.project({0, 0, 0}, viewport);
        QVERIFY(moved && std::abs(moved->x() - 230) < 0.01 && std::abs(moved->y() - 130) < 0.01);
        camera.zoom(2);
        const auto nearer = camera.project({0, 0, 0}, viewport);
        QVERIFY(nearer && std::abs(nearer->x() - 260) < 0.01);
    }

    void endEffectorsAreProposedFirst() {
        RolloutsInfo info;
        const auto key = [&](const char* name, ValueType type, std::vector<std::int64_t> shape) {
            info.observations.push_back({name, type, std::move(shape)});
        };
        key("agentview_image", ValueType::UInt8, {8, 8, 3});
        key("object", ValueType::Float64, {14});
        key("robot0_eef_quat", ValueType::Float64, {4});
        key("robot0_joint_pos", ValueType::Float64, {7});
        key("goal_xy", ValueType::Float32, {2});
        key("robot0_eef_pos", ValueType::Float64, {3});
        key("speed", ValueType::Float32, {1});
        const auto proposals = proposePositions(info);
        QCOMPARE(proposals.size(), std::size_t{5});
        QCOMPARE(proposals[0].key, std::string("robot0_eef_pos"));
        QCOMPARE(proposals[1].key, std::string("goal_xy"));
        QCOMPARE(proposals[1].elements[2], -1);
        QCOMPARE(proposals.back().key, std::string("robot0_eef_quat"));
        QVERIFY(parsePositionSource(toJson(proposals[1]), info) == proposals[1]);
        QVERIFY(!parsePositionSource(R"({"key": "goal_xy", "elements": [0, 1, 2]})", info));
        QVERIFY(!parsePositionSource("[]", info));
        QVERIFY(!parsePositionSource(R"({"key": "speed", "elements": [0, 0, 0]})", info));
    }

    void sceneModelsArePlacedAsMuJoCoPlacesThem() {
        QTemporaryDir folder;
        const auto model = readSceneModel(writeText(folder, R"(<mujoco>
            <compiler angle="degree"/>
            <default><geom rgba="1 0 0 1"/><default class="thin"><geom type="capsule" size="0.1"/></default></default>
            <asset><mesh name="m" file="m.stl"/></asset>
            <worldbody>
              <geom type="plane" size="0 0 1"/>
              <body pos="1 0 0" euler="0 0 90">
                <geom type="box" size="0.1 0.2 0.3" pos="1 0 0"/>
                <body pos="0 1 0"><geom class="thin" fromto="0 0 0 0 0 2"/><geom type="mesh" mesh="m"/></body>
              </body>
            </worldbody></mujoco>)"));
        QVERIFY2(model.has_value(), model ? "" : model.error().message.c_str());
        QCOMPARE(model->solids.size(), std::size_t{3});
        QCOMPARE(model->leftOut.size(), 1);
        const SpaceSolid& box = model->solids[1];
        close(box.position, {1, 1, 0});  // (1, 0, 0) turned by 90° about z, from (1, 0, 0)
        QVERIFY(std::abs(box.rotation[0] - std::sqrt(0.5f)) < 1e-5f &&
                std::abs(box.rotation[3] - std::sqrt(0.5f)) < 1e-5f);
        QCOMPARE(box.colour, qRgba(255, 0, 0, 255));
        const SpaceSolid& capsule = model->solids[2];
        QCOMPARE(int(capsule.kind), int(SpaceSolid::Kind::Capsule));
        close(capsule.position, {0, 0, 1});
        close(capsule.size, {0.1f, 1, 0});
    }

    void badScenesAreExplained_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("no XML") << QByteArray("hello") << "root element";
        QTest::newRow("other XML") << QByteArray("<robot/>") << "MuJoCo";
        QTest::newRow("cut off") << QByteArray("<mujoco><worldbody><geom size=\"1\"/>") << "line 1";
        QTest::newRow("no number") << QByteArray("<mujoco>\n<worldbody><geom size=\"big\"/></worldbody></mujoco>")
                                   << "line 2";
        QTest::newRow("infinite") << QByteArray("<mujoco><worldbody><geom size=\"inf\"/></worldbody></mujoco>")
                                  << "size";
        QTest::newRow("type") << QByteArray("<mujoco><worldbody><geom type=\"cone\" size=\"1\"/></worldbody></mujoco>")
                              << "cone";
        QByteArray deep("<mujoco><worldbody>");
        for (int level = 0; level < 5000; ++level)
            deep += "<body>";
        QTest::newRow("deep") << deep << "deep";
    }
    void badScenesAreExplained() {
        QFETCH(QByteArray, text);
        QFETCH(QString, mentions);
        QTemporaryDir folder;
        const auto model = readSceneModel(writeText(folder, text.constData()));
        QVERIFY(!model.has_value());
        QVERIFY2(QString::fromStdString(model.error().message).contains(mentions), model.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(GraphTest)
#include "GraphTest.moc"
