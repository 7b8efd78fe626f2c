#include "views/rollouts/FilterExpression.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

namespace sqil {
namespace {

constexpr int kDeepest = 100;

bool isWordStart(char letter) {
    return std::isalpha(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}
bool isWord(char letter) {
    return isWordStart(letter) || std::isdigit(static_cast<unsigned char>(letter)) != 0;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return result;
}

struct Token {
    enum class Kind { End, Word, Number, Text, Symbol, Bad } kind = Kind::End;
    std::size_t position = 0, length = 0;
    std::string text;  ///< of a word or symbol: as written; of a text: without its quotes
    double number = 0;
    std::string problem;

    bool is(std::string_view word) const {
        return (kind == Kind::Word && lower(text) == word) || (kind == Kind::Symbol && text == word);
    }
};

Token number(std::string_view text, std::size_t position) {
    Token token{Token::Kind::Number, position, 0, {}, 0, {}};
    const auto [end, problem] = std::from_chars(text.data() + position, text.data() + text.size(), token.number);
    token.length = std::max<std::size_t>(1, static_cast<std::size_t>(end - (text.data() + position)));
    token.text = std::string(text.substr(position, token.length));
    if (problem == std::errc() && end < text.data() + text.size() && *end == '%') {
        token.kind = Token::Kind::Bad;
        token.problem = "percentages are not known here; write a number";
    } else if (problem != std::errc()) {
        token.kind = Token::Kind::Bad;
        token.problem = "this is no number";
    } else if (position + token.length < text.size() && isWord(text[position + token.length])) {
        token.kind = Token::Kind::Bad;
        token.length += 1;
        token.problem = "this is neither a number nor a column; a text needs quotes";
    }
    return token;
}

Token quoted(std::string_view text, std::size_t position) {
    const std::size_t end = text.find(text[position], position + 1);
    if (end == std::string_view::npos)
        return {Token::Kind::Bad, position, text.size() - position, {}, 0, "the closing quote is missing"};
    return {Token::Kind::Text,
            position,
            end - position + 1,
            std::string(text.substr(position + 1, end - position - 1)),
            0,
            {}};
}

Token next(std::string_view text, std::size_t from) {
    std::size_t at = from;
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0)
        ++at;
    if (at == text.size())
        return {Token::Kind::End, at, 0, {}, 0, {}};
    const char letter = text[at];
    if (isWordStart(letter)) {
        std::size_t end = at;
        while (end < text.size() && isWord(text[end]))
            ++end;
        return {Token::Kind::Word, at, end - at, std::string(text.substr(at, end - at)), 0, {}};
    }
    const bool isSigned = (letter == '-' || letter == '.') && at + 1 < text.size() &&
                          (std::isdigit(static_cast<unsigned char>(text[at + 1])) != 0 || text[at + 1] == '.');
    if (std::isdigit(static_cast<unsigned char>(letter)) != 0 || isSigned)
        return number(text, at);
    if (letter == '"' || letter == '\'')
        return quoted(text, at);
    for (const std::string_view symbol :
         {"<=", ">=", "!=", "<>", "==", "!~", "&&", "||", "<", ">", "=", "~", "(", ")", "!"})
        if (text.substr(at, symbol.size()) == symbol)
            return {Token::Kind::Symbol, at, symbol.size(), std::string(symbol), 0, {}};
    std::size_t end = at + 1;  // a whole letter of UTF-8
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        ++end;
    return {Token::Kind::Bad,
            at,
            end - at,
            {},
            0,
            "\"" + std::string(text.substr(at, end - at)) + "\" has no meaning here"};
}

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string unknownColumn(const std::string& word, const std::vector<FilterColumn>& columns) {
    std::string message = "there is no column \"" + word + "\"";
    std::string names;
    const FilterColumn* nearest = nullptr;
    std::size_t best = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const FilterColumn& column : columns) {
        names += (names.empty() ? "" : ", ") + column.name;
        const std::size_t distance = editDistance(lower(word), column.name);
        if (distance < best) {
            best = distance;
            nearest = &column;
        }
    }
    return message + (nearest ? "; did you mean \"" + nearest->name + "\"?" : "; there are " + names);
}

}  // namespace

class FilterParser {
public:
    FilterParser(std::string_view text, const std::vector<FilterColumn>& columns) : text_(text), columns_(columns) {
        token_ = next(text_, 0);
    }

