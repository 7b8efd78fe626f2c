#pragma once
#include <QMenu>
#include <filesystem>
#include <functional>
#include <vector>

#include "views/session/StudioSession.h"

namespace sqil {

/// Which rollouts are laid over those that are shown: the project's others, and files of one's own.
class OverlayMenu : public QMenu {
    Q_OBJECT
public:
    OverlayMenu(StudioSession& session, QWidget* parent);

    /// What is laid over at the moment.
    void setFiles(std::vector<std::filesystem::path> files) { files_ = std::move(files); }

signals:
    void chosen(const std::vector<std::filesystem::path>& files);

private:
    void fill();
    void addFile(const QString& name, const std::filesystem::path& file);
    void chooseFiles();

    StudioSession& session_;
    std::vector<std::filesystem::path> files_;
};

}  // namespace sqil
