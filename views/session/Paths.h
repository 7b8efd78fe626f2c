#pragma once
#include <QString>
#include <filesystem>

namespace sqil {

std::filesystem::path toPath(const QString& text);
QString toQString(const std::filesystem::path& path);
inline QString toQString(const std::string& text) {
    return QString::fromStdString(text);
}

/// Where the program's own files are: beside the executable, in an installed share folder, or
/// where it was built. Empty where the folder is missing.
std::filesystem::path resourcesDirectory();

/// The sample's folder: policy.pt2, policy.card.json, rollouts.hdf5. Empty where it is missing.
std::filesystem::path sampleDirectory();

/// A writable folder for what the program makes itself; created where it is missing.
std::filesystem::path dataDirectory();

/// The project that is made for a file opened without one; always the same for the same file.
std::filesystem::path automaticProject(const std::filesystem::path& file);

}  // namespace sqil
