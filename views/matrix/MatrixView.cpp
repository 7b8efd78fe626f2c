#include "views/matrix/MatrixView.h"

#include <qcustomplot.h>
#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <QToolTip>
#include <cmath>

#include "views/session/Paths.h"
#include "widgets/ColourBar.h"
#include "widgets/EmptyState.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr int kRefreshMilliseconds = 150;  ///< while an analysis runs, rows are sorted anew no more often
constexpr double kUsualShare = 0.99;       ///< of the values: a few outliers would leave the rest dark

}  // namespace

MatrixView::MatrixView(StudioSession& session, QWidget* parent)
    : QStackedWidget(parent),
      session_(session),
      values_(session),
      sis_(session),
      pictures_([this](const Picture& picture) {
          plot_->setPicture(picture.image, picture.window);
          bar_->setLargest(picture.largest);
      }) {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 8, 4);
    row->setSpacing(4);
    plot_ = new MatrixPlot(page);
    plot_->setAccessibleName(tr("All episodes: a row each, over their steps"));
    bar_ = new ColourBar(page);
    row->addWidget(plot_, 1);
    row->addWidget(bar_);
    column->addLayout(row, 1);
    addWidget(page);
    empty_ = new EmptyState(this);
    addWidget(empty_);

    refreshing_.setSingleShot(true);
    refreshing_.setInterval(kRefreshMilliseconds);
    connect(&refreshing_, &QTimer::timeout, this, &MatrixView::refresh);
    connect(plot_, &MatrixPlot::viewChanged, this, &MatrixView::requestPicture);
    connect(plot_, &MatrixPlot::picked, this, &MatrixView::pick);
    connect(plot_, &MatrixPlot::rowsBrushed, this, &MatrixView::brush);
    connect(plot_, &MatrixPlot::hovered, this, &MatrixView::showTip);
    Selection& selection = session_.selection();
    connect(plot_, &MatrixPlot::brushCleared, &selection, &Selection::clearBrushed);
    connect(&selection, &Selection::episodeChanged, this, &MatrixView::updateCursor);
    connect(&selection, &Selection::stepChanged, this, &MatrixView::updateCursor);
    connect(&selection, &Selection::brushedChanged, this, &MatrixView::updateBrush);
    connect(&session_, &StudioSession::comparisonChanged, this, [this] {
        updateEmptyState();
        updateSeries();
    });
    connect(&session_, &StudioSession::cardChanged, this, &MatrixView::updateSeries);
    Results& results = session_.results();
    connect(&results, &Results::wasReset, this, &MatrixView::forgetValues);
    connect(&results, &Results::episodeUpdated, this, &MatrixView::markDirty);
    connect(&results, &Results::thresholdChanged, this, [this] {
        if (critical_->isChecked())
            refreshing_.start();
    });
    updateEmptyState();
    updateSeries();
    updateBrush();
}

MatrixView::~MatrixView() = default;

