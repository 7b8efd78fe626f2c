#include "views/jobs/JobEstimator.h"

#include <nlohmann/json.hpp>

#include "core/base/AtomicFile.h"
#include "core/jobs/Launcher.h"
#include "views/session/Paths.h"
#include "widgets/Numbers.h"

namespace sqil {

JobEstimator::JobEstimator(QObject* parent) : QObject(parent) {}

JobEstimator::~JobEstimator() {
    stop();
}

void JobEstimator::stop() {
    if (!process_)
        return;
    process_->disconnect(this);
    process_->kill();
    process_->waitForFinished(2000);
    delete process_;
    process_ = nullptr;
}

void JobEstimator::start(const std::filesystem::path& project, const JobSpec& spec) {
    stop();
    folder_ = std::make_unique<QTemporaryDir>();
    const QString file = folder_->filePath(QStringLiteral("job.json"));
    if (const auto written = writeTextFile(toPath(file), toJson(spec)); !written) {
        emit finished(toQString(written.error().message));
        return;
    }
    process_ = new QProcess(this);
    connect(process_, &QProcess::finished, this, &JobEstimator::read);
    connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            read();
    });
    process_->start(toQString(workerProgram()),
                    {QStringLiteral("jobs"), QStringLiteral("estimate"), QStringLiteral("file"), file,
                     QStringLiteral("--json"), QStringLiteral("--project"), toQString(project)});
}

void JobEstimator::read() {
    const QByteArray out = process_->readAllStandardOutput();
    QString errors = QString::fromUtf8(process_->readAllStandardError()).trimmed();
    if (process_->error() == QProcess::FailedToStart)
        errors = process_->errorString();
    process_->deleteLater();
    process_ = nullptr;
    const auto estimate = nlohmann::json::parse(out.constData(), nullptr, /*allow_exceptions=*/false);
    if (!estimate.is_object()) {
        emit finished(errors.isEmpty() ? tr("It could not be measured.") : errors);
        return;
    }
    emit finished(tr("About %1: %2 of setting up, then %3 %4 of %5 each. Memory: %6 GiB.")
                      .arg(duration(estimate.value("seconds", 0.0)), duration(estimate.value("setup_seconds", 0.0)))
                      .arg(estimate.value("units", 0LL))
                      .arg(toQString(estimate.value("unit", "")))
                      .arg(tr("%1 s").arg(significant(estimate.value("unit_seconds", 0.0))))
                      .arg(significant(estimate.value("memory_bytes", 0.0) / (1 << 30))));
}

}  // namespace sqil
