#include "views/jobs/JobsModel.h"

#include <QBrush>
#include <QGuiApplication>
#include <QPalette>
#include <algorithm>
#include <map>

#include "views/jobs/DeviceUse.h"
#include "views/session/Paths.h"
#include "widgets/Numbers.h"
#include "widgets/SvgIcon.h"

namespace sqil {
namespace {

bool sameTree(const std::vector<JobRecord>& a, const std::vector<JobRecord>& b) {
    return std::ranges::equal(a, b, [](const JobRecord& first, const JobRecord& second) {
        return first.id == second.id && first.parent == second.parent;
    });
}

const char* iconOf(JobState state) {
    switch (state) {
        case JobState::Running:
            return "play";
        case JobState::Paused:
            return "pause";
        case JobState::Finished:
            return "success";
        case JobState::Failed:
            return "failure";
        case JobState::Cancelled:
            return "close";
        case JobState::Queued:
            break;
    }
    return "unused";
}

}  // namespace

void JobsModel::setJobs(const std::vector<JobRecord>& jobs) {
    if (sameTree(jobs, jobs_)) {
        jobs_ = jobs;
        for (const Node& node : nodes_) {
            const QModelIndex first = indexOf(node.id);
            emit dataChanged(first, first.siblingAtColumn(Columns - 1));
        }
        return;
    }
    beginResetModel();
    jobs_ = jobs;
    nodes_.assign(jobs.size(), {});
    roots_.clear();
    std::map<RecordId, int> place;
    for (std::size_t index = 0; index < jobs.size(); ++index)
        place[jobs[index].id] = int(index);
    for (std::size_t index = 0; index < jobs.size(); ++index) {
        const auto parent = jobs[index].parent ? place.find(*jobs[index].parent) : place.end();
        Node& node = nodes_[index];
        node.id = jobs[index].id;
        node.parent = parent == place.end() ? -1 : parent->second;
        auto& siblings = node.parent < 0 ? roots_ : nodes_[std::size_t(node.parent)].children;
        node.row = int(siblings.size());
        siblings.push_back(int(index));
    }
    endResetModel();
}

const JobRecord* JobsModel::job(const QModelIndex& index) const {
    return index.isValid() ? &recordAt(int(index.internalId())) : nullptr;
}

const JobRecord* JobsModel::job(RecordId id) const {
    const auto found = std::ranges::find(jobs_, id, &JobRecord::id);
    return found == jobs_.end() ? nullptr : &*found;
}

QModelIndex JobsModel::indexOf(RecordId id, int column) const {
    const auto found = std::ranges::find(nodes_, id, &Node::id);
    return found == nodes_.end() ? QModelIndex() : createIndex(found->row, column, quintptr(found - nodes_.begin()));
}

QModelIndex JobsModel::index(int row, int column, const QModelIndex& parent) const {
    const auto& siblings = parent.isValid() ? nodes_[parent.internalId()].children : roots_;
    if (row < 0 || row >= int(siblings.size()) || column < 0 || column >= Columns)
        return {};
    return createIndex(row, column, quintptr(siblings[std::size_t(row)]));
}

QModelIndex JobsModel::parent(const QModelIndex& child) const {
    const int parent = child.isValid() ? nodes_[child.internalId()].parent : -1;
    return parent < 0 ? QModelIndex() : createIndex(nodes_[std::size_t(parent)].row, 0, quintptr(parent));
}

int JobsModel::rowCount(const QModelIndex& parent) const {
    if (parent.column() > 0)
        return 0;
    return int(parent.isValid() ? nodes_[parent.internalId()].children.size() : roots_.size());
}

int JobsModel::columnCount(const QModelIndex&) const {
    return Columns;
}

QString JobsModel::stateText(const JobRecord& job) {
    if (job.state == JobState::Running && job.request == JobRequest::Cancel)
        return tr("stopping");
    if (job.state == JobState::Running && job.request == JobRequest::Pause)
        return tr("pausing");
    switch (job.state) {
        case JobState::Queued:
            return job.leaseUntil > millisecondsNow() ? tr("starting") : tr("queued");
        case JobState::Running:
            return tr("running");
        case JobState::Paused:
            return tr("paused");
        case JobState::Finished:
            return tr("finished");
        case JobState::Failed:
            return tr("failed");
        case JobState::Cancelled:
            return tr("cancelled");
    }
    return {};
}

QString JobsModel::waitingText(const JobRecord& job) const {
    QStringList waits;
    for (const RecordId need : job.needs)
        if (const JobRecord* other = this->job(need); other && other->state != JobState::Finished)
            waits << tr("%1 (%2)").arg(toQString(other->name), stateText(*other));
    return waits.isEmpty() ? QString() : tr("waits for %1").arg(waits.join(QStringLiteral(", ")));
}

QVariant JobsModel::data(const QModelIndex& index, int role) const {
    const JobRecord* record = job(index);
    if (!record)
        return {};
    if (role == IdRole)
        return qint64(record->id);
    if (role == ShareRole)
        return record->share();
    if (role == Qt::DecorationRole && index.column() == Name)
        return icon(iconOf(record->state));
    if (role == Qt::ForegroundRole && index.column() != Name && isOver(record->state))
        return QBrush(QGuiApplication::palette().color(QPalette::PlaceholderText));
    if (role == Qt::ToolTipRole) {
        QStringList lines{toQString(record->name)};
        if (!record->message.empty())
            lines << toQString(record->message);
        if (const QString waits = waitingText(*record); !waits.isEmpty())
            lines << waits;
        if (record->startedAt > 0)
            lines << tr("ran %1, attempt %2")
                         .arg(duration(record->activeSeconds(millisecondsNow())))
                         .arg(record->attempt);
        if (record->state == JobState::Running)
            lines << deviceUse(*record).join(QStringLiteral(", ")) << absentDeviceUse(*record);
        return lines.join(QLatin1Char('\n'));
    }
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
        case Name:
            return toQString(record->name);
        case State:
            return stateText(*record);
        case Progress:
            if (record->isGroup())
                return tr("%1 of %2 jobs").arg(record->done).arg(record->total);
            if (record->state == JobState::Running && record->total > 0)
                return tr("%1 %2/%3").arg(toQString(record->stage)).arg(record->done).arg(record->total);
            if (record->state == JobState::Running)
                return toQString(record->stage);
            if (record->state == JobState::Queued)
                return waitingText(*record);
            return {};
        case Left:
            if (const auto left = record->secondsLeft(millisecondsNow()))
                return tr("%1 left").arg(duration(*left));
            return isOver(record->state) && record->startedAt > 0 ? duration(record->activeSeconds(millisecondsNow()))
                                                                  : QString();
        default:
            return {};
    }
}

QVariant JobsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case Name:
            return tr("Job");
        case State:
            return tr("State");
        case Progress:
            return tr("Progress");
        case Left:
            return tr("Time");
        default:
            return {};
    }
}

}  // namespace sqil
