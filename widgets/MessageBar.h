#pragma once
#include <QWidget>
#include <functional>

class QVBoxLayout;

namespace sqil {

/// Messages in place, above what they are about: newest first, each until it is closed. At most
/// four are shown; the oldest give way, and what is said again moves up instead of doubling.
class MessageBar : public QWidget {
    Q_OBJECT
public:
    enum class Level { Information, Warning, Error };
    struct Action {
        QString text;
        std::function<void()> run;
    };

    explicit MessageBar(QWidget* parent = nullptr);

    void show(Level level, const QString& text, const QList<Action>& actions = {});
    void clear();
    QStringList messages() const;  ///< newest first

private:
    void removeMessage(QWidget* message);

    QVBoxLayout* list_;
};

}  // namespace sqil
