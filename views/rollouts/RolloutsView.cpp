#include "views/rollouts/RolloutsView.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QTableView>
#include <cmath>

#include "views/figures/TableFigure.h"
#include "views/rollouts/FilterEdit.h"
#include "views/rollouts/RolloutsDelegate.h"
#include "views/rollouts/RolloutsFilter.h"
#include "views/rollouts/RolloutsModel.h"
#include "views/session/Paths.h"
#include "widgets/EmptyState.h"
#include "widgets/PlotTheme.h"

namespace sqil {
namespace {
constexpr int kMostPrintedRows = 50;
constexpr int kLeastWidth = 260;  ///< pixels: name, outcome, frames and one course
}  // namespace

RolloutsView::RolloutsView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent),
      session_(session),
      model_(new RolloutsModel(session, this)),
      proxy_(new RolloutsFilter(*model_, this)),
      edit_(new FilterEdit(EpisodeTable::filterColumns(), this)),
      status_(new QLabel(this)),
      problem_(new QLabel(this)),
      empty_(new EmptyState(this)) {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(6, 0, 8, 0);
    row->addWidget(edit_, 1);
    status_->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(status_);
    column->addLayout(row);
    problem_->setWordWrap(true);
    problem_->setContentsMargins(8, 0, 8, 0);
    problem_->setVisible(false);
    problem_->setAccessibleName(tr("What the filter does not say clearly"));
    column->addWidget(problem_);
    column->addWidget(makeTable(), 1);
    addWidget(page);
    setMinimumWidth(kLeastWidth);
    empty_->setTexts(tr("No rollouts"),
                     tr("Drop recorded rollouts (.hdf5) on this window: their episodes are listed here."));
    addWidget(empty_);

    connect(edit_, &FilterEdit::filterChanged, this, [this](const FilterExpression& filter) {
        proxy_->setFilter(filter);
        updateStatus();
        follow();
    });
    connect(edit_, &FilterEdit::problemChanged, this, [this](const QString& problem) {
        QPalette colours = palette();
        colours.setColor(QPalette::WindowText, PlotTheme::of(palette(), font()).bad);
        problem_->setPalette(colours);
        problem_->setText(problem);
        problem_->setVisible(!problem.isEmpty());
    });
    edit_->installEventFilter(this);
    connect(model_, &QAbstractItemModel::modelReset, this, &RolloutsView::arrange);
    connect(proxy_, &QAbstractItemModel::layoutChanged, this, &RolloutsView::updateStatus);
    connect(proxy_, &QAbstractItemModel::rowsInserted, this, &RolloutsView::updateStatus);
    connect(proxy_, &QAbstractItemModel::rowsRemoved, this, &RolloutsView::updateStatus);
    connect(&session_, &StudioSession::comparisonChanged, this, &RolloutsView::arrange);
    connect(&session_.selection(), &Selection::episodeChanged, this, &RolloutsView::follow);
    arrange();
}

