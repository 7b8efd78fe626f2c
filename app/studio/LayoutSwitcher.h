#pragma once
#include <QObject>

#include "app/studio/Layouts.h"

class QActionGroup;
class QMenu;
class QSettings;

namespace sqil {

/// The layouts' menu and the one in use; own layouts are saved, renamed and deleted here. Knows the
/// window's docks, nothing of what they show.
class LayoutSwitcher : public QObject {
    Q_OBJECT
public:
    LayoutSwitcher(QMainWindow& window, const QList<QDockWidget*>& docks, QMenu* menu);

    const QString& current() const { return current_; }  ///< "inspect", or an own one's title
    QStringList titles() const;                          ///< built-in ones, then the user's
    const QList<SavedLayout>& ownLayouts() const { return own_; }

    void choose(const QString& nameOrTitle);
    void reset();  ///< the current one as it was made
    /// Keeps the arrangement under this title; replaces an own layout of the same title.
    void saveAs(const QString& title);
    void rename(const QString& from, const QString& to);
    void remove(const QString& title);

    /// While nothing is open no dock is shown; what was there comes back.
    void setDocksShown(bool shown);
    bool areDocksShown() const { return shown_; }

    void restore(const QSettings& settings);
    void store(QSettings& settings);

signals:
    void changed();  ///< another layout, or other own ones

private:
    void rebuildMenu();
    void apply();
    void askForTitle();
    void askForNewTitle();
    void confirmRemoval();
    bool isOwn(const QString& title) const;

    QMainWindow& window_;
    QList<QDockWidget*> docks_;
    QMenu* menu_;
    QActionGroup* group_ = nullptr;
    QString current_ = QStringLiteral("inspect");
    QList<SavedLayout> own_;
    SavedLayout latest_;  ///< as the user left it; empty: as the layout was made
    bool shown_ = false;
};

}  // namespace sqil
