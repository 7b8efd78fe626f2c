#pragma once
#include <QObject>

#include "views/session/StudioSession.h"

namespace sqil {

class CardDialog;
class MessageBar;

/// What the window says and offers when a project is not as it should be: files that moved, a damaged
/// file, a policy without a card, results that are older than their files.
class ProjectNotices : public QObject {
    Q_OBJECT
public:
    ProjectNotices(StudioSession& session, MessageBar& messages, QWidget* window);

    /// Opens the card of a policy for editing.
    void editCard(RecordId policy);
    /// Unattended runs open no dialogs.
    void setDialogsAllowed(bool allowed) { dialogsAllowed_ = allowed; }

signals:
    void saveCopyRequested();

private:
    void showMissing(const std::vector<MissingFile>& files);
    void find(const MissingFile& file);
    void offerCard(RecordId policy);
    void showRecovered(const QString& damaged, const QString& rescued);
    void showDamage(const QString& project, const QString& what);

    StudioSession& session_;
    MessageBar& messages_;
    QWidget* window_;
    bool dialogsAllowed_ = true;
};

}  // namespace sqil
