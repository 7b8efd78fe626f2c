#include "views/project/ProjectModel.h"

#include <QGuiApplication>
#include <QLocale>
#include <QPainter>

#include "views/session/Paths.h"
#include "widgets/Numbers.h"
#include "widgets/PlotTheme.h"
#include "widgets/SvgIcon.h"

namespace sqil {
namespace {

QList<QStandardItem*> row(const QString& name, ProjectModel::Kind kind, qint64 id, int episode = -1) {
    QList<QStandardItem*> items;
    for (int column = 0; column < ProjectModel::ColumnCount; ++column) {
        auto* item = new QStandardItem(column == 0 ? name : QString());
        item->setEditable(false);
        item->setData(int(kind), ProjectModel::KindRole);
        item->setData(id, ProjectModel::IdRole);
        item->setData(episode, ProjectModel::EpisodeRole);
        if (column > 0)
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        items << item;
    }
    return items;
}

/// A disc in the colour in which a further compared policy is drawn.
QIcon seriesIcon(const StudioSession& session, RecordId policy) {
    const PlotTheme theme = PlotTheme::of(QGuiApplication::palette(), QGuiApplication::font());
    std::size_t place = 1;
    while (place < session.comparedCount() && session.comparison().compared(place).id != policy)
        ++place;
    QPixmap picture(64, 64);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.compared(place));
    painter.drawEllipse(QPointF(32, 32), 15, 15);
    painter.end();
    return QIcon(picture);
}

QString describe(const EpisodeInfo& episode) {
    QString text = QObject::tr("%1: %2 steps").arg(toQString(episode.name)).arg(episode.steps);
    if (episode.success)
        text += *episode.success ? QObject::tr(", succeeded") : QObject::tr(", failed");
    if (episode.totalReward)
        text += QObject::tr("\ntotal reward %1").arg(significant(*episode.totalReward));
    for (const auto& [name, value] : episode.attributes)
        text += QStringLiteral("\n%1: %2").arg(toQString(name), toQString(value).left(200));
    return text;
}

}  // namespace

ProjectModel::ProjectModel(StudioSession& session, QObject* parent) : QStandardItemModel(parent), session_(session) {
    connect(&session_, &StudioSession::projectChanged, this, &ProjectModel::rebuild);
    connect(&session_, &StudioSession::comparisonChanged, this, &ProjectModel::updateRoles);
    connect(&session_.results(), &Results::episodeUpdated, this, &ProjectModel::updateEpisode);
    connect(&session_.results(), &Results::wasReset, this, [this] {
        for (int episode = 0; episode < session_.selection().episodeCount(); ++episode)
            updateEpisode(episode);
    });
    rebuild();
}

ProjectModel::Kind ProjectModel::kindOf(const QModelIndex& index) {
    return Kind(index.data(KindRole).toInt());
}

QStandardItem* ProjectModel::addSection(const QString& text, const char* iconName) {
    auto items = row(text, Kind::Section, 0);
    items[0]->setIcon(icon(iconName));
    QFont bold = items[0]->font();
    bold.setWeight(QFont::DemiBold);
    items[0]->setFont(bold);
    for (auto* item : items)
        item->setSelectable(false);
    appendRow(items);
    return items[0];
}

void ProjectModel::rebuild() {
    clear();
    setHorizontalHeaderLabels({tr("Name"), tr("Steps"), tr("SIS"), tr("Gap")});
    for (int column = 1; column < ColumnCount; ++column)
        horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    horizontalHeaderItem(Sis)->setToolTip(tr("Mean SIS of the episode's analysed states (of S = ½|Δπ|²)"));
    horizontalHeaderItem(Gap)->setToolTip(tr("Largest action gap of the episode, in normalized units"));
    if (!session_.hasProject())
        return;
    auto* policies = addSection(tr("Policies"), "policy");
    for (const PolicyItem& item : session_.contents().policies)
        addPolicy(policies, item);
    auto* rollouts = addSection(tr("Rollouts"), "rollouts");
    for (const RolloutsItem& item : session_.contents().rollouts)
        addRollouts(rollouts, item);
    updateRoles();
}

