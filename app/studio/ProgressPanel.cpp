#include "app/studio/ProgressPanel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QToolButton>
#include <cmath>

#include "widgets/Numbers.h"
#include "widgets/SvgIcon.h"

namespace sqil {

ProgressPanel::ProgressPanel(StudioSession& session, QWidget* parent)
    : QWidget(parent),
      session_(session),
      text_(new QLabel(this)),
      bar_(new QProgressBar(this)),
      stop_(new QToolButton(this)),
      resume_(new QToolButton(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 4, 2);
    row->setSpacing(8);
    setFixedHeight(fontMetrics().height() + 14);  // the status bar keeps its height when the buttons go
    bar_->setTextVisible(false);
    bar_->setFixedWidth(140);
    bar_->setAccessibleName(tr("Progress"));
    stop_->setIcon(icon("close"));
    stop_->setAutoRaise(true);
    stop_->setFocusPolicy(Qt::TabFocus);
    stop_->setToolTip(tr("Stop"));
    stop_->setAccessibleName(tr("Stop what is running"));
    resume_->setText(tr("Resume"));
    resume_->setAutoRaise(true);
    resume_->setFocusPolicy(Qt::TabFocus);
    row->addWidget(bar_);
    row->addWidget(stop_);
    row->addWidget(text_);
    row->addWidget(resume_);
    connect(stop_, &QToolButton::clicked, this, [this] {
        if (session_.jobs().isBusy())
            session_.jobs().cancel();
        else
            session_.setAnalysisPaused(true);
    });
    connect(resume_, &QToolButton::clicked, this, [this] { session_.setAnalysisPaused(false); });
    connect(&session_.jobs(), &JobTracker::changed, this, &ProgressPanel::update);
    connect(&session_, &StudioSession::progressChanged, this, &ProgressPanel::update);
    connect(&session_, &StudioSession::projectChanged, this, &ProgressPanel::update);
    update();
}

QString ProgressPanel::text() const {
    return text_->text();
}

void ProgressPanel::showBar(qint64 done, qint64 total) {
    bar_->setVisible(true);
    bar_->setRange(0, total > 0 ? 1000 : 0);
    if (total > 0)
        bar_->setValue(static_cast<int>(1000 * done / total));
}

void ProgressPanel::update() {
    const WorkerProgress& analysis = session_.progress();
    const bool analysing = session_.hasProject() && analysis.total > 0 && analysis.done < analysis.total;
    resume_->setVisible(false);
    if (session_.jobs().isBusy()) {
        const JobTracker::Status job = session_.jobs().status();
        QString text = job.stage.isEmpty() ? tr("%1…").arg(job.title) : tr("%1: %2").arg(job.title, job.stage);
        timeLeft_.update(job.title + job.stage, job.done, job.total);
        if (std::isfinite(timeLeft_.seconds()))
            text += tr(" · %1 left").arg(duration(timeLeft_.seconds()));
        text_->setText(text);
        showBar(job.done, job.total);
        stop_->setVisible(true);
        return;
    }
    if (analysing) {
        const QString states =
            tr("%1 of %2 states")
                .arg(QLocale().toString(qlonglong(analysis.done)), QLocale().toString(qlonglong(analysis.total)));
        if (analysis.paused)
            text_->setText(tr("Analysis stopped · %1").arg(states));
        else if (analysis.episode.isEmpty())
            text_->setText(tr("Analysing · %1").arg(states));
        else
            text_->setText(
                std::isfinite(analysis.secondsLeft)
                    ? tr("Analysing %1 · %2 · %3 left").arg(analysis.episode, states, duration(analysis.secondsLeft))
                    : tr("Analysing %1 · %2").arg(analysis.episode, states));
        showBar(analysis.done, analysis.total);
        stop_->setVisible(!analysis.paused);
        resume_->setVisible(analysis.paused);
        return;
    }
    bar_->setVisible(false);
    stop_->setVisible(false);
    text_->setText(session_.hasProject() && analysis.total > 0
                       ? tr("%1 states analysed").arg(QLocale().toString(qlonglong(analysis.total)))
                       : QString());
}

}  // namespace sqil
