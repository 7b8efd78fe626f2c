#pragma once
#include <QWidget>

#include "core/policy/CardStudy.h"

class QLabel;
class QTableWidget;
class QVBoxLayout;

namespace sqil {

/// A step as the policy sees it, input by input, and its action beside the recorded one.
class CardPreviewPanel : public QWidget {
    Q_OBJECT
public:
    explicit CardPreviewPanel(QWidget* parent = nullptr);

    void show(const CardPreview& preview, const std::vector<ActionDimension>& dimensions);
    void showProblem(const QString& text);
    void setBusy(bool busy);

    /// The first picture as shown; null: none is.
    QImage picture() const { return picture_; }
    QTableWidget* actions() const { return actions_; }

private:
    void showInputs(const CardPreview& preview);
    void showActions(const CardPreview& preview, const std::vector<ActionDimension>& dimensions);

    QVBoxLayout* pictures_;
    QTableWidget* actions_;
    QLabel* state_;
    QImage picture_;
};

/// Channels first, values in [0, 1], as a picture; null for other shapes.
QImage pictureOf(const InputPreview& input);

}  // namespace sqil
