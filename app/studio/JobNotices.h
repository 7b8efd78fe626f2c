#pragma once
#include <QObject>

#include "core/project/JobRecord.h"

class QSystemTrayIcon;

namespace sqil {

class JobsView;
class MessageBar;

/// Tells when a job ends: in the window, and where there is a tray, in it; its icon shows how far the queue is.
class JobNotices : public QObject {
    Q_OBJECT
public:
    JobNotices(JobsView& jobs, MessageBar& messages, QObject* parent = nullptr);

    static QString textOf(const JobRecord& job);  ///< "sqil W4A16 seed 1 has finished: held-out gap 0.041."

signals:
    void jobRequested(sqil::RecordId job);

private:
    void tell(const JobRecord& job);
    void showQueue(int running, int waiting, double share);

    MessageBar& messages_;
    QSystemTrayIcon* tray_ = nullptr;
    RecordId last_ = 0;
};

}  // namespace sqil
