#pragma once
#include <QStringList>

#include "core/project/JobRecord.h"

namespace sqil {

/// What a running job takes, with units: "98 % of a processor", "412 MiB", "GPU 40 %", "GPU 2.0 GiB", "GPU 200 W".
QStringList deviceUse(const JobRecord& job);

/// Why the rest of it is not known, a line each: "GPU: the job runs on the processor".
QStringList absentDeviceUse(const JobRecord& job);

}  // namespace sqil
