#include "views/figures/ViewExporter.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>

#include "views/figures/ExportFolder.h"
#include "views/figures/FigureDialog.h"
#include "views/session/Paths.h"

namespace sqil {
namespace {

constexpr int kCopiedDotsPerInch = 300;

QString nothingToExport(const QString& title) {
    return ViewExporter::tr(
               "%1 shows nothing yet that could be exported: open rollouts and a policy, and choose an "
               "episode first.")
        .arg(title);
}

}  // namespace

ViewExporter::ViewExporter(StudioSession& session, QWidget* view, const QString& title)
    : QObject(view), session_(session), view_(view), title_(title), menu_(new QMenu(title, view)) {
    if (dynamic_cast<FigureSource*>(view_)) {
        figure_ = add(QStringLiteral("ExportFigure"), tr("Export &figure…"), &ViewExporter::exportFigure);
        copy_ = add(QStringLiteral("CopyPicture"), tr("&Copy picture"), &ViewExporter::copyPicture);
    }
    if (dynamic_cast<TableSource*>(view_))
        data_ = add(QStringLiteral("ExportData"), tr("Export &data as CSV…"), &ViewExporter::exportData);
    for (QAction* action : {figure_, data_, copy_})
        if (action)
            actions_ << action;
    menu_->addActions(actions_);
}

bool ViewExporter::isExportable(const QWidget* view) {
    return dynamic_cast<const FigureSource*>(view) || dynamic_cast<const TableSource*>(view);
}

QAction* ViewExporter::add(const QString& name, const QString& text, void (ViewExporter::*run)()) {
    auto* action = new QAction(text, this);
    action->setObjectName(view_->objectName() + name);
    connect(action, &QAction::triggered, this, run);
    return action;
}

std::optional<Figure> ViewExporter::figure() const {
    const auto* source = dynamic_cast<const FigureSource*>(view_);
    auto figure = source ? source->figure() : std::nullopt;
    return figure && figure->draw ? figure : std::nullopt;
}

std::optional<DataTable> ViewExporter::dataTable() const {
    const auto* source = dynamic_cast<const TableSource*>(view_);
    auto table = source ? source->dataTable() : std::nullopt;
    return table && table->rows() > 0 ? table : std::nullopt;
}

void ViewExporter::exportFigure() {
    const auto made = figure();
    if (!made) {
        emit failed(nothingToExport(title_));
        return;
    }
    auto* dialog = new FigureDialog(*made, title_, view_->window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const auto saved = writeFigure(dialog->figure(), dialog->file(), dialog->format(), dialog->dotsPerInch());
        if (!saved) {
            emit failed(toQString(saved.error().message));
            return;
        }
        rememberExportFolder(dialog->file());
        emit written(dialog->file());
    });
    dialog->open();
}

void ViewExporter::exportData() {
    auto table = dataTable();
    if (!table) {
        emit failed(nothingToExport(title_));
        return;
    }
    auto* dialog = new QFileDialog(view_->window(), tr("Export the data of %1").arg(title_), exportFolder(),
                                   tr("Comma-separated values (*.csv)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(table->name + QStringLiteral(".csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, table = std::move(*table)](const QString& file) {
        rememberExportFolder(file);
        session_.jobs().start<bool>(
            tr("Writing %1").arg(QFileInfo(file).fileName()),
            [table, file](const Progress& progress) -> Result<bool> {
                if (auto saved = writeCsv(table, file, progress); !saved)
                    return tl::unexpected(saved.error());
                return true;
            },
            [this, file](Result<bool> saved) {
                if (saved)
                    emit written(file);
                else
                    emit failed(toQString(saved.error().message));
            });
    });
    dialog->open();
}

void ViewExporter::copyPicture() {
    const auto made = figure();
    if (!made) {
        emit failed(nothingToExport(title_));
        return;
    }
    QGuiApplication::clipboard()->setImage(pictureOf(*made, kCopiedDotsPerInch));
    emit copied();
}

}  // namespace sqil
