#pragma once
#include <QStringList>
#include <vector>

#include "widgets/PlotTheme.h"

class QPainter;

namespace sqil {

/// A table as papers set them: rules above, below and under the header, sections in bold. Values only.
struct TextTable {
    struct Row {
        QStringList cells;
        bool isSection = false;  ///< its first cell goes across
    };
    QStringList header;   ///< empty: none
    QList<bool> numeric;  ///< by column: to the right
    std::vector<Row> rows;
    QString note;  ///< under the table; empty: none
};

/// As wide as its longest texts, at most `room`.
double widthOfTextTable(const TextTable& table, double room, const PlotTheme& theme);
double heightOfTextTable(const TextTable& table, const PlotTheme& theme);

/// Fills `area` from its top; columns are as wide as what they hold, and what is too long is cut with an ellipsis.
void drawTextTable(QPainter& painter, const QRectF& area, const TextTable& table, const PlotTheme& theme);

}  // namespace sqil
