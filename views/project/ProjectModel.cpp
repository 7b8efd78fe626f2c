#include "views/project/ProjectModel.h"

#include <QGuiApplication>
#include <QLocale>
#include <QPainter>

#include "views/session/Paths.h"
#include "widgets/PlotTheme.h"
#include "widgets/SvgIcon.h"

namespace sqil {
namespace {

QList<QStandardItem*> row(const QString& name, ProjectModel::Kind kind, qint64 id) {
    QList<QStandardItem*> items;
    for (int column = 0; column < ProjectModel::ColumnCount; ++column) {
        auto* item = new QStandardItem(column == 0 ? name : QString());
        item->setEditable(false);
        item->setData(int(kind), ProjectModel::KindRole);
        item->setData(id, ProjectModel::IdRole);
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

}  // namespace

ProjectModel::ProjectModel(StudioSession& session, QObject* parent) : QStandardItemModel(parent), session_(session) {
    connect(&session_, &StudioSession::projectChanged, this, &ProjectModel::rebuild);
    connect(&session_, &StudioSession::comparisonChanged, this, &ProjectModel::updateRoles);
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
    setHorizontalHeaderLabels({tr("Name"), tr("Steps")});
    horizontalHeaderItem(Steps)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
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
    items[0]->setToolTip(tr("%1\n%2 episodes").arg(toQString(item.record.path)).arg(info.episodes.size()));
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
    QStandardItem* rollouts = item(1);
    for (int index = 0; rollouts && index < rollouts->rowCount(); ++index) {
        QStandardItem* one = rollouts->child(index);
        const auto id = one->data(IdRole).toLongLong();
        const RolloutsItem* record = session_.contents().rolloutsItem(id);
        if (!record || !record->rollouts)
            continue;
        const bool shown = session_.hasRollouts() && session_.comparison().rolloutsRecord.id == id;
        one->setIcon(shown ? marked("reference") : icon("unused"));
        one->setData(shown ? tr("rollouts, in use") : tr("not in use"), Qt::AccessibleDescriptionRole);
    }
}

QModelIndex ProjectModel::rolloutsIndex() const {
    const QStandardItem* section = item(1);
    for (int index = 0; section && session_.hasRollouts() && index < section->rowCount(); ++index)
        if (section->child(index)->data(IdRole).toLongLong() == session_.comparison().rolloutsRecord.id)
            return section->child(index)->index();
    return {};
}

}  // namespace sqil