    tl::expected<FilterExpression, FilterProblem> parse() {
        if (token_.kind == Token::Kind::End)
            return FilterExpression();
        disjunction();
        if (!problem_ && token_.kind != Token::Kind::End)
            fail(token_.kind == Token::Kind::Bad ? token_.problem
                 : token_.is(")")                ? "this parenthesis was never opened"
                                                 : "expected \"and\" or \"or\" before this");
        if (problem_)
            return tl::unexpected(*problem_);
        return std::move(expression_);
    }

private:
    using Node = FilterExpression::Node;
    using Operand = FilterExpression::Operand;
    using Comparison = FilterExpression::Comparison;

    std::size_t add(Node node) {
        expression_.nodes_.push_back(std::move(node));
        return expression_.nodes_.size() - 1;
    }
    void advance() { token_ = next(text_, token_.position + token_.length); }
    void fail(std::string message) { failAt(token_, std::move(message)); }
    void failAt(const Token& token, std::string message) {
        if (!problem_)
            problem_ = FilterProblem{token.position, std::max<std::size_t>(1, token.length), std::move(message)};
    }

    std::size_t joined(FilterExpression::Kind kind, std::string_view word, std::string_view symbol,
                       std::size_t (FilterParser::*part)()) {
        std::size_t node = (this->*part)();
        while (!problem_ && (token_.is(word) || token_.is(symbol))) {
            advance();
            const std::size_t second = (this->*part)();
            node = add({kind, node, second, {}, {}, {}});
        }
        return node;
    }
    std::size_t disjunction() { return joined(FilterExpression::Kind::Or, "or", "||", &FilterParser::conjunction); }
    std::size_t conjunction() { return joined(FilterExpression::Kind::And, "and", "&&", &FilterParser::negation); }

    std::size_t negation() {
        if (++depth_ > kDeepest) {
            fail("this is nested too deeply");
            return 0;
        }
        std::size_t node = 0;
        if (token_.is("not") || token_.is("!")) {
            advance();
            node = add({FilterExpression::Kind::Not, negation(), 0, {}, {}, {}});
        } else if (token_.is("(")) {
            const Token opened = token_;
            advance();
            node = disjunction();
            if (!problem_ && !token_.is(")")) {
                if (token_.kind == Token::Kind::End)
                    failAt(opened, "this parenthesis is never closed");
                else
                    fail(token_.kind == Token::Kind::Bad ? token_.problem
                                                         : "expected \"and\", \"or\" or \")\" before this");
            }
            if (!problem_)
                advance();
        } else {
            node = comparison();
        }
        --depth_;
        return node;
    }

    std::size_t comparison() {
        const Token first = token_;
        Node node;
        node.left = operand("expected a column");
        if (problem_)
            return 0;
        const auto sign = comparisonSign();
        if (!sign) {
            if (node.left.kind != Operand::Kind::Column)
                failAt(first, "expected a comparison, as in \"" + columns_.front().name + " > 0\"");
            else if (token_.is("&") || token_.kind == Token::Kind::Bad)
                fail(token_.problem);
            node.kind = FilterExpression::Kind::Known;
            return add(std::move(node));
        }
        const Token operation = token_;
        advance();
        node.kind = FilterExpression::Kind::Compare;
        node.comparison = *sign;
        const Token second = token_;
        node.right = operand("expected a number, a text in quotes or a column after \"" + operation.text + "\"");
        if (problem_)
            return 0;
        const bool asksText = *sign == Comparison::Contains || *sign == Comparison::Lacks;
        if (node.left.isText != node.right.isText)
            failAt(second, node.left.isText ? "\"" + first.text + "\" is a text: compare it with one in quotes"
                                            : "\"" + first.text + "\" is a number: compare it with one");
        else if (asksText && !node.left.isText)
            failAt(operation, "\"~\" asks whether a text contains another; \"" + first.text + "\" is a number");
        return add(std::move(node));
    }

    Operand operand(const std::string& expected) {
        Operand operand;
        if (token_.kind == Token::Kind::Number) {
            operand.number = token_.number;
        } else if (token_.kind == Token::Kind::Text) {
            operand.kind = Operand::Kind::Text;
            operand.text = token_.text;
            operand.isText = true;
        } else if (token_.kind == Token::Kind::Word && !token_.is("and") && !token_.is("or") && !token_.is("not")) {
            const std::string word = lower(token_.text);
            const auto column = std::find_if(columns_.begin(), columns_.end(),
                                             [&](const FilterColumn& one) { return one.name == word; });
            if (column == columns_.end()) {
                fail(unknownColumn(token_.text, columns_));
                return operand;
            }
            operand.kind = Operand::Kind::Column;
            operand.column = static_cast<std::size_t>(column - columns_.begin());
            operand.isText = column->isText;
        } else {
            fail(token_.kind == Token::Kind::Bad ? token_.problem : expected);
            return operand;
        }
        advance();
        return operand;
    }

