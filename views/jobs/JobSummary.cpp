#include "views/jobs/JobSummary.h"

#include <QBuffer>
#include <QDateTime>
#include <QPageSize>
#include <QPdfWriter>
#include <QPixmap>
#include <QTextDocument>
#include <nlohmann/json.hpp>

#include "core/base/AtomicFile.h"
#include "views/jobs/JobParameters.h"
#include "views/jobs/JobsModel.h"
#include "views/session/Paths.h"
#include "widgets/Numbers.h"

namespace sqil {
namespace {

using nlohmann::json;

constexpr int kPlotWidth = 620;

QString escaped(const std::string& text) {
    return toQString(text).toHtmlEscaped();
}

QString row(const QString& name, const QString& value) {
    return QStringLiteral("<tr><td style='padding-right:24px;color:#555b63'>%1</td><td>%2</td></tr>").arg(name, value);
}

QString when(std::int64_t time) {
    return time == 0 ? QStringLiteral("–")
                     : QDateTime::fromMSecsSinceEpoch(time).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString valueText(const json& value) {
    if (value.is_number_float())
        return significant(value.get<double>(), 4);
    if (value.is_string())
        return QStringLiteral("<pre>%1</pre>").arg(escaped(value.get<std::string>()));
    return value.is_null() ? QStringLiteral("–") : toQString(value.dump());
}

QString embedded(const QPixmap& plot) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    plot.save(&buffer, "PNG");
    return QStringLiteral("<p><img width='%1' src='data:image/png;base64,%2'></p>")
        .arg(kPlotWidth)
        .arg(QString::fromLatin1(bytes.toBase64()));
}

QString resultRows(const JobRecord& job) {
    const json result = json::parse(job.resultJson, nullptr, /*allow_exceptions=*/false);
    if (!result.is_object())
        return {};
    QString rows;
    const json summary = result.value("summary", json::object()), outputs = result.value("outputs", json::object());
    for (const auto& [name, value] : summary.items())
        rows += row(escaped(name).replace(QLatin1Char('_'), QLatin1Char(' ')), valueText(value));
    for (const auto& [name, value] : outputs.items())
        rows += row(escaped(name), value.is_string() ? escaped(value.get<std::string>()) : QString());
    return rows;
}

}  // namespace

QString jobSummaryHtml(const JobRecord& job, const std::vector<JobLogLine>& log, const std::vector<QPixmap>& plots) {
    QString html = QStringLiteral(
                       "<!DOCTYPE html><html><head><meta charset='utf-8'><title>%1</title></head>"
                       "<body style='font-family:sans-serif;font-size:10pt;color:#111111;background:#ffffff'>"
                       "<h2>%1</h2>")
                       .arg(escaped(job.name));
    html += QStringLiteral("<table>");
    html += row(QObject::tr("Job"), QStringLiteral("%1, %2").arg(job.id).arg(escaped(job.kind)));
    html += row(QObject::tr("State"), JobsModel::stateText(job));
    if (!job.message.empty())
        html += row(QObject::tr("Message"), escaped(job.message));
    html += row(QObject::tr("Started"), when(job.startedAt));
    html += row(QObject::tr("Ended"), when(job.endedAt));
    html +=
        row(QObject::tr("Time at work"),
            QObject::tr("%1 in %2 attempt(s)").arg(duration(job.activeSeconds(millisecondsNow()))).arg(job.attempt));
    html += row(QObject::tr("Ran on"), QStringLiteral("%1, %2").arg(escaped(job.device), escaped(job.launcher)));
    html += QStringLiteral("</table>");
    if (const QString rows = resultRows(job); !rows.isEmpty())
        html += QStringLiteral("<h3>%1</h3><table>%2</table>").arg(QObject::tr("Result"), rows);
    for (const QPixmap& plot : plots)
        if (!plot.isNull())
            html += embedded(plot);
    QString parameters;
    for (const auto& [name, values] : parameterRows({job}, false))
        parameters += row(name.toHtmlEscaped(), values.first().toHtmlEscaped());
    if (!parameters.isEmpty())
        html += QStringLiteral("<h3>%1</h3><table>%2</table>").arg(QObject::tr("Parameters given"), parameters);
    QString warnings;
    for (const JobLogLine& line : log)
        if (line.level > 0)
            warnings += row(when(line.time), escaped(line.text));
    if (!warnings.isEmpty())
        html += QStringLiteral("<h3>%1</h3><table>%2</table>").arg(QObject::tr("Warnings and errors"), warnings);
    return html + QStringLiteral("</body></html>");
}

Result<void> writeJobSummary(const QString& file, const QString& html) {
    const auto path = toPath(file);
    if (!file.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive))
        return writeTextFile(path, html.toStdString());
    return replaceFile(path, [&](const std::filesystem::path& temporary) -> Result<void> {
        QPdfWriter writer(toQString(temporary));
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF(18, 18, 18, 18));
        writer.setResolution(96);
        QTextDocument document;
        document.setHtml(html);
        document.setPageSize(QSizeF(writer.width(), writer.height()));
        document.print(&writer);
        return {};
    });
}

}  // namespace sqil
