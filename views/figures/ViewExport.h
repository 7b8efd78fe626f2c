#pragma once
#include <optional>

#include "views/figures/DataTable.h"
#include "views/figures/Figure.h"

namespace sqil {

/// A view that can be drawn for a paper. Its panel's menu then offers “Export figure…” and “Copy
/// picture”, and File ▸ Export figures takes it along.
class FigureSource {
public:
    virtual ~FigureSource() = default;
    /// What is selected, as the view shows it, drawn from the data and not from the screen (the view
    /// may be hidden); none: there is nothing to draw now. GUI thread.
    virtual std::optional<Figure> figure() const = 0;
};

/// A view whose numbers can be had. Its panel's menu then offers “Export data as CSV…”.
class TableSource {
public:
    virtual ~TableSource() = default;
    /// A copy of the numbers behind what is shown; none: there are none now. GUI thread.
    virtual std::optional<DataTable> dataTable() const = 0;
};

}  // namespace sqil
