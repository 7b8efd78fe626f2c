#pragma once
#include <QElapsedTimer>
#include <QUndoCommand>
#include <functional>
#include <optional>

namespace sqil {

class Selection;

/// p of the critical states. Turning the spin box up in one go is one command; a drag is one of its own.
class SetTopPercent : public QUndoCommand {
public:
    SetTopPercent(Selection& selection, double before, double after, bool merges);
    void undo() override;
    void redo() override;
    int id() const override { return merges_ ? 1 : -1; }
    bool mergeWith(const QUndoCommand* other) override;

private:
    Selection& selection_;
    double before_, after_;
    bool merges_;
    QElapsedTimer sinceChange_;
};

/// One bookmark set, noted or removed: the note before and after, none for no bookmark.
class ChangeBookmark : public QUndoCommand {
public:
    using Apply = std::function<void(const std::optional<QString>& note)>;
    ChangeBookmark(std::optional<QString> before, std::optional<QString> after, Apply apply);
    void undo() override { apply_(before_); }
    void redo() override { apply_(after_); }

private:
    std::optional<QString> before_, after_;
    Apply apply_;
};

}  // namespace sqil
