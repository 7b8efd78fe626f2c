#include "core/policy/JsonText.h"

#include <limits>

#include "core/policy/FileProblem.h"

namespace sqil {
namespace {
constexpr int maximumDepth = 128;
}

Json parseJson(std::string_view text, const std::string& origin) {
    bool tooDeep = false;
    const auto watchDepth = [&](int depth, Json::parse_event_t, Json&) {
        tooDeep = tooDeep || depth > maximumDepth;
        if (tooDeep)
            badFile(origin + ": JSON is nested more than " + std::to_string(maximumDepth) + " levels deep");
        return true;
    };
    try {
        return Json::parse(text, watchDepth);
    } catch (const Json::exception& problem) {
        badFile(origin + ": not valid JSON: " + problem.what());
    }
}

bool JsonView::has(const std::string& key) const {
    return value_->is_object() && value_->contains(key) && !(*value_)[key].is_null();
}

JsonView JsonView::operator[](const std::string& key) const {
    expectObject();
    const auto found = value_->find(key);
    if (found == value_->end())
        complain("the field \"" + key + "\" is missing");
    return {*found, place_ + "." + key};
}

JsonView JsonView::item(std::size_t index) const {
    if (index >= size())
        complain("needs more than " + std::to_string(index) + " items");
    return {(*value_)[index], place_ + "[" + std::to_string(index) + "]"};
}

std::size_t JsonView::size() const {
    if (!value_->is_array())
        complain("expected a list");
    return value_->size();
}

std::string JsonView::text() const {
    if (!value_->is_string())
        complain("expected a string");
    return value_->get<std::string>();
}

std::int64_t JsonView::integer() const {
    if (!value_->is_number_integer())
        complain("expected an integer");
    if (value_->is_number_unsigned() &&
        value_->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        complain("the integer is too large");
    return value_->get<std::int64_t>();
}

double JsonView::number() const {
    if (value_->is_string()) {
        const std::string& word = value_->get_ref<const std::string&>();
        if (word == "Infinity")
            return std::numeric_limits<double>::infinity();
        if (word == "-Infinity")
            return -std::numeric_limits<double>::infinity();
        if (word == "NaN")
            return std::numeric_limits<double>::quiet_NaN();
    }
    if (!value_->is_number())
        complain("expected a number");
    return value_->get<double>();
}

bool JsonView::boolean() const {
    if (!value_->is_boolean())
        complain("expected true or false");
    return value_->get<bool>();
}

void JsonView::expectObject() const {
    if (!value_->is_object())
        complain("expected an object");
}

void JsonView::complain(const std::string& problem) const {
    badFile(place_ + ": " + problem);
}

}  // namespace sqil
