#pragma once
#include <QTreeWidget>
#include <vector>

#include "core/project/JobRecord.h"

namespace sqil {

/// The parameters of the chosen jobs, one column each: of one job all that was given, of several what differs.
class JobParameters : public QTreeWidget {
    Q_OBJECT
public:
    explicit JobParameters(QWidget* parent = nullptr);
    void setJobs(const std::vector<JobRecord>& jobs);
};

/// A parameter and its value in each job, standard values filled in; only those that differ where `onlyDifferent`.
std::vector<std::pair<QString, QStringList>> parameterRows(const std::vector<JobRecord>& jobs, bool onlyDifferent);

}  // namespace sqil
