#pragma once
#include <QObject>
#include <QProcess>
#include <QTemporaryDir>
#include <filesystem>
#include <memory>

#include "core/jobs/JobSpec.h"

namespace sqil {

/// Measures a job in a process of its own (`sqil jobs estimate`), so that the window is not in its way.
class JobEstimator : public QObject {
    Q_OBJECT
public:
    explicit JobEstimator(QObject* parent = nullptr);
    ~JobEstimator() override;

    void start(const std::filesystem::path& project, const JobSpec& spec);
    bool isRunning() const { return process_ != nullptr; }
    void stop();

signals:
    void finished(const QString& text);

private:
    void read();

    std::unique_ptr<QTemporaryDir> folder_;
    QProcess* process_ = nullptr;
};

}  // namespace sqil
