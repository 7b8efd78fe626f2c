#pragma once
#include <QStringList>
#include <QWidget>

#include "views/session/JobTracker.h"

class QLabel;
class QVBoxLayout;

namespace sqil {

/// What the window shows before anything is open.
class WelcomePage : public QWidget {
    Q_OBJECT
public:
    explicit WelcomePage(QWidget* parent = nullptr);

    void setRecent(const QStringList& files);
    void setBusy(const QString& what);  ///< empty: not busy

signals:
    void openRequested();
    void sampleRequested();
    void repairRequested();  ///< the sample, and a training run on it
    void recentRequested(const QString& file);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void checkRecent();

    QVBoxLayout* recent_;
    QLabel* recentTitle_;
    QLabel* busy_;
    JobTracker jobs_;
};

}  // namespace sqil
