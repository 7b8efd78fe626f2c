#include "views/card/CardPreviewPanel.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/Heading.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr int kPicture = 168, kShownNumbers = 12;

QString numbersOf(const std::vector<float>& values) {
    QStringList texts;
    for (std::size_t index = 0; index < std::min<std::size_t>(values.size(), kShownNumbers); ++index)
        texts << significant(values[index]);
    if (values.size() > kShownNumbers)
        texts << QStringLiteral("…");
    return texts.join(QStringLiteral("  "));
}

void clear(QLayout* layout) {
    while (QLayoutItem* item = layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

}  // namespace

QImage pictureOf(const InputPreview& input) {
    if (input.shape.size() != 3 || input.picture.empty())
        return {};
    const auto channels = input.shape[0], height = input.shape[1], width = input.shape[2];
    const auto plane = static_cast<std::size_t>(height * width);
    if ((channels != 1 && channels != 3 && channels != 4) || height < 1 || width < 1 || height > 8192 || width > 8192 ||
        input.picture.size() != plane * static_cast<std::size_t>(channels))
        return {};
    // A graph that takes bytes as they are gets values up to 255.
    const float largest = *std::max_element(input.picture.begin(), input.picture.end());
    const float scale = largest > 1.5F ? 1 : 255;
    QImage picture(int(width), int(height), QImage::Format_RGB32);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const std::size_t at = std::size_t(y) * std::size_t(width) + std::size_t(x);
            const auto channel = [&](std::size_t index) {
                const float value = input.picture[at + plane * (channels == 1 ? 0 : index)] * scale;
                return std::isfinite(value) ? std::clamp(int(std::lround(value)), 0, 255) : 0;
            };
            picture.setPixel(x, y, qRgb(channel(0), channel(1), channel(2)));
        }
    return picture;
}

CardPreviewPanel::CardPreviewPanel(QWidget* parent)
    : QWidget(parent), pictures_(new QVBoxLayout), actions_(new QTableWidget(this)), state_(new QLabel(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(heading(tr("As the policy sees it"), this));
    column->addLayout(pictures_);
    state_->setWordWrap(true);
    state_->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(state_);
    column->addWidget(heading(tr("Its action there"), this));
    actions_->setColumnCount(4);
    actions_->setHorizontalHeaderLabels({tr("Action"), tr("Recorded"), tr("Policy"), tr("In units")});
    actions_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    actions_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    actions_->verticalHeader()->hide();
    actions_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    actions_->setAccessibleName(tr("The policy's action next to the recorded one"));
    actions_->setToolTip(tr(
        "Recorded: as it is in the file. Policy: its normalized output. In units: normalized value · scale + offset"));
    column->addWidget(actions_, 1);
}

void CardPreviewPanel::setBusy(bool busy) {
    if (busy)
        state_->setText(tr("Running the policy on this step…"));
}

void CardPreviewPanel::showProblem(const QString& text) {
    state_->setText(text);
}

void CardPreviewPanel::show(const CardPreview& preview, const std::vector<ActionDimension>& dimensions) {
    showInputs(preview);
    showActions(preview, dimensions);
    state_->setText(preview.action.empty() ? tr("The policy runs as soon as every input is fed.") : QString());
}

void CardPreviewPanel::showInputs(const CardPreview& preview) {
    clear(pictures_);
    picture_ = {};
    for (const InputPreview& input : preview.inputs) {
        auto* text = new QLabel(this);
        text->setWordWrap(true);
        const QString name = QString::fromStdString(input.name);
        const QImage picture = pictureOf(input);
        if (picture.isNull()) {
            text->setText(input.values.empty() ? tr("%1: not fed yet").arg(name)
                                               : tr("%1:  %2").arg(name, numbersOf(input.values)));
            pictures_->addWidget(text);
            continue;
        }
        if (picture_.isNull())
            picture_ = picture;
        text->setText(tr("%1: %2 × %3 pixels").arg(name).arg(picture.width()).arg(picture.height()));
        auto* shown = new QLabel(this);
        shown->setPixmap(QPixmap::fromImage(picture.scaled(kPicture, kPicture, Qt::KeepAspectRatio)));
        shown->setAccessibleName(tr("Input %1").arg(name));
        pictures_->addWidget(text);
        pictures_->addWidget(shown);
    }
}

void CardPreviewPanel::showActions(const CardPreview& preview, const std::vector<ActionDimension>& dimensions) {
    const std::size_t count = std::max({preview.action.size(), preview.recorded.size(), std::size_t(0)});
    actions_->setRowCount(static_cast<int>(std::min<std::size_t>(count, 256)));
    for (int row = 0; row < actions_->rowCount(); ++row) {
        const auto index = static_cast<std::size_t>(row);
        const bool named = dimensions.size() == preview.action.size() && index < dimensions.size();
        const auto valueOf = [index](const std::vector<float>& values) {
            return index < values.size() ? significant(values[index]) : QString();
        };
        QString inUnits;
        if (named)
            inUnits = QStringLiteral("%1 %2")
                          .arg(significant(double(preview.action[index]) * dimensions[index].scale +
                                           dimensions[index].offset),
                               QString::fromStdString(dimensions[index].unit))
                          .trimmed();
        const QString texts[] = {named ? QString::fromStdString(dimensions[index].name) : tr("action %1").arg(row),
                                 valueOf(preview.recorded), valueOf(preview.action), inUnits};
        for (int column = 0; column < 4; ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            if (column > 0)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            actions_->setItem(row, column, item);
        }
    }
}

}  // namespace sqil
