#pragma once
#include <QMenu>

#include "views/session/StudioSession.h"

class QAction;

namespace sqil {

/// The list of bookmarks, and what can be done at the current step. Filled whenever it opens.
class BookmarkMenu : public QMenu {
    Q_OBJECT
public:
    explicit BookmarkMenu(StudioSession& session, QWidget* parent = nullptr);

    /// Asks for a note on a step; the bookmark is set with it.
    void writeNote(int episode, qint64 step);

private:
    void fill();

    StudioSession& session_;
};

}  // namespace sqil
