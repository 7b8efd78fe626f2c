#include "views/card/CardDialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QTableWidget>
#include <algorithm>

#include "views/card/CardNumbers.h"
#include "views/card/CardPreviewPanel.h"
#include "views/session/Paths.h"
#include "widgets/Heading.h"

namespace sqil {
namespace {

constexpr int kPreviewDelay = 200;  ///< ms after the last key

QTableWidgetItem* fixedItem(const QString& text) {
    auto* item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    return item;
}

}  // namespace

CardDialog::CardDialog(std::shared_ptr<const CardStudy> study, const PolicyCard& card, const QString& policyName,
                       QWidget* parent)
    : QDialog(parent),
      study_(std::move(study)),
      base_(card),
      inputs_(new QTableWidget(this)),
      dimensions_(new QTableWidget(this)),
      problem_(new QLabel(this)),
      preview_(new CardPreviewPanel(this)) {
    setWindowTitle(tr("Policy card of %1").arg(policyName));
    resize(1220, 640);
    auto* outer = new QVBoxLayout(this);
    auto* intro = new QLabel(tr("The policy's file does not say all of this. What could be read off the policy and the "
                                "rollouts is filled in; check it and complete the rest."),
                             this);
    intro->setWordWrap(true);
    intro->setForegroundRole(QPalette::PlaceholderText);
    outer->addWidget(intro);
    auto* halves = new QHBoxLayout;
    halves->setSpacing(18);
    auto* fields = new QVBoxLayout;
    fields->addWidget(heading(tr("Inputs"), this));
    fields->addWidget(makeInputs(), 2);
    fields->addWidget(heading(tr("Action"), this));
    fields->addWidget(makeHead());
    fields->addWidget(makeDimensions(), 2);
    halves->addLayout(fields, 3);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(preview_);
    scroll->setFixedWidth(310);
    scroll->setFocusPolicy(Qt::NoFocus);
    halves->addWidget(scroll);
    outer->addLayout(halves, 1);
    problem_->setWordWrap(true);
    problem_->setTextFormat(Qt::PlainText);
    problem_->setAccessibleName(tr("What does not fit yet"));
    outer->addWidget(problem_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    save_ = buttons->addButton(tr("Keep this card"), QDialogButtonBox::AcceptRole);
    save_->setObjectName(QStringLiteral("keepCard"));
    save_->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    outer->addWidget(buttons);

    previewing_.setSingleShot(true);
    previewing_.setInterval(kPreviewDelay);
    connect(&previewing_, &QTimer::timeout, this, &CardDialog::requestPreview);
    fill(card);
    changed();
}

CardDialog::~CardDialog() = default;

QWidget* CardDialog::makeInputs() {
    inputs_->setColumnCount(ColumnCount);
    inputs_->setHorizontalHeaderLabels({tr("Input"), tr("Wants"), tr("Recorded key"), tr("Recorded"), tr("Resize"),
                                        tr("Scale"), tr("Mean"), tr("Std"), tr("Becomes"), tr("Fits")});
    const QString tips[] = {tr("The policy's input"),
                            tr("Shape and element type that the policy wants; letters are dynamic dimensions"),
                            tr("The rollouts' observation that feeds it"),
                            tr("Element type and shape of one recorded step"),
                            tr("Height×width in pixels, bilinear and antialiased; empty: as recorded"),
                            tr("Factor before mean and std: 1/255 turns bytes into 0…1"),
                            tr("Subtracted: one number, or one a channel or dimension, separated by spaces"),
                            tr("Divided by: one number, or one a channel or dimension, separated by spaces"),
                            tr("Shape of one step as it reaches the policy"),
                            tr("Whether this feeds the input")};
    for (int column = 0; column < ColumnCount; ++column)
        inputs_->horizontalHeaderItem(column)->setToolTip(tips[column]);
    inputs_->verticalHeader()->hide();
    inputs_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    inputs_->horizontalHeader()->moveSection(Verdict, Key + 1);  // the answer beside the question
    inputs_->horizontalHeader()->setSectionResizeMode(Deviation, QHeaderView::Stretch);
    inputs_->setAccessibleName(tr("Inputs of the policy and the recorded keys that feed them"));
    inputs_->setTabKeyNavigation(false);
    connect(inputs_, &QTableWidget::cellChanged, this, &CardDialog::changed);
    return inputs_;
}

QWidget* CardDialog::makeHead() {
    auto* row = new QWidget(this);
    auto* form = new QHBoxLayout(row);
    form->setContentsMargins(0, 0, 0, 0);
    const auto labelled = [&](const QString& text, QWidget* field) {
        auto* label = new QLabel(text, row);
        label->setBuddy(field);
        form->addWidget(label);
        form->addWidget(field);
        form->addSpacing(10);
    };
    head_ = new QComboBox(row);
    head_->addItem(tr("Deterministic: the action itself"), int(ActionHead::Deterministic));
    head_->addItem(tr("Categorical: logits over actions"), int(ActionHead::Categorical));
    head_->addItem(tr("Gaussian: mean and log std"), int(ActionHead::Gaussian));
    head_->addItem(tr("Beta: alpha and beta"), int(ActionHead::Beta));
    head_->addItem(tr("Token logits a dimension"), int(ActionHead::TokenLogits));
    head_->setAccessibleName(tr("Action head"));
    labelled(tr("&Head"), head_);
    const auto outputBox = [&](const QString& name) {
        auto* box = new QSpinBox(row);
        box->setRange(0, std::max(0, static_cast<int>(study_->outputs().size()) - 1));
        box->setAccessibleName(name);
        QString tip = tr("Which of the policy's outputs, from 0:");
        for (std::size_t index = 0; index < study_->outputs().size(); ++index)
            tip += QStringLiteral("\n%1: %2 %3")
                       .arg(index)
                       .arg(toQString(study_->outputs()[index].name), toQString(study_->outputs()[index].shape));
        box->setToolTip(tip);
        connect(box, &QSpinBox::valueChanged, this, &CardDialog::changed);
        return box;
    };
    output_ = outputBox(tr("Output"));
    secondOutput_ = outputBox(tr("Second output"));
    labelled(tr("&Output"), output_);
    form->addWidget(secondOutput_);
    rate_ = new QDoubleSpinBox(row);
    rate_->setRange(0, 100'000);
    rate_->setSuffix(tr(" Hz"));
    rate_->setSpecialValueText(tr("not known"));
    rate_->setToolTip(tr("Steps a second at which the policy controls the robot; 0: not known"));
    rate_->setAccessibleName(tr("Control rate"));
    labelled(tr("Control &rate"), rate_);
    form->addStretch();
    connect(head_, &QComboBox::currentIndexChanged, this, &CardDialog::changed);
    connect(rate_, &QDoubleSpinBox::valueChanged, this, &CardDialog::changed);
    return row;
}

QWidget* CardDialog::makeDimensions() {
    dimensions_->setColumnCount(4);
    dimensions_->setHorizontalHeaderLabels({tr("Dimension"), tr("Unit"), tr("Scale"), tr("Offset")});
    dimensions_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    dimensions_->setAccessibleName(tr("Dimensions of the action"));
    dimensions_->setToolTip(tr("normalized · scale + offset is in the unit"));
    dimensions_->setTabKeyNavigation(false);
    connect(dimensions_, &QTableWidget::cellChanged, this, &CardDialog::changed);

    auto* place = new QWidget(this);
    auto* column = new QVBoxLayout(place);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(dimensions_, 1);
    auto* row = new QHBoxLayout;
    episode_ = new QComboBox(place);
    episode_->setAccessibleName(tr("Episode of the preview"));
    for (std::size_t index = 0; index < study_->rollouts().episodes.size() && index < 1000; ++index)
        if (study_->rollouts().episodes[index].steps > 0)
            episode_->addItem(toQString(study_->rollouts().episodes[index].name), static_cast<int>(index));
    step_ = new QSpinBox(place);
    step_->setAccessibleName(tr("Step of the preview"));
    const auto limit = [this] {
        const int episode = episode_->currentData().toInt();
        if (episode_->count() > 0)
            step_->setMaximum(static_cast<int>(study_->rollouts().episodes[std::size_t(episode)].steps) - 1);
    };
    limit();
    connect(episode_, &QComboBox::currentIndexChanged, this, [this, limit] {
        limit();
        changed();
    });
    connect(step_, &QSpinBox::valueChanged, this, &CardDialog::changed);
    row->addWidget(new QLabel(tr("Preview of"), place));
    row->addWidget(episode_);
    row->addWidget(new QLabel(tr("step"), place));
    row->addWidget(step_);
    row->addStretch();
    column->addLayout(row);
    return place;
}

QComboBox* CardDialog::keyBox(int row) const {
    return qobject_cast<QComboBox*>(inputs_->cellWidget(row, Key));
}

void CardDialog::fill(const PolicyCard& card) {
    filling_ = true;
    const auto& wanted = study_->inputs();
    inputs_->setRowCount(static_cast<int>(wanted.size()));
    for (int row = 0; row < inputs_->rowCount(); ++row) {
        const TensorText& text = wanted[std::size_t(row)];
        CardInput entry;
        entry.name = text.name;
        entry.kind = text.isPicture ? InputKind::Image : InputKind::State;
        for (const CardInput& input : card.inputs)
            if (input.name == text.name)
                entry = input;
        inputs_->setItem(row, Input, fixedItem(toQString(text.name)));
        inputs_->setItem(row, Wanted, fixedItem(toQString(text.shape + " " + text.type)));
        auto* box = new QComboBox(inputs_);
        box->setAccessibleName(tr("Key that feeds %1").arg(toQString(text.name)));
        box->addItem(tr("(choose)"), QString());
        for (const KeySpec& key : study_->rollouts().observations)
            box->addItem(toQString(key.name), toQString(key.name));
        inputs_->setCellWidget(row, Key, box);
        fillInput(row, entry);
        connect(box, &QComboBox::currentIndexChanged, this, &CardDialog::changed);
        for (const int column : {Recorded, Becomes, Verdict})
            inputs_->setItem(row, column, fixedItem({}));
    }
    head_->setCurrentIndex(std::max(0, head_->findData(int(card.head))));
    output_->setValue(card.outputs.empty() ? 0 : card.outputs[0]);
    secondOutput_->setValue(card.outputs.size() > 1 ? card.outputs[1] : 1);
    rate_->setValue(card.controlRateHz);
    fillDimensions(card.dimensions);
    filling_ = false;
}

void CardDialog::fillInput(int row, const CardInput& input) {
    QComboBox* box = keyBox(row);
    const QString key = toQString(input.key);
    if (box->findData(key) < 0)
        box->addItem(tr("%1 (not recorded)").arg(key), key);
    box->setCurrentIndex(box->findData(key));
    const bool picture = input.kind == InputKind::Image;
    inputs_->setItem(row, Resize, picture ? new QTableWidgetItem(sizeText(input.resize)) : fixedItem(tr("–")));
    inputs_->setItem(row, Scale, new QTableWidgetItem(scaleText(input.scale)));
    inputs_->setItem(row, Mean, new QTableWidgetItem(numbersText(input.mean)));
    inputs_->setItem(row, Deviation, new QTableWidgetItem(numbersText(input.std)));
    inputs_->setRowHeight(row, 30);
}

void CardDialog::fillDimensions(const std::vector<ActionDimension>& dimensions) {
    dimensions_->setRowCount(static_cast<int>(std::min<std::size_t>(dimensions.size(), 1000)));
    for (int row = 0; row < dimensions_->rowCount(); ++row) {
        const ActionDimension& dimension = dimensions[std::size_t(row)];
        const QString texts[] = {toQString(dimension.name), toQString(dimension.unit), numberText(dimension.scale),
                                 numberText(dimension.offset)};
        for (int column = 0; column < 4; ++column)
            dimensions_->setItem(row, column, new QTableWidgetItem(texts[column]));
    }
}

CardInput CardDialog::inputAt(int row) const {
    CardInput input;
    input.name = study_->inputs()[std::size_t(row)].name;
    input.key = keyBox(row)->currentData().toString().toStdString();
    const KeySpec* key = study_->rollouts().observation(input.key);
    const bool picture = key ? key->isImage() : study_->inputs()[std::size_t(row)].isPicture;
    input.kind = picture ? InputKind::Image : InputKind::State;
    for (const CardInput& before : base_.inputs)
        if (before.name == input.name && before.key == input.key)
            input.heightWidthChannel = before.heightWidthChannel;
        else if (before.name == input.name)
            input.heightWidthChannel = picture;
    const auto text = [&](int column) {
        const auto* item = inputs_->item(row, column);
        return item ? item->text() : QString();
    };
    if (picture)
        input.resize = parseSize(text(Resize));
    input.scale = parseScale(text(Scale)).value_or(1.0);
    input.mean = parseNumbers(text(Mean)).value_or(std::vector<double>{});
    input.std = parseNumbers(text(Deviation)).value_or(std::vector<double>{});
    return input;
}

PolicyCard CardDialog::card() const {
    PolicyCard card = base_;
    card.inputs.clear();
    for (int row = 0; row < inputs_->rowCount(); ++row)
        card.inputs.push_back(inputAt(row));
    card.head = ActionHead(head_->currentData().toInt());
    card.outputs = {output_->value()};
    if (card.head == ActionHead::Gaussian || card.head == ActionHead::Beta)
        card.outputs.push_back(secondOutput_->value());
    card.controlRateHz = rate_->value();
    card.dimensions.clear();
    for (int row = 0; row < dimensions_->rowCount(); ++row) {
        const auto text = [&](int column) {
            const auto* item = dimensions_->item(row, column);
            return item ? item->text().trimmed() : QString();
        };
        card.dimensions.push_back({text(0).toStdString(), text(1).toStdString(), parseScale(text(2)).value_or(1.0),
                                   parseNumber(text(3)).value_or(0.0)});
    }
    return card;
}

bool CardDialog::isComplete() const {
    return complete_;
}

QString CardDialog::problem() const {
    return problem_->text();
}

void CardDialog::changed() {
    if (filling_)
        return;
    validate();
    previewing_.start();
}

void CardDialog::validate() {
    filling_ = true;
    const CardVerdict verdict = study_->check(card());
    QString problem = toQString(verdict.problem);
    for (int row = 0; row < inputs_->rowCount(); ++row) {
        const InputVerdict& input = verdict.inputs[std::size_t(row)];
        QString wrong = toQString(input.problem);
        for (const auto& [column, isGood] :
             {std::pair{int(Resize), isSizeText(inputs_->item(row, Resize)->text())},
              std::pair{int(Scale), parseScale(inputs_->item(row, Scale)->text()).has_value()},
              std::pair{int(Mean), parseNumbers(inputs_->item(row, Mean)->text()).has_value()},
              std::pair{int(Deviation), parseNumbers(inputs_->item(row, Deviation)->text()).has_value()}})
            if (!isGood)
                wrong = tr("%1: “%2” is no number, or none that can be used")
                            .arg(inputs_->horizontalHeaderItem(column)->text(), inputs_->item(row, column)->text());
        if (!wrong.isEmpty() && problem.isEmpty())
            problem = tr("%1: %2").arg(inputs_->item(row, Input)->text(), wrong);
        inputs_->item(row, Recorded)->setText(toQString(input.recorded));
        inputs_->item(row, Becomes)->setText(toQString(input.becomes));
        inputs_->item(row, Verdict)->setText(wrong.isEmpty() ? tr("fits") : wrong);
        inputs_->item(row, Verdict)->setToolTip(wrong);
        inputs_->item(row, Verdict)
            ->setIcon(
                QIcon(wrong.isEmpty() ? QStringLiteral(":/icons/success.svg") : QStringLiteral(":/icons/failure.svg")));
    }
    const auto head = ActionHead(head_->currentData().toInt());
    secondOutput_->setVisible(head == ActionHead::Gaussian || head == ActionHead::Beta);
    complete_ = problem.isEmpty();
    problem_->setText(problem.section(QLatin1Char('\n'), 0, 3));
    problem_->setVisible(!complete_);
    save_->setEnabled(complete_);
    filling_ = false;
}

void CardDialog::requestPreview() {
    if (episode_->count() == 0) {
        preview_->showProblem(tr("The rollouts have no steps to preview."));
        return;
    }
    const PolicyCard shown = card();
    const int number = ++asked_;
    preview_->setBusy(complete_);
    jobs_.start<CardPreview>(
        tr("Preview"),
        [study = study_, shown, episode = std::size_t(episode_->currentData().toInt()),
         step = step_->value()](const Progress&) { return study->preview(shown, episode, step); },
        [this, number, shown](Result<CardPreview> preview) {
            if (number != asked_)
                return;
            if (preview)
                preview_->show(*preview, shown.dimensions);
            else
                preview_->showProblem(toQString(preview.error().message));
        });
}

}  // namespace sqil
