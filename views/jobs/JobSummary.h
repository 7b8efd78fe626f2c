#pragma once
#include <QString>
#include <vector>

#include "core/base/Result.h"
#include "core/project/JobRecord.h"

class QPixmap;

namespace sqil {

/// A job on a page: what it was told, what came out, its curves and its warnings. One HTML file that needs no other.
QString jobSummaryHtml(const JobRecord& job, const std::vector<JobLogLine>& log, const std::vector<QPixmap>& plots);

/// As .html or .pdf, by the file's ending.
Result<void> writeJobSummary(const QString& file, const QString& html);

}  // namespace sqil
