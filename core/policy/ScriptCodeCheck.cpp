#include "core/policy/ScriptCodeCheck.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "core/policy/FileProblem.h"

namespace sqil {
namespace {

// LibTorch writes far less: one operation a line, or a short expression.
constexpr std::size_t deepestBrackets = 100;
constexpr int deepestIndent = 200;  ///< columns
constexpr int longestChain = 200;   ///< operators, attributes or calls in a row

bool isWord(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// The end of a string literal that begins at `start`, or of the code.
std::size_t afterString(std::string_view code, std::size_t start) {
    const char quote = code[start];
    for (std::size_t i = start + 1; i < code.size(); ++i) {
        if (code[i] == '\\')
            ++i;
        else if (code[i] == quote)
            return i + 1;
    }
    return code.size();
}

class NestingCheck {
public:
    NestingCheck(std::string_view code, const std::string& place) : code_(code), place_(place) {}

    void run() {
        std::size_t i = 0;
        while (i < code_.size()) {
            const char c = code_[i];
            if (c == '\'' || c == '"') {
                i = afterString(code_, i);
            } else if (c == '#') {
                i = std::min(code_.find('\n', i), code_.size());
            } else if (isWord(c)) {
                i = afterWord(i);
            } else {
                punctuation(c, i);
                ++i;
            }
        }
    }

private:
    [[noreturn]] void tooDeep(const char* what) const {
        badFile(place_ + ": " + what + " deeper than any code that LibTorch writes");
    }

    void link(const char* what) {
        if (++chains_.back() > longestChain)
            tooDeep(what);
    }

    std::size_t afterWord(std::size_t start) {
        std::size_t end = start;
        while (end < code_.size() && isWord(code_[end]))
            ++end;
        const std::string_view word = code_.substr(start, end - start);
        if (word == "and" || word == "or" || word == "not" || word == "if" || word == "else" || word == "elif")
            link("combines expressions");
        return end;
    }

    void punctuation(char c, std::size_t i) {
        switch (c) {
            case '(':
            case '[':
            case '{':
                link("chains calls");
                chains_.push_back(0);
                if (chains_.size() > deepestBrackets)
                    tooDeep("nests brackets");
                break;
            case ')':
            case ']':
            case '}':
                if (chains_.size() > 1)
                    chains_.pop_back();
                break;
            case ',':
                chains_.back() = 0;
                break;
            case '\n':
                if (chains_.size() == 1)
                    chains_.back() = 0;
                checkIndent(i + 1);
                break;
            case ' ':
            case '\r':
            case '\t':
                break;
            default:  // operators, and the dots of attributes
                link("combines expressions");
        }
    }

    void checkIndent(std::size_t start) const {
        std::size_t end = start;
        while (end < code_.size() && (code_[end] == ' ' || code_[end] == '\t'))
            ++end;
        if (end - start > deepestIndent)
            tooDeep("indents");
    }

    std::string_view code_;
    const std::string& place_;
    std::vector<int> chains_{0};  ///< links so far, by open bracket
};

}  // namespace

void checkScriptCode(std::string_view code, const std::string& place) {
    for (const char* method : {"__setstate__", "__getstate__"})
        if (code.find(method) != std::string_view::npos)
            unsupported(place + ": defines " + method +
                        ", which would be run on loading; nothing in a policy file is run. Save the policy with "
                        "torch.export.save() instead.");
    NestingCheck(code, place).run();
}

}  // namespace sqil
