#pragma once
#include <QLineEdit>

#include "views/rollouts/FilterExpression.h"

class QCompleter;
class QStringListModel;

namespace sqil {

/// A line in which a filter is written: completes the names of columns, and says at the place what it does not
/// understand. The last filter that was understood stays in use until then.
class FilterEdit : public QLineEdit {
    Q_OBJECT
public:
    explicit FilterEdit(std::vector<FilterColumn> columns, QWidget* parent = nullptr);

    QString problem() const { return problem_; }  ///< empty: understood

signals:
    void filterChanged(const sqil::FilterExpression& filter);
    void problemChanged(const QString& problem);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void read();
    void offer();
    void complete(const QString& word);

    std::vector<FilterColumn> columns_;
    QCompleter* completer_;
    QStringListModel* words_;
    QString problem_;
    int problemAt_ = -1, problemLength_ = 0;  ///< in characters
};

}  // namespace sqil
