#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace sqil {

/// A column that a filter can name.
struct FilterColumn {
    std::string name;  ///< letters, digits and underscores
    bool isText = false;
    std::string what;  ///< in words, for completions
};

/// One row of the table as a filter sees it, by the column's place.
class FilterRow {
public:
    virtual ~FilterRow() = default;
    virtual double number(std::size_t column) const = 0;  ///< NaN: not known
    virtual std::string text(std::size_t column) const = 0;
};

/// Why a filter is not understood, and where in its text (bytes).
struct FilterProblem {
    std::size_t position = 0, length = 1;
    std::string message;
};

/// A condition on rows, as one writes it: `success = 0 and (max_gap > 0.5 or not name ~ "demo_1")`.
///
///     condition  = conjunction { "or" conjunction }
///     conjunction = negation { "and" negation }
///     negation   = "not" negation | "(" condition ")" | comparison
///     comparison = operand [ ("=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~") operand ]
///     operand    = column | number | text in quotes
///
/// A column alone holds where its value is known and not zero. `~` asks whether a text contains another, whatever the
/// case. A comparison with a value that is not known does not hold, whichever way it is asked.
class FilterExpression {
public:
    /// Holds for every row.
    FilterExpression() = default;
    static tl::expected<FilterExpression, FilterProblem> parse(std::string_view text,
                                                               const std::vector<FilterColumn>& columns);

    bool isEmpty() const { return nodes_.empty(); }
    bool matches(const FilterRow& row) const { return nodes_.empty() || holds(nodes_.size() - 1, row); }

private:
    friend class FilterParser;
    enum class Kind { Or, And, Not, Compare, Known };
    enum class Comparison { Equal, Different, Less, LessOrEqual, Greater, GreaterOrEqual, Contains, Lacks };
    struct Operand {
        enum class Kind { Column, Number, Text } kind = Kind::Number;
        std::size_t column = 0;
        double number = 0;
        std::string text;
        bool isText = false;
    };
    struct Node {
        Kind kind = Kind::Known;
        std::size_t first = 0, second = 0;  ///< nodes
        Comparison comparison = Comparison::Equal;
        Operand left, right;
    };

    bool holds(std::size_t node, const FilterRow& row) const;
    static bool compare(const Node& node, const FilterRow& row);

    std::vector<Node> nodes_;  ///< operands before what uses them; the last one is the whole
};

/// The word being written at `cursor`, and what it may become: columns, and, or, not.
struct FilterCompletion {
    std::size_t position = 0, length = 0;
    std::vector<std::string> words;
};
FilterCompletion completeFilter(std::string_view text, std::size_t cursor, const std::vector<FilterColumn>& columns);

}  // namespace sqil
