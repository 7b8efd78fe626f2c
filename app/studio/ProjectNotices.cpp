#include "app/studio/ProjectNotices.h"

#include <QFileDialog>
#include <QFileInfo>

#include "core/policy/CardStudy.h"
#include "views/card/CardDialog.h"
#include "views/session/Paths.h"
#include "widgets/MessageBar.h"

namespace sqil {
namespace {

constexpr std::size_t kNamedFiles = 3;

QString nameOf(const MissingFile& file) {
    return toQString(file.path.filename());
}

}  // namespace

ProjectNotices::ProjectNotices(StudioSession& session, MessageBar& messages, QWidget* window)
    : QObject(window), session_(session), messages_(messages), window_(window) {
    connect(&session_, &StudioSession::filesMissing, this, &ProjectNotices::showMissing);
    connect(&session_, &StudioSession::cardNeeded, this, &ProjectNotices::offerCard);
    connect(&session_, &StudioSession::projectRecovered, this, &ProjectNotices::showRecovered);
    connect(&session_, &StudioSession::projectDamaged, this, &ProjectNotices::showDamage);
    connect(&session_, &StudioSession::resultsOutdated, this, [this] {
        messages_.show(MessageBar::Level::Warning,
                       tr("A policy, its card or the rollouts have changed since these results were computed."),
                       {{tr("Compute again"), [this] { session_.recompute(); }}});
    });
}

void ProjectNotices::showMissing(const std::vector<MissingFile>& files) {
    if (files.empty())
        return;
    QStringList names;
    for (std::size_t index = 0; index < std::min(files.size(), kNamedFiles); ++index)
        names << nameOf(files[index]);
    if (files.size() > kNamedFiles)
        names << tr("and %1 more").arg(files.size() - kNamedFiles);
    const MissingFile first = files.front();
    messages_.show(MessageBar::Level::Warning,
                   tr("%1: not where the project says (%2). Find one, and the others are looked for beside it.")
                       .arg(names.join(QStringLiteral(", ")), toQString(first.path.parent_path())),
                   {{tr("Find %1…").arg(nameOf(first)), [this, first] { find(first); }}});
}

void ProjectNotices::find(const MissingFile& file) {
    const QString kind = toQString(file.path.extension());
    const QString chosen =
        QFileDialog::getOpenFileName(window_, tr("Where is %1?").arg(nameOf(file)), toQString(file.path.parent_path()),
                                     tr("%1 (%1);;The same kind (*%2);;All files (*)").arg(nameOf(file), kind));
    if (!chosen.isEmpty())
        session_.locate(file, chosen);
}

void ProjectNotices::offerCard(RecordId policy) {
    const PolicyItem* item = session_.contents().policy(policy);
    if (!item)
        return;
    if (dialogsAllowed_) {
        editCard(policy);
        return;
    }
    messages_.show(MessageBar::Level::Warning,
                   tr("“%1” has no card that fits these rollouts.").arg(toQString(item->record.name)),
                   {{tr("Edit the card…"), [this, policy] { editCard(policy); }}});
}

void ProjectNotices::editCard(RecordId policy) {
    session_.studyCard(policy, [this, policy](std::shared_ptr<const CardStudy> study, const PolicyCard& card) {
        const PolicyItem* item = session_.contents().policy(policy);
        if (!item)
            return;
        auto* dialog = new CardDialog(std::move(study), card, toQString(item->record.name), window_);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, this,
                [this, policy, dialog] { session_.setPolicyCard(policy, dialog->card()); });
        dialog->open();
    });
}

void ProjectNotices::showRecovered(const QString& damaged, const QString& rescued) {
    messages_.show(
        MessageBar::Level::Warning,
        tr("%1 is damaged. What can be read of it is shown from a copy: %2. The damaged file stays as it is.")
            .arg(QFileInfo(damaged).fileName(), rescued),
        {{tr("Save a repaired copy as…"), [this] { emit saveCopyRequested(); }}});
}

void ProjectNotices::showDamage(const QString& project, const QString& what) {
    messages_.show(
        MessageBar::Level::Error,
        tr("%1 is damaged inside (%2). Nothing more should be written to it.").arg(QFileInfo(project).fileName(), what),
        {{tr("Open what can be read"), [this, project] { session_.recoverProject(project, {}); }}});
}

}  // namespace sqil
