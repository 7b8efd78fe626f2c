#include "views/jobs/JobLog.h"

#include <QComboBox>
#include <QDateTime>
#include <QFontDatabase>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "views/session/Paths.h"

namespace sqil {
namespace {

constexpr int kMostBlocks = 20'000;

QString levelText(int level) {
    return level == 2 ? JobLog::tr("error  ") : level == 1 ? JobLog::tr("warning  ") : QString();
}

}  // namespace

JobLog::JobLog(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 8, 6);
    column->setSpacing(6);
    auto* head = new QHBoxLayout;
    level_ = new QComboBox(this);
    level_->addItems({tr("Everything"), tr("Warnings and errors"), tr("Errors")});
    level_->setAccessibleName(tr("Levels shown"));
    search_ = new QLineEdit(this);
    search_->setPlaceholderText(tr("Search"));
    search_->setClearButtonEnabled(true);
    search_->setAccessibleName(tr("Lines with this text"));
    head->addWidget(level_);
    head->addWidget(search_, 1);
    column->addLayout(head);
    text_ = new QPlainTextEdit(this);
    text_->setReadOnly(true);
    text_->setMaximumBlockCount(kMostBlocks);
    text_->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text_->setPlaceholderText(tr("No messages"));
    text_->setAccessibleName(tr("Log"));
    column->addWidget(text_, 1);
    connect(level_, &QComboBox::currentIndexChanged, this, &JobLog::rebuild);
    connect(search_, &QLineEdit::textChanged, this, &JobLog::rebuild);
}

void JobLog::clear() {
    lines_.clear();
    text_->clear();
}

void JobLog::add(const std::vector<JobLogLine>& lines) {
    for (const JobLogLine& line : lines) {
        lines_.push_back(line);
        if (isShown(line))
            append(line);
    }
}

QString JobLog::shownText() const {
    return text_->toPlainText();
}

void JobLog::setSearch(const QString& text) {
    search_->setText(text);
}

void JobLog::setLevel(int level) {
    level_->setCurrentIndex(level);
}

bool JobLog::isShown(const JobLogLine& line) const {
    return line.level >= level_->currentIndex() &&
           (search_->text().isEmpty() || toQString(line.text).contains(search_->text(), Qt::CaseInsensitive));
}

void JobLog::append(const JobLogLine& line) {
    const QString time = QDateTime::fromMSecsSinceEpoch(line.time).toString(QStringLiteral("HH:mm:ss"));
    text_->appendPlainText(time + QStringLiteral("  ") + levelText(line.level) + toQString(line.text));
}

void JobLog::rebuild() {
    text_->clear();
    for (const JobLogLine& line : lines_)
        if (isShown(line))
            append(line);
}

}  // namespace sqil
