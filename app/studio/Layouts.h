#pragma once
#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

class QDockWidget;
class QMainWindow;

namespace sqil {

/// Panels that share one place as tabs; the first that exists is on top.
struct LayoutPlace {
    Qt::DockWidgetArea area = Qt::LeftDockWidgetArea;
    QStringList docks;  ///< their names without "Dock": "timeline"
    int share = 1;      ///< of its area, beside the area's other places
};

/// An arrangement of the panels around the frames, as data. Panels that it does not name are closed;
/// names that no panel has are passed over, so that it outlives panels that come and go.
struct Layout {
    QString name;  ///< for settings and command line: "inspect"
    const char* titleSource = "";
    const char* purposeSource = "";
    QList<LayoutPlace> places;      ///< for windows of a laptop's size
    QList<LayoutPlace> widePlaces;  ///< for large ones; empty: the same
    int left = 22, right = 24;      ///< per cent of the window's width
    int bottom = 36;                ///< per cent of its height

    QString title() const;  ///< for people, in their language
    QString purpose() const;
};

/// Inspect, Train, Benchmark, Figures.
const QList<Layout>& builtInLayouts();
const Layout* builtInLayout(const QString& name);  ///< null: there is none

/// Puts the docks where the layout has them. Docks that it does not name are closed, and open
/// beside the others of `fallback` (their own area) when the user opens them.
void applyLayout(QMainWindow& window, const QList<QDockWidget*>& docks, const Layout& layout);

/// What the user has arranged, to be restored exactly.
struct SavedLayout {
    QString title;
    QByteArray state;   ///< QMainWindow::saveState()
    QStringList docks;  ///< that there were then: later ones are not in `state`

    QByteArray toJson() const;
    static SavedLayout fromJson(const QByteArray& json);  ///< empty where it is none
    bool isEmpty() const { return state.isEmpty(); }
};

SavedLayout savedLayout(const QMainWindow& window, const QList<QDockWidget*>& docks, const QString& title);

/// False: the state is of another program's version. Panels that are newer than the layout join their
/// area as tabs behind the others, open.
bool restoreLayout(QMainWindow& window, const QList<QDockWidget*>& docks, const SavedLayout& saved);

}  // namespace sqil
