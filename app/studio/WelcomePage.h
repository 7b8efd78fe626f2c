#pragma once
#include <QStringList>
#include <QWidget>

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
    void recentRequested(const QString& file);

private:
    QVBoxLayout* recent_;
    QLabel* recentTitle_;
    QLabel* busy_;
};

}  // namespace sqil