QWidget* MatrixView::makeHeader() {
    auto* header = new QWidget(this);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(8, 4, 8, 2);
    row->setSpacing(6);
    seriesBox_ = new QComboBox(header);
    seriesBox_->setAccessibleName(tr("Series shown"));
    seriesBox_->setToolTip(tr("What the colours show, step by step"));
    seriesBox_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    seriesBox_->setFocusPolicy(Qt::TabFocus);
    connect(seriesBox_, &QComboBox::currentIndexChanged, this, &MatrixView::forgetValues);
    row->addWidget(seriesBox_);

    orderBox_ = new QComboBox(header);
    orderBox_->setAccessibleName(tr("Order of the episodes"));
    orderBox_->setToolTip(tr("What the episodes are sorted by"));
    orderBox_->setFocusPolicy(Qt::TabFocus);
    orderBox_->addItem(tr("By data set"), int(EpisodeOrder::DataSet));
    orderBox_->addItem(tr("By length"), int(EpisodeOrder::Length));
    orderBox_->addItem(tr("By success"), int(EpisodeOrder::Success));
    orderBox_->addItem(tr("By largest gap"), int(EpisodeOrder::LargestGap));
    orderBox_->addItem(tr("By mean SIS"), int(EpisodeOrder::MeanSis));
    connect(orderBox_, &QComboBox::currentIndexChanged, this, [this] {
        const auto order = EpisodeOrder(orderBox_->currentData().toInt());
        // What one looks for comes first: failures, large gaps, high SIS.
        descending_->setChecked(order == EpisodeOrder::LargestGap || order == EpisodeOrder::MeanSis);
        refresh();
    });
    row->addWidget(orderBox_);
    descending_ = new QToolButton(header);
    descending_->setCheckable(true);
    descending_->setAutoRaise(true);
    descending_->setText(QStringLiteral("↑"));
    descending_->setFocusPolicy(Qt::TabFocus);
    descending_->setAccessibleName(tr("Descending order"));
    descending_->setToolTip(tr("Smallest first; click for largest first"));
    connect(descending_, &QToolButton::toggled, this, [this](bool descending) {
        descending_->setText(descending ? QStringLiteral("↓") : QStringLiteral("↑"));
        descending_->setToolTip(descending ? tr("Largest first; click for smallest first")
                                           : tr("Smallest first; click for largest first"));
        refresh();
    });
    row->addWidget(descending_);

    critical_ = new QToolButton(header);
    critical_->setCheckable(true);
    critical_->setAutoRaise(true);
    critical_->setText(tr("Critical states"));
    critical_->setFocusPolicy(Qt::TabFocus);
    critical_->setToolTip(tr("Critical states keep their colours, all other steps turn grey"));
    connect(critical_, &QToolButton::toggled, this, &MatrixView::requestPicture);
    row->addWidget(critical_);
    row->addStretch();

    brushed_ = new QLabel(header);
    brushed_->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(brushed_);
    clearBrush_ = new QToolButton(header);
    clearBrush_->setText(tr("Clear"));
    clearBrush_->setAutoRaise(true);
    clearBrush_->setFocusPolicy(Qt::TabFocus);
    clearBrush_->setToolTip(tr("No steps are picked out any more (Esc)"));
    connect(clearBrush_, &QToolButton::clicked, &session_.selection(), &Selection::clearBrushed);
    row->addWidget(clearBrush_);
    row->addWidget(makeOptions());
    return header;
}

