#include "views/inspector/InspectorView.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QToolButton>
#include <QTreeView>

#include "views/figures/TableFigure.h"
#include "widgets/EmptyState.h"

namespace sqil {
namespace {

constexpr int kUpdateMilliseconds = 30;  ///< scrubbing shows every step elsewhere; here numbers could not be read

QStandardItem* cell(const QString& text) {
    auto* item = new QStandardItem(text);
    item->setEditable(false);
    return item;
}

}  // namespace

InspectorView::InspectorView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent), session_(session), reading_([this](RecordedStep recorded) {
          recorded_ = std::move(recorded);
          updateFacts();
      }) {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    model_ = new QStandardItemModel(0, 2, this);
    model_->setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    filter_ = new QSortFilterProxyModel(this);
    filter_->setSourceModel(model_);
    filter_->setRecursiveFilteringEnabled(true);
    filter_->setAutoAcceptChildRows(true);
    filter_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    filter_->setFilterKeyColumn(-1);
    tree_ = new QTreeView(page);
    tree_->setModel(filter_);
    tree_->setAccessibleName(tr("Everything known of the current step"));
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->setUniformRowHeights(true);
    tree_->setIndentation(12);
    tree_->setTextElideMode(Qt::ElideMiddle);
    tree_->setContextMenuPolicy(Qt::ActionsContextMenu);
    tree_->header()->setStretchLastSection(true);
    tree_->header()->setDefaultSectionSize(150);
    column->addWidget(tree_, 1);
    addWidget(page);
    empty_ = new EmptyState(this);
    empty_->setTexts(tr("No step selected"),
                     tr("Open rollouts: everything known of the step under the cursor is listed "
                        "here, to be searched and copied."));
    addWidget(empty_);

    const auto command = [&](const QString& text, void (InspectorView::*run)(), const QKeySequence& key = {}) {
        auto* action = new QAction(text, tree_);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, run);
        tree_->addAction(action);
    };
    command(tr("&Copy"), &InspectorView::copySelection, QKeySequence::Copy);
    command(tr("Copy everything as &text"), &InspectorView::copyText);
    command(tr("Copy everything as &JSON"), &InspectorView::copyJson);

    updating_.setSingleShot(true);
    connect(&updating_, &QTimer::timeout, this, [this] {
        if (!isVisible())
            return;  // showEvent() makes up for it
        updateFacts();
        const Selection& selection = session_.selection();
        const bool known = recorded_.episode == selection.episode() && recorded_.step == selection.step();
        if (session_.hasRollouts() && selection.episode() >= 0 && !known)
            reading_.start([rollouts = session_.comparison().rollouts, episode = selection.episode(),
                            step = selection.step()] { return readStep(*rollouts, episode, step); });
    });
    connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
        filter_->setFilterFixedString(text);
        tree_->expandAll();
    });
    Selection& selection = session_.selection();
    connect(&selection, &Selection::episodeChanged, this, &InspectorView::scheduleUpdate);
    connect(&selection, &Selection::stepChanged, this, &InspectorView::scheduleUpdate);
    connect(&session_, &StudioSession::cardChanged, this, &InspectorView::scheduleUpdate);
    connect(&session_, &StudioSession::comparisonChanged, this, [this] {
        recorded_ = {};
        reading_.reset();
        scheduleUpdate();
    });
    connect(&session_.results(), &Results::wasReset, this, &InspectorView::scheduleUpdate);
    connect(&session_.results(), &Results::thresholdChanged, this, &InspectorView::scheduleUpdate);
    connect(&session_.results(), &Results::episodeUpdated, this, [this](int episode) {
        if (episode == session_.selection().episode())
            scheduleUpdate();
    });
    updateFacts();
}

InspectorView::~InspectorView() = default;

QWidget* InspectorView::makeHeader() {
    auto* header = new QWidget(this);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(6);
    search_ = new QLineEdit(header);
    search_->setPlaceholderText(tr("Search names and values"));
    search_->setClearButtonEnabled(true);
    search_->setAccessibleName(tr("Search the inspector"));
    row->addWidget(search_, 1);
    auto* copy = new QToolButton(header);
    copy->setText(tr("Copy all"));
    copy->setAutoRaise(true);
    copy->setFocusPolicy(Qt::TabFocus);
    copy->setToolTip(tr("Everything in this list to the clipboard, as text; or as JSON for programs"));
    copy->setPopupMode(QToolButton::MenuButtonPopup);
    auto* menu = new QMenu(copy);
    menu->addAction(tr("As &text"), this, &InspectorView::copyText);
    menu->addAction(tr("As &JSON"), this, &InspectorView::copyJson);
    copy->setMenu(menu);
    connect(copy, &QToolButton::clicked, this, &InspectorView::copyText);
    row->addWidget(copy);
    return header;
}

