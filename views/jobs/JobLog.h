#pragma once
#include <QWidget>
#include <vector>

#include "core/project/JobRecord.h"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;

namespace sqil {

/// A job's log: its lines by level, and those in which a text occurs.
class JobLog : public QWidget {
    Q_OBJECT
public:
    explicit JobLog(QWidget* parent = nullptr);

    void clear();
    void add(const std::vector<JobLogLine>& lines);
    const std::vector<JobLogLine>& lines() const { return lines_; }
    QString shownText() const;
    void setSearch(const QString& text);
    void setLevel(int level);  ///< 0 everything, 1 from warnings, 2 errors only

private:
    bool isShown(const JobLogLine& line) const;
    void append(const JobLogLine& line);
    void rebuild();

    std::vector<JobLogLine> lines_;
    QComboBox* level_;
    QLineEdit* search_;
    QPlainTextEdit* text_;
};

}  // namespace sqil