    std::optional<Comparison> comparisonSign() const {
        static constexpr std::pair<std::string_view, Comparison> kSigns[] = {
            {"=", Comparison::Equal},      {"==", Comparison::Equal},
            {"!=", Comparison::Different}, {"<>", Comparison::Different},
            {"<", Comparison::Less},       {"<=", Comparison::LessOrEqual},
            {">", Comparison::Greater},    {">=", Comparison::GreaterOrEqual},
            {"~", Comparison::Contains},   {"!~", Comparison::Lacks}};
        for (const auto& [text, sign] : kSigns)
            if (token_.kind == Token::Kind::Symbol && token_.text == text)
                return sign;
        return std::nullopt;
    }

    std::string_view text_;
    const std::vector<FilterColumn>& columns_;
    Token token_;
    int depth_ = 0;
    std::optional<FilterProblem> problem_;
    FilterExpression expression_;
};

tl::expected<FilterExpression, FilterProblem> FilterExpression::parse(std::string_view text,
                                                                      const std::vector<FilterColumn>& columns) {
    return FilterParser(text, columns).parse();
}

bool FilterExpression::holds(std::size_t index, const FilterRow& row) const {
    const Node& node = nodes_[index];
    switch (node.kind) {
        case Kind::Or:
            return holds(node.first, row) || holds(node.second, row);
        case Kind::And:
            return holds(node.first, row) && holds(node.second, row);
        case Kind::Not:
            return !holds(node.first, row);
        case Kind::Compare:
            return compare(node, row);
        case Kind::Known:
            break;
    }
    if (node.left.isText)
        return !row.text(node.left.column).empty();
    const double value = row.number(node.left.column);
    return std::isfinite(value) && value != 0;
}

bool FilterExpression::compare(const Node& node, const FilterRow& row) {
    const auto decide = [&](int order) {
        switch (node.comparison) {
            case Comparison::Equal:
                return order == 0;
            case Comparison::Different:
                return order != 0;
            case Comparison::Less:
                return order < 0;
            case Comparison::LessOrEqual:
                return order <= 0;
            case Comparison::Greater:
                return order > 0;
            default:
                return order >= 0;
        }
    };
    if (node.left.isText) {
        const auto text = [&](const Operand& operand) {
            return lower(operand.kind == Operand::Kind::Column ? row.text(operand.column) : operand.text);
        };
        const std::string left = text(node.left), right = text(node.right);
        if (node.comparison == Comparison::Contains || node.comparison == Comparison::Lacks)
            return (left.find(right) != std::string::npos) == (node.comparison == Comparison::Contains);
        return decide(left.compare(right));
    }
    const auto number = [&](const Operand& operand) {
        return operand.kind == Operand::Kind::Column ? row.number(operand.column) : operand.number;
    };
    const double left = number(node.left), right = number(node.right);
    if (std::isnan(left) || std::isnan(right))
        return false;
    return decide(left < right ? -1 : left > right ? 1 : 0);
}

FilterCompletion completeFilter(std::string_view text, std::size_t cursor, const std::vector<FilterColumn>& columns) {
    cursor = std::min(cursor, text.size());
    FilterCompletion completion{cursor, 0, {}};
    while (completion.position > 0 && isWord(text[completion.position - 1]))
        --completion.position;
    const auto quotes = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(completion.position), '"');
    if (quotes % 2 == 1)  // within a text
        return {cursor, 0, {}};
    completion.length = cursor - completion.position;
    const std::string prefix = lower(text.substr(completion.position, completion.length));
    if (!prefix.empty() && !isWordStart(prefix.front()))
        return {cursor, 0, {}};
    for (const FilterColumn& column : columns)
        if (column.name.starts_with(prefix))
            completion.words.push_back(column.name);
    for (const std::string_view word : {"and", "or", "not"})
        if (!prefix.empty() && word.starts_with(prefix))
            completion.words.emplace_back(word);
    return completion;
}

}  // namespace sqil