void InspectorView::showEvent(QShowEvent* event) {
    QStackedWidget::showEvent(event);
    updating_.start(0);
}

void InspectorView::scheduleUpdate() {
    if (!updating_.isActive())
        updating_.start(kUpdateMilliseconds);
}

void InspectorView::updateFacts() {
    facts_ = stepFacts(session_, recorded_);
    setCurrentIndex(facts_.empty() ? 1 : 0);
    showFacts();
}

bool InspectorView::sameRows() const {
    if (model_->rowCount() != static_cast<int>(facts_.size()))
        return false;
    for (int row = 0; row < model_->rowCount(); ++row) {
        const FactSection& section = facts_[std::size_t(row)];
        const QStandardItem* parent = model_->item(row);
        if (parent->text() != section.title || parent->rowCount() != static_cast<int>(section.facts.size()))
            return false;
        for (int child = 0; child < parent->rowCount(); ++child)
            if (parent->child(child)->text() != section.facts[std::size_t(child)].name)
                return false;
    }
    return true;
}

void InspectorView::showFacts() {
    if (sameRows()) {  // only what has changed: selection, scrolling and folded sections stay
        for (int row = 0; row < model_->rowCount(); ++row)
            for (int child = 0; child < model_->item(row)->rowCount(); ++child) {
                const StepFact& fact = facts_[std::size_t(row)].facts[std::size_t(child)];
                QStandardItem* value = model_->item(row)->child(child, 1);
                if (value->text() != fact.text) {
                    value->setText(fact.text);
                    value->setToolTip(fact.text);
                }
            }
        return;
    }
    model_->removeRows(0, model_->rowCount());
    for (const FactSection& section : facts_) {
        QStandardItem* title = cell(section.title);
        QFont bold = tree_->font();
        bold.setWeight(QFont::DemiBold);
        title->setFont(bold);
        for (const StepFact& fact : section.facts) {
            QStandardItem* value = cell(fact.text);
            value->setToolTip(fact.text);
            QStandardItem* name = cell(fact.name);
            name->setToolTip(fact.name);
            title->appendRow({name, value});
        }
        model_->appendRow({title, cell({})});
    }
    tree_->expandAll();
    tree_->resizeColumnToContents(0);
    const int widest = std::max(150, tree_->width() * 55 / 100);
    tree_->header()->resizeSection(0, std::min(tree_->header()->sectionSize(0), widest));
    for (int row = 0; row < filter_->rowCount(); ++row)
        tree_->setFirstColumnSpanned(row, {}, true);
}

std::optional<Figure> InspectorView::figure() const {
    TextTable table;
    for (const FactSection& section : stepFacts(session_, recorded_)) {
        table.rows.push_back({{section.title}, true});
        for (const StepFact& fact : section.facts)
            table.rows.push_back({{fact.name, fact.text}, false});
    }
    if (table.rows.empty())
        return std::nullopt;
    table.note =
        tr("%1, step %2").arg(session_.episodeName(session_.selection().episode())).arg(session_.selection().step());
    return tableFigure(QStringLiteral("inspector"), std::move(table));
}

std::optional<DataTable> InspectorView::dataTable() const {
    std::vector<QString> sections, names, values;
    for (const FactSection& section : stepFacts(session_, recorded_))  // this may not have been seen yet
        for (const StepFact& fact : section.facts) {
            sections.push_back(section.title);
            names.push_back(fact.name);
            values.push_back(fact.text);
        }
    if (names.empty())
        return std::nullopt;
    return DataTable{
        QStringLiteral("inspector"),
        {{tr("section"), std::move(sections)}, {tr("name"), std::move(names)}, {tr("value"), std::move(values)}}};
}

void InspectorView::copySelection() {
    QModelIndexList rows = tree_->selectionModel()->selectedRows();
    if (rows.isEmpty()) {
        copyText();
        return;
    }
    const auto placeOf = [](const QModelIndex& index) {
        return index.parent().isValid() ? std::pair(index.parent().row(), index.row()) : std::pair(index.row(), -1);
    };
    std::sort(rows.begin(), rows.end(),
              [&](const QModelIndex& a, const QModelIndex& b) { return placeOf(a) < placeOf(b); });
    QStringList lines;
    for (const QModelIndex& index : rows) {
        const QString value = index.siblingAtColumn(1).data().toString();
        lines << (value.isEmpty() ? index.data().toString() : index.data().toString() + QLatin1Char('\t') + value);
    }
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void InspectorView::copyText() {
    QGuiApplication::clipboard()->setText(toText(facts_));
}

void InspectorView::copyJson() {
    QGuiApplication::clipboard()->setText(toJsonText(facts_));
}

}  // namespace sqil
