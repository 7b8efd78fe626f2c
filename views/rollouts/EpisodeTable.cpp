#include "views/rollouts/EpisodeTable.h"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

#include "views/session/Paths.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Rollouts)
};

/// A row for the filter's eyes.
class Row : public FilterRow {
public:
    Row(const EpisodeTable& table, int row) : table_(table), row_(row) {}
    double number(std::size_t column) const override { return table_.number(row_, EpisodeTable::filterColumn(column)); }
    std::string text(std::size_t) const override { return table_.info(row_).name; }

private:
    const EpisodeTable& table_;
    int row_;
};

constexpr std::pair<const char*, EpisodeColumn> kFilterColumns[] = {
    {"name", EpisodeColumn::Name},           {"success", EpisodeColumn::Success},
    {"length", EpisodeColumn::Length},       {"return", EpisodeColumn::Return},
    {"mean_sis", EpisodeColumn::MeanSis},    {"max_sis", EpisodeColumn::LargestSis},
    {"max_gap", EpisodeColumn::LargestGap},  {"critical", EpisodeColumn::Critical},
    {"bookmarks", EpisodeColumn::Bookmarks},
};

}  // namespace

int EpisodeTable::rows() const {
    const RolloutsInfo* info = session_.rolloutsInfo();
    return info ? int(info->episodes.size()) : 0;
}

const EpisodeInfo& EpisodeTable::info(int row) const {
    return session_.rolloutsInfo()->episodes[std::size_t(row)];
}

double EpisodeTable::number(int row, EpisodeColumn column) const {
    const Results& results = session_.results();
    switch (column) {
        case EpisodeColumn::Success:
            return info(row).success ? double(*info(row).success) : std::nan("");
        case EpisodeColumn::Length:
            return double(info(row).steps);
        case EpisodeColumn::Return:
            return info(row).totalReward.value_or(std::nan(""));
        case EpisodeColumn::SisCourse:
        case EpisodeColumn::MeanSis:
            return results.summary(row).meanSis;
        case EpisodeColumn::LargestSis:
            return results.summary(row).largestSis;
        case EpisodeColumn::GapCourse:
        case EpisodeColumn::LargestGap:
            return results.summary(row).largestGap;
        case EpisodeColumn::Critical:
            return std::isfinite(results.threshold()) ? double(results.summary(row).criticalStates) : std::nan("");
        case EpisodeColumn::Bookmarks:
            return double(session_.bookmarks().countOf(row));
        default:
            return std::nan("");
    }
}

QString EpisodeTable::text(int row, EpisodeColumn column) const {
    const double value = number(row, column);
    switch (column) {
        case EpisodeColumn::Name:
            return toQString(info(row).name);
        case EpisodeColumn::Length:
        case EpisodeColumn::Critical:
            return std::isnan(value) ? QString() : QLocale().toString(qlonglong(value));
        case EpisodeColumn::Bookmarks:
            return value > 0 ? QLocale().toString(qlonglong(value)) : QString();
        case EpisodeColumn::Return:
        case EpisodeColumn::MeanSis:
        case EpisodeColumn::LargestSis:
        case EpisodeColumn::LargestGap:
            return std::isnan(value) ? QString() : significant(value);
        default:
            return {};
    }
}

QString EpisodeTable::toolTip(int row) const {
    const EpisodeInfo& episode = info(row);
    QString text = Words::tr("%1: %2 steps").arg(toQString(episode.name)).arg(episode.steps);
    if (episode.success)
        text += *episode.success ? Words::tr(", succeeded") : Words::tr(", failed");
    if (episode.totalReward)
        text += Words::tr("\ntotal reward %1").arg(significant(*episode.totalReward));
    for (const auto& [name, value] : episode.attributes)
        text += QStringLiteral("\n%1: %2").arg(toQString(name), toQString(value).left(200));
    return text;
}

QString EpisodeTable::title(EpisodeColumn column) {
    switch (column) {
        case EpisodeColumn::Name:
            return Words::tr("Episode");
        case EpisodeColumn::Length:
            return Words::tr("Steps");
        case EpisodeColumn::Return:
            return Words::tr("Return");
        case EpisodeColumn::SisCourse:
            return Words::tr("SIS");
        case EpisodeColumn::MeanSis:
            return Words::tr("Mean SIS");
        case EpisodeColumn::LargestSis:
            return Words::tr("Max SIS");
        case EpisodeColumn::GapCourse:
            return Words::tr("Gap");
        case EpisodeColumn::LargestGap:
            return Words::tr("Max gap");
        case EpisodeColumn::Critical:
            return Words::tr("Critical");
        default:
            return {};
    }
}

QString EpisodeTable::explanation(EpisodeColumn column) {
    switch (column) {
        case EpisodeColumn::Pictures:
            return Words::tr("The first frame, and the one in the middle of the episode");
        case EpisodeColumn::Name:
            return Words::tr("The episode's name in the rollouts file (filter: name)");
        case EpisodeColumn::Success:
            return Words::tr("Whether the episode succeeded (filter: success = 1 or 0)");
        case EpisodeColumn::Length:
            return Words::tr("Number of steps (filter: length)");
        case EpisodeColumn::Return:
            return Words::tr("Sum of the rewards (filter: return)");
        case EpisodeColumn::SisCourse:
            return Words::tr("SIS over the episode; all rows share one scale, up to the 99.5th percentile");
        case EpisodeColumn::MeanSis:
            return Words::tr("Mean SIS of the analysed states, of S = ½|Δπ|² (filter: mean_sis)");
        case EpisodeColumn::LargestSis:
            return Words::tr("Largest SIS (filter: max_sis)");
        case EpisodeColumn::GapCourse:
            return Words::tr("Action gap over the episode; all rows share one scale, up to the 99.5th percentile");
        case EpisodeColumn::LargestGap:
            return Words::tr("Largest action gap, in normalized units (filter: max_gap)");
        case EpisodeColumn::Critical:
            return Words::tr("Number of critical states (filter: critical)");
        case EpisodeColumn::Bookmarks:
            return Words::tr("Number of bookmarked steps (filter: bookmarks)");
        default:
            return {};
    }
}

const std::vector<FilterColumn>& EpisodeTable::filterColumns() {
    static const std::vector<FilterColumn> columns = [] {
        std::vector<FilterColumn> all;
        for (const auto& [name, column] : kFilterColumns)
            all.push_back({name, column == EpisodeColumn::Name, explanation(column).toStdString()});
        return all;
    }();
    return columns;
}

EpisodeColumn EpisodeTable::filterColumn(std::size_t index) {
    return kFilterColumns[index].second;
}

bool EpisodeTable::matches(int row, const FilterExpression& filter) const {
    return filter.isEmpty() || filter.matches(Row(*this, row));
}

}  // namespace sqil