void ProjectModel::addPolicy(QStandardItem* section, const PolicyItem& item) {
    auto items = row(toQString(item.record.name), Kind::Policy, item.record.id);
    items[0]->setToolTip(item.problem.empty() ? toQString(item.record.path) : toQString(item.problem));
    if (!item.problem.empty())
        items[0]->setIcon(icon("warning"));
    section->appendRow(items);
}

void ProjectModel::addRollouts(QStandardItem* section, const RolloutsItem& item) {
    auto items = row(toQString(item.record.name), Kind::Rollouts, item.record.id);
    items[0]->setToolTip(item.problem.empty() ? toQString(item.record.path) : toQString(item.problem));
    if (!item.rollouts)
        items[0]->setIcon(icon("warning"));
    section->appendRow(items);
    if (!item.rollouts)
        return;
    const RolloutsInfo& info = item.rollouts->info();
    items[Steps]->setText(QLocale().toString(qlonglong(info.totalSteps())));
    for (std::size_t index = 0; index < info.episodes.size(); ++index) {
        const EpisodeInfo& episode = info.episodes[index];
        auto cells = row(toQString(episode.name), Kind::Episode, item.record.id, static_cast<int>(index));
        if (episode.success)
            cells[0]->setIcon(QIcon(*episode.success ? QStringLiteral(":/icons/success.svg")
                                                     : QStringLiteral(":/icons/failure.svg")));
        cells[0]->setToolTip(describe(episode));
        cells[0]->setData(describe(episode), Qt::AccessibleDescriptionRole);
        cells[Steps]->setText(QLocale().toString(qlonglong(episode.steps)));
        for (auto* cell : cells)
            cell->setEnabled(episode.steps > 0);
        items[0]->appendRow(cells);
    }
}

void ProjectModel::updateRoles() {
    const auto marked = [](const char* name) {
        return QIcon(QStringLiteral(":/icons/%1.svg").arg(QLatin1String(name)));
    };
    QStandardItem* policies = item(0);
    for (int index = 0; policies && index < policies->rowCount(); ++index) {
        QStandardItem* policy = policies->child(index);
        const auto id = policy->data(IdRole).toLongLong();
        const PolicyItem* record = session_.contents().policy(id);
        const bool reference = session_.hasPolicy() && session_.comparison().policy.id == id;
        const bool primary = session_.hasQuantized() && session_.comparison().quantized->id == id;
        const bool other = !primary && session_.isCompared(id);
        if (record && !record->problem.empty())
            continue;
        policy->setIcon(reference ? marked("reference")
                        : primary ? marked("compared")
                        : other   ? seriesIcon(session_, id)
                                  : icon("unused"));
        policy->setData(reference ? tr("full precision, in use")
                        : primary ? tr("quantized, in use")
                        : other   ? tr("quantized, compared by its actions")
                                  : tr("not in use"),
                        Qt::AccessibleDescriptionRole);
    }
    for (int episode = 0; episode < session_.selection().episodeCount(); ++episode)
        updateEpisode(episode);
}

QModelIndex ProjectModel::rolloutsIndex() const {
    const QStandardItem* section = item(1);
    for (int index = 0; section && session_.hasRollouts() && index < section->rowCount(); ++index)
        if (section->child(index)->data(IdRole).toLongLong() == session_.comparison().rolloutsRecord.id)
            return section->child(index)->index();
    return {};
}

QModelIndex ProjectModel::episodeIndex(int episode) const {
    const QModelIndex rollouts = rolloutsIndex();
    return rollouts.isValid() && episode >= 0 ? index(episode, 0, rollouts) : QModelIndex();
}

void ProjectModel::updateEpisode(int episode) {
    const QModelIndex name = episodeIndex(episode);
    if (!name.isValid())
        return;
    const auto set = [&](int column, double value) {
        setData(name.siblingAtColumn(column), std::isnan(value) ? QString() : significant(value, 2));
    };
    set(Sis, session_.results().meanSis(episode));
    set(Gap, session_.results().largestGap(episode));
}

}  // namespace sqil
