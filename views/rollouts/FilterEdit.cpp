#include "views/rollouts/FilterEdit.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QPainter>
#include <QStringListModel>
#include <QStyleOptionFrame>

#include "widgets/PlotTheme.h"

namespace sqil {

FilterEdit::FilterEdit(std::vector<FilterColumn> columns, QWidget* parent)
    : QLineEdit(parent),
      columns_(std::move(columns)),
      completer_(new QCompleter(this)),
      words_(new QStringListModel(this)) {
    setClearButtonEnabled(true);
    setPlaceholderText(tr("Filter: success = 0 and max_gap > 0.5"));
    setAccessibleName(tr("Filter of the episodes"));
    QStringList names;
    for (const FilterColumn& column : columns_)
        names << QString::fromStdString(column.name);
    setToolTip(tr("Columns: %1.\nComparisons: = != < <= > >=; ~ asks whether a name contains a text in quotes.\nJoined "
                  "with and, or, not and parentheses. Values that are not known match no comparison.")
                   .arg(names.join(QStringLiteral(", "))));
    completer_->setModel(words_);
    completer_->setWidget(this);
    completer_->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    connect(completer_, qOverload<const QString&>(&QCompleter::activated), this, &FilterEdit::complete);
    connect(this, &QLineEdit::textChanged, this, &FilterEdit::read);
    connect(this, &QLineEdit::textEdited, this, &FilterEdit::offer);
}

void FilterEdit::read() {
    const QByteArray bytes = text().toUtf8();
    auto filter = FilterExpression::parse(std::string_view(bytes.constData(), std::size_t(bytes.size())), columns_);
    if (filter) {
        problem_.clear();
        problemAt_ = -1;
        emit filterChanged(*filter);
    } else {
        problem_ = QString::fromStdString(filter.error().message);
        problemAt_ = int(QString::fromUtf8(bytes.left(qsizetype(filter.error().position))).size());
        problemLength_ = int(
            QString::fromUtf8(bytes.mid(qsizetype(filter.error().position), qsizetype(filter.error().length))).size());
    }
    emit problemChanged(problem_);
    update();
}

void FilterEdit::offer() {
    const QByteArray before = text().left(cursorPosition()).toUtf8();
    const auto completion = completeFilter(std::string_view(before.constData(), std::size_t(before.size())),
                                           std::size_t(before.size()), columns_);
    QStringList words;
    for (const std::string& word : completion.words)
        words << QString::fromStdString(word);
    const bool isWhole = words.size() == 1 && completion.length == std::size_t(words.first().size());
    if (words.isEmpty() || completion.length == 0 || isWhole) {
        completer_->popup()->hide();
        return;
    }
    words_->setStringList(words);
    QRect place = cursorRect();
    place.setWidth(180);
    completer_->complete(place);
}

void FilterEdit::complete(const QString& word) {
    const QByteArray before = text().left(cursorPosition()).toUtf8();
    const auto completion = completeFilter(std::string_view(before.constData(), std::size_t(before.size())),
                                           std::size_t(before.size()), columns_);
    const int start = int(QString::fromUtf8(before.left(qsizetype(completion.position))).size());
    const QString rest = text().mid(cursorPosition());
    setText(text().left(start) + word + QLatin1Char(' ') + rest);
    setCursorPosition(start + int(word.size()) + 1);
}

void FilterEdit::keyPressEvent(QKeyEvent* event) {
    const bool isOffering = completer_->popup() && completer_->popup()->isVisible();
    if (event->key() == Qt::Key_Escape && isOffering) {
        completer_->popup()->hide();
        return;
    }
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    if (event->key() == Qt::Key_Tab && isOffering) {
        complete(words_->stringList().value(std::max(0, completer_->popup()->currentIndex().row())));
        completer_->popup()->hide();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

/// A wavy line would need the text's layout; a straight one below the place says as much.
void FilterEdit::paintEvent(QPaintEvent* event) {
    QLineEdit::paintEvent(event);
    if (problemAt_ < 0)
        return;
    QStyleOptionFrame option;
    initStyleOption(&option);
    const QRect box = style()->subElementRect(QStyle::SE_LineEditContents, &option, this);
    const QFontMetrics metrics(font());
    // Where the cursor is drawn tells how far the text is scrolled.
    const int scrolled = metrics.horizontalAdvance(text().left(cursorPosition())) - cursorRect().center().x();
    const int left = metrics.horizontalAdvance(text().left(problemAt_)) - scrolled;
    const int width = std::max(6, metrics.horizontalAdvance(text().mid(problemAt_, problemLength_)));
    QPainter painter(this);
    painter.setClipRect(box);
    painter.setPen(QPen(PlotTheme::of(palette(), font()).bad, 2));
    const int y = box.center().y() + metrics.height() / 2;
    painter.drawLine(left, y, left + width, y);
}

}  // namespace sqil
