#include "views/session/Commands.h"

#include "views/session/Selection.h"

namespace sqil {
namespace {
constexpr qint64 kSameGoMilliseconds = 1000;
}

SetTopPercent::SetTopPercent(Selection& selection, double before, double after, bool merges)
    : QUndoCommand(Selection::tr("Change critical share to %1 %").arg(after, 0, 'g', 3)),
      selection_(selection),
      before_(before),
      after_(after),
      merges_(merges) {
    sinceChange_.start();
}

void SetTopPercent::undo() {
    selection_.setTopPercent(before_);
}

void SetTopPercent::redo() {
    selection_.setTopPercent(after_);
}

bool SetTopPercent::mergeWith(const QUndoCommand* other) {
    if (sinceChange_.elapsed() > kSameGoMilliseconds)
        return false;
    after_ = static_cast<const SetTopPercent*>(other)->after_;
    sinceChange_.restart();
    setText(other->text());
    return true;
}

ChangeBookmark::ChangeBookmark(std::optional<QString> before, std::optional<QString> after, Apply apply)
    : QUndoCommand(!after    ? Selection::tr("Remove a bookmark")
                   : !before ? Selection::tr("Bookmark a step")
                             : Selection::tr("Change a bookmark's note")),
      before_(std::move(before)),
      after_(std::move(after)),
      apply_(std::move(apply)) {}

}  // namespace sqil
