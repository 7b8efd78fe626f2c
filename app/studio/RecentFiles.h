#pragma once
#include <QObject>
#include <QStringList>

class QMenu;
class QSettings;

namespace sqil {

/// The projects opened last, newest first, and their menu.
class RecentFiles : public QObject {
    Q_OBJECT
public:
    explicit RecentFiles(QMenu* menu, QObject* parent = nullptr);

    const QStringList& files() const { return files_; }
    void remember(const QString& file);
    void forget(const QString& file);
    void clear();

    void restore(const QSettings& settings);
    void store(QSettings& settings) const;

signals:
    void changed();
    void chosen(const QString& file);

private:
    void rebuildMenu();

    QMenu* menu_;
    QStringList files_;
};

}  // namespace sqil
