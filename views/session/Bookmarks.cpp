#include "views/session/Bookmarks.h"

#include <algorithm>
#include <map>

#include "core/data/Rollouts.h"

namespace sqil {
namespace {

bool isBefore(const Bookmark& one, const std::pair<int, qint64>& place) {
    return std::pair(one.episode, one.step) < place;
}

}  // namespace

void Bookmarks::setAll(const std::vector<BookmarkRecord>& records, const RolloutsInfo& rollouts) {
    std::map<std::string, int> episodes;
    for (std::size_t index = 0; index < rollouts.episodes.size(); ++index)
        episodes[rollouts.episodes[index].name] = int(index);
    std::vector<Bookmark> all;
    for (const BookmarkRecord& record : records)
        if (const auto found = episodes.find(record.episode);
            found != episodes.end() && record.step < rollouts.episodes[std::size_t(found->second)].steps)
            all.push_back({found->second, record.step, QString::fromStdString(record.note)});
    std::sort(all.begin(), all.end(), [](const Bookmark& a, const Bookmark& b) {
        return isBefore(a, {b.episode, b.step});
    });
    if (all == all_)
        return;
    all_ = std::move(all);
    emit changed();
}

void Bookmarks::clear() {
    if (all_.empty())
        return;
    all_.clear();
    emit changed();
}

void Bookmarks::set(int episode, qint64 step, const std::optional<QString>& note) {
    const auto at = std::lower_bound(all_.begin(), all_.end(), std::pair(episode, step), isBefore);
    const bool isThere = at != all_.end() && at->episode == episode && at->step == step;
    if (note && isThere)
        at->note = *note;
    else if (note)
        all_.insert(at, {episode, step, *note});
    else if (isThere)
        all_.erase(at);
    emit changed();
}

const Bookmark* Bookmarks::find(int episode, qint64 step) const {
    const auto at = std::lower_bound(all_.begin(), all_.end(), std::pair(episode, step), isBefore);
    return at != all_.end() && at->episode == episode && at->step == step ? &*at : nullptr;
}

int Bookmarks::countOf(int episode) const {
    return int(std::count_if(all_.begin(), all_.end(), [&](const Bookmark& one) { return one.episode == episode; }));
}

const Bookmark* Bookmarks::next(int episode, qint64 step, int direction) const {
    if (all_.empty())
        return nullptr;
    if (direction > 0) {
        const auto at = std::lower_bound(all_.begin(), all_.end(), std::pair(episode, step + 1), isBefore);
        return at == all_.end() ? &all_.front() : &*at;
    }
    const auto at = std::lower_bound(all_.begin(), all_.end(), std::pair(episode, step), isBefore);
    return at == all_.begin() ? &all_.back() : &*(at - 1);
}

}  // namespace sqil