QWidget* RolloutsView::makeTable() {
    table_ = new QTableView(this);
    table_->setModel(proxy_);
    table_->setItemDelegate(new RolloutsDelegate(*model_, table_));
    table_->setAccessibleName(tr("Episodes"));
    table_->setFrameShape(QFrame::NoFrame);
    table_->setShowGrid(false);
    table_->setAlternatingRowColors(true);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setSortingEnabled(true);
    table_->sortByColumn(int(EpisodeColumn::Name), Qt::AscendingOrder);
    table_->setWordWrap(false);
    table_->setTabKeyNavigation(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView* header = table_->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(24);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(table_->selectionModel(), &QItemSelectionModel::currentChanged, this, &RolloutsView::choose);
    return table_;
}

void RolloutsView::arrange() {
    setCurrentIndex(session_.hasRollouts() ? 0 : 1);
    const bool pictures = model_->hasPictures();
    const QFontMetrics metrics(font());
    table_->setColumnHidden(int(EpisodeColumn::Pictures), !pictures);
    table_->setColumnHidden(int(EpisodeColumn::GapCourse), !session_.hasQuantized());
    table_->setColumnHidden(int(EpisodeColumn::LargestGap), !session_.hasQuantized());
    bool hasReturn = false, hasSuccess = false;
    for (int row = 0; row < model_->rowCount(); ++row) {
        hasReturn |= model_->table().info(row).totalReward.has_value();
        hasSuccess |= model_->table().info(row).success.has_value();
    }
    table_->setColumnHidden(int(EpisodeColumn::Return), !hasReturn);
    table_->setColumnHidden(int(EpisodeColumn::Success), !hasSuccess);
    table_->verticalHeader()->setDefaultSectionSize(pictures ? Thumbnails::kHeight + 4 : metrics.height() + 10);
    const int number = metrics.horizontalAdvance(EpisodeTable::title(EpisodeColumn::MeanSis)) + 26;
    const auto width = [&](EpisodeColumn column, int pixels) { table_->setColumnWidth(int(column), pixels); };
    width(EpisodeColumn::Pictures, 2 * Thumbnails::kHeight + 14);
    width(EpisodeColumn::Name, metrics.horizontalAdvance(QStringLiteral("demo_10000")) + 16);
    width(EpisodeColumn::Success, 30);
    width(EpisodeColumn::SisCourse, 76);
    width(EpisodeColumn::GapCourse, 76);
    width(EpisodeColumn::Bookmarks, 34);
    for (const EpisodeColumn column : {EpisodeColumn::Length, EpisodeColumn::Return, EpisodeColumn::MeanSis,
                                       EpisodeColumn::LargestSis, EpisodeColumn::LargestGap})
        width(column, number);
    width(EpisodeColumn::Critical, metrics.horizontalAdvance(EpisodeTable::title(EpisodeColumn::Critical)) + 24);
    updateStatus();
    follow();
}

std::optional<Figure> RolloutsView::figure() const {
    if (!session_.rolloutsInfo() || proxy_->rowCount() == 0)
        return std::nullopt;
    // What is drawn in the cells of the other columns, pictures and courses, is no table's.
    const EpisodeColumn columns[] = {EpisodeColumn::Name,       EpisodeColumn::Success, EpisodeColumn::Length,
                                     EpisodeColumn::Return,     EpisodeColumn::MeanSis, EpisodeColumn::LargestSis,
                                     EpisodeColumn::LargestGap, EpisodeColumn::Critical};
    TextTable table;
    for (const EpisodeColumn column : columns) {
        table.header << (column == EpisodeColumn::Success ? tr("Outcome") : EpisodeTable::title(column));
        table.numeric << (column != EpisodeColumn::Name && column != EpisodeColumn::Success);
    }
    const int rows = std::min(proxy_->rowCount(), kMostPrintedRows);
    for (int row = 0; row < rows; ++row) {
        QStringList cells;
        for (const EpisodeColumn column : columns) {
            const QModelIndex cell = proxy_->index(row, int(column));
            cells << cell.data(column == EpisodeColumn::Success ? Qt::AccessibleTextRole : Qt::DisplayRole).toString();
        }
        table.rows.push_back({cells, false});
    }
    table.note = rows < proxy_->rowCount() ? tr("%1 of %2 episodes").arg(rows).arg(proxy_->rowCount()) : QString();
    return tableFigure(QStringLiteral("rollouts"), std::move(table));
}

std::optional<DataTable> RolloutsView::dataTable() const {
    const RolloutsInfo* info = session_.rolloutsInfo();
    if (!info)
        return std::nullopt;
    const Results& results = session_.results();
    std::vector<QString> names;
    std::vector<qint64> steps, critical, worst;
    std::vector<double> success, reward, sis, largestSis, gap;
    for (int row = 0; row < proxy_->rowCount(); ++row) {
        const int number = proxy_->index(row, 0).data(RolloutsModel::EpisodeRole).toInt();
        const EpisodeInfo& episode = info->episodes[std::size_t(number)];
        const EpisodeSummary summary = results.summary(number);
        names.push_back(toQString(episode.name));
        steps.push_back(episode.steps);
        success.push_back(episode.success ? double(*episode.success) : std::nan(""));
        reward.push_back(episode.totalReward.value_or(std::nan("")));
        sis.push_back(summary.meanSis);
        largestSis.push_back(summary.largestSis);
        critical.push_back(summary.criticalStates);
        gap.push_back(summary.largestGap);
        worst.push_back(summary.stepOfLargestGap);
    }
    return DataTable{QStringLiteral("rollouts"),
                     {{QStringLiteral("episode"), std::move(names)},
                      {QStringLiteral("steps"), std::move(steps)},
                      {QStringLiteral("success"), std::move(success)},
                      {QStringLiteral("total reward"), std::move(reward)},
                      {QStringLiteral("mean SIS"), std::move(sis)},
                      {QStringLiteral("largest SIS"), std::move(largestSis)},
                      {QStringLiteral("critical states"), std::move(critical)},
                      {QStringLiteral("largest action gap (normalized)"), std::move(gap)},
                      {QStringLiteral("step of the largest gap"), std::move(worst)}}};
}

int RolloutsView::rowOf(int episode) const {
    const QModelIndex source = model_->index(episode, int(EpisodeColumn::Name));
    return source.isValid() ? proxy_->mapFromSource(source).row() : -1;
}

QString RolloutsView::status() const {
    return status_->text();
}

void RolloutsView::follow() {
    const int row = rowOf(session_.selection().episode());
    // The first column that is shown: the table does not scroll sideways for it.
    const auto column = int(model_->hasPictures() ? EpisodeColumn::Pictures : EpisodeColumn::Name);
    following_ = true;
    if (row < 0)
        table_->setCurrentIndex({});
    else if (table_->currentIndex().row() != row)
        table_->setCurrentIndex(proxy_->index(row, column));
    if (row >= 0)
        table_->scrollTo(proxy_->index(row, column));
    following_ = false;
}

void RolloutsView::choose(const QModelIndex& current) {
    if (following_ || !current.isValid())
        return;
    const int episode = current.data(RolloutsModel::EpisodeRole).toInt();
    if (episode != session_.selection().episode())
        session_.selection().setEpisode(episode);
}

void RolloutsView::updateStatus() {
    const QLocale locale;
    const int shown = proxy_->rowCount(), all = model_->rowCount();
    status_->setText(shown == all ? (all == 1 ? tr("1 episode") : tr("%1 episodes").arg(locale.toString(all)))
                                  : tr("%1 of %2").arg(locale.toString(shown), locale.toString(all)));
    status_->setToolTip(tr("%1 of %2 episodes are shown").arg(locale.toString(shown), locale.toString(all)));
}

/// Down goes from the filter into the table.
bool RolloutsView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (watched == edit_ && key->key() == Qt::Key_Down) {
            table_->setFocus();
            if (!table_->currentIndex().isValid() && proxy_->rowCount() > 0)
                table_->setCurrentIndex(proxy_->index(0, int(EpisodeColumn::Name)));
            return true;
        }
    }
    return QStackedWidget::eventFilter(watched, event);
}

}  // namespace sqil
