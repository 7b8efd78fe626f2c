#include "views/jobs/JobForm.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/session/Paths.h"
#include "widgets/Heading.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr int kNumberWidth = 110;
constexpr int kLabelWidth = 150;

/// "learning_rate" → "Learning rate"
QString titleOf(const JobParameter& parameter) {
    QString text = toQString(parameter.name).replace(QLatin1Char('_'), QLatin1Char(' '));
    text[0] = text[0].toUpper();
    return text;
}

QString toolTipOf(const JobParameter& parameter) {
    QString text = toQString(parameter.help);
    if (!parameter.unit.empty())
        text += JobForm::tr("\nUnit: %1").arg(toQString(parameter.unit));
    if (!parameter.standard.is_null() && !textOf(parameter.standard).empty())
        text += JobForm::tr("\nStandard: %1").arg(toQString(textOf(parameter.standard)));
    return text + JobForm::tr("\nOn the command line: %1").arg(toQString(parameter.option()));
}

QString filterOf(FileKind kind) {
    switch (kind) {
        case FileKind::Policy:
        case FileKind::Quantized:
            return JobForm::tr("Policies (*.pt2 *.pt *.zip)");
        case FileKind::Rollouts:
            return JobForm::tr("Rollouts (*.hdf5 *.h5)");
        case FileKind::Card:
        case FileKind::Report:
            return JobForm::tr("JSON (*.json)");
        default:
            return JobForm::tr("All files (*)");
    }
}

bool isNumeric(const JobParameter& parameter) {
    return parameter.type == ParameterType::Whole || parameter.type == ParameterType::Number;
}

}  // namespace

JobForm::JobForm(const JobKind& kind, const std::vector<OfferedFile>& files, QWidget* parent)
    : QWidget(parent), kind_(kind), files_(files), column_(new QVBoxLayout(this)) {
    column_->setContentsMargins(14, 8, 14, 8);
    column_->setSpacing(4);
    for (const JobParameter& parameter : kind_.parameters)
        if (parameter.file != FileKind::Project)  // a job belongs to its project
            addField(parameter);
    column_->addStretch();
    setParameters(json::object());
    setAdvancedShown(false);
}

QFormLayout* JobForm::layoutOf(const std::string& group) {
    for (const auto& [name, box] : groups_)
        if (name == group)
            return qobject_cast<QFormLayout*>(box->layout()->itemAt(1)->layout());
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 6, 0, 2);
    column->setSpacing(4);
    column->addWidget(heading(toQString(group), box));
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(5);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    column->addLayout(form);
    column_->addWidget(box);
    groups_.emplace_back(group, box);
    return form;
}

void JobForm::addField(const JobParameter& parameter) {
    QFormLayout* form = layoutOf(parameter.group);
    Field field;
    field.parameter = &parameter;
    field.group =
        int(std::ranges::find(groups_, parameter.group, &std::pair<std::string, QWidget*>::first) - groups_.begin());
    field.row = new QWidget(this);
    field.label = new QLabel(titleOf(parameter), this);
    field.label->setMinimumWidth(kLabelWidth);
    field.editor = makeEditor(parameter, field.row);
    field.editor->setObjectName(toQString(parameter.name));
    field.editor->setAccessibleName(titleOf(parameter));
    field.label->setBuddy(field.editor);
    for (QWidget* widget : {field.editor, static_cast<QWidget*>(field.label)})
        widget->setToolTip(toolTipOf(parameter));
    form->addRow(field.label, field.row);
    fields_.push_back(field);
}

