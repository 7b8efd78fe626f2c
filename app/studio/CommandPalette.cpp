#include "app/studio/CommandPalette.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTextLayout>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/FuzzyMatch.h"

namespace sqil {
namespace {

constexpr int kWidth = 620, kMostShown = 60, kRows = 12, kPadding = 10;
constexpr int kDetailRole = Qt::UserRole + 1, kKeysRole = Qt::UserRole + 2, kMarksRole = Qt::UserRole + 3;

/// Text with the found letters in bold, the menu's path in grey, the keys at the right.
class LineDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {kWidth, option.fontMetrics.height() + 12};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const bool current = option.state & QStyle::State_Selected;
        const QPalette& palette = option.palette;
        if (current)
            painter->fillRect(option.rect, palette.color(QPalette::Highlight));
        QRect area = option.rect.adjusted(kPadding, 0, -kPadding, 0);
        const QColor text = palette.color(current ? QPalette::HighlightedText : QPalette::Text);
        const QColor grey = current ? text : palette.color(QPalette::PlaceholderText);
        const QIcon sign = index.data(Qt::DecorationRole).value<QIcon>();
        if (!sign.isNull())
            sign.paint(painter, QRect(area.left(), area.center().y() - 7, 16, 16));
        area.setLeft(area.left() + 24);

        painter->setPen(grey);
        painter->setFont(option.font);
        const QString keys = index.data(kKeysRole).toString();
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, keys);
        area.setRight(area.right() - option.fontMetrics.horizontalAdvance(keys) - kPadding);

        const double used = drawMarked(*painter, area, option.font, text, index);
        painter->setPen(grey);
        const QRect rest = area.adjusted(static_cast<int>(used) + 2 * kPadding, 0, 0, 0);
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(index.data(kDetailRole).toString(), Qt::ElideMiddle,
                                                        std::max(0, rest.width())));
    }

private:
    static double drawMarked(QPainter& painter, const QRect& area, const QFont& font, const QColor& colour,
                             const QModelIndex& index) {
        QTextLayout layout(index.data(Qt::DisplayRole).toString(), font);
        QList<QTextLayout::FormatRange> marks;
        for (const QVariant& position : index.data(kMarksRole).toList()) {
            QTextLayout::FormatRange mark{position.toInt(), 1, {}};
            mark.format.setFontWeight(QFont::Bold);
            marks << mark;
        }
        layout.setFormats(marks);
        layout.beginLayout();
        QTextLine line = layout.createLine();
        line.setLineWidth(area.width());
        layout.endLayout();
        painter.setPen(colour);
        layout.draw(&painter, QPointF(area.left(), area.center().y() - line.height() / 2));
        return line.naturalTextWidth();
    }
};

}  // namespace

CommandPalette::CommandPalette(std::vector<PaletteEntry> entries,
                               std::function<std::vector<PaletteEntry>(const QString&)> answers, QWidget* parent)
    : QDialog(parent),
      entries_(std::move(entries)),
      answers_(std::move(answers)),
      edit_(new QLineEdit(this)),
      list_(new QListWidget(this)) {
    setWindowTitle(tr("Commands"));
    setWindowFlags(Qt::Popup | Qt::FramelessWindowHint);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    edit_->setPlaceholderText(tr("Command, episode, “step 120”, project or layout"));
    edit_->setAccessibleName(tr("Command, episode, step, project or layout"));
    edit_->setFrame(false);
    edit_->setTextMargins(kPadding, kPadding, kPadding, kPadding);
    edit_->installEventFilter(this);
    list_->setAccessibleName(tr("Found"));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setItemDelegate(new LineDelegate(list_));
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setUniformItemSizes(true);
    list_->setFocusPolicy(Qt::NoFocus);  // the arrow keys reach it through the edit
    column->addWidget(edit_);
    column->addWidget(list_);
    list_->setFixedHeight(kRows * (fontMetrics().height() + 12));
    setFixedWidth(kWidth);
    connect(edit_, &QLineEdit::textChanged, this, &CommandPalette::find);
    connect(list_, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
    if (parent) {
        adjustSize();
        move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, parent->height() / 8)));
    }
    find({});
    edit_->setFocus();
}

QStringList CommandPalette::shown() const {
    QStringList texts;
    for (const PaletteEntry& entry : found_)
        texts << entry.text;
    return texts;
}

void CommandPalette::find(const QString& typed) {
    struct Scored {
        int score;
        const PaletteEntry* entry;
        QList<int> marks;
    };
    std::vector<Scored> scored;
    for (const PaletteEntry& entry : entries_) {
        if (const auto match = fuzzyMatch(typed, entry.text))
            scored.push_back({match->score + entry.bonus, &entry, match->positions});
        else if (const auto inDetail = fuzzyMatch(typed, entry.detail + QLatin1Char(' ') + entry.text))
            scored.push_back({inDetail->score / 2 + entry.bonus, &entry, {}});
    }
    const auto better = [](const Scored& a, const Scored& b) { return a.score > b.score; };
    if (!typed.trimmed().isEmpty())
        std::stable_sort(scored.begin(), scored.end(), better);
    if (scored.size() > std::size_t(kMostShown))
        scored.resize(kMostShown);

    found_ = typed.trimmed().isEmpty() ? std::vector<PaletteEntry>{} : answers_(typed.trimmed());
    std::vector<QList<int>> marks(found_.size());
    for (const Scored& one : scored) {
        found_.push_back(*one.entry);
        marks.push_back(one.marks);
    }
    list_->clear();
    for (std::size_t index = 0; index < found_.size(); ++index) {
        const PaletteEntry& entry = found_[index];
        auto* item = new QListWidgetItem(entry.icon, entry.text, list_);
        item->setData(kDetailRole, entry.detail);
        item->setData(kKeysRole, entry.keys);
        item->setData(Qt::AccessibleTextRole, QStringList{entry.text, entry.detail, entry.keys}.join(QLatin1Char(' ')));
        QVariantList places;
        for (const int position : marks[index])
            places << position;
        item->setData(kMarksRole, places);
    }
    if (found_.empty()) {
        auto* none = new QListWidgetItem(tr("Nothing is called “%1”").arg(typed.trimmed()), list_);
        none->setFlags(Qt::NoItemFlags);
    }
    list_->setCurrentRow(0);
}

void CommandPalette::runCurrent() {
    const int row = list_->currentRow();
    if (row < 0 || std::size_t(row) >= found_.size())
        return;
    const auto run = found_[std::size_t(row)].run;
    accept();
    // After the popup is gone: what is run may open a dialog or take the focus.
    QTimer::singleShot(0, parent(), run);
}

bool CommandPalette::eventFilter(QObject* object, QEvent* event) {
    if (object != edit_ || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(object, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int count = list_->count();
    const auto moveTo = [&](int row) {
        list_->setCurrentRow(std::clamp(row, 0, std::max(0, count - 1)));
        return true;
    };
    switch (key) {
        case Qt::Key_Down:
            return moveTo(count ? (list_->currentRow() + 1) % count : 0);
        case Qt::Key_Up:
            return moveTo(count ? (list_->currentRow() + count - 1) % count : 0);
        case Qt::Key_PageDown:
            return moveTo(list_->currentRow() + kRows);
        case Qt::Key_PageUp:
            return moveTo(list_->currentRow() - kRows);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            runCurrent();
            return true;
        default:
            return QDialog::eventFilter(object, event);
    }
}

}  // namespace sqil
