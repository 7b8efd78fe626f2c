#include "views/session/CardFiles.h"

#include <QCryptographicHash>
#include <system_error>

#include "core/base/AtomicFile.h"
#include "views/session/Paths.h"

namespace sqil {

std::filesystem::path cardFile(const PolicyRecord& policy) {
    if (policy.cardJson.empty())
        return {};
    const auto name = QCryptographicHash::hash(QByteArray::fromStdString(policy.cardJson), QCryptographicHash::Sha256)
                          .toHex()
                          .left(32)
                          .toStdString();
    const auto folder = dataDirectory() / "cards";
    const auto file = folder / (name + ".card.json");
    std::error_code problem;
    if (std::filesystem::exists(file, problem))
        return file;
    std::filesystem::create_directories(folder, problem);
    return writeTextFile(file, policy.cardJson) ? file : std::filesystem::path();
}

}  // namespace sqil
