#include "app/studio/Layouts.h"

#include <QCoreApplication>
#include <QDockWidget>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMainWindow>
#include <algorithm>

namespace sqil {
namespace {

constexpr int kStateVersion = 2;
constexpr int kWide = 1900;  ///< pixels: from here on a window has room for more places
constexpr int kTabs = int(Qt::BottomDockWidgetArea);

QString nameOf(const QDockWidget* dock) {
    QString name = dock->objectName();
    if (name.endsWith(QLatin1String("Dock")))
        name.chop(4);
    return name;
}

QDockWidget* named(const QList<QDockWidget*>& docks, const QString& name) {
    for (QDockWidget* dock : docks)
        if (nameOf(dock) == name)
            return dock;
    return nullptr;
}

/// A dock that the layout knows nothing of: behind the others of its area.
void placeBehind(QMainWindow& window, const QList<QDockWidget*>& docks, QDockWidget* dock, bool open) {
    const auto area = Qt::DockWidgetArea(dock->property("area").toInt());
    window.addDockWidget(area ? area : Qt::RightDockWidgetArea, dock);
    for (QDockWidget* neighbour : docks)
        if (neighbour != dock && !neighbour->isHidden() && !neighbour->isFloating() &&
            window.dockWidgetArea(neighbour) == window.dockWidgetArea(dock)) {
            window.tabifyDockWidget(neighbour, dock);
            neighbour->raise();
            break;
        }
    dock->setVisible(open);
}

}  // namespace

const QList<Layout>& builtInLayouts() {
    constexpr auto left = Qt::LeftDockWidgetArea, right = Qt::RightDockWidgetArea, bottom = Qt::BottomDockWidgetArea;
    static const QList<Layout> layouts{
        {QStringLiteral("inspect"),
         QT_TRANSLATE_NOOP("Layouts", "Inspect"),
         QT_TRANSLATE_NOOP("Layouts", "Which states break, and why there"),
         {{left, {QStringLiteral("rollouts"), QStringLiteral("project")}},
          {right, {QStringLiteral("actions"), QStringLiteral("trajectory"), QStringLiteral("inspector")}},
          {bottom,
           {QStringLiteral("timeline"), QStringLiteral("layers"), QStringLiteral("episodes"),
            QStringLiteral("scatter")}}},
         {{left, {QStringLiteral("rollouts"), QStringLiteral("project")}, 60},
          {left, {QStringLiteral("inspector")}, 40},
          {right, {QStringLiteral("trajectory"), QStringLiteral("layers")}, 50},
          {right, {QStringLiteral("actions")}, 50},
          {bottom, {QStringLiteral("timeline")}, 55},
          {bottom, {QStringLiteral("episodes")}, 23},
          {bottom, {QStringLiteral("scatter")}, 22}},
         20,
         22,
         38},
        {QStringLiteral("train"),
         QT_TRANSLATE_NOOP("Layouts", "Train"),
         QT_TRANSLATE_NOOP("Layouts", "Start a repair, watch its loss, gap and success"),
         {{left, {QStringLiteral("project"), QStringLiteral("rollouts")}},
          {right, {QStringLiteral("actions"), QStringLiteral("layers")}},
          {bottom,
           {QStringLiteral("jobs"), QStringLiteral("timeline"), QStringLiteral("scatter"),
            QStringLiteral("episodes")}}},
         {{left, {QStringLiteral("project"), QStringLiteral("rollouts")}},
          {right, {QStringLiteral("actions"), QStringLiteral("layers")}},
          {bottom, {QStringLiteral("jobs")}, 66},
          {bottom, {QStringLiteral("timeline"), QStringLiteral("scatter"), QStringLiteral("episodes")}, 34}},
         20,
         22,
         54},
        {QStringLiteral("benchmark"),
         QT_TRANSLATE_NOOP("Layouts", "Benchmark"),
         QT_TRANSLATE_NOOP("Layouts", "Latency, memory, energy and success of each policy"),
         {{left, {QStringLiteral("project")}},
          {right, {QStringLiteral("layers")}},
          {bottom, {QStringLiteral("benchmark"), QStringLiteral("jobs")}}},
         {},
         20,
         34,
         54},
        {QStringLiteral("figures"),
         QT_TRANSLATE_NOOP("Layouts", "Figures"),
         QT_TRANSLATE_NOOP("Layouts", "The views of a paper, each with its export menu"),
         {{left, {QStringLiteral("rollouts"), QStringLiteral("project")}},
          {right, {QStringLiteral("trajectory"), QStringLiteral("actions")}},
          {bottom, {QStringLiteral("timeline"), QStringLiteral("scatter"), QStringLiteral("episodes")}}},
         {{left, {QStringLiteral("rollouts"), QStringLiteral("project")}},
          {right, {QStringLiteral("trajectory"), QStringLiteral("actions")}, 55},
          {right, {QStringLiteral("scatter")}, 45},
          {bottom, {QStringLiteral("timeline")}, 60},
          {bottom, {QStringLiteral("episodes")}, 40}},
         18,
         32,
         36},
    };
    return layouts;
}

QString Layout::title() const {
    return QCoreApplication::translate("Layouts", titleSource);
}

QString Layout::purpose() const {
    return QCoreApplication::translate("Layouts", purposeSource);
}

const Layout* builtInLayout(const QString& name) {
    for (const Layout& layout : builtInLayouts())
        if (layout.name.compare(name, Qt::CaseInsensitive) == 0)
            return &layout;
    return nullptr;
}

void applyLayout(QMainWindow& window, const QList<QDockWidget*>& docks, const Layout& layout) {
    for (QDockWidget* dock : docks) {
        dock->setFloating(false);
        window.removeDockWidget(dock);  // and hides it
    }
    const auto& places = window.width() >= kWide && !layout.widePlaces.isEmpty() ? layout.widePlaces : layout.places;
    QList<QDockWidget*> along[2], shown;  // the first dock of each place: beside each other, above each other
    QList<int> shares[2];
    QDockWidget* firstOf[3] = {};
    for (const LayoutPlace& place : places) {
        QDockWidget* first = nullptr;
        for (const QString& name : place.docks) {
            QDockWidget* dock = named(docks, name);
            if (!dock)
                continue;
            const bool isBottom = place.area == kTabs;
            if (!first) {
                window.addDockWidget(place.area, dock, isBottom ? Qt::Horizontal : Qt::Vertical);
                first = dock;
                along[isBottom ? 0 : 1] << dock;
                shares[isBottom ? 0 : 1] << place.share;
                QDockWidget*& ofArea = firstOf[place.area == Qt::LeftDockWidgetArea ? 0 : isBottom ? 2 : 1];
                ofArea = ofArea ? ofArea : dock;
            } else {
                window.tabifyDockWidget(first, dock);
            }
            dock->show();
            shown << dock;
        }
        if (first)
            first->raise();
    }
    for (QDockWidget* dock : docks)
        if (!shown.contains(dock))
            placeBehind(window, shown, dock, false);

    const auto scaled = [](const QList<int>& parts, int whole) {
        QList<int> sizes;
        int sum = 0;
        for (const int part : parts)
            sum += part;
        for (const int part : parts)
            sizes << std::max(1, whole * part / std::max(1, sum));
        return sizes;
    };
    window.resizeDocks(along[0], scaled(shares[0], window.width()), Qt::Horizontal);
    if (firstOf[2])
        window.resizeDocks({firstOf[2]}, {window.height() * layout.bottom / 100}, Qt::Vertical);
    QList<QDockWidget*> sides;
    QList<int> widths;
    for (int side = 0; side < 2; ++side) {
        const auto area = side == 0 ? Qt::LeftDockWidgetArea : Qt::RightDockWidgetArea;
        QList<QDockWidget*> column;
        QList<int> parts;
        for (int index = 0; index < along[1].size(); ++index)
            if (window.dockWidgetArea(along[1][index]) == area) {
                column << along[1][index];
                parts << shares[1][index];
            }
        if (column.isEmpty())
            continue;
        window.resizeDocks(column, scaled(parts, window.height() * (100 - layout.bottom) / 100), Qt::Vertical);
        sides << column.first();
        widths << window.width() * (side == 0 ? layout.left : layout.right) / 100;
    }
    window.resizeDocks(sides, widths, Qt::Horizontal);  // at once: one alone would be squeezed by the other
}

QByteArray SavedLayout::toJson() const {
    return QJsonDocument(QJsonObject{{QStringLiteral("title"), title},
                                     {QStringLiteral("docks"), QJsonArray::fromStringList(docks)},
                                     {QStringLiteral("state"), QString::fromLatin1(state.toBase64())}})
        .toJson(QJsonDocument::Compact);
}

SavedLayout SavedLayout::fromJson(const QByteArray& json) {
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    SavedLayout saved;
    saved.title = object[QStringLiteral("title")].toString();
    for (const QJsonValue& dock : object[QStringLiteral("docks")].toArray())
        saved.docks << dock.toString();
    saved.state = QByteArray::fromBase64(object[QStringLiteral("state")].toString().toLatin1());
    return saved;
}

SavedLayout savedLayout(const QMainWindow& window, const QList<QDockWidget*>& docks, const QString& title) {
    SavedLayout saved{title, window.saveState(kStateVersion), {}};
    for (const QDockWidget* dock : docks)
        saved.docks << nameOf(dock);
    return saved;
}

bool restoreLayout(QMainWindow& window, const QList<QDockWidget*>& docks, const SavedLayout& saved) {
    if (saved.isEmpty() || !window.restoreState(saved.state, kStateVersion))
        return false;
    for (QDockWidget* dock : docks)
        if (!saved.docks.contains(nameOf(dock)))
            placeBehind(window, docks, dock, true);
    return true;
}

}  // namespace sqil
