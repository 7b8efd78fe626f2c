// What the layers' dock does in the background: blame, suggestions, files.
#include <QFileDialog>
#include <QInputDialog>
#include <QPointer>
#include <cmath>

#include "views/layers/LayerJobs.h"
#include "views/layers/LayersView.h"
#include "views/session/Paths.h"
#include "widgets/Numbers.h"

namespace sqil {

void LayersView::computeBlame() {
    if (!isOpen() || blaming_)
        return;
    blaming_ = true;
    updateTools();
    session_.jobs().start<BlameReport>(
        tr("Blaming layers"),
        [source = source_, bits = model_->bits()](const Progress& progress) {
            return blameLayers(source, bits, progress);
        },
        [view = QPointer<LayersView>(this), source = source_.id](Result<BlameReport> report) {
            if (!view || view->source_.id != source)
                return;
            view->blaming_ = false;
            if (report)
                view->takeReport(*report);
            else
                emit view->session_.errorOccurred(toQString(report.error().message));
            view->updateTools();
        });
}

void LayersView::chooseBudget() {
    const double now = meanGap(recipeGaps_);
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Suggest bits"));
    dialog->setLabelText(tr("Largest mean action gap (normalized units) over %1 recorded steps:\n"
                            "now %2 in this episode")
                             .arg(source_.blameSteps)
                             .arg(significant(now)));
    dialog->setInputMode(QInputDialog::DoubleInput);
    dialog->setDoubleDecimals(5);
    dialog->setDoubleRange(0.00001, 1e6);
    dialog->setDoubleValue(std::isfinite(now) ? std::max(0.00001, now / 2) : 0.1);
    connect(dialog, &QInputDialog::doubleValueSelected, this, &LayersView::suggest);
    dialog->open();
}

void LayersView::suggest(double budget) {
    if (!isOpen())
        return;
    session_.jobs().start<BitSuggestion>(
        tr("Looking for low bits"),
        [source = source_, bits = model_->bits(), budget](const Progress& progress) {
            return suggestLayerBits(source, bits, budget, progress);
        },
        [view = QPointer<LayersView>(this), source = source_.id](Result<BitSuggestion> suggestion) {
            if (!view || view->source_.id != source)
                return;
            if (suggestion)
                view->pushWidths(tr("Take the suggested bits (%1 a weight)").arg(suggestion->meanWeightBits, 0, 'f', 1),
                                 suggestion->bits);
            else
                emit view->session_.errorOccurred(toQString(suggestion.error().message));
        });
}

void LayersView::chooseFile() {
    const auto folder = toQString(source_.project.parent_path());
    QString file = QFileDialog::getSaveFileName(
        this, tr("Save as policy"),
        folder + QLatin1Char('/') + toQString(source_.paths.policy.stem()) + QStringLiteral("-mixed.pt2"),
        tr("Policies (*.pt2)"));
    if (file.isEmpty())
        return;
    if (!file.endsWith(QLatin1String(".pt2")))
        file += QStringLiteral(".pt2");
    saveAs(file);
}

void LayersView::saveAs(const QString& path) {
    if (!isOpen())
        return;
    struct Saved {};
    session_.jobs().start<Saved>(
        tr("Saving the policy"),
        [source = source_, bits = model_->bits(), path = toPath(path)](const Progress& progress) -> Result<Saved> {
            if (auto saved = saveLayers(source, bits, path, progress); !saved)
                return tl::unexpected(saved.error());
            return Saved{};
        },
        [view = QPointer<LayersView>(this), path](Result<Saved> saved) {
            if (!view)
                return;
            if (saved)
                view->session_.openFiles({path});
            else
                emit view->session_.errorOccurred(toQString(saved.error().message));
        });
}

}  // namespace sqil
