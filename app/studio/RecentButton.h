#pragma once
#include <QAbstractButton>

namespace sqil {

/// A project on the welcome page: its thumbnail, name, folder, and what is wrong with it.
class RecentButton : public QAbstractButton {
    Q_OBJECT
public:
    RecentButton(const QString& file, const QImage& thumbnail, QWidget* parent = nullptr);

    const QString& file() const { return file_; }
    const QString& status() const { return status_; }
    void setStatus(const QString& status, bool isProblem);  ///< "2 policies · 8 episodes", "2 files are missing"

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString file_, name_, folder_, status_;
    QImage thumbnail_;
    bool isProblem_ = false;
};

}  // namespace sqil
