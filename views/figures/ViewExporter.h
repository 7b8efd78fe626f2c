#pragma once
#include <QList>
#include <QObject>

#include "views/figures/ViewExport.h"
#include "views/session/StudioSession.h"

class QAction;
class QMenu;
class QWidget;

namespace sqil {

/// The commands by which a view exports itself: figure, data, copy. A view takes part by
/// implementing FigureSource, TableSource or both.
class ViewExporter : public QObject {
    Q_OBJECT
public:
    /// `title`: the view's name for people ("Timeline"). Lives as long as the view.
    ViewExporter(StudioSession& session, QWidget* view, const QString& title);

    static bool isExportable(const QWidget* view);
    const QString& title() const { return title_; }
    const QList<QAction*>& actions() const { return actions_; }
    QMenu* menu() const { return menu_; }
    std::optional<Figure> figure() const;
    std::optional<DataTable> dataTable() const;

    void exportFigure();
    void exportData();
    void copyPicture();

signals:
    void written(const QString& file);
    void copied();
    void failed(const QString& message);

private:
    QAction* add(const QString& name, const QString& text, void (ViewExporter::*run)());

    StudioSession& session_;
    QWidget* view_;
    QString title_;
    QMenu* menu_;
    QAction* figure_ = nullptr;
    QAction* data_ = nullptr;
    QAction* copy_ = nullptr;
    QList<QAction*> actions_;
};

}  // namespace sqil
