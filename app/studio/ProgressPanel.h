#pragma once
#include <QWidget>

#include "views/session/StudioSession.h"
#include "widgets/TimeLeft.h"

class QLabel;
class QProgressBar;
class QToolButton;

namespace sqil {

/// What is being worked on, how far, how long still, and a button to stop it. For the status bar.
class ProgressPanel : public QWidget {
    Q_OBJECT
public:
    explicit ProgressPanel(StudioSession& session, QWidget* parent = nullptr);

    QString text() const;

private:
    void update();
    void showBar(qint64 done, qint64 total);

    StudioSession& session_;
    TimeLeft timeLeft_;
    QLabel* text_;
    QProgressBar* bar_;
    QToolButton* stop_;
    QToolButton* resume_;
};

}  // namespace sqil
