#include "app/studio/PaletteEntries.h"

#include <QAction>
#include <QFileInfo>
#include <QPointer>
#include <QRegularExpression>

#include "app/studio/Commands.h"
#include "app/studio/MainWindow.h"
#include "app/studio/RecentFiles.h"
#include "views/session/Paths.h"
#include "widgets/Numbers.h"
#include "widgets/SvgIcon.h"

namespace sqil {
namespace {

constexpr int kCommandBonus = 24;  // before episodes of the same likeness

QString describe(const EpisodeInfo& episode) {
    QString text = CommandPalette::tr("%1 steps").arg(episode.steps);
    if (episode.success)
        text += *episode.success ? CommandPalette::tr(" · succeeded") : CommandPalette::tr(" · failed");
    return text;
}

}  // namespace

std::vector<PaletteEntry> paletteEntries(MainWindow& window) {
    std::vector<PaletteEntry> entries;
    for (const Command& command : commandsOf(window)) {
        if (!command.action->isEnabled() || !command.action->isVisible() ||
            command.action->data().typeId() == QMetaType::QString)  // a recent project
            continue;
        entries.push_back({command.text, command.group, command.keys(), command.action->icon(),
                           [action = QPointer<QAction>(command.action)] {
                               if (action)
                                   action->trigger();
                           },
                           kCommandBonus});
    }
    StudioSession& session = window.session();
    if (const RolloutsInfo* info = session.rolloutsInfo())
        for (std::size_t index = 0; index < info->episodes.size(); ++index) {
            const EpisodeInfo& episode = info->episodes[index];
            if (episode.steps == 0)
                continue;
            const QIcon sign = episode.success ? QIcon(*episode.success ? QStringLiteral(":/icons/success.svg")
                                                                        : QStringLiteral(":/icons/failure.svg"))
                                               : icon("rollouts");
            entries.push_back({CommandPalette::tr("Go to %1").arg(toQString(episode.name)),
                               describe(episode),
                               {},
                               sign,
                               [&session, index] { session.selection().setEpisode(static_cast<int>(index)); }});
        }
    for (const QString& file : window.recentFiles().files()) {
        const QFileInfo info(file);
        entries.push_back({CommandPalette::tr("Open %1").arg(info.completeBaseName()),
                           info.absolutePath(),
                           {},
                           icon("project"),
                           [&session, file] { session.openProject(file); }});
    }
    return entries;
}

std::vector<PaletteEntry> paletteAnswers(MainWindow& window, const QString& typed) {
    StudioSession& session = window.session();
    const RolloutsInfo* info = session.rolloutsInfo();
    if (!info || session.selection().episode() < 0)
        return {};
    static const QRegularExpression stepOnly(QStringLiteral("^(?:%1\\s+)?(\\d{1,15})$").arg(CommandPalette::tr("step")),
                                             QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression place(
        QStringLiteral("^(\\S+)\\s+(?:%1\\s+)?(\\d{1,15})$").arg(CommandPalette::tr("step")));
    const auto goTo = [&](int episode, qint64 step) -> std::vector<PaletteEntry> {
        const qint64 last = session.selection().stepsOf(episode) - 1;
        if (last < 0)
            return {};
        const qint64 kept = std::min(step, last);
        QString detail = session.episodeName(episode);
        if (kept != step)
            detail = CommandPalette::tr("%1 ends at step %2").arg(detail).arg(last);
        return {{CommandPalette::tr("Go to step %1").arg(kept),
                 detail,
                 {},
                 icon("step-forward"),
                 [&session, episode, kept] { session.selection().setEpisode(episode, kept); }}};
    };
    if (const auto match = stepOnly.match(typed); match.hasMatch())
        return goTo(session.selection().episode(), match.captured(1).toLongLong());
    if (const auto match = place.match(typed); match.hasMatch())
        if (const auto episode = info->episodeIndex(match.captured(1).toStdString()))
            return goTo(static_cast<int>(*episode), match.captured(2).toLongLong());
    return {};
}

}  // namespace sqil
