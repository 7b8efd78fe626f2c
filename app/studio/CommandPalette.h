#pragma once
#include <QDialog>
#include <QIcon>
#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;

namespace sqil {

/// One line of the palette.
struct PaletteEntry {
    QString text;    ///< what is matched and shown: "Go to demo_3"
    QString detail;  ///< in grey beside it: the menu it is in, a folder
    QString keys;
    QIcon icon;
    std::function<void()> run;
    int bonus = 0;  ///< added to the match's score
};

/// Type a few letters, press Enter: commands, episodes, steps, projects and layouts in one list.
class CommandPalette : public QDialog {
    Q_OBJECT
public:
    /// `answers` gives entries that depend on what is typed ("step 120"), before all others.
    CommandPalette(std::vector<PaletteEntry> entries,
                   std::function<std::vector<PaletteEntry>(const QString& typed)> answers, QWidget* parent);

    QLineEdit* edit() const { return edit_; }
    QStringList shown() const;  ///< the lines' texts, best first

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void find(const QString& typed);
    void runCurrent();

    std::vector<PaletteEntry> entries_;
    std::function<std::vector<PaletteEntry>(const QString&)> answers_;
    std::vector<PaletteEntry> found_;
    QLineEdit* edit_;
    QListWidget* list_;
};

}  // namespace sqil
