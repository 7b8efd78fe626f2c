#include <nlohmann/json.hpp>

#include "core/bench/ReportStore.h"
#include "views/session/Paths.h"
#include "views/session/StudioSession.h"

namespace sqil {
namespace {

Result<void> takeOut(Project& project, const ResultRecord& record) {
    const auto found = project.result(record.kind, record.specificationJson);
    if (!found)
        return tl::unexpected(found.error());
    return *found ? project.removeResult((*found)->id) : Result<void>();
}

Result<void> put(Project& project, const ResultRecord& record) {
    return project.putResult(record).map([](RecordId) {});
}

/// What an import has replaced, so that undo brings it back.
struct Import {
    std::vector<ResultRecord> records;
    std::vector<std::optional<ResultRecord>> before{};

    Result<void> apply(Project& project) {
        before.clear();
        for (const ResultRecord& record : records) {
            auto earlier = project.result(record.kind, record.specificationJson);
            if (!earlier)
                return tl::unexpected(earlier.error());
            before.push_back(std::move(*earlier));
            if (auto kept = put(project, record); !kept)
                return kept;
        }
        return {};
    }
    Result<void> revert(Project& project) const {
        for (std::size_t index = before.size(); index-- > 0;)
            if (auto undone = before[index] ? put(project, *before[index]) : takeOut(project, records[index]); !undone)
                return undone;
        return {};
    }
};

}  // namespace

void StudioSession::importBenchmarks(const QStringList& files) {
    if (!hasProject() || files.isEmpty())
        return;
    jobs_.start<std::vector<ResultRecord>>(
        tr("Reading benchmark reports"),
        [files](const Progress&) -> Result<std::vector<ResultRecord>> {
            std::vector<ResultRecord> records;
            for (const QString& file : files) {
                const auto reports = readReports(toPath(file));
                if (!reports)
                    return tl::unexpected(reports.error());
                for (const auto& report : *reports)
                    records.push_back(recordOf(report));
            }
            return records;
        },
        [this, project = contents_.path](Result<std::vector<ResultRecord>> records) {
            if (!records)
                emit errorOccurred(toQString(records.error().message));
            else if (project == contents_.path) {
                const int count = int(records->size());
                auto import = std::make_shared<Import>(Import{std::move(*records)});
                pushEdit(
                    count == 1 ? tr("Import a benchmark report") : tr("Import %1 benchmark reports").arg(count),
                    [import](Project& into) { return import->apply(into); },
                    [import](Project& from) { return import->revert(from); });
            }
        });
}

void StudioSession::removeBenchmark(const ResultRecord& record, const QString& title) {
    pushEdit(
        tr("Remove the benchmark “%1”").arg(title), [record](Project& project) { return takeOut(project, record); },
        [record](Project& project) { return put(project, record); });
}

}  // namespace sqil
