#include "views/jobs/DeviceUse.h"

#include <QCoreApplication>
#include <QLocale>
#include <nlohmann/json.hpp>

#include "views/session/Paths.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(DeviceUse)
};

nlohmann::json usageOf(const JobRecord& job) {
    auto usage = nlohmann::json::parse(job.usageJson, nullptr, /*allow_exceptions=*/false);
    return usage.is_object() ? usage : nlohmann::json::object();
}

QString bytesText(double bytes) {
    return QLocale().formattedDataSize(qint64(bytes), 1, QLocale::DataSizeIecFormat);
}

}  // namespace

QStringList deviceUse(const JobRecord& job) {
    const auto usage = usageOf(job);
    const auto number = [&](const char* name) {
        const auto value = usage.find(name);
        return value != usage.end() && value->is_number() ? std::optional(value->get<double>()) : std::nullopt;
    };
    QStringList parts{Texts::tr("%1 % of a processor").arg(job.processorPercent), bytesText(double(job.memoryBytes))};
    if (const auto watts = number("cpu_watts"))
        parts << Texts::tr("processor %1 W").arg(significant(*watts));
    if (const auto percent = number("gpu_percent"))
        parts << Texts::tr("GPU %1 %").arg(significant(*percent));
    if (const auto memory = number("gpu_memory"))
        parts << Texts::tr("GPU %1").arg(bytesText(*memory));
    if (const auto watts = number("gpu_watts"))
        parts << Texts::tr("GPU %1 W").arg(significant(*watts));
    return parts;
}

QStringList absentDeviceUse(const JobRecord& job) {
    const auto usage = usageOf(job);
    QStringList lines;
    if (!usage.contains("absent") || !usage["absent"].is_object())
        return lines;
    const std::pair<const char*, QString> names[]{{"cpu_watts", Texts::tr("Processor's power")},
                                                  {"gpu", Texts::tr("GPU")},
                                                  {"gpu_percent", Texts::tr("GPU use")},
                                                  {"gpu_memory", Texts::tr("GPU memory")},
                                                  {"gpu_watts", Texts::tr("GPU power")}};
    for (const auto& [name, title] : names)
        if (const auto reason = usage["absent"].find(name); reason != usage["absent"].end() && reason->is_string())
            lines << QStringLiteral("%1: %2").arg(title, toQString(reason->get<std::string>()));
    return lines;
}

}  // namespace sqil
