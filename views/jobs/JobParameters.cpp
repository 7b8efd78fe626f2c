#include "views/jobs/JobParameters.h"

#include <QHeaderView>
#include <QSet>
#include <set>

#include "core/jobs/JobKind.h"
#include "views/session/Paths.h"

namespace sqil {

std::vector<std::pair<QString, QStringList>> parameterRows(const std::vector<JobRecord>& jobs, bool onlyDifferent) {
    std::vector<std::pair<QString, QStringList>> rows;
    std::vector<nlohmann::json> given;
    std::vector<const JobKind*> kinds;
    std::vector<std::string> names;
    std::set<std::string> known;
    for (const JobRecord& job : jobs) {
        given.push_back(nlohmann::json::parse(job.parametersJson, nullptr, /*allow_exceptions=*/false));
        kinds.push_back(findJobKind(job.kind));
        if (kinds.back() && given.back().is_object())
            for (const JobParameter& parameter : kinds.back()->parameters)
                if (known.insert(parameter.name).second)
                    names.push_back(parameter.name);
    }
    for (const std::string& name : names) {
        QStringList values;
        bool isGiven = false;
        for (std::size_t index = 0; index < jobs.size(); ++index) {
            isGiven = isGiven || given[index].contains(name);
            values << (kinds[index] ? toQString(textOf(kinds[index]->value(given[index], name))) : QString());
        }
        const bool differs = QSet<QString>(values.begin(), values.end()).size() > 1;
        if (onlyDifferent ? differs : isGiven)
            rows.emplace_back(toQString(name).replace(QLatin1Char('_'), QLatin1Char(' ')), values);
    }
    return rows;
}

JobParameters::JobParameters(QWidget* parent) : QTreeWidget(parent) {
    setRootIsDecorated(false);
    setAlternatingRowColors(true);
    setUniformRowHeights(true);
    setAccessibleName(tr("Parameters"));
    header()->setStretchLastSection(true);
}

void JobParameters::setJobs(const std::vector<JobRecord>& jobs) {
    clear();
    QStringList titles{jobs.size() > 1 ? tr("What differs") : tr("Parameter")};
    for (const JobRecord& job : jobs)
        titles << toQString(job.name);
    if (jobs.empty())
        titles << QString();
    setColumnCount(int(titles.size()));
    setHeaderLabels(titles);
    for (const auto& [name, values] : parameterRows(jobs, jobs.size() > 1)) {
        auto* item = new QTreeWidgetItem(this, QStringList{name} + values);
        for (int column = 1; column <= values.size(); ++column)
            item->setToolTip(column, values[column - 1]);
    }
    if (jobs.size() > 1 && topLevelItemCount() == 0)
        new QTreeWidgetItem(this, {tr("nothing: the same parameters")});
    resizeColumnToContents(0);
}

}  // namespace sqil
