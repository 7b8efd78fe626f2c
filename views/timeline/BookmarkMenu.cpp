#include "views/timeline/BookmarkMenu.h"

#include <QInputDialog>
#include <QPointer>

namespace sqil {
namespace {

constexpr std::size_t kMostListed = 40;
constexpr int kLongestNote = 60;

}  // namespace

BookmarkMenu::BookmarkMenu(StudioSession& session, QWidget* parent) : QMenu(parent), session_(session) {
    setAccessibleName(tr("Bookmarks"));
    setToolTipsVisible(true);
    connect(this, &QMenu::aboutToShow, this, &BookmarkMenu::fill);
    fill();
}

void BookmarkMenu::fill() {
    clear();
    const int episode = session_.selection().episode();
    const qint64 step = session_.selection().step();
    const Bookmark* here = session_.bookmarks().find(episode, step);
    QAction* toggle =
        addAction(here ? tr("Remove the bookmark of step %1").arg(step) : tr("Bookmark step %1").arg(step), this,
                  [this, episode, step] { session_.toggleBookmark(episode, step); });
    QAction* note = addAction(here && !here->note.isEmpty() ? tr("Change the note…") : tr("Bookmark with a note…"),
                              this, [this, episode, step] { writeNote(episode, step); });
    toggle->setEnabled(episode >= 0);
    note->setEnabled(episode >= 0);
    addSeparator();
    const auto& all = session_.bookmarks().all();
    if (all.empty())
        addAction(tr("No bookmarks yet: B marks the current step"))->setEnabled(false);
    for (std::size_t index = 0; index < std::min(all.size(), kMostListed); ++index) {
        const Bookmark& bookmark = all[index];
        QString text = tr("%1 · step %2").arg(session_.episodeName(bookmark.episode)).arg(bookmark.step);
        if (!bookmark.note.isEmpty())
            text += QStringLiteral("  –  ") + bookmark.note.simplified().left(kLongestNote);
        QAction* go = addAction(text.replace(QLatin1Char('&'), QLatin1String("&&")), this,
                                [this, at = std::pair(bookmark.episode, bookmark.step)] {
                                    session_.selection().setEpisode(at.first, at.second);
                                });
        go->setToolTip(bookmark.note);
        go->setCheckable(true);
        go->setChecked(&bookmark == here);
    }
    if (all.size() > kMostListed)
        addAction(tr("… and %1 more; F3 goes through them").arg(all.size() - kMostListed))->setEnabled(false);
}

void BookmarkMenu::writeNote(int episode, qint64 step) {
    if (episode < 0)
        return;
    const Bookmark* there = session_.bookmarks().find(episode, step);
    auto* dialog = new QInputDialog(parentWidget());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Note on %1, step %2").arg(session_.episodeName(episode)).arg(step));
    dialog->setLabelText(tr("What is to be remembered of this step?"));
    dialog->setTextValue(there ? there->note : QString());
    dialog->resize(420, dialog->sizeHint().height());
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, episode, step](const QString& text) { session_.setBookmarkNote(episode, step, text.trimmed()); });
    dialog->open();
}

}  // namespace sqil
