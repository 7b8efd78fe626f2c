#include "widgets/TextTable.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace sqil {
namespace {

constexpr double kGap = 12;      ///< between columns, screen pixels
constexpr double kIndent = 8;    ///< of rows below a section
constexpr double kLine = 1.42;   ///< of the font's height
constexpr double kAround = 0.4;  ///< of a line, above and below

bool hasSections(const TextTable& table) {
    return std::any_of(table.rows.begin(), table.rows.end(), [](const TextTable::Row& row) { return row.isSection; });
}

/// Columns as wide as their texts; where that is too much, the widest are cut until all fit.
std::vector<double> columnWidths(const TextTable& table, double room, const PlotTheme& theme) {
    const QFontMetricsF metrics(theme.font), bold(theme.scaled(1, true));
    std::vector<double> widths;
    const auto take = [&](const QStringList& cells, const QFontMetricsF& font, double indent) {
        if (widths.size() < std::size_t(cells.size()))
            widths.resize(std::size_t(cells.size()), 0);
        for (qsizetype column = 0; column < cells.size(); ++column)
            widths[std::size_t(column)] = std::max(
                widths[std::size_t(column)], font.horizontalAdvance(cells[column]) + (column == 0 ? indent : 0) + 1);
    };
    take(table.header, bold, 0);
    const double indent = hasSections(table) ? kIndent * theme.unit : 0;
    for (const TextTable::Row& row : table.rows)
        if (!row.isSection)
            take(row.cells, metrics, indent);
    if (widths.empty())
        return widths;
    room -= kGap * theme.unit * double(widths.size() - 1);
    // One largest width for all, so that they just fit: those below it keep theirs.
    double cap = 0, left = room;
    std::vector<double> ascending = widths;
    std::sort(ascending.begin(), ascending.end());
    for (std::size_t index = 0; index < ascending.size(); ++index) {
        cap = left / double(ascending.size() - index);
        if (ascending[index] > cap)
            break;
        left -= ascending[index];
        cap = ascending[index];
    }
    for (double& width : widths)
        width = std::clamp(width, 0.0, std::max(cap, theme.unit));
    return widths;
}

}  // namespace

double widthOfTextTable(const TextTable& table, double room, const PlotTheme& theme) {
    const std::vector<double> widths = columnWidths(table, room, theme);
    double width = QFontMetricsF(theme.scaled(0.9)).horizontalAdvance(table.note);
    double columns = widths.empty() ? 0 : kGap * theme.unit * double(widths.size() - 1);
    for (const double column : widths)
        columns += column;
    return std::min(room, std::max(width, columns));
}

double heightOfTextTable(const TextTable& table, const PlotTheme& theme) {
    const double line = QFontMetricsF(theme.font).height() * kLine;
    const double lines =
        double(table.rows.size()) + (table.header.isEmpty() ? 0 : 1) + (table.note.isEmpty() ? 0 : 1.2);
    return line * (lines + 4 * kAround);
}

void drawTextTable(QPainter& painter, const QRectF& area, const TextTable& table, const PlotTheme& theme) {
    const double unit = theme.unit, line = QFontMetricsF(theme.font).height() * kLine;
    const std::vector<double> widths = columnWidths(table, area.width(), theme);
    const double indent = hasSections(table) ? kIndent * unit : 0;
    const QFont bold = theme.scaled(1, true);
    double y = area.top() + kAround * line;
    const auto rule = [&](double weight) {
        painter.setPen(QPen(theme.text, weight * unit));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    };
    const auto write = [&](const QStringList& cells, const QFont& font, double shift) {
        const QFontMetricsF metrics(font);
        painter.setFont(font);
        painter.setPen(theme.text);
        double left = area.left();
        for (qsizetype column = 0; column < cells.size() && std::size_t(column) < widths.size(); ++column) {
            const double width = widths[std::size_t(column)];
            const bool right = column < table.numeric.size() && table.numeric[column];
            const QRectF box = QRectF(left, y, width, line).adjusted(column == 0 ? shift : 0, 0, 0, 0);
            painter.drawText(box, (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextDontClip,
                             metrics.elidedText(cells[column], Qt::ElideRight, box.width() + 1));
            left += width + kGap * unit;
        }
        y += line;
    };
    rule(1);
    y += kAround * line / 2;
    if (!table.header.isEmpty()) {
        write(table.header, bold, 0);
        y += kAround * line / 2;
        rule(0.5);
        y += kAround * line / 2;
    }
    for (const TextTable::Row& row : table.rows) {
        if (!row.isSection) {
            write(row.cells, theme.font, indent);
            continue;
        }
        painter.setFont(bold);
        painter.setPen(theme.text);
        painter.drawText(QRectF(area.left(), y, area.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
                         row.cells.value(0));
        y += line;
    }
    y += kAround * line / 2;
    rule(1);
    if (table.note.isEmpty())
        return;
    painter.setFont(theme.scaled(0.9));
    painter.setPen(theme.muted);
    painter.drawText(QRectF(area.left(), y + 0.2 * line, area.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
                     table.note);
}

}  // namespace sqil
