#include "views/session/ProjectWatcher.h"

#include <chrono>

#include "core/project/Project.h"
#include "core/project/Salvage.h"
#include "views/session/Paths.h"
#include "views/session/ProjectContents.h"

namespace sqil {
namespace {

constexpr auto kPause = std::chrono::milliseconds(1000);

std::string textOf(const Project& project) {
    std::string text;
    const auto add = [&](const std::string& part) { text += std::to_string(part.size()) + ":" + part + "\n"; };
    if (const auto policies = project.policies())
        for (const PolicyRecord& policy : *policies) {
            add(std::to_string(policy.id) + " " + std::to_string(policy.parent.value_or(0)));
            add(policy.name);
            add(policy.path.string());
            add(policy.cardJson);
            add(policy.quantizationJson);
        }
    if (const auto rollouts = project.rollouts())
        for (const RolloutsRecord& record : *rollouts) {
            add(std::to_string(record.id));
            add(record.name);
            add(record.path.string());
        }
    for (const std::string& name : {kTopPercentSetting, kRemovedSetting})
        if (const auto value = project.setting(name); value && *value)
            add(**value);
    return text;
}

}  // namespace

std::string recordsText(const std::filesystem::path& path) {
    const auto project = Project::open(path);
    return project ? textOf(**project) : std::string();
}

ProjectWatcher::ProjectWatcher(QObject* parent) : QThread(parent) {
    setObjectName(QStringLiteral("project watcher"));
    start(QThread::LowPriority);
}

ProjectWatcher::~ProjectWatcher() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    wait();
}

void ProjectWatcher::watch(const std::filesystem::path& project) {
    const std::lock_guard lock(mutex_);
    path_ = project;
    wake_.notify_all();
}

void ProjectWatcher::run() {
    std::filesystem::path watched;
    std::unique_ptr<Project> project;
    while (true) {
        std::filesystem::path path;
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, kPause, [&] { return stop_ || path_ != watched; });
            if (stop_)
                return;
            path = path_;
        }
        if (path != watched) {
            watched = path;
            project.reset();
            if (!path.empty()) {
                if (auto opened = Project::open(path))
                    project = std::move(*opened);
                if (project) {
                    version_ = project->dataVersion().value_or(-1);
                    records_ = textOf(*project);
                }
                if (const auto damage = findDamage(path); damage && !damage->empty())
                    emit damageFound(toQString(path), toQString(*damage));
            }
            continue;
        }
        if (!project)
            continue;
        const auto version = project->dataVersion();
        if (!version || *version == version_)
            continue;
        version_ = *version;
        emit resultsChanged(toQString(path));
        if (std::string records = textOf(*project); records != records_) {
            records_ = std::move(records);
            emit recordsChanged(toQString(path));
        }
    }
}

}  // namespace sqil
