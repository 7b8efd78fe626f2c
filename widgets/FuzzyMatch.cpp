#include "widgets/FuzzyMatch.h"

#include <QStringList>
#include <algorithm>
#include <vector>

namespace sqil {
namespace {

constexpr int kLetter = 1, kRun = 6, kWordStart = 8, kTextStart = 4, kNone = -1'000'000;

/// One character for each of `text`, lower case and without its accent: positions stay the same.
QString folded(const QString& text) {
    QString plain(text.size(), QLatin1Char(' '));
    for (int index = 0; index < text.size(); ++index) {
        const QString parts = QString(text[index]).normalized(QString::NormalizationForm_D);
        plain[index] = parts.isEmpty() ? text[index] : parts[0].toLower();
    }
    return plain;
}

bool startsWord(const QString& original, int index) {
    if (index == 0 || !original[index - 1].isLetterOrNumber())
        return true;
    return (original[index].isUpper() && original[index - 1].isLower()) ||
           (original[index].isDigit() && !original[index - 1].isDigit());
}

/// The best places of one word's letters: dynamic programming over (letter, place).
std::optional<FuzzyMatch> matchWord(const QString& word, const QString& plain, const QString& original) {
    const int letters = word.size(), places = plain.size();
    if (letters > places)
        return std::nullopt;
    const auto at = [places](int letter, int place) { return std::size_t(letter) * std::size_t(places) + place; };
    std::vector<int> best(std::size_t(letters) * std::size_t(places), kNone);  // ending at this place
    std::vector<int> from(best.size(), -1);
    for (int letter = 0; letter < letters; ++letter) {
        int reached = kNone, reachedAt = -1;  // the best end of the letters before, left of `place`
        for (int place = letter; place < places; ++place) {
            if (letter > 0 && best[at(letter - 1, place - 1)] > reached) {
                reached = best[at(letter - 1, place - 1)];
                reachedAt = place - 1;
            }
            if (plain[place] != word[letter])
                continue;
            const int own = kLetter + (startsWord(original, place) ? kWordStart : 0) + (place == 0 ? kTextStart : 0);
            if (letter == 0) {
                best[at(0, place)] = own;
                continue;
            }
            if (reached > kNone) {
                best[at(letter, place)] = reached + own;
                from[at(letter, place)] = reachedAt;
            }
            const int run = best[at(letter - 1, place - 1)];
            if (run > kNone && run + own + kRun > best[at(letter, place)]) {
                best[at(letter, place)] = run + own + kRun;
                from[at(letter, place)] = place - 1;
            }
        }
    }
    const auto last = best.end() - places;
    const auto end = std::max_element(last, best.end());
    if (*end <= kNone)
        return std::nullopt;
    FuzzyMatch match{*end, {}};
    int place = static_cast<int>(end - last);
    for (int letter = letters - 1; letter >= 0; --letter) {
        match.positions.prepend(place);
        place = from[at(letter, place)];
    }
    return match;
}

}  // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& query, const QString& text) {
    const QString plain = folded(text);
    FuzzyMatch all;
    for (const QString& word : folded(query).split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const auto match = matchWord(word, plain, text);
        if (!match)
            return std::nullopt;
        all.score += match->score;
        all.positions += match->positions;
    }
    all.score = 16 * all.score - static_cast<int>(std::min<qsizetype>(text.size(), 200));
    std::sort(all.positions.begin(), all.positions.end());
    all.positions.erase(std::unique(all.positions.begin(), all.positions.end()), all.positions.end());
    return all;
}

}  // namespace sqil
