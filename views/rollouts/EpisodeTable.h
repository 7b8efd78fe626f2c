#pragma once
#include "views/rollouts/FilterExpression.h"
#include "views/session/StudioSession.h"

namespace sqil {

/// The columns of the table of episodes. Those with a filter name can be sorted and filtered by.
enum class EpisodeColumn {
    Pictures,
    Name,
    Success,
    SisCourse,
    GapCourse,
    LargestGap,
    MeanSis,
    LargestSis,
    Critical,
    Length,
    Return,
    Bookmarks,
    Count
};

/// What the table says of the session's episodes: the numbers behind every cell.
class EpisodeTable {
public:
    explicit EpisodeTable(StudioSession& session) : session_(session) {}

    int rows() const;
    const EpisodeInfo& info(int row) const;
    /// NaN: not known, or no number at all.
    double number(int row, EpisodeColumn column) const;
    QString text(int row, EpisodeColumn column) const;
    QString toolTip(int row) const;

    static QString title(EpisodeColumn column);
    static QString explanation(EpisodeColumn column);

    /// The columns a filter can name, and which they are.
    static const std::vector<FilterColumn>& filterColumns();
    static EpisodeColumn filterColumn(std::size_t index);
    bool matches(int row, const FilterExpression& filter) const;

private:
    StudioSession& session_;
};

}  // namespace sqil
