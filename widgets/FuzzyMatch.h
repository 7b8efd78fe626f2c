#pragma once
#include <QList>
#include <QString>
#include <optional>

namespace sqil {

/// How well a text answers what was typed.
struct FuzzyMatch {
    int score = 0;         ///< larger is better; comparable between texts for the same query
    QList<int> positions;  ///< of the letters found, for marking them
};

/// Finds the letters of `query` in `text`, in order, each as near to the last as possible; spaces
/// separate words that may come in any order. Case and accents do not matter. Starts of words and
/// unbroken runs score more, long texts a little less. None where a letter is missing.
std::optional<FuzzyMatch> fuzzyMatch(const QString& query, const QString& text);

}  // namespace sqil
