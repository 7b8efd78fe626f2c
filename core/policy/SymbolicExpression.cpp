#include "core/policy/SymbolicExpression.h"

#include <cctype>
#include <optional>
#include <vector>

namespace sqil {
namespace {

constexpr int maximumDepth = 60;

enum class Binding { Sum, Product, Atom };

struct Text {
    std::string words;
    Binding binding = Binding::Atom;
};

std::string join(const std::vector<Text>& terms, const char* separator, bool protectSums) {
    std::string joined;
    for (const Text& term : terms) {
        if (!joined.empty())
            joined += separator;
        const bool wrap = protectSums && term.binding == Binding::Sum;
        joined += wrap ? "(" + term.words + ")" : term.words;
    }
    return joined;
}

/// Recursive descent over NAME, NAME(arguments), numbers and 'strings'.
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    std::optional<Text> whole() {
        auto result = expression(0);
        skipSpace();
        return at_ == text_.size() ? result : std::nullopt;
    }

private:
    std::optional<Text> expression(int depth) {
        skipSpace();
        if (depth > maximumDepth || at_ >= text_.size())
            return std::nullopt;
        if (text_[at_] == '\'')
            return quoted();
        const std::string word = atom();
        if (word.empty())
            return std::nullopt;
        skipSpace();
        if (at_ >= text_.size() || text_[at_] != '(')
            return Text{word, Binding::Atom};
        ++at_;
        auto arguments = argumentList(depth);
        return arguments ? std::optional(render(word, *arguments)) : std::nullopt;
    }

    std::optional<std::vector<Text>> argumentList(int depth) {
        std::vector<Text> arguments;
        for (;;) {
            skipSpace();
            if (at_ < text_.size() && text_[at_] == ')') {
                ++at_;
                return arguments;
            }
            auto argument = expression(depth + 1);
            if (!argument)
                return std::nullopt;
            skipSpace();
            if (at_ < text_.size() && text_[at_] == '=') {  // assumptions of a symbol: positive=True
                ++at_;
                if (!expression(depth + 1))
                    return std::nullopt;
                skipSpace();
            } else {
                arguments.push_back(std::move(*argument));
            }
            if (at_ < text_.size() && text_[at_] == ',')
                ++at_;
            else if (at_ >= text_.size() || text_[at_] != ')')
                return std::nullopt;
        }
    }

    std::optional<Text> quoted() {
        const std::size_t end = text_.find('\'', at_ + 1);
        if (end == std::string_view::npos)
            return std::nullopt;
        Text text{std::string(text_.substr(at_ + 1, end - at_ - 1)), Binding::Atom};
        at_ = end + 1;
        return text;
    }

    std::string atom() {
        const std::size_t start = at_;
        while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' ||
                                      text_[at_] == '.' || text_[at_] == '-'))
            ++at_;
        return std::string(text_.substr(start, at_ - start));
    }

    static Text render(const std::string& function, const std::vector<Text>& arguments) {
        if ((function == "Symbol" || function == "Integer" || function == "Float") && !arguments.empty())
            return {arguments.front().words, Binding::Atom};
        if (function == "Add")
            return {join(arguments, " + ", false), Binding::Sum};
        if (function == "Mul")
            return {join(arguments, "*", true), Binding::Product};
        return {function + "(" + join(arguments, ", ", false) + ")", Binding::Atom};
    }

    void skipSpace() {
        while (at_ < text_.size() && text_[at_] == ' ')
            ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::string readableExpression(std::string_view notation) {
    const auto parsed = Parser(notation).whole();
    return parsed ? parsed->words : std::string(notation);
}

}  // namespace sqil
