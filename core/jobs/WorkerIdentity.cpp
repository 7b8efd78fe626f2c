#include "core/jobs/WorkerIdentity.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

namespace sqil {
namespace {

using nlohmann::json;

std::string hostName() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::string firstLineOf(const char* path) {
    std::ifstream stream(path);
    std::string line;
    std::getline(stream, line);
    return line;
}

std::string processNamespace() {
    std::array<char, 128> target{};
    const auto length = ::readlink("/proc/self/ns/pid", target.data(), target.size() - 1);
    return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : std::string();
}

/// Clock ticks from the machine's start to the process's; 0: there is no such process, or only its remains.
long long startOf(int pid) {
    std::ifstream stream("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(stream, text, '\0');
    const auto name = text.rfind(')');  // the program's name may hold anything
    if (name == std::string::npos)
        return 0;
    std::istringstream fields(text.substr(name + 1));
    std::string field;
    for (int index = 3; index <= 22 && fields >> field; ++index) {
        if (index == 3 && (field == "Z" || field == "X"))
            return 0;
        if (index == 22)
            return std::atoll(field.c_str());
    }
    return 0;
}

const json& machine() {
    static const json here{{"host", hostName()},
                           {"boot", firstLineOf("/proc/sys/kernel/random/boot_id")},
                           {"namespace", processNamespace()}};
    return here;
}

/// The process of {"pid", "start"} runs.
bool isThere(const json& process) {
    if (!process.is_object())
        return false;
    const int pid = process.value("pid", 0);
    return pid > 1 && startOf(pid) != 0 && startOf(pid) == process.value("start", 0LL);
}

}  // namespace

std::string workerIdentity(int pid, int watcher) {
    json identity = machine();
    identity["pid"] = pid;
    identity["start"] = startOf(pid);
    if (watcher > 0)
        identity["watch"] = {{"pid", watcher}, {"start", startOf(watcher)}};
    return identity.dump();
}

int localProcess(const std::string& identityJson) {
    const json identity = json::parse(identityJson, nullptr, /*allow_exceptions=*/false);
    if (!identity.is_object())
        return 0;
    for (const auto& [name, value] : machine().items())
        if (identity.value(name, "") != value)
            return 0;
    return isThere(identity) ? identity.value("pid", 0) : 0;
}

Liveness livenessOf(const std::string& identityJson, std::int64_t heartbeatAt, std::int64_t now) {
    const json identity = json::parse(identityJson, nullptr, /*allow_exceptions=*/false);
    if (!identity.is_object())
        return Liveness::Dead;
    const json here = machine();
    const bool isSilent = now - heartbeatAt > kSilenceMilliseconds;
    if (identity.value("host", "") != here.at("host"))
        return isSilent ? Liveness::Dead : Liveness::Unknown;
    if (identity.value("boot", "") != here.at("boot"))
        return Liveness::Dead;  // the machine was started again since
    if (identity.value("namespace", "") != here.at("namespace"))
        return isSilent ? Liveness::Dead : Liveness::Unknown;
    return isThere(identity) || isThere(identity.value("watch", json())) ? Liveness::Alive : Liveness::Dead;
}

}  // namespace sqil
