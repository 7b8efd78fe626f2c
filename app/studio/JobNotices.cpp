#include "app/studio/JobNotices.h"

#include <QPainter>
#include <QSystemTrayIcon>
#include <cmath>
#include <nlohmann/json.hpp>

#include "views/jobs/JobsView.h"
#include "views/session/Paths.h"
#include "widgets/MessageBar.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

constexpr int kIconSize = 64;

/// The program's icon with a ring of what is done.
QIcon iconOf(double share) {
    QPixmap pixmap = QIcon(QStringLiteral(":/icons/sqil-studio.svg")).pixmap(kIconSize, kIconSize);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF circle(4, 4, kIconSize - 8, kIconSize - 8);
    painter.setPen(QPen(QColor(255, 255, 255, 120), 7));
    painter.drawEllipse(circle);
    painter.setPen(QPen(QColor(0xff9e57), 7, Qt::SolidLine, Qt::RoundCap));
    painter.drawArc(circle, 90 * 16, -qRound(share * 360 * 16));
    return QIcon(pixmap);
}

/// The one number that a user waits for.
QString resultText(const JobRecord& job) {
    const auto result = nlohmann::json::parse(job.resultJson, nullptr, /*allow_exceptions=*/false);
    if (!result.is_object() || !result.contains("summary"))
        return {};
    const auto& summary = result["summary"];
    const auto number = [&](const char* name) {
        return summary.contains(name) && summary[name].is_number() ? summary[name].get<double>() : std::nan("");
    };
    if (const double success = number("success"); std::isfinite(success))
        return JobNotices::tr("%1 % of %2 episodes succeed")
            .arg(significant(100 * success))
            .arg(qint64(number("episodes")));
    if (const double gap = number("exported_gap"); std::isfinite(gap))
        return JobNotices::tr("action gap on held-out states %1").arg(significant(gap));
    return {};
}

}  // namespace

JobNotices::JobNotices(JobsView& jobs, MessageBar& messages, QObject* parent) : QObject(parent), messages_(messages) {
    if (QSystemTrayIcon::isSystemTrayAvailable()) {
        tray_ = new QSystemTrayIcon(QIcon(QStringLiteral(":/icons/sqil-studio.svg")), this);
        connect(tray_, &QSystemTrayIcon::messageClicked, this, [this] { emit jobRequested(last_); });
        connect(tray_, &QSystemTrayIcon::activated, this, [this] { emit jobRequested(last_); });
    }
    connect(&jobs, &JobsView::jobEnded, this, &JobNotices::tell);
    connect(&jobs, &JobsView::queueChanged, this, &JobNotices::showQueue);
}

QString JobNotices::textOf(const JobRecord& job) {
    const QString name = toQString(job.name);
    switch (job.state) {
        case JobState::Finished: {
            const QString result = resultText(job);
            return result.isEmpty() ? tr("“%1” has finished.").arg(name)
                                    : tr("“%1” has finished: %2.").arg(name, result);
        }
        case JobState::Failed:
            return tr("“%1” has failed: %2").arg(name, toQString(job.message));
        default:
            return tr("“%1” was stopped; it can be resumed.").arg(name);
    }
}

void JobNotices::tell(const JobRecord& job) {
    last_ = job.id;
    const bool failed = job.state == JobState::Failed;
    messages_.show(failed ? MessageBar::Level::Error : MessageBar::Level::Information, textOf(job),
                   {{tr("Show"), [this, id = job.id] { emit jobRequested(id); }}});
    if (tray_ && tray_->isVisible())
        tray_->showMessage(tr("SQIL Studio"), textOf(job),
                           failed ? QSystemTrayIcon::Critical : QSystemTrayIcon::Information);
}

void JobNotices::showQueue(int running, int waiting, double share) {
    if (!tray_)
        return;
    tray_->setVisible(running + waiting > 0 || last_ != 0);
    tray_->setIcon(running > 0 ? iconOf(share) : QIcon(QStringLiteral(":/icons/sqil-studio.svg")));
    tray_->setToolTip(running > 0
                          ? tr("%1 running, %2 waiting, %3 %").arg(running).arg(waiting).arg(qRound(100 * share))
                          : tr("No job is running"));
}

}  // namespace sqil