QWidget* JobForm::makeEditor(const JobParameter& parameter, QWidget* row) {
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    const auto notify = [this] { emit changed(); };
    if (parameter.type == ParameterType::Flag) {
        auto* box = new QCheckBox(row);
        connect(box, &QCheckBox::toggled, this, notify);
        line->addWidget(box);
        line->addStretch();
        return box;
    }
    const bool isFile = parameter.type == ParameterType::File || parameter.type == ParameterType::Folder;
    if (isFile || (!parameter.choices.empty() && !parameter.isList)) {
        auto* box = new QComboBox(row);
        if (isFile) {
            box->setEditable(true);
            box->setInsertPolicy(QComboBox::NoInsert);
            box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
            box->setMinimumContentsLength(20);
            for (const OfferedFile& file : files_)
                if (file.kind == parameter.file && !parameter.isOutput)
                    box->addItem(file.path);
            box->lineEdit()->setPlaceholderText(parameter.isOutput   ? tr("in the job's folder")
                                                : parameter.required ? tr("choose a file")
                                                                     : tr("none"));
            connect(box, &QComboBox::editTextChanged, this, notify);
            line->addWidget(box, 1);
            auto* browse = new QToolButton(row);
            browse->setText(QStringLiteral("…"));
            browse->setToolTip(tr("Choose a file"));
            browse->setAccessibleName(tr("Choose a file for %1").arg(titleOf(parameter)));
            connect(browse, &QToolButton::clicked, this, [this, box, &parameter] {
                const QString file =
                    parameter.type == ParameterType::Folder
                        ? QFileDialog::getExistingDirectory(this, titleOf(parameter))
                    : parameter.isOutput
                        ? QFileDialog::getSaveFileName(this, titleOf(parameter), {}, filterOf(parameter.file))
                        : QFileDialog::getOpenFileName(this, titleOf(parameter), {}, filterOf(parameter.file));
                if (!file.isEmpty())
                    box->setEditText(file);
            });
            line->addWidget(browse);
            return box;
        }
        for (const std::string& choice : parameter.choices)
            box->addItem(toQString(choice));
        connect(box, &QComboBox::currentTextChanged, this, notify);
        line->addWidget(box);
    } else {
        auto* edit = new QLineEdit(row);
        if (isNumeric(parameter))
            edit->setFixedWidth(kNumberWidth);
        connect(edit, &QLineEdit::textChanged, this, notify);
        line->addWidget(edit);
    }
    QWidget* editor = line->itemAt(0)->widget();
    if (!parameter.unit.empty()) {
        auto* unit = new QLabel(toQString(parameter.unit), row);
        unit->setForegroundRole(QPalette::PlaceholderText);
        line->addWidget(unit);
    }
    if (isNumeric(parameter) || !parameter.choices.empty())
        line->addStretch();
    return editor;
}

QString JobForm::textOfField(const Field& field) {
    if (const auto* box = qobject_cast<QCheckBox*>(field.editor))
        return box->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
    if (const auto* box = qobject_cast<QComboBox*>(field.editor))
        return box->currentText().trimmed();
    return qobject_cast<QLineEdit*>(field.editor)->text().trimmed();
}

void JobForm::setTextOfField(const Field& field, const QString& text) {
    if (auto* check = qobject_cast<QCheckBox*>(field.editor))
        check->setChecked(text == QLatin1String("true"));
    else if (auto* box = qobject_cast<QComboBox*>(field.editor); box && box->isEditable())
        box->setEditText(text);
    else if (box)
        box->setCurrentText(text);
    else
        qobject_cast<QLineEdit*>(field.editor)->setText(text);
}

Result<json> JobForm::parameters() const {
    json result = json::object();
    for (const Field& field : fields_) {
        const QString text = textOfField(field);
        if (text.isEmpty())
            continue;
        auto value = parseValue(*field.parameter, text.toStdString());
        if (!value)
            return value;
        if (*value != field.parameter->standard && !(value->is_number() && field.parameter->standard.is_number() &&
                                                     value->get<double>() == field.parameter->standard.get<double>()))
            result[field.parameter->name] = std::move(*value);
    }
    return result;
}

void JobForm::setParameters(const json& parameters) {
    const QSignalBlocker quiet(this);
    for (const Field& field : fields_)
        setTextOfField(field, toQString(textOf(kind_.value(parameters, field.parameter->name))));
}

void JobForm::setValue(const std::string& parameter, const json& value) {
    for (const Field& field : fields_)
        if (field.parameter->name == parameter)
            setTextOfField(field, toQString(textOf(value)));
}

QString JobForm::text(const std::string& parameter) const {
    for (const Field& field : fields_)
        if (field.parameter->name == parameter)
            return textOfField(field);
    return {};
}

QWidget* JobForm::editor(const std::string& parameter) const {
    for (const Field& field : fields_)
        if (field.parameter->name == parameter)
            return field.editor;
    return nullptr;
}

void JobForm::setAdvancedShown(bool shown) {
    advancedShown_ = shown;
    std::vector<bool> any(groups_.size(), false);
    for (const Field& field : fields_) {
        const bool isVisible = shown || !field.parameter->advanced;
        field.label->setVisible(isVisible);
        field.row->setVisible(isVisible);
        any[std::size_t(field.group)] = any[std::size_t(field.group)] || isVisible;
    }
    for (std::size_t index = 0; index < groups_.size(); ++index)
        groups_[index].second->setVisible(any[index]);
}

void JobForm::showProblems() {
    for (const Field& field : fields_) {
        const QString text = textOfField(field);
        const auto value = text.isEmpty() ? Result<json>(json()) : parseValue(*field.parameter, text.toStdString());
        const bool isMissing = text.isEmpty() && field.parameter->required;
        const bool isWrong = !value || isMissing;
        if (field.editor->property("wrong").toBool() == isWrong)
            continue;
        field.editor->setProperty("wrong", isWrong);
        QPalette palette = field.label->palette();
        palette.setColor(QPalette::WindowText,
                         isWrong ? QColor(0xd6454b) : this->palette().color(QPalette::WindowText));
        field.label->setPalette(palette);
        field.editor->setToolTip(value ? toolTipOf(*field.parameter) : toQString(value.error().message));
    }
}

}  // namespace sqil