QToolButton* MatrixView::makeOptions() {
    auto* button = new QToolButton(this);
    button->setText(QStringLiteral("⋯"));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(tr("Options of the matrix"));
    button->setToolTip(tr("How steps become cells and colours"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    auto* menu = new QMenu(button);
    const auto option = [&](const QString& text, bool checked) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(checked);
        return action;
    };
    mean_ = option(tr("Cells show the mean of their steps, not the largest"), false);
    wholeScale_ = option(tr("Colours end at the largest value, not at the 99th percentile"), false);
    stretched_ = option(tr("Episodes are stretched to one width"), true);
    connect(mean_, &QAction::toggled, this, &MatrixView::requestPicture);
    connect(wholeScale_, &QAction::toggled, this, &MatrixView::requestPicture);
    connect(stretched_, &QAction::toggled, this, &MatrixView::refresh);
    button->setMenu(menu);
    return button;
}

const StepSeries* MatrixView::series() const {
    const int index = seriesBox_->currentIndex();
    return index >= 0 && std::size_t(index) < all_.size() ? &all_[std::size_t(index)] : nullptr;
}

void MatrixView::updateSeries() {
    const StepSeries* shown = series();
    const QString wanted = shown ? shown->id() : QString();
    all_ = stepSeries(session_);
    {
        const QSignalBlocker quiet(seriesBox_);
        seriesBox_->clear();
        for (const StepSeries& one : all_)
            seriesBox_->addItem(one.name);
        for (std::size_t index = 0; index < all_.size(); ++index)
            if (all_[index].id() == wanted)
                seriesBox_->setCurrentIndex(static_cast<int>(index));
    }
    forgetValues();
}

void MatrixView::forgetValues() {
    const StepSeries* shown = series();
    values_.setSeries(shown ? std::optional(*shown) : std::nullopt);
    sis_.setSeries(all_.empty() ? std::nullopt : std::optional(all_.front()));
    pictures_.reset();
    if (shown)
        bar_->setLabel(QStringLiteral("%1 (%2)").arg(shown->name, shown->unit));
    refreshing_.start(0);
}

void MatrixView::markDirty(int episode) {
    values_.markChanged(episode);
    sis_.markChanged(episode);
    if (!refreshing_.isActive())
        refreshing_.start(kRefreshMilliseconds);
}

void MatrixView::bringUpToDate() const {
    values_.update();
    sis_.update();
    facts_.clear();
    const Results& results = session_.results();
    for (int episode = 0; episode < session_.selection().episodeCount(); ++episode)
        facts_.push_back({session_.selection().stepsOf(episode),
                          session_.rolloutsInfo()->episodes[std::size_t(episode)].success, results.largestGap(episode),
                          results.meanSis(episode)});
    order_ = sortEpisodes(facts_, EpisodeOrder(orderBox_->currentData().toInt()), descending_->isChecked());
    rowOf_.assign(order_.size(), -1);
    for (std::size_t row = 0; row < order_.size(); ++row)
        rowOf_[std::size_t(order_[row])] = static_cast<int>(row);
}

void MatrixView::showEvent(QShowEvent* event) {
    QStackedWidget::showEvent(event);
    refreshing_.start(0);
}

void MatrixView::refresh() {
    if (!isVisible())
        return;  // showEvent() makes up for it
    if (!session_.hasRollouts()) {
        plot_->setRows({}, true);
        return;
    }
    bringUpToDate();
    plot_->setTimeLabel(stretched_->isChecked() ? tr("time") : tr("step"));
    plot_->setRows(rows(), stretched_->isChecked());
    updateCursor();
    requestPicture();
}

std::vector<MatrixPlot::Row> MatrixView::rows() const {
    std::vector<MatrixPlot::Row> rows;
    rows.reserve(order_.size());
    for (const int episode : order_) {
        const EpisodeFacts& facts = facts_[std::size_t(episode)];
        const auto sign = !facts.success   ? MatrixPlot::Sign::None
                          : *facts.success ? MatrixPlot::Sign::Success
                                           : MatrixPlot::Sign::Failure;
        rows.push_back({session_.episodeName(episode), sign, facts.steps});
    }
    return rows;
}

MatrixView::Recipe MatrixView::recipe(const QSize& size) const {
    Recipe recipe;
    recipe.rows.stretched = stretched_->isChecked();
    std::vector<MatrixRows::Values> scores;
    for (const int episode : order_) {
        recipe.rows.rows.push_back(values_.values()[std::size_t(episode)]);
        scores.push_back(sis_.values()[std::size_t(episode)]);
        recipe.rows.longest =
            std::max(recipe.rows.longest, static_cast<std::size_t>(facts_[std::size_t(episode)].steps));
    }
    const StepSet& brushed = session_.selection().brushed();
    if (!brushed.isEmpty())
        recipe.rows.inFocus = [brushed, order = order_](std::size_t row, std::size_t step) {
            return brushed.contains(order[row], static_cast<qint64>(step));
        };
    else if (critical_->isChecked())
        recipe.rows.inFocus = [scores = std::move(scores), threshold = session_.results().threshold()](
                                  std::size_t row, std::size_t step) {
            return step < scores[row]->size() && double((*scores[row])[step]) > threshold;
        };
    recipe.window = plot_->window();
    recipe.size = size;
    recipe.aggregate = mean_->isChecked() ? CellAggregate::Mean : CellAggregate::Largest;
    recipe.share = wholeScale_->isChecked() ? 1 : kUsualShare;
    return recipe;
}

MatrixView::Picture MatrixView::make(const Recipe& recipe) {
    MatrixStyle style = recipe.style;
    style.largest = scaleEnd(recipe.rows, recipe.share);
    if (style.largest <= 0)  // more than the share is zero: the few others still show
        style.largest = scaleEnd(recipe.rows, 1);
    return {matrixImage(rasterize(recipe.rows, recipe.window, recipe.size, recipe.aggregate), style), recipe.window,
            style.largest};
}

void MatrixView::requestPicture() {
    if (order_.empty() || order_.size() != plot_->rows().size() || values_.values().size() != order_.size() ||
        !plot_->isVisible())
        return;
    Recipe wanted = recipe(plot_->pictureSize());
    const PlotTheme theme = PlotTheme::of(plot_->palette(), plot_->font());
    wanted.style.missing = theme.missing.rgb();
    wanted.style.background = theme.background.rgb();
    pictures_.start([wanted = std::move(wanted)] { return make(wanted); });
}

void MatrixView::updateCursor() {
    const Selection& selection = session_.selection();
    const int episode = selection.episode();
    if (episode < 0 || std::size_t(episode) >= rowOf_.size())
        plot_->setCursor(std::nullopt);
    else
        plot_->setCursor(MatrixPlot::Place{rowOf_[std::size_t(episode)], selection.step()});
}

void MatrixView::updateBrush() {
    const StepSet& brushed = session_.selection().brushed();
    brushed_->setVisible(!brushed.isEmpty());
    clearBrush_->setVisible(!brushed.isEmpty());
    brushed_->setText(tr("picked out: %1 steps of %2 episodes")
                          .arg(QLocale().toString(brushed.count()), QLocale().toString(brushed.episodeCount())));
    requestPicture();
}

void MatrixView::pick(const MatrixPlot::Place& place) {
    if (std::size_t(place.row) < order_.size())
        session_.selection().setEpisode(order_[std::size_t(place.row)], place.step);
}

void MatrixView::brush(int firstRow, int lastRow, double firstTime, double lastTime) {
    std::vector<StepSet::Stretch> stretches;
    const double longest = double(std::max<std::size_t>(1, recipe({}).rows.longest));
    for (int row = firstRow; row <= lastRow && std::size_t(row) < order_.size(); ++row) {
        const int episode = order_[std::size_t(row)];
        const qint64 steps = session_.selection().stepsOf(episode);
        const double span = stretched_->isChecked() ? double(steps) : longest;
        const auto first = static_cast<qint64>(std::floor(firstTime * span));
        const auto last = static_cast<qint64>(std::floor(lastTime * span));
        stretches.push_back({episode, std::max<qint64>(0, first), std::min(last, steps - 1)});
    }
    session_.selection().setBrushed(StepSet(std::move(stretches)));
}

std::optional<Figure> MatrixView::figure() const {
    const StepSeries* shown = series();
    if (!shown || !session_.hasRollouts() || session_.selection().episodeCount() == 0)
        return std::nullopt;
    bringUpToDate();
    Figure figure;
    figure.name = QStringLiteral("episodes");
    figure.width = kPageMillimetres;
    figure.height = std::clamp(20 + 2.2 * double(order_.size()), 45.0, 110.0);
    Recipe wanted = recipe((QSizeF(figure.units()) / 2).toSize());
    if (plot_->rows().size() != order_.size())
        wanted.window = {0, double(order_.size()), 0, 1};
    const PlotTheme theme = PlotTheme::print();
    wanted.style.missing = theme.missing.rgb();
    wanted.style.background = theme.background.rgb();
    const bool stretched = stretched_->isChecked();
    figure.draw = [picture = make(wanted), rows = rows(), stretched, colours = wanted.style.colours,
                   label = QStringLiteral("%1 (%2)").arg(shown->name, shown->unit)](QCPPainter& painter, QSize size) {
        const PlotTheme theme = PlotTheme::print();
        constexpr double kBar = 190;
        MatrixPlot plot;
        plot.setRows(rows, stretched);
        plot.setWindow(picture.window);
        plot.setPicture(picture.image, picture.window);
        plot.setTimeLabel(stretched ? tr("time") : tr("step"));
        plot.draw(painter, QRectF(0, 0, size.width() - kBar, size.height()), theme, picture.image);
        ColourBar::draw(painter, QRectF(size.width() - kBar, 0, kBar, size.height() - 30), *colours, picture.largest,
                        label, theme);
    };
    return figure;
}

std::optional<DataTable> MatrixView::dataTable() const {
    const StepSeries* shown = series();
    if (!shown || !session_.hasRollouts() || session_.selection().episodeCount() == 0)
        return std::nullopt;
    bringUpToDate();
    std::vector<QString> names, outcomes;
    std::vector<qint64> steps;
    std::vector<double> means, largest;
    for (const int episode : order_) {
        const EpisodeFacts& facts = facts_[std::size_t(episode)];
        names.push_back(session_.episodeName(episode));
        outcomes.push_back(!facts.success ? QString() : *facts.success ? tr("success") : tr("failure"));
        steps.push_back(facts.steps);
        double sum = 0, most = std::nan("");
        qint64 known = 0;
        for (const float value : *values_.values()[std::size_t(episode)]) {
            if (!std::isfinite(value))
                continue;
            sum += double(value);
            most = known++ == 0 ? double(value) : std::max(most, double(value));
        }
        means.push_back(known > 0 ? sum / double(known) : std::nan(""));
        largest.push_back(most);
    }
    const QString what = QStringLiteral("%1 (%2)").arg(shown->name, shown->unit);
    return DataTable{QStringLiteral("episodes"),
                     {{tr("episode"), std::move(names)},
                      {tr("outcome"), std::move(outcomes)},
                      {tr("steps"), std::move(steps)},
                      {tr("mean %1").arg(what), std::move(means)},
                      {tr("largest %1").arg(what), std::move(largest)}}};
}

QString MatrixView::describe(const MatrixPlot::Place& place) const {
    if (std::size_t(place.row) >= order_.size())
        return {};
    const int episode = order_[std::size_t(place.row)];
    const Results& results = session_.results();
    const auto& success = facts_[std::size_t(episode)].success;
    QString text = session_.episodeName(episode);
    if (success)
        text += *success ? tr(" · success") : tr(" · failure");
    text += QLatin1Char('\n') + tr("step %1 of %2").arg(place.step).arg(session_.selection().stepsOf(episode));
    if (session_.controlRate() > 0)
        text += tr(" · %1 s").arg(QLocale().toString(double(place.step) / session_.controlRate(), 'f', 2));
    const auto at = [&](const std::vector<float>& values) {
        return std::size_t(place.step) < values.size() ? double(values[std::size_t(place.step)]) : std::nan("");
    };
    const EpisodeResults& values = results.episode(episode);
    text += QLatin1Char('\n') + tr("SIS %1").arg(significant(at(values.sis)));
    if (results.isCritical(episode, place.step))
        text += tr(" · critical");
    if (session_.hasQuantized())
        text += QLatin1Char('\n') + tr("action gap %1").arg(significant(at(values.gap)));
    const StepSeries* shown = series();
    if (shown && shown->kind != StepSeries::Kind::Sis &&
        !(shown->kind == StepSeries::Kind::Gap && shown->compared == 0))
        text += QStringLiteral("\n%1 %2 %3")
                    .arg(shown->name, significant(at(*values_.values()[std::size_t(episode)])), shown->unit);
    return text;
}

void MatrixView::showTip(std::optional<MatrixPlot::Place> place, const QPoint& globalPosition) {
    if (place)
        QToolTip::showText(globalPosition + QPoint(12, 12), describe(*place), plot_);
    else
        QToolTip::hideText();
}

void MatrixView::updateEmptyState() {
    if (session_.hasRollouts() && session_.hasPolicy()) {
        setCurrentIndex(0);
        return;
    }
    empty_->setTexts(tr("No episodes to compare"),
                     session_.hasRollouts()
                         ? tr("Drop a policy (.pt2) on this window: SIS of every episode appears here.")
                         : tr("Drop recorded rollouts (.hdf5) on this window."));
    setCurrentIndex(1);
}

}  // namespace sqil
